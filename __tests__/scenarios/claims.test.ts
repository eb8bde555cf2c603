import { afterEach, describe, expect, test } from "@jest/globals";
import { DROP } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, failureCodes, fromSecret, outputsOf, SECRET, Stage, signal } from "./stage.ts";

const MINUTE_MS = 60_000;
const DUE = { expiresInSeconds: 2 * DAY_SECONDS };
const CLAIM = /\/variables(\/CODEX_AUTH_CLAIM_\w+)?$/;

let stage: Stage;
afterEach(() => stage.strike());

describe("two jobs at once, without a concurrency group", () => {
  test("one rotates, and the other goes on with the access token it was handed", async () => {
    stage = await Stage.set(DUE);
    const workflow = stage.refreshJob({ concurrency: "", with: { run: "true" } });
    const refresh = stage.holdRefresh();

    const first = stage.dispatch(workflow);
    await refresh.waiting;
    const second = await stage.run(workflow);
    refresh.letIn();

    expect((await first.finished).conclusion).toBe("success");
    expect(outputsOf(await first.finished)).toMatchObject({ rotated: "true" });
    expect(second.conclusion).toBe("success");
    expect(outputsOf(second)).toMatchObject({ rotated: "false" });
    stage.expectRotatedOnce();
  });

  test("that ask for the claim in the same moment do not both get it", async () => {
    stage = await Stage.set(DUE);
    const workflow = stage.refreshJob({ concurrency: "", with: { run: "true" } });
    const bothAsk = signal();
    let asking = 0;
    stage.world.github.server.intercept(async ({ method, path }, next) => {
      if (method !== "POST" || !CLAIM.test(path)) return next();
      asking += 1;
      if (asking === 2) bothAsk.give();
      await bothAsk.given;
      return next();
    });

    const results = await Promise.all([stage.run(workflow), stage.run(workflow)]);

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(results.map((result) => outputsOf(result).rotated).sort()).toEqual(["false", "true"]);
    stage.expectRotatedOnce();
  });

  test.each([
    ["almost over", { expiresInSeconds: 3600 }],
    // Within the ten seconds that it waits in any case.
    ["good for two days", DUE],
  ])("with an access token that is %s, the other waits and takes the result", async (_, expiry) => {
    stage = await Stage.set(expiry);
    const workflow = stage.refreshJob({ concurrency: "", with: { run: "true" } });
    const refresh = stage.holdRefresh();

    const first = stage.dispatch(workflow);
    await refresh.waiting;
    const second = stage.dispatch(workflow);
    second.on("log", (line) => {
      if (line.startsWith("Another job is refreshing this login.")) refresh.letIn();
    });
    const [one, other] = await Promise.all([first.finished, second.finished]);

    expect([one.conclusion, other.conclusion]).toEqual(["success", "success"]);
    expect(other.log).not.toContain("[claim-busy]");
    expect(outputsOf(other)).toMatchObject({
      "restored-from": "handoff",
      rotated: "false",
      "access-token-expires-at": outputsOf(one)["access-token-expires-at"],
    });
    stage.expectRotatedOnce();
  });
});

describe("the claim of a machine that died", () => {
  /** The machine dies while OpenAI is asked. */
  async function die(): Promise<void> {
    const refreshing = signal();
    const open = stage.interceptRefreshes(() => {
      refreshing.give();
      return new Promise(() => {});
    });
    const dying = stage.dispatch(stage.refreshJob({ with: { refresh: "force" } }));
    await refreshing.given;
    await dying.loseMachine();
    await dying.finished;
    open();
  }

  test("is respected for ten minutes and taken over after them, by the server's clock", async () => {
    stage = await Stage.set(DUE);
    await die();

    stage.world.clock.advance(8 * MINUTE_MS);
    const early = await stage.run(stage.refreshJob());
    stage.world.clock.advance(3 * MINUTE_MS);
    const late = await stage.run(stage.refreshJob());

    expect(outputsOf(early)).toMatchObject({ rotated: "false" });
    expect(early.log).toContain("[claim-busy]");
    expect(outputsOf(late)).toMatchObject({ rotated: "true" });
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
    expect(stage.claims.map(({ state }) => state).sort()).toEqual(["open", "stored"]);
  });

  test("is not taken over without `actions: read`, but by `refresh: force`", async () => {
    stage = await Stage.set(DUE);
    await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
    await die();
    stage.world.clock.advance(11 * MINUTE_MS);

    const blind = await stage.run(stage.refreshJob({ permissions: "", with: { "refresh-window": "20d" } }));
    const forced = await stage.run(stage.refreshJob({ permissions: "", with: { refresh: "force" } }));

    expect(outputsOf(blind)).toMatchObject({ rotated: "false" });
    expect(blind.log).toContain("`actions: read`");
    expect(outputsOf(forced)).toMatchObject({ rotated: "true" });
    stage.expectLoginAlive();
  });
});

