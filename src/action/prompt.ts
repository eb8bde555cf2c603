import { join, resolve } from "node:path";
import { parse } from "shell-quote";
import {
  execArguments,
  refuseUnprotectingArguments,
  wantsEvents,
  writableRootsIn,
} from "../core/codex-arguments.ts";
import { type Guarded, protectionFlags } from "../core/codex-config.ts";
import { CodexEvents } from "../core/codex-events.ts";
import { Failure } from "../core/failure.ts";
import { promptFailure } from "../core/prompt-verdict.ts";
import type { CommandRunner, Files, Randomness, StepChannel, StepLog } from "../ports.ts";
import type { Inputs, PromptInput } from "./inputs.ts";
import { isSystemError } from "./job.ts";
import { withRelay } from "./relay.ts";

export interface PromptCollaborators {
  readonly files: Files;
  readonly commands: CommandRunner;
  readonly randomness: Randomness;
  readonly log: StepLog;
  readonly channel: StepChannel;
}

export interface PromptJob {
  readonly prompt: PromptInput;
  readonly protection: Pick<Inputs, "protectAuth" | "sandbox">;
  /** What the sandbox must guard when it may write below these directories, too. */
  readonly guard: (writableRoots: readonly string[]) => Promise<Guarded>;
  readonly command: string;
  readonly base: string;
  /** The workspace, against which the paths in the inputs are read. */
  readonly root: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Runs `codex exec` for the user, once: progress in a group of the log, then the final message, which is also an
 * output. What went wrong is read from Codex's events, never from words that somebody else may have printed.
 *
 * @throws {Failure} `prompt-unreadable`, `prompt-failed`, `access-token-refused`, `input-invalid`
 */
export async function runPrompt(collaborators: PromptCollaborators, job: PromptJob): Promise<void> {
  const { files, commands, channel, log } = collaborators;
  const { prompt, protection, guard, command, base, root, directory, environment } = job;
  const extra = readArguments(prompt.codexArgs);
  const flags =
    protection.protectAuth === "off"
      ? ["--sandbox", protection.sandbox]
      : protectionFlags(protection.sandbox, await guard(writableRootsIn(extra)));
  if (protection.protectAuth !== "off" && protection.sandbox !== "danger-full-access")
    refuseUnprotectingArguments(extra);
  const finalMessagePath = join(base, "final-message.txt");
  const outputSchemaPath = await placeSchema(files, prompt.outputSchema, { base, root });
  const input = await readPrompt(files, prompt.source, root);
  const { model, effort } = prompt;
  const args = execArguments({ model, effort, outputSchemaPath, finalMessagePath, protection: flags, extra });

  const events = new CodexEvents(wantsEvents(extra) ? "json" : "readable");
  log.group("Codex");
  const outcome = await withRelay(collaborators, async (relay) => {
    const output: CommandOutput = (stream, bytes) =>
      relay.write(stream, stream === "stdout" ? events.read(bytes) : bytes);
    const ended = await commands
      .run({ file: command, args, directory, environment, output, input })
      .catch((error: unknown) => {
        if (!isSystemError(error)) throw error;
        throw new Failure(
          "prompt-failed",
          `Codex could not be started: there is no ${command}, or no directory ${directory}.`,
          "Check the input `working-directory`. The login itself is taken care of.",
          { cause: error },
        );
      });
    relay.write("stdout", events.end());
    return ended;
  }).finally(() => log.endGroup());
  const finalMessage = await files.read(finalMessagePath);
  await files.remove(finalMessagePath);
  // Codex makes the file in any case, and a failed prompt has no answer.
  if (finalMessage !== null && (finalMessage !== "" || outcome.exitCode === 0)) {
    await withRelay(collaborators, async ({ say }) => say(finalMessage.trimEnd()));
    channel.setOutputs({ "final-message": finalMessage });
    if (prompt.outputFile) await writeAnswer(files, { root, path: prompt.outputFile, answer: finalMessage });
  }
  if (outcome.exitCode === 0) return;
  const end = outcome.signal ? `was ended by ${outcome.signal}` : `exited with code ${outcome.exitCode}`;
  throw promptFailure(`Codex ${end}`, events.failure);
}

type CommandOutput = Parameters<CommandRunner["run"]>[0]["output"];

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
