import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";

/** Not of the file that the error names, but of the machine: too many files are open, say. */
const SCARCE = /^(EMFILE|ENFILE|EAGAIN|ENOMEM)$/;

const HINTS: readonly [codes: RegExp, hint: string][] = [
  [
    /^(EACCES|EPERM|EEXIST)$/,
    "Check who owns it and the directories above it, whether something has made it as root, and whether it is immutable (`lsattr`).",
  ],
  [/^(ENOSPC|EDQUOT)$/, "Free some space on that disk (`df -h`, `df -i`), then try again."],
  [/^EROFS$/, "The file system is read-only: use a directory that can be written."],
  [SCARCE, "Raise the limits of this machine (`ulimit -n`, `ulimit -u`, memory), or run fewer jobs on it."],
  [
    /^(ENAMETOOLONG|E2BIG)$/,
    "Shorten the path (`codex-home`, `secret-name`, RUNNER_TEMP) or the job's `env:`.",
  ],
  [/^(ENOENT|ENOTDIR|EISDIR|ELOOP)$/, "Find out what has removed or replaced it."],
];

/** The names of errors of the system, `EACCES` and others, which Node gives as `code`. */
export function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("syscall" in error)) return null;
  // Node's own SystemError, of `os.homedir()` say, has the system's code one level below.
  const { code, info } = error as { code?: unknown; info?: { code?: unknown } };
  return [info?.code, code].filter((name) => typeof name === "string").find(isSystemCode) ?? null;
}

function isSystemCode(name: string): boolean {
  return /^E[A-Z0-9]{2,}$/.test(name);
}

/** Whether the machine has no room for any file or process, so that nothing follows about the one that was refused. */
export function isScarcity(error: unknown): boolean {
  return SCARCE.test(systemCodeOf(error) ?? "");
}

/** Why a program was not started. @param missing what is told where it, or the directory to start it in, is not there */
export function whyNotStarted(error: unknown, missing: Failure): unknown {
  const code = systemCodeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return missing;
  const refused = explainSystemError(error);
  return refused ? new Failure(missing.code, refused.message, refused.hint, { cause: error }) : error;
}

/** What the system refused, where nobody expected that. @returns `null` for any other error, a bug of ours */
export function explainSystemError(error: unknown): Failure | null {
  const code = systemCodeOf(error);
  if (code === null) return null;
  const { path, syscall } = error as { path?: unknown; syscall?: unknown };
  const [, hint = "Look the code up (`errno -l`), and check the disk."] =
    HINTS.find(([codes]) => codes.test(code)) ?? [];
  const unnamed = syscall === "uv_cwd" ? "the current directory" : "a file or a process";
  const what = typeof path === "string" ? foreign(path) : unnamed;
  return new Failure(
    "system-error",
    `The operating system refused ${foreign(String(syscall))} of ${what}: ${code}.`,
    hint,
    { cause: error },
  );
}
