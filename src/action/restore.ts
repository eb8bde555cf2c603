import { dirname } from "node:path";
import { Failure } from "../core/failure/failure.ts";
import { remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import {
  chooseHome,
  claimHome,
  clearHome,
  makeBase,
  realpathOfNearest,
  writeWorkingCopy,
} from "../login/home.ts";
import { authPath, baseDirectory, loginDirectory } from "../login/home-layout.ts";
import { readHanded } from "../login/read-login.ts";
import type { Files } from "../ports/files.ts";
import { acceptedBy } from "./inputs.ts";
import { guardedPlaces, protectByConfig } from "./job/protection.ts";
import { captureEnvironment, type Session, saveSession } from "./phase-state.ts";
import { jobIdentity } from "./run-context.ts";
import type { RestoreServices } from "./services.ts";

/**
 * Puts a working copy with the refresh token withheld into the home, or attaches to the one an earlier step of this job
 * put there. `CODEX_HOME` leads later steps to it.
 *
 * @throws {Failure} everything that requires manual action
 */
export async function restore(services: RestoreServices): Promise<Session> {
  const { inputs, files, clock, log, channel } = services;
  const login = readHanded(inputs.secret, log, { accepted: acceptedBy(inputs) });
  const empty = await makeHome(services);
  if (!empty.ownsHome) {
    log.info("An earlier step of this job has restored the login; this one attaches to it.");
    return empty;
  }
  const session = { ...empty, written: await writeWorkingCopy(files, empty, login.withheld()) };
  saveSession(channel, session);
  const left = describeDuration(remainingMs(login, clock.now()));
  log.info(
    login.isAccessCopy
      ? `Restored an access copy (its own fingerprint: ${login.generation}; access token valid ${left}).`
      : `Restored login ${login.generation} (its fingerprint; access token valid ${left}, refresh token withheld).`,
  );
  return session;
}

/**
 * Makes the home of this job, or attaches to the one that an earlier step of it made.
 *
 * @throws {Failure} everything that requires manual action
 */
export async function makeHome(services: RestoreServices): Promise<Session> {
  const { inputs, context, files, clock, channel, environment } = services;
  const beganMonotonicMs = clock.monotonicMs();
  const identity = jobIdentity(context);
  const place = { secretName: inputs.secretName, environment: inputs.environment };
  const base = baseDirectory(context.temporaryDirectory, place);
  const home = await chooseHome(files, { given: inputs.codexHome, base, workspace: context.workspace });
  const mark = await makeBase(files, base, identity);
  const owner = await claimHome(files, { home, identity });
  const isOwner = owner === "nobody";
  if (!isOwner) await refuseOtherSecret(files, { home, base });
  const protect = async (): Promise<boolean> => {
    try {
      return await protectByConfig(services, {
        home,
        guarded: await guardedPlaces(services, { home, base, loginPath: loginDirectory(base) }),
      });
    } catch (error) {
      // Else main would take the home that pre claimed and could not finish for an earlier step's.
      await clearHome(files, { home, identity, madeConfig: false }).catch(() => {});
      throw error;
    }
  };

  const session: Session = {
    base,
    mark,
    home,
    place,
    refreshToken: inputs.refreshToken,
    madeConfig: isOwner && (await protect()),
    ownsHome: isOwner,
    written: null,
    beganMonotonicMs,
    madeRequirements: false,
    hostLock: null,
    environment: captureEnvironment(environment),
  };
  saveSession(channel, session);
  channel.exportVariable("CODEX_HOME", home);
  return session;
}

/** @throws {Failure} `home-has-login` where another step's login, of another secret, stands in the home */
async function refuseOtherSecret(
  files: Files,
  { home, base }: { home: string; base: string },
): Promise<void> {
  const directory = dirname(await realpathOfNearest(files, authPath(home)));
  const known = [home, loginDirectory(base)].map((path) => realpathOfNearest(files, path));
  if ((await Promise.all(known)).includes(directory)) return;
  throw new Failure(
    "home-has-login",
    "The Codex home holds the login of another secret, which an earlier step of this job put there. It is left as it is.",
    "Give each secret's steps a `codex-home` of their own, or leave it empty.",
  );
}
