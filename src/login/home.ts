import { dirname, join, relative } from "node:path";
import { isBelow } from "../core/codex/config.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainSystemError, isScarcity } from "../core/failure/system-error.ts";
import type { Secret } from "../core/login/secret.ts";
import { fields, isText, parseChecked } from "../core/phase-state/shape.ts";
import type { Files } from "../ports/files.ts";
import {
  AUTH_FILE,
  authPath,
  homeDirectory,
  hostLoginPath,
  loginDirectory,
  markPath,
  writtenPath,
} from "./home-layout.ts";

const CONFIG_FILE = "config.toml";
/** Left beside the login: whose job it is. */
const MARKER_FILE = ".codex-auth-roundtrip.json";

/** By the mark a later phase knows that the state it is told was written by an earlier one. @returns `null` for none */
export async function readMark(
  files: Pick<Files, "read">,
  base: string,
): Promise<{ readonly identity: string; readonly mark: string } | null> {
  const text = await files.read(markPath(base));
  return text === null ? null : parseChecked(text, fields({ identity: isText, mark: isText }));
}

/** As {@link homeDirectory}. @throws {Failure} `home-in-workspace`: a checkout is uploaded, cached and committed */
export async function chooseHome(
  files: Files,
  { given, base, workspace }: { given: string | null; base: string; workspace: string | null },
): Promise<string> {
  const home = homeDirectory(given, base);
  if (workspace === null) return home;
  const root = await realpathOfNearest(files, workspace);
  if (!isBelow(root, await realpathOfNearest(files, home))) return home;
  throw new Failure(
    "home-in-workspace",
    "The Codex home lies inside the workspace, from where a login is easily uploaded, cached or committed.",
    "Leave `codex-home` empty, or choose a directory outside the workspace, below `runner.temp`.",
  );
}

/**
 * Makes the private directory that everything of ours lies in, and marks it, once in a job.
 *
 * @returns the mark
 * @throws {Failure} `home-unwritable`
 */
export async function makeBase(files: Files, base: string, identity: string): Promise<string> {
  const make = async (): Promise<string> => {
    await files.makePrivateDirectory(base);
    const known = await readMark(files, base);
    if (known?.identity === identity) return known.mark;
    // It keeps out text, not code, which could read it: node:crypto would cost a quiet job a fifth of Node's start.
    const mark = `${Math.random()} ${Math.random()}`;
    await files.write(markPath(base), JSON.stringify({ identity, mark }), 0o600);
    return mark;
  };
  return explainDisk(make, (code) => [
    `The private directory ${base} cannot be made (${code}).`,
    "Check the owner of RUNNER_TEMP, and the free space there. A link, or somebody else's directory, is not taken for it: find out which step has put one there.",
  ]);
}

/** Makes the home of a persistent host; one that is there keeps its modes. @throws {Failure} `home-unwritable` */
export async function makeHostHome(files: Files, home: string): Promise<void> {
  await guardDisk(home, async () => {
    if ((await files.realpath(home)) === null) await files.makePrivateDirectory(home);
  });
}

/**
 * Makes the home, or finds out whose it is.
 *
 * @param identity of this job
 * @throws {Failure} `home-has-login` for a login that this job did not put there, `home-unwritable`
 */
export async function claimHome(
  files: Files,
  { home, identity }: { home: string; identity: string },
): Promise<"earlier-step" | "nobody"> {
  return guardDisk(home, async () => {
    const marker = await readMarker(files, home);
    if (marker?.identity === identity) {
      await files.makePrivateDirectory(home);
      return "earlier-step";
    }
    if ((await files.read(authPath(home))) !== null) {
      throw new Failure(
        "home-has-login",
        "The Codex home already holds a login that this job did not put there. It is left as it is.",
        "Leave `codex-home` empty to use a private one; a host that has a login of its own needs none from a secret.",
      );
    }
    const made = (await files.makePrivateDirectory(home)) === "made";
    await files.write(join(home, MARKER_FILE), `${JSON.stringify({ identity, made })}\n`, 0o600);
    return "nobody";
  });
}

/**
 * On a persistent host: moves the login's file into a directory of its own in the home, to which `auth.json` becomes a
 * link. A sandbox can be kept out of that directory; kept out of the file alone, a command that runs while Codex replaces
 * it could read its successor.
 *
 * @returns the directory; the file itself where the system has no links
 */
