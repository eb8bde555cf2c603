import { type Claim, isSameTime, MAXIMUM_TAKEOVERS, type SeenClaim } from "../core/claim/claim.ts";
import { Failure } from "../core/failure/failure.ts";
import { describePlace, type Place } from "../core/github/secret-location.ts";
import type { Lookup } from "../core/handoff/note.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Clock, HandoffCache, Log, ReadTime, RunInformation, SecretStore } from "../ports/action.ts";
import type { Claimant, Claims } from "./claims.ts";
import { insist, poll } from "./retry.ts";

export interface FindServices {
  readonly store: SecretStore;
  readonly claims: Claims;
  readonly handoff: HandoffCache;
  readonly runInformation: Pick<RunInformation, "isRerun" | "readTime">;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: Place;
  readonly claimant: Claimant;
}

/** Where a claim stands from which the newest generation was reached. */
export interface Origin {
  readonly name: string;
  /** `null`: somebody has edited it. */
  readonly claim: Claim | null;
}

/** What the secret holds, or should hold. */
export type Position =
  /** The secret holds this login, and nobody has spent it. */
  | {
      readonly kind: "current";
      readonly document: AuthJson;
      readonly predecessor: AuthJson | null;
      readonly updatedAt: Date;
      /** Which attempt to take over a claim in doubt. */
      readonly takeover: number;
      /** `null`: the login is the one that the run was handed. */
      readonly origin: Origin | null;
    }
  /** The handoff has this login, and the secret still holds an earlier one. */
  | {
      readonly kind: "to-repair";
      readonly document: AuthJson;
      readonly predecessor: AuthJson;
      readonly updatedAt: Date;
      /** Which attempt to take over the claim of who was to write it, and died. */
      readonly takeover: number;
      readonly origin: Origin;
    }
  /** Another job is refreshing it. */
  | { readonly kind: "busy"; readonly newest: AuthJson; readonly seen: SeenClaim | null }
  | { readonly kind: "stale"; readonly newest: AuthJson; readonly missing: MissingProof };

/** Why a job cannot know that its login is the newest, for the message that says what to do. */
export type MissingProof =
  | "secret-is-newer"
  | "handoff-not-answered"
  /** An earlier job has spent it and could not store what came of it, and the handoff does not have that either. */
  | "successor-not-found"
  /** So many jobs have died over it that nobody knows whether it is spent. */
  | "in-doubt"
  | "run-time-permission"
  | "run-time-unknown";

const WITHIN_MS = 15_000;
const PAUSE_MS = 4_000;
const MAXIMUM_LINKS = 20;
/** So many rotations may lie between what a queued run was handed and what its note leads to. */
const MAXIMUM_CLAIMS = 200;
/** A run that was created so long after a write has seen it: nobody has observed secrets to lag by as much. */
const LAG_MS = 60_000;

type Creation = "after" | "not-after" | MissingProof;

/** Finds the newest generation from one that a run was handed. See docs/design.md, "Which generation is current". */
export class CurrentLogin {
  readonly #services: FindServices;

  constructor(services: FindServices) {
    this.#services = services;
  }

  /**
   * @param updatedAt of the secret
   * @param start `handed`: read from the secret; `known`: an earlier step of this job has put it there
   * @throws {Failure} `secret-mismatch`, `login-shared`
   * @throws {GitHubError}
   */
  async find(document: AuthJson, updatedAt: Date, start: "handed" | "known"): Promise<Position> {
    const { claims } = this.#services;
    const name = claims.nameOf(document);
    const all = await claims.list();
    const own = all.find((seen) => seen.name === name) ?? null;
    if (own !== null) return this.follow(document, own);
    const isMarked = all.some(({ claim }) => claim?.next === name && isSameTime(claim.after, updatedAt));
    const creation = isMarked ? "after" : start === "known" ? "not-after" : await this.#runCreated(updatedAt);
    if (creation === "after") {
      return { kind: "current", document, predecessor: null, updatedAt, takeover: 0, origin: null };
    }
    // The list may be older than a claim that stands there.
    const seen = await claims.read(name);
    if (seen !== null) return this.follow(document, seen);
    return {
      kind: "stale",
      newest: document,
      missing: creation === "not-after" ? "secret-is-newer" : creation,
    };
  }

