import { randomBytes } from "node:crypto";
import { need } from "../api.ts";
import { type Check, type Context, NotAsked, verdict } from "../check.ts";
import { type Said, saidBy } from "../jobs.ts";
import { PATH_PREFIX } from "../scratch.ts";

interface Answers {
  readonly nonce: string;
  readonly said: readonly Said[];
}

const written = new WeakMap<Context, Promise<Answers>>();

/** The part `cache`, run once: what its two jobs were answered, in order. */
async function answersOf(context: Context): Promise<Answers> {
  const run = async (): Promise<Answers> => {
    const nonce = randomBytes(4).toString("hex");
    const { log } = await (await context.jobs.start("cache", { nonce })).ended();
    const said = saidBy(log, "cache");
    const failed = said.find((answer) => answer.failed !== undefined);
    if (failed || said.length === 0)
      throw new NotAsked(`the cache did not answer: ${String(failed?.failed ?? "nothing was printed")}`);
    return { nonce, said };
  };
  const once = written.get(context) ?? run();
  written.set(context, once);
  return once;
}

function cached(number: string, fact: string, look: (said: readonly Said[]) => [boolean, string]): Check {
  return {
    number,
    fact,
    by: "jobs",
    async ask(context) {
      const { said } = await answersOf(context);
      return verdict(...look(said));
    },
  };
}

const immutable = cached(
  "C1",
  "A cache key that is taken cannot be written again (409), and keeps its content.",
  ([first, second, found]) => [
    first?.saved === true && second?.saved === false && second.status === 409 && found?.found === "first",
    `first ${String(first?.status)}, second ${String(second?.status)} ${JSON.stringify(second?.said ?? "")}; found ${String(found?.found)}`,
  ],
);

const newest = cached(
  "C2",
  "A look-up by prefix finds the newest entry; one that finds nothing says so with 200.",
  (said) => {
    const [prefix, none] = [said[4], said[5]];
    return [
      prefix?.found === "newest" && none?.found === null && none.status === 200,
      `by prefix: ${String(prefix?.found)}; nothing: ${String(none?.status)}`,
    ];
  },
);

const nextJob = cached("C3", "The next job of a run finds what a job before it has saved.", (said) => [
  said[6]?.found === "first",
  String(said[6]?.found),
]);

const branches: Check = {
  number: "C4",
  fact: "A job on another branch finds the default branch's entries, and the default branch does not find that branch's.",
  by: "jobs",
  async ask(context) {
    const { nonce } = await answersOf(context);
    const { api, jobs } = context;
    const repository = need(await api.get(""), [200], "GET of the repository").body;
    const at = `/git/ref/heads/${String(repository.default_branch)}`;
    const head = need(await api.get(at), [200], "GET of the default branch").body.object as { sha?: string };
    const branch = `${PATH_PREFIX}${nonce}`;
    const made = await api.write("POST", "/git/refs", { ref: `refs/heads/${branch}`, sha: head.sha });
    need(made, [201], "POST of a branch");
    const there = await (await jobs.start("cache-branch", { nonce, branch })).ended();
    const back = await (await jobs.start("cache-read", { nonce })).ended();
    const [defaults, saved, own] = saidBy(there.log, "cache");
    const [others] = saidBy(back.log, "cache");
    if (saved?.saved !== true || own?.found !== "own" || !others)
      throw new NotAsked("the branch could not save an entry of its own");
    return verdict(
      defaults?.found === "first" && others.found === null,
      `there: ${String(defaults?.found)}; from the default branch: ${String(others.found)}`,
    );
  },
};

const entries: Check = {
  number: "C5",
  fact: "The API lists an entry with its key and the branch that wrote it, and a deleted one is not found again.",
  by: "jobs",
  async ask(context) {
    const { nonce } = await answersOf(context);
    const { api, jobs } = context;
    const key = `${PATH_PREFIX}${nonce}-a`;
    const path = `/actions/caches?key=${encodeURIComponent(key)}`;
    const listed = need(await api.get(path), [200], "GET of the caches").body.actions_caches;
    const found = (Array.isArray(listed) ? (listed as Record<string, unknown>[]) : []).filter(
      (entry) => entry.key === key,
    );
    const [entry] = found;
    if (found.length !== 1 || !entry) return verdict(false, `${found.length} entries of one key`);
    need(await api.write("DELETE", `/actions/caches/${String(entry.id)}`), [204], "DELETE of a cache entry");
    const { log } = await (await jobs.start("cache-branch", { nonce })).ended();
    const [after] = saidBy(log, "cache");
    return verdict(
      String(entry.ref).startsWith("refs/heads/") && after?.found === null,
      `of ${String(entry.ref)}; after its DELETE: ${String(after?.found)}`,
    );
  },
};

export const cacheChecks: readonly Check[] = [immutable, newest, nextJob, branches, entries];
