import { type Claim, isSameTime } from "../core/claim/claim.ts";
import type { WriteWindow } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { canRepair, explainStoreError, GitHubError, type WriterKind } from "../core/failure/github-error.ts";
import { describePlace, type Place } from "../core/github/secret-location.ts";
import type { AuthJson, Encoding } from "../core/login/auth-json.ts";
import type { Clock, Log, PublicKey, SealedBox, SealedPayload, WriteSession } from "../ports/action.ts";
import type { Claims, HeldClaim } from "./claims.ts";
import { secretNotFound } from "./find-current.ts";
import { rescueCommand } from "./rescue-command.ts";
import { insist, poll } from "./retry.ts";

export interface WriteBackServices {
  readonly session: WriteSession;
  readonly claims: Claims;
  readonly writer: WriterKind;
  readonly box: SealedBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: Place;
  /** 128 random bits, hexadecimal, that state knows. */
  readonly holder: string;
  readonly cancelled: () => boolean;
}

export interface WriteBackRequest {
  /** Goes into the secret. */
  readonly document: AuthJson;
  readonly encoding: Encoding;
  /** The secret's `updated_at` that nobody else may have moved. */
  readonly before: Date;
  /** Whether what the secret holds since that time is what this run was handed, and may be replaced. */
  readonly mayReplace: (updatedAt: Date) => Promise<boolean>;
  /** Under which the generation before was spent, and which says where this one is; `null` for a fresh login. */
  readonly spent: { readonly name: string; readonly claim: Claim } | null;
  /** `null` when another phase, or another job, begins to write: it claims the generation first. */
  readonly held: HeldClaim | null;
  /** Which attempt to take over the claim of another who was to write it, and died. */
  readonly takeover?: number;
  readonly key: PublicKey | null;
  readonly patienceMs: number;
  /** Of an earlier phase, whose answers nobody has heard. */
  readonly writes: readonly WriteWindow[];
  /** Told before each write: should we be killed in it, post knows its work by that. */
  readonly begin: (window: WriteWindow) => Promise<void>;
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
const ASK_WITHIN_MS = 15_000;
/** How long GitHub may answer with the `updated_at` from before a write that it has acknowledged. */
const CONFIRM_WITHIN_MS = 20_000;
/** An answer from before a write has been reported to be given for seconds. */
const STALE_WITHIN_MS = 40_000;
/** GitHub's servers need not agree on the second, and `Date` has whole ones. */
const CLOCK_TOLERANCE_MS = 3_000;

type Step =
  | { readonly kind: "stored"; readonly updatedAt: Date | null }
  | { readonly kind: "settled" }
  | { readonly kind: "refused"; readonly failure: Failure }
  | { readonly kind: "failed"; readonly failure: Failure; readonly error: GitHubError };

/** Writes a generation into the secret, and over nobody else's write. See docs/design.md, "Write-back". */
export async function writeBack(services: WriteBackServices, request: WriteBackRequest): Promise<WriteBack> {
  const writing = new Writing(services, request);
  try {
    return await writing.run();
  } finally {
    await writing.release();
  }
}

class Writing {
  readonly #services: WriteBackServices;
  readonly #request: WriteBackRequest;
  #before: Date;
  #key: PublicKey | null;
  #sealed: SealedPayload | null = null;
  /** The claim on the generation itself, once we hold it. */
  #writeClaim: HeldClaim | null = null;
  #isFirst: boolean;
  /** When the last look at the secret was asked for: a machine that sleeps moves only one of the two clocks. */
  #lookedAt = { monotonicMs: 0, dateMs: 0 };
  /** The seconds in which a write of ours whose answer was lost may have landed. */
  readonly #unanswered: WriteWindow[];

  constructor(services: WriteBackServices, request: WriteBackRequest) {
    this.#services = services;
    this.#request = request;
    this.#before = request.before;
    this.#key = request.key;
    this.#isFirst = request.held !== null;
    this.#unanswered = [...request.writes];
  }

