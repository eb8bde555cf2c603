import { test } from "@jest/globals";
import { COMBINED, change, edit, expectFound, HEALTHY, OTHER, readOnly } from "../tree.ts";

const ANYBODY = [
  "issue_comment",
  "issues",
  "workflow_run",
  "discussion",
  "pull_request_review",
  "watch",
  "an_event_of_tomorrow",
];

test.each(ANYBODY)("a refresh job on `%s`", async (event) => {
  const tree = edit(
    edit(HEALTHY, COMBINED, "  push:\n", `  ${event}: # HERE\n`),
    COMBINED,
    "roundtrip@v1",
    "roundtrip@v1 # HERE",
  );

  await expectFound(tree, "warn refresh-on-anybody");
});

test("a refresh job on such an event in a list", async () => {
  const tree = edit(
    edit(HEALTHY, COMBINED, "on:\n  workflow_dispatch:\n  push:\n", "on: [push, issue_comment] # HERE\n"),
    COMBINED,
    "roundtrip@v1",
    "roundtrip@v1 # HERE",
  );

  await expectFound(tree, "warn refresh-on-anybody");
});

test.each(ANYBODY)("a Codex job on `%s` asks who started it, and is right", async (event) => {
  await expectFound(edit(HEALTHY, OTHER, "", change(readOnly(), "on: push", `on: ${event}`)));
});

test.each(["release", "merge_group", "repository_dispatch", "pull_request", "deployment"])(
  "a refresh job on `%s` needs write access to start",
  async (event) => {
    await expectFound(edit(HEALTHY, COMBINED, "  push:\n", `  ${event}:\n`));
  },
);
