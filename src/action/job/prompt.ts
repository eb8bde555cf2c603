import { join, resolve } from "node:path";
import { execArguments, refuseArguments, wantsEvents, writableRootsIn } from "../../core/codex/arguments.ts";
import { type CodexRules, type Guarded, pathFlags, protectionFlags } from "../../core/codex/config.ts";
import { CodexEvents } from "../../core/codex/events.ts";
import type { Usage } from "../../core/codex/session-usage.ts";
import { Failure } from "../../core/failure/failure.ts";
import { whyNotStarted } from "../../core/failure/system-error.ts";
import { authPath } from "../../login/home-layout.ts";
import type { NamedFiles, NamedPlace } from "../../ports/files.ts";
import type { CommandRunner } from "../../ports/machine.ts";
import type { PromptInput } from "../prompt-input.ts";
import type { JobTools, MainServices } from "../services.ts";
import { EXIT_GRACE_MS, PromptLimits } from "./prompt-deadline.ts";
import { readNamedFile, writeNamedFile } from "./prompt-files.ts";
import { type AskedPrompt, judgePrompt } from "./prompt-outcome.ts";
import { readArguments } from "./read-arguments.ts";
import { withRelay } from "./relay.ts";

const ANSWER_BYTES = 16 * 1024 * 1024;

type PromptServices = Pick<MainServices, "files" | "channel" | "log" | "clock"> &
  Pick<JobTools, "named" | "commands" | "randomness" | "program">;

export interface PromptJob {
  readonly prompt: PromptInput;
  readonly protection: CodexRules;
  /** What the sandbox must guard when it may write below these directories, too. */
  readonly guard: (writableRoots: readonly string[]) => Promise<Guarded>;
  readonly codex: { readonly command: string; readonly version: string };
  readonly base: string;
  /** The workspace, against which the paths in the inputs are read. */
  readonly root: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The PATH of the model's commands, where Codex is given another. */
  readonly commandPath?: string | undefined;
  readonly token: AskedPrompt["token"];
  readonly recordUsage: (usage: Usage) => void;
}

/**
 * Runs `codex exec` for the user, once: progress in a group of the log, then the final message, which is also an
 * output. What went wrong is read from Codex's events, never from text that somebody else may have printed.
 *
 * @throws {Failure} `prompt-unreadable`, `file-refused`, `input-invalid`, or what {@link judgePrompt} says
 */
export async function runPrompt(services: PromptServices, job: PromptJob): Promise<void> {
  const { files, named, commands, channel, log } = services;
  const { prompt, protection, guard, codex, base, root, directory, environment, commandPath, recordUsage } =
    job;
  const extra = readArguments(prompt.codexArgs);
  const isOpen = protection.protectAuth === "off" || protection.sandbox === "danger-full-access";
  refuseArguments(extra, isOpen ? "unprotected" : "protected");
  const flags = [
    ...protectionFlags(protection, await guard(writableRootsIn(extra))),
    ...(commandPath === undefined ? [] : pathFlags(commandPath)),
  ];
  const finalMessagePath = join(base, "final-message.txt");
  const home = environment.CODEX_HOME ?? base;
  const place = { root, kept: [base, home] };
  const outputSchemaPath = await placeSchema({ files, named }, prompt.outputSchema, { ...place, base });
  const input = await readPrompt(named, prompt.source, place);
  const { model, effort } = prompt;
  const args = execArguments({ model, effort, outputSchemaPath, finalMessagePath, protection: flags, extra });

  const events = new CodexEvents(wantsEvents(extra) ? "json" : "readable");
  const limits = new PromptLimits({ timeoutMs: prompt.timeoutMs, graceMs: EXIT_GRACE_MS });
  let errorOutput = "";
  const hadLogin = (await files.stamp(authPath(home))) !== null;
  log.group("Codex");
  const outcome = await withRelay(services, async (relay) => {
    const output: CommandOutput = (stream, bytes) => {
      if (stream === "stderr") errorOutput = (errorOutput + Buffer.from(bytes)).slice(-LAST_CHARACTERS);
      relay.write(stream, stream === "stdout" ? events.read(bytes) : bytes);
      limits.heard(events);
    };
    const ended = await commands
      .run({ file: codex.command, args, directory, environment, output, input, stop: limits.stop })
      .catch((error: unknown) => {
        throw whyNotStarted(
          error,
          new Failure(
            "prompt-failed",
            `Codex could not be started: there is no ${codex.command}, or no directory ${directory}.`,
            "Check the input `working-directory`.",
            { cause: error },
          ),
        );
      });
    relay.write("stdout", events.end());
    return ended;
  }).finally(() => {
    limits.clear();
    log.endGroup();
  });
  const { overstay } = limits;
  const answer = await readAnswer(named, { base, path: finalMessagePath }).finally(() =>
    files.remove(finalMessagePath),
  );
  const finalMessage = answer || (overstay ? events.finalMessage : answer);
  // Codex makes the file in any case, and a failed prompt has no answer.
  if (finalMessage !== null && (finalMessage !== "" || outcome.exitCode === 0)) {
    await withRelay(services, async ({ say }) => say(finalMessage.trimEnd()));
    channel.setOutputs({ "final-message": finalMessage });
    if (prompt.outputFile)
      await writeNamedFile(named, { ...place, path: prompt.outputFile, content: finalMessage });
  }
  const zone = environment.TZ || undefined;
  const { timeoutMs } = prompt;
  const hasAnswer = Boolean(finalMessage || events.finalMessage);
  const asked = { codex, home, token: job.token, timeoutMs, recordUsage, zone };
  await judgePrompt(services, asked, { ...outcome, overstay, events, errorOutput, hasAnswer, hadLogin });
}

const LAST_CHARACTERS = 4_000;

type CommandOutput = Parameters<CommandRunner["run"]>[0]["output"];

/**
 * Codex's file in our own directory, unless somebody has put another thing there.
 *
 * @returns `null` for none
 * @throws {Failure} `file-refused`
 */
async function readAnswer(
  named: NamedFiles,
  { base, path }: { base: string; path: string },
): Promise<string | null> {
  const outcome = await named.read(path, { root: base, kept: [], limitBytes: ANSWER_BYTES });
  if (outcome.kind === "read") return Buffer.from(outcome.bytes).toString("utf8");
  if (outcome.kind === "missing") return null;
  throw new Failure(
    "file-refused",
    "What should be Codex's final message is no plain file of at most 16 MiB: something that ran beside Codex has replaced it.",
    "See the log for what the model ran; `sandbox: workspace-write` keeps its commands out of that directory.",
  );
}

/** A directory that the workflow names is read from the workspace. */
export function absolute(root: string, directory: string | null): string {
  return directory === null ? root : resolve(root, directory);
}

async function readPrompt(
  named: NamedFiles,
  source: PromptInput["source"],
  place: NamedPlace,
): Promise<string> {
  if (source.kind === "text") return source.text;
  return readNamedFile(named, "prompt-file", { ...place, path: source.path });
}

/** Ours in any case: what Codex opens by itself may have become a link meanwhile. */
async function placeSchema(
  { files, named }: Pick<PromptServices, "files" | "named">,
  schema: PromptInput["outputSchema"],
  { base, ...place }: NamedPlace & { base: string },
): Promise<string | null> {
  if (schema === null) return null;
  const text =
    schema.kind === "text"
      ? schema.text
      : await readNamedFile(named, "output-schema-file", { ...place, path: schema.path });
  const path = join(base, "output-schema.json");
  await files.write(path, text, 0o600);
  return path;
}
