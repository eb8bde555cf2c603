import type { SecretLocation } from "../github/secret-location.ts";
import { shellQuoted } from "../text/shell.ts";

/** One line for a shell: a fresh login in a home of its own, stored and not left behind. */
export function reseedCommand(place: SecretLocation): string {
  const scope = place.environment === null ? "" : ` --env ${shellQuoted(place.environment)}`;
  return [
    `home=$(mktemp -d) && CODEX_HOME=$home codex -c 'cli_auth_credentials_store="file"' login`,
    `gh secret set ${place.secretName} --repo ${place.owner}/${place.repository}${scope} < "$home/auth.json"`,
    `rm -r "$home"`,
  ].join(" && ");
}

/** What to do when a login is over. */
export function reseedHint(place: SecretLocation): string {
  return `Log in again, on a machine with a browser, and store that login: \`${reseedCommand(place)}\`.`;
}
