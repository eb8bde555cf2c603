import { isExpression } from "../workflow/expression.ts";
import { byPlace, groupsOf, jobOf, refreshJobsOf, type Use } from "../workflow/use.ts";
import type { Concurrency, Job, Workflow } from "../workflow/workflow.ts";
import { type Check, type Finding, fail, verdict, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** More jobs than anybody orders by hand; comparing all of a huge file would take minutes. */
const MAXIMUM_COMPARED = 50;

const REMEDY = "Write `concurrency: { group: codex-auth, queue: max }` in every workflow with a refresh job.";

/** A refresh token can be spent once: the refresh jobs of one login go one by one. */
export const concurrencyChecks: readonly Check<Subject>[] = [
  {
    id: "concurrency-group",
    title: "Each refresh job has a concurrency group",
    run: ({ uses }) => {
      const found = refreshJobsOf(uses)
        .filter((use) => groupsOf(use).length === 0)
        .map((use) =>
          fail(`Nothing keeps job \`${jobOf(use).id}\` apart from other refresh jobs.`, REMEDY, [
            jobOf(use).at,
          ]),
        );
      return verdict(found, names(groupsOfAll(uses)));
    },
  },
  {
    id: "concurrency-literal",
    title: "The group's name is a literal",
    run: ({ uses }) => {
      const found = groupsOfAll(uses)
        .filter(({ group }) => isExpression(group))
        .map(({ group, at }) =>
          fail(
            `Runs may end up in different groups: \`${group}\`.`,
            "Write a fixed name instead of an expression.",
            [at],
          ),
        );
      return verdict(found, "no expression in it");
    },
  },
  {
    id: "concurrency-level",
    title: "Concurrency is declared once (workflow or job)",
    run: ({ uses }) => {
      const doubled = refreshJobsOf(uses)
        .filter((use) => groupsOf(use).length > 1)
        .map((use) =>
          fail(
            `Job \`${jobOf(use).id}\` waits for more than one group, and can wait for itself.`,
            "Keep the group of the workflow and remove the others.",
            groupsOf(use).map(({ at }) => at),
          ),
        );
      const single = refreshJobsOf(uses).filter((use) => groupsOf(use).length === 1);
      return verdict([...doubled, ...byPlace(single).flatMap(mixedLevels)], levels(groupsOfAll(uses)));
    },
  },
  {
    id: "concurrency-shared",
    title: "All refresh jobs of a login share the group",
    run: ({ uses }) =>
      verdict(byPlace(refreshJobsOf(uses)).flatMap(differentGroups), names(groupsOfAll(uses))),
  },
  {
    id: "concurrency-within-run",
    title: "One run has one refresh job at a time",
    run: ({ uses }) => verdict(byPlace(refreshJobsOf(uses)).flatMap(sideBySide), "no two at once"),
  },
  {
    id: "concurrency-queue",
    title: "Waiting runs are queued",
    run: ({ uses }) => {
      const found = groupsOfAll(uses)
        .filter(({ queue, cancelInProgress }) => queue !== "max" && cancelInProgress !== "true")
        .map(({ group, at }) =>
          warn(
            `Without \`queue: max\` a newer run cancels the one that is waiting in \`${group}\`.`,
            "Add `queue: max` beside `group:`.",
            [at],
          ),
        );
      return verdict(found, "`queue: max`");
    },
  },
  {
    id: "concurrency-cancel",
    title: "No run cancels the one in progress",
    run: ({ uses }) => {
      const found = groupsOfAll(uses)
        .filter(({ cancelInProgress }) => cancelInProgress === "true" || isExpression(cancelInProgress))
        .map(({ group, at }) =>
          fail(
            `\`cancel-in-progress\` lets a newer run of \`${group}\` stop a refresh at any moment.`,
            "Remove `cancel-in-progress`, and write `queue: max`.",
            [at],
          ),
        );
      return verdict(found, "`cancel-in-progress` is off");
    },
  },
];

function mixedLevels(uses: readonly Use[]): readonly Finding[] {
  const groups = uses.flatMap(groupsOf);
  if (new Set(groups.map(({ level }) => level)).size < 2) return [];
  const ofJobs = groups.filter(({ level }) => level === "job").map(({ at }) => at);
  return [
    warn(
      "Some refresh jobs hold the group for the job, others for the whole run.",
      "Move these groups up, beside `on:`.",
      ofJobs,
    ),
  ];
}

function differentGroups(uses: readonly Use[]): readonly Finding[] {
  const literal = uses
    .map(groupsOf)
    .filter((groups) => groups.length > 0 && !groups.some(({ group }) => isExpression(group)));
  const [first = [], ...rest] = literal;
  const shared = first.some(({ group }) =>
    rest.every((groups) => groups.some((other) => same(group, other))),
  );
  if (literal.length < 2 || shared) return [];
  const all = distinct(literal.flat());
  return [
    fail(
      `Refresh jobs of the same login use different groups: ${names(all)}.`,
      "Give all of them the same name.",
      all.map(({ at }) => at),
    ),
  ];
}

/** A group of the workflow does not keep the jobs of one run apart. */
function sideBySide(uses: readonly Use[]): readonly Finding[] {
  const ungrouped = uses.filter((use) => !groupsOf(use).some(({ level }) => level === "job"));
  const inMatrix = ungrouped.flatMap(({ route }) => route.map(({ job }) => job.matrix));
  const matrices = inMatrix
    .filter((at) => at !== null)
    .map((at) =>
      warn(
        "The jobs of this matrix may refresh at the same time.",
        "Write `refresh: never` in them, or `max-parallel: 1`.",
        [at],
      ),
    );
  const workflows = [...new Set(ungrouped.map(({ workflow }) => workflow))];
  const unordered = workflows.flatMap((workflow) => {
    const ofRun = ungrouped.filter((use) => use.workflow === workflow).map(({ route }) => route[0].job);
    const jobs = [...new Set(ofRun)].slice(0, MAXIMUM_COMPARED);
    const awaited = new Map(jobs.map((job) => [job, awaitedBy(job, workflow)]));
    const meets = (one: Job, other: Job): boolean =>
      one !== other && !awaited.get(one)?.has(other.id) && !awaited.get(other)?.has(one.id);
    const found = jobs.filter((job) => jobs.some((other) => meets(job, other)));
    if (found.length === 0) return [];
    return [
      warn(
        `${found.length} jobs of one run may refresh at the same time: ${found.map(({ id }) => `\`${id}\``).join(", ")}.`,
        "Order them with `needs:`, or write `refresh: never` in all but one.",
        found.map(({ at }) => at),
      ),
    ];
  });
  return [...matrices, ...unordered];
}

/** The ids of all jobs that must have ended before a job begins. */
function awaitedBy(job: Job, { jobs }: Workflow): ReadonlySet<string> {
  const byId = new Map(jobs.map((other) => [other.id, other]));
  const awaited = new Set<string>();
  const pending = [...job.needs];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (awaited.has(id)) continue;
    awaited.add(id);
    pending.push(...(byId.get(id)?.needs ?? []));
  }
  return awaited;
}

function groupsOfAll(uses: readonly Use[]): readonly Concurrency[] {
  return [...new Set(refreshJobsOf(uses).flatMap(groupsOf))];
}

/** One of each name. */
function distinct(groups: readonly Concurrency[]): readonly Concurrency[] {
  return [
    ...new Map([...groups].reverse().map((group) => [group.group.toLowerCase(), group])).values(),
  ].reverse();
}

function same(group: string, other: Concurrency): boolean {
  return group.toLowerCase() === other.group.toLowerCase();
}

function names(groups: readonly Concurrency[]): string {
  const named = distinct(groups).map(({ group }) => `\`${group}\``);
  return named.length > 0 ? named.join(", ") : "no refresh jobs";
}

function levels(groups: readonly Concurrency[]): string {
  return groups.some(({ level }) => level === "job") ? "of the job" : "of the workflow";
}
