import type { Environment } from "../core/environment/scrub.ts";
import { Failure } from "../core/failure/failure.ts";
import type { SecretLocation } from "../core/github/secret-location.ts";
import { type StartedBy, secretsWithheldFrom, whoStarted } from "../core/github/trigger.ts";
import { foreign } from "../core/text/escape.ts";

/** Where a step runs, from the runner's own variables, which no step of the job can change. */
export interface RunContext {
  readonly owner: string;
  readonly repository: string;
  readonly repositoryId: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly job: string;
  /** Differs between two jobs on one machine. */
  readonly trackingId: string;
  readonly runnerName: string;
  readonly eventName: string;
  readonly startedBy: StartedBy;
  /** Why GitHub gives this run no secrets; `null` where it gives them. */
  readonly secretsWithheld: "fork" | "dependabot" | null;
  readonly branch: "default" | "other";
  /** `default` on the default branch, else the ref. */
  readonly ref: string;
  readonly visibility: "public" | "private" | "unknown";
  /** `null` for a job that never made one. */
  readonly workspace: string | null;
  readonly temporaryDirectory: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
}

/**
 * @param environment the step's variables
 * @param eventPayload the text behind `GITHUB_EVENT_PATH`; `null` when there is none
 * @throws {Failure} `input-invalid` outside GitHub Actions
 */
export function readRunContext(environment: Environment, eventPayload: string | null): RunContext {
  const payload = readPayload(eventPayload);
  const event = repositoryIn(payload);
  /** @param told by the event, for runners that set fewer variables than GitHub's */
  const need = (name: keyof typeof NEEDED, told?: unknown): string => {
    const value =
      environment[name] || (typeof told === "number" || typeof told === "string" ? String(told) : "");
    if (value) return value;
    throw new Failure(
      "input-invalid",
      `The variable ${name} is not set by this runner${told === undefined ? "" : ", and the event does not say"}: ${NEEDED[name]}.`,
      `GitHub's own runner sets it. On another one, set ${name} in the job's \`env:\`; outside of a workflow, use the command line.`,
    );
  };
  const fullName = need("GITHUB_REPOSITORY", event.full_name ?? null);
  const [owner = "", repository = ""] = fullName.split("/");
  if (!owner || !repository)
    throw new Failure(
      "input-invalid",
      `The variable GITHUB_REPOSITORY holds no \`owner/name\`, but ${foreign(fullName)}.`,
      "GitHub's own runner sets it. On another one, set GITHUB_REPOSITORY in the job's `env:`.",
    );
  // The event may be about another repository.
  const isOurs = String(event.full_name).toLowerCase() === fullName.toLowerCase();
  const eventName = environment.GITHUB_EVENT_NAME ?? "";
  // A schedule runs nowhere else, and its event need not name a repository.
  const isDefault = eventName === "schedule" || isDefaultBranch(environment.GITHUB_REF, event);
  return {
    owner,
    repository,
    repositoryId: need("GITHUB_REPOSITORY_ID", (isOurs ? event.id : null) ?? null),
    runId: need("GITHUB_RUN_ID"),
    runAttempt: Number(environment.GITHUB_RUN_ATTEMPT || "1"),
    job: need("GITHUB_JOB"),
    trackingId: environment.RUNNER_TRACKING_ID ?? "",
    runnerName: environment.RUNNER_NAME ?? "",
    eventName,
    startedBy: whoStarted({
      eventName,
      repository: `${owner}/${repository}`,
      actors: [environment.GITHUB_ACTOR, environment.GITHUB_TRIGGERING_ACTOR],
      payload,
    }),
    secretsWithheld: secretsWithheldFrom({
      eventName,
      repository: `${owner}/${repository}`,
      actor: environment.GITHUB_ACTOR,
      payload,
    }),
    branch: isDefault ? "default" : "other",
    ref: isDefault ? "default" : (environment.GITHUB_REF ?? ""),
    visibility: typeof event.private === "boolean" ? (event.private ? "private" : "public") : "unknown",
    workspace: environment.GITHUB_WORKSPACE ?? null,
    temporaryDirectory: need("RUNNER_TEMP"),
    apiUrl: environment.GITHUB_API_URL || "https://api.github.com",
    serverUrl: environment.GITHUB_SERVER_URL || "https://github.com",
  };
}

/** The secret this step is about. */
export function placeOf(
  { owner, repository, repositoryId }: RunContext,
  { environment, secretName }: { secretName: string; environment: string | null },
): SecretLocation {
  return { owner, repository, repositoryId, environment, secretName };
}

/** Which job a home belongs to: the same for all steps of a job, another for every other job. */
export function jobIdentity({ runId, runAttempt, job, trackingId }: RunContext): string {
  return `run ${runId} attempt ${runAttempt} job ${job} ${trackingId}`;
}

function isDefaultBranch(ref: string | undefined, { default_branch: branch }: EventRepository): boolean {
  return typeof branch === "string" && ref === `refs/heads/${branch}`;
}

/** What cannot be done without. */
const NEEDED = {
  GITHUB_REPOSITORY: "`owner/name` of the repository",
  GITHUB_REPOSITORY_ID: "the repository's number (`gh api repos/OWNER/NAME --jq .id`)",
  GITHUB_RUN_ID: "the number of this run",
  GITHUB_JOB: "the job's name in the workflow",
  RUNNER_TEMP: "a directory that is emptied after each job",
} as const;

interface EventRepository {
  readonly full_name?: unknown;
  readonly id?: unknown;
  readonly default_branch?: unknown;
  readonly private?: unknown;
}

/** @returns `null` where it is no event */
function readPayload(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

/** What an event says of its repository; nothing where it names none. */
function repositoryIn(payload: unknown): EventRepository {
  return (payload as { repository?: EventRepository | null } | null)?.repository ?? {};
}
