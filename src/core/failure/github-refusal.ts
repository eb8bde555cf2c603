import { foreign } from "../text/escape.ts";
import { Failure } from "./failure.ts";
import { describeAnswer, type GitHubError } from "./github-error.ts";

/**
 * Refusals that no permission cures, by GitHub's own sentence, and what does (docs/facts.md §2, "Refusals"). The first
 * that fits counts. The sentence chooses an advice and nothing else.
 */
const CAUSES: readonly [said: RegExp, advice: string][] = [
  [
    /IP allow list|IP address is not permitted/i,
    "Let this job run on a runner whose address the organization allows (GitHub-hosted runners have changing ones, larger runners can have fixed ones), or let an owner add the runner's address to the organization's IP allow list.",
  ],
  [
    /SAML|single sign-on|\bSSO\b/i,
    "Authorize the token for the organization's single sign-on: Settings → Developer settings → the token → Configure SSO. A fine-grained token is authorized when it is made for the organization. A GitHub App (`client-id`, `private-key`) needs no authorization.",
  ],
  [
    /installation\b.*\bsuspended|suspended\b.*\binstallation|app\b.*\bsuspended/i,
    "Somebody has suspended the GitHub App's installation. An owner lifts that: Settings → GitHub Apps → Configure → Unsuspend.",
  ],
  [
    /account\b.*\bsuspended|suspended\b.*\baccount/i,
    "The account that the token belongs to is suspended. Use the token of another account, or a GitHub App.",
  ],
  [
    /archived/i,
    "The repository is archived, so nothing in it can be written. Unarchive it, or take its login out of use and remove the workflow.",
  ],
  [
    /lifetime/i,
    "The organization limits how long a token may live. Make a fine-grained token that expires earlier, and store it as the secret that `secret-write-token` reads; a GitHub App has no such limit.",
  ],
  [
    /forbids access via a personal access token \(classic\)|classic/i,
    "The organization forbids classic tokens. Make a fine-grained token, or use a GitHub App (`client-id`, `private-key`).",
  ],
  [
    /forbids access via a fine-grained/i,
    "The organization forbids fine-grained tokens. Use a GitHub App (`client-id`, `private-key`), or let an owner allow them: organization → Settings → Personal access tokens.",
  ],
  [
    /pending|approv/i,
    "An owner of the organization must approve the token first: organization → Settings → Personal access tokens → Pending requests.",
  ],
  [
    /two-factor|2fa/i,
    "The organization requires two-factor authentication of the account that the token belongs to: switch it on there, or use a GitHub App.",
  ],
  [
    /billing|payment|spending limit|upgrade to|your (current )?plan/i,
    "This is about the account's plan or its billing: see Settings → Billing. Environments of a private repository need a paid plan; a repository secret works without one.",
  ],
  [
    /disabled|blocked|unavailable due to|terms of service|dmca|flagged/i,
    "GitHub has blocked or disabled this, and only GitHub's support or an owner can lift it.",
  ],
  [
    /polic(y|ies)|enterprise|forbids|not permitted|not allowed|restricted/i,
    "A policy of the organization or the enterprise refuses this: ask an owner, and quote GitHub's sentence.",
  ],
];

/**
 * What a refusal means that has another cause than a permission of the token.
 *
 * @returns `null` where none is known
 */
export function explainRefusal(error: GitHubError): Failure | null {
  const { status, said } = error;
  if (status === 410 || status === 451) return refused(error, adviceFor(said) ?? GONE[status]);
  if (status !== 403) return null;
  const advice = adviceFor(said);
  return advice === null ? null : refused(error, advice);
}

const GONE = {
  410: "What was asked for does not exist any more on this server. On GitHub Enterprise Server, check its version.",
  451: "GitHub has made this repository unavailable for legal reasons; only GitHub's support can lift that.",
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
  const minutes = retryAfterMs === null ? null : Math.ceil(retryAfterMs / 60_000);
  const isStrange = status !== null && status >= 400 && status < 500 && status !== 408 && minutes === null;
  const hint = isStrange
    ? `GitHub does not take this request. ${again}; if it stays so, please report it, with GitHub's sentence.`
    : minutes !== null && minutes > 0 && status !== 503
      ? `This is a limit on requests, of the account that the token belongs to. ${again} in ${minutes} min or later.`
      : `This usually passes: ${again.charAt(0).toLowerCase()}${again.slice(1)}, and see githubstatus.com.`;
  return new Failure("github-unreachable", describeAnswer(status, said), hint, { cause: error });
}

/** GitHub's status and its sentence, for the middle of one of ours. */
export function answerOf({ status, said }: GitHubError): string {
  return said === null ? String(status) : `${status}: ${foreign(said)}`;
}
