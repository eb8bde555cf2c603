import { Failure } from "../failure/failure.ts";
import type { Secret } from "../login/secret.ts";
import { isLoopbackUrl } from "./loopback.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that redirect or replace Codex's authentication, or send elsewhere what it does; a redirected refresh URL
 * carries the token off (docs/facts.md §1).
 */
const REDIRECTING = new Set([
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
  "CODEX_REVOKE_TOKEN_URL_OVERRIDE",
  "CODEX_AUTHAPI_BASE_URL",
  "CODEX_EXEC_SERVER_URL",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
]);
const REDIRECTING_PREFIXES = [
  "CODEX_AGENT_IDENTITY_",
  "CODEX_APP_SERVER_LOGIN_",
  "CODEX_APP_SERVER_CHATGPT_",
  "CODEX_EXEC_SERVER_",
];

/**
 * Codex reads some fifty variables with these beginnings, and each version others: where it keeps its state, traces of
 * all that is said, on whose machine commands run. Those that a step of the job has set are not handed on; a workflow's
 * author names what Codex shall see in `codex-env`. (Whom it trusts, `CODEX_CA_CERTIFICATE`, is in `steering.ts`.)
 */
const OF_CODEX = /^(?!CODEX_(CA_CERTIFICATE|HOME)$)(CODEX|OPENAI|CHATGPT)_/;

/** Makes Codex log the account's identity and what it sends. A workflow that wants it says so in `codex-env`. */
const TALKATIVE = "RUST_LOG";

/** The runner's own channels to an action: inputs, state, and tokens for its services. */
const RUNNER_PREFIXES = ["INPUT_", "STATE_", "ACTIONS_"];

/**
 * The environment of anything we start: without the runner's channels, without what redirects authentication or
 * logs it, and without any value that equals or contains one of `secrets`, under whatever name.
 */
export function scrubEnvironment(
  environment: Environment,
  secrets: readonly Secret[],
): Record<string, string> {
  const values = secrets.map((secret) => secret.reveal().trim()).filter((value) => value !== "");
  const scrubbed: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || isRunnerChannel(name) || OF_CODEX.test(name.toUpperCase())) continue;
    if (name.toUpperCase() === TALKATIVE) continue;
    if (values.some((secret) => value.includes(secret))) continue;
    scrubbed[name] = value;
  }
  return scrubbed;
}

/** Shorter values are too likely to be a part of a login by chance. */
const SHORTEST_PART = 24;

/** Tells whether a variable's value repeats one of the secrets, or a good part of one: a token of a login, say. */
export function repetitionsOf(secrets: readonly Secret[]): (value: string) => boolean {
  const wholes = secrets.map((secret) => secret.reveal().trim()).filter((whole) => whole !== "");
  return (value) => {
    const part = value.trim();
    return wholes.some(
      (whole) => part.includes(whole) || (part.length >= SHORTEST_PART && whole.includes(part)),
    );
  };
}

/**
 * Reads `codex-env`: one `NAME=VALUE` a line, blank lines and `#` comments ignored.
 *
 * @throws {Failure} `input-invalid`, also for a redirecting variable whose value is not on the loopback interface
 */
export function parseCodexEnvironment(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (!match)
      throw invalid(`Line ${index + 1} of \`codex-env\` is not NAME=VALUE.`, "Write one NAME=VALUE a line.");
    const [, name = "", value = ""] = match;
    if (isRunnerChannel(name))
      throw invalid(
        `\`codex-env\` may not set ${name}.`,
        "INPUT_, STATE_ and ACTIONS_ belong to the runner.",
      );
    if (isRedirecting(name) && !isLoopbackUrl(value))
      throw invalid(
        `\`codex-env\` sets ${name}, which redirects authentication, to something that is not on this machine.`,
        "Only loopback addresses (http://127.0.0.1:PORT) are accepted for it, for tests.",
      );
    variables[name] = value;
  }
  return variables;
}

function invalid(message: string, hint: string): Failure {
  return new Failure("input-invalid", message, hint);
}

function isRunnerChannel(name: string): boolean {
  const upper = name.toUpperCase();
  return RUNNER_PREFIXES.some((prefix) => upper.startsWith(prefix));
}

function isRedirecting(name: string): boolean {
  const upper = name.toUpperCase();
  return REDIRECTING.has(upper) || REDIRECTING_PREFIXES.some((prefix) => upper.startsWith(prefix));
}
