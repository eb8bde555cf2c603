/** Where a login is kept: one secret of one repository, or of one of its environments. */
export interface SecretLocation {
  readonly owner: string;
  readonly repository: string;
  /** GitHub's number of the repository, which survives a rename. */
  readonly repositoryId: string;
  /** `null`: a repository secret. */
  readonly environment: string | null;
  readonly secretName: string;
}

/** `secret CODEX_AUTH_JSON of environment codex of octo/app`, for people. */
export function describeLocation(place: SecretLocation): string {
  const scope = place.environment === null ? "repository" : `environment ${place.environment} of`;
  return `secret ${place.secretName} of ${scope} ${place.owner}/${place.repository}`;
}

/** The API path of a secret, or of its scope's collection. GitHub wants environment names percent-encoded. */
export function secretsPath(place: SecretLocation): string {
  const repository = `/repos/${place.owner}/${place.repository}`;
  return place.environment === null
    ? `${repository}/actions/secrets`
    : `${repository}/environments/${encode(place.environment)}/secrets`;
}

/** Also what `encodeURIComponent` leaves: the path stands between quotes in commands that people paste. */
function encode(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The permission of a fine-grained token or an App that reaches the place. */
export function permissionOf(place: SecretLocation): "secrets" | "environments" {
  return place.environment === null ? "secrets" : "environments";
}

/** How a person replaces a write token. It writes the login and its claim, and perhaps access copies elsewhere. */
export function replaceWriteToken(place: SecretLocation, when = ""): string {
  const needed =
    permissionOf(place) === "secrets"
      ? '"Secrets: read and write" and "Variables: read and write"'
      : '"Environments: read and write"';
  return `Make a new fine-grained token${when} for ${place.owner}/${place.repository} with ${needed} (access copies may need more), and store it as the secret that \`secret-write-token\` reads.`;
}
