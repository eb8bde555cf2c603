import { type SecretLocation, secretsPath } from "../core/github/secret-location.ts";
import type { Log } from "../ports/runner.ts";
import type { SealedPayload } from "../ports/secrets.ts";

/**
 * A command that stores a sealed payload unless somebody has written the secret since. Only GitHub can open the payload,
 * so it may stand in a log.
 *
 * @param expectedUpdatedAt what the secret's `updated_at` was when we last looked
 */
export function rescueCommand(place: SecretLocation, sealed: SealedPayload, expectedUpdatedAt: Date): string {
  const path = `${secretsPath(place)}/${place.secretName}`.slice(1);
  const expected = expectedUpdatedAt.toISOString().replace(".000Z", "Z");
  return [
    `if test "$(gh api '${path}' --jq .updated_at)" = '${expected}'; then`,
    `  gh api --method PUT '${path}' -f key_id='${sealed.keyId}' \\`,
    `    -f encrypted_value='${sealed.encryptedValue}'`,
    "else",
    "  echo 'Nothing was changed: the secret cannot be read, or somebody has written it since.' >&2; false",
    "fi",
  ].join("\n");
}

export function tellRescue(log: Log, what: string, command: string): void {
  log.info(what);
  for (const line of command.split("\n")) log.info(line);
}
