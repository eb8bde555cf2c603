import type { Document } from "../core/document.ts";
import { readWorkingCopy } from "../core/document.ts";
import { refreshDue, remainingMs } from "../core/due.ts";
import { describeDuration } from "../core/duration.ts";
import { scrubEnvironment } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import type { Cancellation, CommandRunner } from "../ports.ts";
import type { CriticalSectionOutcome } from "./critical-section.ts";
import { guard } from "./guards.ts";
import { authPath, writeWorkingCopy } from "./home.ts";
import { mayRefresh, secretValues } from "./inputs.ts";
import { runCommands } from "./job.ts";
import type { Online } from "./online.ts";
import { type Report, reportOf, saveReport, setOutputs } from "./report.ts";
import { type RestoreCollaborators, readHanded, restore } from "./restore.ts";
import { captureEnvironment, loadSession, type Session, saveSession } from "./session.ts";

export interface MainCollaborators extends RestoreCollaborators {
  /** Loaded only for a job of the user's. */
  readonly commands: () => Promise<CommandRunner>;
  readonly cancellation: Cancellation;
  /** Everything that talks to GitHub or Codex; loaded only when it is needed. */
  readonly online: (session: Session, handed: Document) => Promise<Online>;
}

/** Main: restores if pre did not, refreshes when due, and runs the user's job. @throws {Failure} */
export async function main(collaborators: MainCollaborators): Promise<void> {
  const { inputs, surroundings, log, channel, environment } = collaborators;
  guard(inputs, surroundings);
  const restored = loadSession(channel) ?? (await restore(collaborators));
  const handed = readHanded(inputs.secret, log);
  const step = new MainStep(collaborators, handed, {
    ...restored,
    environment: captureEnvironment(environment),
  });
  await step.settleLogin();
  await step.runJob();
}

class MainStep {
  readonly #collaborators: MainCollaborators;
  readonly #handed: Document;
  #session: Session;
  #report: Report;

