import { join } from "node:path";
import { Document } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { explainStoreError, GitHubError } from "../core/github-error.ts";
import type { Place } from "../core/place.ts";
import type {
  Cancellation,
  Clock,
  DeviceLogin,
  Files,
  HandoverCache,
  Log,
  Randomness,
  RunInformation,
  SealedBox,
  Writer,
  WriterSession,
} from "../ports.ts";
import { refusePublicReseed } from "./guards.ts";
import { maskTokens } from "./handed.ts";
import { authPath, loginDirectory } from "./home.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { acquireLock, type Lock, type LockCollaborators, releaseLock } from "./lock.ts";
import { storeUpdatedAt } from "./prove-currency.ts";
import { type PublishOutcome, publish } from "./publish.ts";

export interface ReseedCollaborators {
  readonly deviceLogin: () => Promise<DeviceLogin>;
  readonly writer: Writer;
  readonly box: SealedBox;
  readonly handover: HandoverCache;
  readonly runInformation: RunInformation;
  /** @param holder the document that opens it */
  readonly ledgerFile: (holder: Document) => LedgerFile;
  readonly files: Files;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly cancellation: Cancellation;
  readonly place: Place;
}

export interface ReseedRequest {
  /** What the secret handed to the job; `null` when that is no login any more. */
  readonly handed: Document | null;
  readonly expectedAccountId: string | null;
  readonly visibility: "public" | "private" | "unknown";
  readonly base: string;
  /** Of Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A lock that a dead machine left ends within ten minutes. */
const LOCK_WAIT_MS = 11 * 60_000;
const LOCK_POLL_MS = 5_000;
const PUBLISH_PATIENCE_MS = 240_000;

/**
 * Lets a person log in afresh, from a link and a one-time code in the log, and stores that login.
 *
 * @returns how the store took it; the ledger holds the fresh document
 * @throws {Failure} `reseed-failed`, `reseed-other-account`, and what keeps the writer from its store
 */
export async function reseed(
  collaborators: ReseedCollaborators,
  request: ReseedRequest,
): Promise<PublishOutcome> {
  return new Reseed(collaborators, request).run();
}

class Reseed {
  readonly #collaborators: ReseedCollaborators;
  readonly #request: ReseedRequest;

  constructor(collaborators: ReseedCollaborators, request: ReseedRequest) {
    this.#collaborators = collaborators;
    this.#request = request;
  }

  async run(): Promise<PublishOutcome> {
    const { runInformation } = this.#collaborators;
    const { visibility } = this.#request;
    // What cannot be learnt counts as public: the one-time code stands in the log.
    if (visibility === "unknown" && (await runInformation.visibility()) !== "private") refusePublicReseed();
    const expectedAccountId = this.#expectedAccountId();
    // Before a person is asked for anything: can we store what we ask for?
    const expectedUpdatedAt = await this.#withWriter(async (collaborators) => {
      const updatedAt = await storeUpdatedAt(collaborators.session, collaborators.place);
      const lock = await acquireLock(collaborators);
      if (lock.kind === "held") await releaseLock(collaborators, lock);
      return updatedAt;
    });
    const document = await this.#logIn();
    if (document.accountId !== expectedAccountId) throw otherAccount();
    // A person's work: post has it, should GitHub fail just now.
    const { handed } = this.#request;
    await this.#collaborators
      .ledgerFile(handed ?? document)
      .save({ document, predecessor: handed, expectedUpdatedAt, published: false, attempts: [] })
      .catch(() => this.#collaborators.log.info("The ledger of this job could not be written to disk."));
    return this.#withWriter((collaborators) => this.#store(document, expectedUpdatedAt, collaborators));
  }

