/** What access copies need from outside. */

import type { CopyDestination, CopyScope } from "../core/copies/destination.ts";
import type { Verification } from "../core/login/verification.ts";
import type { PublicKey, SealedPayload } from "./secrets.ts";

/** Who an organization's secret is visible to, as GitHub says it. */
export interface Audience {
  readonly visibility: "all" | "private" | "selected";
  /** Ids of the selected repositories, in ascending order; `null` where the visibility is not `selected`. */
  readonly repositories: readonly number[] | null;
}

export interface CopyMetadata {
  /** Whole seconds, as `updatedAt`. */
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A repository as GitHub knows it now: a name in a workflow may be an old one. */
export interface CurrentRepository {
  readonly id: string;
  readonly owner: string;
  readonly repository: string;
}

/** The secrets that access copies are written to. Every method throws `GitHubError`; none takes longer than ten seconds. */
export interface CopySecrets {
  /** @returns `null` when there is no such secret, which a missing scope also looks like */
  metadata(name: string): Promise<CopyMetadata | null>;
  publicKey(): Promise<PublicKey>;
  /** Of a repository's scope. @returns `null` for an organization */
  repository(): Promise<CurrentRepository | null>;
  /** Of a secret of an organization. @returns `null` for a repository's */
  audience(name: string): Promise<Audience | null>;
  /**
   * Follows no redirect: a name that leads elsewhere is refused.
   *
   * @param audience of an organization's secret: sent with it, and so unchanged
   */
  put(name: string, sealed: SealedPayload, audience: Audience | null): Promise<"created" | "updated">;
  /** A secret that is not there counts as deleted. */
  remove(name: string): Promise<void>;
}

/** Access to destinations: the write token, or tokens of the App for just these. */
export interface CopyAccess {
  /** @param destinations all that will be asked for */
  open(destinations: readonly CopyDestination[]): CopyReach;
}

export interface CopyReach {
  /**
   * Mints a token where one is needed; what failed is tried again at the next call.
   *
   * @throws {Failure} `app-…` where the App gives no token for it
   * @throws {GitHubError}
   */
  secretsOf(scope: CopyScope): Promise<CopySecrets>;
  /** Revokes what was minted. Never throws. */
  close(): Promise<void>;
}

export interface VerifyRequest {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Uses an access token through Codex, in a home that holds an access copy and nothing else. Nothing throws. */
export interface CodexVerifier {
  /** Asks for the account's usage, which spends no turn. */
  usage(request: VerifyRequest): Promise<Verification>;
  /** Lets the model say OK. */
  exec(request: VerifyRequest): Promise<Verification>;
}
