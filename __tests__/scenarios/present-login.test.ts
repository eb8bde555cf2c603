import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, failureCodes, outputsOf, SECRET, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const PRESENT = { "refresh-token": "present", refresh: "never" };

/** Two steps of ours, the second with these inputs, and Codex between them. */
function between(inputs: Record<string, string>): string {
  return stage.refreshJob({
    with: PRESENT,
    after: `      - run: ${JSON.stringify(CODEX_EXEC)}\n${stage.step({ id: "second", with: inputs })}`,
  });
}

describe("a login that Codex rotates in the home while the refresh token is present", () => {
  test("is not forgotten when main cannot even look at the secret: post stores it", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });
    let inMain = true;
    stage.world.github.server.intercept((request, next) =>
      inMain && request.path.endsWith(`/${SECRET}`) && stage.world.openai.refreshes.length > 0
        ? { status: 403, body: { message: "not now" } }
        : next(),
    );

    const result = await stage.run(stage.refreshJob({ with: { ...PRESENT, run: CODEX_EXEC } }), {
      afterPhase: ({ phase }) => {
        if (phase === "main") inMain = false;
      },
    });

    expect(failureCodes(result)).toEqual([]);
    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
    stage.expectLoginAlive();
  });

  test("in a step between two of ours is stored before the second writes into the home", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await stage.run(between(PRESENT));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result, "second")).toMatchObject({ stored: "true" });
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).not.toContain("reused");
    stage.expectLoginAlive();
  });

  test("in a step between two of ours is not written over by one that withholds the refresh token", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await stage.run(between({ refresh: "force" }));

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    stage.expectRotatedOnce();
  });

  test("is stored by post although a step has spoilt an input by then, and the job fails for the input", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await stage.run(
      stage.refreshJob({
        job: "    env:\n      LIFETIME: 6h",
        with: { ...PRESENT, "minimum-lifetime": `\${{ env.LIFETIME }}` },
        after: `      - run: ${JSON.stringify(`${CODEX_EXEC}\necho LIFETIME=soon >> "$GITHUB_ENV"`)}`,
      }),
    );

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    stage.expectLoginAlive();
    stage.expectRotatedOnce();
  });
});
