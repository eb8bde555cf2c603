import { join } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import { whyNotStarted } from "../../core/failure/system-error.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Files } from "../../ports/files.ts";
import type { CommandRunner } from "../../ports/machine.ts";

/** How GitHub's `run:` starts the shells it knows; anything else is a template with `{0}`. */
const SHELLS: Readonly<Record<string, { command: string; extension: string }>> = {
  bash: { command: "bash --noprofile --norc -eo pipefail {0}", extension: "sh" },
  sh: { command: "sh -e {0}", extension: "sh" },
  pwsh: { command: "pwsh -command . '{0}'", extension: "ps1" },
  python: { command: "python {0}", extension: "py" },
};

/**
 * Runs the user's commands.
 *
 * @param environment already scrubbed, with `CODEX_HOME`
 * @throws {Failure} `run-failed` with the exit code or where nothing could be started, `input-invalid` for a shell without `{0}`
 */
export async function runCommands(
  { files, commands }: { files: Files; commands: CommandRunner },
  job: {
    script: string;
    shell: string;
    base: string;
    directory: string;
    environment: Readonly<Record<string, string>>;
    output: Parameters<CommandRunner["run"]>[0]["output"];
  },
): Promise<void> {
  const { command, extension } = SHELLS[job.shell] ?? { command: job.shell, extension: "sh" };
  const [file = "", ...template] = command.split(/\s+/);
  if (!template.some((word) => word.includes("{0}"))) {
    throw new Failure(
      "input-invalid",
      "The input `shell` has no {0} for the script.",
      "Write bash, sh, pwsh, python, or a command with {0}.",
    );
  }
  const path = join(job.base, `run.${extension}`);
  await files.write(path, `${job.script}\n`, 0o700);
  try {
    const { exitCode, signal } = await commands
      .run({
        file,
        args: template.map((word) => word.replaceAll("{0}", path)),
        directory: job.directory,
        environment: job.environment,
        output: job.output,
      })
      .catch((error: unknown) => {
        throw whyNotStarted(
          error,
          new Failure(
            "run-failed",
            `The command in \`run\` could not be started: there is no ${foreign(file)}, or no directory ${foreign(job.directory)}.`,
            "Check the inputs `shell` and `working-directory`.",
            { cause: error },
          ),
        );
      });
    if (exitCode === 0) return;
    const end = signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
    throw new Failure("run-failed", `The command in \`run\` ${end}.`, "See its output above.");
  } finally {
    await files.remove(path);
  }
}
