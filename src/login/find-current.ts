import { type Claim, isSameTime, MAXIMUM_TAKEOVERS, type SeenClaim } from "../core/claim.ts";
import type { Document } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { describePlace, type Place } from "../core/place.ts";
import type { Clock, HandoffCache, Log, RunInformation, SecretStore } from "../ports.ts";
import type { Claimant, Claims } from "./claims.ts";
import { insist, poll } from "./patience.ts";

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
      readonly document: Document;
      readonly predecessor: Document | null;
      readonly updatedAt: Date;
      /** Which attempt to take over a claim in doubt. */
      readonly takeover: number;
      /** `null`: the login is the one that the run was handed. */
      readonly origin: Origin | null;
    }
  /** The handoff has this login, and the secret still holds an earlier one. */
  | {
      readonly kind: "to-repair";
      readonly document: Document;
      readonly predecessor: Document;
      readonly updatedAt: Date;
      readonly origin: Origin;
    }
  /** Another job is refreshing it. */
  | { readonly kind: "busy"; readonly newest: Document; readonly seen: SeenClaim | null }
  | { readonly kind: "stale"; readonly newest: Document; readonly missing: MissingProof };

/** Why a job cannot know that its login is the newest, for the message that says what to do. */
export type MissingProof =
  | "secret-is-newer"
  | "handoff-not-answered"
  | "run-time-permission"
  | "run-time-unknown";

