import { Failure } from "../failure/failure.ts";
import { foreign } from "../text/escape.ts";
import { TESTED_CODEX_VERSION } from "./integrity.ts";

/** The first version that is documented to keep commands out of a directory by a profile (docs/facts.md §1). */
export const LEAST_CODEX_VERSION = "0.138.0";

/** How a command in the sandbox fared that tried to read what the profile denies. */
export type SandboxTrial =
  /** It ran and could not. */
  | { readonly kind: "protects" }
  /** It ran and could. */
  | { readonly kind: "reads" }
  /** It never ran. */
  | { readonly kind: "broken"; readonly output: string };

/** @returns what the job must stop with before the model is asked; `null` where the sandbox protects the login */
export function sandboxFailure(
  trial: SandboxTrial,
  { command, version }: { readonly command: string; readonly version: string },
  platform: string,
): Failure | null {
  const codex = `Codex ${version} at ${foreign(command)}`;
  switch (trial.kind) {
    case "protects":
      return null;
    case "reads":
      return outdated(
        `${codex} does not keep commands out of the login: one in its sandbox, under our permission profile, could read a file beside it. The model was not asked.`,
      );
    case "broken": {
      const said = lastWords(trial.output);
      const words = said === "" ? "" : `: ${foreign(said)}`;
      if (isOlder(version, LEAST_CODEX_VERSION))
        return outdated(`${codex} has no permission profiles${words}. The model was not asked.`);
      return new Failure(
        "sandbox-unavailable",
        `This machine cannot run Codex's sandbox, which keeps the model's commands out of the login${words}. The model was not asked.`,
        `${adviceFor(platform)} With \`protect-auth: off\` the prompt runs all the same, and the model could read the login.`,
      );
    }
  }
}

function outdated(message: string): Failure {
  return new Failure(
    "codex-outdated",
    message,
    `Set \`codex-version\` (${LEAST_CODEX_VERSION} or newer; this release was tested with ${TESTED_CODEX_VERSION}), or remove that \`codex\` from PATH. With \`protect-auth: off\` it runs all the same, and the model could read the login.`,
  );
}

function adviceFor(platform: string): string {
  switch (platform) {
    case "linux":
      return "Allow user namespaces: on Ubuntu `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` in an earlier step; in a container, `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`. A `codex-home` must not be below the temporary directory.";
    case "win32":
      return "On Windows Codex cannot deny the reading of single directories: run this job on Linux, macOS or in WSL.";
    default:
      return "Run this job on a GitHub-hosted runner, or where Codex's sandbox works (`codex sandbox -- true`).";
  }
}

/** Its last line, without a stack trace. */
function lastWords(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  return lines.findLast((line) => line !== "" && !/^(\d+:|note:|stack backtrace)/i.test(line)) ?? "";
}

function isOlder(version: string, least: string): boolean {
  const numbers = version.split(/[.+-]/).map(Number);
  for (const [index, number] of least.split(".").map(Number).entries()) {
    const difference = (numbers[index] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
