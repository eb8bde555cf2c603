import { createHash } from "node:crypto";
import type { LabResponse } from "../loopback-server.ts";
import type { Call, Route } from "./router.ts";
import { notFound, page, timestamp } from "./wire.ts";

/** A live record: the runner changes it, the API serves its present state. */
export interface RunRecord {
  readonly id: number;
  name: string;
  /** Of the workflow's file, `.github/workflows/….yml`. */
  path: string;
  event: string;
  /** `queued`, `pending`, `in_progress`, `completed`, … */
  status: string;
  conclusion: string | null;
  /** Of the first attempt; a re-run does not move it. */
  createdAt: Date;
  runAttempt: number;
  headBranch: string;
  headSha: string;
  concurrencyGroups: ConcurrencyGroupRecord[];
  jobs: JobRecord[];
  /** First attempt first. Empty means one attempt, at `createdAt`. */
  attempts: { createdAt: Date }[];
}

export interface ConcurrencyGroupRecord {
  readonly name: string;
  /** The job whose group it is; absent for a group at the level of the workflow. */
  jobId?: number;
  /** 0 holds the group, more waits for it; null does neither any more. Absent: told from the status of run or job. */
  position?: number | null;
}

export interface JobRecord {
  readonly id: number;
  name: string;
  startedAt: Date | null;
  completedAt?: Date;
  status: string;
  conclusion: string | null;
  /** Empty until a runner has taken the job. */
  runnerName: string;
  /** The attempt it belongs to; absent means the run's present one. */
  runAttempt?: number;
}

function attemptStart(run: RunRecord, attempt: number): Date {
  return run.attempts[attempt - 1]?.createdAt ?? run.createdAt;
}

function runUrl(call: Call, run: RunRecord): string {
  return `${call.url}/repos/${call.repository.fullName}/actions/runs/${run.id}`;
}

function htmlUrl(call: Call, run: RunRecord): string {
  return `https://github.localhost/${call.repository.fullName}/actions/runs/${run.id}`;
}

/** Without `asked`: the run itself, in its latest attempt. */
function describe(call: Call, run: RunRecord, asked?: number): object {
  const attempt = asked ?? run.runAttempt;
  const latest = attempt === run.runAttempt;
  return {
    id: run.id,
    name: run.name,
    display_title: run.name,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.path,
    workflow_id: workflowId(run),
    run_number: call.repository.runs.findIndex(({ id }) => id === run.id) + 1,
    run_attempt: attempt,
    event: run.event,
    status: latest ? run.status : "completed",
    conclusion: latest ? run.conclusion : "failure",
    // The run keeps its first attempt's `created_at`. What `/attempts/{n}` shows there of an attempt that was a
    // re-run is [open]; the lab shows when that attempt was started.
    created_at: timestamp(asked === undefined ? run.createdAt : attemptStart(run, attempt)),
    run_started_at: timestamp(attemptStart(run, attempt)),
    updated_at: timestamp(latest ? call.now : attemptStart(run, attempt)),
    url: runUrl(call, run),
    html_url: htmlUrl(call, run),
    jobs_url: `${runUrl(call, run)}/jobs`,
    previous_attempt_url: attempt > 1 ? `${runUrl(call, run)}/attempts/${attempt - 1}` : null,
    repository: { id: call.repository.id, full_name: call.repository.fullName },
  };
}

function describeJob(call: Call, run: RunRecord, job: JobRecord): object {
  const attempt = job.runAttempt ?? run.runAttempt;
  return {
    id: job.id,
    run_id: run.id,
    run_attempt: attempt,
    run_url: runUrl(call, run),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    workflow_name: run.name,
    name: job.name,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timestamp(attemptStart(run, attempt)),
    // Never null in GitHub's schema: until a runner takes the job it repeats when the job was made.
    started_at: timestamp(job.startedAt ?? attemptStart(run, attempt)),
    completed_at: job.status === "completed" ? timestamp(job.completedAt ?? call.now) : null,
    runner_name: job.runnerName || null,
    html_url: `${htmlUrl(call, run)}/job/${job.id}`,
    steps: [],
  };
}

function jobs(call: Call, run: RunRecord, attempt: number | "all"): LabResponse {
  const wanted = run.jobs.filter(
    (job) => attempt === "all" || (job.runAttempt ?? run.runAttempt) === attempt,
  );
  const { items, headers } = page(call.request, wanted, call.url);
  return {
    status: 200,
    headers,
    body: { total_count: wanted.length, jobs: items.map((job) => describeJob(call, run, job)) },
  };
}

