import { describe, expect, test } from "@jest/globals";
import { isClaimName } from "../../../src/core/claim/claim.ts";
import { claimName, seedMarkerName } from "../../../src/core/claim/name.ts";
import { generation } from "../login/documents.ts";

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
/** They may never change: claims of one version are read by the next. */
const NAME = "CODEX_AUTH_CLAIM_44CBCB05281767339CD2";
const SEED = "CODEX_AUTH_CLAIM_BD63189D5C5CD51308BA";

describe("the name of a generation's claim", () => {
  test("is the same for ever", () => {
    expect(claimName(generation(0), PLACE)).toBe(NAME);
    expect(claimName(generation(0), PLACE, 9)).toBe(`${NAME}_R9`);
    expect(seedMarkerName(generation(0), PLACE)).toBe(SEED);
  });

  test("is one", () => {
    for (const name of [NAME, `${NAME}_R9`, SEED]) expect(isClaimName(name)).toBe(true);
  });

  test("is another one for each refresh token and each repository", () => {
    const others = [
      claimName(generation(1), PLACE),
      claimName(generation(0), { ...PLACE, repositoryId: "7000002" }),
      seedMarkerName(generation(1), PLACE),
      seedMarkerName(generation(0), { ...PLACE, repositoryId: "7000002" }),
    ];

    expect(new Set([NAME, SEED, ...others]).size).toBe(6);
  });

  test("is the same for all secrets and environments of a repository", () => {
    const other = { ...PLACE, environment: "codex", secretName: "OTHER" };

    expect(claimName(generation(0), other)).toBe(NAME);
    expect(seedMarkerName(generation(0), other)).toBe(SEED);
  });
});
