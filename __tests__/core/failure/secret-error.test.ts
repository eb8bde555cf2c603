import { describe, expect, test } from "@jest/globals";
import { canRepair, GitHubError } from "../../../src/core/failure/github-error.ts";
import { explainSecretError } from "../../../src/core/failure/secret-error.ts";
import type { SecretLocation } from "../../../src/core/github/secret-location.ts";

const repository: SecretLocation = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
const environment: SecretLocation = { ...repository, environment: "codex" };
const error = (status: number | null) => new GitHubError("…", { status });

describe("trying again", () => {
  test.each([[null], [408], [429], [500], [502], [503], [599]])("may help after %p", (status) => {
    expect(canRepair(error(status))).toBe(true);
  });

  test.each([[400], [401], [403], [404], [409], [410], [422], [499]])("does not help after %p", (status) => {
    expect(canRepair(error(status))).toBe(false);
  });
});

describe("a refused request to the store", () => {
  test.each([
    [401, "token", "write-token-rejected"],
    [401, "app", "write-token-rejected"],
    [403, "token", "write-token-forbidden"],
    [404, "token", "write-token-cannot-reach-repository"],
    [404, "app", "write-token-cannot-reach-repository"],
    [422, "token", "github-unreachable"],
    [500, "token", "github-unreachable"],
    [null, "app", "github-unreachable"],
  ] as const)("with %p under a write token of kind %s is %s", (status, credential, code) => {
    const failure = explainSecretError(error(status), {
      place: repository,
      credential,
      workedEarlier: false,
    });

    expect(failure).toMatchObject({ code, cause: { status } });
    if (status !== null) expect(failure.message).toContain(String(status));
  });

  test("with 401 after it had worked means that its token was revoked, and says how to keep it", () => {
    const failure = explainSecretError(error(401), {
      place: repository,
      credential: "token",
      workedEarlier: true,
    });

    expect(failure.code).toBe("write-token-revoked");
    expect(failure.hint).toContain("skip-token-revoke: true");
    expect(failure.hint).toContain("client-id");
  });

  test("with 403 after it had worked is a matter of permission all the same", () => {
    const failure = explainSecretError(error(403), {
      place: repository,
      credential: "token",
      workedEarlier: true,
    });

    expect(failure.code).toBe("write-token-forbidden");
  });

  test.each([
    [repository, "token", '"Secrets: read and write"', "secret-write-token"],
    [environment, "token", '"Environments: read and write"', "secret-write-token"],
    [repository, "app", '"Secrets: read and write"', "GitHub App"],
    [environment, "app", '"Environments: read and write"', "GitHub App"],
  ] as const)(
    "with 403 names the permission that is missing (%#)",
    (place, credential, permission, whose) => {
      const { hint, message } = explainSecretError(error(403), { place, credential, workedEarlier: false });

      expect(hint).toContain(permission);
      expect(hint).toContain(whose);
      expect(hint).toContain("octo/app");
      expect(message).toContain("CODEX_AUTH_JSON");
    },
  );

  test("with 404 under an environment asks for its name first", () => {
    const failure = explainSecretError(error(404), {
      place: environment,
      credential: "app",
      workedEarlier: false,
    });

    expect(failure.message).toContain("environment codex of octo/app");
    expect(failure.hint).toMatch(/^Check the name in `environment`/);
  });

  test("without an answer does not claim one", () => {
    const failure = explainSecretError(error(null), {
      place: repository,
      credential: "token",
      workedEarlier: false,
    });

    expect(failure.message).toBe("GitHub's API did not answer.");
  });
});

describe("a 403 by which GitHub asks us to wait", () => {
  const limited = new GitHubError("…", { status: 403, retryAfterMs: 60_000 });

  test("may be tried again, unlike one that is about permissions", () => {
    expect(canRepair(limited)).toBe(true);
    expect(canRepair(new GitHubError("…", { status: 403, retryAfterMs: null }))).toBe(false);
  });

  test("is the only refusal that is waited out", () => {
    expect(canRepair(new GitHubError("…", { status: 404, retryAfterMs: 60_000 }))).toBe(false);
    expect(canRepair(new GitHubError("…", { status: 401, retryAfterMs: 60_000 }))).toBe(false);
  });

  test("is explained as GitHub being busy, not as a permission that is missing", () => {
    const failure = explainSecretError(limited, {
      place: repository,
      credential: "token",
      workedEarlier: false,
    });

    expect(failure).toMatchObject({
      code: "github-unreachable",
      hint: expect.stringContaining("limit on requests"),
      cause: limited,
    });
  });
});

