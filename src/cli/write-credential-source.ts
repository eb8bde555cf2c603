import { permissionOf, type SecretLocation } from "../core/github/secret-location.ts";
import type { Secret } from "../core/login/secret.ts";

/** The credential with which jobs write the login back: a write token, or a GitHub App. */
export type WriteCredentialSource =
  | { readonly kind: "token"; readonly token: Secret }
  | { readonly kind: "app"; readonly clientId: string; readonly privateKey: Secret };

/** Names of the secrets that hold it, as the examples read them. */
export const WRITE_TOKEN_SECRET = "CODEX_SECRET_WRITE_TOKEN";
export const APP_CLIENT_ID_SECRET = "CODEX_APP_CLIENT_ID";
export const APP_PRIVATE_KEY_SECRET = "CODEX_APP_PRIVATE_KEY";

/** The part that nobody may see. */
export function secretOf(source: WriteCredentialSource): Secret {
  return source.kind === "token" ? source.token : source.privateKey;
}

/** The permissions that it needs, for people. */
export function describeWritePermission(place: SecretLocation): string {
  return permissionOf(place) === "secrets"
    ? "Secrets: read and write, Variables: read and write"
    : "Environments: read and write";
}
