import { describeDuration } from "../text/duration.ts";
import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";
import { describeAnswer, type GitHubError } from "./github-error.ts";

const AUTHORIZE =
  "Authorize the token for the organization: Settings → Developer settings → the token → Configure SSO. A GitHub App needs no authorization.";

/**
 * Refusals that no permission cures, by GitHub's own sentence, and what does (docs/facts.md §2, "Refusals"). The first
 * that fits counts. The sentence chooses an advice and nothing else.
 */
const CAUSES: readonly [said: RegExp, advice: string][] = [
  [
    /IP allow list|IP address is not/i,
    "Use a runner whose address the organization allows, or let an owner add the runner's address to the organization's IP allow list. Most GitHub-hosted runners have changing addresses.",
  ],
  [/SAML|single sign-on|\bSSO\b/i, AUTHORIZE],
  [
    /(installation|app)\b.*suspended/i,
    "An owner must lift the suspension of the GitHub App: Settings → GitHub Apps → Configure → Unsuspend.",
  ],
  [
    /suspended/i,
    "The account that the token belongs to is suspended: use another account's token, or a GitHub App.",
  ],
  [/archived/i, "Nothing in an archived repository can be written. Unarchive it, or remove the workflow."],
  [
    /lifetime/i,
    "Make a fine-grained token that expires earlier, and store it as the secret that `secret-write-token` reads.",
  ],
  [
    /forbids access via a fine-grained/i,
    "Use a GitHub App, or let an owner allow such tokens: organization → Settings → Personal access tokens.",
  ],
  [/classic/i, "Make a fine-grained token, or use a GitHub App."],
  [
    /\bpending|approv/i,
    "An owner must approve the token: organization → Settings → Personal access tokens → Pending requests.",
  ],
  [
    /two-factor|2fa/i,
    "Switch two-factor authentication on for the account that the token belongs to, or use a GitHub App.",
  ],
  [
    /billing|payment|spending limit|upgrade to|your (current )?plan/i,
    "See Settings → Billing. Environments of a private repository need a paid plan; a repository secret does not.",
  ],
  [
    /verify your e-?mail/i,
    "Verify the e-mail address of the account that the token belongs to: Settings → Emails.",
  ],
  [
    /OAuth App access restrictions/i,
    "The organization does not take this kind of token (`gh auth token` prints such a one): make a fine-grained token, or use a GitHub App.",
  ],
  [/migrat/i, "Wait until the repository has been moved, then correct its name where it is used."],
  [/licen[sc]e/i, "Tell the administrator of this GitHub server."],
  [/disabled|blocked|terms of service|dmca|flagged/i, "Only GitHub's support, or an owner, can lift this."],
  [
    /polic(y|ies)|enterprise|forbids|not permitted|not allowed|restricted/i,
    "Ask an owner of the organization, and quote GitHub's sentence.",
  ],
];

/**
 * What a refusal means that has another cause than a permission of the token.
 *
 * @returns `null` where none is known
 */
export function explainRefusal(error: GitHubError): Failure | null {
  const { status, said, wantsSso } = error;
  if (wantsSso && (status === 403 || status === 404)) return refused(error, AUTHORIZE);
  if (status === 402 || status === 410 || status === 451)
    return refused(error, adviceFor(said) ?? GONE[status]);
  if (status !== 403) return null;
  const advice = adviceFor(said);
  return advice === null ? null : refused(error, advice);
}

const GONE = {
  402: "See Settings → Billing of the account that the repository belongs to.",
  410: "This does not exist any more on this server: check the version of your GitHub Enterprise Server.",
  451: "The repository is unavailable for legal reasons; only GitHub's support can lift that.",
} as const;

function adviceFor(said: string | null): string | null {
  const [, advice = null] = CAUSES.find(([pattern]) => pattern.test(said ?? "")) ?? [];
  return advice;
}

function refused(error: GitHubError, advice: string): Failure {
  return new Failure("github-refused", describeAnswer(error.status, error.said), advice, { cause: error });
}

/** Neither the token nor its permissions, but the service, or a request that it does not take. */
export function explainUnreachable(error: GitHubError, again: string): Failure {
  const { status, said, retryAfterMs } = error;
  const isLimit = retryAfterMs !== null && status !== 503;
  const isStrange = status !== null && status >= 400 && status < 500 && status !== 408 && !isLimit;
  const hint =
    status === 407 || (status === null && said !== null)
      ? `Something between this runner and GitHub has answered, a proxy perhaps: check the runner's network and its proxy settings (\`https_proxy\`). ${again}.`
      : isStrange
        ? `GitHub does not take this request. ${again}; if it stays so, please report it, with GitHub's sentence.`
        : isLimit
          ? `This is a limit on requests, of the account that the token belongs to. ${again} in ${describeDuration(Math.ceil(retryAfterMs / 60_000) * 60_000)} or later.`
          : `This usually passes: ${again.charAt(0).toLowerCase()}${again.slice(1)}, and see githubstatus.com.`;
  return new Failure("github-unreachable", describeAnswer(status, said), hint, { cause: error });
}

/** GitHub's status and its sentence, for the middle of one of ours. */
export function answerOf({ status, said }: GitHubError): string {
  return said === null ? String(status) : `${status}: ${foreign(said)}`;
}
