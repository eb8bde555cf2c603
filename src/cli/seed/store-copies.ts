import { type CopyDestination, copyPermission } from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import { accessCopyOf } from "../../core/login/access-copy.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Audience, CopyReach } from "../../ports/copies.ts";
import type { WriteCredentialSource } from "../write-credential-source.ts";
import type { Seeding } from "./seed-request.ts";
import { nameOf } from "./write-credential.ts";

const ATTEMPTS = 3;
const PAUSE_MS = 1_500;
/** GitHub asks for a second between two writes. */
const BETWEEN_WRITES_MS = 1_000;

/**
 * A destination that a token does not reach is found out before the person logs in.
 *
 * @param credential the jobs', which write each later copy; `null`: the person's, which writes the first
 * @throws {Failure}
 */
export async function proveCopies(seeding: Seeding, credential: WriteCredentialSource | null): Promise<void> {
  const { copies } = seeding.request;
  if (copies.length === 0) return;
  const who = credential === null ? "your token" : `the ${nameOf(credential)}`;
  seeding.services.reporter.say(`Checking that ${who} reaches the destinations of access copies.`);
  await withReach(seeding, credential, async (reach) => {
    for (const destination of copies) {
      try {
        const secrets = await reach.secretsOf(destination.scope);
        await insistent(seeding, () => secrets.publicKey());
      } catch (error) {
        throw copyFailed(destination, error, { who, state: "The login has not been stored." });
      }
    }
  });
}

/**
 * Makes the first access copies of a login that is stored. A secret that is missing is created; one of an organization
 * for the seeded repository alone, or for none where it has another owner.
 *
 * @throws {Failure} `access-copy-failed`, when all have been tried
 */
export async function storeCopies(
  seeding: Seeding,
  login: AuthJson,
  { repositoryId }: { repositoryId: string },
): Promise<void> {
  const { request, services, tell } = seeding;
  const failures: Failure[] = [];
  await withReach(seeding, null, async (reach) => {
    for (const [index, destination] of request.copies.entries()) {
      services.signal.throwIfAborted();
      if (index > 0) await services.clock.sleep(BETWEEN_WRITES_MS);
      try {
        tell(await storeCopy(seeding, reach, { login, destination, repositoryId }));
      } catch (error) {
        failures.push(
          copyFailed(destination, error, { who: "your token", state: "The login itself is stored." }),
        );
      }
    }
  });
  const [first] = failures;
  if (first === undefined) return;
  for (const { message } of failures.slice(1)) services.reporter.warn(message);
  throw first;
}

/** @returns what was done, as a sentence */
async function storeCopy(
  seeding: Seeding,
  reach: CopyReach,
  {
    login,
    destination: { scope, name, text },
    repositoryId,
  }: { login: AuthJson; destination: CopyDestination; repositoryId: string },
): Promise<string> {
  const { services, place } = seeding;
  const secrets = await reach.secretsOf(scope);
  const isThere = (await insistent(seeding, () => secrets.metadata(name))) !== null;
  const isOfOwner =
    scope.kind === "organization" && scope.organization.toLowerCase() === place.owner.toLowerCase();
  const narrowest: Audience = {
    visibility: "selected",
    repositories: isOfOwner ? [Number(repositoryId)] : [],
  };
  await insistent(seeding, async () => {
    const sealed = await services.box.seal(accessCopyOf(login), await secrets.publicKey());
    // Last, and each time: whoever has been taken out of the audience must not come back.
    const audience = scope.kind === "organization" && !isThere ? narrowest : await secrets.audience(name);
    return secrets.put(name, sealed, audience);
  });
  if (isThere) return `Wrote an access copy to ${text}.`;
  if (scope.kind === "repository") return `Created ${text} with an access copy.`;
  return `Created ${text} with an access copy, visible to ${isOfOwner ? `${place.owner}/${place.repository} only` : "no repository yet"}: add the others in the organization's settings.`;
}

async function withReach(
  { github, request }: Seeding,
  credential: WriteCredentialSource | null,
  act: (reach: CopyReach) => Promise<void>,
): Promise<void> {
  const reach = github.copyAccess(credential).open(request.copies);
  try {
    await act(reach);
  } finally {
    await reach.close();
  }
}

/** Writing the same value twice does no harm; a 422 says that the key has been replaced in the meantime. */
async function insistent<Answer>(
  { services: { clock } }: Seeding,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const mayPass = error instanceof GitHubError && (canRepair(error) || error.status === 422);
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await clock.sleep(error.retryAfterMs ?? PAUSE_MS * attempt);
    }
  }
}

/** @throws {unknown} what is no answer of GitHub's */
function copyFailed(
  { scope, text }: CopyDestination,
  error: unknown,
  { who, state }: { who: string; state: string },
): Failure {
  if (!(error instanceof GitHubError)) throw error;
  return new Failure(
    "access-copy-failed",
    `The access copy ${foreign(text)} cannot be written. ${error.message} ${state}`,
    canRepair(error)
      ? "This usually passes: try again."
      : `${who.charAt(0).toUpperCase()}${who.slice(1)} needs ${copyPermission(scope)}. Check the name, too.`,
    { cause: error },
  );
}
