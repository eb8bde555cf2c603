import { join } from "node:path";
import type { OwnClaim } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import { explainSystemError, isScarcity, systemCodeOf } from "../core/failure/system-error.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import type { RefreshRequest } from "../ports/codex.ts";
import type { Files } from "../ports/files.ts";
import type { ProcessIdentity } from "../ports/machine.ts";
import { authPath, loginDirectory } from "./home-layout.ts";
import { saveCriticalSection } from "./section-state.ts";
import type { Services } from "./services.ts";

/**
 * A full disk is found out before the token is spent. Before it refreshes, an app-server writes databases and skills of
 * its own into its home, 1.1 MB with 0.169.0; on a disk of 1 MB they left no room for the new auth.json.
 */
const ROOM_BYTES = 16 * 1024 * 1024;

/**
 * A directory in which Codex rotates, and nothing else happens. It has no config.toml: the job's could start programs,
 * or send the login elsewhere, and a refresh needs nothing of it.
 *
 * ```text
 * home/auth.json      the whole login, as Codex is to see it; after the refresh, its successor
 * predecessor.json    the login before the refresh
 * handed.json         the login that the secret gave to the job
 * ```
 */
export interface PrivateHome {
  readonly directory: string;
  readonly home: string;
}

export function privateHomeAt(directory: string): PrivateHome {
  return { directory, home: join(directory, "home") };
}

/** @throws {Failure} `home-unwritable`, before anything is spent */
export async function makePrivateHome(
  { files, randomness, base, handed }: Pick<Services, "files" | "randomness" | "base" | "handed">,
  login: AuthJson,
  /** As Codex is to see it. */
  asked = login,
): Promise<PrivateHome> {
  const name = `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`;
  // Where no command of the model's may read.
  const place = privateHomeAt(join(loginDirectory(base), name));
  try {
    // First: no link that somebody has put in its place is followed then.
    await files.makePrivateDirectory(loginDirectory(base));
    await files.makePrivateDirectory(place.directory);
    await files.makePrivateDirectory(place.home);
    await files.write(join(place.directory, "predecessor.json"), login.line().reveal(), 0o600);
    await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 0o600);
    await files.write(authPath(place.home), asked.whole().reveal(), 0o600);
    const room = join(place.home, "room");
    await files.write(room, new Uint8Array(ROOM_BYTES), 0o600);
    await files.remove(room);
    return place;
  } catch (error) {
    await files.remove(place.directory).catch(() => {});
    throw noRoom(error);
  }
}

/** What keeps a login from being refreshed safely on this disk. @returns `home-unwritable`, or `system-error` */
export function noRoom(cause: unknown): Failure {
  if (isScarcity(cause)) return explainSystemError(cause) as Failure;
  const code = systemCodeOf(cause) ?? "error";
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  return new Failure(
    "home-unwritable",
    isFull
      ? "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed."
      : `The private directory for the refresh cannot be written (${code}). Nothing was refreshed.`,
    "Free some space under RUNNER_TEMP, or check its permissions.",
    { cause },
  );
}

/** What keeps a job from the whole login that it has stored. @returns `home-unwritable`, or `system-error` */
export function noRoomForClaim(cause: unknown): Failure {
  if (isScarcity(cause)) return explainSystemError(cause) as Failure;
  return new Failure(
    "home-unwritable",
    `This job has refreshed the login and stored it, and cannot write down on this machine's disk that it holds the whole login (${systemCodeOf(cause) ?? "error"}). So this job cannot have it.`,
    "Free some space under RUNNER_TEMP, or check its permissions. Then start a new run.",
    { cause },
  );
}

/** What a private home was made with. @returns `null` where it is gone or was never finished */
export async function readPrivateHome(
  files: Files,
  place: PrivateHome,
): Promise<{ predecessor: AuthJson; handed: AuthJson; after: string | null } | null> {
  const [predecessor, handed] = await Promise.all(
    ["predecessor.json", "handed.json"].map(async (name) => {
      const text = await files.read(join(place.directory, name));
      return text === null ? null : AuthJson.read(text);
    }),
  );
  if (!predecessor || !handed) return null;
  return { predecessor, handed, after: await files.read(authPath(place.home)) };
}

/** A private home at work. */
export interface HomeInUse extends Pick<RefreshRequest, "home" | "started"> {
  /** Whether a rotated login may be nowhere else on this machine: then the home is left for post. */
  holdsOnlyCopy: boolean;
}

/**
 * Runs an act on a whole login in a private home that post knows of, and wipes it: here, or in post. Post goes on knowing
 * of the claim: the caller says when that is settled.
 *
 * @param use.asked the login as Codex is to see it
 * @param use.process of an earlier home under this claim
 */
export async function usePrivateHome<Result>(
  services: Pick<Services, "files" | "randomness" | "channel" | "log" | "handoff" | "handed" | "base">,
  use: { login: AuthJson; asked?: AuthJson; claim: OwnClaim; process?: ProcessIdentity | null },
  act: (home: HomeInUse) => Promise<Result>,
): Promise<Result> {
  const { files, channel, log, handoff } = services;
  const { claim } = use;
  const { directory, home } = await makePrivateHome(services, use.login, use.asked);
  let known = use.process ?? null;
  const inUse: HomeInUse = {
    home,
    holdsOnlyCopy: false,
    started: async (process) => {
      known = process;
      saveCriticalSection(channel, { directory, process, claim });
      handoff.prepare();
    },
  };
  const wipe = async (): Promise<void> => {
    if (inUse.holdsOnlyCopy) return;
    await files
      .remove(directory)
      .catch(() => log.warning("A private directory of the refresh could not be removed."));
    saveCriticalSection(channel, { directory: null, process: known, claim });
  };
  try {
    saveCriticalSection(channel, { directory, process: known, claim });
    const result = await act(inUse);
    await wipe();
    return result;
  } catch (error) {
    if (isExpected(error)) await wipe();
    throw error;
  }
}

/** Whether an error says what went wrong, and is no bug, after which post must look at everything. */
export function isExpected(error: unknown): boolean {
  return error instanceof Failure || error instanceof GitHubError;
}
