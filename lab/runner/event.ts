import type { Repository } from "../github/github.ts";

/** The webhook payload that becomes `github.event` and GITHUB_EVENT_PATH; what is given stands over what is made up. */
export function eventPayload(of: {
  repository: Repository;
  event: string;
  sender: string;
  ref: string;
  inputs: Readonly<Record<string, string>>;
  given: Readonly<Record<string, unknown>>;
}): Record<string, unknown> {
  const { repository, event, sender, ref, inputs, given } = of;
  const [owner = "", name = ""] = repository.fullName.split("/");
  return {
    ...(event === "workflow_dispatch" ? { inputs, ref } : {}),
    ...(event === "push" ? { ref } : {}),
    sender: { login: sender, type: sender.endsWith("[bot]") ? "Bot" : "User" },
    ...given,
    repository: {
      id: repository.id,
      name,
      full_name: repository.fullName,
      owner: { login: owner },
      private: repository.visibility === "private",
      visibility: repository.visibility,
      default_branch: repository.defaultBranch,
      ...(given.repository as object | undefined),
    },
  };
}

/** Pull requests from forks and runs of Dependabot: no secrets, a token that only reads. */
export function isUntrusted(
  event: string,
  actor: string,
  payload: Readonly<Record<string, unknown>>,
  repository: Repository,
): boolean {
  if (actor === "dependabot[bot]" && ["pull_request", "push", "create", "deployment"].includes(event))
    return true;
  if (event !== "pull_request") return false;
  const { pull_request: pullRequest } = payload as {
    pull_request?: { head?: { repo?: { fork?: boolean; full_name?: string } } };
  };
  const from = pullRequest?.head?.repo;
  return from?.fork === true || (from?.full_name !== undefined && from.full_name !== repository.fullName);
}

/** Whether a run gets a cache token that may only read: strangers' events, and pull requests that are closed. FACTS.md §2. */
export function hasReadOnlyCache(event: string, payload: Readonly<Record<string, unknown>>): boolean {
  return READ_ONLY_CACHE.has(event) || (event === "pull_request" && payload.action === "closed");
}
const READ_ONLY_CACHE = new Set(["issue_comment", "pull_request_target", "workflow_run"]);

/** `refs/heads/main` → `main`, `refs/pull/7/merge` → `7/merge`. */
export function refName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags|pull)\//, "");
}
