import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import type { ReadTime, RunInformation } from "../../ports/action.ts";
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
  const repository = `/repos/${job.owner}/${job.repository}`;
  const run = `${repository}/actions/runs/${job.runId}`;

  /** `created_at` stays the first attempt's in a re-run, whose secrets may be replayed. */
  async function runCreatedAt(): Promise<ReadTime> {
    return known(fieldsOf((await client.request(`GET ${run}`)).data).created_at);
  }

  async function jobStartedAt(): Promise<ReadTime> {
    const ours: Record<string, unknown>[] = [];
    for (let page = 1; page <= MAXIMUM_PAGES; page++) {
      const { data } = await client.request(
        `GET ${run}/attempts/${job.runAttempt}/jobs?per_page=${PER_PAGE}&page=${page}`,
      );
      const { jobs } = fieldsOf(data);
      const list = (Array.isArray(jobs) ? jobs : []).map(fieldsOf);
      ours.push(
        ...list.filter(
          ({ runner_name, status }) => runner_name === job.runnerName && status === "in_progress",
        ),
      );
      if (list.length < PER_PAGE) break;
    }
    const [only] = ours;
    return ours.length === 1 && only ? known(only.started_at) : { kind: "unknown", because: "ambiguous" };
  }

  return {
    isRerun: job.runAttempt > 1,
    readTime: async (scope) => {
      try {
        return scope === "repository" || job.runAttempt > 1 ? await runCreatedAt() : await jobStartedAt();
      } catch (error) {
        const denied =
          error instanceof GitHubError &&
          !canRepair(error) &&
          (error.status === 401 || error.status === 403 || error.status === 404);
        return { kind: "unknown", because: denied ? "permission" : "unreachable" };
      }
    },
    statusOf: async (id, attempt) => {
      try {
        const { status } = fieldsOf(
          (await client.request(`GET ${repository}/actions/runs/${id}/attempts/${attempt}`)).data,
        );
        return typeof status !== "string" ? "unknown" : status === "completed" ? "ended" : "in-progress";
      } catch {
        return "unknown";
      }
    },
    concurrency: async () => {
      try {
        const groups = fieldsOf(
          (await client.request(`GET ${run}/concurrency_groups`)).data,
        ).concurrency_groups;
        if (!Array.isArray(groups)) return null;
        const { workflow_id } = fieldsOf((await client.request(`GET ${run}`)).data);
        const { data } = await client
          .request(
            `GET ${repository}/actions/workflows/${String(workflow_id)}/runs?status=in_progress&per_page=10`,
          )
          .catch(() => ({ data: {} }));
        const running = fieldsOf(data).workflow_runs;
        const others = (Array.isArray(running) ? running : [])
          .map(fieldsOf)
          .filter(({ id }) => String(id) !== job.runId);
        return {
          groups: groups.map((group) => String(fieldsOf(group).group_name)),
          otherRunsInProgress: others.length,
        };
      } catch {
        return null;
      }
    },
    visibility: async () => {
      try {
        const isPrivate = fieldsOf((await client.request(`GET ${repository}`)).data).private;
        return typeof isPrivate === "boolean" ? (isPrivate ? "private" : "public") : null;
      } catch {
        return null;
      }
    },
    mayWrite: async (login) => {
      try {
        const route = `GET ${repository}/collaborators/${encodeURIComponent(login)}/permission`;
        const { permission, role_name } = fieldsOf((await client.request(route)).data);
        return [permission, role_name].some((level) => WRITING.has(String(level)));
      } catch (error) {
        // Who is no collaborator is not found.
        return error instanceof GitHubError && error.status === 404 ? false : null;
      }
    },
  };
}

const PER_PAGE = 100;
/** A job that is not among the first two thousand is not found. */
const MAXIMUM_PAGES = 20;
/** `permission` says `write` for what `role_name` calls `maintain`. */
const WRITING = new Set(["admin", "maintain", "write"]);

function fieldsOf(data: unknown): Record<string, unknown> {
  return typeof data === "object" && data !== null ? (data as Record<string, unknown>) : {};
}

function known(date: unknown): ReadTime {
  const at = new Date(String(date));
  return Number.isNaN(at.getTime()) ? { kind: "unknown", because: "ambiguous" } : { kind: "known", at };
}
