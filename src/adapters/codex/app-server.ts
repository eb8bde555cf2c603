import { type ChildProcess, execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import type { RefreshSymptoms } from "../../core/codex/refusal.ts";
import { foreign } from "../../core/text/escape.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { CodexRefresher, Log, RefreshRequest } from "../../ports/action.ts";
import { orNull } from "../machine/file-operations.ts";
import { startTimeOf } from "../machine/processes.ts";
import { configured, endCodex, FILE_STORE, startCodex } from "./process.ts";

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
const CONFIGURATION = configured(
  `chatgpt_base_url="${NOWHERE}"`,
  'model_provider="nowhere"',
  `model_providers.nowhere={name="nowhere",base_url="${NOWHERE}",wire_api="responses",requires_openai_auth=true,supports_websockets=false,request_max_retries=0,stream_max_retries=0}`,
  ...ACCOUNT_FEATURES.map((feature) => `features.${feature}=false`),
);

/**
 * Talks to `codex app-server` over stdio: one JSON message a line, without a `jsonrpc` key. In a process group of its
 * own, so that a cancelled job's SIGINT, which would kill an in-flight refresh, never reaches it.
 *
 * @param command Codex's executable
 */
export function appServerRefresher(command: string, log: Pick<Log, "debug">): CodexRefresher {
  return {
    refresh: async ({ home, environment, started, refreshes }) => {
      const args = [...FILE_STORE, ...CONFIGURATION, "app-server"];
      const asked = `app-server (account/read, refresh ${refreshes})`;
      const codex = startCodex(command, { asked, args, home, environment, input: "pipe", group: "own", log });
      const { child, exited } = codex;
      let failedByItself = false;
      child.once("exit", (code) => {
        failedByItself = code !== null && code !== 0;
      });
      await codex.spawned;
      let account: RefreshSymptoms["account"];
      let isThere = false;
      try {
        await started({ pid: child.pid ?? 0, startedAt: startTimeOf(child.pid ?? 0) });
        account = await Promise.race([
          converse(child, refreshes, (userAgent) => {
            isThere = true;
            log.debug(`codex app-server says that it is ${foreign(userAgent)}.`);
          }),
          exited.then(() => "no-answer" as const),
          sleep(ANSWER_TIMEOUT_MS, "no-answer" as const, { ref: false }),
        ]);
      } finally {
        child.stdin?.end();
        await Promise.race([exited, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
        await endCodex(codex);
      }
      log.debug(`codex app-server: account ${account}.`);
      // Only now: the end of its stderr may come after its answer.
      const output = codex.output();
      if (account !== "no-answer" || isThere || !failedByItself) return { account, stderr: output };
      return { account: "unstarted", stderr: `${await versionOf(command, environment)}: ${output}` };
    },
  };
}

/** @returns what the answer says of the account */
async function converse(
  child: ChildProcess,
  refreshes: RefreshRequest["refreshes"],
  greeted: (userAgent: string) => void,
): Promise<RefreshSymptoms["account"]> {
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new TypeError("The app-server has no pipes.");
  const startedMs = performance.now();
  const say = (message: object): void => void stdin.write(`${JSON.stringify(message)}\n`);
  say(INITIALIZE);
  for await (const line of createInterface({ input: stdout })) {
    const message = orNull(() => JSON.parse(line) as Record<string, unknown>);
    if (message?.id === INITIALIZE.id) {
      greeted(String(fieldsOf(message.result).userAgent));
      say(INITIALIZED);
      say({ ...READ_ACCOUNT, params: { refreshToken: refreshes === "on-request" } });
    } else if (message?.id === READ_ACCOUNT.id) {
      if ("error" in message) return performance.now() - startedMs >= LATE_MS ? "late-error" : "error";
      return (fieldsOf(message.result).account ?? null) === null ? "absent" : "present";
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
