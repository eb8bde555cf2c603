import { type Claim, isSameTime } from "../core/claim/claim.ts";
import type { Ledger, WriteWindow } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { canRepair, explainSecretError, GitHubError } from "../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import type { AuthJson, Encoding } from "../core/login/auth-json.ts";
import type { PublicKey } from "../ports/action.ts";
import type { HeldClaim } from "./claims.ts";
import { poll, repeat } from "./retry.ts";
import { SealedLogin } from "./sealed-login.ts";
import { secretNotFound, updatedAtSince } from "./secret-time.ts";
import type { OpenServices } from "./write-session.ts";
import { answeredWindow, expectedWindow, isWithin, lateWindow, WriteWindows } from "./write-windows.ts";

export interface WriteBackRequest {
  /** Goes into the secret. */
  readonly login: AuthJson;
  readonly encoding: Encoding;
  /** The secret's `updated_at` that nobody else may have moved. */
  readonly before: Date;
  /** Whether what the secret holds since that time is what this run was given, and may be replaced. Never, unless given. */
  readonly mayReplace?: (updatedAt: Date) => Promise<boolean>;
  /** Under which the generation before was spent, and which says where this one is; `null` for a fresh login. */
  readonly spent: { readonly name: string; readonly claim: Claim } | null;
  /** `null` when another phase, or another job, begins to write: it claims the generation first. */
  readonly held: HeldClaim | null;
  /** Which attempt to take over the claim of another who was to write it, and died. */
  readonly takeover?: number;
  /** 128 random bits, hexadecimal, that state knows. */
  readonly holder: string;
  /** The scope's key, where it is known already. */
  readonly key?: PublicKey | null;
  readonly timeoutMs: number;
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

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long GitHub may answer with the `updated_at` from before a write that it has acknowledged. */
const CONFIRM_WITHIN_MS = 20_000;

/** Longer than an answer may take. */
const LOOK_LASTS_MS = 30_000;
const MAXIMUM_TIMES_HELD_UP = 3;

type Step =
  | { readonly kind: "stored"; readonly updatedAt: Date | null }
  | { readonly kind: "settled" }
  | { readonly kind: "refused"; readonly failure: Failure }
  | { readonly kind: "failed"; readonly failure: Failure; readonly error: GitHubError };

type Writing = Pick<
  OpenServices,
  "session" | "claims" | "ledgerFile" | "writeCredential" | "box" | "clock" | "log" | "place" | "cancellation"
>;

/** Writes a generation into the secret, and over nobody else's write. See docs/design.md, "Write-back". */
export async function writeBack(services: Writing, request: WriteBackRequest): Promise<WriteBack> {
  const writing = new WriteBackRun(services, request);
  try {
    return await writing.run();
  } finally {
    await writing.release();
  }
}

class WriteBackRun {
  readonly #services: Writing;
  readonly #request: WriteBackRequest;
  readonly #sealed: SealedLogin;
  readonly #unanswered: WriteWindows;
  #before: Date;
  /** The claim on the generation itself, once we hold it. */
  #writeClaim: HeldClaim | null = null;
  #isFirst: boolean;
  /** When the last look at the secret was asked for: a machine that sleeps moves only one of the two clocks. */
  #lookedAt = { monotonicMs: 0, dateMs: 0 };
  #timesHeldUp = 0;
  #keyWasRefetched = false;

  constructor(services: Writing, request: WriteBackRequest) {
    this.#services = services;
    this.#request = request;
    this.#sealed = new SealedLogin(services, request);
    this.#unanswered = new WriteWindows(request.ledger?.writes ?? []);
    this.#before = request.before;
    this.#isFirst = request.held !== null;
  }

  async run(): Promise<WriteBack> {
    const { clock, log, cancellation } = this.#services;
    const deadlineMs = clock.monotonicMs() + this.#request.timeoutMs;
    const step = await repeat(
      clock,
      () => this.#attempt(),
      (outcome, attempt) => {
        if (outcome.kind !== "failed") return null;
        const { failure, error } = outcome;
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
        const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
        if (!canRepair(error) || cancellation.requested() || clock.monotonicMs() + waitMs > deadlineMs)
          return null;
        log.info(
          `${failure.message} Trying again in ${Math.round(waitMs / 1000)} s (attempt ${attempt} failed).`,
        );
        return waitMs;
      },
    );
    if (step.kind === "stored" || step.kind === "settled") return step;
    const rescue = await this.#sealed.rescue(this.#request.before);
    return { kind: step.kind === "failed" ? "pending" : "refused", failure: step.failure, rescue };
  }

