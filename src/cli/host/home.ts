import { isAbsolute } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import {
  type HostRecord,
  hostLockPath,
  hostRecordPath,
  parseHostRecord,
  writeHostRecordText,
} from "../../core/host/record.ts";
import { authPath } from "../../login/home-layout.ts";
import type { HostDisk, Owner } from "../../ports/cli.ts";
import { explainKeychain } from "../explain-keychain.ts";
import { onBehalfOf, onHome } from "../pasted.ts";

/** A home on a host, and who its files belong to. */
export interface HostHome {
  readonly home: string;
  /** `null` where the system has no owners. */
  readonly owner: Owner | null;
  /** As `--user` named the owner. */
  readonly user?: string | undefined;
}

/**
 * The right owner: the named user, else the owner of the home, else we.
 *
 * @throws {Failure} `input-invalid` for a user that does not exist, `home-other-owner` where we cannot write for that user
 */
export async function findOwner(disk: HostDisk, home: string, user: string | undefined): Promise<HostHome> {
  demandAbsolute(home);
  const there = await disk.inspect(home);
  if (there !== null && there.kind !== "directory") {
    throw new Failure(
      "home-missing",
      `${home} is not a directory.`,
      "Name the directory itself: a link is not followed, because it may lead to somebody else's files.",
    );
  }
  const self = disk.self();
  const owner = user === undefined ? (there?.owner ?? self) : await disk.user(user);
  if (user !== undefined && owner === null)
    throw new Failure("input-invalid", `There is no user ${user} on this machine.`, "Create the user first.");
  if (owner && self && self.uid !== 0 && self.uid !== owner.uid) throw otherOwner(home, owner, self);
  return { home, owner, user };
}

/**
 * Codex writes its file as the user who runs it: after a refresh by anybody else, the service cannot read its own login.
 *
 * @throws {Failure} `home-missing`, `home-other-owner`
 */
export async function demandOwnHome(
  disk: HostDisk,
  home: string,
  user: string | undefined,
): Promise<HostHome> {
  const { owner } = await findOwner(disk, home, undefined);
  await demandLoginOf(disk, { home, owner: disk.self(), user });
  return { home, owner, user };
}

/** @throws {Failure} `home-missing`, `home-other-owner` unless the login in the home is this user's */
export async function demandLoginOf(disk: HostDisk, place: HostHome): Promise<void> {
  const { home, owner } = place;
  const file = await disk.inspect(authPath(home));
  if (file === null) {
    const read = (path: string): Promise<string | null> => disk.read(path, owner);
    throw (await explainKeychain(home, read, await seedAgain(disk, place))) ?? (await noLogin(disk, place));
  }
  if (owner && file.owner && owner.uid !== file.owner.uid) throw otherOwner(home, file.owner, owner);
}

/** The command that puts a login into this home, for whoever has called us. */
export async function seedAgain(disk: HostDisk, { home, owner, user }: HostHome): Promise<string> {
  return onHome("seed", home, await onBehalfOf(disk, owner, user));
}

/**
 * Does something while nobody else may change the home.
 *
 * @throws {Failure} `host-busy`
 */
export async function underHostLock<Value>(
  disk: HostDisk,
  { home, owner }: HostHome,
  act: () => Promise<Value>,
): Promise<Value> {
  const letGo = await onDisk(home, () => disk.lock(hostLockPath(home), owner));
  if (letGo === null) {
    throw new Failure(
      "host-busy",
      `Another codex-auth-roundtrip is working in ${home}.`,
      "Wait until it has ended; two refreshes at once would spend the same refresh token.",
    );
  }
  try {
    return await act();
  } finally {
    await letGo();
  }
}

/** @throws {Failure} `home-unwritable` for any error of the system */
export async function onDisk<Value>(home: string, act: () => Promise<Value>): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (error instanceof Failure || typeof code !== "string") throw error;
    throw new Failure(
      "home-unwritable",
      `${home} cannot be used by the user whose login it is (${code}).`,
      "Check who owns it, what is in it, and the directories above it: a file may be in the place of one.",
      { cause: error },
    );
  }
}

/** @throws {Failure} `input-invalid` */
export function demandAbsolute(home: string): void {
  if (!isAbsolute(home))
    throw new Failure(
      "input-invalid",
      "`--home` is not an absolute path.",
      "For example: --home /opt/svc/.codex",
    );
}

/** Closes the home, and the login in it, to other users. */
export async function makePrivate(disk: HostDisk, { home, owner }: HostHome): Promise<void> {
  await disk.makePrivate(home, owner);
  // Where a job has put a link in its place, the file behind it is private already.
  if ((await disk.inspect(authPath(home)))?.kind === "file") await disk.narrow(authPath(home), owner);
}

/** @returns `null` for none, or one that is not ours */
export async function readHostRecord(disk: HostDisk, { home, owner }: HostHome): Promise<HostRecord | null> {
  return parseHostRecord(await disk.read(hostRecordPath(home), owner));
}

export async function writeHostRecord(
  disk: HostDisk,
  { home, owner }: HostHome,
  record: HostRecord,
): Promise<void> {
  await disk.write(hostRecordPath(home), writeHostRecordText(record), owner);
}

export async function noLogin(disk: HostDisk, place: HostHome): Promise<Failure> {
  return new Failure(
    "home-missing",
    `There is no auth.json in ${place.home}.`,
    `Put a login there: ${await seedAgain(disk, place)}`,
  );
}

function otherOwner(home: string, { uid }: Owner, user: Owner): Failure {
  return new Failure(
    "home-other-owner",
    `The login in ${home} belongs to the user with the id ${uid}, not to the user with the id ${user.uid}.`,
    user.uid === 0
      ? "Name that user with --user: the command then runs with the rights of that user."
      : `Run the same command as that user: put \`sudo -u '#${uid}'\` before it.`,
  );
}
