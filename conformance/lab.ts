import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CacheService } from "../lab/cache/cache.ts";
import type { Repository } from "../lab/github/github.ts";
import type { Interceptor } from "../lab/loopback-server.ts";
import type { Run } from "../lab/runner/runner.ts";
import { World } from "../lab/world.ts";
import { Api } from "./api.ts";
import type { Ended, Jobs, Part, StartedRun } from "./jobs.ts";
import { Scratch } from "./scratch.ts";
import type { Target } from "./target.ts";

const ROOT = join(import.meta.dirname, "..");
const WORKFLOW = ".github/workflows/conformance.yml";
const REPOSITORY = "lab/conformance";
/** Of a real second, in the lab's runner. */
const SECOND = 0.25;
const TIMING = { sigintMs: 7500 * SECOND, sigtermMs: 2500 * SECOND, streamsMs: 200 };

/** Makes one fact untrue in the lab, to see that its check says so. */
export interface Deviation {
  /** Stands before the lab's GitHub. */
  readonly github?: Interceptor;
  /** Stands before the lab's cache service. */
  readonly cache?: (service: CacheService) => Interceptor;
  /** Changes the workflow or one of its actions, by path. */
  readonly file?: (path: string, text: string) => string;
  /** A cancelled run is ended by force. */
  readonly forced?: boolean;
  /** Changes what a log shows. */
  readonly log?: (log: string) => string;
  /** Acts when a run of that part has been queued. */
  readonly queued?: (part: Part, cache: CacheService) => void;
}

/** The lab, with a token that may do everything and the workflow of this repository. */
export async function labTarget(
  deviation: Deviation = {},
): Promise<Target & { readonly repository: Repository }> {
  const world = await World.start({ timing: TIMING });
  const repository = world.github.repository(REPOSITORY);
  const token = world.github.token(repository, {
    actions: "write",
    administration: "write",
    contents: "write",
    environments: "write",
    secrets: "write",
    variables: "write",
  });
  if (deviation.github) world.github.server.intercept(deviation.github);
  if (deviation.cache) world.cache.server.intercept(deviation.cache(world.cache));
  // The lab's time passes when it is told to.
  const sleep = async (ms: number): Promise<void> => world.clock.advance(ms);
  const api = new Api({ url: world.github.server.url, token, repository: REPOSITORY, paceMs: 0, sleep });
  const jobs = new LabJobs(world, repository, api, deviation);
  return {
    where: "lab",
    repository,
    context: { api, jobApi: undefined, scratch: new Scratch(api), jobs, sleep },
    stop: () => world.stop(),
  };
}

class LabJobs implements Jobs {
  readonly second = SECOND;
  readonly #world: World;
  readonly #repository: Repository;
  readonly #api: Api;
  readonly #deviation: Deviation;
  readonly #files: Readonly<Record<string, string>>;
  readonly #running: Run[] = [];

  constructor(world: World, repository: Repository, api: Api, deviation: Deviation) {
    this.#world = world;
    this.#repository = repository;
    this.#api = api;
    this.#deviation = deviation;
    const change = deviation.file ?? ((_path, text) => text);
    this.#files = Object.fromEntries(
      [WORKFLOW, ...filesBelow("conformance/runner")].map((path) => [
        path,
        change(path, readFileSync(join(ROOT, path), "utf8")),
      ]),
    );
  }

  async start(part: Part, options: { branch?: string; nonce?: string } = {}): Promise<StartedRun> {
    return this.#dispatch(part, options);
  }

  async stop(): Promise<void> {
    for (const run of this.#running) run.forceCancel();
  }

  #dispatch(part: Part, options: { branch?: string; nonce?: string }, rerunOf?: Run): StartedRun {
    const run = this.#world.runner.dispatch({
      repository: this.#repository,
      // Waiting is what takes long.
      workflow: (this.#files[WORKFLOW] ?? "").replaceAll(/hold-seconds: (\d+)/g, (_, seconds) =>
        Number(seconds) > 100 ? `hold-seconds: ${seconds}` : `hold-seconds: ${Number(seconds) / 50}`,
      ),
      path: WORKFLOW,
      event: "workflow_dispatch",
      inputs: { part, nonce: options.nonce ?? "none" },
      files: this.#files,
      codex: "none",
      ...(options.branch ? { ref: `refs/heads/${options.branch}` } : {}),
      ...(rerunOf ? { rerunOf } : {}),
    });
    this.#running.push(run);
    this.#deviation.queued?.(part, this.#world.cache);
    return {
      id: run.id,
      reached: () => printed(run, '"phase":"main"'),
      cancel: async () => (this.#deviation.forced ? run.forceCancel() : run.cancel()),
      ended: () => this.#ended(run),
      again: async () => this.#dispatch(part, options, run),
    };
  }

  async #ended(run: Run): Promise<Ended> {
    const { conclusion, log } = await run.finished;
    const { body } = await this.#api.get(`/actions/runs/${run.id}`);
    const answer = await this.#api.get(`/actions/runs/${run.id}/jobs`);
    const jobs = answer.body.jobs as { conclusion: string; started_at: string }[];
    const ran = jobs.filter((job) => job.conclusion !== "skipped");
    return {
      conclusion,
      log: this.#deviation.log?.(log) ?? log,
      createdAt: String(body.created_at),
      attempt: Number(body.run_attempt),
      startedAt: ran.map(({ started_at }) => started_at).sort()[0] ?? "",
    };
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1));
}

function printed(run: Run, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (run.log.includes(text)) return resolve();
    run.on("log", (line) => {
      if (line.includes(text)) resolve();
    });
    run.finished.then(() => reject(new Error("the run ended before it was reached")), reject);
  });
}