const WITHIN_MS = 15_000;
const MAXIMUM_LINKS = 20;
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
  async find(document: Document, updatedAt: Date, start: "handed" | "known"): Promise<Position> {
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
  async follow(handed: Document, first: SeenClaim): Promise<Position> {
    const { claims, log } = this.#services;
    let document = handed;
    let predecessor: Document | null = null;
    let origin: Origin | null = null;
    let seen: SeenClaim = first;
    const known = [handed];
    for (let links = 0; links <= MAXIMUM_LINKS; ) {
      const { claim } = seen;
      if (claim !== null) this.#refuseOtherSecret(claim);
      if (claim?.state !== "stored" && !(await claims.isGone(seen)))
        return { kind: "busy", newest: document, seen };
      const takeover = takeoverOf(seen.name);
      // Never presented to OpenAI: the secret may hold it already, or not yet.
      if (claim?.state === "write") {
        const next = await this.#takeOver({ document, predecessor, origin, takeover, claim });
        if ("position" in next) return next.position;
        seen = next.seen;
        continue;
      }
      const isSpent = claim?.state === "stored" || claim?.state === "rotated";
      const link = await this.#linkFrom(document, seen, known);
      if (link === "not-answered")
        return { kind: "stale", newest: document, missing: "handoff-not-answered" };
      if (link === null) {
        if (isSpent) return { kind: "stale", newest: document, missing: "secret-is-newer" };
        const next = await this.#takeOver({ document, predecessor, origin, takeover, claim });
        if ("position" in next) return next.position;
        seen = next.seen;
        continue;
      }
      links += 1;
      known.push(link.successor);
      predecessor = document;
      document = link.successor;
      origin = link.origin;
      const following = await claims.read(claims.nameOf(document));
      if (following !== null) {
        seen = following;
        continue;
      }
      log.debug(`The handoff leads to generation ${document.generation}, which nobody has claimed.`);
      return this.#judge({ document, predecessor, origin, handed });
    }
    return { kind: "stale", newest: document, missing: "secret-is-newer" };
  }

  /** Whether the secret holds the newest generation, is to be repaired, or holds something else. */
  async #judge({
    document,
    predecessor,
    origin,
    handed,
  }: {
    document: Document;
    predecessor: Document;
    origin: Origin;
    handed: Document;
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
    if (creation === "after") return { kind: "to-repair", document, predecessor, updatedAt, origin };
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
    takeover,
    claim,
  }: {
    document: Document;
    predecessor: Document | null;
    origin: Origin | null;
    takeover: number;
    claim: Claim | null;
  }): Promise<{ position: Position } | { seen: SeenClaim }> {
    const { claims, claimant } = this.#services;
    const stale = (missing: MissingProof): { position: Position } => ({
      position: { kind: "stale", newest: document, missing },
    });
    if (takeover === MAXIMUM_TAKEOVERS) return stale("secret-is-newer");
    if (claim?.state === "open" && claim.ref !== "default" && claim.ref !== claimant.ref)
      return stale("handoff-not-answered");
    const seen = await claims.read(claims.nameOf(document, takeover + 1));
    if (seen !== null) return { seen };
    const updatedAt = await this.#updatedAt((at) => isSameTime(at, claim?.before ?? null));
    const isAsBefore =
      isSameTime(updatedAt, claim?.before ?? null) || isSameTime(updatedAt, origin?.claim?.after ?? null);
    if (!isAsBefore) {
      const creation = await this.#runCreated(updatedAt);
      if (creation !== "after") return stale(creation === "not-after" ? "secret-is-newer" : creation);
    }
    return {
      position: {
        kind: "current",
        document,
        predecessor,
        updatedAt,
        takeover: takeover + 1,
        origin,
      },
    };
  }

  /**
   * The generation that the handoff knows to come after this one, the next or a later one, and the claim that speaks of
   * it; `null` when it answers that there is none.
   */
  async #linkFrom(
    document: Document,
    seen: SeenClaim,
    known: readonly Document[],
  ): Promise<{ successor: Document; origin: Origin } | null | "not-answered"> {
    const { claims, handoff } = this.#services;
    const lookup = await handoff.look(document);
    if (lookup.kind === "not-answered") return "not-answered";
    if (lookup.kind === "none") return null;
    const { document: successor } = lookup.note;
    if (known.some((earlier) => earlier.refreshToken.equals(successor.refreshToken))) return "not-answered";
    const name = claims.nameOf(successor);
    // A holder that was killed has told nothing of what came next.
    if (!seen.claim?.next || seen.claim.next === name)
      return { successor, origin: { name: seen.name, claim: seen.claim } };
    const origin = (await claims.list()).find(({ claim }) => claim?.next === name);
    // What no claim speaks of was put there by somebody else.
    return origin ? { successor, origin: { name: origin.name, claim: origin.claim } } : "not-answered";
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
  async #refuseMismatch(handed: Document, updatedAt: Date): Promise<void> {
    const { place } = this.#services;
    if ((await this.#runCreated(new Date(updatedAt.getTime() + LAG_MS))) !== "after") return;
    throw new Failure(
      "secret-mismatch",
      `The login in \`codex-auth-json\` (generation ${handed.generation}) is not what the ${describePlace(place)} holds. Nothing was refreshed.`,
      "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.",
    );
  }

  /** Whether this run was handed what the secret has held since that time. */
  async #runCreated(after: Date): Promise<Creation> {
    const { runInformation, place } = this.#services;
    const created = await runInformation.readTime("repository");
    if (created.kind === "known" && created.at.getTime() > after.getTime()) return "after";
    if (place.environment === null || runInformation.isRerun) return creationOf(created, after);
    // An environment secret is read when the job starts, which is later.
    return creationOf(await runInformation.readTime("environment"), after);
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

function creationOf(time: Awaited<ReturnType<RunInformation["readTime"]>>, after: Date): Creation {
  if (time.kind === "known") return time.at.getTime() > after.getTime() ? "after" : "not-after";
  return time.because === "permission" ? "run-time-permission" : "run-time-unknown";
}

function takeoverOf(name: string): number {
  return Number(/_R([1-3])$/.exec(name)?.[1] ?? 0);
}

export function secretNotFound(place: Place): Failure {
  return new Failure(
    "secret-not-found",
    `There is no ${describePlace(place)}. This action never creates it.`,
    "Check `secret-name` and `environment`: they must name the very secret that `codex-auth-json` reads. Seed it once if it is not there.",
  );
}
