import { type Unread, WORKFLOWS } from "../workflow/checkout.ts";
import { type Check, count, type Finding, verdict } from "./check.ts";
import type { Subject } from "./subject.ts";

/** Whether there is anything to look at. */
export const fileChecks: readonly Check<Subject>[] = [
  {
    id: "workflows-readable",
    title: "The workflows can be read",
    run: ({ checkout: { workflows, unread } }) => {
      const none: Finding = {
        level: "fail",
        reason: `There is no workflow in ${WORKFLOWS}.`,
        remedy: "Name the directory of a checkout, or write the workflows with `seed --write-workflows`.",
        positions: [],
      };
      const nothing = workflows.length === 0 && unread.length === 0;
      return verdict(nothing ? [none] : unread.map(describeUnread), count(workflows.length, "workflow"));
    },
  },
  {
    id: "action-used",
    title: "A job uses the action",
    run: ({ checkout, uses }) => {
      const refreshing = uses.filter(({ kind }) => kind === "refresh").length;
      const others = uses.length - refreshing;
      const reason = [count(refreshing, "refresh job"), ...(others > 0 ? [count(others, "other")] : [])];
      const unused: Finding = {
        level: "fail",
        reason: `No step in ${count(checkout.workflows.length, "workflow")} uses codex-auth-roundtrip.`,
        remedy: "Add it to a job, as in examples/, or write the workflows with `seed --write-workflows`.",
        positions: [],
      };
      return verdict(uses.length === 0 ? [unused] : [], reason.join(", "));
    },
  },
];

function describeUnread({ reason, explanation, at }: Unread): Finding {
  const finding = { reason: explanation, positions: [at] };
  switch (reason) {
    case "malformed":
      return {
        ...finding,
        level: "fail",
        reason: `This is not valid YAML: ${explanation}`,
        remedy: "Fix the file: GitHub cannot read it either.",
      };
    case "too-large":
      return { ...finding, level: "warn", remedy: "Look at this file yourself, or move it out of the way." };
    case "no-jobs":
      return { ...finding, level: "warn", remedy: "Add jobs, or delete it: GitHub does not run it." };
  }
}
