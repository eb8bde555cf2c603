import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const SCOPES = [
  ["a repository secret", undefined],
  ["an environment secret", "codex"],
] as const;

describe.each(SCOPES)("a new login that a person stores in %s", (_, environment) => {
  const set = async (): Promise<Stage> =>
    Stage.set({ expiresInSeconds: 2 * DAY_SECONDS, ...(environment ? { environment } : {}) });

  test("between restore and proof is left alone, and the job goes on with its old access token", async () => {
    stage = await set();

    const result = await stage.run(stage.refreshJob(), {
      beforePhase: ({ phase }) => {
        if (phase === "main") stage.reseed();
      },
    });

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "false" });
    expect(stage.world.openai.refreshes).toHaveLength(0);
    expect(stage.secret.history).toHaveLength(2);
    stage.expectLoginAlive();
  });

  test("between proof and publish is left alone, and what only GitHub can open is printed", async () => {
    stage = await set();
    const rotatedTo = (): string => stage.world.openai.issuedTokens.at(-1) ?? "";
    let reseeded = "";
    let successor = "";
    stage.interceptRefreshes(async (_, next) => {
      const answer = await next();
      successor = rotatedTo();
      reseeded = stage.reseed().refreshToken;
      return answer;
    });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("failure");
    expect(new Set(failureCodes(result))).toEqual(new Set(["secret-changed-elsewhere"]));
    expect(stage.stored.tokens.refresh_token).toBe(reseeded);
    expect(stage.secret.history).toHaveLength(2);
    const sealed = Buffer.from(/encrypted_value='([^']+)'/.exec(result.log)?.[1] ?? "", "base64");
    const scope = environment ? stage.repository.environment(environment) : stage.repository.secrets;
    const opened = JSON.parse(String(scope?.open(sealed))) as { tokens: { refresh_token: string } };
    expect(opened.tokens.refresh_token).toBe(successor);
  });

  test("the printed command compares with the time before the person wrote, so it overwrites nothing by itself", async () => {
    stage = await set();
    const { updatedAt } = stage.secret;
    stage.interceptRefreshes(async (_, next) => {
      const answer = await next();
      stage.reseed();
      return answer;
    });

    const result = await stage.run(stage.refreshJob());

    const expected = /--jq \.updated_at\)" = '([^']+)'/.exec(result.log)?.[1] ?? "";
    expect(new Date(expected)).toEqual(updatedAt);
    expect(stage.secret.updatedAt).not.toEqual(updatedAt);
  });
});

describe("a new login that a person stores before the job starts", () => {
  test("a queued run that carries the old repository secret leaves it alone", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const queued = stage.dispatch(stage.refreshJob());
    const forced = stage.dispatch(stage.refreshJob({ with: { refresh: "force" } }));
    const reseeded = stage.reseed();

    const [older, stopped] = await Promise.all([queued.finished, forced.finished]);

    expect(outputsOf(older)).toMatchObject({ rotated: "false" });
    expect(failureCodes(stopped)).toEqual(["copy-stale"]);
    expect(stopped.log).toContain("Start a new run");
    expect(stage.world.openai.refreshes).toHaveLength(0);
    expect(stage.stored.tokens.refresh_token).toBe(reseeded.refreshToken);
    stage.expectLoginAlive();
  });

  test("a job of an environment is handed it, and refreshes it as any other", async () => {
    stage = await Stage.set({ environment: "codex", expiresInSeconds: 2 * DAY_SECONDS });
    stage.world.openai.accessTokenLifetimeSeconds = 2 * DAY_SECONDS;
    const blocker = stage.holdRefresh();
    const first = stage.dispatch(stage.refreshJob({ with: { refresh: "force" } }));
    const second = stage.dispatch(stage.refreshJob({ with: { refresh: "force" } }));
    await blocker.waiting;
    // The person did that after the first job began, and a moment before the second does.
    stage.world.clock.advance(5000);
    stage.reseed();
    stage.secret.updatedAt = new Date(stage.secret.updatedAt.getTime() - 2000);
    blocker.letIn();

    const [refused, next] = await Promise.all([first.finished, second.finished]);

    expect(failureCodes(refused)).toContain("secret-changed-elsewhere");
    expect(outputsOf(next)).toMatchObject({
      "restored-from": "secret",
      rotated: "true",
      stored: "true",
    });
    stage.expectLoginAlive();
  });
});

describe("a hand seed that a forced run follows at once", () => {
  test.each(SCOPES)("in the same second, of %s, is not rotated on a guess", async (_, environment) => {
    stage = await Stage.set({
      expiresInSeconds: 2 * DAY_SECONDS,
      ...(environment ? { environment } : {}),
    });
    const forced = stage.refreshJob({ with: { refresh: "force" } });
    const atOnce = stage.dispatch(forced, {
      beforePhase: () => {
        const readAt = atOnce.record.jobs[0]?.startedAt ?? atOnce.record.createdAt;
        const at = environment ? readAt : atOnce.record.createdAt;
        const second = new Date(Math.floor(at.getTime() / 1000) * 1000);
        Object.assign(stage.secret, { createdAt: second, updatedAt: second });
      },
    });
    const refused = await atOnce.finished;
    const refreshesAtOnce = stage.world.openai.refreshes.length;
    stage.world.clock.advance(1000);

    const next = await stage.run(forced);

    expect(failureCodes(refused)).toEqual(["copy-stale"]);
    expect(refreshesAtOnce).toBe(0);
    expect(outputsOf(next)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});
