import { describe, expect, test } from "@jest/globals";
import { canRepair, explainSecretError, GitHubError } from "../../../src/core/failure/github-error.ts";
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
      hint: expect.stringContaining("usually passes"),
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

  test("keeps what the connection said", () => {
    const because = new Error("socket hang up");
    const failed = new GitHubError("no answer", { status: null, cause: because });

    expect(failed).toMatchObject({
      name: "GitHubError",
      message: "no answer",
      cause: because,
      retryAfterMs: null,
    });
  });
});
