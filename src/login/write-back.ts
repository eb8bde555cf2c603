import { type Claim, isSameTime } from "../core/claim/claim.ts";
import { isWithin, type Ledger, type WriteWindow, windowOf } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { canRepair, GitHubError } from "../core/failure/github-error.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { PublicKey } from "../ports/secrets.ts";
import { type HeldClaim, newHolder, ownOf } from "./claims.ts";
import { type Moment, momentOf, msSince } from "./moment.ts";
import { poll, repeat, unlessGitHubFails } from "./retry.ts";
import { SealedLogin } from "./sealed-login.ts";
import { changedElsewhere, heldUp, secretNotFound, updatedAtSince } from "./secret-time.ts";
import { explainRefusal, type OpenServices } from "./write-session.ts";

export interface WriteBackRequest {
  /** Goes into the secret, in the encoding of the handed login. */
  readonly login: AuthJson;
  /** The secret's `updated_at` that nobody else may have moved. */
  readonly before: Date;
  /** Whether what the secret holds since that time is what this run was given, and may be replaced. Never, unless given. */
  readonly mayReplace?: (updatedAt: Date) => Promise<boolean>;
  /** Under which the generation before was spent, and which says where this one is; `null` for a fresh login. */
  readonly spent: { readonly name: string; readonly claim: Claim } | null;
  /** Not given when another phase, or another job, begins to write: it claims the generation first. */
  readonly held?: HeldClaim;
  /** Which attempt to take over the claim of another who was to write it, and died. */
  readonly takeover?: number;
  /** By which state knows a claim of ours on the generation. */
  readonly holder?: string;
  /** The scope's key, where it is known already. */
  readonly key?: PublicKey | null;
  readonly timeoutMs?: number;
  /** Written down with the time of each write before it is sent: should we be killed in it, post knows it by that. */
  readonly ledger?: Ledger;
}

export type WriteBack =
  /** Since when the secret holds it; `null` where somebody else may have written since */
  | { readonly kind: "stored"; readonly updatedAt: Date | null }
  /** Another job went on from this login: what it has stored is newer. */
  | { readonly kind: "settled" }
  | { readonly kind: "pending"; readonly failure: Failure; readonly rescue: string | null }
  | { readonly kind: "refused"; readonly failure: Failure; readonly rescue: string | null };

const TIMEOUT_MS = 240_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long GitHub may answer with the `updated_at` from before a write that it has acknowledged. */
const CONFIRM_WITHIN_MS = 20_000;

/** A write whose answer was lost may land a moment after we gave up on it. */
const LATE_MS = 5_000;
/** A write has ten seconds, and that moment. */
const PUT_MS = 15_000;
/** Longer than an answer may take. */
const LOOK_LASTS_MS = 30_000;
const MAXIMUM_TIMES_HELD_UP = 3;

type Step =
  | Extract<WriteBack, { kind: "stored" | "settled" }>
  | { readonly kind: "refused"; readonly failure: Failure }
  /** `null`: no answer of GitHub's to a request that may be repeated */
  | { readonly kind: "failed"; readonly failure: Failure; readonly error: GitHubError | null };

type Writing = Pick<OpenServices, "session" | "claims" | "ledgerFile" | "writeCredential" | "box" | "place"> &
  Pick<OpenServices, "clock" | "log" | "cancellation" | "handed" | "randomness">;

/** Writes a generation into the secret, and over nobody else's write. See docs/design.md, "Write-back". */
export async function writeBack(services: Writing, request: WriteBackRequest): Promise<WriteBack> {
  const run = new WriteBackRun(services, request);
  return run.toTheEnd().finally(() => run.release());
}

class WriteBackRun {
  readonly #services: Writing;
  readonly #request: WriteBackRequest;
  readonly #sealed: SealedLogin;
  /** In which writes of ours whose answers nobody has heard may have landed. */
  readonly #unanswered: WriteWindow[];
  #before: Date;
  readonly #holder: string;
  /** The claim on the generation itself, once we hold it. */
  #writeClaim: HeldClaim | null = null;
  #isFirst = true;
  /** When the last look at the secret was asked for. */
  #lookedAt: Moment;
  #timesHeldUp = 0;

  constructor(services: Writing, request: WriteBackRequest) {
    this.#services = services;
    this.#request = request;
    this.#sealed = new SealedLogin(services, request);
    this.#unanswered = [...(request.ledger?.writes ?? [])];
    this.#before = request.before;
    this.#lookedAt = momentOf(services.clock);
    this.#holder = request.holder ?? request.held?.claim.holder ?? newHolder(services.randomness);
  }

