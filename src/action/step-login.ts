import { needsAPerson } from "../core/failure/alert-text.ts";
import { Failure } from "../core/failure/failure.ts";
import { type AuthJson, readWorkingCopy } from "../core/login/auth-json.ts";
import { refreshDue, remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import { authPath, handedPath, loginDirectory, writeWorkingCopy } from "../login/home.ts";
import type { SectionOutcome } from "../login/refresh-section.ts";
import { tellRescue } from "../login/rescue-command.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import { mayRefresh } from "./inputs.ts";
import { type Report, reportOf, saveReport, setOutputs } from "./job-report.ts";
import { type Session, saveSession } from "./phase-state.ts";
import { demandSameEnvironment } from "./preflight.ts";
import type { Online } from "./services.ts";
import type { LoginServices } from "./services-of-phases.ts";
import { holdsRefreshToken, refuseMixedModes, tellUnstoredLogin } from "./unfinished.ts";

/** The login of one step in main: what stands in the home, and what became of it. */
export class Login {
  readonly #services: LoginServices;
  readonly #handed: AuthJson;
  #session: Session;
  #report: Report;

  constructor(services: LoginServices, handed: AuthJson, session: Session) {
    this.#services = services;
    this.#handed = handed;
    this.#session = session;
    this.#report = reportOf(handed, {
      role: mayRefresh(services.inputs) ? "keeper" : "borrower",
      restoredFrom: session.ownsHome ? "secret" : "home",
      rotated: false,
      stored: false,
      events: [],
      alert: null,
      rescue: null,
    });
  }

  /** What no command of the model's may read. */
  get loginPath(): string {
    return loginDirectory(this.#session.base);
  }

  get session(): Session {
    return this.#session;
  }

  /** Leaves a working copy in the home that the job can live on. @throws {Failure} */
  async settle(): Promise<void> {
    const { inputs, clock, log } = this.#services;
    await this.#keepingState(async () => {
      const present = await this.#presentCopy();
      if (!mayRefresh(inputs)) {
        this.#demandLifetime(present);
      } else if (inputs.refreshToken === "present" || this.#due(present)) {
        const insistence = inputs.refresh === "force" ? "forced" : "when-due";
        await this.#enterCriticalSection({ due: (document) => this.#due(document), insistence });
      } else {
        const left = describeDuration(remainingMs(present, clock.now()));
        log.info(`Nothing is due: the access token is valid for ${left}.`);
      }
    });
  }

  /** A person has logged in again: from here on the job lives on that login. @throws {Failure} it was not stored */
  async takeOver(reseeded: StoreOutcome): Promise<void> {
    const { document } = reseeded.ledger;
    this.#report = { ...this.#report, events: [...this.#report.events, "Somebody has logged in again."] };
    await this.#keepingState(async () => {
      this.#settlePublication(reseeded, { rotated: false, basis: this.#handed });
      await this.#adopt(document);
    });
  }

  /** With the refresh token present: Codex may have rotated it in an earlier step of this job. */
  async #storeWhatChanged(): Promise<void> {
    const online = await this.#goOnline();
    const found = await online.storeChangedHome("job-goes-on");
    if (found === null) return;
    await this.#keepingState(async () =>
      this.#settlePublication(found, { rotated: true, basis: this.#handed }),
    );
  }

  /** Post is to remove what `protect-auth: enforced` has made. */
  recordRequirements(): void {
    this.#session = { ...this.#session, madeRequirements: true };
    this.#keepState();
  }

  /** Keeps what a phase failed of, for post's report and alert. */
  recordFailure(error: unknown): void {
    if (error instanceof Failure) this.#note(error, this.#report.rescue);
    this.#keepState();
  }

  /** What stands in the home, for deciding what is due: an earlier step may have refreshed it. */
  async #presentCopy(): Promise<Pick<AuthJson, "accessTokenExpiresAt">> {
    if (this.#session.ownsHome) return this.#handed;
    const text = await this.#services.files.read(authPath(this.#session.home));
    return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
  }

  #due(document: Pick<AuthJson, "accessTokenExpiresAt">): boolean {
    const { inputs, context, clock } = this.#services;
    const { refresh: policy, refreshWindowMs, minimumLifetimeMs } = inputs;
    const { branch } = context;
    return refreshDue({ policy, document, now: clock.now(), refreshWindowMs, minimumLifetimeMs, branch });
  }

  #demandLifetime(document: Pick<AuthJson, "accessTokenExpiresAt">): void {
    const { inputs, clock, log } = this.#services;
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

  async #enterCriticalSection(request: Parameters<Online["enterCriticalSection"]>[0]): Promise<void> {
    await this.#saveWhatTheHomeHolds();
    const online = await this.#goOnline();
    await online.checkContext();
    const outcome = await online.enterCriticalSection(request);
    await this.#settleOutcome(outcome);
  }

  /** @throws {Failure} `environment-changed` */
  #goOnline(): Promise<Online> {
    const { online, environment } = this.#services;
    demandSameEnvironment(this.#session, environment);
    return online(this.#session, this.#handed);
  }

  /** A whole login in the home may be newer than all that the ledger knows, and is about to be written over. */
  async #saveWhatTheHomeHolds(): Promise<void> {
    const { files, log, inputs } = this.#services;
    if (!(await holdsRefreshToken(files, this.#session))) return;
    if (inputs.refreshToken === "present") return this.#storeWhatChanged();
    await refuseMixedModes(files, this.#session);
    tellUnstoredLogin(log);
  }

  async #settleOutcome(outcome: SectionOutcome): Promise<void> {
    const { inputs, clock, log } = this.#services;
    switch (outcome.kind) {
      case "borrowed": {
        const { document, because } = outcome;
        const left = describeDuration(remainingMs(document, clock.now()));
        const words = `${because.message} This job goes on with the access token it has, valid for ${left}. ${because.hint} [${because.code}]`;
        if (needsAPerson(because.code)) log.error(words);
        else log.warning(words);
        this.#report = { ...this.#reportFor(document, document), role: "borrower" };
        this.#note(because, null);
        await this.#adopt(document);
        return;
      }
      case "kept": {
        const { document } = outcome.ledger;
        this.#report = this.#reportFor(document, document);
        await this.#adopt(document);
        return;
      }
      case "refreshed": {
        const { publication, rotated, ledger } = outcome;
        await this.#adopt(ledger.document);
        this.#settlePublication(publication, { rotated, basis: ledger.predecessor ?? this.#handed });
        if (inputs.refresh === "force" && !rotated) throw notRotated();
      }
    }
  }

  #settlePublication(outcome: StoreOutcome, { rotated, basis }: { rotated: boolean; basis: AuthJson }): void {
    const { log } = this.#services;
    const { document } = outcome.ledger;
    this.#report = { ...this.#reportFor(document, basis), rotated, stored: outcome.kind === "stored" };
    switch (outcome.kind) {
      case "stored":
        log.info(`Stored generation ${document.generation}.`);
        return;
      case "pending": {
        const { failure, rescue, handedOver } = outcome;
        this.#note(failure, rescue);
        log.warning(
          `${failure.message} The refreshed login is not stored yet; post tries again. ${failure.hint} [${failure.code}]`,
        );
        if (handedOver) return;
        if (rescue) tellRescue(log, "To store this job's document by hand:", rescue);
        // Nobody may build on a document that exists on this machine alone.
        throw failure;
      }
      case "refused":
        this.#note(outcome.failure, outcome.rescue);
        if (outcome.rescue) tellRescue(log, "To store this job's document all the same:", outcome.rescue);
        throw outcome.failure;
    }
  }

  /** Puts the document that the job shall live on into the home. */
  async #adopt(document: AuthJson): Promise<void> {
    const { inputs, files } = this.#services;
    const whole = inputs.refreshToken === "present" && this.#report.role === "keeper";
    const copy = whole ? document.whole() : document.withheld();
    if ((await files.read(authPath(this.#session.home))) === copy.reveal()) return;
    this.#session = { ...this.#session, written: await writeWorkingCopy(files, this.#session, copy) };
    if (whole) await files.write(handedPath(this.#session.base), this.#handed.line().reveal(), 0o600);
    this.#keepState();
  }

  /** @param basis the document that the job began with, whatever became of it */
  #reportFor(document: AuthJson, basis: AuthJson): Report {
    const { ownsHome } = this.#session;
    const fromSecret = basis.isSameGeneration(this.#handed);
    return reportOf(document, {
      ...this.#report,
      restoredFrom: ownsHome ? (fromSecret ? "secret" : "handoff") : "home",
    });
  }

  #note(failure: Failure, rescue: string | null): void {
    const { code, message, hint } = failure;
    this.#report = {
      ...this.#report,
      events: [...this.#report.events, message],
      alert: { code, message, hint },
      rescue,
    };
  }

  async #keepingState(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } finally {
      this.#keepState();
      setOutputs(this.#services.channel, this.#session.home, this.#report);
    }
  }

  #keepState(): void {
    saveSession(this.#services.channel, this.#session);
    saveReport(this.#services.channel, this.#report);
  }
}

function notRotated(): Failure {
  return new Failure(
    "refresh-not-rotated",
    "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.",
    "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.",
  );
}

/** A step that has its login, but for what must happen to it before the job. */
export interface Beginning {
  readonly login: Login;
  readonly handed: AuthJson;
  readonly settle: () => Promise<void>;
}
