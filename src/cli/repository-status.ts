import { describeDuration } from "../core/duration.ts";
import { Failure } from "../core/failure.ts";
import { GitHubError } from "../core/github-error.ts";
import { describePlace, type Place } from "../core/place.ts";
import type { SecretMetadata } from "../ports.ts";
import { aligned } from "./aligned.ts";
import { explainToPerson } from "./explain-github.ts";
import type { RepositoryAdministration, Result, WorkflowRun } from "./ports.ts";

/** A keeper rotates a login that is due at least this often; older than that, nobody looks after it. */
const NEGLECTED_MS = 10 * 86_400_000;

/**
 * What GitHub says of a login: how old its secret is, and how the last maintenance ended.
 *
 * @param workflows files that may hold the maintenance; the one that ran last counts
 */
export async function repositoryStatus(
  administration: RepositoryAdministration,
  { place, workflows }: { place: Place; workflows: readonly string[] },
): Promise<{ result: Result; healthy: boolean }> {
  try {
    if ((await administration.describe()) === null) throw notFound(place);
    const secret = await administration.secrets(place).metadata(place.secretName);
    const run = await latestRun(administration, workflows);
    return draw({ place, secret, run, workflows, now: await administration.now() });
  } catch (error) {
    if (error instanceof GitHubError) throw explainToPerson(error, place);
    throw error;
  }
}

type LastRun = WorkflowRun | "none" | "not-allowed";

async function latestRun(
  administration: RepositoryAdministration,
  workflows: readonly string[],
): Promise<LastRun> {
  try {
    const runs = await Promise.all(workflows.map((workflow) => administration.latestRun(workflow)));
    const [latest] = runs
      .filter((run) => run !== null)
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return latest ?? "none";
  } catch (error) {
    if (error instanceof GitHubError && error.status === 403) return "not-allowed";
    throw error;
  }
}

function draw(seen: {
  place: Place;
  secret: SecretMetadata | null;
  run: LastRun;
  workflows: readonly string[];
  now: Date;
}): { result: Result; healthy: boolean } {
  const { place, secret, run, workflows, now } = seen;
  const ago = (date: Date): string => `${describeDuration(now.getTime() - date.getTime())} ago`;
  const problems: string[] = [];
  if (secret === null) problems.push(`There is no ${describePlace(place)}, or the token cannot see it.`);
  else if (now.getTime() - secret.updatedAt.getTime() > NEGLECTED_MS)
    problems.push("The secret is older than an access token lives: nothing keeps this login alive.");
  const ran = typeof run === "string" ? null : run;
  if (ran && ran.conclusion !== null && ran.conclusion !== "success")
    problems.push(`The last maintenance run ended with ${ran.conclusion}.`);
  // The one that forces a refresh proves something, whether or not it was the last to run.
  const workflow =
    workflows.find((name) => name === "maintenance.yml") ??
    ran?.workflow ??
    workflows[0] ??
    "maintenance.yml";
  const proof = `gh workflow run ${workflow} --repo ${place.owner}/${place.repository}`;
  const runs =
    ran === null
      ? run === "not-allowed"
        ? "not told: the token lacks Actions: read"
        : `none of ${workflows.join(", ")}`
      : `${ran.conclusion ?? "running"}, ${ago(ran.createdAt)} (${ran.url})`;
  const rows: [string, string][] = [
    ["secret", describePlace(place).replace(/^secret /, "")],
    ["created", secret ? `${ago(secret.createdAt)} (${secret.createdAt.toISOString()})` : "never"],
    ["last written", secret ? `${ago(secret.updatedAt)} (${secret.updatedAt.toISOString()})` : "never"],
    ["last maintenance", runs],
  ];
  const result: Result = {
    json: {
      repository: `${place.owner}/${place.repository}`,
      environment: place.environment,
      secret_name: place.secretName,
      secret: secret && {
        created_at: secret.createdAt.toISOString(),
        updated_at: secret.updatedAt.toISOString(),
        age_seconds: Math.floor((now.getTime() - secret.updatedAt.getTime()) / 1000),
      },
      last_run: ran && {
        workflow: ran.workflow,
        created_at: ran.createdAt.toISOString(),
        conclusion: ran.conclusion,
        url: ran.url,
      },
      problems,
      proves_refresh: false,
      proof,
    },
    title:
      problems.length === 0
        ? "Nothing is wrong with what GitHub shows."
        : `${problems.length} ${problems.length === 1 ? "problem" : "problems"}.`,
    lines: [
      ...aligned(rows),
      "",
      ...problems.map((problem) => `! ${problem}`),
      ...(problems.length > 0 ? [""] : []),
      "This does not prove that the login can still be refreshed: a secret cannot be read. What does is a run of a keeper with `refresh: force`; one without it refreshes when that is due:",
      `  ${proof}`,
    ],
  };
  return { result, healthy: problems.length === 0 };
}

function notFound({ owner, repository }: Place): Failure {
  return new Failure(
    "repository-not-found",
    `There is no repository ${owner}/${repository} that your token can see.`,
    "Check the name, and that the token (GH_TOKEN, GITHUB_TOKEN, or `gh auth token`) reaches this repository.",
  );
}
