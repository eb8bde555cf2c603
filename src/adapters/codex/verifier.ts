import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import { readUsage } from "../../core/codex/usage-answer.ts";
import type { Verification } from "../../core/login/verification.ts";
import { foreign } from "../../core/text/escape.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { CodexVerifier, VerifyRequest } from "../../ports/copies.ts";
import type { Log } from "../../ports/runner.ts";
import { type CodexProcess, endCodex, FILE_STORE, startCodex } from "./process.ts";

const ANSWER_TIMEOUT_MS = 20_000;
const CLOSE_TIMEOUT_MS = 2_000;
const EXEC_TIMEOUT_MS = 120_000;

const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: { clientInfo: { name: "codex-auth-roundtrip", title: "codex-auth-roundtrip", version: "1" } },
};
const READ_USAGE = { id: 2, method: "account/rateLimits/read" };
/**
 * After a 401 Codex would refresh, with the copy's empty refresh token. It is sent nowhere: https on a port of this
 * machine where nothing listens.
 */
const WITHOUT_ISSUER = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: "https://127.0.0.1:9/" };
const FLAGS = [
  ...FILE_STORE,
  ...["project_root_markers=[]", "project_doc_max_bytes=0"].flatMap((setting) => ["-c", setting]),
  ...ACCOUNT_FEATURES.flatMap((feature) => ["-c", `features.${feature}=false`]),
];
const PROMPT = ["exec", "--json", "--skip-git-repo-check", "--sandbox", "read-only", "Reply exactly: OK"];

/**
 * The Codex that shows whether OpenAI accepts an access token.
 *
 * @param command Codex's executable
 */
export function codexVerifier(
  command: string,
  log: Pick<Log, "debug">,
  { execTimeoutMs = EXEC_TIMEOUT_MS }: { execTimeoutMs?: number } = {},
): CodexVerifier {
  const start = (
    asked: string,
    args: readonly string[],
    { home, environment }: VerifyRequest,
    input: "pipe" | "ignore",
  ): CodexProcess =>
    startCodex(command, {
      ...{ asked, args: [...FLAGS, ...args], home, input, group: "own", log },
      environment: { ...environment, ...WITHOUT_ISSUER },
    });
  const usage = async (request: VerifyRequest): Promise<Verification> => {
    const codex = start("app-server (account/rateLimits/read)", ["app-server"], request, "pipe");
    try {
      await codex.spawned;
      return await Promise.race([
        askForUsage(codex.child),
        codex.exited.then(() => unknown("Codex ended without an answer.")),
        sleep(ANSWER_TIMEOUT_MS, unknown("Codex did not answer in time."), { ref: false }),
      ]);
    } catch {
      return unknown("Codex could not be started.");
    } finally {
      codex.child.stdin?.end();
      await Promise.race([codex.exited, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      await endCodex(codex);
    }
  };
  const exec = async (request: VerifyRequest): Promise<Verification> => {
    const codex = start("exec", PROMPT, request, "ignore");
    try {
      await codex.spawned;
      await Promise.race([codex.closed, sleep(execTimeoutMs, undefined, { ref: false })]);
    } catch {
      return unknown("Codex could not be started.");
    } finally {
      await endCodex(codex);
    }
    if (codex.child.exitCode === 0) return { kind: "accepted", usage: null };
    // A turn may fail for many reasons, in other words in each version of Codex.
    const asked = await usage(request);
    return asked.kind === "refused"
      ? asked
      : unknown(`Codex did not answer a prompt. ${lastError(codex.output())}`);
  };
  return { usage, exec };
}

async function askForUsage({ stdin, stdout }: ChildProcess): Promise<Verification> {
  if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
  const say = (message: object): void => void stdin.write(`${JSON.stringify(message)}\n`);
  say(INITIALIZE);
  for await (const line of createInterface({ input: stdout })) {
    const message = parse(line);
    if (message.id === INITIALIZE.id) {
      say({ method: "initialized" });
      say(READ_USAGE);
    } else if (message.id === READ_USAGE.id) {
      return "error" in message
        ? verdictOf(String(fieldsOf(message.error).message))
        : { kind: "accepted", usage: readUsage(message.result) };
    }
  }
  return unknown("Codex ended without an answer.");
}

/** What the events of `codex exec --json` say of a turn that failed. */
function lastError(output: string): string {
  const failed = output
    .split("\n")
    .map(parse)
    .find(({ type }) => type === "turn.failed");
  return failed === undefined ? "" : `It says ${foreign(String(fieldsOf(failed.error).message))}.`;
}

/** As Codex 0.148.0 and 0.169.0 begin what they say of the API's 401. */
const REFUSED = /^failed to fetch codex rate limits: GET \S+ failed: 401 Unauthorized;/;

function verdictOf(message: string): Verification {
  return REFUSED.test(message) ? { kind: "refused" } : unknown(`Codex says ${foreign(message)}.`);
}

function unknown(because: string): Verification {
  return { kind: "unknown", because };
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return fieldsOf(JSON.parse(line));
  } catch {
    return {};
  }
}
