export const SECRET = "CODEX_AUTH_JSON";

/** The one secret of the simulation. */
export const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "1",
  environment: null,
  secretName: SECRET,
};
