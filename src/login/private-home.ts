import { join } from "node:path";
import { Failure } from "../core/failure/failure.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import type { Files, Randomness } from "../ports/action.ts";
import { authPath, loginDirectory } from "./home.ts";

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
 * home/auth.json      the whole login; after the refresh, its successor
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
  files: Files,
  randomness: Randomness,
  { base, login, handed }: { base: string; login: AuthJson; handed: AuthJson },
): Promise<PrivateHome> {
  const place = privateHomeAt(
    // Where no command of the model's may read.
    join(loginDirectory(base), `critical-${Buffer.from(randomness.bytes(6)).toString("hex")}`),
  );
  try {
    // First: no link that somebody has put in its place is followed then.
    await files.makePrivateDirectory(loginDirectory(base));
    await files.makePrivateDirectory(place.directory);
    await files.makePrivateDirectory(place.home);
    await files.write(join(place.directory, "predecessor.json"), login.line().reveal(), 0o600);
    await files.write(join(place.directory, "handed.json"), handed.line().reveal(), 0o600);
    await files.write(authPath(place.home), login.whole().reveal(), 0o600);
    const room = join(place.home, "room");
    await files.write(room, new Uint8Array(ROOM_BYTES), 0o600);
    await files.remove(room);
    return place;
  } catch (error) {
    await files.remove(place.directory).catch(() => {});
    throw noRoom(error);
  }
}

export function noRoom(cause: unknown): Failure {
  return new Failure(
    "home-unwritable",
    "There is no room to refresh the login safely on this machine's disk. Nothing was refreshed.",
    "Free some space under RUNNER_TEMP, or check its permissions.",
    { cause },
  );
}

/** What a private home was made with. @returns `null` where it is gone or was never finished */
export async function readPrivateHome(
  files: Files,
  place: PrivateHome,
): Promise<{ predecessor: AuthJson; handed: AuthJson; after: string | null } | null> {
  const predecessor = await files.read(join(place.directory, "predecessor.json"));
  const handed = await files.read(join(place.directory, "handed.json"));
  if (predecessor === null || handed === null) return null;
  const logins = [predecessor, handed].map((text) => AuthJson.read(text));
  const [before, given] = logins;
  if (!before || !given) return null;
  return { predecessor: before, handed: given, after: await files.read(authPath(place.home)) };
}
