// npm run bench -- [--rounds N] [--queue 1,10,100]
import { statSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Bench, runnersNode, SECRET } from "./job.ts";
import { loadedBy } from "./loaded.ts";
import { median, timed } from "./process.ts";
import { ShellRecipe } from "./shell-recipe.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "15" },
    queue: { type: "string", default: "1,10,100" },
  },
});
const rounds = Number(values.rounds);
const DAY_SECONDS = 86_400;
const CHAINS = 5;
const DOCUMENT_KILOBYTES = [1, 5, 15, 30, 45];
const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist");

const bench = await Bench.start();
const rows: string[][] = [];
try {
  const quietDocument = bench.seed();
  const recipe = await ShellRecipe.prepare(bench, quietDocument);
  const empty = join(bench.root, "empty.js");
  writeFileSync(empty, "");
  const { requests } = bench.world.github.server;

  const floor: number[] = [];
  const quiet: number[] = [];
  const rotating: number[] = [];
  const writing: number[] = [];
  const writeBacks: number[] = [];
  const shell: number[] = [];
  const sizes = new Map<number, number[]>(DOCUMENT_KILOBYTES.map((kilobytes) => [kilobytes, []]));
  let quietRequests = 0;
  let storeRequests: string[] = [];
  for (let round = 0; round < rounds; round++) {
    let bare = 0;
    for (let phase = 0; phase < 3; phase++)
      bare += (await timed(runnersNode(), [empty], { environment: { PATH: "/usr/bin:/bin" } })).milliseconds;
    floor.push(bare);

    const before = requests.length;
    quiet.push((await bench.queue(quietDocument)()).milliseconds);
    quietRequests += requests.length - before;

    const due = bench.seed(2 * DAY_SECONDS);
    const from = requests.length;
    rotating.push((await bench.queue(due)()).milliseconds);
    const made = requests.slice(from);
    const { writtenMs, settledMs } = writeBackTimes(made);
    writing.push(writtenMs);
    writeBacks.push(settledMs);
    storeRequests = made.filter(isPublish).map(({ method, path }) => `${method} ${path.split("/").at(-1)}`);

    bench.seed();
    if (recipe) shell.push((await recipe.write()).milliseconds);
    for (const [kilobytes, times] of sizes)
      times.push((await bench.queue(padded(quietDocument, kilobytes))()).milliseconds);
  }

  row("bare Node 24, three times (the floor)", floor);
  row("quiet job: pre, main, post", quiet, median(floor));
  for (const [kilobytes, times] of sizes)
    row(`quiet job, auth.json of ${kilobytes} kB`, times, median(floor));
  row("rotating job: checks, Codex, write-back", rotating, median(floor));
  row("shell recipe: jq, gh secret set", shell);
  row("the write alone, by ours: read, seal, PUT, read again", writing, median(shell));
  row("the whole write-back: that, the notes in the cache, the claim", writeBacks, median(shell));
  print("time", "median ms", "least ms", "ratio");

  rows.push(["API requests of a quiet job", String(quietRequests / rounds), "goal 0"]);
  rows.push(["API requests of a write-back", String(storeRequests.length), storeRequests.join(", ")]);
  for (const phase of ["pre", "main", "post"]) {
    const files = [...loadedBy(join(dist, `${phase}.cjs`))];
    const bytes = files.reduce((total, file) => total + statSync(file).size, 0);
    rows.push([`JavaScript that a quiet ${phase} loads`, `${bytes} bytes`, `${files.length} file(s)`]);
  }
  const calm = await bench.queue(quietDocument)({ peak: true });
  rows.push(["peak memory of a quiet job", `${calm.peakMegabytes?.toFixed(0)} MB`, "the largest phase"]);
  const busy = await bench.queue(bench.seed(2 * DAY_SECONDS))({ peak: true });
  rows.push(["peak memory of a rotating job", `${busy.peakMegabytes?.toFixed(0)} MB`, "main, without Codex"]);
  print("what", "value", "");

  await measureChain();
  await measureQueues();
  console.log(
    `${rounds} rounds, interleaved; ${cpus().length} × ${cpus()[0]?.model}; ` +
      `Codex as installed, GitHub, cache and issuer on loopback; ${recipe?.version ?? "gh or jq is not installed: no shell recipe"}.`,
  );
  recipe?.stop();
} finally {
  await bench.stop();
}

