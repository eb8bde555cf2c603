import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, outputsOf, Stage, signal } from "./stage.ts";

const LOCK = "CODEX_AUTH_ROUNDTRIP_LOCK";
const MINUTE_MS = 60_000;

let stage: Stage;
afterEach(() => stage.strike());

describe("two keepers at once, without a concurrency group", () => {
  test("one rotates, and the other borrows the access token it was handed", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const keeper = stage.keeper({ concurrency: "", with: { run: "true" } });
    const refresh = stage.holdRefresh();

    const first = stage.dispatch(keeper);
    await refresh.waiting;
    const second = await stage.run(keeper);
    refresh.letIn();

    expect((await first.finished).conclusion).toBe("success");
    expect(outputsOf(await first.finished)).toMatchObject({
      role: "keeper",
      rotated: "true",
    });
    expect(second.conclusion).toBe("success");
    expect(outputsOf(second)).toMatchObject({ role: "borrower", rotated: "false" });
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
    expect(stage.repository.secret(LOCK)).toBeUndefined();
  });

  test("that look for the lock in the same moment do not both get it", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const keeper = stage.keeper({ concurrency: "", with: { run: "true" } });
    const bothHaveLooked = signal();
    let looks = 0;
    stage.world.github.server.intercept(async ({ method, path }, next) => {
      const answer = await next();
      if (method !== "GET" || !path.endsWith(`/secrets/${LOCK}`)) return answer;
      looks += 1;
      if (looks === 2) bothHaveLooked.give();
      await bothHaveLooked.given;
      return answer;
    });

    const results = await Promise.all([stage.run(keeper), stage.run(keeper)]);

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(results.map((result) => outputsOf(result).role).sort()).toEqual(["borrower", "keeper"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });

  test("with an access token that is almost over, the other waits and takes the result", async () => {
    stage = await Stage.set({ expiresInSeconds: 3600 });
    const keeper = stage.keeper({ concurrency: "", with: { run: "true" } });
    const refresh = stage.holdRefresh();

    const first = stage.dispatch(keeper);
    await refresh.waiting;
    const second = stage.dispatch(keeper);
    second.on("log", (line) => {
      if (line.startsWith("Another keeper is refreshing this login.")) refresh.letIn();
    });
    const [one, other] = await Promise.all([first.finished, second.finished]);

    expect([one.conclusion, other.conclusion]).toEqual(["success", "success"]);
    expect(outputsOf(one)).toMatchObject({ "restored-from": "secret", rotated: "true" });
    expect(outputsOf(other)).toMatchObject({
      role: "keeper",
      "restored-from": "handover",
      rotated: "false",
      "access-token-expires-at": outputsOf(one)["access-token-expires-at"],
    });
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });
});

describe("a lock that a dead machine left", () => {
  test("is respected for ten minutes and removed after them, by the server's clock", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const refreshing = signal();
    const open = stage.interceptRefreshes(() => {
      refreshing.give();
      return new Promise(() => {});
    });
    const dying = stage.dispatch(stage.keeper());
    await refreshing.given;
    await dying.loseMachine();
    await dying.finished;
    open();
    const left = stage.repository.secret(LOCK);

    stage.world.clock.advance(9 * MINUTE_MS);
    const early = await stage.run(stage.keeper());
    const stillThere = stage.repository.secret(LOCK);
    stage.world.clock.advance(2 * MINUTE_MS);
    const late = await stage.run(stage.keeper());

    expect(left).toBeDefined();
    expect(outputsOf(early)).toMatchObject({ role: "borrower", rotated: "false" });
    expect(stillThere).toBe(left);
    expect(outputsOf(late)).toMatchObject({ role: "keeper", rotated: "true" });
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
    expect(stage.repository.secret(LOCK)).toBeUndefined();
  });
});

describe("a lock that cannot be made", () => {
  test("a full scope has its own code, and nothing is rotated", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    for (let number = stage.repository.secrets.all.length; number < 100; number++)
      stage.repository.setSecret(`OTHER_${number}`, "something");

    const result = await stage.run(stage.keeper());

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toEqual(["secret-limit"]);
    expect(stage.world.openai.refreshes).toHaveLength(0);
    stage.expectLoginAlive();
  });

  test("somebody's own secret of that name has its own code, and is left as it is", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.repository.setSecret(LOCK, "somebody's own");
    const foreign = stage.repository.secret(LOCK);
    Object.assign(foreign ?? {}, { createdAt: new Date(Date.now() - DAY_SECONDS * 1000) });

    const result = await stage.run(stage.keeper());

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toEqual(["lock-foreign"]);
    expect(stage.repository.secret(LOCK)?.value).toBe("somebody's own");
    expect(stage.world.openai.refreshes).toHaveLength(0);
    stage.expectLoginAlive();
  });
});