  /** Lets go of the claim on the generation: whoever is given it may spend it. */
  async release(): Promise<void> {
    if (this.#writeClaim === null) return;
    const { name, claim } = this.#writeClaim;
    await this.#services.claims.giveBack({ name, holder: claim.holder });
  }

  async #attempt(): Promise<Step> {
    const { place, writeCredential } = this.#services;
    try {
      return (await this.#obstacle()) ?? (await this.#put());
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      const credential = writeCredential?.kind ?? "token";
      return {
        kind: "failed",
        failure: explainSecretError(error, { place, credential, workedEarlier: true }),
        error,
      };
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
    if (!this.#isFirst || held === null || !claims.isFresh(held)) {
      if (!(await this.#claimGeneration())) return { kind: "settled" };
    }
    const updatedAt = await this.#updatedAt();
    if (updatedAt === null) return { kind: "refused", failure: secretNotFound(place) };
    if (isSameTime(updatedAt, this.#before)) return null;
    if (this.#unanswered.cover(updatedAt)) return this.#settle(null);
    if (!(await mayReplace?.(updatedAt))) return { kind: "refused", failure: changedElsewhere(place) };
    this.#before = updatedAt;
    // That took its time: ask once more.
    if (isSameTime(await this.#updatedAt(), updatedAt)) return null;
    return { kind: "refused", failure: changedElsewhere(place) };
  }

  async #put(): Promise<Step> {
    const { place, session } = this.#services;
    const { store, serverClock } = session;
    const sealed = await this.#sealed.seal();
    const beganAt = await serverClock.now();
    await this.#writeDown(expectedWindow(beganAt));
    // The machine has slept, and another job may have gone on meanwhile: what is written then is claimed first.
    if (this.#lookIsOld) {
      this.#isFirst = false;
      this.#timesHeldUp += 1;
      return this.#timesHeldUp > MAXIMUM_TIMES_HELD_UP ? heldUp() : this.#attempt();
    }
    try {
      const outcome = await store.put(place.secretName, sealed);
      if (outcome === "created") {
        // It was deleted between our check and our write: that was meant.
        await store.remove(place.secretName);
        return { kind: "refused", failure: secretNotFound(place) };
      }
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      if (error.status === 422) {
        // Sealed to a key that GitHub has replaced.
        this.#sealed.forgetKey();
        if (!this.#keyWasRefetched) {
          this.#keyWasRefetched = true;
          this.#isFirst = false;
          return this.#attempt();
        }
      }
      const mayHaveLanded = error.status === null || error.status >= 500 || error.status === 408;
      if (mayHaveLanded) this.#unanswered.add(lateWindow(beganAt, await serverClock.now()));
      throw error;
    }
    const window = answeredWindow(beganAt, await serverClock.now());
    const updatedAt = await this.#confirmed();
    const isSure =
      updatedAt !== null && updatedAt.getTime() > this.#before.getTime() && isWithin(window, updatedAt);
    return this.#settle(isSure ? updatedAt : null);
  }

  /** Never throws: the secret matters more than our notes about it. */
  async #writeDown(window: WriteWindow): Promise<void> {
    const { ledger } = this.#request;
    const saved = ledger && { ...ledger, writes: [...ledger.writes, window] };
    if (saved) await this.#services.ledgerFile.save(saved).catch(() => {});
  }

  /** GitHub has acknowledged the write: whatever a look at it says now, it is done. */
  async #confirmed(): Promise<Date | null> {
    const { clock } = this.#services;
    try {
      return await poll(
        clock,
        { withinMs: CONFIRM_WITHIN_MS },
        () => this.#updatedAt(),
        (at) => at !== null && at.getTime() > this.#before.getTime(),
      );
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      return null;
    }
  }

  /** Only a write that was answered, and seen in its own seconds, says what the secret holds since when. */
  async #settle(updatedAt: Date | null): Promise<Step> {
    const { claims } = this.#services;
    const { spent, login } = this.#request;
    if (spent !== null) {
      const next = claims.nameOf(login);
      await claims.tell(
        spent.name,
        spent.claim,
        updatedAt === null
          ? { state: "rotated", next, after: null, released: true }
          : { state: "stored", next, after: updatedAt, released: true },
      );
    }
    return { kind: "stored", updatedAt };
  }

  /** @returns whether the generation is ours to write: whoever else holds it has gone on from it */
  async #claimGeneration(): Promise<boolean> {
    if (this.#writeClaim !== null) return true;
    const { claims } = this.#services;
    const { login, takeover, holder } = this.#request;
    const taking = await claims.take(claims.nameOf(login, takeover), {
      holder,
      state: "write",
      before: this.#before,
    });
    if (taking.kind === "theirs") {
      // Nobody is known to have gone on from it.
      if (taking.seen === null)
        throw new GitHubError("GitHub's API does not show who holds the claim of this login.", {
          status: null,
        });
      return false;
    }
    this.#writeClaim = taking.held;
    return true;
  }

  #updatedAt(): Promise<Date | null> {
    const { clock } = this.#services;
    const asked = (): void => {
      this.#lookedAt = { monotonicMs: clock.monotonicMs(), dateMs: clock.now().getTime() };
    };
    return updatedAtSince(this.#services, this.#before, asked);
  }

  get #lookIsOld(): boolean {
    const { clock } = this.#services;
    const { monotonicMs, dateMs } = this.#lookedAt;
    return Math.max(clock.monotonicMs() - monotonicMs, clock.now().getTime() - dateMs) > LOOK_LASTS_MS;
  }
}

function heldUp(): Step {
  const message = "This machine stood still between its last look at the secret and its write.";
  const hint = "Run maintenance now: it repairs the secret from the handoff.";
  return {
    kind: "failed",
    failure: new Failure("write-back-pending", message, hint),
    error: new GitHubError(message, { status: null }),
  };
}

function changedElsewhere(place: SecretLocation): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody else has written the ${describeLocation(place)} while this job refreshed the login. It is left alone.`,
    "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.",
  );
}
