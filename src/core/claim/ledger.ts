import { AuthJson } from "../login/auth-json.ts";

/** A claim that this job holds. */
export interface OwnClaim {
  readonly name: string;
  readonly holder: string;
}

/**
 * What this job knows of its login: one for all of our steps in the job, kept on the machine as an envelope that only
 * the handed login opens.
 */
export interface Ledger {
  /** The job's present login, whole. */
  readonly login: AuthJson;
  /** The generation before it; `null` where this job rotated nothing. */
  readonly predecessor: AuthJson | null;
  /** The claim under which the predecessor was spent; `null` where there is none. */
  readonly claim: OwnClaim | null;
  /** The secret's `updated_at` that nobody else may have moved before we write. */
  readonly before: Date;
  /** `false` while the login is not in the secret. */
  readonly stored: boolean;
  /** When writes of this job may have landed whose answer nobody has heard. */
  readonly writes: readonly WriteWindow[];
}

/** The time in which a write may have landed, on GitHub's clock. */
export interface WriteWindow {
  readonly from: Date;
  readonly to: Date;
}

/** Writes the ledger as the text that goes into its envelope: JSON, logins as lines, dates in ISO 8601. */
export function writeLedger({ login, predecessor, ...rest }: Ledger): string {
  return JSON.stringify({
    ...rest,
    document: login.line().reveal(),
    predecessor: predecessor?.line().reveal() ?? null,
  });
}

/** @returns `null` for anything that {@link writeLedger} did not write */
export function readLedger(text: string): Ledger | null {
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    const login = typeof json.document === "string" ? AuthJson.read(json.document) : null;
    const predecessor = typeof json.predecessor === "string" ? AuthJson.read(json.predecessor) : null;
    const before = new Date(typeof json.before === "string" ? json.before : Number.NaN);
    if (login === null || Number.isNaN(before.getTime()) || typeof json.stored !== "boolean") return null;
    const writes = Array.isArray(json.writes) ? json.writes.flatMap(readWindow) : [];
    return { login, predecessor, claim: readOwnClaim(json.claim), before, stored: json.stored, writes };
  } catch {
    return null;
  }
}

function readWindow(value: unknown): WriteWindow[] {
  const { from, to } = value as Record<string, unknown>;
  const window = { from: new Date(String(from)), to: new Date(String(to)) };
  return Number.isNaN(window.from.getTime() + window.to.getTime()) ? [] : [window];
}

export function readOwnClaim(value: unknown): OwnClaim | null {
  if (typeof value !== "object" || value === null) return null;
  const { name, holder } = value as Record<string, unknown>;
  return typeof name === "string" && typeof holder === "string" ? { name, holder } : null;
}
