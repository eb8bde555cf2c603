import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import { failureCodes, onlyJob, SECRET, Stage } from "./stage.ts";

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "examples");
const CODEX = { environment: "codex" };

let stage: Stage;
afterEach(() => stage.strike());

function example(name: string): string {
  return readFileSync(join(EXAMPLES, name), "utf8");
}

/** Days go by: the login in the secret is that much older, and so is the secret. */
function pass(days: number): void {
  stage.world.age(stage.repository, SECRET, days, CODEX);
}

describe("examples/maintenance.yml", () => {
  test("keeps a login alive that nobody uses for three weeks, though two crons in a row are dropped", async () => {
    stage = await Stage.set(CODEX);
    const dropped = new Set([2, 3]);
    let days = 0;
    const runs: { days: number; conclusion: string; rotated: boolean; alive: boolean }[] = [];

    for (let slot = 0; slot < 6; slot++) {
      days += slot % 2 === 0 ? 4 : 3; // Friday to Tuesday, Tuesday to Friday
      if (dropped.has(slot)) continue;
      pass(days);
      const before = stage.stored.tokens.refresh_token;
      const { conclusion } = await stage.run(example("maintenance.yml"), { event: "schedule" });
      const { refresh_token: after } = stage.stored.tokens;
      const alive = after === stage.world.openai.livingRefreshToken(stage.login.account);
      runs.push({ days, conclusion, rotated: after !== before, alive });
      days = 0;
    }

    expect(runs.map((run) => run.days)).toEqual(expect.arrayContaining([3, 4, 11]));
    expect(runs).toEqual(
      Array.from({ length: 4 }, () => ({
        days: expect.any(Number),
        conclusion: "success",
        rotated: true,
        alive: true,
      })),
    );
    expect(stage.world.openai.responses).toBe(0);
    expect(stage.repository.issues).toEqual([]);
    stage.expectLoginAlive();
  });

  test("opens an issue when the login is over, and needs a person", async () => {
    stage = await Stage.set(CODEX);
    stage.world.openai.revoke(stage.login.account);

    const result = await stage.run(example("maintenance.yml"));

    expect(failureCodes(result)).toEqual(["refresh-token-revoked"]);
    expect(stage.repository.issues).toHaveLength(1);
    expect(stage.repository.issues[0]?.body).toContain("--env codex");
  });
});

test("examples/reseed.yml brings it back, and examples/maintenance.yml closes the issue", async () => {
  stage = await Stage.set(CODEX);
  stage.world.openai.revoke(stage.login.account);
  await stage.run(example("maintenance.yml"));
  const reseeding = stage.dispatch(example("reseed.yml"));
  reseeding.on("log", () => {
    for (const code of stage.world.openai.pendingDeviceCodes)
      stage.world.openai.approveDeviceLogin(code, stage.login.account);
  });

  const reseeded = await reseeding.finished;
  stage.world.clock.advance(2000);
  const proven = await stage.run(example("maintenance.yml"));

  expect(reseeded.conclusion).toBe("success");
  expect(proven.conclusion).toBe("success");
  expect(stage.repository.issues.map(({ state }) => state)).toEqual(["closed"]);
  stage.expectLoginAlive();
});

describe("examples/tiny-exec.yml", () => {
  test("is green for nine days, rotates when Codex finds it due, and stores that", async () => {
    stage = await Stage.set(CODEX);
    const writes: number[] = [];

    for (const days of [4, 3, 4]) {
      pass(days);
      const result = await stage.run(example("tiny-exec.yml"));
      expect(onlyJob(result).annotations).toEqual([]);
      expect(onlyJob(result).conclusion).toBe("success");
      writes.push(stage.secret.writes);
    }

    expect(writes).toEqual([1, 1, 2]);
    expect(stage.world.openai.responses).toBe(3);
    stage.expectLoginAlive();
  });
});
