import type { SecretLocation } from "../github/secret-location.ts";
import { shellQuoted } from "../text/shell.ts";

/** The options by which our own commands find a secret. */
export function placeOptions(
  repository: string,
  { environment, secretName }: Pick<SecretLocation, "environment" | "secretName">,
): string {
  const scope = environment === null ? "" : ` --environment ${shellQuoted(environment)}`;
  const name = secretName === "CODEX_AUTH_JSON" ? "" : ` --secret-name ${secretName}`;
  return `--repo ${repository}${scope}${name}`;
}

/** One line for a shell: a fresh login, stored as one line and not left behind. */
export function reseedCommand(place: SecretLocation): string {
  return `npx codex-auth-roundtrip seed ${placeOptions(`${place.owner}/${place.repository}`, place)} --reseed`;
}

/** What to do when a login is over. */
export function reseedHint(place: SecretLocation): string {
  return `Log in again, and store that login: \`${reseedCommand(place)}\`.`;
}
