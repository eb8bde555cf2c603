import { longestGapMs, parseCron } from "../../../core/github/cron.ts";
import { describeDuration } from "../../../core/text/duration.ts";
import { byPlace, refreshJobsOf, type Use } from "../workflow/use.ts";
import { type Check, type Finding, type Position, verdict, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** An access token lives ten days: it must survive one dropped run. */
const LONGEST_GAP_MS = 5 * 86_400_000;

/** What starts the jobs. */
export const eventChecks: readonly Check<Subject>[] = [
  {
    id: "pull-request-target",
    title: "Untrusted events cannot start the job",
    run: ({ uses }) => {
      const found = uses.flatMap(({ workflow, kind, at }) =>
        workflow.events
          .filter(({ name }) => name === "pull_request_target")
          .map(
            (event): Finding => ({
              level: kind === "read-only" ? "warn" : "fail",
              reason: "On `pull_request_target` untrusted code can run next to the login.",
              remedy: "Start it by `push`, `schedule` or `workflow_dispatch`.",
              positions: [event.at, at],
            }),
          ),
      );
      return verdict(found, "no `pull_request_target`");
    },
  },
  {
    id: "maintenance",
    title: "Maintenance runs often enough",
    run: ({ uses }) => {
      const places = byPlace(refreshJobsOf(uses));
      return verdict(
        places.flatMap(rarelyMaintained),
        places.map((uses) => `every ${describeGap(gapOf(uses))}`).join(", ") || "no refresh jobs",
      );
    },
  },
];

const REMEDY =
  "Run a job with `refresh: force` twice a week, as examples/maintenance.yml does: `23 4 * * 2,5`.";

function rarelyMaintained(uses: readonly Use[]): readonly Finding[] {
  const schedules = schedulesOf(uses);
  const unread = schedules.filter(({ cron }) => parseCron(cron) === null);
  const malformed = unread.map(({ cron, at }) =>
    warn(`GitHub does not accept \`${cron}\` as a schedule.`, "Write five fields, as in `17 6 * * 1,4`.", [
      at,
    ]),
  );
  const gapMs = gapOf(uses);
  if (gapMs <= LONGEST_GAP_MS) return malformed;
  if (schedules.length === 0)
    return [
      warn(
        "No schedule starts a refresh job, so the login expires when nothing else runs for ten days.",
        REMEDY,
        positionsOf(uses),
      ),
    ];
  if (unread.length === schedules.length) return malformed;
  const reason =
    gapMs === Number.POSITIVE_INFINITY
      ? "This schedule never fires."
      : `Up to ${describeGap(gapMs)} pass between two scheduled refresh jobs, and GitHub may drop a run.`;
  return [
    ...malformed,
    warn(
      reason,
      REMEDY,
      schedules.map(({ at }) => at),
    ),
  ];
}

/** How long a login waits for its next scheduled refresh job. */
function gapOf(uses: readonly Use[]): number {
  return longestGapMs(
    schedulesOf(uses)
      .map(({ cron }) => parseCron(cron))
      .filter((cron) => cron !== null),
  );
}

function describeGap(gapMs: number): string {
  return describeDuration(gapMs).replace(/ 0 h$/, "");
}

function schedulesOf(uses: readonly Use[]): Use["workflow"]["schedules"] {
  return [...new Set(uses.map(({ workflow }) => workflow))].flatMap(({ schedules }) => schedules);
}

function positionsOf(uses: readonly Use[]): readonly Position[] {
  return uses.map(({ workflow: { root, file } }) => root.get("on")?.at ?? { file, line: 1 });
}
