/** One part of .github/workflows/conformance.yml, which this suite starts. */
export type Part =
  | "stages"
  | "cancel"
  | "queue"
  | "hold"
  | "secrets"
  | "cache"
  | "cache-read"
  | "cache-branch";

export interface Ended {
  readonly conclusion: string;
  /** What its jobs printed, masked. */
  readonly log: string;
  readonly createdAt: string;
  readonly attempt: number;
  /** When its first job was taken by a runner. */
  readonly startedAt: string;
}

export interface StartedRun {
  readonly id: number;
  /** Resolves when a step with this name runs. */
  reached(step: string): Promise<void>;
  cancel(): Promise<void>;
  ended(): Promise<Ended>;
  /** Starts it again, after its end. */
  again(): Promise<StartedRun>;
}

/** Starts jobs on runners of the repository, and reads what they print. */
export interface Jobs {
  /** Of a real runner's second: how long it takes here. */
  readonly second: number;
  /** @throws {NotAsked} if the workflow cannot be started */
  start(part: Part, options?: { readonly branch?: string; readonly nonce?: string }): Promise<StartedRun>;
  /** Cancels what still runs. */
  stop(): Promise<void>;
}

/** What the probes print: `conformance: {"probe":"phase",…}`, one a line. */
export interface Said extends Readonly<Record<string, unknown>> {
  readonly probe: string;
}

/** What a probe of that name printed, in order. */
export function saidBy(log: string, probe: string): Said[] {
  return [...log.matchAll(/conformance: (\{.*\})/g)]
    .map(([, json = ""]) => parsed(json))
    .filter((said): said is Said => said?.probe === probe);
}

function parsed(json: string): Said | undefined {
  try {
    return JSON.parse(json) as Said;
  } catch {
    return undefined;
  }
}