  /** Goes on from a claim on the document. @throws {Failure} `secret-mismatch`, `login-shared` */
  async follow(handed: AuthJson, first: SeenClaim): Promise<Position> {
    const { claims, log } = this.#services;
    let document = handed;
    let predecessor: AuthJson | null = null;
    let origin: Origin | null = null;
    let seen = first;
    const known = [handed];
    for (let links = 0; links <= MAXIMUM_LINKS; ) {
      const { claim } = seen;
      if (await this.#isBusy(seen)) return { kind: "busy", newest: document, seen };
      const isSpent = claim?.state === "stored" || claim?.state === "rotated";
      // Under `write` it was never presented to OpenAI: the secret may hold it already, or not yet.
      const found = claim?.state === "write" ? null : await this.#successorOf(document, seen, known);
      if (found === "not-answered")
        return { kind: "stale", newest: document, missing: "handoff-not-answered" };
      if (found === null && isSpent)
        return { kind: "stale", newest: document, missing: await this.#whyNoSuccessor(claim) };
      // Only now: whoever took it over made a claim before there was a note.
      const taken = isSpent ? null : await this.#takeoverOf(seen);
      if (taken !== null) {
        seen = taken;
        continue;
      }
      if (found === null) return this.#takeOver({ document, predecessor, origin, seen });
      if ("busy" in found) return { kind: "busy", newest: document, seen: found.busy };
      links += 1;
      const { successor } = found;
      known.push(successor);
      predecessor = document;
      document = successor;
      origin = found.origin;
      const following = await claims.read(claims.nameOf(successor));
      if (following === null) {
        log.debug(`The handoff leads to generation ${successor.generation}, which nobody has claimed.`);
        return this.#judge({ document, predecessor, origin, handed });
      }
      seen = following;
    }
    return { kind: "stale", newest: document, missing: "secret-is-newer" };
  }

  async #whyNoSuccessor(claim: Claim | null): Promise<MissingProof> {
    if (claim?.state !== "rotated") return "secret-is-newer";
    return isSameTime(await this.updatedAt(), claim.before) ? "successor-not-found" : "secret-is-newer";
  }

  /** Whether somebody may still act under a claim. @throws {Failure} `login-shared` */
  async #isBusy(seen: SeenClaim): Promise<boolean> {
    if (seen.claim !== null) this.#refuseOtherSecret(seen.claim);
    return seen.claim?.state !== "stored" && !(await this.#services.claims.isGone(seen));
  }

  /** The claim of who took over this one, which is in doubt. */
  async #takeoverOf({ name }: SeenClaim): Promise<SeenClaim | null> {
    const takeover = takeoverOf(name);
    if (takeover === MAXIMUM_TAKEOVERS) return null;
    return this.#services.claims.read(`${name.replace(/_R\d$/, "")}_R${takeover + 1}`);
  }

