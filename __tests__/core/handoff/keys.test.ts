import { describe, expect, test } from "@jest/globals";
import type { SecretLocation } from "../../../src/core/github/secret-location.ts";
import { handoffKeys } from "../../../src/core/handoff/keys.ts";
import { AuthJson } from "../../../src/core/login/auth-json.ts";
import { authJson } from "../login/documents.ts";

const place: SecretLocation = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
const login = loginWith({});

function loginWith(tokens: Record<string, unknown>): AuthJson {
  return AuthJson.parse(
    JSON.stringify(authJson({ refresh_token: "refresh", access_token: "access", ...tokens })),
  );
}

function keysOf(holder: AuthJson, where: SecretLocation): { find: string; open: string } {
  const { cacheKeyPrefix, encryptionKey } = handoffKeys(holder, where);
  return { find: cacheKeyPrefix, open: Buffer.from(encryptionKey).toString("hex") };
}

describe("handoff keys", () => {
  // Computed with another implementation of HKDF (RFC 5869).
  test.each([
    [
      "a repository secret",
      null,
      "codex-auth-handoff-v1-c0f02ab936d4938d241f76e5f1db8b88-",
      "b8cf992ba3d797d781b32a614985eac109f8f2fb1d5f9071dc72e3169758892c",
    ],
    [
      "an environment secret",
      "codex",
      "codex-auth-handoff-v1-d8f3755c49442b6cb6b6a591b76e76d4-",
      "d60cfbcd4a2da987bcf0185a2f73f06453d6f6c822688455967af28eec9b1156",
    ],
  ])("of %s never change between releases", (_whose, environment, find, open) => {
    expect(keysOf(login, { ...place, environment })).toEqual({ find, open });
  });

  test.each([
    ["another repository", login, { ...place, repositoryId: "7000002" }],
    ["an environment", login, { ...place, environment: "codex" }],
    ["another secret", login, { ...place, secretName: "CODEX_AUTH_JSON_2" }],
    ["the names' border elsewhere", login, { ...place, environment: "codex_auth_json", secretName: "" }],
    ["another refresh token", loginWith({ refresh_token: "refresh2" }), place],
    ["the access token alone", loginWith({ refresh_token: "unknown" }), place],
    ["the refresh token alone", loginWith({ access_token: "unknown" }), place],
    [
      "the tokens' border elsewhere",
      loginWith({ refresh_token: "refresh\na", access_token: "ccess" }),
      place,
    ],
  ] as const)("are others for %s", (_what, holder, where) => {
    const [ours, theirs] = [keysOf(login, place), keysOf(holder, where)];

    expect(theirs.find).not.toBe(ours.find);
    expect(theirs.open).not.toBe(ours.open);
  });

  test("disregard what GitHub disregards: the case of names, and what the repository is called", () => {
    const environment = { ...place, environment: "codex" };

    expect(keysOf(login, { ...environment, environment: "Codex" })).toEqual(keysOf(login, environment));
    expect(keysOf(login, { ...place, secretName: "codex_auth_json" })).toEqual(keysOf(login, place));
    expect(keysOf(login, { ...place, owner: "new", repository: "name" })).toEqual(keysOf(login, place));
  });

  test("are the same for every form of the document", () => {
    const base64 = AuthJson.parse(login.content("base64").reveal());

    expect(keysOf(base64, place)).toEqual(keysOf(login, place));
  });

  test("do not tell one another", () => {
    const { find, open } = keysOf(login, place);

    expect(open).not.toContain(find.split("-")[4]);
  });
});
