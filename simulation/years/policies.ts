import { GitHubError } from "../../src/core/failure/github-error.ts";
import { codexExec } from "./codex.ts";
import { accessTokenExpiresAtMs } from "./issuer.ts";
import type { Conclusion, Job } from "./job.ts";
import { type OurSettings, ourJob } from "./ours.ts";
import { DAY_MS } from "./units.ts";

/** How an account keeps its login alive. */
export interface Policy {
  readonly name: string;
  /** What its jobs do. */
  readonly job: (job: Job) => Promise<Conclusion>;
  /** Overrides of the climate that belong to the policy and not to fate. */
  readonly scope?: "repository" | "environment";
  /** Which runs share the concurrency group, where the climate has one. */
  readonly serialized: "all" | "maintenance";
  readonly maintenancePerWeek: number;
  /** About how many awaits its main has, of which a stroke picks one. */
  readonly awaits: number;
  readonly isOurs: boolean;
}

const HOME = "/home/runner/.codex/auth.json";

/** When a plain recipe writes back: always, on success, when the file changed, never. */
type WriteBack = "always" | "on-success" | "changed" | "never";

/** Restore, `codex exec`, write back: steps of shell, as published recipes have them. */
async function plainJob(job: Job, writeBack: WriteBack, forced = false): Promise<Conclusion> {
  const { world, machine, run } = job;
  const { handed } = run;
  if (handed === null) return "failure";
  machine.write(HOME, handed);
  const exec = await job.phase("main", async (process) => {
    job.goOnline(process);
    const isOld = accessTokenExpiresAtMs(handed) < world.scheduler.nowMs + 3 * DAY_MS;
    const ended = await codexExec(world, process, {
      path: HOME,
      durationMs: forced ? 1 : job.durationMs,
      isInterrupted: () => job.isCancelled,
      interrupted: job.interrupted,
      // A refresher makes Codex refresh before it must.
      accessTokenIsDead: job.accessTokenIsDead || (forced && isOld),
    });
    if (ended?.exitCode !== 0) throw new StepFailed("codex-failed");
  });
  if (machine.isLost) return "lost";
  const present = machine.text(HOME);
  const isWanted = {
    always: true,
    "on-success": exec === "success",
    changed: present !== handed,
    never: false,
  }[writeBack];
  if (!isWanted || present === null) return conclude(job, exec === "success");
  const written = await job.phase("post", async (process) => {
    job.goOnline(process);
    await world.github.plainWrite(process, present).catch((error) => {
      throw error instanceof GitHubError ? new StepFailed("write-failed") : error;
    });
  });
  if (machine.isLost) return "lost";
  return conclude(job, exec === "success" && written === "success");
}

function conclude(job: Job, well: boolean): Conclusion {
  return job.isCancelled ? "cancelled" : well ? "success" : "failure";
}

class StepFailed extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Ours, with what a test may want to be different. */
export function ours(name: string, settings: OurSettings = {}): Policy {
  return {
    name,
    job: (job) => ourJob(job, settings),
    serialized: "all",
    maintenancePerWeek: 1,
    awaits: 90,
    isOurs: true,
  };
}

export const OURS = ours("ours");

export const POLICIES: readonly Policy[] = [
  OURS,
  ours("ours, refresh-token: present", { inputs: { "refresh-token": "present" } }),
  {
    name: "official recipe: always write back, repository secret",
    job: (job) => plainJob(job, "always"),
    serialized: "all",
    maintenancePerWeek: 1,
    awaits: 12,
    isOurs: false,
  },
  {
    name: "write back on success only",
    job: (job) => plainJob(job, "on-success"),
    serialized: "all",
    maintenancePerWeek: 1,
    awaits: 12,
    isOurs: false,
  },
  {
    name: "environment secret, write back what changed",
    job: (job) => plainJob(job, "changed"),
    scope: "environment",
    serialized: "all",
    maintenancePerWeek: 1,
    awaits: 12,
    isOurs: false,
  },
  {
    name: "nightly refresher beside unserialized consumers",
    job: (job) => (job.run.kind === "maintenance" ? plainJob(job, "changed", true) : plainJob(job, "never")),
    serialized: "maintenance",
    maintenancePerWeek: 7,
    awaits: 12,
    isOurs: false,
  },
  {
    name: "restore only",
    job: (job) => plainJob(job, "never"),
    serialized: "all",
    maintenancePerWeek: 1,
    awaits: 12,
    isOurs: false,
  },
];
