import { AuthJson } from "../login/auth-json.ts";
import { type Checked, fields, isText, isTime, isTruth, parseChecked } from "../phase-state/shape.ts";

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
  /** The claim under which the predecessor was spent, or its tokens were renewed; `null` where there is none. */
  readonly claim: OwnClaim | null;
  /** The secret's `updated_at` that nobody else may have moved before we write. */
  readonly before: Date;
  /** `false` while the login is not in the secret. */
  readonly stored: boolean;
  /** When writes of this job may have landed whose answer nobody has heard. */
  readonly writes: readonly WriteWindow[];
}

export function ledgerOf(facts: Pick<Ledger, "login" | "predecessor" | "before"> & Partial<Ledger>): Ledger {
  return { claim: null, stored: false, writes: [], ...facts };
}

/** Whether only the access token is new: the refresh token is the one before, which nobody has spent. */
export function isRenewal({ login, predecessor }: Pick<Ledger, "login" | "predecessor">): boolean {
  return predecessor?.refreshToken.equals(login.refreshToken) === true;
}

/** The time in which a write may have landed, on GitHub's clock. */
export interface WriteWindow {
  readonly from: Date;
  readonly to: Date;
}

/** GitHub's servers need not agree on the second, and `Date` has whole ones. */
const CLOCK_TOLERANCE_MS = 3_000;

/** The seconds in which a write may have landed that began then and took so long. */
export function windowOf(beganAt: Date, lastsMs: number): WriteWindow {
  return {
    from: new Date(beganAt.getTime() - CLOCK_TOLERANCE_MS),
    to: new Date(beganAt.getTime() + lastsMs + CLOCK_TOLERANCE_MS),
  };
}

export function isWithin({ from, to }: WriteWindow, at: Date): boolean {
  return from.getTime() <= at.getTime() && at.getTime() <= to.getTime();
}

/** Writes the ledger as the text that goes into its envelope: JSON, logins as lines, dates in ISO 8601. */
export function writeLedger({ login, predecessor, ...rest }: Ledger): string {
  return JSON.stringify({
    ...rest,
    document: login.line().reveal(),
    predecessor: predecessor?.line().reveal() ?? null,
  });
}

const WRITTEN = fields({ document: isText, before: isTime, stored: isTruth });

/** @returns `null` for anything that {@link writeLedger} did not write */
export function readLedger(text: string): Ledger | null {
  const json = parseChecked<Checked<typeof WRITTEN> & Readonly<Record<string, unknown>>>(text, WRITTEN);
  const login = json && AuthJson.read(json.document);
  if (json === null || login === null) return null;
  const { before, stored, claim } = json;
  return {
    login,
    predecessor: isText(json.predecessor) ? AuthJson.read(json.predecessor) : null,
    claim: OWN_CLAIM(claim) ? claim : null,
    before: new Date(before),
    stored,
    writes: Array.isArray(json.writes) ? json.writes.filter(WINDOW).map(readWindow) : [],
  };
}

const OWN_CLAIM = fields({ name: isText, holder: isText });
const WINDOW = fields({ from: isTime, to: isTime });

function readWindow({ from, to }: Checked<typeof WINDOW>): WriteWindow {
  return { from: new Date(from), to: new Date(to) };
}
