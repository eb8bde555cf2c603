import type { Position } from "../checks/check.ts";
import type { Value } from "./yaml-value.ts";

/** A workflow file, read for what matters to a login. */
export interface Workflow {
  readonly file: string;
  readonly root: Value;
  readonly events: readonly { readonly name: string; readonly at: Position }[];
  readonly schedules: readonly { readonly cron: string; readonly at: Position }[];
  readonly concurrency: Concurrency | null;
  readonly jobs: readonly Job[];
}

export interface Concurrency {
  readonly group: string;
  readonly queue: string;
  readonly cancelInProgress: string;
  readonly level: "workflow" | "job";
  readonly at: Position;
}

export interface Job {
  readonly id: string;
  readonly at: Position;
  readonly value: Value;
  readonly environment: { readonly name: string; readonly at: Position } | null;
  readonly concurrency: Concurrency | null;
  readonly runsOn: string;
  readonly needs: readonly string[];
  /** A matrix whose jobs may run at the same time. */
  readonly matrix: Position | null;
  /** Calls a reusable workflow instead of having steps. */
  readonly uses: Value | null;
  /** What it hands to the workflow it calls. */
  readonly with: Given;
  readonly secrets: { readonly inherited: boolean; readonly given: Given };
  readonly steps: readonly Step[];
}

export interface Step {
  readonly at: Position;
  readonly value: Value;
  readonly uses: Value | null;
  readonly with: Given;
}

/** Values by name; names are in lower case. */
export type Given = ReadonlyMap<string, Value>;

/** @returns `null` when it has no jobs, so that GitHub runs nothing of it */
export function readWorkflow(file: string, root: Value): Workflow | null {
  const jobs = root.get("jobs");
  if (!jobs?.isMap) return null;
  const on = root.get("on");
  return {
    file,
    root,
    events: on ? readEvents(on) : [],
    schedules: (on?.get("schedule")?.items() ?? []).map((item) => {
      const cron = item.get("cron");
      return { cron: cron?.text ?? "", at: (cron ?? item).at };
    }),
    concurrency: readConcurrency(root.get("concurrency"), "workflow"),
    jobs: jobs.entries().map(([id, job]) => readJob(id, job)),
  };
}

/** The steps of a job or of a composite action. */
export function readSteps(steps: Value | null): readonly Step[] {
  return (steps?.items() ?? []).map((step) => ({
    at: step.at,
    value: step,
    uses: step.get("uses"),
    with: readGiven(step.get("with")),
  }));
}

export function readGiven(values: Value | null): Given {
  return new Map((values?.entries() ?? []).map(([name, value]) => [name.toLowerCase(), value]));
}

function readEvents(on: Value): Workflow["events"] {
  if (on.text) return [{ name: on.text, at: on.at }];
  const listed = on.items().map((item) => ({ name: item.text ?? "", at: item.at }));
  return [...listed, ...on.entries().map(([name, value]) => ({ name, at: value.at }))];
}

function readConcurrency(value: Value | null, level: Concurrency["level"]): Concurrency | null {
  const group = value?.text ?? value?.get("group")?.text ?? "";
  if (!value || group === "") return null;
  return {
    group,
    queue: value.get("queue")?.text ?? "",
    cancelInProgress: value.get("cancel-in-progress")?.text ?? "",
    level,
    at: value.at,
  };
}

function readJob(id: string, job: Value): Job {
  const environment = job.get("environment");
  const name = environment?.text ?? environment?.get("name")?.text ?? "";
  const needs = job.get("needs");
  const strategy = job.get("strategy");
  const matrix = strategy?.get("matrix") ?? null;
  const secrets = job.get("secrets");
  const runsOn = job.get("runs-on");
  return {
    id,
    at: job.at,
    value: job,
    environment: environment && name !== "" ? { name, at: environment.at } : null,
    concurrency: readConcurrency(job.get("concurrency"), "job"),
    runsOn: runsOn?.text ?? (runsOn?.items() ?? []).map(({ text }) => text ?? "").join(", "),
    needs: needs?.text ? [needs.text] : (needs?.items() ?? []).map(({ text }) => text ?? ""),
    matrix: matrix && strategy?.get("max-parallel")?.text !== "1" ? matrix.at : null,
    uses: job.get("uses"),
    with: readGiven(job.get("with")),
    secrets: { inherited: secrets?.text === "inherit", given: readGiven(secrets) },
    steps: readSteps(job.get("steps")),
  };
}
