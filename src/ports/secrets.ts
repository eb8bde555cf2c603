/** The secret that holds the login, and the right to write it. */

import type { WriteCredentialKind } from "../core/failure/secret-error.ts";
import type { Secret } from "../core/login/secret.ts";
import type { ServerClock } from "./github.ts";
import type { Variables } from "./variables.ts";

export interface SecretMetadata {
  /** Whole seconds. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PublicKey {
  readonly id: string;
  /** 32 bytes, Curve25519. */
  readonly key: Uint8Array;
}

/** The secrets of one scope. Every method throws `GitHubError`; none takes longer than ten seconds. */
export interface SecretStore {
  /** @returns `null` when there is no such secret, which a missing scope also looks like */
  metadata(name: string): Promise<SecretMetadata | null>;
  publicKey(): Promise<PublicKey>;
  put(name: string, sealed: SealedPayload): Promise<"created" | "updated">;
  /** A secret that is not there counts as deleted. */
  remove(name: string): Promise<void>;
  /** How many secrets the scope holds. */
  count(): Promise<number>;
}

/** Only GitHub can open it: safe to show. */
export interface SealedPayload {
  readonly keyId: string;
  /** Base64 of libsodium's `crypto_box_seal`. */
  readonly encryptedValue: string;
}

export interface SealedBox {
  /** @throws {GitHubError} for a public key that is none */
  seal(content: Secret, publicKey: PublicKey): Promise<SealedPayload>;
}

/** The write token or App, opened only when a write is needed. */
export interface WriteCredential {
  readonly kind: WriteCredentialKind;
  /**
   * @throws {Failure} `app-…` when no token can be minted
   * @throws {GitHubError}
   */
  open(): Promise<WriteSession>;
}

export interface WriteSession {
  readonly store: SecretStore;
  readonly variables: Variables;
  readonly serverClock: ServerClock;
  /** When the token ends, as far as an answer has told. */
  expiresAt(): Date | null;
  /** Revokes what was minted. Never throws. */
  close(): Promise<void>;
}
