import { isClaimName, readClaim } from "../core/claim/claim.ts";
import { Failure } from "../core/failure/failure.ts";
import type { GitHubError } from "../core/failure/github-error.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import type { WriteSession } from "../ports/secrets.ts";
import type { Variables } from "../ports/variables.ts";
import { unlessGitHubFails } from "./retry.ts";
import { SEED_RUN } from "./seed-marker.ts";
import type { Services } from "./services.ts";

/** GitHub's limits for variables (docs, "Limits for configuration variables"). */
const REPOSITORY_LIMIT = 500;
const ENVIRONMENT_LIMIT = 100;
const NEARLY_FULL = 0.8;
/** No queued run and no access token is older than that. */
const FORGOTTEN_MS = 60 * 86_400_000;

/** Deletes claims that nobody can be handed any more, and warns before the scope is full. Never throws. */
export async function tidyClaims(
  { place, log }: Pick<Services, "place" | "log">,
  { variables, serverClock }: Pick<WriteSession, "variables" | "serverClock">,
): Promise<void> {
  const limit = limitOf(place);
  const act = async (): Promise<void> => {
    const now = (await serverClock.now()).getTime();
    const all = await variables.list();
    for (const { name, value, createdAt } of all) {
      const claim = isClaimName(name) ? readClaim(value) : null;
      const isForgotten = claim?.state === "stored" && claim.run !== SEED_RUN;
      if (isForgotten && now - createdAt.getTime() > FORGOTTEN_MS) await variables.remove(name);
    }
    if (all.length >= limit * NEARLY_FULL)
      log.warning(
        `The scope of the ${describeLocation(place)} holds ${all.length} of the ${limit} variables that GitHub allows, and each refresh needs one. Delete variables that are no longer used.`,
      );
  };
  await unlessGitHubFails(act, ({ message }) => log.debug(`Old claims could not be deleted. ${message}`));
}

/** Whether a claim could not be made because there is no room for another variable. @returns `null` if not */
export async function explainFullScope(
  variables: Variables,
  place: SecretLocation,
  { status }: GitHubError,
): Promise<Failure | null> {
  if (status === 401 || status === 403 || status === 404) return null;
  const all = await variables.list().catch(() => []);
  if (all.length < limitOf(place)) return null;
  return new Failure(
    "claim-limit",
    `The scope of the ${describeLocation(place)} holds ${all.length} variables, as many as GitHub allows, and a refresh needs one. Nothing was refreshed.`,
    "Delete variables that are no longer used.",
  );
}

function limitOf({ environment }: SecretLocation): number {
  return environment === null ? REPOSITORY_LIMIT : ENVIRONMENT_LIMIT;
}
