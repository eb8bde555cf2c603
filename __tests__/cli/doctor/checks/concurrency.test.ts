import { test } from "@jest/globals";
import { COMBINED, edit, expectFound, HEALTHY, MAINTENANCE, type Tree } from "../tree.ts";

function grouped(combined: string, maintenance = combined): Tree {
  const tree = edit(HEALTHY, COMBINED, "group: codex-auth", `group: ${combined}`);
  return edit(tree, MAINTENANCE, "group: codex-auth", `group: ${maintenance}`);
}

test.each([
  [`codex-auth-\${{ github.repository }}`, `codex-auth-\${{github.repository}}`],
  [`\${{ github.repository_id }}-codex`, `\${{ github.repository_id }}-codex`],
  [`\${{ github.repository_owner }}/codex`, `\${{ GitHub.Repository_Owner }}/codex`],
])("%s is the same in every run", async (combined, maintenance) => {
  await expectFound(grouped(combined, maintenance));
});

test.each([
  `codex-\${{ github.workflow }}`,
  `codex-\${{ github.repository }}-\${{ github.ref }}`,
  `\${{ format('{0}', github.repository) }}`,
  `\${{ vars.GROUP }}`,
])("%s is not", async (group) => {
  const tree = edit(
    HEALTHY,
    COMBINED,
    "concurrency:\n  group: codex-auth",
    `concurrency: # HERE\n  group: ${group}`,
  );

  await expectFound(tree, "fail concurrency-literal");
});

test("a name with the repository and a fixed one are different groups", async () => {
  const tree = edit(
    edit(
      HEALTHY,
      COMBINED,
      "concurrency:\n  group: codex-auth",
      `concurrency: # HERE\n  group: a-\${{ github.repository }}`,
    ),
    MAINTENANCE,
    "concurrency:\n",
    "concurrency: # HERE\n",
  );

  await expectFound(tree, "fail concurrency-shared");
});

test("`queue: max` beside `cancel-in-progress` does not help", async () => {
  const tree = edit(
    HEALTHY,
    COMBINED,
    "concurrency:\n  group: codex-auth\n  queue: max\n",
    "concurrency: # HERE\n  group: codex-auth\n  queue: max\n  cancel-in-progress: true\n",
  );

  await expectFound(tree, "fail concurrency-cancel");
});
