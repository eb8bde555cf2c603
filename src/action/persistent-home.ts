import { Failure } from "../core/failure/failure.ts";
import { demandNewer, judgeLiveLogin } from "../core/host/live-login.ts";
import { hostLockPath, hostRecordPath, parseHostRecord } from "../core/host/record.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import { remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import {
  chooseHome,
  demandSavable,
  guardDisk,
  hideHostLogin,
  makeBase,
  makeHostHome,
} from "../login/home.ts";
import { authPath, hostBaseDirectory } from "../login/home-layout.ts";
import { maskTokens, readHanded } from "../login/read-login.ts";
import { poll } from "../login/retry.ts";
import type { Files } from "../ports/files.ts";
import type { HostLock } from "../ports/machine.ts";
import type { Cancellation, Log } from "../ports/runner.ts";
import { reportOf, saveReport, setOutputs } from "./job-report.ts";
import {
  captureEnvironment,
  forgetSession,
  type HostLockOfStep,
  type Session,
  saveSession,
} from "./phase-state.ts";
import { jobIdentity } from "./run-context.ts";
import type { RestoreServices } from "./services.ts";

const WAIT_MS = 600_000;
const POLL_MS = 5_000;

/**
 * Takes the home of a persistent host for the length of this job, and seeds it when it has no login, or a dead one.
 * The live whole file is the authority: never overwritten by an older one, never stored, never removed.
 *
 * @throws {Failure} `host-busy`, `home-unwritable`, `home-foreign-login`, `seed-not-newer`, `secret-empty`, `login-…`
 */
export async function takePersistentHome(
  services: RestoreServices & { hostLock: HostLock },
  cancellation: Cancellation,
): Promise<Session> {
  const { inputs, context, files, clock, log, channel, environment, hostLock } = services;
  const base = hostBaseDirectory(context.temporaryDirectory, inputs.secretName);
  const home = await chooseHome(files, { given: inputs.codexHome, base, workspace: context.workspace });
  const job = jobIdentity(context);
  const mark = await makeBase(files, base, job);
  await makeHostHome(files, home);
  const lock = await guardDisk(home, () =>
    takeLock(services, { path: hostLockPath(home), job, cancellation }),
  );
  const session: Session = {
    base,
    mark,
    home,
    place: { secretName: inputs.secretName, environment: inputs.environment },
    refreshToken: "withheld",
    madeConfig: false,
    ownsHome: false,
    written: null,
    beganMonotonicMs: clock.monotonicMs(),
    madeRequirements: false,
    environment: captureEnvironment(environment),
    hostLock: lock,
  };
  // Before anything can fail: post lets go of it.
  saveSession(channel, session);
  try {
    await hideHostLogin(files, home);
    const { login, restoredFrom } = await seedWhereMissing(services, home);
    channel.exportVariable("CODEX_HOME", home);
    const report = reportOf(login, {
      job: "host",
      restoredFrom,
      unrefreshed: "never",
      rotated: false,
      stored: false,
      events: [],
      alert: null,
      rescue: null,
      usage: null,
    });
    saveReport(channel, report);
    setOutputs(channel, home, report);
    const left = describeDuration(remainingMs(login, clock.now()));
    log.info(
      restoredFrom === "secret"
        ? `Seeded this host with login ${login.generation} (access token valid ${left}).`
        : `This host has a login of its own, ${login.generation} (access token valid ${left}); it is left as it is.`,
    );
    return session;
  } catch (error) {
    if (lock.by === "this-step") await hostLock.letGo(lock.path, lock.content);
    forgetSession(channel);
    throw error;
  }
}

/** The login that stands in the home now. @throws {Failure} `login-…` */
export async function readLiveLogin(files: Files, home: string, log: Log): Promise<AuthJson> {
  const login = AuthJson.parse((await files.read(authPath(home))) ?? "");
  maskTokens(login, log);
  return login;
}

async function takeLock(
  { clock, log, hostLock }: RestoreServices & { hostLock: HostLock },
  { path, job, cancellation }: { path: string; job: string; cancellation: Cancellation },
): Promise<HostLockOfStep> {
  const taken = await poll(
    clock,
    {
      withinMs: WAIT_MS,
      everyMs: POLL_MS,
      waiting: () =>
        log.info("Another job is at work with this host's login. Waiting for it, ten minutes at most."),
      cancelled: () => cancellation.requested(),
    },
    () => hostLock.take(path, job),
    (lock) => lock !== null,
  );
  if (taken === null) throw busy();
  return { path, ...taken };
}

async function seedWhereMissing(
  { inputs, files, log }: Pick<RestoreServices, "inputs" | "files" | "log">,
  home: string,
): Promise<{ login: AuthJson; restoredFrom: "home" | "secret" }> {
  const record = parseHostRecord(await files.read(hostRecordPath(home)));
  const live = judgeLiveLogin(await files.read(authPath(home)), record);
  if (live.kind === "alive") {
    maskTokens(live.login, log);
    await demandSavable(files, home);
    return { login: live.login, restoredFrom: "home" };
  }
  const seed = readHanded(inputs.secret, log);
  demandNewer(live, seed);
  await guardDisk(home, () => files.write(authPath(home), seed.whole().reveal(), 0o600));
  return { login: seed, restoredFrom: "secret" };
}

function busy(): Failure {
  return new Failure(
    "host-busy",
    "Another job is at work with this host's login.",
    "Give the jobs of this host one `concurrency:` group; two at once could spend the same refresh token.",
  );
}