  async run(): Promise<WriteBack> {
    const { clock, log, cancelled } = this.#services;
    const deadlineMs = clock.monotonicMs() + this.#request.patienceMs;
    let pauseMs = FIRST_PAUSE_MS;
    for (let attempt = 1; ; attempt++) {
      const step = await this.#attempt();
      if (step.kind === "stored" || step.kind === "settled") return step;
      if (step.kind === "refused") return { ...step, rescue: await this.#rescue() };
      const { failure, error } = step;
      const waitMs = Math.max(pauseMs, error.retryAfterMs ?? 0);
      if (!canRepair(error) || cancelled() || clock.monotonicMs() + waitMs > deadlineMs)
        return { kind: "pending", failure, rescue: await this.#rescue() };
      log.info(
        `${failure.message} Trying again in ${Math.round(waitMs / 1000)} s (attempt ${attempt} failed).`,
      );
      await clock.sleep(waitMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  /** Lets go of the claim on the generation: whoever is handed it may spend it. */
  async release(): Promise<void> {
    if (this.#writeClaim === null) return;
    const { name, claim } = this.#writeClaim;
    await this.#services.claims.giveBack({ name, holder: claim.holder });
  }

  async #attempt(): Promise<Step> {
    const { place, writer, claims, session } = this.#services;
    const { held } = this.#request;
    try {
      const sealed = await this.#seal();
      // A phase that was held up, or that tries again, may have been overtaken meanwhile.
      if (!this.#isFirst || held === null || !claims.isFresh(held)) {
        if (!(await this.#claimGeneration())) return { kind: "settled" };
      }
      const metadata = await this.#metadata();
      if (metadata === null) return { kind: "refused", failure: secretNotFound(place) };
      const updatedAt = metadata;
      if (!isSameTime(updatedAt, this.#before)) {
        if (this.#isOurs(updatedAt)) return await this.#settle(null);
        if (!(await this.#request.mayReplace(updatedAt)))
          return { kind: "refused", failure: changedElsewhere(place) };
        this.#before = updatedAt;
        // That took its time: ask once more.
        if (!isSameTime((await this.#metadata()) ?? null, updatedAt))
          return { kind: "refused", failure: changedElsewhere(place) };
      }
      this.#isFirst = false;
      return await this.#put(session, sealed);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      this.#isFirst = false;
      return {
        kind: "failed",
        failure: explainStoreError(error, { place, writer, workedEarlier: true }),
        error,
      };
    }
  }

  async #put({ store, serverClock }: WriteSession, sealed: SealedPayload): Promise<Step> {
    const { place } = this.#services;
    const beganMs = (await serverClock.now()).getTime();
    const fromMs = beganMs - CLOCK_TOLERANCE_MS;
    await this.#request.begin({
      from: new Date(fromMs),
      to: new Date(beganMs + PUT_MS + CLOCK_TOLERANCE_MS),
    });
    // The machine has slept: somebody else may have gone on meanwhile.
    if (this.#lookIsOld) return this.#attempt();
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
        this.#key = null;
        this.#sealed = null;
        if (!this.#keyWasRefetched) {
          this.#keyWasRefetched = true;
          return this.#attempt();
        }
      }
      const mayHaveLanded = error.status === null || error.status >= 500 || error.status === 408;
      if (mayHaveLanded)
        this.#unanswered.push({
          from: new Date(fromMs),
          to: new Date((await serverClock.now()).getTime() + CLOCK_TOLERANCE_MS + LATE_MS),
        });
      throw error;
    }
    const toMs = (await serverClock.now()).getTime() + CLOCK_TOLERANCE_MS;
    const updatedAt = await this.#confirmed();
    const isSure =
      updatedAt !== null &&
      updatedAt.getTime() > this.#before.getTime() &&
      updatedAt.getTime() >= fromMs &&
      updatedAt.getTime() <= toMs;
    return this.#settle(isSure ? updatedAt : null);
  }

  #keyWasRefetched = false;

  /** GitHub has acknowledged the write: whatever a look at it says now, it is done. */
  async #confirmed(): Promise<Date | null> {
    const { clock } = this.#services;
    try {
      return await poll(
        clock,
        { withinMs: CONFIRM_WITHIN_MS },
        () => this.#metadata(),
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
    const { spent, document } = this.#request;
    if (spent !== null) {
      const next = claims.nameOf(document);
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

  #isOurs(updatedAt: Date): boolean {
    const at = updatedAt.getTime();
    return this.#unanswered.some(({ from, to }) => from.getTime() <= at && at <= to.getTime());
  }

  /** @returns whether the generation is ours to write: whoever else holds it has gone on from it */
  async #claimGeneration(): Promise<boolean> {
    if (this.#writeClaim !== null) return true;
    const { claims, holder } = this.#services;
    const { document, takeover } = this.#request;
    const taking = await claims.take(claims.nameOf(document, takeover), {
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

  async #metadata(): Promise<Date | null> {
    const { session, place, clock, log } = this.#services;
    const ask = (): Promise<Date | null> =>
      insist({ clock, log }, { withinMs: ASK_WITHIN_MS }, () => {
        this.#lookedAt = { monotonicMs: clock.monotonicMs(), dateMs: clock.now().getTime() };
        return session.store.metadata(place.secretName);
      }).then((metadata) => metadata?.updatedAt ?? null);
    // An answer from before a time that was seen already is an old one, and says nothing.
    const isOld = (at: Date | null): boolean => at !== null && at.getTime() < this.#before.getTime();
    const updatedAt = await poll(clock, { withinMs: STALE_WITHIN_MS }, ask, (at) => !isOld(at));
    if (!isOld(updatedAt)) return updatedAt;
    throw new GitHubError("GitHub's API answers with the secret's state of some time ago.", { status: null });
  }

  get #lookIsOld(): boolean {
    const { clock } = this.#services;
    const { monotonicMs, dateMs } = this.#lookedAt;
    return Math.max(clock.monotonicMs() - monotonicMs, clock.now().getTime() - dateMs) > LOOK_LASTS_MS;
  }

  async #seal(): Promise<SealedPayload> {
    const { box, session } = this.#services;
    const { document, encoding } = this.#request;
    this.#key ??= await session.store.publicKey();
    this.#sealed ??= await box.seal(document.content(encoding), this.#key);
    return this.#sealed;
  }

  /** The command that a person may run instead of us; `null` when nothing could be sealed. */
  async #rescue(): Promise<string | null> {
    const { place } = this.#services;
    try {
      return rescueCommand(place, await this.#seal(), this.#request.before);
    } catch (error) {
      if (error instanceof GitHubError) return null;
      throw error;
    }
  }
}

/** Longer than an answer may take. */
const LOOK_LASTS_MS = 30_000;
/** A write whose answer was lost may land a moment after we gave up on it. */
const LATE_MS = 5_000;
/** A write has ten seconds, and that moment. */
const PUT_MS = 15_000;

function changedElsewhere(place: Place): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody else has written the ${describePlace(place)} while this job refreshed the login. It is left alone.`,
    "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, the handoff keeps this job's login: run maintenance, or use the printed command.",
  );
}
