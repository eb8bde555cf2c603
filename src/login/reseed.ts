import { join } from "node:path";
import { Failure } from "../core/failure/failure.ts";
import { explainStoreError, GitHubError } from "../core/failure/github-error.ts";
import { refusePublicReseed } from "../core/failure/public-reseed.ts";
import type { Place } from "../core/github/secret-location.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import type {
  Cancellation,
  Clock,
  DeviceLogin,
  Files,
  HandoffCache,
  Log,
  Randomness,
  RunInformation,
  SealedBox,
  WriteCredential,
  WriteSession,
} from "../ports/action.ts";
import { type Claimant, Claims } from "./claims.ts";
import { secretNotFound } from "./find-current.ts";
import { saveNotes } from "./handoff.ts";
import { authPath, loginDirectory } from "./home.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { proveWritable } from "./prove-write.ts";
import { maskTokens } from "./read-login.ts";
import { insist } from "./retry.ts";
import { recordWrite, type StoreOutcome, settleLedger } from "./store-outcome.ts";
import { writeBack } from "./write-back.ts";

export interface ReseedServices {
  readonly deviceLogin: () => Promise<DeviceLogin>;
  readonly writer: WriteCredential;
  readonly box: SealedBox;
  readonly handoff: HandoffCache;
  readonly runInformation: RunInformation;
  /** @param holder the document that opens it */
  readonly ledgerFile: (holder: AuthJson) => LedgerFile;
  readonly files: Files;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly cancellation: Cancellation;
  readonly place: Place;
  readonly claimant: Claimant;
}

export interface ReseedRequest {
  /** What the secret handed to the job; `null` when that is no login any more. */
  readonly handed: AuthJson | null;
  readonly expectedAccountId: string | null;
  readonly visibility: "public" | "private" | "unknown";
  readonly base: string;
  /** Of Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}

const WRITE_PATIENCE_MS = 240_000;
const ASK_WITHIN_MS = 15_000;

/**
 * Lets a person log in again, from a link and a one-time code in the log, and stores that login.
 *
 * @returns how the store took it; the ledger holds the fresh document
 * @throws {Failure} `reseed-failed`, `reseed-other-account`, and what keeps the writer from its store
 */
export async function reseed(services: ReseedServices, request: ReseedRequest): Promise<StoreOutcome> {
  return new Reseed(services, request).run();
}

class Reseed {
  readonly #services: ReseedServices;
  readonly #request: ReseedRequest;

  constructor(services: ReseedServices, request: ReseedRequest) {
    this.#services = services;
    this.#request = request;
  }

  async run(): Promise<StoreOutcome> {
    const { runInformation } = this.#services;
    const { visibility } = this.#request;
    // What cannot be known counts as public: the one-time code stands in the log.
    if (visibility === "unknown" && (await runInformation.visibility()) !== "private") refusePublicReseed();
    const expectedAccountId = this.#expectedAccountId();
    // Before a person is asked for anything: can we store what we ask for?
    const before = await this.#withWriter(async (session) => {
      const { box, clock, log, place } = this.#services;
      const metadata = await session.store.metadata(place.secretName);
      if (metadata === null) throw secretNotFound(place);
      await proveWritable({ session, box, clock, log, place });
      return metadata.updatedAt;
    });
    const document = await this.#logIn();
    if (document.accountId !== expectedAccountId) throw otherAccount();
    // A person's work: post has it, should GitHub fail just now.
    const { handed } = this.#request;
    await this.#services
      .ledgerFile(handed ?? document)
      .save({ document, predecessor: handed, claim: null, before, stored: false, writes: [] })
      .catch(() => this.#services.log.info("The ledger of this job could not be written to disk."));
    return this.#withWriter((session) => this.#store(document, before, session));
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
  async #logIn(): Promise<AuthJson> {
    const { deviceLogin, files, randomness, log, cancellation } = this.#services;
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

  /** Written as anybody's `gh secret set` would be, but never over a write that came meanwhile. */
  async #store(document: AuthJson, before: Date, session: WriteSession): Promise<StoreOutcome> {
    const { ledgerFile, cancellation, box, clock, log, place, writer, randomness, handoff } = this.#services;
    const { handed } = this.#request;
    const claims = this.#claims(session);
    const ledger = { document, predecessor: handed, claim: null, before, stored: false, writes: [] };
    const outcome = await writeBack(
      {
        session,
        claims,
        writer: writer.kind,
        box,
        clock,
        log,
        place,
        holder: Buffer.from(randomness.bytes(16)).toString("hex"),
        cancelled: () => cancellation.requested(),
      },
      {
        document,
        encoding: handed?.encoding ?? "json",
        before,
        mayReplace: async () => false,
        spent: null,
        held: null,
        key: null,
        patienceMs: WRITE_PATIENCE_MS,
        writes: [],
        begin: (window) => recordWrite(ledgerFile(handed ?? document), ledger, window),
      },
    );
    if (outcome.kind === "stored" && outcome.updatedAt !== null)
      await claims.mark(document, outcome.updatedAt);
    const savedAt = await session.serverClock.now().catch(() => clock.now());
    const inHandoff =
      handed !== null && (await saveNotes(handoff, { under: [handed], document, savedAt, log }));
    return settleLedger(ledgerFile(handed ?? document), { ledger, outcome, inHandoff, log });
  }

  #claims(session: WriteSession): Claims {
    const { runInformation, clock, log, place, claimant } = this.#services;
    const { variables, serverClock } = session;
    const insistence = "forced";
    return new Claims({
      variables,
      serverClock,
      runInformation,
      clock,
      log,
      place,
      claimant,
      insistence,
    });
  }

  async #withWriter<Result>(act: (session: WriteSession) => Promise<Result>): Promise<Result> {
    const { writer, place, clock, log } = this.#services;
    let session: WriteSession | null = null;
    try {
      session = await insist({ clock, log }, { withinMs: ASK_WITHIN_MS }, () => writer.open());
      return await act(session);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      throw explainStoreError(error, { place, writer: writer.kind, workedEarlier: false });
    } finally {
      await session?.close();
    }
  }
}

function readFresh(text: string): AuthJson {
  try {
    return AuthJson.parse(text);
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
