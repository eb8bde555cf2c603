import { longestGapMs, parseCron } from "../../../core/github/cron.ts";
import { describeDuration, parseDurationMs } from "../../../core/text/duration.ts";
import { foreign } from "../../../core/text/escape.ts";
import { projectPage } from "../../project-page.ts";
import { byPlace, jobOf, refreshJobsOf, type Use } from "../workflow/use.ts";
import { type Check, type Finding, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** An access token lives ten days: it must survive one dropped run. */
const LONGEST_GAP_MS = 5 * 86_400_000;
const WINDOW = "72h";

/** What keeps a login alive while nobody uses it. */
export const maintenanceChecks: readonly Check<Subject>[] = [
  {
    id: "maintenance",
    title: "Maintenance runs often enough",
    find: ({ uses }) => byPlace(refreshJobsOf(uses)).flatMap(rarelyMaintained),
    passed: ({ uses }) =>
      byPlace(refreshJobsOf(uses))
        .map((ofPlace) => `at most ${describeGap(gapOf(ofPlace))} apart`)
        .join(", ") || "no refresh jobs",
  },
  {
    id: "maintenance-job",
    title: "Maintenance runs alone, and always",
    find: ({ uses }) => {
      const maintenance = refreshJobsOf(uses).filter(isMaintenance);
      if (maintenance.length === 0) return null;
      return [...maintenance.flatMap(skippedOrBusy), ...besideMaintenance(maintenance)];
    },
    passed: () => "no `if:`, no other step",
  },
];

const REMEDY = `Run a job with \`refresh: force\` twice a week (such as \`23 4 * * 2,5\`), as in ${projectPage("examples/maintenance.yml")}`;

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
  if (gapMs <= LONGEST_GAP_MS) return [...malformed, ...lateCopies(uses)];
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

/** A copy ends with its access token, whether or not the login can still be refreshed. */
function lateCopies(uses: readonly Use[]): readonly Finding[] {
  const writers = uses.filter(({ copies }) => copies.length > 0);
  const forced = writers.filter((use) => use.input("refresh")?.text === "force");
  if (writers.length === 0 || gapOf(forced) <= LONGEST_GAP_MS) return [];
  const gapMs = gapOf(writers);
  const windowMs = Math.min(...writers.map(windowOf));
  if (gapMs < windowMs) return [];
  const schedules = schedulesOf(writers);
  return [
    warn(
      `Access copies are renewed only in the last ${describeGap(windowMs)} of their ten days, and up to ${describeGap(gapMs)} pass between two runs: they can end before that.`,
      "Write `refresh: force` in the job that writes them, and start it twice a week.",
      ...(schedules.length > 0 ? schedules : writers).map(({ at }) => at),
    ),
  ];
}

function windowOf(use: Use): number {
  const text = use.input("refresh-window")?.text || WINDOW;
  try {
    return parseDurationMs(text, "refresh-window");
  } catch {
    return parseDurationMs(WINDOW, "refresh-window");
  }
}

function isMaintenance(use: Use): boolean {
  return use.input("refresh")?.text === "force" || (use.copies.length > 0 && userCodeIn(use).length === 0);
}

function userCodeIn(use: Use) {
  return ["run", "prompt", "prompt-file"]
    .flatMap((name) => use.input(name) ?? [])
    .filter(({ text }) => text !== "");
}

/** What can keep maintenance from running, and code of its own. */
function skippedOrBusy(use: Use): readonly Finding[] {
  const conditions = [...use.route.map(({ job: { value } }) => value), use.jobStep.value, use.step.value];
  const skipped = conditions
    .flatMap((value) => value.get("if") ?? [])
    .map(({ at }) =>
      warn(
        "This `if:` can skip maintenance, and a run that is skipped looks like one that passed.",
        "Remove it: `on:` says when maintenance runs.",
        at,
      ),
    );
  const busy = userCodeIn(use).map(({ at }) =>
    warn(
      "This maintenance job also runs your code or a prompt, beside the login.",
      "Move it to a Codex job, with `refresh: never` and an access copy.",
      at,
    ),
  );
  return [...skipped, ...busy];
}

/** The other steps of the jobs. */
function besideMaintenance(uses: readonly Use[]): readonly Finding[] {
  const ours = new Set(uses.map(({ jobStep }) => jobStep));
  return [...new Set(uses.map(jobOf))].flatMap((job) =>
    job.steps
      .filter((step) => !ours.has(step) && !isHarmless(step.uses?.text ?? ""))
      .map((step) =>
        warn(
          `Beside maintenance, job ${foreign(job.id)} ${step.uses ? `uses ${foreign(step.uses.text ?? "")}` : "runs a script"}: that code can take the login.`,
          "Move this step to a job of its own: maintenance needs no checkout and no other step.",
          (step.uses ?? step).at,
        ),
      ),
  );
}

/** Makes the App's token for our step. */
function isHarmless(uses: string): boolean {
  return /^actions\/create-github-app-token@/i.test(uses);
}

/** How long a login waits for its next scheduled refresh job. */
function gapOf(uses: readonly Use[]): number {
  const crons = schedulesOf(uses).map(({ cron }) => parseCron(cron));
  return longestGapMs(crons.filter((cron) => cron !== null));
}

function describeGap(gapMs: number): string {
  return gapMs === Number.POSITIVE_INFINITY ? "any time" : describeDuration(gapMs).replace(/ 0 h$/, "");
}

function schedulesOf(uses: readonly Use[]): Use["workflow"]["schedules"] {
  return [...new Set(uses.map(({ workflow }) => workflow))].flatMap(({ schedules }) => schedules);
}
