import { afterEach, describe, expect, test } from "@jest/globals";
import { type Answer, DROP } from "../../lab/loopback-server.ts";
import { onCall, onLookUp, plantUnderEveryKey, UNTOLD, warningsOf } from "./cache-faults.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, Stage, signal } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
/** Less than `minimum-lifetime`: no job may go on with it. */
const nearlyOver = { expiresInSeconds: 3600 };

describe("a cache service that does not answer what it holds", () => {
  test("is not asked, and stops nobody, where nobody has spent the login", async () => {
    stage = await Stage.set(due);
    onLookUp(stage, () => ({ status: 503, body: "" }));

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

describe("of a login that is spent, a cache service that does not answer: never a refresh on unknown ground", () => {
  test.each([
    ["breaks down", (): Answer => ({ status: 503, body: "" })],
    ["cuts the connection", (): Answer => DROP],
    ["talks nonsense", (): Answer => ({ status: 200, body: "<html>sign in</html>" })],
    ["does not know our token", (): Answer => ({ status: 401, body: {} })],
  ])("it %s: the job goes on with its access token", async (_, answer) => {
    stage = await Stage.set(due);
    stage.spend();
    onLookUp(stage, answer);

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test("and the access token is nearly over: the job stops, with nothing spent", async () => {
    stage = await Stage.set(nearlyOver);
    stage.spend();
    onLookUp(stage, () => ({ status: 503, body: "" }));

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectNothingSpent();
  });

  test("and the refresh is forced: the job stops, with nothing spent", async () => {
    stage = await Stage.set(due);
    stage.spend();
    onLookUp(stage, () => ({ status: 503, body: "" }));

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    stage.expectNothingSpent();
  });

  test("it takes longer than the whole job: nobody waits that long, and the job goes on with its access token", async () => {
    stage = await Stage.set(due);
    stage.spend();
    const jobIsOver = signal();
    onLookUp(stage, async (_request, next) => {
      await jobIsOver.given;
      return next();
    });

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));
    jobIsOver.give();

    expect(result.log).toContain(JOB_RAN);
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test("its storage breaks down under a note that is there: the job goes on with its access token", async () => {
    stage = await Stage.set(due);
    stage.spend();
    plantUnderEveryKey(stage, () => Buffer.from("a note"));
    stage.world.cache.server.intercept((request, next) =>
      request.method === "GET" ? { status: 500, body: "" } : next(),
    );

    const result = await stage.run(stage.refreshJob());

    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });
});

describe("a read-only cache service", () => {
  test("leaves the secret alone with the new login, and the next run needs no more", async () => {
    stage = await Stage.set(due);
    onCall(stage, "CreateCacheEntry", () => ({
      status: 200,
      body: { ok: false, signed_upload_url: "", message: "cache write denied: token has no writable scopes" },
    }));

    const result = await stage.run(stage.refreshJob());
    stage.expectRotatedOnce();
    const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain("The handoff could not be saved");
    expect(stage.world.cache.entries).toEqual([]);
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
    stage.expectLoginAlive();
  });
});
