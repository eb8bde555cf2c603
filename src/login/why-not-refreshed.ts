import { MAXIMUM_TAKEOVERS } from "../core/claim/claim.ts";
import { Failure, type FailureCode } from "../core/failure/failure.ts";
import type { MissingProof } from "./position.ts";

export function claimBusy(): Failure {
  return new Failure(
    "claim-busy",
    "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.",
    "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.",
  );
}

/** The whole login is for one job at a time, and another one was faster with what this job has stored. */
export function claimedSinceStored(): Failure {
  return new Failure(
    "claim-busy",
    "This job has refreshed the login and stored it, and another job has claimed it since. So this job cannot have the whole login.",
    "Start a new run when that job is over. Give all jobs with `refresh-token: present` one concurrency group.",
  );
}

export function cancelledBeforeRefresh(): Failure {
  return new Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}

/** Why a job does not know the newest login, and what helps. */
const MISSING_PROOF: Readonly<Record<MissingProof, readonly [FailureCode, message: string, hint: string]>> = {
  "secret-is-newer": [
    "copy-stale",
    "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.",
    "Start a new run (not a re-run): it gets the present secret.",
  ],
  "handoff-not-answered": [
    "freshness-unproven",
    "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.",
    "Start a new run when the cache service works again (githubstatus.com).",
  ],
  "in-doubt": [
    "freshness-unproven",
    `${MAXIMUM_TAKEOVERS} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`,
    "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.",
  ],
  "successor-not-found": [
    "write-back-pending",
    "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.",
    "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.",
  ],
  "run-time-permission": [
    "freshness-unproven",
    "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.",
    "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.",
  ],
  "run-time-unknown": [
    "freshness-unproven",
    "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.",
    "Start a new run.",
  ],
};

/** The failure for a job that can neither refresh nor go on. */
export function explainMissingProof(missing: MissingProof): Failure {
  return new Failure(...MISSING_PROOF[missing]);
}
