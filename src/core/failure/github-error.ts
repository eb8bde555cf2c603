import { foreign } from "../text/escape.ts";

/** A request to GitHub that did not succeed. */
export class GitHubError extends Error {
  /** HTTP status; `null` when no answer came. */
  readonly status: number | null;
  /** What the server asked us to wait, if it did. */
  readonly retryAfterMs: number | null;
  /** What it takes, where that is not what the secret takes. */
  readonly permission: string | null;
  /** GitHub's own message. */
  readonly said: string | null;
  /** Whether GitHub's header says that the organization's single sign-on must authorize the token first. */
  readonly wantsSso: boolean;

  constructor(
    message: string,
    options: {
      status: number | null;
      retryAfterMs?: number | null;
      permission?: string | null;
      said?: string | null;
      wantsSso?: boolean;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.name = "GitHubError";
    this.status = options.status;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.permission = options.permission ?? null;
    this.said = options.said ?? null;
    this.wantsSso = options.wantsSso ?? false;
  }
}

const SECONDS_FOR_A_LIMIT = 60;

/**
 * What a refusal asks us to wait; `null` where it is about no limit. A limit says when it is filled again, in a header or
 * another, and the secondary ones perhaps only in their message.
 *
 * @param now GitHub's time
 */
export function waitAskedFor({
  status,
  said,
  headers,
  now,
}: {
  status: number;
  said: string | null;
  headers: Readonly<Record<string, string | undefined>>;
  now: Date;
}): number | null {
  const retryAfterMs = readRetryAfter(headers["retry-after"], now);
  if (retryAfterMs !== null) return retryAfterMs;
  if (status !== 403 && status !== 429) return null;
  // The request that uses the last of a limit up may be refused for another reason.
  if (status === 403 && NO_LIMIT.test(said ?? "")) return null;
  if (headers["x-ratelimit-remaining"] === "0") {
    const waitMs = Number(headers["x-ratelimit-reset"]) * 1000 - now.getTime();
    return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : SECONDS_FOR_A_LIMIT * 1000;
  }
  return status === 429 || LIMIT.test(said ?? "") ? SECONDS_FOR_A_LIMIT * 1000 : null;
}

/** How GitHub words limits that it names in no header. */
const LIMIT =
  /rate limit|abuse detection|temporarily blocked|throttl|too (many|quickly)|try again later|retry your request|exceeded (the|a|an|your) [\w ]{1,40}limit/i;

/** What waiting does not cure, although no request may be left. */
const NO_LIMIT = /not accessible|must have|archived|SAML|IP allow list/i;

/** Seconds, or a date (RFC 9110). @returns `null` where it names no time to come */
function readRetryAfter(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  const waitMs = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(waitMs) && waitMs > 0 ? waitMs : null;
}

/** What GitHub answered, as one sentence. */
export function describeAnswer(status: number | null, said: string | null): string {
  if (status === null)
    return said === null
      ? "GitHub's API did not answer."
      : `GitHub's API gave no answer that can be read: ${foreign(said)}.`;
  return said === null
    ? `GitHub's API answered ${status}.`
    : `GitHub's API answered ${status}: ${foreign(said)}.`;
}

/** Whether trying again may help: no answer, a server error, or too many requests, which GitHub also says with a 403. */
export function canRepair(error: GitHubError): boolean {
  const { status, retryAfterMs } = error;
  return (
    status === null ||
    status >= 500 ||
    status === 429 ||
    status === 408 ||
    (status === 403 && retryAfterMs !== null)
  );
}
