import {
  CLAIM_WORK_MS,
  type Claim,
  isClaimName,
  isGone,
  isOld,
  readClaim,
  type SeenClaim,
  writeClaim,
} from "../core/claim/claim.ts";
import type { OwnClaim } from "../core/claim/ledger.ts";
import { claimName, seedMarkerName } from "../core/claim/name.ts";
import { Failure } from "../core/failure/failure.ts";
import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import { describePlace, type Place } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Clock, Log, RunInformation, ServerClock, Variables } from "../ports/action.ts";
import { insist } from "./retry.ts";

/** Who asks: goes into the claims that it makes. */
export interface Claimant {
  readonly run: string;
  readonly attempt: number;
  /** `default` on the default branch, else the ref: only there can its handoff notes be read. */
  readonly ref: string;
}

export interface ClaimServices {
  readonly variables: Variables;
  readonly serverClock: ServerClock;
  readonly runInformation: Pick<RunInformation, "statusOf">;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: Place;
  readonly claimant: Claimant;
  readonly insistence: "forced" | "when-due";
}

/** A claim that is ours, as we know it. */
export interface HeldClaim {
  readonly name: string;
  readonly claim: Claim;
  /** When it was asked for, on the monotonic clock and by the machine's date: a machine that sleeps moves only one. */
  readonly sinceMonotonicMs: number;
  readonly sinceDateMs: number;
}

export type Taking =
  | { readonly kind: "ours"; readonly held: HeldClaim }
  /** `null`: GitHub says that it exists, and does not show it. */
  | { readonly kind: "theirs"; readonly seen: SeenClaim | null };

const WITHIN_MS = 15_000;
const TRIES = 3;

/** The claims beside one secret. Every method throws `GitHubError`. */
export class Claims {
  readonly #services: ClaimServices;

  constructor(services: ClaimServices) {
    this.#services = services;
  }

  nameOf(document: AuthJson, takeover = 0): string {
    return claimName(document, this.#services.place, takeover);
  }

  async read(name: string): Promise<SeenClaim | null> {
    const variable = await this.#insist(() => this.#services.variables.read(name));
    return variable && { name, createdAt: variable.createdAt, claim: readClaim(variable.value) };
  }

  async list(): Promise<readonly SeenClaim[]> {
    const variables = await this.#insist(() => this.#services.variables.list());
    return variables
      .filter(({ name }) => isClaimName(name))
      .map(({ name, value, createdAt }) => ({
        name: name.toUpperCase(),
        createdAt,
        claim: readClaim(value),
      }));
  }

  /** Says that the secret holds this login since that time, as a seed does. Never throws: it saves one request later. */
  async mark(document: AuthJson, updatedAt: Date): Promise<void> {
    const { variables, place, log } = this.#services;
    try {
      await markSeed(variables, { document, place, updatedAt });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      log.debug(`The seed's marker could not be made. ${error.message}`);
    }
  }

  /** Deletes claims that nobody can be handed any more, and warns before the scope is full. Never throws. */
  async tidy(): Promise<void> {
    const { variables, serverClock, place, log } = this.#services;
    const limit = place.environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
    try {
      const now = (await serverClock.now()).getTime();
      const all = await variables.list();
      for (const { name, value, createdAt } of all) {
        const claim = isClaimName(name) ? readClaim(value) : null;
        const isForgotten = claim?.state === "stored" && claim.run !== SEED_RUN;
        if (isForgotten && now - createdAt.getTime() > FORGOTTEN_MS) await variables.remove(name);
      }
      if (all.length >= limit * NEARLY_FULL)
        log.warning(
          `The scope of the ${describePlace(place)} holds ${all.length} of the ${limit} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`,
        );
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      log.debug(`Old claims could not be deleted. ${error.message}`);
    }
  }

  /**
   * Creates a claim, which only one of all who try at once can do.
   *
   * @param holder kept by the caller in state before this is called: an answer that is lost is told by it
   */
  async take(
    name: string,
    draft: { holder: string; state: "open" | "write"; before: Date | null; wholeJob?: boolean },
  ): Promise<Taking> {
    const { variables, clock, place, claimant } = this.#services;
    const claim: Claim = {
      ...draft,
      ...claimant,
      secret: place.secretName,
      next: null,
      after: null,
      released: false,
      wholeJob: draft.wholeJob ?? false,
    };
    const since = { sinceMonotonicMs: clock.monotonicMs(), sinceDateMs: clock.now().getTime() };
    const held = { name, claim, ...since };
    for (let tries = 1; ; tries++) {
      const outcome = await this.#create(variables, name, writeClaim(claim));
      if (outcome === "created") return { kind: "ours", held };
      const seen = await this.read(name);
      if (seen?.claim?.holder === draft.holder) return { kind: "ours", held };
      // An unanswered POST that GitHub does not show never arrived.
      if (outcome === "exists" || seen !== null || tries === TRIES) return { kind: "theirs", seen };
      await clock.sleep(1000 * tries);
    }
  }

  async #create(
    variables: Variables,
    name: string,
    value: string,
  ): Promise<"created" | "exists" | "unanswered"> {
    const { clock, log } = this.#services;
    for (let tries = 1; ; tries++) {
      try {
        return await variables.create(name, value);
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        if (!canRepair(error)) throw (await this.#explainFullScope(error)) ?? error;
        // A limit is an answer: nothing was made.
        if (error.retryAfterMs === null) return "unanswered";
        if (tries === TRIES || error.retryAfterMs > MAXIMUM_WAIT_MS) throw error;
        log.info(`${error.message} Trying again in ${Math.ceil(error.retryAfterMs / 1000)} s.`);
        await clock.sleep(error.retryAfterMs);
      }
    }
  }

  async #explainFullScope({ status }: GitHubError): Promise<Failure | null> {
    const { variables, place } = this.#services;
    if (status === 401 || status === 403 || status === 404) return null;
    const limit = place.environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
    const all = await variables.list().catch(() => []);
    if (all.length < limit) return null;
    return new Failure(
      "claim-limit",
      `The scope of the ${describePlace(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`,
      "Delete variables that are no longer used.",
    );
  }

