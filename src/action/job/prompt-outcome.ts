import type { CodexEvents } from "../../core/codex/events.ts";
import { type FailedPrompt, promptFailure } from "../../core/codex/prompt-failure.ts";
import { readUsage, resetTime, type Usage } from "../../core/codex/session-usage.ts";
import { Failure } from "../../core/failure/failure.ts";
import { readWorkingCopy } from "../../core/login/auth-json.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { foreign } from "../../core/text/escape.ts";
import { authPath } from "../../login/home-layout.ts";
import type { JobTools, MainServices } from "../services.ts";
import { EXIT_GRACE_MS, type Overstay } from "./prompt-deadline.ts";

/** How `codex exec` ended, and what it said. */
export interface EndedPrompt {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly overstay: Overstay | null;
  readonly events: Pick<CodexEvents, "failure" | "threadId" | "isOver" | "finalMessage">;
  /** The end of its standard error. */
  readonly errorOutput: string;
  /** Whether there is a final message. */
  readonly hasAnswer: boolean;
  /** Whether there was a login in the home when it began. */
  readonly hadLogin: boolean;
}

/** What was asked, and where. */
export interface AskedPrompt {
  readonly codex: FailedPrompt["codex"];
  readonly timeoutMs: number | null;
  readonly home: string;
  /** `lent`: other jobs refresh the login, and may have done so since. */
  readonly token: "own" | "lent";
  /** Whose clock Codex goes by: the variable TZ. */
  readonly zone: string | undefined;
  readonly recordUsage: (usage: Usage) => void;
}

type OutcomeServices = Pick<MainServices, "files" | "channel" | "log" | "clock"> & Pick<JobTools, "program">;

/**
 * Tells how much of the plan's limits is used, and whether the prompt has succeeded.
 *
 * @throws {Failure} what {@link promptFailure} says; `prompt-timeout`, `login-forbidden`
 */
export async function judgePrompt(
  services: OutcomeServices,
  asked: AskedPrompt,
  ended: EndedPrompt,
): Promise<void> {
  const { log } = services;
  const { events, exitCode, overstay } = ended;
  const usage = await readUsageOf(services, asked.home, events.threadId);
  if (usage) asked.recordUsage(usage);
  if (overstay !== null && events.isOver && events.failure === null) {
    log.warning(
      `Codex had completed its turn and did not exit within ${describeDuration(EXIT_GRACE_MS)}, so it was ended. Its answer is complete.`,
    );
    return;
  }
  if (overstay === "timeout") throw timedOut(asked.timeoutMs ?? 0, events);
  if (exitCode === 0 && overstay === null) {
    if (!events.isOver && !ended.hasAnswer)
      log.warning(
        "Codex exited with code 0 and has answered nothing. See its output above, and `codex-args`.",
      );
    return;
  }
  throw await explain(services, asked, { ended, usage });
}

async function readUsageOf(
  { program }: Pick<OutcomeServices, "program">,
  home: string,
  threadId: string | null,
): Promise<Usage | null> {
  const tail = threadId === null ? null : await program.sessionTail(home, threadId);
  return tail === null ? null : readUsage(tail);
}

function timedOut(timeoutMs: number, { finalMessage, failure }: EndedPrompt["events"]): Failure {
  const last = finalMessage === null ? "" : " What the model said last is in the output `final-message`.";
  const error = failure === null ? "" : ` Its last error: ${foreign(failure)}.`;
  return new Failure(
    "prompt-timeout",
    `Codex had not finished after ${describeDuration(timeoutMs)} (\`prompt-timeout\`), and was ended with all that it had started.${error}${last}`,
    "See in its output above what it was waiting for. Ask for less in one prompt, or raise `prompt-timeout` (and the job's `timeout-minutes`).",
  );
}

async function explain(
  { files, clock, channel }: OutcomeServices,
  { codex, home, token: whose, zone }: AskedPrompt,
  { ended, usage }: { ended: EndedPrompt; usage: Usage | null },
): Promise<Failure> {
  const { exitCode, signal, overstay, events, errorOutput, hadLogin } = ended;
  const error = events.failure;
  const copy = await files.read(authPath(home)).catch(() => null);
  if (hadLogin && copy === null && error === null) return loginRemoved(errorOutput);
  const now = clock.now();
  const token = copy === null ? null : readWorkingCopy(copy);
  const isValid = token !== null && token.accessTokenExpiresAt > now;
  const end = overstay ? "did not exit" : signal ? `was ended by ${signal}` : `exited with code ${exitCode}`;
  const prompt: FailedPrompt = {
    end: `Codex ${end}`,
    error,
    complaint: complaintIn(errorOutput),
    codex,
    tokenAgeMs: isValid && whose === "own" ? now.getTime() - token.accessTokenIssuedAt.getTime() : null,
    resetsAt: error === null ? null : resetTime(error, { usage, now, zone }),
    now,
  };
  const failure = promptFailure(prompt);
  if (failure.code === "usage-limit" && prompt.resetsAt)
    channel.setOutputs({ "usage-resets-at": prompt.resetsAt.toISOString() });
  return failure;
}

/** Codex does so where a setting does not allow the login: it logs out before it asks anybody (measured with 0.169.0). */
function loginRemoved(errorOutput: string): Failure {
  const said = lastLineOf(errorOutput);
  return new Failure(
    "login-forbidden",
    `Codex removed the login from its home, and asked the model nothing${said === null ? "" : `. It says: ${foreign(said)}`}. The stored login is untouched.`,
    "A setting of Codex's on this machine (`forced_login_method`, `forced_chatgpt_workspace_id`) does not allow this login: change it, or seed a login that it allows.",
  );
}

/** What it prints where it does not even begin: `Error loading config.toml: …`, `error: unexpected argument …`. */
function complaintIn(output: string): string | null {
  return output.split(/\r?\n/).find((line) => /^[Ee]rror\b/.test(line)) ?? null;
}

function lastLineOf(output: string): string | null {
  return (
    output
      .split(/\r?\n/)
      .map((line) => line.trim())
      .findLast((line) => line !== "") ?? null
  );
}
