import { Failure, type FailureCode } from "../failure/failure.ts";
import { describeDuration } from "../text/duration.ts";
import { foreign } from "../text/escape.ts";

/** What is known of a prompt that failed. */
export interface FailedPrompt {
  /** How the process ended, as in `Codex exited with code 1`. */
  readonly end: string;
  /** What Codex gave as the reason in its events; `null` where it gave none. */
  readonly error: string | null;
  /** An error on its standard error, shown where its events gave no reason; `null` for none. */
  readonly complaint: string | null;
  readonly codex: { readonly command: string; readonly version: string | null };
  /**
   * How long ago the access token that Codex used was issued; `null` where that is not known, or says nothing of the
   * login: a refresh in another job may have ended it since.
   */
  readonly tokenAgeMs: number | null;
  /** When the usage limit resets; `null` where Codex does not say. */
  readonly resetsAt: Date | null;
  /** This machine's time. */
  readonly now: Date;
}

interface Verdict {
  readonly code: FailureCode;
  /** The whole beginning of Codex's error, which is never what a model or a command says (docs/facts.md §1). */
  readonly error: RegExp;
  readonly message: string | ((prompt: FailedPrompt) => string);
  readonly hint: string | ((prompt: FailedPrompt) => string);
  /** The API has refused the access token itself. */
  readonly refusesToken?: true;
}

const REFRESH = "Run the maintenance workflow (or a run with `refresh: force`), then start a new run.";
const NOT_THE_LOGIN = "The login is healthy; do not log in again for this.";

/** A model's name in OpenAI's sentence, behind what Codex puts before it. */
const MODEL_ERROR = String.raw`^(?:unexpected status 400 Bad Request: )?(?:\{"detail":\s*"|\{"error":\s*\{"message":\s*")?The ['\x60][^'\x60]{1,200}['\x60] model `;

/** What Codex's error says of its cause; the first that fits. Every sentence was measured with 0.169.0. */
const VERDICTS: readonly Verdict[] = [
  {
    code: "access-token-refused",
    error: /^Your access token could not be refreshed/,
    message: "The API refused the access token, and Codex could not get a new one",
    hint: REFRESH,
    refusesToken: true,
  },
  {
    code: "access-token-refused",
    error: /^Failed to refresh token: |^error sending request for url \(\S+\/oauth\/token\)/,
    message: "The API refused the access token, and Codex could not get a new one",
    hint: REFRESH,
  },
  {
    code: "prompt-failed",
    error: /^unexpected status [1-4]\d\d [^:<]{1,60}: \s*<(?:!doctype|html|head|body|!--)/i,
    message: "A web page came in place of an answer of OpenAI's API, from a proxy perhaps",
    hint: `Check the runner's network and its proxy settings (\`https_proxy\`), then start a new run. ${NOT_THE_LOGIN}`,
  },
  {
    code: "access-token-refused",
    error: /^unexpected status 401 Unauthorized: /,
    message: "The API refused the access token",
    hint: `${REFRESH} If it refuses new ones, too, log in again and seed that login.`,
    refusesToken: true,
  },
  {
    code: "usage-limit",
    error: /^You.ve hit your usage limit/u,
    message: (prompt) => `The ChatGPT account has reached its usage limit${tellReset(prompt)}`,
    hint: (prompt) =>
      `Start a new run ${whenToStart(prompt)}, or get more usage for the account. ${NOT_THE_LOGIN}`,
  },
  {
    code: "usage-limit",
    error: /^Your workspace is out of credits/,
    message: "The ChatGPT workspace has no credits left",
    hint: `An owner of the workspace must add credits; then start a new run. ${NOT_THE_LOGIN}`,
  },
  {
    code: "usage-limit",
    error: /^You hit your spend cap/,
    message: "The ChatGPT workspace's spend cap for this account is reached",
    hint: `An owner of the workspace must raise the cap; then start a new run. ${NOT_THE_LOGIN}`,
  },
  {
    code: "usage-limit",
    error: /^To use Codex with your ChatGPT plan, upgrade/,
    message: "The ChatGPT account's plan does not include Codex",
    hint: `Check the plan of the account that logged in, at chatgpt.com; then start a new run. ${NOT_THE_LOGIN}`,
  },
  {
    code: "usage-limit",
    error: /^Quota exceeded\./,
    message: "OpenAI says that the account's quota is exceeded",
    hint: `Check plan and billing of the account that logged in; then start a new run. ${NOT_THE_LOGIN}`,
  },
  {
    code: "prompt-failed",
    error: /^exceeded retry limit, last status: 429|^rate limit exceeded/,
    message: "OpenAI limits the rate of requests, also after Codex had tried again",
    hint: `Start a new run in some minutes, with fewer jobs at once. ${NOT_THE_LOGIN}`,
  },
  {
    code: "codex-outdated",
    error: new RegExp(`${MODEL_ERROR}requires a newer version of Codex`),
    message: ({ codex: { command, version } }) =>
      `${version === null ? "The Codex" : `Codex ${version}`} at ${foreign(command)} is too old for the model`,
    hint: `Set \`codex-version\` to a newer version, or update that Codex; or choose another \`model\`. ${NOT_THE_LOGIN}`,
  },
  {
    code: "prompt-failed",
    error: new RegExp(
      `${MODEL_ERROR}(?:is not supported|does not exist)|^The model ['\`][^'\`]{1,200}['\`] does not exist`,
    ),
    message: "OpenAI does not offer this model to the account",
    hint: `Choose another \`model\`, or leave the input empty. ${NOT_THE_LOGIN}`,
  },
  {
    code: "workspace-deactivated",
    error: /^unexpected status 402 Payment Required: .*deactivated_workspace/s,
    message: "OpenAI says that the ChatGPT workspace of this login is deactivated",
    hint: "Have an owner activate the workspace again (its billing, usually), or log in to another workspace and seed that login.",
  },
  {
    code: "region-refused",
    error:
      /^unexpected status 403 Forbidden: .*(?:Country, region, or territory not supported|unsupported_country_region_territory)/s,
    message: "OpenAI does not serve the country that this runner's requests come from",
    hint: `Use a runner, or a proxy, whose requests come from a supported country (platform.openai.com/docs/supported-countries). ${NOT_THE_LOGIN}`,
  },
  {
    code: "sandbox-unavailable",
    error: /^.{0,300}cannot enforce split filesystem read restrictions/,
    message: "On this machine Codex cannot keep the model's commands out of the login",
    hint: "On Windows run this job on Linux, macOS or in WSL. With `protect-auth: off` it runs without that protection, and the model could read the login.",
  },
  {
    code: "region-refused",
    error: /^Access blocked by Cloudflare\./,
    message: "Cloudflare, in front of OpenAI's API, blocked this runner's network address",
    hint: `Use a runner, or a proxy, with another address; a restricted region is the usual reason. ${NOT_THE_LOGIN}`,
  },
];