export async function hideHostLogin(files: Files, home: string): Promise<string> {
  const path = authPath(home);
  const directory = dirname(hostLoginPath(home));
  const real = await files.realpath(path);
  // A link that leads elsewhere is its owner's.
  if (real !== null && dirname(real) !== (await files.realpath(home))) return dirname(real);
  try {
    await files.makePrivateDirectory(directory);
    await files.moveBehindLink(path, hostLoginPath(home));
    return directory;
  } catch {
    return path;
  }
}

/** Puts a working copy into the home. @returns the stamp of the file, by which post knows that nobody wrote it since */
export async function writeWorkingCopy(
  files: Files,
  { home, base }: { home: string; base: string },
  copy: Secret,
): Promise<string | null> {
  return guardDisk(home, async () => {
    const directory = loginDirectory(base);
    const path = join(directory, AUTH_FILE);
    await files.makePrivateDirectory(directory);
    await files.write(path, copy.reveal(), 0o600);
    await files.link(path, authPath(home));
    const stamp = await files.stamp(authPath(home));
    await files.write(writtenPath(base), stamp ?? "", 0o600);
    return stamp;
  });
}

/** The stamp of what any of our steps in this job wrote last: a later step's copy is no news to an earlier one's post. */
export async function lastWritten(files: Files, { base }: { base: string }): Promise<string | null> {
  return files.read(writtenPath(base));
}

/** What Codex writes beside a login while it refreshes: measured at 1.1 MB with 0.169.0 (docs/facts.md §1). */
const REFRESH_ROOM_BYTES = 4 * 1024 * 1024;

/**
 * Codex spends a refresh token before it saves the next one: a file that it cannot save is found out before.
 *
 * @throws {Failure} `home-unwritable`
 */
export async function demandSavable(files: Pick<Files, "demandReplaceable">, home: string): Promise<void> {
  try {
    await files.demandReplaceable(authPath(home), REFRESH_ROOM_BYTES);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    throw new Failure(
      "home-unwritable",
      `Codex could not save a refreshed login in ${home} (${code}), and would lose it. Nothing was refreshed.`,
      "auth.json, its directory, and `auth.lock` and `auth.json.lock` where they exist must belong to the user of this job and be writable (0600 and 0700), not immutable (`lsattr`), on a disk with some free megabytes that is not mounted read-only.",
      { cause: error },
    );
  }
}

/** A config.toml that was there before. @returns `null` when there is none */
export async function readConfig(files: Files, home: string): Promise<string | null> {
  return guardDisk(home, () => files.read(join(home, CONFIG_FILE)));
}

export async function writeConfig(files: Files, home: string, config: string): Promise<void> {
  await guardDisk(home, () => files.write(join(home, CONFIG_FILE), config, 0o600));
}

/** Removes what this job made in a home that bears its marker, the home included if it was made then; nothing else. */
export async function clearHome(
  files: Files,
  { home, identity, madeConfig }: { home: string; identity: string; madeConfig: boolean },
): Promise<void> {
  const marker = await readMarker(files, home);
  if (marker?.identity !== identity) return;
  if (marker.made === true) return files.remove(home);
  await files.remove(authPath(home));
  if (madeConfig) await files.remove(join(home, CONFIG_FILE));
  await files.remove(join(home, MARKER_FILE));
}

async function readMarker(
  files: Files,
  home: string,
): Promise<{ identity?: unknown; made?: unknown } | null> {
  const text = await files.read(join(home, MARKER_FILE));
  return text === null ? null : parseChecked(text, fields({ identity: isText }));
}

/** A path that need not exist yet, with the links in what does resolved. */
export async function realpathOfNearest(files: Files, path: string): Promise<string> {
  const real = await files.realpath(path).catch(() => null);
  if (real !== null) return real;
  const parent = dirname(path);
  return parent === path ? path : join(await realpathOfNearest(files, parent), relative(parent, path));
}

/** @throws {Failure} `home-unwritable` for whatever the system has against it */
export async function guardDisk<Result>(home: string, act: () => Promise<Result>): Promise<Result> {
  return explainDisk(act, (code) => [
    `The Codex home ${home} cannot be used (${code}).`,
    "Check the directory's owner and the free space, or leave `codex-home` empty.",
  ]);
}

/** @param explain message and hint, from the system's name for what is wrong, and nothing else of its error */
async function explainDisk<Result>(
  act: () => Promise<Result>,
  explain: (code: string) => [message: string, hint: string],
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure) throw error;
    // Says nothing of this directory.
    if (isScarcity(error)) throw explainSystemError(error);
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    throw new Failure("home-unwritable", ...explain(code), { cause: error });
  }
}
