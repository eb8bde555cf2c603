import { describeLocation } from "../../core/github/secret-location.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { redactedStatus } from "../../core/login/status.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import type { Result } from "../../ports/cli.ts";
import type { SecretMetadata } from "../../ports/secrets.ts";
import {
  describeWritePermission,
  WRITE_TOKEN_SECRET,
  type WriteCredentialSource,
} from "../write-credential-source.ts";
import type { SeedTarget } from "./find-target.ts";
import type { Seeding } from "./seed-request.ts";
import type { WrittenWorkflows } from "./write-workflows.ts";

/** What a seed without `--dry-run` would do. */
export function rehearsal(
  { request, place }: Seeding,
  plan: {
    target: SeedTarget;
    credential: WriteCredentialSource | null;
    workflows: WrittenWorkflows | null;
  },
): Result {
  const { source, writeCredential } = request;
  const { repository, scope, before } = plan.target;
  const would: string[] = [];
  if (scope === "missing")
    would.push(
      `create the environment ${place.environment}, for the branch ${repository.defaultBranch} only`,
    );
  if (source.kind === "fresh")
    would.push(
      `have you log in to ChatGPT (${source.method === "device" ? "a link and a one-time code" : "in a browser here"})`,
    );
  would.push(`${before ? "replace" : "create"} the ${describeLocation(place)}`);
  if (plan.credential !== null || writeCredential !== null) would.push("store the write token beside it");
  would.push(...request.copies.map(({ text }) => `write an access copy to ${text}`));
  would.push(...(plan.workflows?.written ?? []).map((path) => `write ${path}`));
  return {
    json: { dry_run: true, ...describeTarget(request), would, secret_exists: before !== null },
    title: "Nothing was changed (--dry-run).",
    lines: ["Without --dry-run, this would:", ...would.map((step) => `  ${step}`)],
  };
}

/** What a seed has done, and what is left for the person to do. */
export function seeded(
  seeding: Seeding,
  result: {
    login: AuthJson;
    written: SecretMetadata;
    credential: WriteCredentialSource | null;
    workflows: WrittenWorkflows | null;
    /** In order. */
    done: readonly string[];
  },
): Result {
  const { login, written, credential, workflows, done } = result;
  const next = nextSteps(seeding, credential, workflows);
  return {
    json: {
      ...describeTarget(seeding.request),
      account_id: login.accountId,
      access_token_expires_at: login.accessTokenExpiresAt.toISOString(),
      status: redactedStatus(login),
      updated_at: written.updatedAt.toISOString(),
      write_token_stored: credential !== null,
      access_copies: seeding.request.copies.map(({ text }) => text),
      workflows_written: workflows?.written ?? [],
      workflows_kept: workflows?.kept ?? [],
      events: done,
      next,
    },
    title: "Seeded.",
    lines: next.length > 0 ? ["Next:", ...indented(next)] : [],
  };
}

/** Steps below a heading; a step may have several lines. */
export function indented(steps: readonly string[]): readonly string[] {
  return steps.flatMap((step) => step.split("\n").map((line) => `  ${line}`));
}

function nextSteps(
  { request: { source, copies }, place }: Seeding,
  credential: WriteCredentialSource | null,
  workflows: WrittenWorkflows | null,
): string[] {
  const repository = `${place.owner}/${place.repository}`;
  const scope = place.environment === null ? "" : ` --env ${shellQuoted(place.environment)}`;
  const namesOf = (paths: readonly string[] = []) => paths.map((path) => path.split(/[\\/]/).at(-1));
  const [written, kept] = [namesOf(workflows?.written), namesOf(workflows?.kept)];
  // On a fresh login only the one that forces a refresh proves anything.
  const first = [...written, ...kept].find((name) => name === "maintenance.yml") ?? written[0];
  const steps: string[] = [];
  if (source.kind === "file" && source.path !== "-")
    steps.push(`Delete ${source.path}, or never use it again: this login belongs to the repository now.`);
  if (!credential)
    steps.push(
      `Store the write token, a fine-grained token with "${describeWritePermission(place, copies)}":\n  gh secret set ${WRITE_TOKEN_SECRET}${scope} --repo ${repository}`,
    );
  if (first)
    steps.push(
      `${written.length > 0 ? "Commit and push .github/workflows, then" : "Check that a job can refresh and store it"}:\n  gh workflow run ${first} --repo ${repository}`,
    );
  return steps;
}

function describeTarget({ owner, repository, environment, secretName }: Seeding["request"]) {
  return { repository: `${owner}/${repository}`, environment, secret_name: secretName };
}
