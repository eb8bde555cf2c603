import { posix } from "node:path";
import type { CheckoutFiles } from "../../../ports/doctor.ts";
import type { Position } from "../checks/check.ts";
import { readSteps, readWorkflow, type Step, type Workflow } from "./workflow.ts";
import { parseYaml, type Value } from "./yaml-value.ts";

export const WORKFLOWS = ".github/workflows";

/** A file that could not be read as what it should be. */
export interface Unread {
  readonly reason: "malformed" | "too-large" | "no-jobs";
  readonly explanation: string;
  readonly at: Position;
}

/** A composite action of the checkout. */
export interface Composite {
  readonly file: string;
  readonly defaults: ReadonlyMap<string, Value>;
  readonly steps: readonly Step[];
}

/** All that doctor reads of a checkout, read once. */
export interface Checkout {
  readonly workflows: readonly Workflow[];
  /** By the directory that `uses:` names, `./` not included. */
  readonly composites: ReadonlyMap<string, Composite>;
  readonly unread: readonly Unread[];
  /** Whether it is this action's own repository, where `uses: ./` is us. */
  readonly isOurs: boolean;
}

export async function readCheckout(files: CheckoutFiles): Promise<Checkout> {
  const unread: Unread[] = [];
  const workflows: Workflow[] = [];
  const names = (await files.list(WORKFLOWS)).filter((name) => /\.ya?ml$/.test(name)).sort();
  for (const name of names) {
    const file = `${WORKFLOWS}/${name}`;
    const root = await readRoot(files, file, unread);
    if (!root) continue;
    const workflow = readWorkflow(file, root);
    if (workflow) workflows.push(workflow);
    else unread.push({ reason: "no-jobs", explanation: "It has no `jobs:`.", at: { file, line: 1 } });
  }
  const composites = await readComposites(files, workflows, unread);
  return { workflows, composites, unread, isOurs: await isOurRepository(files) };
}

/** @returns the directory in the checkout that a `uses:` names; `null` for actions from elsewhere */
export function localDirectory(uses: string): string | null {
  if (!uses.startsWith("./")) return null;
  const path = posix.normalize(uses.slice(2)).replace(/\/$/, "");
  return path === "." || path === ".." || path.startsWith("../") || path.startsWith("/") ? null : path;
}

async function readComposites(
  files: CheckoutFiles,
  workflows: readonly Workflow[],
  unread: Unread[],
): Promise<ReadonlyMap<string, Composite>> {
  const composites = new Map<string, Composite>();
  const looked = new Set<string>();
  const pending = workflows.flatMap(({ jobs }) => jobs.flatMap(({ steps }) => steps));
  for (let step = pending.pop(); step; step = pending.pop()) {
    const directory = localDirectory(step.uses?.text ?? "");
    if (directory === null || looked.has(directory)) continue;
    looked.add(directory);
    const composite = await readComposite(files, directory, unread);
    if (!composite) continue;
    composites.set(directory, composite);
    pending.push(...composite.steps);
  }
  // Also those that nothing here uses: another repository may.
  for (const directory of (await files.actions()).map((file) => posix.dirname(file))) {
    const composite = looked.has(directory) ? null : await readComposite(files, directory, []);
    if (composite) composites.set(directory, composite);
  }
  return composites;
}

async function readComposite(
  files: CheckoutFiles,
  directory: string,
  unread: Unread[],
): Promise<Composite | null> {
  for (const file of [`${directory}/action.yml`, `${directory}/action.yaml`]) {
    const root = await readRoot(files, file, unread);
    const runs = root?.get("runs");
    if (!root || runs?.get("using")?.text !== "composite") continue;
    const defaults = (root.get("inputs")?.entries() ?? []).flatMap(([name, input]) => {
      const value = input.get("default");
      return value ? [[name.toLowerCase(), value] as const] : [];
    });
    return { file, defaults: new Map(defaults), steps: readSteps(runs.get("steps")) };
  }
  return null;
}

async function readRoot(files: CheckoutFiles, file: string, unread: Unread[]): Promise<Value | null> {
  const content = await files.read(file);
  if (content.kind === "absent") return null;
  if (content.kind === "too-large") {
    const megabytes = (content.bytes / 1_000_000).toFixed(1);
    unread.push({
      reason: "too-large",
      explanation: `It has ${megabytes} MB, and was not read.`,
      at: { file, line: 1 },
    });
    return null;
  }
  const parsed = parseYaml(file, content.text);
  if (parsed.kind === "parsed") return parsed.root;
  unread.push({ reason: "malformed", explanation: `${parsed.reason}.`.replace(/\.\.$/, "."), at: parsed.at });
  return null;
}

async function isOurRepository(files: CheckoutFiles): Promise<boolean> {
  const root = await readRoot(files, "action.yml", []);
  const inputs = root?.get("inputs");
  return Boolean(inputs?.get("codex-auth-json") && inputs.get("secret-write-token"));
}
