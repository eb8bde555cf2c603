import { expect, test } from "@jest/globals";
import { baseDirectory, hostBaseDirectory, writtenPath } from "../../src/login/home-layout.ts";

test("each secret has a private directory of its own, also where two have one name", () => {
  const secretName = "CODEX_AUTH_JSON";
  const directories = [
    baseDirectory("/temp", { secretName, environment: null }),
    baseDirectory("/temp", { secretName, environment: "codex" }),
    baseDirectory("/temp", { secretName, environment: "a/b c" }),
    baseDirectory("/temp", { secretName: "OTHER", environment: null }),
    hostBaseDirectory("/temp", secretName),
  ];

  expect(directories).toEqual([
    "/temp/codex-auth-CODEX_AUTH_JSON",
    "/temp/codex-auth-CODEX_AUTH_JSON-codex",
    "/temp/codex-auth-CODEX_AUTH_JSON-a%2Fb%20c",
    "/temp/codex-auth-OTHER",
    "/temp/codex-auth-host-CODEX_AUTH_JSON",
  ]);
});

test("the stamp of what was written last lies in that directory, not in the home", () => {
  expect(writtenPath("/temp/base")).toBe("/temp/base/written");
});
