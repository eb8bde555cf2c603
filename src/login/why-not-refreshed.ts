import { type ClaimState, MAXIMUM_TAKEOVERS, type SeenClaim } from "../core/claim/claim.ts";
import { Failure, type FailureCode } from "../core/failure/failure.ts";
import { describeDuration } from "../core/text/duration.ts";
import { foreign } from "../core/text/escape.ts";
import type { MissingProof } from "./position.ts";

/** What was seen of the claim that this job waited for, and how often. */
export interface BusyClaim {
  /** `null` where GitHub says that there is one, and does not show it. */
  readonly seen: SeenClaim | null;
  readonly now: Date;
  readonly looks: number;
}

export function claimBusy({ seen, now, looks }: BusyClaim): Failure {
  const { claim = null, createdAt = null } = seen ?? {};
  const who = claim === null ? "Another job" : `Run ${claim.run}`;
  const age = createdAt && ` ${describeDuration(Math.max(0, now.getTime() - createdAt.getTime()))} ago`;
  const often = looks === 1 ? "once" : `${looks} times`;
  const doing =
    claim === null
      ? "GitHub does not show what has become of that"
      : claim.wholeJob
        ? "it holds the whole login until it ends"
        : DOING[claim.state];
  return new Failure(
    "claim-busy",
    `${who} has claimed this login${age ?? ""}, and ${doing} (looked at ${often}). This job did not refresh it.`,
    "Wait until that job has ended, then start a new run: it gets the login that the job has stored. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.",
  );
}

const DOING = {
  open: "has not said yet what came of its refresh",
  write: "is storing it",
  rotated: "has refreshed it, and not stored the result yet",
  stored: "has refreshed and stored it",
} as const satisfies Readonly<Record<ClaimState, string>>;

/** The whole login is for one job at a time, and another one was faster with what this job has stored. */
export function claimedSinceStored(): Failure {
  return new Failure(
    "claim-busy",
    "This job has refreshed the login and stored it, and another job has claimed it since. So this job cannot have the whole login.",
    "Start a new run when that job is over. Give all jobs with `refresh-token: present` one concurrency group.",
  );
}

/** @param said the cache service's words */
export function handoffDenied(said: string): Failure {
  return new Failure(
    "handoff-denied",
    `The Actions cache stores nothing for this job (${foreign(said)}), so a refreshed login would have no second copy until it is in the secret. Nothing was refreshed.`,
    "GitHub gives runs that strangers can cause, and jobs with a restricted `cache-mode`, a cache that can only be read: refresh on `schedule`, `push` or `workflow_dispatch`, without `cache-mode`. `handoff: off` does without the second copy.",
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
  "run-not-found": [
    "freshness-unproven",
    "GitHub's API knows no run with this job's GITHUB_RUN_ID, or does not show it to `github-token`, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.",
    "Grant `actions: read` in the job's `permissions:`, then start a new run. Under a runner that makes its own run numbers (act, for example) GitHub cannot know: refresh in a workflow on GitHub.",
  ],
  "runner-name-missing": [
    "freshness-unproven",
    "This runner does not set RUNNER_NAME, by which GitHub knows this job among the run's others, so nobody can tell when it was given its secret. Nothing was refreshed.",
    "Set RUNNER_NAME in the job's `env:` to the name that GitHub shows for the runner, then start a new run.",
  ],
  "run-time-unknown": [
    "freshness-unproven",
    "GitHub's API did not say when this run was created, or not so that it can be read, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.",
    "Start a new run.",
  ],
};

/** The failure for a job that can neither refresh nor go on. */
export function explainMissingProof(missing: MissingProof): Failure {
  return new Failure(...MISSING_PROOF[missing]);
}
