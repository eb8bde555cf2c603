import { describe, expect, test } from "@jest/globals";
import {
  COMBINED,
  edit,
  examine,
  expectFound,
  HEALTHY,
  MAINTENANCE,
  SPLIT,
  sentencesOf,
  type Tree,
} from "../tree.ts";

function beside(step: string): Tree {
  return edit(
    SPLIT,
    MAINTENANCE,
    "    steps:\n",
    `    steps:\n      - ${step.replaceAll("\n", "\n        ")}\n`,
  );
}

describe("a maintenance job", () => {
  test("that runs alone is right", async () => {
    await expectFound(SPLIT);
  });

  test.each(["github.ref == 'refs/heads/main'", "always()"])("with `if: %s`", async (condition) => {
    const tree = edit(SPLIT, MAINTENANCE, "    runs-on:", `    if: ${condition} # HERE\n    runs-on:`);

    await expectFound(tree, "warn maintenance-job");
  });

  test("with an `if:` of the step", async () => {
    const tree = edit(SPLIT, MAINTENANCE, "        with:\n", "        if: success() # HERE\n        with:\n");

    await expectFound(tree, "warn maintenance-job");
  });

  test.each(["uses: actions/checkout@v5 # HERE", "run: npm ci # HERE", "uses: octo/notify@v1 # HERE"])(
    "beside `%s`",
    async (step) => {
      await expectFound(step.startsWith("run") ? beside(step) : beside(step), "warn maintenance-job");
    },
  );

  test.each(["run: make # HERE", "prompt: Reply exactly OK # HERE", "prompt-file: p.md # HERE"])(
    "that also does `%s`",
    async (line) => {
      const tree = edit(
        SPLIT,
        MAINTENANCE,
        "          refresh: force\n",
        `          refresh: force\n          ${line}\n`,
      );

      await expectFound(tree, "warn maintenance-job");
    },
  );

  test("after the step that makes an App's token is right", async () => {
    await expectFound(beside("uses: actions/create-github-app-token@v3"));
  });
});

describe("access copies", () => {
  const AUTO = edit(SPLIT, MAINTENANCE, "          refresh: force\n", "");

  test("that are renewed only when due, twice a week, can end before that", async () => {
    await expectFound(edit(AUTO, MAINTENANCE, '"23 4 * * 2,5"', '"23 4 * * 2,5" # HERE'), "warn maintenance");
  });

  test.each([
    ["every day", edit(AUTO, MAINTENANCE, "* * 2,5", "* * *")],
    [
      "in a longer window",
      edit(
        AUTO,
        MAINTENANCE,
        "          environment: codex\n",
        "          environment: codex\n          refresh-window: 5d\n",
      ),
    ],
  ])("that are renewed %s are right", async (_, tree) => {
    await expectFound(tree);
  });
});

test("a schedule that is often enough is told by its longest gap", async () => {
  const result = (await examine(HEALTHY)).find(({ id }) => id === "maintenance");

  expect(result?.verdict).toEqual({ outcome: "pass", reason: "at most 4 days apart" });
});

test("a page is named by its address: somebody's repository has no examples", async () => {
  const [, remedy] = await sentencesOf({ [COMBINED]: HEALTHY[COMBINED] ?? "" }, "maintenance");

  expect(remedy).toMatch(/ https:\/\/github\.com\/\S+\/examples\/maintenance\.yml$/);
});