  #expectedAccountId(): string {
    const { handed, expectedAccountId } = this.#request;
    const known = expectedAccountId ?? handed?.accountId;
    if (known !== undefined) return known;
    throw new Failure(
      "input-invalid",
      "The secret holds no login, so this job cannot know whose a fresh one must be.",
      "Set `expected-account-id` to the account's ID: `jq -r .tokens.account_id` of any auth.json of it.",
    );
  }

  /** In a fresh home: in any other, Codex would first revoke the login that is there. */
  async #logIn(): Promise<Document> {
    const { deviceLogin, files, randomness, log, cancellation } = this.#collaborators;
    const { base, environment } = this.#request;
    const home = join(loginDirectory(base), `reseed-${Buffer.from(randomness.bytes(6)).toString("hex")}`);
    const login = await deviceLogin();
    await files.makePrivateDirectory(loginDirectory(base));
    await files.makePrivateDirectory(home);
    try {
      log.info("Somebody must log in now. Do so within 15 minutes; cancel the run to give up.");
      const output = (line: string): void => log.info(line);
      const { exitCode } = await login.run({ home, environment, output, cancellation });
      if (cancellation.requested())
        throw new Failure(
          "cancelled",
          "The job was cancelled before anybody had logged in.",
          "Run it again.",
        );
      const text = await files.read(authPath(home));
      if (exitCode !== 0 || text === null) throw notLoggedIn();
      const document = readFresh(text);
      maskTokens(document, log);
      log.info(`Logged in: generation ${document.generation}.`);
      return document;
    } finally {
      await files.remove(home);
    }
  }

  async #store(
    document: Document,
    expectedUpdatedAt: Date,
    collaborators: LockCollaborators,
  ): Promise<PublishOutcome> {
    const { ledgerFile, handover, cancellation, box, clock, log, place } = this.#collaborators;
    const { session, writer } = collaborators;
    const { handed } = this.#request;
    const lock = await this.#waitForLock(collaborators);
    try {
      return await publish(
        {
          writer,
          box,
          handover,
          ledgerFile: ledgerFile(handed ?? document),
          clock,
          log,
          place,
          encoding: handed?.encoding ?? "json",
          handed: handed ?? document,
        },
        {
          ledger: { document, predecessor: handed, expectedUpdatedAt, published: false, attempts: [] },
          session,
          key: lock.key,
          patienceMs: PUBLISH_PATIENCE_MS,
          cancelled: () => cancellation.requested(),
        },
      );
    } finally {
      await releaseLock(collaborators, lock);
    }
  }

  async #waitForLock(collaborators: LockCollaborators): Promise<Lock> {
    const { clock, log, cancellation } = this.#collaborators;
    const deadlineMs = clock.monotonicMs() + LOCK_WAIT_MS;
    for (let polls = 0; ; polls++) {
      const attempt = await acquireLock(collaborators);
      if (attempt.kind === "held") return attempt;
      if (cancellation.requested() || clock.monotonicMs() + LOCK_POLL_MS > deadlineMs) throw lockBusy();
      if (polls === 0)
        log.info("A keeper is refreshing the old login. Waiting for it, eleven minutes at most.");
      await clock.sleep(LOCK_POLL_MS);
    }
  }

  async #withWriter<Result>(act: (collaborators: LockCollaborators) => Promise<Result>): Promise<Result> {
    const { writer, box, place, clock, log } = this.#collaborators;
    let session: WriterSession | null = null;
    try {
      session = await writer.open();
      return await act({ session, writer: writer.kind, box, place, clock, log });
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      throw explainStoreError(error, { place, writer: writer.kind, workedEarlier: false });
    } finally {
      await session?.close();
    }
  }
}

function readFresh(text: string): Document {
  try {
    return Document.parse(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure("reseed-failed", `Codex left an unusable login: ${error.message}`, error.hint, {
      cause: error,
    });
  }
}

function notLoggedIn(): Failure {
  return new Failure(
    "reseed-failed",
    "Nobody has logged in: the one-time code was not used, or Codex says above what went wrong. The secret is as it was.",
    "Start a new run and use its code within 15 minutes. Device logins must be allowed in the account's or the workspace's security settings at ChatGPT.",
  );
}

function otherAccount(): Failure {
  return new Failure(
    "reseed-other-account",
    "Somebody has logged in with another ChatGPT account than the one that this secret is for. Nothing was stored.",
    "Log in with the account that was there before, or, to change it on purpose, set `expected-account-id`.",
  );
}

function lockBusy(): Failure {
  return new Failure(
    "lock-busy",
    "A keeper has held the lock of this login the whole time, so the fresh login was not stored.",
    "Run this again when no keeper runs; give it the keepers' `concurrency:` group.",
  );
}
