import { describe, expect, test } from "@jest/globals";
import { codeOf, Step } from "./step.ts";

const QUIET_MS = 240 * 3_600_000;
const EMPTY = { "codex-auth-json": "", "secret-write-token": "" };
const SKIP = { ...EMPTY, refresh: "never", "when-missing": "skip" };

function stepIn(withheld: "fork" | "dependabot" | null, inputs: Record<string, string>): Step {
  const step = new Step(QUIET_MS, inputs);
  step.context = {
    ...step.context,
    eventName: "pull_request",
    secretsWithheld: withheld,
    ...(withheld === "fork" ? { startedBy: { kind: "anybody", actors: ["stranger"] } } : {}),
  };
  return step;
}

describe("an empty login in a run that GitHub gives no secrets", () => {
  test.each([
    ["fork", { ...SKIP }, /pull request from a fork/],
    ["dependabot", { ...SKIP }, /Dependabot/],
    ["fork", { ...SKIP, refresh: "auto" }, /pull request from a fork/],
    ["dependabot", { ...SKIP, refresh: "force" }, /Dependabot/],
    ["dependabot", { ...SKIP, prompt: "Hello", run: "" }, /Dependabot/],
  ] as const)("(%s) skips the step where the workflow asks for it: %j", async (withheld, inputs, why) => {
    const step = stepIn(withheld, inputs);
    let started = false;
    step.command = () => {
      started = true;
      return { exitCode: 0, signal: null };
    };

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(started).toBe(false);
    expect(step.channel.outputs.get("available")).toBe("false");
    expect(step.said(/^notice: Skipped: /)).toEqual([expect.stringMatching(why)]);
    expect(step.said(/^(warning|error):/)).toEqual([]);
    expect(step.channel.summaries).toEqual([expect.stringContaining("Skipped: ")]);
    expect(step.said(/^notice/).join()).toContain("Nothing was run, and the output `available` is `false`.");
    expect(step.asked).toEqual([]);
    expect(step.wentOnline).toBe(false);
  });

  test.each([
    ["fork", /is empty: this run is for a pull request from a fork/, /`when-missing: skip`.*== 'true'`\.$/],
    ["dependabot", /is empty: Dependabot has started/, /`when-missing: skip`.*Dependabot secret/],
  ] as const)("(%s) fails it otherwise, and says how to skip it", async (withheld, message, hint) => {
    const step = stepIn(withheld, EMPTY);

    const { main } = await step.play();

    expect(main).toMatchObject({
      code: "secret-empty",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    });
    expect(step.channel.outputs.get("available")).toBe("false");
  });

  test("is no reason to skip a step that was given a login all the same", async () => {
    const step = new Step(QUIET_MS, { refresh: "never", "when-missing": "skip" });
    step.context = { ...step.context, secretsWithheld: "dependabot" };

    const ends = await step.play();

    expect(ends.main).toBe("success");
    expect(step.channel.outputs.get("available")).toBe("true");
  });
});

describe("an empty login in a run that GitHub gives its secrets", () => {
  test.each([{ "when-missing": "skip" }, { "when-missing": "fail" }])(
    "is an error with %j",
    async (given) => {
      const step = stepIn(null, { ...EMPTY, refresh: "never", ...given });

      const { main } = await step.play();

      expect(main).toMatchObject({
        code: "secret-empty",
        message: expect.stringMatching(/^The input `codex-auth-json` is empty: .*, or an empty one\.$/),
        hint: expect.stringMatching(
          /Check the name.*it is an environment's.*`environment:`.*another repository.*organization.*Dependabot.*seed/,
        ),
      });
      expect(step.channel.outputs.get("available")).toBe("false");
      expect(step.said(/^notice:/)).toEqual([]);
    },
  );

  test("names the secret where the inputs name it", async () => {
    const step = stepIn(null, { "codex-auth-json": "", environment: "codex" });

    const { main } = await step.play();

    expect(main).toMatchObject({
      code: "secret-empty",
      message: expect.stringContaining("secret CODEX_AUTH_JSON of environment codex of"),
      hint: expect.stringContaining("the job does not name the `environment:` that the step names"),
    });
  });

  test("does not stop a reseed, which brings one", async () => {
    const step = stepIn(null, { "codex-auth-json": "", reseed: "true", "when-missing": "skip" });
    step.context = { ...step.context, eventName: "workflow_dispatch" };

    const { main } = await step.play();

    expect(codeOf(main)).not.toBe("secret-empty");
  });
});
