import type { Document } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { canHeal, explainStoreError, GitHubError } from "../core/github-error.ts";
import { isEarlier, judge } from "../core/judge.ts";
import type { Ledger } from "../core/ledger.ts";
import { NOT_LEARNT } from "../core/note.ts";
import type { Processes, PublicKey, WriterSession } from "../ports.ts";
import {
  type CriticalSectionCollaborators,
  type CriticalSectionOutcome,
  type CriticalSectionRequest,
  criticalSection,
} from "./critical-section.ts";
import { refusePublic } from "./guards.ts";
import { maskTokens } from "./handed.ts";
import { authPath, lastWritten } from "./home.ts";
import type { Inputs } from "./inputs.ts";
import { releaseLock } from "./lock.ts";
import { privateHomeAt, readPrivateHome } from "./private-home.ts";
import { explainMissingProof, proveCurrency } from "./prove-currency.ts";
import { noWriter, type PublishOutcome, publish } from "./publish.ts";
import type { OpenCriticalSection, Session } from "./session.ts";

export interface OnlineCollaborators extends Omit<CriticalSectionCollaborators, "writer"> {
  /** `null` in a post that got no inputs. */
  readonly writer: CriticalSectionCollaborators["writer"] | null;
  readonly processes: Processes;
}

export interface OnlineSettings {
  readonly inputs: Inputs;
  readonly session: Session;
  readonly handed: Document;
  readonly visibility: "public" | "private" | "unknown";
  /** For Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What became of a document that was found in the home. */
export interface FoundOutcome {
  readonly publication: PublishOutcome;
  /** Of the file as it was read: what was written to it since is news. */
  readonly stamp: string | null;
}

const POST_PATIENCE_MS = 60_000;
const IN_JOB_PATIENCE_MS = 120_000;
/** Codex gives a refresh 45 s. */
const WAIT_FOR_CODEX_MS = 50_000;
const POLL_MS = 250;
const TRIES = 4;

/** Everything a phase does that needs GitHub, the cache or Codex. */
export class Online {
  readonly #collaborators: OnlineCollaborators;
  readonly #settings: OnlineSettings;

  constructor(collaborators: OnlineCollaborators, settings: OnlineSettings) {
    this.#collaborators = collaborators;
    this.#settings = settings;
  }

  /** Guards that cost a request, so they are asked only before a refresh. @throws {Failure} */
  async checkSurroundings(): Promise<void> {
    const { inputs, visibility } = this.#settings;
    const { runInformation, log } = this.#collaborators;
    if (visibility === "unknown" && (await runInformation.visibility()) === "public") refusePublic(inputs);
    if (inputs.concurrencyCheck === "off") return;
    const concurrency = await runInformation.concurrency();
    if (concurrency === null || concurrency.groups.length > 0) return;
    const unguarded = new Failure(
      "concurrency-unguarded",
      concurrency.otherRunsInProgress > 0
        ? "This run holds no concurrency group, and another run of this workflow is in progress."
        : "This run holds no concurrency group, so nothing keeps two keepers of this login apart.",
      "Add `concurrency: { group: codex-auth, queue: max }` to every workflow with a keeper, the same name in all of them.",
    );
    if (inputs.concurrencyCheck === "fail" || inputs.refreshToken === "present") throw unguarded;
    log.warning(`${unguarded.message} ${unguarded.hint}`);
  }

