import { createHash, randomBytes } from "node:crypto";
import { need } from "../api.ts";
import { type Check, type Context, NotAsked, type Verdict, verdict } from "../check.ts";
import { type Ended, saidBy } from "../jobs.ts";
import { putSecret } from "../sealed.ts";

const QUEUED = 3;
/** Two runners' clocks, and a date in whole seconds. */
const CLOCKS_APART_MS = 2000;

/** The part `stages`, run once and looked at by several checks. */
function staged(look: (ended: Ended) => Verdict): Check["ask"] {
  return async (context) => look(await stagesOf(context));
}

const stages = new WeakMap<Context, Promise<Ended>>();

async function stagesOf(context: Context): Promise<Ended> {
  const once = stages.get(context) ?? context.jobs.start("stages").then((run) => run.ended());
  stages.set(context, once);
  const ended = await once;
  if (ended.conclusion !== "success") throw new NotAsked(`the job of part stages: ${ended.conclusion}`);
  return ended;
}

/** `pre repository, main workspace, …` in order. */
function phasesIn({ log }: Ended): string[] {
  return saidBy(log, "phase").map(({ phase, name }) => `${phase} ${name}`);
}

const pre: Check = {
  number: "J1",
  fact: "`pre` runs for `uses: $/`, before every main, and not for `uses: ./`; posts run last registered first, those with a pre last.",
  by: "jobs",
  ask: staged((ended) => {
    const phases = phasesIn(ended);
    const at = (phase: string): number => phases.indexOf(phase);
    const mains = phases.filter((phase) => phase.startsWith("main")).map(at);
    return verdict(
      at("pre repository") >= 0 &&
        at("pre repository") < Math.min(...mains) &&
        at("pre workspace") < 0 &&
        at("post workspace") >= 0 &&
        at("post workspace") < at("post repository"),
      phases.join(", "),
    );
  }),
};

const inputs: Check = {
  number: "J2",
  fact: "A post gets its step's inputs; two composite actions deep it gets them empty.",
  by: "jobs",
  ask: staged(({ log }) => {
    const posts = saidBy(log, "phase").filter(({ phase }) => phase === "post");
    const given = (name: string): boolean =>
      posts.some((post) => post.name === name && post.given === "a-value");
    const empty = posts.filter((post) => post.given === "").length;
    return verdict(
      given("repository") && given("composite") && !given("nested") && empty === 1,
      posts.map((post) => `${String(post.name) || "(empty)"}: ${String(post.given) || "(empty)"}`).join(", "),
    );
  }),
};

const tracking: Check = {
  number: "J3",
  fact: "`RUNNER_TRACKING_ID` is set in every phase, and is one a job.",
  by: "jobs",
  ask: staged(({ log }) => {
    const ids = saidBy(log, "phase").map(({ trackingId }) => String(trackingId));
    const different = [...new Set(ids)];
    return verdict(
      ids.length > 0 && different.length === 1 && different[0] !== "null",
      `${different.length} in ${ids.length} phases`,
    );
  }),
};

const FORMS = [
  "plain",
  "base64",
  "base64, shifted by one",
  "base64, shifted by two",
  "json",
  "uri",
  "first line",
  "second line",
];

const masks: Check = {
  number: "J4",
  fact: "A masked value is masked as it is, each of its lines, and in base64 (at all three alignments), JSON and URI form.",
  by: "jobs",
  ask: staged(({ log }) => {
    const shown = FORMS.filter((form) => {
      const seen = new RegExp(`mask <${form}>: (.*) <end>`).exec(log)?.[1];
      if (seen === undefined) throw new NotAsked(`the form ${form} is not in the log`);
      return !/^\S{0,4}\*\*\*\S{0,4}$/.test(seen);
    });
    return verdict(shown.length === 0, shown.length === 0 ? "all are" : `shown: ${shown.join(", ")}`);
  }),
};

const createdAt: Check = {
  number: "A1",
  fact: "A run's `created_at` has whole seconds, is not after its first job, and stays over a re-run.",
  by: "jobs",
  async ask(context) {
    await stagesOf(context);
    const run = await context.jobs.start("queue");
    const first = await run.ended();
    const second = await (await run.again()).ended();
    return verdict(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(first.createdAt) &&
        first.createdAt <= first.startedAt &&
        second.createdAt === first.createdAt &&
        second.attempt === 2,
      `${first.createdAt}, first job ${first.startedAt}; attempt ${second.attempt}: ${second.createdAt}`,
    );
  },
};

