import { describe, expect, test } from "@jest/globals";
import {
  describeLocation,
  permissionOf,
  type SecretLocation,
  secretsPath,
} from "../../../src/core/github/secret-location.ts";

const repository: SecretLocation = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};

describe("a repository secret's place", () => {
  test("is reached with the permission Secrets", () => {
    expect(permissionOf(repository)).toBe("secrets");
    expect(secretsPath(repository)).toBe("/repos/octo/app/actions/secrets");
    expect(describeLocation(repository)).toBe("secret CODEX_AUTH_JSON of repository octo/app");
  });
});

describe("an environment secret's place", () => {
  test("is reached with the permission Environments", () => {
    const place = { ...repository, environment: "codex" };

    expect(permissionOf(place)).toBe("environments");
    expect(secretsPath(place)).toBe("/repos/octo/app/environments/codex/secrets");
    expect(describeLocation(place)).toBe("secret CODEX_AUTH_JSON of environment codex of octo/app");
  });

  test.each([
    ["a/b", "a%2Fb"],
    ["prod eu", "prod%20eu"],
    ["50%", "50%25"],
    ["../../x?y#z", "..%2F..%2Fx%3Fy%23z"],
    ["Ümlaut", "%C3%9Cmlaut"],
    ["o'clock!", "o%27clock%21"],
    ["(*)", "%28%2A%29"],
  ])("named %j is one segment of the path", (environment, segment) => {
    expect(secretsPath({ ...repository, environment })).toBe(
      `/repos/octo/app/environments/${segment}/secrets`,
    );
  });
});