describe("what a person is told of a refused request", () => {
  const told = (status: number | null, instead: { workedEarlier?: boolean; credential?: "app" } = {}) =>
    explainSecretError(error(status), {
      place: repository,
      credential: "token",
      workedEarlier: false,
      ...instead,
    });

  test("names the secrets where there is no environment, and the permission at once", () => {
    expect(told(404).message).toContain("the secrets of octo/app");
    expect(told(404).hint).toMatch(/^Give the token/);
    expect(told(404, { credential: "app" }).hint).toMatch(/^Give the GitHub App/);
  });

  test("is to make another token where this one is not accepted", () => {
    expect(told(401).hint).toContain("Make a new fine-grained token");
  });

  test("is that the token worked before, where it did, with what GitHub said", () => {
    const failure = told(401, { workedEarlier: true });

    expect(failure.message).toContain("worked earlier in this job");
    expect(failure.cause).toBeInstanceOf(GitHubError);
  });

  test.each([
    [
      401,
      {},
      "GitHub does not accept the write token (401): it is expired, revoked or mistyped.",
      /^Make a new fine-grained token for octo\/app with "Secrets: read and write" and "Variables: read and write" .* store it as the secret that `secret-write-token` reads\.$/,
    ],
    [
      401,
      { workedEarlier: true },
      "The token in `secret-write-token` worked earlier in this job and is now refused (401).",
      /^A token from actions\/create-github-app-token is revoked before our post step/,
    ],
    [
      403,
      {},
      "The write token may not write the secret CODEX_AUTH_JSON of repository octo/app (403).",
      /^Give the token in `secret-write-token` the repository permission .* GITHUB_TOKEN cannot have it\.$/,
    ],
    [
      403,
      { credential: "app" },
      "The GitHub App may not write the secret CODEX_AUTH_JSON of repository octo/app (403).",
      /^Give the GitHub App the repository permission .* and install the App on octo\/app\.$/,
    ],
    [
      404,
      {},
      "The write token cannot see the secrets of octo/app (404).",
      /^Give the token in `secret-write-token` the repository permission/,
    ],
  ] as const)("with %i %j says who was refused what", (status, instead, message, hint) => {
    const failure = told(status, instead);

    expect(failure.message).toBe(message);
    expect(failure.hint).toMatch(hint);
    expect(failure.cause).toMatchObject({ status });
  });

  test.each([
    ["token", /^The value in `secret-write-token` is GITHUB_TOKEN or an App's token, .* Give the token/],
    ["app", /^Give the GitHub App/],
  ] as const)(
    "of an installation's %s is about GITHUB_TOKEN only where a token was given",
    (credential, hint) => {
      for (const said of [
        "Resource not accessible by integration",
        "RESOURCE NOT ACCESSIBLE BY INTEGRATION",
      ]) {
        const refusal = new GitHubError("…", { status: 403, said });
        const failure = explainSecretError(refusal, { place: repository, credential, workedEarlier: false });

        expect(failure.hint).toMatch(hint);
      }
    },
  );

  test("names the permission that the request takes, where it is another", () => {
    const asked = new GitHubError("…", { status: 403, permission: "Actions" });
    const explained = (place: SecretLocation) =>
      explainSecretError(asked, { place, credential: "token", workedEarlier: false }).hint;

    expect(explained(repository)).toContain('"Actions: read and write"');
    expect(explained(environment)).toContain('"Environments: read and write"');
  });

  test("that may pass is to run the job again", () => {
    expect(told(500).hint).toMatch(/: run the job again, and see githubstatus\.com\.$/);
    expect(told(422).hint).toMatch(/ Run the job again; if it stays so/);
  });

  test("keeps what the connection said", () => {
    const because = new Error("socket hang up");
    const failed = new GitHubError("no answer", { status: null, cause: because });

    expect(failed).toMatchObject({
      name: "GitHubError",
      message: "no answer",
      cause: because,
      retryAfterMs: null,
      permission: null,
      said: null,
      wantsSso: false,
    });
  });
});
