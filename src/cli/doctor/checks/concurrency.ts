import { differsByRun, isExpression } from "../workflow/expression.ts";
import { byPlace, groupsOf, jobOf, refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Concurrency, Job } from "../workflow/workflow.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** More jobs than anybody orders by hand; comparing all of a huge file would take minutes. */
const MAXIMUM_COMPARED = 50;

const REMEDY = "Write `concurrency: { group: codex-auth, queue: max }` in every workflow with a refresh job.";

/** A refresh token can be spent once: the refresh jobs of one login go one by one. */
export const concurrencyChecks: readonly Check<Subject>[] = [
  {
    id: "concurrency-group",
    title: "Each refresh job has a concurrency group",
    find: ({ uses }) =>
      refreshJobsOf(uses)
        .filter((use) => groupsOf(use).length === 0)
        .map(jobOf)
        .map(({ id, at }) => fail(`Nothing keeps job \`${id}\` apart from other refresh jobs.`, REMEDY, at)),
    passed: ({ uses }) => names(groupsOfAll(uses)),
  },
  {
    id: "concurrency-literal",
    title: "The group's name is the same in every run",
    find: ({ uses }) =>
      groupsOfAll(uses)
        .filter(({ group }) => differsByRun(group))
        .map(({ group, at }) =>
          fail(
            `Runs may end up in different groups: \`${group}\`.`,
            "Write a fixed name instead of an expression.",
            at,
          ),
        ),
    passed: () => "the same in every run",
  },
  {
    id: "concurrency-level",
    title: "Concurrency is declared once (workflow or job)",
    find: ({ uses }) =>
      refreshJobsOf(uses)
        .filter((use) => groupsOf(use).length > 1)
        .map((use) =>
          fail(
            `Job \`${jobOf(use).id}\` waits for more than one group, and can wait for itself.`,
            "Keep the group of the workflow and remove the others.",
            ...groupsOf(use).map(({ at }) => at),
          ),
        ),
    passed: ({ uses }) =>
      groupsOfAll(uses).some(({ level }) => level === "job") ? "of the job" : "of the workflow",
  },
  {
    id: "concurrency-shared",
    title: "All refresh jobs of a login share the group",
    find: ({ uses }) => byPlace(refreshJobsOf(uses)).map(differentGroups),
    passed: ({ uses }) => names(groupsOfAll(uses)),
  },
  {
    id: "concurrency-within-run",
    title: "One run has one refresh job at a time",
    find: ({ uses }) => byPlace(refreshJobsOf(uses)).flatMap(sideBySide),
    passed: () => "no two at once",
  },
  {
    id: "concurrency-queue",
    title: "Waiting runs are queued",
    find: ({ uses }) =>
      groupsOfAll(uses)
        .filter(({ queue, cancelInProgress }) => queue !== "max" && cancelInProgress !== "true")
        .map(({ group, at }) =>
          warn(
            `Without \`queue: max\` a newer run cancels the one that is waiting in \`${group}\`.`,
            "Add `queue: max` beside `group:`.",
            at,
          ),
        ),
    passed: () => "`queue: max`",
  },
  {
    id: "concurrency-cancel",
    title: "No run cancels the one in progress",
    find: ({ uses }) =>
      groupsOfAll(uses)
        .filter(({ cancelInProgress }) => cancelInProgress === "true" || isExpression(cancelInProgress))
        .map(({ group, at }) =>
          fail(
            `\`cancel-in-progress\` lets a newer run of \`${group}\` stop a refresh at any moment.`,
            "Remove `cancel-in-progress`, and write `queue: max`.",
            at,
          ),
        ),
    passed: () => "`cancel-in-progress` is off",
  },
];

function differentGroups(uses: readonly Use[]): Finding | null {
  const literal = uses
    .map(groupsOf)
    .filter((groups) => groups.length > 0 && !groups.some(({ group }) => differsByRun(group)));
  const [first = [], ...rest] = literal;
  const shared = first.some((one) => rest.every((groups) => groups.some((other) => key(one) === key(other))));
  if (literal.length < 2 || shared) return null;
  const all = distinct(literal.flat());
  return fail(
    `Refresh jobs of the same login use different groups: ${names(all)}.`,
    "Give all of them the same name.",
    ...all.map(({ at }) => at),
  );
}

/** A group of the workflow does not keep the jobs of one run apart. */
function sideBySide(uses: readonly Use[]): readonly Finding[] {
  const ungrouped = uses.filter((use) => !groupsOf(use).some(({ level }) => level === "job"));
  const matrices = ungrouped
    .flatMap(({ route }) => route.map(({ job }) => job.matrix))
    .filter((at) => at !== null)
    .map((at) =>
      warn(
        "The jobs of this matrix may refresh at the same time.",
        "Write `refresh: never` in them, or `max-parallel: 1`.",
        at,
      ),
    );
  const unordered = [...new Set(ungrouped.map(({ workflow }) => workflow))].flatMap((workflow) => {
    const ofRun = ungrouped.filter((use) => use.workflow === workflow).map(({ route }) => route[0].job);
    const jobs = [...new Set(ofRun)].slice(0, MAXIMUM_COMPARED);
    const byId = new Map(workflow.jobs.map((job) => [job.id, job]));
    const awaited = new Map(jobs.map((job) => [job, awaitedBy(job, byId)]));
    const meets = (one: Job, other: Job): boolean =>
      one !== other && !awaited.get(one)?.has(other.id) && !awaited.get(other)?.has(one.id);
    const found = jobs.filter((job) => jobs.some((other) => meets(job, other)));
    if (found.length === 0) return [];
    return [
      warn(
        `${found.length} jobs of one run may refresh at the same time: ${found.map(({ id }) => `\`${id}\``).join(", ")}.`,
        "Order them with `needs:`, or write `refresh: never` in all but one.",
        ...found.map(({ at }) => at),
      ),
    ];
  });
  return [...matrices, ...unordered];
}

/** The ids of all jobs that must have ended before a job begins. */
function awaitedBy(job: Job, byId: ReadonlyMap<string, Job>): ReadonlySet<string> {
  const awaited = new Set(job.needs);
  // A set may grow while it is walked.
  for (const id of awaited) for (const next of byId.get(id)?.needs ?? []) awaited.add(next);
  return awaited;
}

function groupsOfAll(uses: readonly Use[]): readonly Concurrency[] {
  return [...new Set(refreshJobsOf(uses).flatMap(groupsOf))];
}

/** The first of each name. */
function distinct(groups: readonly Concurrency[]): readonly Concurrency[] {
  return [...new Map([...groups].reverse().map((group) => [key(group), group])).values()].reverse();
}

function key({ group }: Concurrency): string {
  return group.toLowerCase().replace(/\s+/g, "");
}

function names(groups: readonly Concurrency[]): string {
  const named = distinct(groups).map(({ group }) => `\`${group}\``);
  return named.length > 0 ? named.join(", ") : "no refresh jobs";
}