describe("without `actions: read`", () => {
  test("the first refresh after a plain `gh secret set` says what to grant, and nothing is spent", async () => {
    stage = await Stage.set({ expiresInSeconds: 3600 });

    const result = await stage.run(stage.refreshJob({ permissions: "" }));

    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    expect(result.log).toContain("Grant `actions: read` in the job's `permissions:`");
    stage.expectNothingSpent();
  });

  test.each([{}, { environment: "codex" }])("every later one needs it no more (%j)", async (place) => {
    stage = await Stage.set({ ...DUE, ...place });
    await stage.run(stage.refreshJob());

    const result = await stage.run(stage.refreshJob({ permissions: "", with: { refresh: "force" } }));

    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("a write token that may not do all that a refresh needs", () => {
  test.each([
    [{ secrets: "write" }, "Variables: read and write"],
    [{ variables: "write" }, "Secrets: read and write"],
    [{ secrets: "read", variables: "write" }, "Secrets: read and write"],
  ] as const)(
    "(%j) is told by the permission it lacks, before anything is spent",
    async (permissions, named) => {
      stage = await Stage.set({ ...DUE, writeTokenPermissions: permissions });

      const result = await stage.run(stage.refreshJob());

      expect(result.conclusion).toBe("failure");
      expect(result.log).toContain(`"${named}"`);
      stage.expectNothingSpent();
    },
  );
});

describe("the secret and the one that is written", () => {
  test("are told apart before a second login is rotated: an environment that the step does not name", async () => {
    stage = await Stage.set({ environment: "codex", ...DUE });
    stage.repository.setSecret(SECRET, JSON.stringify(JSON.parse(stage.login.document)));
    const token = stage.world.github.token(stage.repository, {
      secrets: "write",
      variables: "write",
      environments: "write",
    });
    stage.repository.setSecret("CODEX_SECRET_WRITE_TOKEN", token);
    const workflow = stage
      .refreshJob({ with: { refresh: "force", environment: "" } })
      .replace('          environment: "codex"\n', "");
    stage.world.clock.advance(5 * MINUTE_MS);
    const first = await stage.run(workflow);
    stage.world.clock.advance(5 * MINUTE_MS);

    const second = await stage.run(workflow);

    expect(outputsOf(first)).toMatchObject({ rotated: "true" });
    expect(failureCodes(second)).toEqual(["secret-mismatch"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.world.openai.reuses).toBe(0);
  });

  test("two secrets with one login are told before the second is rotated", async () => {
    stage = await Stage.set(DUE);
    stage.repository.setSecret("OTHER_AUTH", JSON.stringify(JSON.parse(stage.login.document)));
    stage.world.clock.advance(2000);
    await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    const result = await stage.run(
      stage.refreshJob({
        with: {
          "codex-auth-json": fromSecret("OTHER_AUTH"),
          "secret-name": "OTHER_AUTH",
          refresh: "force",
        },
      }),
    );

    expect(failureCodes(result)).toEqual(["login-shared"]);
    expect(stage.world.openai.reuses).toBe(0);
    stage.expectLoginAlive();
  });

  test("an older login that somebody put back is replaced by the living one", async () => {
    stage = await Stage.set(DUE);
    await stage.run(stage.refreshJob());
    stage.world.clock.advance(10 * MINUTE_MS);
    stage.repository.setSecret(SECRET, JSON.stringify(JSON.parse(stage.login.document)));
    stage.world.clock.advance(10 * MINUTE_MS);

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });
});

describe("a claim that somebody edited or deleted", () => {
  test("costs no token, and blocks nobody for longer than ten minutes", async () => {
    stage = await Stage.set(DUE);
    await stage.run(stage.refreshJob());
    const [claim] = stage.claims;
    stage.repository.setVariable(claim?.name ?? "", '{ "edited": true }');
    stage.world.clock.advance(2000);
    const edited = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
    const [, newer] = stage.claims.length > 1 ? stage.claims : [claim, claim];
    stage.repository.deleteVariable(newer?.name ?? "");

    stage.world.clock.advance(11 * MINUTE_MS);
    const deleted = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect([edited.conclusion, deleted.conclusion]).toEqual(["success", "success"]);
    stage.expectLoginAlive();
  });
});

describe("GitHub that answers with an old `updated_at`", () => {
  test.each([3000, 30_000])(
    "for %i ms after the write is waited out, and the login is stored",
    async (forMs) => {
      stage = await Stage.set(DUE);
      const { clock, github } = stage.world;
      let writtenMs = 0;
      const before = stage.secret.updatedAt;
      github.server.intercept(async ({ method, path }, next) => {
        const answer = await next();
        if (!path.endsWith(`/secrets/${SECRET}`)) return answer;
        if (method === "PUT") writtenMs = clock.now().getTime();
        const isStale = method === "GET" && writtenMs > 0 && clock.now().getTime() - writtenMs < forMs;
        // Nobody waits for it in this test: each stale answer takes its time on the servers' clock.
        if (isStale) clock.advance(1500);
        return isStale
          ? {
              status: 200,
              body: { name: SECRET, created_at: before.toISOString(), updated_at: before.toISOString() },
            }
          : answer;
      });

      const result = await stage.run(stage.refreshJob());

      expect(result.conclusion).toBe("success");
      stage.expectRotatedOnce();
      const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
      expect(outputsOf(next)).toMatchObject({ rotated: "true" });
      stage.expectLoginAlive();
    },
  );
});

describe("each request of a refresh in turn", () => {
  // Every request in every way: __tests__/login/refresh-section.test.ts, on stores in memory.
  test("lost before it arrives, lost after, or answered 502: one rotation, stored, and the job is well", async () => {
    stage = await Stage.set(DUE);
    await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
    // The requests of one refresh, as they are without any trouble.
    const usual = stage.world.github.server.requests.filter(({ path }) => /secrets|variables/.test(path));
    expect(usual.length).toBeGreaterThan(6);

    for (let index = 0; index < usual.length; index++) {
      let seen = 0;
      const stop = stage.world.github.server.intercept(async ({ path }, next) => {
        if (!/secrets|variables/.test(path)) return next();
        seen += 1;
        if (seen !== index + 1) return next();
        if (index % 3 === 0) return { status: 502, body: {} };
        if (index % 3 === 1) await next();
        return DROP;
      });
      const result = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));
      stop();
      expect([index, result.conclusion, failureCodes(result)]).toEqual([index, "success", []]);
      expect(stage.world.openai.refreshes).toHaveLength(index + 2);
      stage.expectLoginAlive();
    }
  });
});
