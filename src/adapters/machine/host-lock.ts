import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { Failure } from "../../core/failure/failure.ts";
import type { HostLock } from "../../ports/machine.ts";
import { codeOf, orNull } from "./file-operations.ts";
import { startTimeOf, systemProcesses } from "./processes.ts";

interface Holder {
  readonly pid: number;
  readonly startedAt: string | null;
  /** The job's identity, where it is one. */
  readonly job?: string;
}

const ATTEMPTS = 3;

/** The lock of a job: the runner's worker is our parent, and lives exactly as long as the job. */
export const jobHostLock: HostLock = {
  take: async (path, job) => {
    const self = { ...holder(), job };
    const content = await takeHostLock(path, self);
    if (content !== null) return { content, by: "this-step" };
    const seen = read(path);
    return seen !== null && isOf(self, seen) ? { content: seen, by: "earlier-step" } : null;
  },
  isUsed: async (home) => (await systemProcesses.usingHome(home)).length > 0,
  letGo: (path, content) => releaseHostLock(path, content),
};

/** @throws {Failure} `input-invalid` where the worker cannot be seen: nobody could tell when the job is over */
function holder(): Holder {
  const startedAt = startTimeOf(process.ppid);
  if (process.ppid > 0 && (startedAt !== null || process.platform !== "linux"))
    return { pid: process.ppid, startedAt };
  throw new Failure(
    "input-invalid",
    "`home-lifetime: persistent` does not work in a container job: the host's processes cannot be seen from there.",
    "Run the job on the host itself, without `container:`.",
  );
}

/** Runs what touches the disk, perhaps as somebody else. Never waits in it. */
type DiskAccess = <Value>(act: () => Value) => Value;

const asOurselves: DiskAccess = (act) => act();

/**
 * Takes a lock that ends with its holder.
 *
 * @returns its content, or `null` when a living process holds it
 */
export async function takeHostLock(
  path: string,
  holder: Holder,
  access: DiskAccess = asOurselves,
): Promise<string | null> {
  const ours = `${JSON.stringify({ ...holder, nonce: randomBytes(6).toString("hex") })}\n`;
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  access(() => writeFileSync(temporary, ours, { flag: "wx", mode: 0o600 }));
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // A link appears with its content, and never over another.
      if (access(() => linked(temporary, path))) return ours;
      if (!(await removeDead(path, access))) return null;
    }
    return null;
  } finally {
    access(() => rmSync(temporary, { force: true }));
  }
}

export async function releaseHostLock(
  path: string,
  ours: string,
  access: DiskAccess = asOurselves,
): Promise<void> {
  access(() => {
    if (read(path) === ours) unlinkSync(path);
  });
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Clears away the lock of a process that is gone.
 *
 * @returns whether the way is free now
 */
async function removeDead(path: string, access: DiskAccess): Promise<boolean> {
  const seen = access(() => read(path));
  if (seen === null) return true;
  if (await isHeld(seen)) return false;
  return access(() => {
    // By way of another name: what somebody has put there since is then not removed but noticed.
    const aside = `${path}.${randomBytes(6).toString("hex")}.dead`;
    // Fails where somebody else was faster.
    orNull(() => renameSync(path, aside));
    const moved = read(aside);
    if (moved !== null && moved !== seen) linked(aside, path);
    rmSync(aside, { force: true });
    return moved === seen;
  });
}

/** Whether the same job took it: its worker, and, should one worker ever have two, its name. */
function isOf({ pid, startedAt, job }: Holder, content: string): boolean {
  const seen = parse(content);
  return seen !== null && seen.pid === pid && seen.startedAt === startedAt && seen.job === job;
}

async function isHeld(content: string): Promise<boolean> {
  const seen = parse(content);
  return seen !== null && (await systemProcesses.isAlive(seen));
}

function parse(content: string): Holder | null {
  return orNull(() => JSON.parse(content) as Holder);
}

function read(path: string): string | null {
  return orNull(() => readFileSync(path, "utf8"));
}
