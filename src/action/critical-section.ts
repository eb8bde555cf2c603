import type { Document } from "../core/document.ts";
import { remainingMs } from "../core/due.ts";
import { describeDuration } from "../core/duration.ts";
import {
  consequenceOf,
  explainFailedRefresh,
  type FailedRefresh,
  mayBorrow,
  type Standing,
  vitality,
} from "../core/failed-refresh.ts";
import { Failure } from "../core/failure.ts";
import { explainStoreError, GitHubError } from "../core/github-error.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Place } from "../core/place.ts";
import { reseedHint } from "../core/reseed.ts";
import { warnOfWriterExpiry } from "../core/writer-expiry.ts";
import type {
  Cancellation,
  Clock,
  CodexRefresher,
  Files,
  HandoverCache,
  Log,
  Randomness,
  RunInformation,
  SealedBox,
  StepChannel,
  Writer,
  WriterSession,
} from "../ports.ts";
import { maskTokens } from "./handed.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { acquireLock, type Lock, releaseLock, SECTION_MS } from "./lock.ts";
import { makePrivateHome, noRoom, type PrivateHome } from "./private-home.ts";
import {
  askChain,
  explainMissingProof,
  proveCurrency,
  secretNotFound,
  storeUpdatedAt,
} from "./prove-currency.ts";
import { type PublishOutcome, publish } from "./publish.ts";
import { type RefreshOutcome, refresh, type StartedProcess } from "./refresh.ts";
import { saveNotice } from "./report.ts";
import { saveCriticalSection } from "./session.ts";

export interface CriticalSectionCollaborators {
  readonly writer: Writer;
  readonly box: SealedBox;
  readonly handover: HandoverCache;
  readonly runInformation: RunInformation;
  readonly refresher: () => Promise<CodexRefresher>;
  readonly ledgerFile: LedgerFile;
  readonly files: Files;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly cancellation: Cancellation;
  readonly place: Place;
}

export interface CriticalSectionRequest {
  readonly handed: Document;
  readonly base: string;
  /** Of the app-server: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asked again of the document that turns out to be current. */
  readonly due: (document: Document) => boolean;
  /** `forced`: a section that did not rotate has failed, whatever the access token is still good for. */
  readonly insistence: "forced" | "when-due";
  readonly minimumLifetimeMs: number;
  /** When our first phase began, on the monotonic clock. */
  readonly beganMonotonicMs: number;
}

export type CriticalSectionOutcome =
  | {
      readonly kind: "refreshed";
      readonly ledger: Ledger;
      readonly rotated: boolean;
      readonly publication: PublishOutcome;
    }
  /** Proven to be current, and nothing was due. */
  | { readonly kind: "kept"; readonly ledger: Ledger }
  /** Not proven, or not refreshed: the job lives on an access token. */
  | { readonly kind: "borrowed"; readonly document: Document; readonly because: Failure };

const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 5_000;
const PUBLISH_PATIENCE_MS = 240_000;
/** The longest that one try of a refresh and one attempt of a publish after it may take. */
const REFRESH_AND_STORE_MS = 150_000;

/**
 * Proves that we may rotate, lets Codex rotate, and stores the result twice. No user code runs meanwhile.
 * See docs/design.md, "Life of a keeper job".
 *
 * @throws {Failure} when the job can neither refresh nor borrow, or a person must repair the set-up
 */
export async function criticalSection(
  collaborators: CriticalSectionCollaborators,
  request: CriticalSectionRequest,
): Promise<CriticalSectionOutcome> {
  const section = new CriticalSection(collaborators, request);
  const { writer, place } = collaborators;
  let session: WriterSession;
  try {
    session = await writer.open();
  } catch (error) {
    return section.borrow(request.handed, explain(error, writer.kind, place));
  }
  try {
    return await section.run(session);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return section.borrow(request.handed, explain(error, writer.kind, place));
  } finally {
    const now = await session.serverClock.now().catch(() => collaborators.clock.now());
    const notice = warnOfWriterExpiry(session.expiresAt(), now);
    if (notice) {
      collaborators.log.warning(`${notice.message} ${notice.hint}`);
      saveNotice(collaborators.channel, notice);
    }
    await session.close();
  }
}

