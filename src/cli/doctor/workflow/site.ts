import { foreign } from "../../../core/text/escape.ts";
import type { Checkout } from "./checkout.ts";
import type { Job, Step, Workflow } from "./workflow.ts";
import type { Value } from "./yaml-value.ts";

/** A step of the checkout, whoever's action it is, and how a person finds it. */
export interface Site {
  readonly step: Step;
  /** `job `build`, step 2 (`Store the login`)`, for sentences. */
  readonly name: string;
  /** `null` in a composite action. */
  readonly workflow: Workflow | null;
  readonly job: Job | null;
}

/** Every step of every workflow and composite action. */
export function sitesOf({ workflows, composites }: Checkout): readonly Site[] {
  const ofJobs = workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps.map((step, index) => {
        return { step, name: `job ${foreign(job.id)}, ${describeStep(step, index)}`, workflow, job };
      }),
    ),
  );
  const ofComposites = [...composites.values()].flatMap(({ file, steps }) =>
    steps.map((step, index) => {
      const name = `action ${foreign(file)}, ${describeStep(step, index)}`;
      return { step, name, workflow: null, job: null };
    }),
  );
  return [...ofJobs, ...ofComposites];
}

/** What a step runs, hands to its action, and sets as variables. */
export function textsOf({ value }: Step): readonly Value[] {
  const run = value.get("run");
  const given = [value.get("with"), value.get("env")].flatMap((map) => map?.entries() ?? []);
  return [...(run ? [run] : []), ...given.map(([, text]) => text)];
}

function describeStep({ value }: Step, index: number): string {
  const named = value.get("name")?.text || value.get("uses")?.text || "";
  return `step ${index + 1}${named === "" ? "" : ` (${foreign(named)})`}`;
}
