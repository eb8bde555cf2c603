import { EXPIRES_SOON, Failure, hasMark } from "../core/failure/failure.ts";
import { explainSystemError } from "../core/failure/system-error.ts";
import { readWorkingCopy } from "../core/login/auth-json.ts";
import { clearHome, realpathOfNearest } from "../login/home.ts";
import { authPath, loginDirectory } from "../login/home-layout.ts";
import { loadNotice } from "../login/notice.ts";
import { hasOpenSection, loadCriticalSection } from "../login/section-state.ts";
import type { StepChannel } from "../ports/runner.ts";
import { renderFailure } from "./failure-summary.ts";
import { loadReport, type Report, withPresentCopy } from "./job-report.ts";
import { type HostLockOfStep, loadSession } from "./phase-state.ts";
import { jobIdentity } from "./run-context.ts";
import type { PostServices } from "./services.ts";
import { renderSummary } from "./summary.ts";
import { hasLeftAnything, holdsForeignLogin, tellUnstoredLogin, wasRenewed } from "./unfinished.ts";

/** Post: finishes what is unfinished, removes what we made, reports. @throws {Failure} the first thing that went wrong */
export async function post(services: PostServices): Promise<void> {
  await new PostStep(services).run();
}

/** Post of a step that has restored nothing: only why not may be of interest to somebody. */
export async function postWithoutSession({
  inputs,
  channel,
  log,
  alerts,
}: Pick<PostServices, "inputs" | "channel" | "log" | "alerts">): Promise<void> {
  const wasToldOfAny = loadSession(channel) !== null;
  if (!wasToldOfAny) log.info("No login was restored; nothing to clean up.");
  else
    log.warning(
      "What this phase was told of the earlier ones is not borne out by this machine, so nothing is stored and nothing removed. Does a step empty RUNNER_TEMP?",
    );
  const notice = loadNotice(channel);
  if (wasToldOfAny) await failOnUnfinished(channel);
  if (!inputs.alertIssue || notice === null || !hasMark(notice.code, "manual-action")) return;
  const { raiseAlert } = await import("./alert.ts");
  await raiseAlert(notice, await alerts());
}

/** Nothing was believed of what main said; that it had something unfinished still fails the job. */
async function failOnUnfinished(channel: StepChannel): Promise<void> {
  const report = loadReport(channel);
  if (!hasOpenSection(channel) && !(report?.rotated && !report.stored)) return;
  const failure = new Failure(
    "write-back-pending",
    "The refreshed login may not be stored, and this phase cannot tell: our files on this machine are gone, or were changed.",
    "Dispatch the maintenance workflow now. Remove the step that empties RUNNER_TEMP.",
  );
  await channel.writeSummary(renderFailure(failure));
  throw failure;
}

/** What the system has refused is no bug of ours. */
function explained(error: unknown): unknown {
  return explainSystemError(error) ?? error;
}

const ORPHAN_MS = 50_000;
const ORPHAN_POLL_MS = 250;

class PostStep {
  readonly #services: PostServices;
  readonly #failures: unknown[] = [];
  #report: Report | null;

  constructor(services: PostServices) {
    this.#services = services;
    this.#report = loadReport(services.channel);
  }

