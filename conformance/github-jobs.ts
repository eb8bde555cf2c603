import { randomBytes } from "node:crypto";
import { type Api, need } from "./api.ts";
import { NotAsked } from "./check.ts";
import type { Ended, Jobs, Part, StartedRun } from "./jobs.ts";

const WORKFLOW = "conformance.yml";
const POLL_MS = 4000;
/** To find the run, to reach a step, to end. Runners may be a while in coming. */
const PATIENCE_MS = 10 * 60_000;

interface JobRecord {
  readonly id: number;
  readonly conclusion: string | null;
  readonly started_at: string;
  readonly steps?: readonly { readonly name: string; readonly status: string }[];
}

/** The parts of the workflow, started by the API. */
export class GithubJobs implements Jobs {
  readonly second = 1;
  readonly #api: Api;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #defaultBranch: Promise<string>;
  readonly #running = new Set<number>();

  constructor(api: Api, sleep: (ms: number) => Promise<void>) {
    this.#api = api;
    this.#sleep = sleep;
    this.#defaultBranch = api.get("").then(({ body }) => String(body.default_branch));
    this.#defaultBranch.catch(() => {});
  }

  async start(part: Part, options: { branch?: string; nonce?: string } = {}): Promise<StartedRun> {
    const nonce = options.nonce ?? randomBytes(4).toString("hex");
    // Two runs of one part and one nonce are told apart by their ids.
    const before = new Set((await this.#named(part, nonce)).map(({ id }) => id));
    const ref = options.branch ?? (await this.#defaultBranch);
    const answer = await this.#api.write("POST", `/actions/workflows/${WORKFLOW}/dispatches`, {
      ref,
      inputs: { part, nonce },
    });
    need(answer, [200, 204], `start of the workflow ${WORKFLOW}`);
    const id = await this.#until(`the run of ${part}`, async () => {
      const found = (await this.#named(part, nonce)).find((run) => !before.has(run.id));
      return found?.id;
    });
    this.#running.add(id);
    return this.#run(id);
  }

  async stop(): Promise<void> {
    for (const id of this.#running) await this.#api.write("POST", `/actions/runs/${id}/cancel`);
    this.#running.clear();
  }

  async #named(part: Part, nonce: string): Promise<{ id: number }[]> {
    const path = `/actions/workflows/${WORKFLOW}/runs?event=workflow_dispatch&per_page=30`;
    const answer = await this.#api.get(path);
    // There is no such workflow: its start says so better.
    if (answer.status === 404) return [];
    const { body } = need(answer, [200], "GET of the runs");
    const runs = body.workflow_runs as { id: number; display_title: string }[];
    return runs.filter(({ display_title }) => display_title === `conformance ${part} ${nonce}`);
  }

  #run(id: number): StartedRun {
    const path = `/actions/runs/${id}`;
    const jobs = async (): Promise<readonly JobRecord[]> =>
      need(await this.#api.get(`${path}/jobs`), [200], "GET of the jobs").body.jobs as JobRecord[];
    return {
      id,
      reached: async (step) => {
        await this.#until(`step ${step}`, async () => {
          const steps = (await jobs()).flatMap((job) => job.steps ?? []);
          return steps.some(
            ({ name, status }) => name === step && status !== "queued" && status !== "pending",
          );
        });
        // The API is behind the runner, and the step's process starts after the step.
        await this.#sleep(10_000);
      },
      cancel: async () => {
        need(await this.#api.write("POST", `${path}/cancel`), [202], "cancel");
      },
      ended: async () => this.#ended(id, jobs),
      again: async () => {
        need(await this.#api.write("POST", `${path}/rerun`), [201], "re-run");
        this.#running.add(id);
        await this.#until("the next attempt", async () => {
          const { status } = (await this.#api.get(path)).body;
          return status === "completed" ? undefined : true;
        });
        return this.#run(id);
      },
    };
  }

  async #ended(id: number, jobs: () => Promise<readonly JobRecord[]>): Promise<Ended> {
    const run = await this.#until("the run's end", async () => {
      const { body } = need(await this.#api.get(`/actions/runs/${id}`), [200], "GET of the run");
      return body.status === "completed" ? body : undefined;
    });
    this.#running.delete(id);
    const done = (await jobs()).filter(({ conclusion }) => conclusion !== "skipped");
    const logs: string[] = [];
    for (const job of done) {
      const log = await this.#until("the log", async () => {
        const answer = await this.#api.get(`/actions/jobs/${job.id}/logs`);
        return answer.status === 200 ? answer.text : undefined;
      });
      logs.push(log);
    }
    return {
      conclusion: String(run.conclusion),
      log: logs.join("\n"),
      createdAt: String(run.created_at),
      attempt: Number(run.run_attempt),
      startedAt: done.map(({ started_at }) => started_at).sort()[0] ?? "",
    };
  }

  async #until<Found>(what: string, look: () => Promise<Found | undefined | false>): Promise<Found> {
    for (let waitedMs = 0; waitedMs <= PATIENCE_MS; waitedMs += POLL_MS) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await this.#sleep(POLL_MS);
    }
    throw new NotAsked(`${what} did not come within ten minutes`);
  }
}