/** What to do about an error that names no verdict; the first that fits. */
const ADVICE: readonly (readonly [error: RegExp, hint: string])[] = [
  [
    /^(?:unexpected status|exceeded retry limit, last status:) (?:5\d\d|408|409|425)|^stream disconnected|^Connection failed|^error sending request|^We.re currently experiencing high demand|^Selected model is at capacity|^Failed to refresh token|^Reconnecting/u,
    "This usually passes: start a new run, and see status.openai.com.",
  ],
  [
    /^unexpected status 407/,
    "Give the runner's proxy settings (`https_proxy`) the credentials that the proxy wants.",
  ],
  [
    /^unexpected status 413|^Codex ran out of room|context window/,
    "Ask for less in one prompt, or leave large files out of it.",
  ],
];
const FOLLOW_CODEX = "Follow Codex's words; more may stand in its output above.";

/** What the end of a process that said nothing usually means. */
function adviceForEnd(end: string): string {
  return /SIGKILL|code 137$/.test(end)
    ? "Usually the system ends a process so when it runs out of memory: use a larger runner, or run less beside Codex. See its output above."
    : "See its output above.";
}

/** A token that was issued so recently is refused for what the account is: another one would be, too. */
const FRESH_MS = 60 * 60_000;
/** So far clocks differ anyway; where a token is from the future, this machine's clock tells nothing of its age. */
const SKEW_MS = 5 * 60_000;

/** Why a prompt failed. */
export function promptFailure(prompt: FailedPrompt): Failure {
  const { end, error, complaint } = prompt;
  if (!error?.trim()) {
    const words = complaint === null ? "" : `: ${quoted(complaint)}`;
    return new Failure("prompt-failed", `${end}${words}.`, adviceForEnd(end));
  }
  const verdict = VERDICTS.find((candidate) => candidate.error.test(error));
  if (verdict?.refusesToken && isFresh(prompt)) return freshTokenRefused(prompt, error);
  if (verdict) {
    const told = (text: Verdict["message"]): string => (typeof text === "string" ? text : text(prompt));
    return new Failure(verdict.code, `${told(verdict.message)}: ${quoted(error)}.`, told(verdict.hint));
  }
  const advice = ADVICE.find(([candidate]) => candidate.test(error))?.[1] ?? FOLLOW_CODEX;
  return new Failure(
    "prompt-failed",
    `${end}: ${quoted(error)}.`,
    `${advice} Nothing in this speaks against the login.`,
  );
}

function isFresh({ tokenAgeMs }: FailedPrompt): boolean {
  return tokenAgeMs !== null && tokenAgeMs < FRESH_MS && tokenAgeMs > -SKEW_MS;
}

/** Neither a refresh nor a new run helps: only the words for a person are new. */
function freshTokenRefused({ tokenAgeMs }: FailedPrompt, error: string): Failure {
  const age = describeDuration(Math.max(0, tokenAgeMs ?? 0));
  return new Failure(
    "login-refused",
    `The API refuses this login: the access token was issued only ${age} ago, and is refused all the same: ${quoted(error)}.`,
    "Another refresh brings just such a token, so do not force one. Check at chatgpt.com that the account and its plan are active, and status.openai.com. If all is well there and a later run says the same, log in again and seed that login.",
  );
}

/** What is as long as a token may be one: an answer of the API's may quote it. */
function quoted(error: string): string {
  return foreign(error.replaceAll(/[\w.-]{64,}/g, "…"));
}

/** By a machine's clock a limit may have been over when Codex told of it. */
function isOver(resetsAt: Date, now: Date): boolean {
  return resetsAt.getTime() + 60_000 < now.getTime();
}

function tellReset({ resetsAt, now }: FailedPrompt): string {
  if (resetsAt === null) return "";
  return isOver(resetsAt, now)
    ? `, which was to reset at ${utc(resetsAt)}; by this machine's clock that is past`
    : `, which resets at ${utc(resetsAt)}`;
}

function whenToStart({ resetsAt, now }: FailedPrompt): string {
  if (resetsAt === null) return "when the limit has reset (chatgpt.com/codex/settings/usage shows when)";
  return isOver(resetsAt, now) ? "now (chatgpt.com/codex/settings/usage shows the limits)" : "after that";
}

function utc(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
