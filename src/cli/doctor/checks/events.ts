import { longestGapMs, parseCron } from "../../../core/github/cron.ts";
import { describeDuration } from "../../../core/text/duration.ts";
import { byPlace, refreshJobsOf, type Use } from "../workflow/use.ts";
import { type Check, type Finding, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** An access token lives ten days: it must survive one dropped run. */
const LONGEST_GAP_MS = 5 * 86_400_000;

/** What starts the jobs. */
export const eventChecks: readonly Check<Subject>[] = [
  {
    id: "pull-request-target",
    title: "Untrusted events cannot start the job",
    find: ({ uses }) =>
      uses.flatMap(({ workflow, kind, at }) =>
        workflow.events
          .filter(({ name }) => name === "pull_request_target")
          .map((event) =>
            (kind === "read-only" ? warn : fail)(
              "On `pull_request_target` untrusted code can run next to the login.",
              "Start it by `push`, `schedule` or `workflow_dispatch`.",
              event.at,
              at,
            ),
          ),
      ),
    passed: () => "no `pull_request_target`",
  },
  {
    id: "maintenance",
    title: "Maintenance runs often enough",
    find: ({ uses }) => byPlace(refreshJobsOf(uses)).flatMap(rarelyMaintained),
    passed: ({ uses }) =>
      byPlace(refreshJobsOf(uses))
        .map((ofPlace) => `every ${describeGap(gapOf(ofPlace))}`)
        .join(", ") || "no refresh jobs",
  },
];

const REMEDY =
  "Run a job with `refresh: force` twice a week, as examples/maintenance.yml does: `23 4 * * 2,5`.";

function rarelyMaintained(uses: readonly Use[]): readonly Finding[] {
  const schedules = schedulesOf(uses);
  const malformed = schedules
    .filter(({ cron }) => parseCron(cron) === null)
    .map(({ cron, at }) =>
      warn(
        `GitHub does not accept \`${cron}\` as a schedule.`,
        "Write five fields, as in `17 6 * * 1,4`.",
        at,
      ),
    );
  const gapMs = gapOf(uses);
  if (gapMs <= LONGEST_GAP_MS) return malformed;
  if (schedules.length === 0)
    return [
      warn(
        "No schedule starts a refresh job, so the login expires when nothing else runs for ten days.",
        REMEDY,
        ...uses.map(({ workflow: { root, file } }) => root.get("on")?.at ?? { file, line: 1 }),
      ),
    ];
  if (malformed.length === schedules.length) return malformed;
  const reason =
    gapMs === Number.POSITIVE_INFINITY
      ? "This schedule never fires."
      : `Up to ${describeGap(gapMs)} pass between two scheduled refresh jobs, and GitHub may drop a run.`;
  return [...malformed, warn(reason, REMEDY, ...schedules.map(({ at }) => at))];
}

/** How long a login waits for its next scheduled refresh job. */
function gapOf(uses: readonly Use[]): number {
  const crons = schedulesOf(uses).map(({ cron }) => parseCron(cron));
  return longestGapMs(crons.filter((cron) => cron !== null));
}

function describeGap(gapMs: number): string {
  return describeDuration(gapMs).replace(/ 0 h$/, "");
}

function schedulesOf(uses: readonly Use[]): Use["workflow"]["schedules"] {
  return [...new Set(uses.map(({ workflow }) => workflow))].flatMap(({ schedules }) => schedules);
}
