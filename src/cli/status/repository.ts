import { type ClaimState, isClaimName, readClaim } from "../../core/claim/claim.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../../core/github/secret-location.ts";
import { SEED_RUN } from "../../login/seed-marker.ts";
import type { RepositoryAdministration, Result, WorkflowRun } from "../../ports/cli.ts";
import type { SecretMetadata } from "../../ports/secrets.ts";
import type { Use } from "../doctor/workflow/use.ts";
import { explainToPerson, repositoryNotFound } from "../explain-github.ts";
import type { GitHub } from "../services.ts";
import { type CopyStatus, copyAsJson, describeCopy, inspectCopies } from "./copies.ts";
import { ago, describeStatus } from "./layout.ts";

/** A refresh job rotates a login that is due at least this often; older than that, nobody looks after it. */
const NEGLECTED_MS = 10 * 86_400_000;

/** Files in `.github/workflows`. */
export interface Workflows {
  /** Their runs force a refresh: they are maintenance. */
  readonly forced: readonly string[];
  /** Their runs refresh only when that is due. They count where there is no run of the others. */
  readonly others: readonly string[];
}

/**
 * What GitHub says of a login: how old its secret is, how the last maintenance ended, and which runs refreshed it.
 *
 * @param workflows those that may refresh it; of each kind the one that ran last counts
 * @param uses of the checkout, where there is one: they name the access copies
 */
