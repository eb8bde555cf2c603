import type { SecretLocation } from "../github/secret-location.ts";
import { shellQuoted } from "../text/shell.ts";

/** Where the secrets of one scope are: a repository's, one of its environments', or an organization's. */
export type CopyScope = RepositoryScope | OrganizationScope;

export interface RepositoryScope {
  readonly kind: "repository";
  readonly owner: string;
  readonly repository: string;
  /** `null`: the repository's own secrets. */
  readonly environment: string | null;
}

export interface OrganizationScope {
  readonly kind: "organization";
  readonly organization: string;
}

/** A secret that an access copy is written to. */
export interface CopyDestination {
  readonly scope: CopyScope;
  readonly name: string;
  /** Valid input again, for people: `organization acme CODEX_ACCESS_JSON`. */
  readonly text: string;
}

/** Tells destinations apart as GitHub does: without regard to case. */
export function keyOf({ scope, name }: Pick<CopyDestination, "scope" | "name">): string {
  return `${scopeKeyOf(scope)} ${name.toUpperCase()}`;
}

/** The same for all destinations that have one public key. */
export function scopeKeyOf(scope: CopyScope): string {
  if (scope.kind === "organization") return `organization ${scope.organization.toLowerCase()}`;
  const { owner, repository, environment } = scope;
  return `repository ${owner}/${repository} ${environment ?? ""}`.toLowerCase();
}

/** Whether both name the same repository. */
export function isRepository(
  { owner, repository }: Pick<RepositoryScope, "owner" | "repository">,
  other: Pick<SecretLocation, "owner" | "repository">,
): boolean {
  return `${owner}/${repository}`.toLowerCase() === `${other.owner}/${other.repository}`.toLowerCase();
}

/** What a token needs to write there, as GitHub's settings name it. */
export function copyPermission(scope: CopyScope): string {
  if (scope.kind === "organization")
    return `the organization permission "Secrets: read and write" of ${scope.organization}`;
  const permission = scope.environment === null ? "Secrets" : "Environments";
  return `the repository permission "${permission}: read and write" for ${scope.owner}/${scope.repository}`;
}

/**
 * The command with which a person creates the secret, for the next refresh job to fill.
 *
 * @param place of the login: the one repository that an organization's new secret is visible to
 */
export function creatingCommand({ scope, name }: CopyDestination, place: SecretLocation): string {
  if (scope.kind === "organization")
    return `gh secret set ${name} --org ${scope.organization} --visibility selected --repos ${place.repository} --body "$(date)"`;
  const environment = scope.environment === null ? "" : ` --env ${shellQuoted(scope.environment)}`;
  // A fixed word would be masked in every log, this one included.
  return `gh secret set ${name} --repo ${scope.owner}/${scope.repository}${environment} --body "$(date)"`;
}