  async enterCriticalSection({
    due,
    insistence,
  }: Pick<CriticalSectionRequest, "due" | "insistence">): Promise<CriticalSectionOutcome> {
    const { writer } = this.#collaborators;
    const { inputs, session, handed, environment } = this.#settings;
    if (writer === null) throw new TypeError("A critical section needs a writer.");
    const { base, beganMonotonicMs } = session;
    const { minimumLifetimeMs } = inputs;
    return criticalSection(
      { ...this.#collaborators, writer },
      { handed, base, environment, due, insistence, minimumLifetimeMs, beganMonotonicMs },
    );
  }

  /** Tries a publish again that an earlier phase could not finish. @returns `null` when nothing is pending */
  async publishPending(): Promise<PublishOutcome | null> {
    const ledger = await this.#collaborators.ledgerFile.load();
    if (ledger === null || ledger.published) return null;
    maskTokens(ledger.document, this.#collaborators.log);
    return this.#withSession((session) => this.#publish(ledger, session, POST_PATIENCE_MS));
  }

  /**
   * Publishes what Codex, or a login in the job, left in the home.
   *
   * @returns `null` when it is what we put there, or a working copy without a refresh token
   * @throws {Failure} what was left is unusable
   */
  async publishChangedHome(): Promise<FoundOutcome | null> {
    const { files, ledgerFile, log } = this.#collaborators;
    const { session, handed } = this.#settings;
    const stamp = await files.stamp(authPath(session.home));
    if (stamp !== null && (stamp === session.written || stamp === (await lastWritten(files, session))))
      return null;
    const text = await files.read(authPath(session.home));
    const ledger = await ledgerFile.load();
    const before = ledger?.document ?? handed;
    const verdict = judge(before, text);
    if (verdict.kind === "unchanged") return null;
    if (verdict.kind === "broken") throw verdict.failure;
    const { document } = verdict;
    maskTokens(document, log);
    const known = [handed, ledger?.predecessor ?? handed];
    if (isEarlier(document, before, known)) throw earlierDocument();
    log.info(
      `The login in the home has changed: generation ${before.generation} became ${document.generation}.`,
    );
    const publication = await this.#withSession(async (open) => {
      const next = { document, predecessor: before, published: false, attempts: [] };
      if (ledger)
        return this.#publish(
          { ...next, expectedUpdatedAt: ledger.expectedUpdatedAt },
          open,
          IN_JOB_PATIENCE_MS,
        );
      // Nothing was proven in this job yet. Where that cannot be made up for, the hand-over has it at least.
      const proven = open instanceof Failure ? open : await this.#proveHanded(document, open);
      return proven instanceof Failure
        ? this.#publish({ ...next, expectedUpdatedAt: NOT_LEARNT }, proven, IN_JOB_PATIENCE_MS)
        : this.#publish({ ...next, expectedUpdatedAt: proven }, open, IN_JOB_PATIENCE_MS);
    });
    return { publication, stamp };
  }