export async function repositoryStatus(
  github: GitHub,
  place: SecretLocation,
  { workflows, uses }: { workflows: Workflows; uses: readonly Use[] },
): Promise<{ result: Result; healthy: boolean }> {
  const administration = github.administration(place);
  try {
    if ((await administration.describe()) === null) throw repositoryNotFound(place);
    const secret = await administration.secrets(place).metadata(place.secretName);
    const forced = await latestRun(administration, workflows.forced);
    const run = forced === "none" ? await latestRun(administration, workflows.others) : forced;
    const refreshes = await lastRefreshes(administration, place);
    const copies = await inspectCopies(github, place, uses);
    return draw({ place, secret, run, refreshes, copies, workflows, now: await administration.now() });
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
  return unlessForbidden(async () => {
    const runs = await Promise.all(workflows.map((workflow) => administration.latestRun(workflow)));
    const [latest] = runs
      .filter((run) => run !== null)
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
    return latest ?? "none";
  });
}

async function unlessForbidden<Answer>(ask: () => Promise<Answer>): Promise<Answer | "not-allowed"> {
  return ask().catch((error) => {
    if (error instanceof GitHubError && error.status === 403) return "not-allowed";
    throw error;
  });
}

/** A rotation, as its claim records it. */
interface Refresh {
  readonly claimedAt: Date;
  /** The run's number. */
  readonly run: string;
  /** When the secret was written with what came of it; `null`: that is not known. */
  readonly storedAt: Date | null;
  readonly state: ClaimState;
}

const SHOWN_REFRESHES = 5;

/** @returns the newest first */
async function lastRefreshes(
  administration: RepositoryAdministration,
  place: SecretLocation,
): Promise<readonly Refresh[] | "not-allowed"> {
  return unlessForbidden(async () => {
    const variables = await administration.variables(place).list();
    return variables
      .flatMap(({ name, value, createdAt }): Refresh[] => {
        const claim = isClaimName(name) ? readClaim(value) : null;
        if (claim === null || claim.run === SEED_RUN || claim.state === "write") return [];
        if (claim.secret.toUpperCase() !== place.secretName.toUpperCase()) return [];
        return [{ claimedAt: createdAt, run: claim.run, storedAt: claim.after, state: claim.state }];
      })
      .sort((one, other) => other.claimedAt.getTime() - one.claimedAt.getTime())
      .slice(0, SHOWN_REFRESHES);
  });
}

const END_OF_REFRESH: Readonly<Record<ClaimState, string>> = {
  stored: "stored",
  rotated: "rotated; not known whether it was stored",
  open: "not finished",
  write: "not finished",
};

function draw(seen: {
  place: SecretLocation;
  secret: SecretMetadata | null;
  run: LastRun;
  refreshes: readonly Refresh[] | "not-allowed";
  copies: readonly CopyStatus[];
  workflows: Workflows;
  now: Date;
}): { result: Result; healthy: boolean } {
  const { place, secret, run, refreshes, copies, workflows, now } = seen;
  const since = (date: Date): string => ago(date, now);
  const problems: string[] = [];
  if (secret === null)
    problems.push(
      `There is no ${describeLocation(place)}, or the token cannot see it.${place.environment === null ? " If it is in an environment, name it: `--environment NAME`." : ""}`,
    );
  else if (now.getTime() - secret.updatedAt.getTime() > NEGLECTED_MS)
    problems.push("The secret was last written more than ten days ago: nothing keeps this login alive.");
  const ran = typeof run === "string" ? null : run;
  const isMaintenance = ran === null || workflows.forced.includes(ran.workflow);
  if (ran && ran.conclusion !== null && ran.conclusion !== "success")
    problems.push(
      isMaintenance
        ? `The last maintenance run ended with ${ran.conclusion}.`
        : `The last run of ${ran.workflow} ended with ${ran.conclusion}.`,
    );
  if (run === "none") {
    const names = [...workflows.forced, ...workflows.others].join(", ");
    problems.push(`Maintenance has never run (looked for ${names}).`);
  }
  const described = copies.map((copy) => describeCopy(copy, now));
  problems.push(...described.flatMap(({ problem }) => problem ?? []));
  const isAllSeen =
    run !== "not-allowed" && refreshes !== "not-allowed" && copies.every(({ updatedAt }) => updatedAt.known);
  // The one that forces a refresh proves something, whether or not it was the last to run.
  const workflow = workflows.forced[0] ?? ran?.workflow ?? workflows.others[0] ?? "maintenance.yml";
  const proof = `gh workflow run ${workflow} --repo ${place.owner}/${place.repository}`;
  const runs =
    ran === null
      ? run === "not-allowed"
        ? "not checked: the token lacks Actions: read"
        : "never"
      : `${ran.conclusion ?? "running"}, ${since(ran.createdAt)} (${ran.url})${isMaintenance ? "" : `, of ${ran.workflow}, which refreshes only when that is due`}`;
  const rows: [string, string][] = [
    ["secret", describeLocation(place).replace(/^secret /, "")],
    ["created", secret ? `${since(secret.createdAt)} (${secret.createdAt.toISOString()})` : "never"],
    ["last written", secret ? `${since(secret.updatedAt)} (${secret.updatedAt.toISOString()})` : "never"],
    [isMaintenance ? "last maintenance" : "last run", runs],
    ...refreshRows(refreshes, now),
    ...described.map(({ row }, index): [string, string] => [index === 0 ? "access copies" : "", row]),
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
      last_refreshes:
        refreshes === "not-allowed"
          ? null
          : refreshes.map(({ claimedAt, run: id, storedAt, state }) => ({
              claimed_at: claimedAt.toISOString(),
              run: id,
              state,
              stored_at: storedAt?.toISOString() ?? null,
            })),
      access_copies: copies.map(copyAsJson),
      problems,
      proves_refresh: false,
      proof,
    },
    ...describeStatus(rows, problems, {
      healthy: isAllSeen
        ? "Nothing is wrong with what GitHub shows."
        : "No problem in what the token may see; not everything was checked.",
      proof: secret
        ? [
            "This does not prove that the login can still be refreshed: a secret cannot be read. To prove it, run a workflow with `refresh: force`; one without it refreshes only when that is due:",
            `  ${proof}`,
          ]
        : [],
    }),
  };
  return { result, healthy: problems.length === 0 };
}

function refreshRows(refreshes: readonly Refresh[] | "not-allowed", now: Date): [string, string][] {
  if (refreshes === "not-allowed")
    return [
      ["last refreshes", "not checked: the token lacks Variables: read (of an environment: Environments)"],
    ];
  if (refreshes.length === 0) return [["last refreshes", "none yet"]];
  return refreshes.map(({ claimedAt, run, state }, index) => [
    index === 0 ? "last refreshes" : "",
    `${ago(claimedAt, now)} (${claimedAt.toISOString()}), run ${run}: ${END_OF_REFRESH[state]}`,
  ]);
}