/** Shape: `concurrency-group-run-list` in @octokit/openapi-types. Sorted by name, members only while holding or waiting. */
function concurrencyGroups(call: Call, run: RunRecord): LabResponse {
  const groups = [...run.concurrencyGroups].sort((a, b) => (a.name < b.name ? -1 : 1));
  const size = Math.min(Number(call.request.query.get("per_page") ?? 30) || 30, 100);
  return {
    status: 200,
    body: {
      total_count: groups.length,
      concurrency_groups: groups.slice(0, size).map((group) => describeGroup(call, run, group)),
    },
  };
}

function describeGroup(call: Call, run: RunRecord, group: ConcurrencyGroupRecord): object {
  const url = `${call.url}/repos/${call.repository.fullName}/actions/concurrency_groups/${encodeURIComponent(group.name)}`;
  const job = run.jobs.find(({ id }) => id === group.jobId);
  const status = (job ?? run).status;
  const told = status === "completed" ? null : status === "in_progress" ? 0 : 1;
  const position = group.position === undefined ? told : group.position;
  const member = {
    run_id: run.id,
    run_name: run.name,
    run_url: runUrl(call, run),
    run_html_url: htmlUrl(call, run),
    position,
    position_url: job ? `${url}?ahead_of_job=${job.id}` : `${url}?ahead_of_run=${run.id}`,
    ...(job ? { job_id: job.id, job_name: job.name } : {}),
    status: position === 0 ? "in_progress" : "pending",
  };
  return { group_name: group.name, group_url: url, group_members: position === null ? [] : [member] };
}

/** One number a workflow file, as GitHub numbers them. */
function workflowId({ path }: RunRecord): number {
  return createHash("sha256").update(path).digest().readUInt32BE();
}

function isOf(run: RunRecord, workflow: string): boolean {
  return workflow === String(workflowId(run)) || run.path.endsWith(`/${workflow}`);
}

/** All runs, or those of one workflow. */
function list(call: Call): LabResponse {
  const { query } = call.request;
  const { workflow } = call.parameters;
  const asked = (field: string, value: string | null) => !query.has(field) || query.get(field) === value;
  const wanted = [...call.repository.runs]
    .reverse()
    .filter(
      (run) =>
        (workflow === undefined || isOf(run, workflow)) &&
        asked("event", run.event) &&
        asked("branch", run.headBranch) &&
        asked("head_sha", run.headSha) &&
        (asked("status", run.status) || asked("status", run.conclusion)),
    );
  const { items, headers } = page(call.request, wanted, call.url);
  return {
    status: 200,
    headers,
    body: { total_count: wanted.length, workflow_runs: items.map((run) => describe(call, run)) },
  };
}

const prefix = "/actions/runs/{run}";

function readsRun(pattern: string, answer: (call: Call, run: RunRecord) => LabResponse): Route {
  return {
    method: "GET",
    pattern,
    permission: "actions",
    level: "read",
    answer: (call) => {
      const run = call.repository.runs.find(({ id }) => String(id) === call.parameters.run);
      return run ? answer(call, run) : notFound();
    },
  };
}

function attemptOf(call: Call, run: RunRecord): number | undefined {
  const attempt = Number(call.parameters.attempt);
  return Number.isInteger(attempt) && attempt >= 1 && attempt <= run.runAttempt ? attempt : undefined;
}

/** Runs, their attempts, jobs and concurrency groups: all ask for `actions: read`. */
export const runRoutes: Route[] = [
  { method: "GET", pattern: "/actions/runs", permission: "actions", level: "read", answer: list },
  {
    method: "GET",
    pattern: "/actions/workflows/{workflow}/runs",
    permission: "actions",
    level: "read",
    answer: (call) => {
      const { workflow = "" } = call.parameters;
      // GitHub knows a workflow by its file or its number; the lab knows those that ever ran.
      return call.repository.runs.some((run) => isOf(run, workflow)) ? list(call) : notFound();
    },
  },
  readsRun(prefix, (call, run) => ({ status: 200, body: describe(call, run) })),
  readsRun(`${prefix}/attempts/{attempt}`, (call, run) => {
    const attempt = attemptOf(call, run);
    return attempt ? { status: 200, body: describe(call, run, attempt) } : notFound();
  }),
  readsRun(`${prefix}/attempts/{attempt}/jobs`, (call, run) => {
    const attempt = attemptOf(call, run);
    return attempt ? jobs(call, run, attempt) : notFound();
  }),
  readsRun(`${prefix}/jobs`, (call, run) =>
    jobs(call, run, call.request.query.get("filter") === "all" ? "all" : run.runAttempt),
  ),
  readsRun(`${prefix}/concurrency_groups`, concurrencyGroups),
];