  /**
   * Ends a critical section whose main was killed: waits for Codex, publishes what it left, wipes, unlocks.
   *
   * @returns `null` when nothing was rotated
   */
  async recover(section: OpenCriticalSection): Promise<PublishOutcome | null> {
    const { files, log, ledgerFile, clock } = this.#collaborators;
    const place = privateHomeAt(section.directory);
    try {
      log.info("Main was ended in its critical section; finishing it.");
      await this.#waitUntilUnused(place.home, section.process);
      const found = await readPrivateHome(files, place);
      if (found === null) return null;
      const { predecessor } = found;
      const verdict = judge(predecessor, found.after);
      if (verdict.kind === "broken") throw verdict.failure;
      return await this.#withSession(async (session) => {
        try {
          if (verdict.kind === "unchanged") return null;
          const { document } = verdict;
          maskTokens(document, log);
          const saved = await ledgerFile.load();
          const ledger: Ledger = saved?.document.isSameGeneration(document)
            ? saved
            : {
                document,
                predecessor,
                published: false,
                attempts: [],
                expectedUpdatedAt: new Date(section.expectedUpdatedAt),
              };
          return await this.#publish(ledger, session, POST_PATIENCE_MS);
        } finally {
          if (!(session instanceof Failure))
            await releaseLock({ session, clock, log }, { takenMs: section.lockTakenMs });
        }
      });
    } finally {
      await files.remove(place.directory);
    }
  }

  /** Waits until no process uses a home any more, 50 s at most. */
  async waitForHome(): Promise<void> {
    await this.#waitUntilUnused(this.#settings.session.home, null);
  }

  async #waitUntilUnused(home: string, known: OpenCriticalSection["process"]): Promise<void> {
    const { processes, clock, log } = this.#collaborators;
    const deadlineMs = clock.monotonicMs() + WAIT_FOR_CODEX_MS;
    for (let polls = 0; ; polls++) {
      const users = await processes.usingHome(home);
      const alive = users.length > 0 || (known !== null && (await processes.isAlive(known)));
      if (!alive) return;
      if (clock.monotonicMs() >= deadlineMs) {
        log.warning("Codex still runs on the login after 50 s; going by what it has written so far.");
        return;
      }
      if (polls === 0) log.info("Waiting for Codex to finish, 50 s at most.");
      await clock.sleep(POLL_MS);
    }
  }

  async #publish(
    ledger: Ledger,
    session: WriterSession | Failure,
    patienceMs: number,
    key: PublicKey | null = null,
  ): Promise<PublishOutcome> {
    const { writer, cancellation } = this.#collaborators;
    const { handed } = this.#settings;
    // The expectation was proven: post may go on from here, should this phase end before it has written anything.
    if (ledger.expectedUpdatedAt.getTime() !== NOT_LEARNT.getTime()) {
      await this.#collaborators.ledgerFile
        .save(ledger)
        .catch(() => this.#collaborators.log.info("The ledger of this job could not be written to disk."));
    }
    return publish(
      { ...this.#collaborators, writer: writer?.kind ?? "token", encoding: handed.encoding, handed },
      { ledger, session, key, patienceMs, cancelled: () => cancellation.requested() },
    );
  }

  /** Opens the writer for one act; an act must also make sense without one, and is told why there is none. */
  async #withSession<Result>(act: (session: WriterSession | Failure) => Promise<Result>): Promise<Result> {
    const session = await this.#open();
    try {
      return await act(session);
    } finally {
      if (!(session instanceof Failure)) await session.close();
    }
  }

  /**
   * @param found what is to take the place of the handed document; an earlier phase may have handed it over already
   * @returns what the store must still say for us to write it, or why GitHub did not tell
   * @throws {Failure} when the handed document is not what the store holds
   */
  async #proveHanded(found: Document, session: WriterSession): Promise<Date | Failure> {
    const { handed, session: job } = this.#settings;
    const { beganMonotonicMs } = job;
    const proof = await this.#insist(() =>
      proveCurrency(this.#collaborators, { handed, ledger: null, session, beganMonotonicMs }),
    );
    if (proof instanceof Failure) return proof;
    const { currency, updatedAt } = proof;
    if (currency.kind === "current" && currency.document.isSameGeneration(handed)) return updatedAt;
    if (currency.kind === "heal" && currency.document.isSameGeneration(found)) return updatedAt;
    throw explainMissingProof(currency.kind === "stale" ? currency.missing : "store-is-newer");
  }

  async #open(): Promise<WriterSession | Failure> {
    const { writer } = this.#collaborators;
    if (writer === null) return noWriter();
    try {
      return await this.#insist(() => writer.open());
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  }

  /** Asks GitHub again while that may help. @returns why it did not answer */
  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer | Failure> {
    const { writer, place, log, clock } = this.#collaborators;
    for (let tries = 1; ; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        if (tries === TRIES || !canHeal(error)) {
          return explainStoreError(error, { place, writer: writer?.kind ?? "token", workedEarlier: true });
        }
        log.info(`${error.message} Trying again in ${tries} s.`);
        await clock.sleep(1000 * tries);
      }
    }
  }
}

function earlierDocument(): Failure {
  return new Failure(
    "publish-refused",
    "The login in the home is older than the one that this job was given, so it was not stored. The secret is as it was.",
    "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.",
  );
}
