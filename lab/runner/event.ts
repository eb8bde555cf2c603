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

/** Which secrets a run is given. Without those of Actions its token only reads. */
export type GivenSecretsOf = "actions" | "dependabot" | "none";

const OF_FORKS = ["pull_request", "pull_request_review", "pull_request_review_comment"];
const OF_DEPENDABOT = [...OF_FORKS, "push", "create", "deployment", "deployment_status"];

/**
 * A fork's pull request gets none, and a run of Dependabot its own. [doc, docs.github.com "Troubleshooting Dependabot on
 * GitHub Actions", "Using secrets in GitHub Actions"]
 */
export function secretsFor(
  event: string,
  actor: string,
  payload: Readonly<Record<string, unknown>>,
  repository: Repository,
): GivenSecretsOf {
  const { pull_request: pullRequest } = payload as {
    pull_request?: {
      user?: { login?: string };
      head?: { repo?: { fork?: boolean; full_name?: string } | null };
    };
  };
  const from = pullRequest?.head?.repo;
  const isForeign =
    from === null ||
    from?.fork === true ||
    (from?.full_name !== undefined && from.full_name !== repository.fullName);
  if (isForeign && OF_FORKS.includes(event)) return "none";
  if (actor !== "dependabot[bot]") return "actions";
  if (event === "pull_request_target" && pullRequest?.user?.login === actor) return "none";
  return OF_DEPENDABOT.includes(event) ? "dependabot" : "actions";
}

/** `refs/heads/main` → `main`, `refs/pull/7/merge` → `7/merge`. */
export function refName(ref: string): string {
  return ref.replace(/^refs\/(?:heads|tags|pull)\//, "");
}
