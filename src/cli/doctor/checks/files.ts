import { projectPage } from "../../project-page.ts";
import { type Unread, WORKFLOWS } from "../workflow/checkout.ts";
import { type Check, count, type Finding, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** Whether there is anything to look at. */
export const fileChecks: readonly Check<Subject>[] = [
  {
    id: "workflows-readable",
    title: "The workflows can be read",
    find: ({ checkout: { workflows, unread } }) =>
      workflows.length > 0 || unread.length > 0
        ? unread.map(describeUnread)
        : [
            fail(
              `There is no workflow in ${WORKFLOWS}.`,
              "Name the directory of a checkout, or write the workflows with `seed --write-workflows`.",
            ),
          ],
    passed: ({ checkout }) => count(checkout.workflows.length, "workflow"),
  },
  {
    id: "action-used",
    title: "A job uses the action",
    find: ({ checkout: { workflows }, uses }) =>
      uses.length > 0
        ? []
        : [
            fail(
              `No step in ${count(workflows.length, "workflow")} uses codex-auth-roundtrip.`,
              `Add it to a job, or write the workflows with \`seed --write-workflows\`: ${projectPage("examples")}`,
            ),
          ],
    passed: ({ uses }) => {
      const refreshing = uses.filter(({ kind }) => kind === "refresh").length;
      const others = uses.length - refreshing;
      return [count(refreshing, "refresh job"), ...(others > 0 ? [count(others, "other")] : [])].join(", ");
    },
  },
];

function describeUnread({ reason, explanation, at }: Unread): Finding {
  switch (reason) {
    case "malformed":
      return fail(
        `This is not valid YAML: ${explanation}`,
        "Fix the file: GitHub cannot read it either.",
        at,
      );
    case "too-large":
      return warn(explanation, "Look at this file yourself, or move it out of the way.", at);
    case "no-jobs":
      return warn(explanation, "Add jobs, or delete it: GitHub does not run it.", at);
  }
}
