import { Failure } from "../../core/failure/failure.ts";
import { canRepair, GitHubError } from "../../core/failure/github-error.ts";
import { describeLocation } from "../../core/github/secret-location.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { Secret } from "../../core/login/secret.ts";
import { markSeed } from "../../login/seed-marker.ts";
import type { SecretMetadata } from "../../ports/secrets.ts";
import type { Seeding } from "./seed-request.ts";

const ATTEMPTS = 3;
const PAUSE_MS = 1_500;

/** @param before what it replaces. @throws {Failure} `secret-changed-elsewhere`, `seed-unverified` */
export async function storeLogin(
  seeding: Seeding,
  login: AuthJson,
  before: SecretMetadata | null,
): Promise<SecretMetadata> {
  const { administration, services, place, tell } = seeding;
  // A person may have taken a quarter of an hour to log in.
  if (before === null && (await administration.secrets(place).metadata(place.secretName)) !== null) {
    throw new Failure(
      "secret-changed-elsewhere",
      `Somebody else has created the ${describeLocation(place)} in the meantime. It is left as it is.`,
      "Check who created it; `--reseed` replaces it.",
    );
  }
  services.reporter.say(`Writing the ${describeLocation(place)}.`);
  const written = await storeSecret(seeding, place.secretName, login.content("json"));
  // So the first refresh knows that its run was handed this login, whenever it was created.
  const { updatedAt } = written;
  await markSeed(administration.variables(place), { login: login, place, updatedAt });
  const verb = before === null ? "Created" : "Replaced";
  tell(`${verb} the ${describeLocation(place)} (GitHub shows it as written ${seconds(updatedAt)}).`);
  return written;
}

/**
 * Seals a value, writes it, and checks that it has arrived. Writing the same value twice does no harm, so it tries again
 * after a failure that may pass.
 *
 * @throws {Failure} `seed-unverified`
 * @throws {GitHubError}
 */
export async function storeSecret(
  { administration, services: { box, clock }, place }: Seeding,
  name: string,
  value: Secret,
): Promise<SecretMetadata> {
  const secrets = administration.secrets(place);
  const began = await administration.now();
  for (let attempt = 1; ; attempt++) {
    try {
      // Sealed again each time: a 422 says that the key has been replaced in the meantime.
      await secrets.put(name, await box.seal(value, await secrets.publicKey()));
      break;
    } catch (error) {
      const mayPass = error instanceof GitHubError && (canRepair(error) || error.status === 422);
      if (!mayPass || attempt === ATTEMPTS) throw error;
      await clock.sleep(PAUSE_MS * attempt);
    }
  }
  const written = await secrets.metadata(name);
  // Both are GitHub's times; `updated_at` has whole seconds.
  if (written && written.updatedAt.getTime() >= Math.floor(began.getTime() / 1000) * 1000) return written;
  throw new Failure(
    "seed-unverified",
    `GitHub accepted the secret ${name}, but does not show it as written.`,
    "Look at the repository's secrets; then seed again with `--reseed`.",
  );
}

/** GitHub's times have no more. */
export function seconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}
