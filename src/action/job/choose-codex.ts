import { dirname } from "node:path";
import { TESTED_CODEX_VERSION } from "../../core/codex/integrity.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { CodexProgram } from "../../ports/codex.ts";
import type { StepChannel } from "../../ports/runner.ts";

/**
 * The Codex to run: the version asked for, else the one on PATH, else the tested one. What was installed comes first
 * on the PATH, also of later steps.
 *
 * @throws {Failure} `codex-install-failed`
 */
export async function provideCodex(
  program: CodexProgram,
  channel: StepChannel,
  asked: string | null,
): Promise<string> {
  const present = asked === null ? await program.locate() : null;
  if (present) return present;
  const installed = await program.install(asked ?? TESTED_CODEX_VERSION);
  channel.addPath(dirname(installed));
  return installed;
}

/** Sets the output `codex-version`. @returns the version @throws {Failure} `codex-missing` */
export async function tellVersion(
  program: CodexProgram,
  channel: StepChannel,
  command: string,
): Promise<string> {
  const version = await program.version(command);
  if (version === null)
    throw new Failure(
      "codex-missing",
      "The `codex` on PATH does not run.",
      "Install it again, or set `codex-version`.",
    );
  channel.setOutputs({ "codex-version": version });
  return version;
}
