import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { describeLocation } from "../../core/github/secret-location.ts";
import { placeOptions } from "../../core/login/reseed-command.ts";
import { shellQuoted } from "../../core/text/shell.ts";
import type { RepositoryDescription } from "../../ports/cli.ts";
import type { SecretMetadata } from "../../ports/secrets.ts";
import { repositoryNotFound } from "../explain-github.ts";
import { WRITE_TOKEN_SECRET } from "../write-credential-source.ts";
import type { Seeding } from "./seed-request.ts";
import { seconds } from "./store-login.ts";

/** What is there already where the login is to go. */
export interface SeedTarget {
  readonly repository: RepositoryDescription;
  /** `missing`: the environment must be made first. */
  readonly scope: "there" | "missing";
  /** What a reseed replaces. */
  readonly before: SecretMetadata | null;
}

/** Looks, and changes nothing. @throws {Failure} where a login must not go */
export async function findTarget(begun: Seeding): Promise<{ seeding: Seeding; target: SeedTarget }> {
  const repository = await findRepository(begun);
  const seeding = { ...begun, place: { ...begun.place, repositoryId: repository.id } };
  const scope = await findScope(seeding, repository);
  const before = scope === "missing" ? null : await findSecret(seeding);
  return { seeding, target: { repository, scope, before } };
}

async function findRepository(begun: Seeding): Promise<RepositoryDescription> {
  const { administration, services, request } = begun;
  const { owner, repository, allowPublicRepository } = request;
  services.reporter.say(`Asking GitHub for ${owner}/${repository}.`);
  const found = await administration.describe();
  if (found === null) throw repositoryNotFound(request);
  if (found.visibility === "public" && !allowPublicRepository) {
    throw new Failure(
      "public-repository",
      `${owner}/${repository} is public, and OpenAI asks not to use a ChatGPT login in public repositories.`,
      "Use a private repository; `--allow-public-repository` overrides this refusal.",
    );
  }
  return found;
}

async function findScope(
  { administration, services: { reporter }, request, place }: Seeding,
  { defaultBranch }: RepositoryDescription,
): Promise<SeedTarget["scope"]> {
  const { owner, repository, environment } = place;
  try {
    await administration.secrets(place).publicKey();
    return "there";
  } catch (error) {
    // The repository is there: what is missing is the environment.
    if (!(error instanceof GitHubError) || error.status !== 404 || environment === null) throw error;
  }
  const question = `There is no environment ${environment}. Create it, for the branch ${defaultBranch} only?`;
  const mayAsk = reporter.asks && !request.dryRun;
  if (request.createEnvironment || (mayAsk && (await reporter.confirm(question)))) return "missing";
  throw new Failure(
    "environment-not-found",
    `${owner}/${repository} has no environment ${environment} that your token can see.`,
    "Create it in the repository's settings, or let `--create-environment` do it, limited to the default branch.",
  );
}

async function findSecret({ administration, request, place }: Seeding): Promise<SecretMetadata | null> {
  const before = await administration.secrets(place).metadata(place.secretName);
  if (before === null || request.reseed) return before;
  const { owner, repository, environment } = place;
  const env = environment === null ? "" : ` --env ${shellQuoted(environment)}`;
  const isApp = request.writeCredential !== "ask" && request.writeCredential?.kind === "app";
  throw new Failure(
    "secret-exists",
    `The ${describeLocation(place)} exists already: created ${seconds(before.createdAt)}, last written ${seconds(before.updatedAt)}.`,
    [
      `It may hold a login that works: \`npx codex-auth-roundtrip status ${placeOptions(`${owner}/${repository}`, place)}\` shows its age and its last refreshes.`,
      ...(request.writeCredential === null || isApp
        ? []
        : [
            `To replace only the write token: \`gh secret set ${WRITE_TOKEN_SECRET} --repo ${owner}/${repository}${env}\`.`,
          ]),
      "To replace the login with a fresh one, pass `--reseed`.",
    ].join(" "),
  );
}

export async function createEnvironment(
  { administration, services: { reporter }, place, tell }: Seeding,
  { defaultBranch }: RepositoryDescription,
): Promise<void> {
  const { environment } = place;
  if (environment === null) return;
  const isLimited = (await administration.createEnvironment(environment, defaultBranch)) === "limited";
  tell(`Created the environment ${environment}${isLimited ? `, for the branch ${defaultBranch} only` : ""}.`);
  if (!isLimited)
    reporter.warn(
      `GitHub did not limit the environment to the branch ${defaultBranch}: workflows on every branch can read the login.`,
    );
}
