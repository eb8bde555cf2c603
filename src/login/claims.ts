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
import { claimName } from "../core/claim/name.ts";
import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Randomness, ServerClock, Variables, WriteSession } from "../ports/action.ts";
import { insist, repeat } from "./retry.ts";
import type { Services } from "./services.ts";
import { explainFullScope } from "./variable-limits.ts";

/** `forced`: a job that does not rotate has failed, and takes over a claim of whose run GitHub tells nothing. */
export type Insistence = "forced" | "when-due";

export type ClaimServices = Pick<Services, "runInformation" | "clock" | "log" | "place" | "claimant">;

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
const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const MAXIMUM_WAIT_MS = 120_000;
const HOLDER_BYTES = 16;

type Made = "created" | "exists" | "unanswered";

/** The claims beside one secret. Every method throws `GitHubError`. */
export class Claims {
  readonly #services: ClaimServices;
  readonly #variables: Variables;
  readonly #serverClock: ServerClock;
  readonly #insistence: Insistence;

  constructor(
    services: ClaimServices,
    { variables, serverClock }: Pick<WriteSession, "variables" | "serverClock">,
    insistence: Insistence,
  ) {
    this.#services = services;
    this.#variables = variables;
    this.#serverClock = serverClock;
    this.#insistence = insistence;
  }

  nameOf(login: AuthJson, takeover = 0): string {
    return claimName(login, this.#services.place, takeover);
  }

  async read(name: string): Promise<SeenClaim | null> {
    const variable = await this.#insist(() => this.#variables.read(name));
    return variable && { name, createdAt: variable.createdAt, claim: readClaim(variable.value) };
  }

  async list(): Promise<readonly SeenClaim[]> {
    const variables = await this.#insist(() => this.#variables.list());
    return variables
      .filter(({ name }) => isClaimName(name))
      .map(({ name, value, createdAt }) => ({
        name: name.toUpperCase(),
        createdAt,
        claim: readClaim(value),
      }));
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
    const { clock, place, claimant } = this.#services;
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
    const attempt = async (): Promise<Taking & { readonly made: Made }> => {
      const made = await this.#create(name, writeClaim(claim));
      if (made === "created") return { kind: "ours", held, made };
      const seen = await this.read(name);
      if (seen?.claim?.holder === draft.holder) return { kind: "ours", held, made };
      return { kind: "theirs", seen, made };
    };
    return repeat(clock, attempt, (taking, attempts) => {
      // An unanswered POST that GitHub does not show never arrived.
      const isLost = taking.kind === "theirs" && taking.seen === null && taking.made === "unanswered";
      return isLost && attempts < ATTEMPTS ? PAUSE_MS * attempts : null;
    });
  }

  /** A limit is an answer: nothing was made. It is waited for. */
  async #create(name: string, value: string): Promise<Made> {
    const { clock, log, place } = this.#services;
    const attempt = async (): Promise<Made | GitHubError> => {
      try {
        return await this.#variables.create(name, value);
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        if (!canRepair(error)) throw (await explainFullScope(this.#variables, place, error)) ?? error;
        return error.retryAfterMs === null ? "unanswered" : error;
      }
    };
    const outcome = await repeat(clock, attempt, (made, attempts) => {
      if (!(made instanceof GitHubError)) return null;
      const waitMs = made.retryAfterMs ?? 0;
      if (attempts === ATTEMPTS || waitMs > MAXIMUM_WAIT_MS) return null;
      log.info(`${made.message} Trying again in ${Math.ceil(waitMs / 1000)} s.`);
      return waitMs;
    });
    if (outcome instanceof GitHubError) throw outcome;
    return outcome;
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
    const { log } = this.#services;
    try {
      await this.#insist(() => this.#variables.update(name, writeClaim({ ...known, ...change })));
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
    const { log } = this.#services;
    try {
      const seen = await this.isHeld({ name, holder });
      if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
      const age = (await this.#serverClock.now()).getTime() - seen.createdAt.getTime();
      if (age < CLAIM_WORK_MS || seen.claim.wholeJob) await this.#variables.remove(name);
      else await this.tell(name, seen.claim, { released: true });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      log.debug(`The claim ${name} could not be deleted. ${error.message}`);
    }
  }

  /** Whether the holder of a claim does nothing any more. */
  async isGone(seen: SeenClaim): Promise<boolean> {
    const { runInformation, claimant } = this.#services;
    if (seen.claim?.released) return true;
    const now = await this.#serverClock.now();
    if (!isOld(seen, now)) return false;
    const { claim } = seen;
    const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
    const status =
      claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
    return isGone(seen, { now, status, forced: this.#insistence === "forced" });
  }

  #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { clock, log } = this.#services;
    return insist({ clock, log }, { withinMs: WITHIN_MS }, ask);
  }
}

/** Tells a claim of ours from all others. Each has its own: a DELETE of an earlier one may land late. */
export function newHolder(randomness: Randomness): string {
  return Buffer.from(randomness.bytes(HOLDER_BYTES)).toString("hex");
}

export function ownOf({ name, claim }: HeldClaim): OwnClaim {
  return { name, holder: claim.holder };
}
