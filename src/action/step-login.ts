import type { Usage } from "../core/codex/session-usage.ts";
import { Failure, hasMark } from "../core/failure/failure.ts";
import { type AuthJson, readWorkingCopy, type WorkingCopy } from "../core/login/auth-json.ts";
import { writeWorkingCopy } from "../login/home.ts";
import { authPath, handedPath, loginDirectory } from "../login/home-layout.ts";
import type { SectionOutcome } from "../login/section.ts";
import type { Services } from "../login/services.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type { Settled } from "./copies.ts";
import { mayRefresh } from "./inputs.ts";
import { type Report, reportOf, saveReport, setOutputs, withFailure, withPresentCopy } from "./job-report.ts";
import { demandLifetime, isDue, tellLifetime, tellNotDue, unrefreshedBecause } from "./login-due.ts";
import { type Session, saveSession } from "./phase-state.ts";
import { demandSameEnvironment } from "./preflight.ts";
import type { MainServices, RestoreServices } from "./services.ts";
import { notRotated, tellGoingOn, tellStoring } from "./tell-outcome.ts";
import { holdsRefreshToken, refuseMixedModes, tellUnstoredLogin, wasRenewed } from "./unfinished.ts";

/** A step that has its login, but for what must happen to it before the job. */
export interface Beginning {
  readonly login: StepLogin;
  readonly handed: AuthJson;
  readonly settle: () => Promise<void>;
}

type LoginServices = RestoreServices & Pick<MainServices, "goOnline" | "lending">;

/** The login of one step in main: what stands in the home, and what became of it. */
export class StepLogin {
  readonly #services: LoginServices;
  readonly #handed: AuthJson;
  #session: Session;
  #report: Report;
  /** What the job fails with at its end, though its login is well. */
  #unlent: Failure | null = null;

