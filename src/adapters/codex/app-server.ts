import { type ChildProcess, execFile } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ACCOUNT_FEATURES } from "../../core/codex/config.ts";
import type { LoginRules } from "../../core/codex/login-rules.ts";
import type { ConfigurationAnswer, RefreshSymptoms } from "../../core/codex/refusal.ts";
import { foreign } from "../../core/text/escape.ts";
import { fieldsOf } from "../../core/text/json.ts";
import type { CodexRefresher, RefreshRequest } from "../../ports/codex.ts";
import type { Log } from "../../ports/runner.ts";
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
/** Only where it has no account for us: which setting keeps it from using the login. */
const READ_CONFIGURATION = { id: 3, method: "config/read", params: { includeLayers: true } };
const CONFIGURATION_TIMEOUT_MS = 5_000;
/** Its refusals are known by its errors' log lines, so a job's own choice of them must not count. */
const LOG_LINES = { RUST_LOG: "error", LOG_FORMAT: "" };

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
      const codex = startCodex(command, {
        ...{ asked, args, home, input: "pipe", group: "own", log },
        environment: { ...environment, ...LOG_LINES },
      });
      const { child, exited } = codex;
      let failedByItself = false;
      child.once("exit", (code) => {
        failedByItself = code !== null && code !== 0;
      });
      await codex.spawned;
      const heard = { answer: NO_ANSWER };
      let isThere = false;
      try {
        await started({ pid: child.pid ?? 0, startedAt: startTimeOf(child.pid ?? 0) });
        await Promise.race([
          converse(child, refreshes, heard, (userAgent) => {
            isThere = true;
            log.debug(`codex app-server says that it is ${foreign(userAgent)}.`);
          }),
          exited,
          sleep(ANSWER_TIMEOUT_MS, undefined, { ref: false }),
        ]);
      } finally {
        child.stdin?.end();
        await Promise.race([exited, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
        await endCodex(codex);
      }
      const { account } = heard.answer;
      log.debug(`codex app-server: account ${account}.`);
      // Only now: the end of its stderr may come after its answer.
      const output = codex.output();
      if (account !== "no-answer" || isThere || !failedByItself) return { ...heard.answer, stderr: output };
      return { account: "unstarted", stderr: `${await versionOf(command, environment)}: ${output}` };
    },
  };
}

type Answer = Omit<RefreshSymptoms, "stderr">;
const NO_ANSWER: Answer = { account: "no-answer" };

/** @param heard what its answers say of the account, and of the configuration where it has none for us */
async function converse(
  child: ChildProcess,
  refreshes: RefreshRequest["refreshes"],
  heard: { answer: Answer },
  greeted: (userAgent: string) => void,
): Promise<void> {
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
      const account = accountIn(message, performance.now() - startedMs);
      heard.answer = { account };
      if (account !== "absent" && account !== "error") return;
      say(READ_CONFIGURATION);
      // One that does not know the question may leave it.
      setTimeout(() => stdin.end(), CONFIGURATION_TIMEOUT_MS).unref();
    } else if (message?.id === READ_CONFIGURATION.id) {
      heard.answer = { ...heard.answer, configuration: configurationIn(message) };
      return;
    }
  }
}

function accountIn(message: Record<string, unknown>, afterMs: number): Answer["account"] {
  if ("error" in message) return afterMs >= LATE_MS ? "late-error" : "error";
  return (fieldsOf(message.result).account ?? null) === null ? "absent" : "present";
}

/** `{ layers: [{ name: { type: "system", file: "/etc/codex/config.toml" }, config: { … } }, …] }`, the first one wins. */
function configurationIn({ result, error }: Record<string, unknown>): ConfigurationAnswer | null {
  const { message } = fieldsOf(error);
  if (typeof message === "string") {
    // Older ones do not know the question.
    const isKnown = !/unknown variant|method not found/i.test(message);
    return isKnown ? { kind: "unreadable", because: message } : null;
  }
  const { layers } = fieldsOf(result);
  return Array.isArray(layers) ? { kind: "read", layers: layers.map(rulesOf) } : null;
}

function rulesOf(layer: unknown): LoginRules {
  const { name, config } = fieldsOf(layer);
  const { type, file } = fieldsOf(name);
  const source = typeof file === "string" ? file : type === "sessionFlags" ? "a -c flag" : String(type);
  return { ...fieldsOf(config), source };
}

function versionOf(command: string, environment: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { env: { ...environment }, timeout: 5_000 }, (error, output) =>
      resolve(error ? "codex" : output.trim()),
    );
  });
}
