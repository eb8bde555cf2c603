import { type CopyDestination, isRepository } from "../core/copies/destination.ts";
import type { Environment } from "../core/environment/scrub.ts";
import { Failure } from "../core/failure/failure.ts";
import { permissionOf, type SecretLocation } from "../core/github/secret-location.ts";
import { Secret } from "../core/login/secret.ts";
import type { Files } from "../ports/files.ts";

/** The credential with which jobs write the login back: a write token, or a GitHub App. */
export type WriteCredentialSource =
  | { readonly kind: "token"; readonly token: Secret }
  | { readonly kind: "app"; readonly clientId: string; readonly privateKey: Secret };

/**
 * The App that options name.
 *
 * @returns `null` where they name none
 * @throws {Failure} `input-invalid` for half of one, `file-unreadable`
 */
export async function readApp(
  { clientId, privateKeyFile }: { clientId?: string; privateKeyFile?: string },
  files: Pick<Files, "read">,
): Promise<WriteCredentialSource | null> {
  if (clientId === undefined && privateKeyFile === undefined) return null;
  if (clientId === undefined || privateKeyFile === undefined) {
    throw new Failure(
      "input-invalid",
      `The GitHub App needs ${clientId === undefined ? "`--client-id`" : "`--private-key-file`"} as well.`,
      "Pass both.",
    );
  }
  const key = await files.read(privateKeyFile).catch(() => null);
  if (key === null || key.trim() === "") {
    throw new Failure(
      "file-unreadable",
      `${privateKeyFile} cannot be read, or is empty.`,
      "Pass the PEM file that GitHub gave you when the App's private key was made.",
    );
  }
  return { kind: "app", clientId, privateKey: new Secret(key) };
}

/** @returns `null` where the environment has none */
export function readWriteToken(environment: Environment): WriteCredentialSource | null {
  const token = environment[WRITE_TOKEN_SECRET]?.trim();
  return token ? { kind: "token", token: new Secret(token) } : null;
}

/** Names of the secrets that hold it, as the examples read them. */
export const WRITE_TOKEN_SECRET = "CODEX_SECRET_WRITE_TOKEN";
export const APP_CLIENT_ID_SECRET = "CODEX_APP_CLIENT_ID";
export const APP_PRIVATE_KEY_SECRET = "CODEX_APP_PRIVATE_KEY";

/** The part that nobody may see. */
export function secretOf(source: WriteCredentialSource): Secret {
  return source.kind === "token" ? source.token : source.privateKey;
}

/** The permissions that it needs on the repository of the login, for its access copies there as well, for people. */
export function describeWritePermission(
  place: SecretLocation,
  copies: readonly CopyDestination[] = [],
): string {
  const needed = new Set(permissionOf(place) === "secrets" ? ["Secrets", "Variables"] : ["Environments"]);
  for (const { scope } of copies)
    if (scope.kind === "repository" && isRepository(scope, place))
      needed.add(scope.environment === null ? "Secrets" : "Environments");
  return [...needed].map((permission) => `${permission}: read and write`).join(", ");
}