  constructor(collaborators: MainCollaborators, handed: Document, session: Session) {
    this.#collaborators = collaborators;
    this.#handed = handed;
    this.#session = session;
    this.#report = reportOf(handed, {
      role: mayRefresh(collaborators.inputs) ? "keeper" : "borrower",
      restoredFrom: session.ownsHome ? "secret" : "home",
      rotated: false,
      published: false,
      events: [],
      rescue: null,
    });
  }

  /** Leaves a working copy in the home that the job can live on. */
  async settleLogin(): Promise<void> {
    try {
      await this.#settle();
    } finally {
      this.#keepState();
      setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
    }
  }

  async #settle(): Promise<void> {
    const { inputs, clock, log } = this.#collaborators;
    const present = await this.#presentCopy();
    if (!mayRefresh(inputs)) {
      this.#demandLifetime(present);
    } else if (inputs.refreshToken === "present" || this.#due(present)) {
      await this.#enterCriticalSection();
    } else {
      log.info(
        `Nothing is due: the access token is valid for ${describeDuration(remainingMs(present, clock.now()))}.`,
      );
    }
  }

  async runJob(): Promise<void> {
    const { inputs, surroundings, files, commands, environment, cancellation } = this.#collaborators;
    if (inputs.run === null) return;
    if (cancellation.requested()) throw new Failure("cancelled", "The job was cancelled.", "Run it again.");
    const scrubbed = scrubEnvironment(environment, [...secretValues(inputs), ...this.#handed.tokens]);
    try {
      await runCommands(
        { files, commands: await commands() },
        {
          script: inputs.run,
          shell: inputs.shell,
          base: this.#session.base,
          directory: inputs.workingDirectory ?? surroundings.workspace ?? process.cwd(),
          environment: { ...scrubbed, ...inputs.codexEnvironment, CODEX_HOME: this.#session.home },
        },
      );
    } finally {
      if (inputs.refreshToken === "present") await this.#publishWhatChanged();
    }
  }

  /** What stands in the home, for deciding what is due: an earlier step may have refreshed it. */
  async #presentCopy(): Promise<Pick<Document, "accessTokenExpiresAt">> {
    const { files } = this.#collaborators;
    if (this.#session.ownsHome) return this.#handed;
    const text = await files.read(authPath(this.#session.home));
    const copy = text === null ? null : readWorkingCopy(text);
    return copy ?? this.#handed;
  }

  #due(document: Pick<Document, "accessTokenExpiresAt">): boolean {
    const { inputs, surroundings, clock } = this.#collaborators;
    const { refreshWindowMs, minimumLifetimeMs } = inputs;
    const policy = inputs.refresh;
    return refreshDue({
      policy,
      document,
      now: clock.now(),
      refreshWindowMs,
      minimumLifetimeMs,
      branch: surroundings.branch,
    });
  }

  #demandLifetime(document: Pick<Document, "accessTokenExpiresAt">): void {
    const { inputs, clock, log } = this.#collaborators;
    const leftMs = remainingMs(document, clock.now());
    if (leftMs < inputs.minimumLifetimeMs) {
      throw new Failure(
        "access-token-expiring",
        leftMs > 0
          ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.`
          : "The access token has expired, and this job does not refresh.",
        "Run a keeper (the maintenance workflow), then start a new run of this one.",
      );
    }
    log.info(`Borrowing the access token (valid ${describeDuration(leftMs)}); this job never refreshes.`);
  }

  async #enterCriticalSection(): Promise<void> {
    const { log } = this.#collaborators;
    const online = await this.#collaborators.online(this.#session, this.#handed);
    await online.checkSurroundings();
    const outcome = await online.enterCriticalSection({ due: (document) => this.#due(document) });
    switch (outcome.kind) {
      case "borrowed":
        log.warning(
          `${outcome.because.message} This job goes on with the access token it has. ${outcome.because.hint}`,
        );
        this.#report = { ...this.#reportFor(outcome.document, outcome.document), role: "borrower" };
        this.#note(outcome.because, null);
        await this.#adopt(outcome.document);
        return;
      case "kept":
        this.#report = this.#reportFor(outcome.ledger.document, outcome.ledger.document);
        await this.#adopt(outcome.ledger.document);
        return;
      case "refreshed":
        await this.#settleRefresh(outcome);
        return;
    }
  }

  async #settleRefresh(outcome: Extract<CriticalSectionOutcome, { kind: "refreshed" }>): Promise<void> {
    const { inputs, log } = this.#collaborators;
    const { publication, rotated, ledger } = outcome;
    const published = publication.kind === "published";
    this.#report = {
      ...this.#reportFor(ledger.document, ledger.predecessor ?? this.#handed),
      rotated,
      published,
    };
    await this.#adopt(ledger.document);
    switch (publication.kind) {
      case "published":
        log.info(`Published generation ${ledger.document.generation}.`);
        break;
      case "pending":
        this.#note(publication.failure, publication.rescue);
        log.warning(
          `${publication.failure.message} The refreshed login is not stored yet; post tries again. ${publication.failure.hint}`,
        );
        // Nobody may build on a document that exists on this machine alone.
        if (!publication.handedOver) throw publication.failure;
        break;
      case "refused":
        this.#note(publication.failure, publication.rescue);
        if (publication.rescue) log.info(`To store this job's document all the same:\n${publication.rescue}`);
        throw publication.failure;
    }
    if (inputs.refresh === "force" && !rotated) {
      throw new Failure(
        "refresh-not-rotated",
        "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.",
        "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.",
      );
    }
  }

  /** After `run` with the refresh token present: Codex may have rotated it there. */
  async #publishWhatChanged(): Promise<void> {
    const online = await this.#collaborators.online(this.#session, this.#handed);
    const outcome = await online.publishChangedHome();
    if (outcome === null) return;
    const { ledger } = outcome;
    this.#report = {
      ...this.#reportFor(ledger.document, this.#handed),
      rotated: true,
      published: outcome.kind === "published",
    };
    if (outcome.kind !== "published") this.#note(outcome.failure, outcome.rescue);
    else
      this.#session = {
        ...this.#session,
        written: await this.#collaborators.files.stamp(authPath(this.#session.home)),
      };
    this.#keepState();
    setOutputs(this.#collaborators.channel, this.#session.home, this.#report);
  }

  /** Puts the document that the job shall live on into the home. */
  async #adopt(document: Document): Promise<void> {
    const { inputs, files } = this.#collaborators;
    const copy =
      inputs.refreshToken === "present" && this.#report.role === "keeper"
        ? document.whole()
        : document.withheld();
    if ((await files.read(authPath(this.#session.home))) === copy.reveal()) return;
    this.#session = { ...this.#session, written: await writeWorkingCopy(files, this.#session.home, copy) };
    this.#keepState();
  }

  /** @param basis the document that the job began with, whatever became of it */
  #reportFor(document: Document, basis: Document): Report {
    const { ownsHome } = this.#session;
    const fromSecret = basis.isSameGeneration(this.#handed);
    return reportOf(document, {
      ...this.#report,
      restoredFrom: ownsHome ? (fromSecret ? "secret" : "handover") : "home",
    });
  }

  #note(failure: Failure, rescue: string | null): void {
    this.#report = { ...this.#report, events: [...this.#report.events, failure.message], rescue };
  }

  #keepState(): void {
    saveSession(this.#collaborators.channel, this.#session);
    saveReport(this.#collaborators.channel, this.#report);
  }
}
