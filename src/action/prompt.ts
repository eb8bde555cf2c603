import { join, resolve } from "node:path";
import { parse } from "shell-quote";
import { execArguments, refuseArguments, writableRootsIn } from "../core/codex-arguments.ts";
import { type CodexRules, type Guarded, protectionFlags } from "../core/codex-config.ts";
import { Failure } from "../core/failure.ts";
import type { CommandRunner, Files, Log, Randomness, StepChannel } from "../ports.ts";
import type { PromptInput } from "./inputs.ts";
import { isSystemError } from "./job.ts";

export interface PromptCollaborators {
  readonly files: Files;
  readonly commands: CommandRunner;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly channel: StepChannel;
}

export interface PromptJob {
  readonly prompt: PromptInput;
  readonly protection: CodexRules;
  /** What the sandbox must guard when it may write below these directories, too. */
  readonly guard: (writableRoots: readonly string[]) => Promise<Guarded>;
  readonly command: string;
  readonly base: string;
  /** The workspace, against which the paths in the inputs are read. */
  readonly root: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly output: (text: string) => void;
}

/**
 * Runs `codex exec` for the user: progress in a group of the log, then the final message, which is also an output.
 *
 * @throws {Failure} `prompt-unreadable`, `prompt-failed`, `input-invalid`
 */
export async function runPrompt(collaborators: PromptCollaborators, job: PromptJob): Promise<void> {
  const { files, commands, channel, log } = collaborators;
  const { prompt, protection, guard, command, base, root, directory, environment, output } = job;
  const extra = readArguments(prompt.codexArgs);
  const isOpen = protection.protectAuth === "off" || protection.sandbox === "danger-full-access";
  refuseArguments(extra, isOpen ? "unprotected" : "protected");
  const flags = protectionFlags(protection, await guard(writableRootsIn(extra)));
  const finalMessagePath = join(base, "final-message.txt");
  const outputSchemaPath = await placeSchema(files, prompt.outputSchema, { base, root });
  const input = await readPrompt(files, prompt.source, root);
  const { model, effort } = prompt;
  const args = execArguments({ model, effort, outputSchemaPath, finalMessagePath, protection: flags, extra });

  const outcome = await inGroup(collaborators, "Codex", () =>
    commands.run({ file: command, args, directory, environment, output, input }).catch((error: unknown) => {
      if (!isSystemError(error)) throw error;
      throw new Failure(
        "prompt-failed",
        `Codex could not be started: there is no ${command}, or no directory ${directory}.`,
        "Check the input `working-directory`. The login itself is taken care of.",
        { cause: error },
      );
    }),
  );
  const finalMessage = await files.read(finalMessagePath);
  await files.remove(finalMessagePath);
  // Codex makes the file in any case, and a failed prompt has no answer.
  if (finalMessage !== null && (finalMessage !== "" || outcome.exitCode === 0)) {
    await withoutCommands(collaborators, async () => log.info(finalMessage.trimEnd()));
    channel.setOutputs({ "final-message": finalMessage });
    if (prompt.outputFile) await writeAnswer(files, { root, path: prompt.outputFile, answer: finalMessage });
  }
  if (outcome.exitCode === 0) return;
  const end = outcome.signal ? `was ended by ${outcome.signal}` : `exited with code ${outcome.exitCode}`;
  throw new Failure(
    "prompt-failed",
    `Codex ${end}.`,
    "See its output above. The login itself is taken care of.",
  );
}

/** @throws {Failure} `input-invalid` */
export function readArguments(text: string | null): readonly string[] {
  if (text === null) return [];
  if (text.startsWith("[")) {
    const list = parseList(text);
    if (list) return list;
    throw new Failure(
      "input-invalid",
      "The input `codex-args` begins like JSON and is no array of strings.",
      'Write ["--flag", "value"], or shell words.',
    );
  }
  return parse(text, (name) => `$${name}`).map((word) => {
    if (typeof word === "string") return word;
    throw new Failure(
      "input-invalid",
      "The input `codex-args` holds shell syntax, and no shell reads it.",
      "Write plain words, or a JSON array of strings.",
    );
  });
}

function parseList(text: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : null;
  } catch {
    return null;
  }
}

/** A directory that the workflow names is read from the workspace. */
export function absolute(root: string, directory: string | null): string {
  return directory === null ? root : resolve(root, directory);
}

async function readPrompt(files: Files, source: PromptInput["source"], root: string): Promise<string> {
  if (source.kind === "text") return source.text;
  const text = await files.read(resolve(root, source.path)).catch(() => null);
  if (text !== null) return text;
  throw new Failure(
    "prompt-unreadable",
    `The file in \`prompt-file\` cannot be read: ${source.path}`,
    "Paths are read from the workspace; is the checkout done?",
  );
}

async function writeAnswer(
  files: Files,
  { root, path, answer }: { root: string; path: string; answer: string },
): Promise<void> {
  try {
    await files.write(resolve(root, path), answer, 0o644);
  } catch (error) {
    throw new Failure(
      "input-invalid",
      `The file in \`output-file\` cannot be written: ${path}`,
      "Paths are read from the workspace, and the file's directory must be there. The output `final-message` has the answer.",
      { cause: error },
    );
  }
}

async function placeSchema(
  files: Files,
  schema: PromptInput["outputSchema"],
  { base, root }: { base: string; root: string },
): Promise<string | null> {
  if (schema === null) return null;
  if (schema.kind === "file") return resolve(root, schema.path);
  const path = join(base, "output-schema.json");
  await files.write(path, schema.text, 0o600);
  return path;
}

async function inGroup<Result>(
  collaborators: PromptCollaborators,
  title: string,
  act: () => Promise<Result>,
): Promise<Result> {
  const { log } = collaborators;
  log.group(title);
  try {
    return await withoutCommands(collaborators, act);
  } finally {
    log.endGroup();
  }
}

/** What a model prints must not be read as commands to the runner. */
async function withoutCommands<Result>(
  { log, randomness }: Pick<PromptCollaborators, "log" | "randomness">,
  act: () => Promise<Result>,
): Promise<Result> {
  const token = Buffer.from(randomness.bytes(16)).toString("hex");
  log.info(`::stop-commands::${token}`);
  try {
    return await act();
  } finally {
    log.info(`::${token}::`);
  }
}