  /**
   * Asked again once the takeover is claimed: a job that only slept may have spent the generation meanwhile.
   *
   * @param takeover whose claim is ours
   * @throws {GitHubError}
   */
  async isStillInDoubt(document: AuthJson, takeover: number): Promise<boolean> {
    const { claims } = this.#services;
    let wasPresented = false;
    for (let earlier = 0; earlier < takeover; earlier++) {
      const seen = await claims.read(claims.nameOf(document, earlier));
      const { state = "open" } = seen?.claim ?? {};
      if (seen === null || state === "rotated" || state === "stored") return false;
      wasPresented ||= state === "open";
    }
    return !wasPresented || (await this.#look(document)).kind === "none";
  }

  /** Whether the secret holds the newest generation, is to be repaired, or holds something else. */
  async #judge({
    document,
    predecessor,
    origin,
    handed,
  }: {
    document: AuthJson;
    predecessor: AuthJson;
    origin: Origin;
    handed: AuthJson;
  }): Promise<Position> {
    const { claim } = origin;
    const { state = "rotated", before = null, after = null } = claim ?? {};
    const updatedAt = await this.#updatedAt((at) => after === null || isSameTime(at, after));
    if (isSameTime(updatedAt, after)) {
      await this.#refuseMismatch(handed, updatedAt);
      return { kind: "current", document, predecessor, updatedAt, takeover: 0, origin };
    }
    const isUnwritten = state !== "stored" && isSameTime(updatedAt, before);
    const creation = isUnwritten ? "after" : await this.#runCreated(updatedAt);
    if (creation === "after")
      return { kind: "to-repair", document, predecessor, updatedAt, takeover: 0, origin };
    return {
      kind: "stale",
      newest: document,
      missing: creation === "not-after" ? "secret-is-newer" : creation,
    };
  }

  /** In doubt, or never presented: who takes the claim over may go on where its holder stopped. */
  async #takeOver({
    document,
    predecessor,
    origin,
    seen: { name, claim },
  }: {
    document: AuthJson;
    predecessor: AuthJson | null;
    origin: Origin | null;
    seen: SeenClaim;
  }): Promise<Position> {
    const { claimant } = this.#services;
    const takeover = takeoverOf(name);
    const stale = (missing: MissingProof): Position => ({ kind: "stale", newest: document, missing });
    if (takeover === MAXIMUM_TAKEOVERS) return stale("in-doubt");
    if (claim?.state === "open" && claim.ref !== "default" && claim.ref !== claimant.ref)
      return stale("handoff-not-answered");
    const updatedAt = await this.#updatedAt((at) => isSameTime(at, claim?.before ?? null));
    const isAsBefore =
      isSameTime(updatedAt, claim?.before ?? null) || isSameTime(updatedAt, origin?.claim?.after ?? null);
    if (!isAsBefore) {
      const creation = await this.#runCreated(updatedAt);
      if (creation !== "after") return stale(creation === "not-after" ? "secret-is-newer" : creation);
    }
    const isUnwritten = claim?.state === "write" && isSameTime(updatedAt, claim.before);
    if (isUnwritten && predecessor !== null && origin !== null && origin.claim?.state !== "stored")
      return { kind: "to-repair", document, predecessor, updatedAt, takeover: takeover + 1, origin };
    return { kind: "current", document, predecessor, updatedAt, takeover: takeover + 1, origin };
  }

  /**
   * The generation after this one, from the handoff, or a later one: notes are also filed under what their job was handed.
   *
   * @returns `null` when the handoff answers that there is none
   */
  async #successorOf(
    document: AuthJson,
    { name, claim }: SeenClaim,
    known: readonly AuthJson[],
  ): Promise<{ successor: AuthJson; origin: Origin } | { busy: SeenClaim } | null | "not-answered"> {
    const { claims } = this.#services;
    const lookup = await this.#look(document);
    if (lookup.kind === "not-answered") return "not-answered";
    if (lookup.kind === "none") return null;
    const { document: successor } = lookup.note;
    if (known.some((earlier) => earlier.refreshToken.equals(successor.refreshToken))) return "not-answered";
    // A note that the claims do not lead to was put there by somebody else.
    const target = claims.nameOf(successor);
    let origin: Origin = { name, claim };
    for (let links = 0; origin.claim?.next && origin.claim.next !== target; links++) {
      const next = await claims.read(origin.claim.next);
      if (next === null || links === MAXIMUM_CLAIMS) return "not-answered";
      let last = next;
      for (let taken: SeenClaim | null = next; taken !== null; ) {
        last = taken;
        if (await this.#isBusy(last)) return { busy: last };
        const { state = "open" } = last.claim ?? {};
        taken = state === "stored" || state === "rotated" ? null : await this.#takeoverOf(last);
      }
      origin = { name: last.name, claim: last.claim };
    }
    return { successor, origin };
  }

  /** A login whose generations are claimed for another secret is kept twice: each refresh would end the other copy. */
  #refuseOtherSecret({ secret }: Claim): void {
    const { place } = this.#services;
    if (secret.toUpperCase() === place.secretName.toUpperCase()) return;
    throw new Failure(
      "login-shared",
      `This login is also kept in the secret ${secret} beside the ${describePlace(place)}. Nothing was refreshed.`,
      "Give each secret a login of its own: log in again, and seed one of the two.",
    );
  }

  /** The secret is as a refresh left it, and a run that began later was handed an earlier login: it reads another secret. */
  async #refuseMismatch(handed: AuthJson, updatedAt: Date): Promise<void> {
    const { place } = this.#services;
    if ((await this.#runCreated(new Date(updatedAt.getTime() + LAG_MS))) !== "after") return;
    throw new Failure(
      "secret-mismatch",
      `The login in \`codex-auth-json\` (generation ${handed.generation}) is not what the ${describePlace(place)} holds. Nothing was refreshed.`,
      "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.",
    );
  }

  /** What may be asked twice is: a moment's silence is no reason to stop. */
  async #look(document: AuthJson): Promise<Lookup> {
    const { handoff, clock } = this.#services;
    return poll(
      clock,
      { withinMs: WITHIN_MS, everyMs: PAUSE_MS },
      () => handoff.look(document),
      ({ kind }) => kind !== "not-answered",
    );
  }

  async #readTime(scope: "repository" | "environment"): Promise<ReadTime> {
    const { runInformation, clock } = this.#services;
    return poll(
      clock,
      { withinMs: WITHIN_MS, everyMs: PAUSE_MS },
      () => runInformation.readTime(scope),
      (time) => time.kind === "known" || time.because !== "unreachable",
    );
  }

  /** Whether this run was handed what the secret has held since that time. */
  async #runCreated(after: Date): Promise<Creation> {
    const { runInformation, place } = this.#services;
    const created = await this.#readTime("repository");
    if (created.kind === "known" && created.at.getTime() > after.getTime()) return "after";
    if (place.environment === null || runInformation.isRerun) return creationOf(created, after);
    // An environment secret is read when the job starts, which is later.
    return creationOf(await this.#readTime("environment"), after);
  }

  /** Whether what the secret has held since that time is what this run was handed. */
  async runSaw(updatedAt: Date): Promise<boolean> {
    return (await this.#runCreated(updatedAt)) === "after";
  }

  /** Asked again for a moment where the answer may be an old one. */
  async #updatedAt(expected: (at: Date) => boolean): Promise<Date> {
    const { clock } = this.#services;
    return poll(clock, { withinMs: STALE_MS }, () => this.updatedAt(), expected);
  }

  /** @throws {Failure} `secret-not-found` */
  async updatedAt(): Promise<Date> {
    const { store, place, clock, log } = this.#services;
    const metadata = await insist({ clock, log }, { withinMs: WITHIN_MS }, () =>
      store.metadata(place.secretName),
    );
    if (metadata === null) throw secretNotFound(place);
    return metadata.updatedAt;
  }
}

/** An old answer of GitHub's about a secret has been reported to last for seconds. */
const STALE_MS = 4_000;

function creationOf(time: ReadTime, after: Date): Creation {
  if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "not-after";
  return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}

function takeoverOf(name: string): number {
  return Number(/_R([1-9])$/.exec(name)?.[1] ?? 0);
}

export function secretNotFound(place: Place): Failure {
  return new Failure(
    "secret-not-found",
    `There is no ${describePlace(place)}. This action never creates it.`,
    "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.",
  );
}
