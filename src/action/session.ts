import { steers } from "../core/steering.ts";
import type { StepChannel, TakenHostLock } from "../ports.ts";

/** What one of our steps remembers from phase to phase. Paths and fingerprints; nothing of the login. */
export interface Session {
  /** Our private directory of this job. */
  readonly base: string;
  readonly home: string;
  /** Which secret this is about: a post without inputs must still file the hand-over where others look. */
  readonly place: { readonly secretName: string; readonly environment: string | null };
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
  readonly directory: string;
  readonly process: { readonly pid: number; readonly startedAt: string | null } | null;
  readonly expectedUpdatedAt: string;
  /** When the lock was taken, on the monotonic clock. */
  readonly lockTakenMs: number;
}

/** Where programs are found, and files are laid: ordinary steps change these, so they are taken anew in main. */
const PATHS = ["PATH", "HOME", "TMPDIR"] as const;

type Captured = Session["environment"];

/** The variables that decide which programs are found, and all that steer requests. */
export function captureEnvironment(environment: NodeJS.ProcessEnv): Captured {
  const steering = Object.entries(environment).filter(([name]) => steers(name));
  return {
    ...Object.fromEntries(steering.map(([name, value]) => [name, value ?? null])),
    ...pathsOf(environment),
  };
}

/** As {@link captureEnvironment}, where an earlier phase has captured what steers: that stays. */
export function recaptureEnvironment(captured: Captured, environment: NodeJS.ProcessEnv): Captured {
  return { ...captured, ...pathsOf(environment) };
}

function pathsOf(environment: NodeJS.ProcessEnv): Captured {
  return Object.fromEntries(PATHS.map((name) => [name, environment[name] ?? null]));
}

/** Puts the captured variables back, over what steps in between have set. */
export function applyEnvironment(captured: Captured, environment: NodeJS.ProcessEnv): void {
  const names = new Set([...Object.keys(captured), ...Object.keys(environment).filter(steers)]);
  for (const name of names) {
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
