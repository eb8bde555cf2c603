import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";

const HINTS: readonly [codes: RegExp, hint: string][] = [
  [
    /^(EACCES|EPERM|EEXIST)$/,
    "Check who owns it and the directories above it, whether another step has made it as root, and whether it is immutable (`lsattr`).",
  ],
  [/^(ENOSPC|EDQUOT)$/, "Free some space on that disk (`df -h`, `df -i`), then run the job again."],
  [/^EROFS$/, "The file system is read-only: use a directory that can be written."],
  [
    /^(EMFILE|ENFILE|EAGAIN)$/,
    "Raise the limits of this machine (`ulimit -n`, `ulimit -u`), or run fewer jobs on it.",
  ],
  [
    /^(ENAMETOOLONG|E2BIG)$/,
    "Shorten the path (`codex-home`, `secret-name`, RUNNER_TEMP) or the job's `env:`.",
  ],
  [/^(ENOENT|ENOTDIR|EISDIR|ELOOP)$/, "Find out which step has removed or replaced it."],
];

/** The names of errors of the system, `EACCES` and others, which Node gives as `code`. */
export function systemCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return null;
  return typeof error.code === "string" && /^E[A-Z0-9]{2,}$/.test(error.code) ? error.code : null;
}

/** What the system refused, where nobody expected that. @returns `null` for any other error, a bug of ours */
export function explainSystemError(error: unknown): Failure | null {
  const code = systemCodeOf(error);
  if (code === null) return null;
  const { path, syscall } = error as { path?: unknown; syscall?: unknown };
  const [, hint = "Look the code up (`errno -l`), and check the disk."] =
    HINTS.find(([codes]) => codes.test(code)) ?? [];
  const what = typeof path === "string" ? foreign(path) : "a file or a process";
  return new Failure(
    "system-error",
    `The operating system refused ${foreign(String(syscall))} of ${what}: ${code}.`,
    hint,
    { cause: error },
  );
}