  async run(): Promise<void> {
    const { session, log } = this.#services;
    const { hostLock } = session;
    if (hostLock) await this.#attempt(() => this.#leaveHost(hostLock));
    else await this.#leaveJob();
    await this.#attempt(() => this.#summarize());
    const [first, ...others] = new Set(this.#failures);
    for (const other of others) log.error(other instanceof Error ? other.message : String(other));
    if (first !== undefined) throw first;
  }

  async #leaveJob(): Promise<void> {
    const { session, channel, log } = this.#services;
    const section = loadCriticalSection(channel, session);
    const left = { ...this.#services, section, report: this.#report };
    const isFinished = await this.#attempt(async () => {
      if (!(await hasLeftAnything(left))) return;
      const { finish } = await import("./finish-login.ts");
      const { report, failures } = await finish(this.#services, left);
      this.#report = report;
      this.#failures.push(...failures.map(explained));
    });
    await this.#attempt(async () => {
      if (await holdsForeignLogin(left)) tellUnstoredLogin(log);
      await this.#catchUp();
    });
    // It may hold a login that nobody has stored.
    if (isFinished) await this.#attempt(() => this.#cleanUp());
    await this.#attempt(() => this.#alert());
  }

  /** @returns whether it was done; what keeps it from that is told at the end, and keeps the rest from nothing */
  async #attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.#failures.push(explained(error));
      return false;
    }
  }

  /** The login stays where it is; only what this job had for itself goes. */
  async #leaveHost(lock: HostLockOfStep): Promise<void> {
    const { session } = this.#services;
    if (session.madeRequirements) await this.#liftRequirements(session.home);
    // The step that took it lets go of it: posts run in the reverse order.
    if (lock.by === "this-step") await this.#letGoOfHost(lock);
  }

  async #letGoOfHost(lock: HostLockOfStep): Promise<void> {
    const { session, files, hostLock, clock } = this.#services;
    const host = await hostLock();
    // An orphan of a cancelled job may still hold the login; the runner ends it only after the posts.
    const { poll } = await import("../login/retry.ts");
    const isUsed = (): Promise<boolean> => host.isUsed(session.home);
    await poll(clock, { withinMs: ORPHAN_MS, everyMs: ORPHAN_POLL_MS }, isUsed, (used) => !used);
    await host.letGo(lock.path, lock.content);
    await files.remove(session.base);
  }

  /** A later step of the job may have refreshed the login, and its post runs before this one. */
  async #catchUp(): Promise<void> {
    const { session, files } = this.#services;
    if (this.#report === null || !(await wasRenewed(files, session))) return;
    const copy = readWorkingCopy((await files.read(authPath(session.home))) ?? "");
    if (copy === null || copy.lastRefresh === this.#report.status.last_refresh) return;
    const events = [...this.#report.events, "A later step of this job has refreshed the login."];
    this.#report = { ...withPresentCopy(this.#report, copy), events };
  }

  async #alert(): Promise<void> {
    const { inputs, channel, alerts, steered } = this.#services;
    if (!inputs.alertIssue || steered) return;
    const failures = this.#failures.filter((candidate) => candidate instanceof Failure);
    const told = [...failures, this.#report?.alert ?? null, loadNotice(channel)];
    const alert = told.find((candidate) => candidate !== null && hasMark(candidate.code, "manual-action"));
    const isWell = this.#report?.rotated && this.#report.stored;
    if (!alert && !isWell) return;
    const { raiseAlert, settleAlert } = await import("./alert.ts");
    if (alert) await raiseAlert(alert, await alerts());
    else await settleAlert(await alerts());
  }

  async #summarize(): Promise<void> {
    const { inputs, channel, clock } = this.#services;
    const failures = this.#failures.filter((candidate) => candidate instanceof Failure);
    const [first] = failures;
    if (this.#report === null) {
      // What main has failed of stands in main's own.
      if (first !== undefined) await channel.writeSummary(renderFailure(first));
      return;
    }
    const { refreshWindowMs, minimumLifetimeMs } = inputs;
    const events = [...this.#report.events, ...failures.map(({ message }) => message)];
    const report = { ...this.#report, events };
    const told = loadNotice(channel);
    const notice = told?.code === EXPIRES_SOON ? told : null;
    await channel.writeSummary(
      renderSummary({ report, now: clock.now(), refreshWindowMs, minimumLifetimeMs, notice }),
    );
  }

  async #cleanUp(): Promise<void> {
    const { session, files, log, context } = this.#services;
    if (session.madeRequirements) await this.#liftRequirements(session.base);
    if (!session.ownsHome) return;
    // The login first, and each by itself: what cannot be removed must not keep the rest.
    const removals = [
      () => files.remove(loginDirectory(session.base)),
      () => clearHome(files, { ...session, identity: jobIdentity(context) }),
      () => files.remove(session.base),
    ];
    for (const remove of removals) {
      await remove().catch(() => log.warning("The Codex home could not be removed completely."));
    }
  }

  /** @param guarded what ours keep commands out of, or is above it */
  async #liftRequirements(guarded: string): Promise<void> {
    const { files, machine } = this.#services;
    const { removeRequirements } = await import("./job/protection.ts");
    await removeRequirements(await machine(), await realpathOfNearest(files, guarded));
  }
}