  constructor(services: LoginServices, handed: AuthJson, session: Session) {
    this.#services = services;
    this.#handed = handed;
    this.#session = session;
    this.#report = reportOf(handed, {
      job: mayRefresh(services.inputs) ? "refresh" : "codex",
      restoredFrom: session.ownsHome ? "secret" : "home",
      unrefreshed: unrefreshedBecause(services, handed),
      rotated: false,
      stored: false,
      usage: null,
      events: [],
      alert: null,
      rescue: null,
    });
  }

  /** What no command of the model's may read. */
  get loginPath(): string {
    return loginDirectory(this.#session.base);
  }

  /** In this job; what an earlier one left to be stored counts, too. */
  get hasRefreshed(): boolean {
    return this.#report.rotated || this.#report.stored;
  }

  get session(): Session {
    return this.#session;
  }

  /** Leaves a working copy in the home that the job can live on. @throws {Failure} */
  async settle(): Promise<void> {
    const { inputs } = this.#services;
    await this.#keepingState(async () => {
      const present = await this.#presentCopy();
      this.#report = withPresentCopy(this.#report, present);
      if (!mayRefresh(inputs)) {
        demandLifetime(this.#services, present, this.#handed);
        return;
      }
      this.#report = { ...this.#report, unrefreshed: unrefreshedBecause(this.#services, present) };
      if (inputs.refreshToken === "present" || isDue(this.#services, present)) {
        await this.#lend(await this.#refresh());
      } else {
        tellNotDue(this.#services, present, this.#report.unrefreshed);
        await this.#lend({ kind: "quiet", login: this.#handed });
      }
    });
  }

  /** @throws {Failure} what keeps other jobs from this login, now that this one has done its work */
  demandCopies(): void {
    if (this.#unlent !== null) throw this.#unlent;
  }

  /** A person has logged in again: from here on the job lives on that login. @throws {Failure} it was not stored */
  async takeOver(reseeded: StoreOutcome): Promise<void> {
    this.#report = { ...this.#report, events: [...this.#report.events, "Somebody has logged in again."] };
    await this.#keepingState(async () => {
      this.#settleStoring(reseeded, { rotated: false, basis: this.#handed });
      const { login, before } = reseeded.ledger;
      await this.#adopt(login);
      const isStored = reseeded.kind === "stored";
      await this.#lend(
        isStored ? { kind: "current", login, predecessor: null, storedAt: before } : { kind: "unsettled" },
      );
    });
  }

  /** Post is to remove what `protect-auth: enforced` has made. */
  recordRequirements(): void {
    this.#session = { ...this.#session, madeRequirements: true };
    this.#keepState();
  }

  /** How much of the plan's limits is used, for post's summary. */
  recordUsage(usage: Usage): void {
    this.#report = { ...this.#report, usage };
    this.#keepState();
  }

  /** Keeps what a phase failed of, for post's report and alert. */
  recordFailure(error: unknown): void {
    if (error instanceof Failure) this.#report = withFailure(this.#report, error, this.#report.rescue);
    this.#keepState();
  }

  /** What stands in the home: an earlier step may have refreshed it. */
  async #presentCopy(): Promise<WorkingCopy> {
    const { files } = this.#services;
    const isOurs = this.#session.ownsHome && !(await wasRenewed(files, this.#session));
    const text = isOurs ? null : await files.read(authPath(this.#session.home));
    return (text === null ? null : readWorkingCopy(text)) ?? this.#handed;
  }

  /** Access copies, and the proof that a new access token works. */
  async #lend(settled: Settled): Promise<void> {
    const { inputs, context, lending } = this.#services;
    const isNew = settled.kind === "current" && settled.predecessor !== null && inputs.verify !== "off";
    if (inputs.accessCopies === null && !isNew) return;
    const { attend, readDestinations } = await import("./copies.ts");
    const destinations = readDestinations(inputs, context);
    if (destinations.length === 0 && !isNew) return;
    // What follows may take minutes: post must know by then what became of the login.
    this.#keepState();
    const { events, failure } = await attend(await lending(await this.#goOnline()), {
      destinations,
      mode: inputs.verify,
      settled,
      prove: () => this.#refresh(),
    });
    this.#unlent = failure;
    this.#report = { ...this.#report, events: [...this.#report.events, ...events] };
    if (failure !== null) this.#report = withFailure(this.#report, failure, this.#report.rescue);
  }

  async #refresh(): Promise<Settled> {
    const { inputs, context } = this.#services;
    const { minimumLifetimeMs } = inputs;
    await this.#saveWhatTheHomeHolds();
    const online = await this.#goOnline();
    const { demandGuardedRefresh } = await import("./admission.ts");
    await demandGuardedRefresh(online, { inputs, visibility: context.visibility });
    const { refreshSection } = await import("../login/refresh-section.ts");
    const outcome = await refreshSection(online, {
      due: (login) => isDue(this.#services, login),
      insistence: inputs.refresh === "force" ? "forced" : "when-due",
      claimFor: inputs.refreshToken === "present" ? "whole-job" : "refresh",
      minimumLifetimeMs,
    });
    return this.#settleOutcome(outcome);
  }

  /** @throws {Failure} `environment-changed` */
  #goOnline(): Promise<Services> {
    const { goOnline, environment } = this.#services;
    demandSameEnvironment(this.#session, environment);
    return goOnline(this.#session, this.#handed);
  }

  /** A whole login in the home may be newer than all that the ledger knows, and is about to be written over. */
  async #saveWhatTheHomeHolds(): Promise<void> {
    const { files, log, inputs } = this.#services;
    if (!(await holdsRefreshToken(files, this.#session))) return;
    if (inputs.refreshToken === "present") return this.#storeWhatChanged();
    await refuseMixedModes(files, this.#session);
    tellUnstoredLogin(log);
  }

  /** With the refresh token present: Codex may have rotated it in an earlier step of this job. */
  async #storeWhatChanged(): Promise<void> {
    const online = await this.#goOnline();
    const { storeChangedHome } = await import("../login/store-home.ts");
    const found = await storeChangedHome(online, this.#session, "job-goes-on");
    if (found === null) return;
    await this.#keepingState(async () => this.#settleStoring(found, { rotated: true, basis: this.#handed }));
  }

  async #settleOutcome(outcome: SectionOutcome): Promise<Settled> {
    switch (outcome.kind) {
      case "not-refreshed": {
        const { login, because } = outcome;
        tellGoingOn(this.#services, outcome);
        const report = { ...this.#reportFor(login, login), job: "codex" } as const;
        this.#report = withFailure(report, because, null);
        await this.#adopt(login);
        return { kind: "unsettled" };
      }
      case "kept": {
        const { login, before } = outcome.ledger;
        const unrefreshed = unrefreshedBecause(this.#services, login);
        this.#report = { ...this.#reportFor(login, login), unrefreshed };
        if (unrefreshed === "never") tellLifetime(this.#services, login);
        await this.#adopt(login);
        return { kind: "current", login, predecessor: null, storedAt: before };
      }
      case "refreshed": {
        const { storing, rotated, ledger, unclaimed } = outcome;
        // The whole login is for a job that holds a claim on it.
        if (unclaimed !== null || storing.kind !== "stored") this.#report = this.#withAccessTokenOnly();
        await this.#adopt(ledger.login);
        this.#settleStoring(storing, { rotated, basis: ledger.predecessor ?? this.#handed });
        if (this.#services.inputs.refresh === "force" && !rotated)
          throw storing.kind === "stored" ? notRotated() : storing.failure;
        if (unclaimed !== null) this.#goOnUnclaimed(ledger.login, unclaimed);
        if (storing.kind !== "stored") return { kind: "unsettled" };
        const { login, predecessor, before } = storing.ledger;
        return { kind: "current", login, predecessor, storedAt: before };
      }
    }
  }

  #withAccessTokenOnly(): Report {
    return this.#services.inputs.refreshToken === "present"
      ? { ...this.#report, job: "codex" }
      : this.#report;
  }

  /** The login is stored, and the job has its access token alone. @throws {Failure} why, where the job must end */
  #goOnUnclaimed(login: AuthJson, because: Failure): void {
    if (hasMark(because.code, "stops-job")) throw because;
    tellGoingOn(this.#services, { login, because });
    this.#report = withFailure(this.#report, because, null);
  }

  #settleStoring(outcome: StoreOutcome, { rotated, basis }: { rotated: boolean; basis: AuthJson }): void {
    const stored = outcome.kind === "stored";
    const report = { ...this.#reportFor(outcome.ledger.login, basis), rotated, stored };
    this.#report = stored ? report : withFailure(report, outcome.failure, outcome.rescue);
    const failure = tellStoring(this.#services.log, outcome);
    if (failure) throw failure;
  }

  /** Puts the login that the job shall live on into the home. */
  async #adopt(login: AuthJson): Promise<void> {
    const { inputs, files } = this.#services;
    const whole = inputs.refreshToken === "present" && this.#report.job === "refresh";
    const copy = whole ? login.whole() : login.withheld();
    if ((await files.read(authPath(this.#session.home))) === copy.reveal()) return;
    this.#session = { ...this.#session, written: await writeWorkingCopy(files, this.#session, copy) };
    if (whole) await files.write(handedPath(this.#session.base), this.#handed.line().reveal(), 0o600);
    this.#keepState();
  }

  /** @param basis the login that the job began with, whatever became of it */
  #reportFor(login: AuthJson, basis: AuthJson): Report {
    const { ownsHome } = this.#session;
    const fromSecret = basis.isSameGeneration(this.#handed);
    return reportOf(login, {
      ...this.#report,
      restoredFrom: ownsHome ? (fromSecret ? "secret" : "handoff") : "home",
    });
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
