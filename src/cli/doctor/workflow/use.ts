import type { Position } from "../checks/check.ts";
import { type Checkout, type Composite, localDirectory } from "./checkout.ts";
import { type Destination, readDestinations } from "./destination.ts";
import { isExpression, secretNamesIn, wholeInput, wholeSecret, wholeVariable } from "./expression.ts";
import type { Concurrency, Given, Job, Step, Workflow } from "./workflow.ts";
import type { Value } from "./yaml-value.ts";

/** One way in which our action comes to run: a step, and what leads to it. */
export interface Use {
  /**
   * `refresh`: may refresh. `read-only`: never does. `persistent`: the login stays on a host.
   * What only a run knows counts as one that may.
   */
  readonly kind: "refresh" | "read-only" | "persistent";
  /** The workflow that is triggered. */
  readonly workflow: Workflow;
  /** Jobs from that workflow's down to the one whose step it is; more than one where reusable workflows are called. */
  readonly route: readonly [Stage, ...Stage[]];
  /** Composite actions that lead from the job to the step, outermost first. */
  readonly composites: readonly Composite[];
  /** The step that belongs to the job: ours, or the outermost composite's. */
  readonly jobStep: Step;
  readonly step: Step;
  readonly at: Position;
  /** An input of ours with the callers' values put in; `null` when it is not given. */
  readonly input: (name: string) => Value | null;
  /** Secrets that `codex-auth-json` reads, by the names that the triggered workflow gives them. */
  readonly reads: readonly string[];
  /** Of the secret that is written back; `null` when only a run knows. */
  readonly secretName: string | null;
  /** Where it writes access copies. */
  readonly copies: readonly Destination[];
  /** Secrets that a caller does not hand on to the workflow that reads them. */
  readonly missing: readonly { readonly name: string; readonly at: Position }[];
  /** `""`: none is given. `null`: only a run knows. */
  readonly environment: string | null;
  /** Where the secret's expression passes on its way to us. */
  readonly passage: readonly Value[];
}

export interface Stage {
  readonly workflow: Workflow;
  readonly job: Job;
}

/** Every way in which the checkout's workflows come to run our action. */
export function findUses(checkout: Checkout): readonly Use[] {
  const called = new Set(
    checkout.workflows.flatMap(({ jobs }) =>
      jobs.map(({ uses }) => localDirectory(uses?.text ?? "")).filter((path) => path !== null),
    ),
  );
  const roots = checkout.workflows.filter(
    ({ file, events }) => !called.has(file) || events.some(({ name }) => name !== "workflow_call"),
  );
  return roots.flatMap((workflow) => usesOf(checkout, workflow, { route: [], scope: OUTERMOST }));
}

/** The job whose step it is. */
export function jobOf({ route }: Use): Job {
  return stageOf(route).job;
}

/** Jobs that run the user's code or Codex and never refresh. */
export function codexJobsOf(uses: readonly Use[]): readonly Use[] {
  return uses.filter(({ kind }) => kind === "read-only");
}

function stageOf(route: Use["route"]): Stage {
  return route.at(-1) ?? route[0];
}

/** The groups a use holds, from the triggered workflow's down to the job's. */
export function groupsOf({ route }: Use): readonly Concurrency[] {
  return route.flatMap(({ workflow, job }) => [workflow.concurrency ?? [], job.concurrency ?? []].flat());
}

/** Which stored login a use is about; `null` when only a run knows. */
export function placeKey({ secretName, environment }: Use): string | null {
  if (secretName === null || environment === null) return null;
  return `${environment.toLowerCase()}/${secretName.toUpperCase()}`;
}

/** Uses of one login, together. */
export function byPlace(uses: readonly Use[]): readonly (readonly Use[])[] {
  const places = new Map<string, Use[]>();
  for (const use of uses) {
    const key = placeKey(use);
    if (key !== null) places.set(key, [...(places.get(key) ?? []), use]);
  }
  return [...places.values()];
}

export function refreshJobsOf(uses: readonly Use[]): readonly Use[] {
  return uses.filter(({ kind }) => kind === "refresh");
}

/** What `inputs` and `secrets` mean at a place, in terms of the triggered workflow. */
interface Scope {
  readonly input: (name: string) => { readonly value: Value; readonly scope: Scope } | null;
  /** @returns the names in the triggered workflow, and where the secret was handed on */
  readonly secret: (name: string) => {
    readonly names: readonly string[];
    readonly passage: readonly Value[];
  };
}

const OUTERMOST: Scope = { input: () => null, secret: (name) => ({ names: [name], passage: [] }) };

function usesOf(
  checkout: Checkout,
  workflow: Workflow,
  { route, scope }: { route: readonly Stage[]; scope: Scope },
): readonly Use[] {
  if (route.some((stage) => stage.workflow === workflow)) return [];
  return workflow.jobs.flatMap((job) => {
    const here = [...route, { workflow, job }] as const;
    const callee = checkout.workflows.find(({ file }) => file === localDirectory(job.uses?.text ?? ""));
    if (callee) return usesOf(checkout, callee, { route: here, scope: scopeOfCall(job, scope) });
    const [first = { workflow, job }, ...rest] = here;
    return job.steps.flatMap((step) =>
      usesOfStep(checkout, step, { route: [first, ...rest], jobStep: step, composites: [], scope }),
    );
  });
}

