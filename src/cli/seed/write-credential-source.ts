import type { Place } from "../../core/github/secret-location.ts";
import { permissionOf } from "../../core/github/secret-location.ts";
import type { Secret } from "../../core/login/secret.ts";

/** The credential that jobs will write the login back with, to be stored beside it. */
export type WriterToStore =
  | { readonly kind: "token"; readonly token: Secret }
  | { readonly kind: "app"; readonly clientId: string; readonly privateKey: Secret };

/** Names of the secrets that hold a writer, as the examples read them. */
export const WRITER_TOKEN_SECRET = "CODEX_SECRET_WRITE_TOKEN";
export const APP_CLIENT_ID_SECRET = "CODEX_APP_CLIENT_ID";
export const APP_PRIVATE_KEY_SECRET = "CODEX_APP_PRIVATE_KEY";

/** What the writer needs to be, for people. */
export function describeWriterPermission(place: Place): string {
  return permissionOf(place) === "secrets"
    ? "Secrets: read and write, Variables: read and write"
    : "Environments: read and write";
}
