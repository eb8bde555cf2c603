import { cp, mkdir, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { type ActionManifest, readActionManifest } from "./action-manifest.ts";
import { BUILT_IN_ACTIONS } from "./built-in-actions.ts";
import { type Runnable, Step } from "./step.ts";
import type { StepSpec } from "./workflow.ts";

interface Place {
  readonly directory: string;
  readonly reference: string;
  readonly remote: { readonly repository: string; readonly ref: string } | undefined;
}

const OUR_ACTION = "codex-auth-roundtrip";
const MAX_DEPTH = 9;

/** Where `uses:` finds its actions. */
export class ActionSource {
  readonly #ours: string;
  readonly #others: Readonly<Record<string, string>>;
  readonly #repository: string;
  readonly #repositoryDirectory: string;
  readonly #actionsDirectory: string;

  /**
   * @param places.ours our action's checkout: `uses: <anybody>/codex-auth-roundtrip@<ref>`, `uses: ./` and `uses: $/`
   * @param places.others directories of actions by `owner/name`
   * @param places.repositoryDirectory a directory that holds the repository's files, for `uses: $/path`
   * @param places.actionsDirectory of the machine; what a job uses is copied there, and is its user's then
   */
  constructor(places: {
    ours: string;
    others: Readonly<Record<string, string>>;
    repository: string;
    repositoryDirectory: string;
    actionsDirectory: string;
  }) {
    this.#actionsDirectory = places.actionsDirectory;
    this.#ours = places.ours;
    this.#others = places.others;
    this.#repository = places.repository;
    this.#repositoryDirectory = places.repositoryDirectory;
  }

  /** @throws for an action that the lab does not have, as GitHub fails a job whose action does not exist. */
  async resolve(spec: StepSpec, parent: Step | undefined): Promise<Step> {
    const { uses } = spec;
    if (uses === undefined) return new Step(spec, { kind: "script" }, parent);
    if (uses.startsWith("./")) return new Step(spec, { kind: "local", path: uses }, parent);
    const builtIn = BUILT_IN_ACTIONS[uses.split("@")[0] ?? ""];
    if (builtIn) return new Step(spec, { kind: "built-in", action: builtIn, reference: uses }, parent);
    const place = await this.#remote(uses);
    const manifest = place && (await readActionManifest(place.directory));
    if (!place || !manifest) throw new Error(`Unable to resolve action ${uses}: not in the lab`);
    const step = new Step(spec, { kind: "script" }, parent);
    step.runnable = await this.#runnable(step, place, manifest);
    return step;
  }

  /** Looks into the workspace. @throws when there is no action, as before a checkout. */
  async resolveLocal(step: Step, path: string, workspace: string): Promise<Runnable> {
    const directory = join(workspace, path);
    const inWorkspace = await readActionManifest(directory);
    const place: Place = { directory, reference: path, remote: undefined };
    if (inWorkspace) return this.#runnable(step, place, inWorkspace);
    const own = path === "./" ? await readActionManifest(this.#ours) : undefined;
    // The repository is ours, and the story has left our files out.
    if (own) {
      await copyAction(this.#ours, directory);
      return this.#runnable(step, place, own);
    }
    throw new Error(
      `Can't find 'action.yml', 'action.yaml' or 'Dockerfile' under '${directory}'. Did you forget to run actions/checkout before running your local action?`,
    );
  }

  async #remote(uses: string): Promise<Place | undefined> {
    if (uses.startsWith("$/")) {
      const path = uses.slice("$/".length).split("@")[0] ?? "";
      const source = path === "" ? this.#ours : join(this.#repositoryDirectory, path);
      const remote = { repository: this.#repository, ref: "" };
      return { directory: await this.#lay(source, `${this.#repository}/$/${path}`), reference: uses, remote };
    }
    const [repository = "", ref = ""] = uses.split("@");
    const source =
      this.#others[repository] ?? (repository.split("/")[1] === OUR_ACTION ? this.#ours : undefined);
    if (source === undefined) return undefined;
    const directory = await this.#lay(source, `${repository}/${ref}`);
    return { directory, reference: uses, remote: { repository, ref } };
  }

  /** `_actions/OWNER/NAME/REF`, as on a runner. */
  async #lay(source: string, place: string): Promise<string> {
    const directory = join(this.#actionsDirectory, place);
    if (await readActionManifest(source)) await copyAction(source, directory);
    return directory;
  }

  async #runnable(step: Step, place: Place, { runs, inputs }: ActionManifest): Promise<Runnable> {
    if (runs.using === "node") return { kind: "node", ...place, inputs, runs };
    if (step.depth >= MAX_DEPTH) throw new Error("Composite action depth exceeded max depth 9");
    const steps: Step[] = [];
    for (const spec of runs.steps) steps.push(await this.resolve(spec, step));
    return { kind: "composite", ...place, inputs, runs, steps };
  }
}

/** Of a checkout with a dist, what GitHub's archive of it holds (.gitattributes); of anything else, all of it. */
const SHIPPED: ReadonlySet<string> = new Set(["action.yml", "action.yaml", "dist"]);
const LEFT_OUT: ReadonlySet<string> = new Set(["cli.js", "command-line.js"]);

async function copyAction(from: string, to: string): Promise<void> {
  const entries = await readdir(from);
  const wanted = entries.includes("dist")
    ? entries.filter((entry) => SHIPPED.has(entry))
    : entries.filter((entry) => entry !== ".git" && entry !== "node_modules");
  await mkdir(to, { recursive: true });
  for (const entry of wanted)
    await cp(join(from, entry), join(to, entry), {
      recursive: true,
      filter: (source) => !LEFT_OUT.has(relative(join(from, "dist"), source)),
    });
}
