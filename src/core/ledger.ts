import { Document } from "./document.ts";
import { Failure } from "./failure.ts";

/** One PUT of ours. */
export interface Attempt {
  /** Server time when it was sent. */
  readonly startedAt: Date;
  /** Server time when its answer, or the lack of one, was known; `null` while it is under way, or when we were killed in it. */
  readonly endedAt: Date | null;
  /** The confirmed `updated_at` after it; `null` when it failed or nobody confirmed it. */
  readonly updatedAt: Date | null;
  readonly outcome: "written" | "failed" | "unanswered";
}

/**
 * What this job knows of the store and did to it: one for all of our steps in the job, kept on the machine as an
 * envelope that only the handed document opens.
 */
export interface Ledger {
  /** The job's present document, whole. */
  readonly document: Document;
  /** The one before it; `null` where this job rotated nothing. */
  readonly predecessor: Document | null;
  /** What the store must still say for us to write it; moves with our own confirmed writes. */
  readonly expectedUpdatedAt: Date;
  /** `false` while `document` is not in the store. */
  readonly published: boolean;
  readonly attempts: readonly Attempt[];
}

/** A write whose answer was lost may have been applied a moment after we gave up on it. */
const AFTER_ATTEMPT_MS = 5_000;
/** A PUT that we were killed in has at most its own time-out and that moment. */
const OPEN_ATTEMPT_MS = 15_000;

/**
 * Whether an `updated_at` is the work of one of our attempts: confirmed, or inside the window of one whose answer was lost.
 * The window begins with the whole second the attempt began in, because `updated_at` has whole seconds.
 */
export function isOurAttempt(attempts: readonly Attempt[], updatedAt: Date): boolean {
  const at = updatedAt.getTime();
  return attempts.some((attempt) => {
    if (attempt.updatedAt !== null) return attempt.updatedAt.getTime() === at;
    if (attempt.outcome === "failed") return false;
    const from = Math.floor(attempt.startedAt.getTime() / 1000) * 1000;
    const to =
      attempt.endedAt === null
        ? attempt.startedAt.getTime() + OPEN_ATTEMPT_MS
        : attempt.endedAt.getTime() + AFTER_ATTEMPT_MS;
    return from <= at && at <= to;
  });
}

/** Writes the ledger as the text that goes into its envelope: JSON, documents as lines, dates in ISO 8601. */
export function writeLedger(ledger: Ledger): string {
  return JSON.stringify({
    ...ledger,
    document: ledger.document.line().reveal(),
    predecessor: ledger.predecessor?.line().reveal() ?? null,
  });
}

/** @returns `null` for anything that {@link writeLedger} did not write. */
export function readLedger(text: string): Ledger | null {
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    if (
      typeof json.document !== "string" ||
      typeof json.published !== "boolean" ||
      !Array.isArray(json.attempts)
    )
      return null;
    return {
      document: Document.parse(json.document),
      predecessor: typeof json.predecessor === "string" ? Document.parse(json.predecessor) : null,
      expectedUpdatedAt: dateOf(json.expectedUpdatedAt),
      published: json.published,
      attempts: json.attempts.map(readAttempt),
    };
  } catch (error) {
    if (
      error instanceof Failure ||
      error instanceof SyntaxError ||
      error instanceof RangeError ||
      error instanceof TypeError
    )
      return null;
    throw error;
  }
}

function readAttempt(json: Record<string, unknown>): Attempt {
  const { outcome } = json;
  if (outcome !== "written" && outcome !== "failed" && outcome !== "unanswered")
    throw new RangeError("no outcome");
  return {
    startedAt: dateOf(json.startedAt),
    endedAt: json.endedAt === null ? null : dateOf(json.endedAt),
    updatedAt: json.updatedAt === null ? null : dateOf(json.updatedAt),
    outcome,
  };
}

function dateOf(value: unknown): Date {
  const date = new Date(typeof value === "string" ? value : Number.NaN);
  if (Number.isNaN(date.getTime())) throw new RangeError("no date");
  return date;
}
