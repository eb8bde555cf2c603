import type { Clock, HandoffCache, RunInformation, WriterSession } from "../src/ports.ts";
import type { Job } from "./job.ts";

/** One rule of the protocol, switched off from outside: what the code is told, or what becomes of what it does. */
export interface Sabotage {
  readonly session?: (session: WriterSession, job: Job) => WriterSession;
  readonly handoff?: (handoff: HandoffCache, job: Job) => HandoffCache;
  readonly runInformation?: (information: RunInformation, job: Job) => RunInformation;
  readonly clock?: (clock: Clock, job: Job) => Clock;
}
