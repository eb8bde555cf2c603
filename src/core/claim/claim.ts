import {
  type Checked,
  fields,
  isText,
  isTime,
  oneOf,
  orNull,
  parseChecked,
  textThat,
} from "../phase-state/shape.ts";

/**
 * `open`: its holder alone may present the generation to OpenAI.
 * `write`: its holder alone may write the generation into the secret, and never presents it.
 * `rotated`: the generation is spent; the next one is not known to be in the secret.
 * `stored`: the generation is spent, and the secret held the next one at `after`.
 */
export type ClaimState = "open" | "write" | "rotated" | "stored";

/** Who may do what with one generation of a login: an Actions variable, which GitHub creates only once. */
export interface Claim {
  /** 128 random bits, hexadecimal: whoever knows them made the claim. */
  readonly holder: string;
  /** The run's number; `seed` for the marker that a seed leaves. */
  readonly run: string;
  readonly attempt: number;
  /** The name of the secret that holds the login. */
  readonly secret: string;
  /** Where its notes can be read: `default` is everywhere, any other only the ref itself. */
  readonly ref: string;
  readonly state: ClaimState;
  /** The secret's `updated_at` when the claim was made. */
  readonly before: Date | null;
  /** The name of the next generation's claim. */
  readonly next: string | null;
  /** The secret's `updated_at` after the next generation was written. */
  readonly after: Date | null;
  /** The holder is done and does nothing any more, although the claim is not settled. */
  readonly released: boolean;
  /** The whole login is in the home for the length of a job (`refresh-token: present`). */
  readonly wholeJob: boolean;
}

/** A claim as GitHub shows it. */
export interface SeenClaim {
  readonly name: string;
  /** GitHub's own time, whole seconds. */
  readonly createdAt: Date;
  /** `null`: somebody has edited it, and it cannot be read. */
  readonly claim: Claim | null;
}

const VERSION = 1;
/** A holder does nothing under a claim that is older. */
export const CLAIM_WORK_MS = 8 * 60_000;
/** Nobody takes a younger claim over. */
export const CLAIM_LIFETIME_MS = 10 * 60_000;
/** How often a claim in doubt may be taken over. */
export const MAXIMUM_TAKEOVERS = 9;

export function isClaimName(name: string): boolean {
  return /^CODEX_AUTH_CLAIM_[0-9A-F]{20}(_R[1-9])?$/.test(name.toUpperCase());
}

/**
 * Writes a claim as the variable's value: one line of JSON.
 *
 * ```text
 * { "v": 1, "holder": "9f…", "run": "12345", "attempt": 1, "secret": "CODEX_AUTH_JSON", "ref": "default",
 *   "state": "stored", "before": "2026-11-22T09:48:00.000Z", "next": "CODEX_AUTH_CLAIM_…",
 *   "after": "2026-11-22T09:49:00.000Z", "released": false, "wholeJob": false }
 * ```
 */
export function writeClaim(claim: Claim): string {
  return JSON.stringify({ v: VERSION, ...claim });
}

const WRITTEN = fields({
  v: oneOf(VERSION),
  holder: textThat((holder) => /^[0-9a-f]{32}$/.test(holder)),
  run: isText,
  attempt: (attempt): attempt is number => Number.isSafeInteger(attempt),
  secret: isText,
  ref: isText,
  state: oneOf("open", "write", "rotated", "stored"),
  before: orNull(isTime),
  next: orNull(textThat(isClaimName)),
  after: orNull(isTime),
});

/** @returns `null` for anything that {@link writeClaim} did not write */
export function readClaim(text: string): Claim | null {
  const json = parseChecked<
    Checked<typeof WRITTEN> & { readonly released?: unknown; readonly wholeJob?: unknown }
  >(text, WRITTEN);
  if (json === null) return null;
  const { holder, run, attempt, secret, ref, state, next } = json;
  const [before, after] = [timeOf(json.before), timeOf(json.after)];
  const [released, wholeJob] = [json.released === true, json.wholeJob === true];
  return { holder, run, attempt, secret, ref, state, before, next, after, released, wholeJob };
}

function timeOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

/** What is known of the run that made a claim. */
export type RunStatus = "ended" | "in-progress" | "unknown";

/** Whether the claim is older than anything its holder may still do under it. */
export function isOld({ createdAt }: SeenClaim, now: Date): boolean {
  return now.getTime() - createdAt.getTime() >= CLAIM_LIFETIME_MS;
}

/**
 * Whether a claim's holder does nothing any more. A claim that is `stored` has no holder.
 *
 * @param forced `refresh: force` also replaces a claim whose run cannot be asked about
 */
export function isGone(
  seen: SeenClaim,
  { now, status, forced }: { now: Date; status: RunStatus; forced: boolean },
): boolean {
  if (seen.claim?.released) return true;
  if (!isOld(seen, now)) return false;
  // Nobody can tell who made it, and its holder's own work is over by now.
  if (seen.claim === null) return true;
  return status === "ended" || (status === "unknown" && forced && !seen.claim.wholeJob);
}

/** Whether the generation is spent under this claim, wherever the next one is. */
export function isSpent(claim: Claim | null): boolean {
  return claim?.state === "stored" || claim?.state === "rotated";
}

export function isSameTime(one: Date | null, other: Date | null): boolean {
  return one !== null && other !== null && one.getTime() === other.getTime();
}
