import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, outputsOf, Stage, WRITE_TOKEN } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
const ALERTED = { permissions: "actions: read\n  issues: write" };

function maintenance(inputs: Record<string, string> = {}): string {
  return stage.refreshJob({ ...ALERTED, with: { "alert-issue": "true", ...inputs } });
}

describe("alert-issue: true", () => {
  test("is one issue over three bad runs of two causes, closed by the first good one", async () => {
    stage = await Stage.set(due);
    const { openai, clock } = stage.world;
    openai.expireRefreshTokens(stage.login.account);
    const first = await stage.run(maintenance());
    const [opened] = stage.repository.issues.map(({ title, body }) => ({ title, body }));
    await stage.run(maintenance({ refresh: "force" }));
    stage.repository.setSecret(WRITE_TOKEN, "github_pat_mistyped");
    const third = await stage.run(maintenance());
    const bad = stage.repository.issues.map(({ state, body, comments }) => [state, body, comments.length]);

    stage.repository.setSecret(WRITE_TOKEN, stage.writeToken);
    stage.reseed();
    clock.advance(2000);
    const good = await stage.run(maintenance({ refresh: "force" }));

    expect(first.conclusion).toBe("success");
    expect(opened?.title).toBe("The Codex login needs manual action");
    expect(opened?.body).toContain("([`refresh-token-expired`](");
    expect(opened?.body).toContain("npx codex-auth-roundtrip seed --repo octo/app --reseed");
    expect(opened?.body).toContain("Who: somebody who may write the secret CODEX_AUTH_JSON");
    expect(opened?.body).toMatch(/Since: \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(failureCodes(third)).toEqual(["write-token-rejected"]);
    expect(bad).toEqual([["open", expect.stringContaining("([`write-token-rejected`]("), 0]]);
    expect(good.conclusion).toBe("success");
    expect(stage.repository.issues).toMatchObject([
      {
        state: "closed",
        stateReason: "completed",
        comments: [{ body: expect.stringContaining("was refreshed and stored") }],
      },
    ]);
    stage.expectLoginAlive();
  });

  test("is opened again, as a new issue, by what goes wrong after it was closed", async () => {
    stage = await Stage.set(due);
    const repair = stage.interceptStoreWrites(() => ({ status: 403, body: {} }));
    await stage.run(maintenance());
    const pending = stage.repository.issues.map(({ body }) => body);
    repair();
    await stage.run(maintenance());
    await stage.run(maintenance({ refresh: "force" }));
    stage.world.openai.revoke(stage.login.account);

    await stage.run(maintenance({ refresh: "force" }));

    expect(pending).toEqual([expect.stringContaining("([`write-back-pending`](")]);
    expect(stage.repository.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
    expect(stage.repository.issues.at(-1)?.body).toContain("([`refresh-token-revoked`](");
  });

  test("is opened by a secret that holds no login, with which nothing was even restored", async () => {
    stage = await Stage.set();
    stage.repository.setSecret("CODEX_AUTH_JSON", "CANARY, but no login");

    const result = await stage.run(maintenance());

    expect(failureCodes(result)).toEqual(["login-not-json"]);
    expect(stage.repository.issues.map(({ body }) => body)).toEqual([
      expect.stringContaining("([`login-not-json`]("),
    ]);
  });

  test("tells that the write token is about to end, while everything is still well", async () => {
    stage = await Stage.set(due);
    const { github, clock } = stage.world;
    const inAWeek = new Date(clock.now().getTime() + 7 * DAY_SECONDS * 1000);
    const permissions = { secrets: "write", variables: "write" } as const;
    const ending = github.token(stage.repository, permissions, { expiresAt: inAWeek });
    stage.repository.setSecret(WRITE_TOKEN, ending);

    const ended = await stage.run(maintenance());
    const open = stage.repository.issues.map(({ state, body }) => ({ state, body }));
    stage.repository.setSecret(WRITE_TOKEN, stage.writeToken);
    await stage.run(maintenance({ refresh: "force" }));

    expect(ended.conclusion).toBe("success");
    expect(outputsOf(ended)).toMatchObject({ rotated: "true", stored: "true" });
    expect(open).toEqual([
      { state: "open", body: expect.stringContaining("([`write-token-expires-soon`](") },
    ]);
    expect(open[0]?.body).toContain(inAWeek.toISOString().slice(0, 10));
    expect(stage.repository.issues.map(({ state }) => state)).toEqual(["closed"]);
  });

  test("is not opened for what passes by itself", async () => {
    stage = await Stage.set(due);
    stage.interceptRefreshes(() => ({ status: 503, body: {} }));

    const result = await stage.run(maintenance());

    expect(result.conclusion).toBe("success");
    expect(stage.repository.issues).toEqual([]);
  });

  test("is not taken from strangers: an issue that reads like ours stays theirs", async () => {
    stage = await Stage.set(due);
    stage.world.openai.expireRefreshTokens(stage.login.account);
    await stage.run(maintenance());
    const [ours] = stage.repository.issues;
    if (!ours) throw new Error("there is no alert");
    const forged = { ...ours, number: 2, author: "stranger", comments: [] };
    const quoting = { ...ours, number: 3, body: `Form says:\n${ours.body}`, comments: [] };
    const before = { ...forged };
    // As if ours had never been: what is found must be opened again.
    stage.repository.issues.splice(0, 1, { ...ours, state: "closed" }, forged, quoting);

    await stage.run(maintenance({ refresh: "force" }));

    expect(stage.repository.issues[1]).toEqual(before);
    expect(stage.repository.issues[2]?.body).toBe(quoting.body);
    expect(stage.repository.issues.map(({ author, state }) => [author, state]).at(-1)).toEqual([
      "github-actions[bot]",
      "open",
    ]);
    expect(stage.repository.issues).toHaveLength(4);
  });

  test("without `issues: write` is missed, and changes nothing else", async () => {
    stage = await Stage.set(due);
    stage.world.openai.expireRefreshTokens(stage.login.account);

    const result = await stage.run(stage.refreshJob({ with: { "alert-issue": "true", run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(result.log).toContain("The alert issue needs `issues: write`");
    expect(stage.repository.issues).toEqual([]);
  });
});

test("alert-issue: false, as by default, opens none", async () => {
  stage = await Stage.set(due);
  stage.world.openai.expireRefreshTokens(stage.login.account);

  await stage.run(stage.refreshJob(ALERTED));

  expect(stage.repository.issues).toEqual([]);
});