/** The writer's session, and the lock that it holds. */
interface HeldLock {
  readonly session: WriterSession;
  readonly lock: Lock;
}

class CriticalSection {
  readonly #collaborators: CriticalSectionCollaborators;
  readonly #request: CriticalSectionRequest;

  constructor(collaborators: CriticalSectionCollaborators, request: CriticalSectionRequest) {
    this.#collaborators = collaborators;
    this.#request = request;
  }

  async run(session: WriterSession): Promise<CriticalSectionOutcome> {
    const { place, writer, box, clock, log } = this.#collaborators;
    // Before anything is created: is this the place at all?
    if ((await session.store.metadata(place.secretName)) === null) await this.#explainMissingSecret(session);
    const lockCollaborators = { session, writer: writer.kind, box, place, clock, log };
    const lock = await this.#waitForLock(() => acquireLock(lockCollaborators));
    if (lock === null) return this.borrow(this.#request.handed, lockBusy());
    let unforeseen = false;
    try {
      return await this.#underLock(session, lock);
    } catch (error) {
      unforeseen = !isForeseen(error);
      throw error;
    } finally {
      // What nobody foresaw is finished by post, under this very lock.
      if (!unforeseen) await releaseLock(lockCollaborators, lock);
    }
  }

  /** Lets a job go on as a borrower where that is possible; otherwise throws what stood in the way. */
  borrow(document: Document, because: Failure): CriticalSectionOutcome {
    if (!mayBorrow(this.#standing(document)) || SET_UP_FAULTS.has(because.code)) throw because;
    return { kind: "borrowed", document, because };
  }

  #standing(document: Document): Omit<Standing, "triesLeft"> {
    const { insistence, minimumLifetimeMs } = this.#request;
    const now = this.#collaborators.clock.now();
    return { accessToken: vitality(document, { now, minimumLifetimeMs }), insistence };
  }

  /** @returns `null` when another keeper holds it and we need not wait, or have waited long enough */
  async #waitForLock(acquire: () => ReturnType<typeof acquireLock>): Promise<Lock | null> {
    const { clock, log, cancellation } = this.#collaborators;
    const deadlineMs = clock.monotonicMs() + LOCK_WAIT_MS;
    const needNotWait = mayBorrow(this.#standing(this.#request.handed));
    for (let polls = 0; ; polls++) {
      const attempt = await acquire();
      if (attempt.kind === "held") return attempt;
      if (needNotWait || cancellation.requested() || clock.monotonicMs() + LOCK_POLL_MS > deadlineMs)
        return null;
      if (polls === 0)
        log.info("Another keeper is refreshing this login. Waiting for it, two minutes at most.");
      await clock.sleep(LOCK_POLL_MS);
    }
  }

  async #underLock(session: WriterSession, lock: Lock): Promise<CriticalSectionOutcome> {
    const { ledgerFile, log } = this.#collaborators;
    const { handed } = this.#request;
    const held = { session, lock };
    let job = await ledgerFile.load();
    if (job && !job.published) {
      const outcome = await this.#publish(job, held);
      if (outcome.kind !== "published") return this.borrow(job.document, outcome.failure);
      job = outcome.ledger;
    }
    const { beganMonotonicMs } = this.#request;
    const proof = { handed, ledger: job, session, beganMonotonicMs };
    const { currency, chain, updatedAt } = await proveCurrency(this.#collaborators, proof);
    maskTokens(chain.newest, log);
    let ledger: Ledger;
    switch (currency.kind) {
      case "stale":
        return this.borrow(currency.newest, explainMissingProof(currency.missing));
      case "current":
        ledger = {
          document: currency.document,
          predecessor: chain.predecessor,
          expectedUpdatedAt: updatedAt,
          published: true,
          attempts: [],
        };
        if (!currency.document.isSameGeneration(handed)) {
          log.info(
            `Took generation ${currency.document.generation} from the hand-over: the secret of this run is older.`,
          );
        }
        break;
      case "heal": {
        log.info(
          `An earlier run could not store generation ${currency.document.generation}; storing it now from the hand-over.`,
        );
        const { document, predecessor } = currency;
        const healed = await this.#publish(
          { document, predecessor, expectedUpdatedAt: updatedAt, published: false, attempts: [] },
          held,
        );
        if (healed.kind !== "published") return this.borrow(document, healed.failure);
        ledger = healed.ledger;
      }
    }
    await ledgerFile.save(ledger).catch((error: unknown) => {
      throw noRoom(error);
    });
    if (!this.#request.due(ledger.document)) return { kind: "kept", ledger };
    return this.#refresh(ledger, held);
  }

  async #refresh(ledger: Ledger, held: HeldLock): Promise<CriticalSectionOutcome> {
    const { clock, log, ledgerFile, cancellation } = this.#collaborators;
    if (cancellation.requested()) throw cancelled();
    const { document } = ledger;
    const timeLeft = (): boolean => this.#msLeft(held.lock) >= REFRESH_AND_STORE_MS;
    // Installed only now, and that may take its time.
    const refresher = await this.#collaborators.refresher();
    if (!timeLeft()) return this.borrow(document, tooLate());
    const tools = { refresher, timeLeft };
    return this.#inPrivateHome(ledger, { document, lock: held.lock }, async (place, started) => {
      const startedMs = clock.monotonicMs();
      let outcome = await this.#tryRefresh(document, { ...tools, place, started });
      if (isRejection(outcome) && timeLeft())
        outcome = await this.#askForTheCause(ledger, { ...tools, held, outcome });
      if (outcome.kind === "failed") return this.#afterFailedRefresh(ledger, outcome.failed, held.session);

      const rotated = outcome.kind === "rotated";
      const took = describeDuration(clock.monotonicMs() - startedMs);
      const left = describeDuration(remainingMs(outcome.document, clock.now()));
      log.info(
        rotated
          ? `Codex rotated generation ${document.generation} to ${outcome.document.generation} in ${took} (access token valid ${left}).`
          : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`,
      );
      const next: Ledger = {
        document: outcome.document,
        predecessor: document,
        expectedUpdatedAt: ledger.expectedUpdatedAt,
        published: false,
        attempts: [],
      };
      await ledgerFile
        .save(next)
        .catch(() => log.info("The ledger of this job could not be written to disk."));
      const publication = await this.#publish(next, held);
      return { kind: "refreshed", ledger: publication.ledger, rotated, publication };
    });
  }

  /**
   * Codex does not say why a refresh that it was asked for was refused; it does when it refreshes an expired access
   * token by itself. The refresh token is dead by then; should it not be, this is one more try.
   */
  async #askForTheCause(
    ledger: Ledger,
    {
      held,
      outcome: refused,
      ...tools
    }: { refresher: CodexRefresher; timeLeft: () => boolean; held: HeldLock; outcome: RefreshOutcome },
  ): Promise<RefreshOutcome> {
    const document = ledger.document.withExpiredAccessToken();
    return this.#inPrivateHome(ledger, { document, lock: held.lock }, async (place, started) => {
      const outcome = await this.#tryRefresh(document, { ...tools, place, started });
      return outcome.kind === "failed" && outcome.failed.kind === "transient" ? refused : outcome;
    });
  }

  #tryRefresh(
    document: Document,
    {
      refresher,
      ...request
    }: {
      refresher: CodexRefresher;
      timeLeft: () => boolean;
      place: PrivateHome;
      started: StartedProcess;
    },
  ): Promise<RefreshOutcome> {
    const { files, clock, log } = this.#collaborators;
    const { environment } = this.#request;
    const fallback = this.#standing(document);
    return refresh({ refresher, files, clock, log }, { ...request, document, environment, fallback });
  }

  /** Runs an act on a whole document in a private home that post knows of, and wipes it: here, or in post. */
  async #inPrivateHome<Result>(
    ledger: Ledger,
    { document, lock }: { document: Document; lock: Lock },
    act: (place: PrivateHome, started: StartedProcess) => Promise<Result>,
  ): Promise<Result> {
    const { files, randomness, channel, log, handover } = this.#collaborators;
    const { handed, base } = this.#request;
    const known = { expectedUpdatedAt: ledger.expectedUpdatedAt.toISOString(), lockTakenMs: lock.takenMs };
    const place = await makePrivateHome(files, randomness, { base, document, handed });
    const { directory } = place;
    const wipe = async (): Promise<void> => {
      await files
        .remove(directory)
        .catch(() => log.warning("A private directory of the refresh could not be removed."));
      saveCriticalSection(channel, null);
    };
    try {
      saveCriticalSection(channel, { directory, process: null, ...known });
      const result = await act(place, async (process) => {
        saveCriticalSection(channel, { directory, process, ...known });
        handover.prepare();
      });
      await wipe();
      return result;
    } catch (error) {
      // Anything unforeseen may have left a rotated document there, which post then finds and publishes.
      if (isForeseen(error)) await wipe();
      throw error;
    }
  }

  /** A token that is called dead may only be an old one: the chain and the store are asked once more. */
  async #afterFailedRefresh(
    ledger: Ledger,
    failed: FailedRefresh,
    session: WriterSession,
  ): Promise<CriticalSectionOutcome> {
    const { handover, log, place } = this.#collaborators;
    const chain = await askChain({ handed: ledger.document, ledger: null }, handover);
    if (!chain.newest.isSameGeneration(ledger.document)) {
      maskTokens(chain.newest, log);
      return this.borrow(chain.newest, explainMissingProof("store-is-newer"));
    }
    const updatedAt = await storeUpdatedAt(session, this.#collaborators.place);
    if (updatedAt.getTime() !== ledger.expectedUpdatedAt.getTime()) {
      return this.borrow(ledger.document, explainMissingProof("store-is-newer"));
    }
    const failure = explainFailedRefresh(failed, reseedHint(place));
    const standing = { ...this.#standing(ledger.document), triesLeft: 0 };
    if (consequenceOf(failed, standing) === "stop") throw failure;
    return { kind: "borrowed", document: ledger.document, because: failure };
  }

  #msLeft({ takenMs }: Lock): number {
    return takenMs + SECTION_MS - this.#collaborators.clock.monotonicMs();
  }

  #publish(ledger: Ledger, { session, lock }: HeldLock): Promise<PublishOutcome> {
    const { cancellation } = this.#collaborators;
    return publish(this.#publisher(), {
      ledger,
      session,
      key: lock.key,
      patienceMs: Math.min(PUBLISH_PATIENCE_MS, this.#msLeft(lock)),
      cancelled: () => cancellation.requested(),
    });
  }

  #publisher(): Parameters<typeof publish>[0] {
    const { writer, box, handover, ledgerFile, clock, log, place } = this.#collaborators;
    const { handed } = this.#request;
    return {
      writer: writer.kind,
      box,
      handover,
      ledgerFile,
      clock,
      log,
      place,
      encoding: handed.encoding,
      handed,
    };
  }

  async #explainMissingSecret({ store }: WriterSession): Promise<never> {
    // A scope that the writer cannot see answers like one without the secret; its key tells them apart.
    await store.publicKey();
    throw secretNotFound(this.#collaborators.place);
  }
}

/** Faults of the set-up: a job that went on would hide them until the access token is over. */
const SET_UP_FAULTS = new Set<Failure["code"]>([
  "writer-rejected",
  "writer-revoked",
  "writer-forbidden",
  "writer-cannot-reach-repository",
  "app-invalid",
  "app-not-installed",
  "app-permission-missing",
  "secret-not-found",
  "secret-limit",
  "lock-foreign",
  "codex-missing",
  "home-unwritable",
]);

function isForeseen(error: unknown): boolean {
  return error instanceof Failure || error instanceof GitHubError;
}

function explain(error: unknown, writer: Writer["kind"], place: Place): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof GitHubError) return explainStoreError(error, { place, writer, workedEarlier: false });
  throw error;
}

function lockBusy(): Failure {
  return new Failure(
    "lock-busy",
    "Another keeper has been refreshing this login the whole time, so this job did not.",
    "Give all keepers of this login one `concurrency:` group; a lock that a dead machine left ends within ten minutes.",
  );
}

function tooLate(): Failure {
  return new Failure(
    "refresh-failed",
    "Everything before the refresh took so long that there was no time left for it while this job holds the lock. Nothing was refreshed.",
    "This usually passes: run the job again, and see githubstatus.com.",
  );
}

function isRejection(outcome: RefreshOutcome): boolean {
  return (
    outcome.kind === "failed" &&
    outcome.failed.kind === "permanent" &&
    outcome.failed.code === "refresh-rejected"
  );
}

export function cancelled(): Failure {
  return new Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}