interface Way {
  readonly route: Use["route"];
  readonly jobStep: Step;
  readonly composites: readonly Composite[];
  readonly scope: Scope;
}

function usesOfStep(checkout: Checkout, step: Step, way: Way): readonly Use[] {
  const uses = step.uses?.text ?? "";
  if (isOurAction(uses, checkout)) return [readUse(step, way)];
  const composite = checkout.composites.get(localDirectory(uses) ?? "");
  if (!composite || way.composites.includes(composite)) return [];
  const scope = scopeOfComposite(step.with, composite, way.scope);
  const composites = [...way.composites, composite];
  return composite.steps.flatMap((inner) => usesOfStep(checkout, inner, { ...way, composites, scope }));
}

/** Any owner's copy of the action; in its own repository also the checkout itself. */
export function isOurAction(uses: string, { isOurs }: Checkout): boolean {
  if (/^[^./\s][^/\s]*\/codex-auth-roundtrip(@\S*)?$/i.test(uses)) return true;
  return isOurs && (uses === "./" || uses === "." || uses === "$/");
}

function readUse(step: Step, { route, jobStep, composites, scope }: Way): Use {
  const variables = [stageOf(route).workflow.root, stageOf(route).job.value, step.value].map((value) =>
    value.get("env"),
  );
  const resolve = (name: string): Resolved | null => {
    const value = step.with.get(name);
    if (!value) return null;
    const variable = wholeVariable(value.text ?? "");
    const set = variable && variables.findLast((map) => map?.get(variable))?.get(variable);
    if (!set) return follow(value, scope);
    const resolved = follow(set, scope);
    return { ...resolved, passage: [value, ...resolved.passage] };
  };
  const input = (name: string): Value | null => resolve(name)?.value ?? null;
  const text = (name: string, absent: string): string | null => {
    const found = input(name)?.text ?? "";
    return isExpression(found) ? null : found || absent;
  };
  const login = resolve("codex-auth-json");
  const found = secretNamesIn(login?.value.text ?? "").flatMap((name) => login?.scope.secret(name) ?? []);
  const reads = found.flatMap(({ names }) => names);
  const kind = kindOf(text);
  const call = route.at(-2)?.job;
  const missing = ["codex-auth-json", "secret-write-token", "private-key"].flatMap((name) => {
    const resolved = resolve(name);
    const secrets = secretNamesIn(resolved?.value.text ?? "");
    return secrets.filter((secret) => resolved?.scope.secret(secret).names.length === 0);
  });
  return {
    kind,
    workflow: route[0].workflow,
    route,
    composites,
    jobStep,
    step,
    at: (step.uses ?? step).at,
    input,
    reads,
    // A job that never refreshes writes nothing: it is about what it reads.
    secretName:
      (kind === "read-only" ? reads[0] : undefined) ??
      text("secret-name", "CODEX_AUTH_JSON")?.toUpperCase() ??
      null,
    copies: readDestinations(input("access-copies")),
    missing: missing.map((name) => ({ name, at: (call?.uses ?? step).at })),
    environment: text("environment", ""),
    passage: [...(login?.passage ?? []), ...found.flatMap(({ passage }) => passage)],
  };
}

function kindOf(text: (name: string, absent: string) => string | null): Use["kind"] {
  if (text("home-lifetime", "ephemeral") === "persistent") return "persistent";
  const neverRefreshes =
    text("refresh", "auto") === "never" && text("refresh-token", "withheld") !== "present";
  return neverRefreshes ? "read-only" : "refresh";
}

interface Resolved {
  readonly value: Value;
  /** In which the value's own expressions are meant. */
  readonly scope: Scope;
  /** Every value on the way, the last included. */
  readonly passage: readonly Value[];
}

function follow(value: Value, scope: Scope): Resolved {
  const name = wholeInput(value.text ?? "");
  const outer = name === null ? null : scope.input(name);
  if (!outer) return { value, scope, passage: [value] };
  const resolved = follow(outer.value, outer.scope);
  return { ...resolved, passage: [value, ...resolved.passage] };
}

function scopeOfCall(job: Job, outer: Scope): Scope {
  return {
    input: (name) => given(job.with, name, outer),
    secret: (name) => {
      if (job.secrets.inherited) return outer.secret(name);
      const value = job.secrets.given.get(name.toLowerCase());
      if (!value) return { names: [], passage: [] };
      const named = wholeSecret(value.text ?? "");
      const found = named === null ? { names: [], passage: [] } : outer.secret(named);
      return { ...found, passage: [value, ...found.passage] };
    },
  };
}

function scopeOfComposite(inputs: Given, composite: Composite, outer: Scope): Scope {
  return {
    input: (name) => given(inputs, name, outer) ?? given(composite.defaults, name, outer),
    // A composite action knows no secrets of its own.
    secret: (name) => outer.secret(name),
  };
}

function given(values: Given, name: string, scope: Scope): { value: Value; scope: Scope } | null {
  const value = values.get(name);
  return value ? { value, scope } : null;
}
