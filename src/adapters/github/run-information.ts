import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import type { ReadTime, RunInformation } from "../../ports/github.ts";
import { pages } from "./answers.ts";
import type { GitHubClient } from "./client.ts";

/** Which job this is, from the runner's own variables. */
export interface JobIdentity {
  readonly owner: string;
  readonly repository: string;
  readonly runId: string;
  readonly runAttempt: number;
  readonly runnerName: string;
}

/** What the Actions API tells, with `actions: read`. */
export function githubRunInformation(client: GitHubClient, job: JobIdentity): RunInformation {
  const repository = { owner: job.owner, repo: job.repository };
  const run = { ...repository, run_id: Number(job.runId) };

  /** `created_at` stays the first attempt's in a re-run, whose secrets may be replayed. */
  async function runCreatedAt(): Promise<ReadTime> {
    const { data } = await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run);
    return known(data.created_at);
  }

  async function jobStartedAt(): Promise<ReadTime> {
    const jobs = await pages(JOBS, async (page) => {
      const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs";
      return (await client.ask(route, { ...run, attempt_number: job.runAttempt, ...page })).data.jobs;
    });
    const ours = jobs.filter(
      ({ runner_name, status }) =>
        status === "in_progress" && (runner_name === job.runnerName || job.runnerName === ""),
    );
    const [only] = ours;
    if (job.runnerName === "" && ours.length !== 1) return { kind: "unknown", because: "no-runner-name" };
    return ours.length === 1 && only ? known(only.started_at) : { kind: "unknown", because: "ambiguous" };
  }

  return {
    isRerun: job.runAttempt > 1,
    readTime: async (scope) => {
      try {
        return scope === "repository" || job.runAttempt > 1 ? await runCreatedAt() : await jobStartedAt();
      } catch (error) {
        // An answer without what GitHub's description promises: a page of HTML, say.
        if (!(error instanceof GitHubError)) return { kind: "unknown", because: "ambiguous" };
        if (error.status === 404) return { kind: "unknown", because: "no-such-run" };
        const denied = !canRepair(error) && (error.status === 401 || error.status === 403);
        return { kind: "unknown", because: denied ? "permission" : "unreachable" };
      }
    },
    statusOf: async (id, attempt) => {
      try {
        const { data } = await client.ask(
          "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}",
          { ...repository, run_id: Number(id), attempt_number: attempt },
        );
        const { status } = data;
        return typeof status !== "string" ? "unknown" : status === "completed" ? "ended" : "in-progress";
      } catch {
        return "unknown";
      }
    },
    concurrency: async () => {
      try {
        const { data } = await client.ask(
          "GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups",
          run,
        );
        const groups = data.concurrency_groups.map(({ group_name }) => group_name);
        const { workflow_id } = (await client.ask("GET /repos/{owner}/{repo}/actions/runs/{run_id}", run))
          .data;
        const others = await client
          .ask("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", {
            ...repository,
            ...{ workflow_id, status: "in_progress", per_page: 10 },
          })
          .then((answer) => answer.data.workflow_runs.filter(({ id }) => String(id) !== job.runId))
          .catch(() => []);
        return { groups, otherRunsInProgress: others.length };
      } catch {
        return null;
      }
    },
    visibility: async () => {
      try {
        const { private: isPrivate } = (await client.ask("GET /repos/{owner}/{repo}", repository)).data;
        return typeof isPrivate === "boolean" ? (isPrivate ? "private" : "public") : null;
      } catch {
        return null;
      }
    },
    mayWrite: async (login) => {
      try {
        const { data } = await client.ask("GET /repos/{owner}/{repo}/collaborators/{username}/permission", {
          ...repository,
          username: login,
        });
        return [data.permission, data.role_name].some((level) => WRITING.has(level));
      } catch (error) {
        // Who is no collaborator is not found.
        return error instanceof GitHubError && error.status === 404 ? false : null;
      }
    },
  };
}

/** A job that is not among the first two thousand is not found. */
const JOBS = { perPage: 100, maximum: 20 };
/** `permission` says `write` for what `role_name` calls `maintain`. */
const WRITING = new Set(["admin", "maintain", "write"]);

function known(date: unknown): ReadTime {
  const at = new Date(String(date));
  return Number.isNaN(at.getTime()) ? { kind: "unknown", because: "ambiguous" } : { kind: "known", at };
}
