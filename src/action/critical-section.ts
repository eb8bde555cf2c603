import type { Document } from "../core/document.ts";
import { remainingMs } from "../core/due.ts";
import { describeDuration } from "../core/duration.ts";
import { Failure } from "../core/failure.ts";
import { explainStoreError, GitHubError } from "../core/github-error.ts";
import type { Ledger } from "../core/ledger.ts";
import type { Place } from "../core/place.ts";
import type {
  Cancellation,
  Clock,
  CodexRefresher,
  Files,
  HandoverCache,
  Log,
  PublicKey,
  Randomness,
  RunInformation,
  SealedBox,
  StepChannel,
  Writer,
  WriterSession,
} from "../ports.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { acquireLock, releaseLock } from "./lock.ts";
import { makePrivateHome, type PrivateHome } from "./private-home.ts";
import {
  askChain,
  explainMissingProof,
  proveCurrency,
  secretNotFound,
  storeUpdatedAt,
} from "./prove-currency.ts";
import { type PublishOutcome, publish } from "./publish.ts";
import { type RefreshOutcome, refresh, type StartedProcess } from "./refresh.ts";
import { maskTokens } from "./restore.ts";
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
  /** The job's home, whose config.toml Codex shall obey. */
  readonly home: string;
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
    warnOfExpiry(session, now, collaborators.log);
    await session.close();
  }
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
    try {
      return await this.#underLock(session, lock.key);
    } finally {
      await releaseLock(lockCollaborators);
    }
  }

  /** Lets a job go on as a borrower where that is possible; otherwise throws what stood in the way. */
  borrow(document: Document, because: Failure): CriticalSectionOutcome {
    const { insistence, minimumLifetimeMs } = this.#request;
    const leftMs = remainingMs(document, this.#collaborators.clock.now());
    if (insistence === "forced" || leftMs < minimumLifetimeMs || NEEDS_A_PERSON.has(because.code))
      throw because;
    return { kind: "borrowed", document, because };
  }

  /** @returns `null` when another keeper holds it and we need not wait, or have waited long enough */
  async #waitForLock(acquire: () => ReturnType<typeof acquireLock>): Promise<{ key: PublicKey } | null> {
    const { clock, log, cancellation } = this.#collaborators;
    const { handed, insistence, minimumLifetimeMs } = this.#request;
    const deadlineMs = clock.monotonicMs() + LOCK_WAIT_MS;
    const mayBorrow = insistence === "when-due" && remainingMs(handed, clock.now()) >= minimumLifetimeMs;
    for (let polls = 0; ; polls++) {
      const attempt = await acquire();
      if (attempt.kind === "held") return attempt;
      if (mayBorrow || cancellation.requested() || clock.monotonicMs() + LOCK_POLL_MS > deadlineMs)
        return null;
      if (polls === 0)
        log.info("Another keeper is refreshing this login. Waiting for it, two minutes at most.");
      await clock.sleep(LOCK_POLL_MS);
    }
  }

  async #underLock(session: WriterSession, key: PublicKey): Promise<CriticalSectionOutcome> {
    const { ledgerFile, log, cancellation } = this.#collaborators;
    const { handed } = this.#request;
    const publishRequest = {
      session,
      key,
      patienceMs: PUBLISH_PATIENCE_MS,
      cancelled: () => cancellation.requested(),
    };
    let job = await ledgerFile.load();
    if (job && !job.published) {
      const outcome = await publish(this.#publisher(), { ...publishRequest, ledger: job });
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
        const healed = await publish(this.#publisher(), {
          ...publishRequest,
          ledger: { document, predecessor, expectedUpdatedAt: updatedAt, published: false, attempts: [] },
        });
        if (healed.kind !== "published") return this.borrow(document, healed.failure);
        ledger = healed.ledger;
      }
    }
    await ledgerFile.save(ledger);
    if (!this.#request.due(ledger.document)) return { kind: "kept", ledger };
    return this.#refresh(ledger, session, publishRequest);
  }

  async #refresh(
    ledger: Ledger,
    session: WriterSession,
    publishRequest: { session: WriterSession; key: PublicKey; patienceMs: number; cancelled: () => boolean },
  ): Promise<CriticalSectionOutcome> {
    const { files, clock, log, ledgerFile, cancellation } = this.#collaborators;
    const { environment } = this.#request;
    if (cancellation.requested()) throw cancelled();
    const { document } = ledger;
    return this.#inPrivateHome(ledger, document, async (place, started) => {
      const startedMs = clock.monotonicMs();
      const refresher = await this.#collaborators.refresher();
      const request = { environment, started };
      let outcome = await refresh({ refresher, files, clock, log }, { ...request, document, place });
      if (outcome.kind === "failed" && outcome.failure.code === "refresh-rejected") {
        outcome = await this.#askForTheCause(ledger, outcome);
      }
      if (outcome.kind === "failed") return this.#afterFailedRefresh(ledger, outcome.failure, session);

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
      const publication = await publish(this.#publisher(), { ...publishRequest, ledger: next });
      return { kind: "refreshed", ledger: publication.ledger, rotated, publication };
    });
  }

  /**
   * Codex does not say why a refresh that it was asked for was refused; it does when it refreshes an expired access
   * token by itself. The refresh token is dead by then; should it not be, this is one more try.
   */
  async #askForTheCause(
    ledger: Ledger,
    refused: Extract<RefreshOutcome, { kind: "failed" }>,
  ): Promise<RefreshOutcome> {
    const { files, clock, log } = this.#collaborators;
    const document = ledger.document.withExpiredAccessToken();
    const refresher = await this.#collaborators.refresher();
    return this.#inPrivateHome(ledger, document, async (place, started) => {
      const request = { environment: this.#request.environment, started };
      const outcome = await refresh({ refresher, files, clock, log }, { ...request, document, place });
      return outcome.kind === "failed" && !outcome.permanent ? refused : outcome;
    });
  }

  /** Runs an act on a whole document in a private home that post knows of, and wipes it: here, or in post. */
  async #inPrivateHome<Result>(
    ledger: Ledger,
    document: Document,
    act: (place: PrivateHome, started: StartedProcess) => Promise<Result>,
  ): Promise<Result> {
    const { files, randomness, channel } = this.#collaborators;
    const { handed, base, home } = this.#request;
    const expectedUpdatedAt = ledger.expectedUpdatedAt.toISOString();
    const place = await makePrivateHome(files, randomness, { base, document, handed, configFrom: home });
    const { directory } = place;
    const wipe = async (): Promise<void> => {
      await files.remove(directory);
      saveCriticalSection(channel, null);
    };
    try {
      saveCriticalSection(channel, { directory, process: null, expectedUpdatedAt });
      const result = await act(place, async (process) =>
        saveCriticalSection(channel, { directory, process, expectedUpdatedAt }),
      );
      await wipe();
      return result;
    } catch (error) {
      // Anything unforeseen may have left a rotated document there, which post then finds and publishes.
      if (error instanceof Failure || error instanceof GitHubError) await wipe();
      throw error;
    }
  }

  /** A token that is called dead may only be an old one: the chain and the store are asked once more. */
  async #afterFailedRefresh(
    ledger: Ledger,
    failure: Failure,
    session: WriterSession,
  ): Promise<CriticalSectionOutcome> {
    const { handover, log } = this.#collaborators;
    const chain = await askChain({ handed: ledger.document, ledger: null }, handover);
    if (!chain.newest.isSameGeneration(ledger.document)) {
      maskTokens(chain.newest, log);
      return this.borrow(chain.newest, explainMissingProof("store-is-newer"));
    }
    const updatedAt = await storeUpdatedAt(session, this.#collaborators.place);
    if (updatedAt.getTime() !== ledger.expectedUpdatedAt.getTime()) {
      return this.borrow(ledger.document, explainMissingProof("store-is-newer"));
    }
    return this.borrow(ledger.document, failure);
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
const NEEDS_A_PERSON = new Set<Failure["code"]>([
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

export function cancelled(): Failure {
  return new Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}

const EXPIRY_WARNING_MS = 14 * 86_400_000;

function warnOfExpiry(session: WriterSession, now: Date, log: Log): void {
  const expiresAt = session.expiresAt();
  // An installation token's hour is not news.
  if (expiresAt === null || expiresAt.getTime() - now.getTime() > EXPIRY_WARNING_MS) return;
  if (expiresAt.getTime() - now.getTime() < 0) return;
  log.warning(
    `The token in \`secret-write-token\` expires on ${expiresAt.toISOString().slice(0, 10)}. Make a new one before that day.`,
  );
}
