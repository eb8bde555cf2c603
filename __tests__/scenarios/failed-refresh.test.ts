import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const RESEED = "npx codex-auth-roundtrip seed --repo octo/app --reseed";

/** What kills a login, and how the job calls it. */
const DEATHS: [string, () => unknown, string][] = [
  ["was used in another place", () => useElsewhere(), "refresh-token-reused"],
  ["has expired", () => stage.world.openai.expireRefreshTokens(stage.login.account), "refresh-token-expired"],
  ["was revoked", () => stage.world.openai.revoke(stage.login.account), "refresh-token-revoked"],
];

describe.each(DEATHS)("a refresh token that %s", (_, kill, code) => {
  test("lets a job with a living access token go on, and tells a person what to do", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    await kill();
    const before = { ...stage.secret };

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(failureCodes(result)).toEqual([code]);
    expect(onlyJob(result).annotations[0]?.message).toContain(RESEED);
    expect(onlyJob(result).summary).toContain(`([\`${code}\`](`);
    expect(onlyJob(result).summary).toContain("**Next:** somebody must act before");
    expect(outputsOf(result)).toMatchObject({ rotated: "false", stored: "false" });
    expect(stage.secret).toEqual(before);
    expect(stage.heldClaims).toEqual([]);
  });

  test.each([
    ["whose access token is almost over", { expiresInSeconds: 3600 }, {}],
    ["that was told to rotate", {}, { refresh: "force" }],
  ])("stops a job %s", async (_what, login, inputs) => {
    stage = await Stage.set(login);
    await kill();
    const before = { ...stage.secret };

    const result = await stage.run(stage.refreshJob({ with: { ...inputs, run: JOB } }));

    expect(result.conclusion).toBe("failure");
    expect(result.log).not.toContain(JOB_RAN);
    expect(failureCodes(result)).toEqual([code]);
    expect(onlyJob(result).annotations[0]?.message).toContain(RESEED);
    expect(stage.secret).toEqual(before);
    expect(stage.heldClaims).toEqual([]);
  });
});

/** Somebody who has a copy of the login refreshes it, and keeps the result. */
async function useElsewhere(): Promise<void> {
  await fetch(`${stage.world.openai.server.url}/oauth/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ grant_type: "refresh_token", refresh_token: stage.stored.tokens.refresh_token }),
  });
}