  /** Whether work under this claim may still begin: nobody takes it over for two minutes more. */
  isFresh({ sinceMonotonicMs, sinceDateMs }: HeldClaim): boolean {
    return this.msLeft({ sinceMonotonicMs, sinceDateMs }) > 0;
  }

  msLeft({ sinceMonotonicMs, sinceDateMs }: Pick<HeldClaim, "sinceMonotonicMs" | "sinceDateMs">): number {
    const { clock } = this.#services;
    const elapsedMs = Math.max(clock.monotonicMs() - sinceMonotonicMs, clock.now().getTime() - sinceDateMs);
    return CLAIM_WORK_MS - elapsedMs;
  }

  /** Whether GitHub still names us as the holder. */
  async isHeld({ name, holder }: OwnClaim): Promise<SeenClaim | null> {
    const seen = await this.read(name);
    return seen?.claim?.holder === holder ? seen : null;
  }

  /**
   * Says what became of a claim. Never throws: a claim that was not told stays busy until it is old.
   *
   * @param change of what GitHub shows, or of what we know, where it does not answer
   */
  async tell(name: string, known: Claim, change: Partial<Claim>): Promise<void> {
    const { variables, log } = this.#services;
    try {
      await this.#insist(() => variables.update(name, writeClaim({ ...known, ...change })));
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      log.debug(`The claim ${name} could not be brought up to date. ${error.message}`);
    }
  }

  /**
   * Deletes a claim under which nothing has happened, if it is still ours. It is asked for once: it may land late. One that
   * others may have found to be gone stays, as the ground that they stand on; a claim for a whole job is never found so
   * while the job lasts.
   */
  async giveBack({ name, holder }: OwnClaim): Promise<void> {
    const { variables, serverClock, log } = this.#services;
    try {
      const seen = await this.isHeld({ name, holder });
      if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
      const age = (await serverClock.now()).getTime() - seen.createdAt.getTime();
      if (age < CLAIM_WORK_MS || seen.claim.wholeJob) await variables.remove(name);
      else await this.tell(name, seen.claim, { released: true });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      log.debug(`The claim ${name} could not be deleted. ${error.message}`);
    }
  }

  /** Whether the holder of a claim does nothing any more. */
  async isGone(seen: SeenClaim): Promise<boolean> {
    const { serverClock, runInformation, insistence, claimant } = this.#services;
    if (seen.claim?.released) return true;
    const now = await serverClock.now();
    if (!isOld(seen, now)) return false;
    const { claim } = seen;
    const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
    const status =
      claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
    return isGone(seen, { now, status, forced: insistence === "forced" });
  }

  #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { clock, log } = this.#services;
    return insist({ clock, log }, { withinMs: WITHIN_MS }, ask);
  }
}

const MAXIMUM_WAIT_MS = 120_000;
/** GitHub's limits for variables (docs, "Limits for configuration variables"). */
const REPOSITORY_LIMIT = 500;
const ENVIRONMENT_LIMIT = 100;
const NEARLY_FULL = 0.8;
/** No queued run and no access token is older than that. */
const FORGOTTEN_MS = 60 * 86_400_000;
/** @throws {GitHubError} */
export async function markSeed(
  variables: Variables,
  { document, place, updatedAt }: { document: AuthJson; place: Place; updatedAt: Date },
): Promise<void> {
  const marker: Claim = {
    holder: "0".repeat(32),
    run: SEED_RUN,
    attempt: 1,
    secret: place.secretName,
    ref: "default",
    state: "stored",
    before: null,
    next: claimName(document, place),
    after: updatedAt,
    released: true,
    wholeJob: false,
  };
  const name = seedMarkerName(document, place);
  if ((await variables.create(name, writeClaim(marker))) === "exists")
    await variables.update(name, writeClaim(marker));
}

/** The `run` of the marker that a seed leaves. */
export const SEED_RUN = "seed";