/** Nine runs queued with one secret, each of which rotates: the k-th has k - 1 links to follow. */
async function measureChain(): Promise<void> {
  const times: number[][] = Array.from({ length: 9 }, () => []);
  for (let chain = 0; chain < CHAINS; chain++) {
    const document = bench.seed();
    const runs = times.map(() => bench.queue(document, { refresh: "force" }));
    for (const [links, run] of runs.entries()) times[links]?.push((await run()).milliseconds);
  }
  const [alone = []] = times;
  for (const [links, ofLength] of times.entries())
    row(`forced job, chain of ${links}`, ofLength, links > 0 ? median(alone) : undefined);
  print("chain", `median ms of ${CHAINS}`, "least ms", "ratio");
}

/** Runs queued with one secret that is due: the first rotates, the others take the handoff. */
async function measureQueues(): Promise<void> {
  for (const length of values.queue.split(",").map(Number)) {
    const document = bench.seed(2 * DAY_SECONDS);
    const runs = Array.from({ length }, () => bench.queue(document));
    const times: number[] = [];
    for (const run of runs) times.push((await run()).milliseconds);
    const [first = 0, ...others] = times;
    rows.push([
      `${length} queued`,
      first.toFixed(0),
      others.length > 0 ? median(others).toFixed(0) : "–",
      others.length > 0 ? median(others.slice(-5)).toFixed(0) : "–",
    ]);
  }
  print("queue", "first, rotates: ms", "the others, median ms", "the last five, median ms");
}

/** Of a rotating job, from the look at the store before the write to the look after it, and to the last word of its claim. */
function writeBackTimes(made: readonly { method: string; path: string; at: Date }[]): {
  writtenMs: number;
  settledMs: number;
} {
  const write = made.findIndex(({ method, path }) => method === "PUT" && path.endsWith(`/${SECRET}`));
  const looks = (from: number, to?: number) =>
    made.slice(from, to).filter(({ method, path }) => method === "GET" && path.endsWith(`/${SECRET}`));
  const begin = looks(0, write).at(-1)?.at.getTime() ?? Number.NaN;
  const confirmed = looks(write)[0]?.at.getTime() ?? Number.NaN;
  const settled = made.findLast(({ method, path }) => method !== "GET" && path.includes("/variables"));
  return { writtenMs: confirmed - begin, settledMs: (settled?.at.getTime() ?? Number.NaN) - begin };
}

function isPublish(
  request: { method: string; path: string },
  index: number,
  all: readonly unknown[],
): boolean {
  const requests = all as readonly { method: string; path: string }[];
  const write = requests.findIndex(({ method, path }) => method === "PUT" && path.endsWith(`/${SECRET}`));
  return request.path.endsWith(`/${SECRET}`) && index >= write - 1 && index <= write + 1;
}

/** The same document with an ID token that fills it up. */
function padded(document: string, kilobytes: number): string {
  const json = JSON.parse(document) as { tokens: Record<string, string> };
  const missing = kilobytes * 1000 - document.length;
  if (missing > 0) json.tokens.id_token += "A".repeat(missing);
  return JSON.stringify(json);
}

function row(name: string, times: readonly number[], base?: number): void {
  if (times.length === 0) return;
  const middle = median(times);
  const ratio = base === undefined || Number.isNaN(base) ? "" : `${(middle / base).toFixed(2)} ×`;
  rows.push([name, middle.toFixed(0), Math.min(...times).toFixed(0), ratio]);
}

function print(...head: readonly string[]): void {
  console.log(`| ${head.join(" | ")} |`);
  console.log(
    `|---|${head
      .slice(1)
      .map(() => "---:|")
      .join("")}`,
  );
  for (const cells of rows) console.log(`| ${cells.join(" | ")} |`);
  console.log("");
  rows.length = 0;
}
