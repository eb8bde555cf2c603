import type { OwnClaim } from "../core/ledger.ts";
import type { StepChannel, TakenHostLock } from "../ports.ts";

/** What one of our steps remembers from phase to phase. Paths and fingerprints; nothing of the login. */
export interface Session {
  /** Our private directory of this job. */
  readonly base: string;
  readonly home: string;
  /** Which secret this is about: a post without inputs must still file the hand-over where others look. */
  readonly place: { readonly secretName: string; readonly environment: string | null };
  /** What the job's copy of the login holds. */
  readonly refreshToken: "withheld" | "present";
  /** Whether this step made the home's login: the one that removes it. */
  readonly ownsHome: boolean;
  readonly madeHome: boolean;
  readonly madeConfig: boolean;
  /** Stamp of the file as we wrote it last into the home. */
  readonly written: string | null;
  /** When our first phase began, on the monotonic clock. */
  readonly beganMonotonicMs: number;
  /** Whether post must remove /etc/codex/requirements.toml. */
  readonly madeRequirements: boolean;
  /** The lock on a persistent host's home; `null` for a home that ends with the job. */
  readonly hostLock: HostLockOfStep | null;
  /** Variables as they were at the start, which later steps may change through `GITHUB_ENV`. */
  readonly environment: Readonly<Record<string, string | null>>;
}

export interface HostLockOfStep extends TakenHostLock {
  readonly path: string;
}

/** A critical section that has begun and not ended: what post needs to finish it. */
export interface OpenCriticalSection {
  /** The private home; `null` before there is one: then nothing can have been sent. */
  readonly directory: string | null;
  readonly process: { readonly pid: number; readonly startedAt: string | null } | null;
  /** By which GitHub tells that this job may store what it rotates. */
  readonly claim: OwnClaim;
}

/** Variables that decide where requests go and which programs are found. */
const TRUSTED_VARIABLES = [
  "PATH",
  "HOME",
  "TMPDIR",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "NODE_EXTRA_CA_CERTS",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
] as const;

export function captureEnvironment(environment: NodeJS.ProcessEnv): Session["environment"] {
  return Object.fromEntries(TRUSTED_VARIABLES.map((name) => [name, environment[name] ?? null]));
}

/** Puts the captured variables back, over what steps in between have set. */
export function applyEnvironment(captured: Session["environment"], environment: NodeJS.ProcessEnv): void {
  for (const name of TRUSTED_VARIABLES) {
    const value = captured[name];
    if (value == null) delete environment[name];
    else environment[name] = value;
  }
}

export function saveSession(channel: StepChannel, session: Session): void {
  channel.saveState("session", JSON.stringify(session));
}

/** Main begins anew. */
export function forgetSession(channel: StepChannel): void {
  channel.saveState("session", "");
}

export function loadSession(channel: StepChannel): Session | null {
  const text = channel.state("session");
  return text ? (JSON.parse(text) as Session) : null;
}

export function saveCriticalSection(channel: StepChannel, section: OpenCriticalSection | null): void {
  channel.saveState("critical-section", section ? JSON.stringify(section) : "");
}

export function loadCriticalSection(channel: StepChannel): OpenCriticalSection | null {
  const text = channel.state("critical-section");
  return text ? (JSON.parse(text) as OpenCriticalSection) : null;
}
