import { needsAPerson } from "../core/alert.ts";
import { type Document, readWorkingCopy } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { Secret } from "../core/secret.ts";
import type { Clock, Files, HostLock, Log, MachinePolicy, StepChannel } from "../ports.ts";
import { type AlertCollaborators, raiseAlert, settleAlert } from "./alert.ts";
import { authPath, clearHome, handedPath, loginDirectory } from "./home.ts";
import type { Inputs } from "./inputs.ts";
import { ledgerPath } from "./ledger-file.ts";
import type { Online } from "./online.ts";
import { privateHomeAt, readPrivateHome } from "./private-home.ts";
import { removeRequirements } from "./protection.ts";
import type { PublishOutcome } from "./publish.ts";
import { loadNotice, loadReport, type Report, reportOf } from "./report.ts";
import { readHanded } from "./restore.ts";
import { loadCriticalSection, type OpenCriticalSection, type Session } from "./session.ts";
import { renderSummary } from "./summary.ts";

export interface PostCollaborators {
  readonly session: Session;
  /** `null` where GitHub hands post no inputs, or they are unusable. */
  readonly inputs: Inputs;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly online: (session: Session, handed: Document) => Promise<Online>;
  /** Loaded only where main has made something on the machine. */
  readonly machine: () => Promise<MachinePolicy>;
  /** Loaded only on a persistent host. */
  readonly hostLock: () => Promise<HostLock>;
  /** Where alerts go; loaded only when there is something to say. */
  readonly alerts: () => Promise<AlertCollaborators>;
}

/** Post: finishes what is unfinished, removes what we made, reports. @throws {Failure} the first thing that went wrong */
export async function post(collaborators: PostCollaborators): Promise<void> {
  await new PostStep(collaborators).run();
}

const ORPHAN_MS = 50_000;
const ORPHAN_POLL_MS = 250;

class PostStep {
  readonly #collaborators: PostCollaborators;
  readonly #failures: unknown[] = [];
  #report: Report | null;

  constructor(collaborators: PostCollaborators) {
    this.#collaborators = collaborators;
    this.#report = loadReport(collaborators.channel);
  }

  async run(): Promise<void> {
    const { session, channel, log } = this.#collaborators;
    if (session.hostLock) return this.#leaveHost(session.hostLock);
    const section = loadCriticalSection(channel);
    const isUnfinished = this.#isPending(section) || (await this.#hasLedger());
    // Nothing of a quiet job is even read again.
    if (isUnfinished || (await this.#mayPublishHome())) await this.#finish(section);
    await this.#cleanUp();
    await this.#alert();
    await this.#summarize();
    const [first, ...others] = this.#failures;
    for (const other of others) log.error(other instanceof Error ? other.message : String(other));
    if (first !== undefined) throw first;
  }

  /** Whatever main has begun and not ended, and whatever was left in the home. */
  async #finish(section: OpenCriticalSection | null): Promise<void> {
    const handed = await this.#handedDocument(section);
    if (handed === null) return this.#complainOfBlindness(section);
    if (section) await this.#try(handed, (online) => online.recover(section));
    if (await this.#hasLedger()) await this.#try(handed, (online) => online.publishPending());
    if (await this.#mayPublishHome()) {
      await this.#try(handed, async (online) => {
        if (await this.#hasWholeLogin()) await online.waitForHome();
        return (await online.publishChangedHome())?.publication ?? null;
      });
    }
  }

  async #hasLedger(): Promise<boolean> {
    const { session, files } = this.#collaborators;
    return (await files.stamp(ledgerPath(session.base))) !== null;
  }

  #isPending(section: OpenCriticalSection | null): boolean {
    return section !== null || (this.#report?.rotated === true && !this.#report.published);
  }