const group: Check = {
  number: "A2",
  fact: "While a job runs, its run is `in_progress`, and `concurrency_groups` names the job's group with this run in it; afterwards it is `completed`.",
  by: "jobs",
  async ask({ api, jobs }) {
    const run = await jobs.start("hold");
    await run.reached("hold");
    const path = `/actions/runs/${run.id}`;
    const during = String((await api.get(path)).body.status);
    const { body } = need(await api.get(`${path}/concurrency_groups`), [200], "GET of the groups");
    await run.cancel();
    await run.ended();
    const after = String((await api.get(path)).body.status);
    const groups = (Array.isArray(body.concurrency_groups) ? body.concurrency_groups : []) as {
      group_name?: string;
      group_members?: readonly { run_id?: number }[];
    }[];
    const own = groups.find(({ group_name }) => group_name === "conformance-secrets");
    const isMember = own?.group_members?.some(({ run_id }) => run_id === run.id) === true;
    return verdict(
      during === "in_progress" && isMember && after === "completed",
      `${during}, in the group: ${isMember}; then ${after}`,
    );
  },
};

const cancelled: Check = {
  number: "J5",
  fact: "A cancelled main gets SIGINT, about 7.5 s later SIGTERM, and the post still runs, with its inputs.",
  by: "jobs",
  async ask({ jobs }) {
    const run = await jobs.start("cancel");
    await run.reached("hold");
    await run.cancel();
    const { log, conclusion } = await run.ended();
    const said = saidBy(log, "phase");
    const at = (signal: string): number =>
      Date.parse(String(said.find((entry) => entry.signal === signal)?.at ?? ""));
    const post = said.find(({ phase }) => phase === "post");
    const apartS = (at("SIGTERM") - at("SIGINT")) / 1000 / jobs.second;
    return verdict(
      apartS > 5 && apartS < 20 && post?.given === "a-value" && conclusion === "cancelled",
      `${conclusion}; SIGTERM ${apartS} s after SIGINT; post ${post ? "ran" : "did not run"}`,
    );
  },
};

const queue: Check = {
  number: "J6",
  fact: `With \`queue: max\`, ${QUEUED} jobs of one group all run, one after the other, in the order of their runs.`,
  by: "jobs",
  async ask({ jobs }) {
    const runs = [];
    for (let index = 0; index < QUEUED; index++) runs.push(await jobs.start("queue"));
    const ends = await Promise.all(runs.map((run) => run.ended()));
    const spans = ends.map(({ log }) => {
      const times = saidBy(log, "phase").map(({ at }) => Date.parse(String(at)));
      return { from: Math.min(...times), to: Math.max(...times) };
    });
    const inOrder = spans.every(({ from }, index) => from >= (spans[index - 1]?.to ?? 0));
    return verdict(
      ends.every(({ conclusion }) => conclusion === "success") && inOrder,
      `${ends.map(({ conclusion }) => conclusion).join(", ")}; ${inOrder ? "in order" : "not in order"}`,
    );
  },
};

/** As the part `secrets` prints it. */
function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 12);
}

const secretsRead: Check = {
  number: "J7",
  fact: "A job that waits gets a repository secret as it was when the run was queued, and an environment secret as it is when the job starts.",
  by: "jobs",
  async ask(context) {
    const { api, scratch, jobs } = context;
    await scratch.environment();
    const places = [
      { list: scratch.secrets("repository"), name: "CODEX_CONFORMANCE_READ_OF_REPOSITORY" },
      { list: scratch.secrets("environment"), name: "CODEX_CONFORMANCE_READ_OF_ENVIRONMENT" },
    ];
    const store = async (value: string): Promise<void> => {
      for (const { list, name } of places)
        need(await putSecret(api, list, name, value), [201, 204], `PUT of ${name}`);
    };
    const [before, after] = [randomBytes(12).toString("hex"), randomBytes(12).toString("hex")];
    await store(before);
    const holding = await jobs.start("hold");
    await holding.reached("hold");
    const waiting = await jobs.start("secrets");
    await context.sleep(5000);
    await store(after);
    await holding.cancel();
    const held = saidBy((await holding.ended()).log, "phase").map(({ at }) => Date.parse(String(at)));
    const { log } = await waiting.ended();
    const startedMs = Math.min(...saidBy(log, "secret").map(({ at }) => Date.parse(String(at))));
    if (!(startedMs + CLOCKS_APART_MS >= Math.max(...held))) throw new NotAsked("the job did not wait");
    const seen = saidBy(log, "secret").map(({ of, hash }) => {
      const which = hash === hashOf(before) ? "before" : hash === hashOf(after) ? "after" : "neither";
      return `${of}: ${which}`;
    });
    return verdict(seen.join(", ") === "repository: before, environment: after", seen.join(", "));
  },
};

export const runChecks: readonly Check[] = [
  pre,
  inputs,
  tracking,
  masks,
  createdAt,
  group,
  cancelled,
  queue,
  secretsRead,
];
