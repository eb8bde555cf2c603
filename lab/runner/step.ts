import type { CompositeRuns, NodeRuns } from "./action-manifest.ts";
import type { BuiltInAction } from "./built-in-actions.ts";
import type { PhaseName } from "./job-log.ts";
import type { StepSpec } from "./workflow.ts";

export type Stage = "pre" | "main" | "post";

export type Outcome = "success" | "failure" | "cancelled" | "skipped";

export interface PhaseResult {
  readonly phase: PhaseName;
  /** Null when a signal ended it, or when it was not a process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  /** Null for what the runner does itself. */
  readonly pid: number | null;
}

/** What a step runs. A path inside the repository is looked up when the step's main comes: it takes a checkout. */
export type Runnable =
  | { readonly kind: "script" }
  | { readonly kind: "local"; readonly path: string }
  | { readonly kind: "built-in"; readonly action: BuiltInAction; readonly reference: string }
  | NodeAction
  | CompositeAction;

interface ActionPlace {
  /** As the log shows it. */
  readonly reference: string;
  /** `owner/name` and ref; undefined for an action of the workspace. */
  readonly remote: { readonly repository: string; readonly ref: string } | undefined;
  readonly directory: string;
  readonly inputs: Readonly<Record<string, string | undefined>>;
}

export interface NodeAction extends ActionPlace {
  readonly kind: "node";
  readonly runs: NodeRuns;
}

export interface CompositeAction extends ActionPlace {
  readonly kind: "composite";
  readonly runs: CompositeRuns;
  readonly steps: readonly Step[];
}

/** One step of a job, or of a composite action in it, and what has become of it. */
export class Step {
  readonly spec: StepSpec;
  /** The composite step it belongs to. */
  readonly parent: Step | undefined;
  /** 0 in the workflow itself, 1 in a composite action, 2 in a composite action of a composite action. */
  readonly depth: number;
  runnable: Runnable;
  name: string;
  outcome: Outcome = "skipped";
  conclusion: Outcome = "skipped";
  readonly outputs: Record<string, string> = {};
  readonly state: Record<string, string> = {};
  readonly phases: PhaseResult[] = [];
  /** Its post is in line; it will not be put there twice. */
  postRegistered = false;

  constructor(spec: StepSpec, runnable: Runnable, parent?: Step) {
    this.spec = spec;
    this.runnable = runnable;
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
    this.name =
      spec.name ?? (spec.uses === undefined ? `Run ${firstLine(spec.run ?? "")}` : `Run ${spec.uses}`);
  }

  /** How events name it. */
  get label(): string {
    return this.spec.id ?? this.name;
  }
}

/** `run` for the main of a `run:` step. */
export function phaseName(step: Step, stage: Stage): PhaseName {
  return stage === "main" && step.runnable.kind === "script" ? "run" : stage;
}

export function firstLine(script: string): string {
  return script.trimStart().split(/\r?\n/)[0] ?? "";
}