  /** The login stays where it is; only what this job had for itself goes. */
  async #leaveHost(lock: { path: string; content: string }): Promise<void> {
    const { session, files, machine, hostLock, clock } = this.#collaborators;
    if (session.madeRequirements) await removeRequirements(await machine());
    const host = await hostLock();
    // An orphan of a cancelled job may still hold the login; the runner ends it only after the posts.
    const deadlineMs = clock.monotonicMs() + ORPHAN_MS;
    while ((await host.isUsed(session.home)) && clock.monotonicMs() < deadlineMs)
      await clock.sleep(ORPHAN_POLL_MS);
    await host.letGo(lock.path, lock.content);
    await files.remove(session.base);
    await this.#summarize();
  }

  async #alert(): Promise<void> {
    const { inputs, channel, alerts } = this.#collaborators;
    if (!inputs.alertIssue) return;
    const failures = this.#failures.filter((candidate) => candidate instanceof Failure);
    const told = [...failures, this.#report?.alert ?? null, loadNotice(channel)];
    const alert = told.find((candidate) => candidate !== null && needsAPerson(candidate.code));
    if (alert) await raiseAlert(alert, await alerts());
    else if (this.#report?.rotated && this.#report.published) await settleAlert(await alerts());
  }

  async #summarize(): Promise<void> {
    const { inputs, channel, clock } = this.#collaborators;
    if (this.#report === null) return;
    const { refreshWindowMs } = inputs;
    await channel.writeSummary(renderSummary({ report: this.#report, now: clock.now(), refreshWindowMs }));
  }

  /** The handed document: from the secret, or, where post gets no inputs, as main left it on this machine. */
  async #handedDocument(section: OpenCriticalSection | null): Promise<Document | null> {
    const { inputs, session, log, files } = this.#collaborators;
    if (inputs.secret) return this.#readQuietly(inputs.secret, log);
    const left = section && (await readPrivateHome(files, privateHomeAt(section.directory)));
    if (left) return left.handed;
    const text = await files.read(handedPath(session.base));
    return text === null ? null : this.#readQuietly(new Secret(text), log);
  }

  #readQuietly(secret: Secret, log: Log): Document | null {
    try {
      return readHanded(secret, log);
    } catch (error) {
      // Main has said so already, or will never run.
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  #complainOfBlindness(section: OpenCriticalSection | null): void {
    if (!this.#isPending(section)) return;
    this.#failures.push(
      new Failure(
        "publish-pending",
        "The refreshed login could not be stored, and this phase got no inputs to try again. The hand-over has it.",
        "Dispatch the maintenance workflow now. Use this action directly in a job's steps: inside nested composite actions GitHub hands post no inputs.",
      ),
    );
  }

  /** A quiet job's file is just as it was written, and then nothing is loaded and nobody is asked. */
  async #mayPublishHome(): Promise<boolean> {
    const { session, inputs, files } = this.#collaborators;
    if (inputs.role === "borrower" || this.#report === null) return false;
    if (await this.#hasWholeLogin()) return true;
    if (!session.ownsHome) return false;
    if ((await files.stamp(authPath(session.home))) === session.written) return false;
    const text = await files.read(authPath(session.home));
    // A login in the job brings a refresh token; anything else there is worth nothing.
    return text !== null && readWorkingCopy(text)?.refreshToken.isEmpty === false;
  }

  /** Whether Codex may have rotated in the home itself: the inputs say so, or, where there are none, what main left. */
  async #hasWholeLogin(): Promise<boolean> {
    const { session, inputs, files } = this.#collaborators;
    if (inputs.refreshToken === "present") return true;
    return inputs.secret === null && (await files.stamp(handedPath(session.base))) !== null;
  }

  async #try(handed: Document, act: (online: Online) => Promise<PublishOutcome | null>): Promise<void> {
    try {
      const online = await this.#collaborators.online(this.#collaborators.session, handed);
      const outcome = await act(online);
      if (outcome) this.#settle(outcome);
    } catch (error) {
      this.#failures.push(error);
    }
  }

  #settle(outcome: PublishOutcome): void {
    const { log } = this.#collaborators;
    const { document } = outcome.ledger;
    const published = outcome.kind === "published";
    const before = this.#report;
    this.#report = reportOf(document, {
      role: "keeper",
      restoredFrom: before?.restoredFrom ?? "secret",
      rotated: true,
      published,
      events: [...(before?.events ?? []), published ? "Stored in post." : outcome.failure.message],
      alert: null,
      rescue: published ? null : outcome.rescue,
    });
    if (outcome.kind === "published") {
      log.info(`Published generation ${document.generation}.`);
      return;
    }
    if (outcome.rescue) log.info(`To store this job's document by hand:\n${outcome.rescue}`);
    if (outcome.kind === "refused") {
      this.#failures.push(outcome.failure);
      return;
    }
    const where = outcome.handedOver
      ? "The hand-over in the Actions cache has it."
      : "The hand-over could not be saved either.";
    this.#failures.push(
      new Failure(
        "publish-pending",
        `The refreshed login could not be stored. ${where} ${outcome.failure.message}`,
        `Repair the cause, then dispatch maintenance now: it heals the secret from the hand-over. ${outcome.failure.hint}`,
        { cause: outcome.failure },
      ),
    );
  }

  async #cleanUp(): Promise<void> {
    const { session, files, log, machine } = this.#collaborators;
    if (session.madeRequirements) await removeRequirements(await machine());
    if (!session.ownsHome) return;
    // The login first, and each by itself: what cannot be removed must not keep the rest.
    const removals = [
      () => files.remove(loginDirectory(session.base)),
      () => clearHome(files, session),
      () => files.remove(session.base),
    ];
    for (const remove of removals) {
      await remove().catch(() => log.warning("The Codex home could not be removed completely."));
    }
  }
}
