import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import type { RefreshSymptoms } from "../../core/codex/refusal.ts";
import type { CodexRefresher, RefreshRequest } from "../../ports/action.ts";
import { startTimeOf } from "../machine/processes.ts";

/**
 * Codex gives its own request 45 s; what it learns after that is not saved. Where the access token has ended it makes
 * two, and one that is killed in the second loses the login.
 */
const ANSWER_TIMEOUT_MS = 95_000;
/** An error that comes so late is Codex's own time-out. */
const LATE_MS = 44_500;
/** A closed stdin lets an in-flight refresh finish and be saved. */
const CLOSE_TIMEOUT_MS = 5_000;

const INITIALIZE = {
  id: 1,
  method: "initialize",
  params: { clientInfo: { name: "codex-auth-roundtrip", title: "codex-auth-roundtrip", version: "1" } },
};
const INITIALIZED = { method: "initialized" };
/** Documented as "set `true` to force a token refresh" (openai/codex, app-server/README.md). */
const READ_ACCOUNT = { id: 2, method: "account/read" };

/**
 * Nothing but the issuer is asked. With an access token that the API refuses, an app-server refreshes on its own account
 * as well, in the background, and a refresh that is on its way when it ends is lost (measured with 0.169.0). https: what
 * listens there by chance learns no token.
 */
const NOWHERE = "https://127.0.0.1:9/";
const CONFIGURATION = [
  'cli_auth_credentials_store="file"',
  `chatgpt_base_url="${NOWHERE}"`,
  'model_provider="nowhere"',
  `model_providers.nowhere={name="nowhere",base_url="${NOWHERE}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
  ...ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`),
].flatMap((setting) => ["-c", setting]);

/**
 * Talks to `codex app-server` over stdio: one JSON message a line, without a `jsonrpc` key. In a process group of its
 * own, so that a cancelled job's SIGINT, which would kill an in-flight refresh, never reaches it.
 *
 * @param command Codex's executable
 */
export function appServerRefresher(command: string): CodexRefresher {
  return {
    refresh: async ({ home, environment, started, refreshes }) => {
      const child = spawn(command, [...CONFIGURATION, "app-server"], {
        cwd: home,
        env: { ...environment, CODEX_HOME: home },
        stdio: ["pipe", "pipe", "pipe"],
        detached: process.platform !== "win32",
      });
      let failedByItself = false;
      const exited = new Promise<void>((resolve) => {
        child.once("exit", (code) => {
          failedByItself = code !== null && code !== 0;
          resolve();
        });
        child.once("error", () => resolve());
      });
      await once(child, "spawn");
      let words = "";
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        words = (words + text).slice(-20_000);
      });
      child.stdin.on("error", () => {}); // it may be gone before we have spoken
      let account: RefreshSymptoms["account"];
      let isThere = false;
      try {
        await started({ pid: child.pid ?? 0, startedAt: await startTimeOf(child.pid ?? 0) });
        account = await Promise.race([
          converse(child, refreshes, () => {
            isThere = true;
          }),
          exited.then(() => "no-answer" as const),
          sleep(ANSWER_TIMEOUT_MS, "no-answer" as const, { ref: false }),
        ]);
      } finally {
        await end(child, exited);
      }
      // Only now: its last words may come after its answer.
      const said = stripVTControlCharacters(words);
      if (account !== "no-answer" || isThere || !failedByItself) return { account, stderr: said };
      return { account: "unstarted", stderr: `${await versionOf(command, environment)}: ${said}` };
    },
  };
}

/** @returns what the answer says of the account */
async function converse(
  child: ChildProcess,
  refreshes: RefreshRequest["refreshes"],
  greeted: () => void,
): Promise<RefreshSymptoms["account"]> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
  const startedMs = performance.now();
  const say = (message: object): void => void stdin.write(`${JSON.stringify(message)}\n`);
  say(INITIALIZE);
  for await (const line of createInterface({ input: stdout })) {
    const message = parse(line);
    if (message?.id === INITIALIZE.id) {
      greeted();
      say(INITIALIZED);
      say({ ...READ_ACCOUNT, params: { refreshToken: refreshes === "on-request" } });
    } else if (message?.id === READ_ACCOUNT.id) {
      if ("error" in message) return performance.now() - startedMs >= LATE_MS ? "late-error" : "error";
      const { result } = message;
      return typeof result === "object" && result !== null && "account" in result && result.account !== null
        ? "present"
        : "absent";
    }
  }
  return "no-answer";
}

function versionOf(command: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { env: { ...environment }, timeout: 5_000 }, (error, output) =>
      resolve(error ? "codex" : output.trim()),
    );
  });
}

function parse(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Closes stdin, then SIGTERM, which it survives until a refresh is saved; SIGKILL only when neither helped. */
async function end(child: ChildProcess, exited: Promise<void>): Promise<void> {
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  child.stdin?.end();
  await Promise.race([exited, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (gone()) return;
    child.kill(signal);
    await Promise.race([exited, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
  }
}
