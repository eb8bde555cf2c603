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
import type { Randomness } from "../ports/machine.ts";
import type { WriteSession } from "../ports/secrets.ts";
import type { Variable } from "../ports/variables.ts";
import { type Moment, momentOf, msSince } from "./moment.ts";
import { insist, unlessGitHubFails } from "./retry.ts";
import type { Services } from "./services.ts";
import { explainFullScope } from "./variable-limits.ts";

/** `forced`: a job that does not rotate has failed, and takes over a claim of whose run GitHub tells nothing. */
export type Insistence = "forced" | "when-due";

export type ClaimServices = Pick<Services, "runInformation" | "clock" | "log" | "place" | "claimant">;

/** A claim that is ours, as we know it. */
export interface HeldClaim {
  readonly name: string;
  readonly claim: Claim;
  /** When it was asked for. */
  readonly since: Moment;
}

export type Taking =
  | { readonly kind: "ours"; readonly held: HeldClaim }
  /** `null`: GitHub says that it exists, and does not show it. */
  | { readonly kind: "theirs"; readonly seen: SeenClaim | null };

const ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const MAXIMUM_WAIT_MS = 120_000;
const HOLDER_BYTES = 16;

/** The claims beside one secret. Every method throws `GitHubError`. */
export class Claims {
  readonly #services: ClaimServices;
  readonly #session: WriteSession;
  readonly #insistence: Insistence;
  #left: OwnClaim | null = null;

  constructor(services: ClaimServices, session: WriteSession, insistence: Insistence) {
    this.#services = services;
    this.#session = session;
    this.#insistence = insistence;
  }

  /** A claim that was to be given back, and GitHub did not answer: post is to try again. */
  get left(): OwnClaim | null {
    return this.#left;
  }

  nameOf(login: AuthJson, takeover = 0): string {
    return claimName(login, this.#services.place, takeover);
  }

  async read(name: string): Promise<SeenClaim | null> {
    const variable = await insist(this.#services, () => this.#session.variables.read(name));
    return variable && { ...seenIn(variable), name };
  }

  async list(): Promise<readonly SeenClaim[]> {
    const variables = await insist(this.#services, () => this.#session.variables.list());
    return variables.filter(({ name }) => isClaimName(name)).map(seenIn);
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
    const held = { name, claim, since: momentOf(clock) };
    for (let attempt = 1; ; attempt++) {
      const made = await this.#create(name, writeClaim(claim));
      if (made === "created") return { kind: "ours", held };
      const seen = await this.read(name);
      if (seen?.claim?.holder === draft.holder) return { kind: "ours", held };
      // An unanswered POST that GitHub does not show never arrived.
      if (seen !== null || made === "exists" || attempt === ATTEMPTS) return { kind: "theirs", seen };
      await clock.sleep(PAUSE_MS * attempt);
    }
  }

  /** A limit is an answer: nothing was made. It is waited for. */
  async #create(name: string, value: string): Promise<"created" | "exists" | "unanswered"> {
    const { clock, log, place } = this.#services;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#session.variables.create(name, value);
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        if (!canRepair(error)) throw (await explainFullScope(this.#session.variables, place, error)) ?? error;
        const waitMs = error.retryAfterMs;
        if (waitMs === null) return "unanswered";
        if (attempt === ATTEMPTS || waitMs > MAXIMUM_WAIT_MS) throw error;
        log.info(`${error.message} Trying again in ${Math.ceil(waitMs / 1000)} s.`);
        await clock.sleep(waitMs);
      }
    }
  }

  /** Whether work under this claim may still begin: nobody takes it over for two minutes more. */
  isFresh(held: HeldClaim): boolean {
    return this.msLeft(held) > 0;
  }

  msLeft({ since }: HeldClaim): number {
    return CLAIM_WORK_MS - msSince(since, this.#services.clock);
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
    const value = writeClaim({ ...known, ...change });
    await unlessGitHubFails(
      () => insist(this.#services, () => this.#session.variables.update(name, value)),
      ({ message }) =>
        this.#services.log.debug(`The claim ${name} could not be brought up to date. ${message}`),
    );
  }

  /**
   * Deletes a claim under which nothing has happened, if it is still ours. It is asked for once: it may land late. One that
   * others may have found to be gone stays, as the ground that they stand on; a claim for a whole job is never found so
   * while the job lasts.
   */
  async giveBack({ name, holder }: OwnClaim): Promise<void> {
    if (this.#left?.holder === holder) return;
    const act = async (): Promise<void> => {
      const seen = await this.isHeld({ name, holder });
      if (seen?.claim?.state !== "open" && seen?.claim?.state !== "write") return;
      const age = (await this.#session.serverClock.now()).getTime() - seen.createdAt.getTime();
      if (age < CLAIM_WORK_MS || seen.claim.wholeJob) await this.#session.variables.remove(name);
      else await this.tell(name, seen.claim, { released: true });
    };
    await unlessGitHubFails(act, ({ message }) => {
      // While the first one stands, no other of its name can have been made.
      this.#left ??= { name, holder };
      this.#services.log.debug(`The claim ${name} could not be deleted. ${message}`);
    });
  }

  /** Whether the holder of a claim does nothing any more. */
  async isGone(seen: SeenClaim): Promise<boolean> {
    const { runInformation, claimant } = this.#services;
    if (seen.claim?.released) return true;
    const now = await this.#session.serverClock.now();
    if (!isOld(seen, now)) return false;
    const { claim } = seen;
    const isEarlierAttempt = claim?.run === claimant.run && claim.attempt < claimant.attempt;
    const status =
      claim === null || isEarlierAttempt ? "ended" : await runInformation.statusOf(claim.run, claim.attempt);
    return isGone(seen, { now, status, forced: this.#insistence === "forced" });
  }
}

function seenIn({ name, value, createdAt }: Variable): SeenClaim {
  return { name: name.toUpperCase(), createdAt, claim: readClaim(value) };
}

/** Tells a claim of ours from all others. Each has its own: a DELETE of an earlier one may land late. */
export function newHolder(randomness: Randomness): string {
  return Buffer.from(randomness.bytes(HOLDER_BYTES)).toString("hex");
}

export function ownOf({ name, claim }: HeldClaim): OwnClaim {
  return { name, holder: claim.holder };
}