  async toTheEnd(): Promise<WriteBack> {
    const { clock, log, cancellation } = this.#services;
    const deadlineMs = clock.monotonicMs() + (this.#request.timeoutMs ?? TIMEOUT_MS);
    const step = await repeat(
      clock,
      () => this.#attempt(),
      (outcome, attempt) => {
        if (outcome.kind !== "failed") return null;
        const { failure, error } = outcome;
        if (error === null || !canRepair(error) || cancellation.requested()) return null;
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
        const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
        if (clock.monotonicMs() + waitMs > deadlineMs) return null;
        const seconds = Math.round(waitMs / 1000);
        log.info(`${failure.message} Trying again in ${seconds} s (attempt ${attempt} failed).`);
        return waitMs;
      },
    );
    if (step.kind === "stored" || step.kind === "settled") return step;
    const rescue = await this.#sealed.rescue(this.#request.before);
    return { kind: step.kind === "failed" ? "pending" : "refused", failure: step.failure, rescue };
  }

  /** Lets go of the claim on the generation: whoever is given it may spend it. */
  async release(): Promise<void> {
    if (this.#writeClaim !== null) await this.#services.claims.giveBack(ownOf(this.#writeClaim));
  }

  async #attempt(): Promise<Step> {
    try {
      return (await this.#obstacle()) ?? (await this.#put());
    } catch (error) {
      // There is no room for a claim.
      if (error instanceof Failure) return { kind: "failed", failure: error, error: null };
      if (!(error instanceof GitHubError)) throw error;
      const failure = explainRefusal(this.#services, error, { workedEarlier: true });
      return { kind: "failed", failure, error };
    } finally {
      this.#isFirst = false;
    }
  }

  /** What keeps us from writing, or has made it needless. The last thing that is asked is the secret's time. */
  async #obstacle(): Promise<Step | null> {
    const { place, claims } = this.#services;
    const { held, mayReplace } = this.#request;
    await this.#sealed.seal();
    // A phase that was held up, or that tries again, may have been overtaken meanwhile.
    const isOurs = this.#isFirst && held !== undefined && claims.isFresh(held);
    if (!isOurs && !(await this.#claimGeneration())) return { kind: "settled" };
    const updatedAt = await this.#updatedAt();
    if (updatedAt === null) return { kind: "refused", failure: secretNotFound(place) };
    if (isSameTime(updatedAt, this.#before)) return null;
    if (this.#unanswered.some((window) => isWithin(window, updatedAt))) return this.#settle(null);
    if (await mayReplace?.(updatedAt)) {
      this.#before = updatedAt;
      // That took its time: ask once more.
      if (isSameTime(await this.#updatedAt(), updatedAt)) return null;
    }
    return { kind: "refused", failure: changedElsewhere(place) };
  }

  async #put(): Promise<Step> {
    const { place, session, clock } = this.#services;
    const { store, serverClock } = session;
    const sealed = await this.#sealed.seal();
    const beganAt = await serverClock.now();
    const passedMs = async (): Promise<number> => (await serverClock.now()).getTime() - beganAt.getTime();
    await this.#keepWindows([...this.#unanswered, windowOf(beganAt, PUT_MS)]);
    // The machine has slept, and another job may have gone on meanwhile: what is written then is claimed first.
    if (msSince(this.#lookedAt, clock) > LOOK_LASTS_MS) {
      this.#isFirst = false;
      this.#timesHeldUp += 1;
      await this.#keepWindows(this.#unanswered);
      if (this.#timesHeldUp <= MAXIMUM_TIMES_HELD_UP) return this.#attempt();
      const failure = heldUp();
      return { kind: "failed", failure, error: new GitHubError(failure.message, { status: null }) };
    }
    try {
      const outcome = await store.put(place.secretName, sealed);
      if (outcome === "created") {
        // It was deleted between our check and our write: that was meant.
        await store.remove(place.secretName);
        await this.#keepWindows(this.#unanswered);
        return { kind: "refused", failure: secretNotFound(place) };
      }
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const mayHaveLanded = error.status === null || error.status >= 500 || error.status === 408;
      if (mayHaveLanded) this.#unanswered.push(windowOf(beganAt, (await passedMs()) + LATE_MS));
      await this.#keepWindows(this.#unanswered);
      // Sealed to a key that GitHub has replaced.
      if (error.status === 422 && this.#sealed.forgetKey() === "first-time") {
        this.#isFirst = false;
        return this.#attempt();
      }
      throw error;
    }
    const window = windowOf(beganAt, await passedMs());
    const updatedAt = await this.#confirmed();
    const isSure =
      updatedAt !== null && updatedAt.getTime() > this.#before.getTime() && isWithin(window, updatedAt);
    return this.#settle(isSure ? updatedAt : null);
  }

  /** In which seconds a write of ours may have landed, for whoever goes on. The secret matters more than our notes about it. */
  async #keepWindows(writes: readonly WriteWindow[]): Promise<void> {
    const { ledger } = this.#request;
    if (ledger) await this.#services.ledgerFile.save({ ...ledger, writes }).catch(() => {});
  }

  /** GitHub has acknowledged the write: whatever a look at it says now, it is done. */
  #confirmed(): Promise<Date | null> {
    const isNewer = (at: Date | null): boolean => at !== null && at.getTime() > this.#before.getTime();
    return unlessGitHubFails(
      () => poll(this.#services.clock, { withinMs: CONFIRM_WITHIN_MS }, () => this.#updatedAt(), isNewer),
      () => null,
    );
  }

  /** Only a write that was answered, and seen in its own seconds, says what the secret holds since when. */
  async #settle(updatedAt: Date | null): Promise<Step> {
    const { claims } = this.#services;
    const { spent, login } = this.#request;
    const state = updatedAt === null ? "rotated" : "stored";
    const change = { state, next: claims.nameOf(login), after: updatedAt, released: true } as const;
    if (spent !== null) await claims.tell(spent.name, spent.claim, change);
    return { kind: "stored", updatedAt };
  }

  /** @returns whether the generation is ours to write: whoever else holds it has gone on from it */
  async #claimGeneration(): Promise<boolean> {
    if (this.#writeClaim !== null) return true;
    const { claims } = this.#services;
    const { login, takeover } = this.#request;
    const draft = { holder: this.#holder, state: "write", before: this.#before } as const;
    const taking = await claims.take(claims.nameOf(login, takeover), draft);
    if (taking.kind === "theirs") {
      if (taking.seen !== null) return false;
      // Nobody is known to have gone on from it.
      const message = "GitHub's API does not show who holds the claim of this login.";
      throw new GitHubError(message, { status: null });
    }
    this.#writeClaim = taking.held;
    return true;
  }

  #updatedAt(): Promise<Date | null> {
    return updatedAtSince(this.#services, this.#before, () => {
      this.#lookedAt = momentOf(this.#services.clock);
    });
  }
}
