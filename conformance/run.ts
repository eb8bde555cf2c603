// npm run conformance -- --help
import { appendFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { whyNot } from "./admission.ts";
import { CHECKS } from "./checks/all.ts";
import { counts, line, markdown, type Result } from "./report.ts";
import { askAll } from "./suite.ts";
import { githubTarget, type Target } from "./target.ts";

const USAGE = `Usage: npm run conformance -- (--repo OWNER/REPO | --lab) [options]

Asks GitHub whether the facts hold that this project depends on. It needs a private repository of your own, and a
token in GH_TOKEN (or of \`gh\`): fine-grained, for this repository, with Actions, Administration, Contents,
Environments, Secrets and Variables, all read and write. What a token may not do is not asked.
The facts about jobs also need .github/workflows/conformance.yml and conformance/ on the default branch.

It makes secrets, variables, an environment, refs, a branch and caches whose names begin with codex-conformance
(or CODEX_CONFORMANCE_), and removes every such name at the start and at the end, also after Ctrl-C. It touches
nothing else, and sends nothing to OpenAI. Run it once at a time. On github.com it takes about a quarter of an hour.

  --repo OWNER/REPO    the repository
  --lab                this project's stand-in for GitHub instead
  --only WORDS         only the facts whose number or sentence has these words: \`--only S1\`, \`--only updateRefs\`
  --list               print the facts, ask nothing
  --json FILE          write the result; \`npm run facts -- --from FILE\` takes it into docs/facts.md
  --beside-login       also in a repository that keeps a login of Codex (it is not touched)
  --help

Exit code: 0 nothing is refuted · 1 a fact is refuted · 2 not started · 3 something could not be removed · 130 interrupted`;

const OPTIONS = {
  repo: { type: "string" },
  lab: { type: "boolean", default: false },
  only: { type: "string" },
  list: { type: "boolean", default: false },
  json: { type: "string" },
  "beside-login": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const interruption = new AbortController();

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}

async function main(): Promise<number> {
  const { values } = optionsGiven();
  if (values.help) return say(USAGE);
  const words = values.only?.toLowerCase() ?? "";
  const checks = CHECKS.filter(
    ({ number, fact }) => number.toLowerCase() === words || fact.toLowerCase().includes(words),
  );
  if (checks.length === 0) throw new Error(`No fact has "${values.only}". See --list.`);
  if (values.list) return say(checks.map(({ number, fact }) => `${number.padEnd(4)}${fact}`).join("\n"));
  if (values.lab === (values.repo !== undefined)) throw new Error(`Give --repo or --lab.\n\n${USAGE}`);
  if (values.repo !== undefined && !/^[\w.-]+\/[\w.-]+$/.test(values.repo))
    throw new Error(`--repo is ${values.repo}, and must be OWNER/REPO.`);

  const target = values.repo === undefined ? await inLab() : githubTarget(values.repo, abortableSleep);
  try {
    const refusal = await whyNot(target.context.api, { besideLogin: values["beside-login"] });
    if (refusal !== null) throw new Error(refusal);
    return await run(target, checks, values.json);
  } finally {
    await target.stop();
  }
}

async function run(target: Target, checks: typeof CHECKS, json: string | undefined): Promise<number> {
  listenForInterruption();
  const { rows, left } = await askAll(checks, target.context, {
    asking: (numbers) => progress(`asking ${numbers.join(" and ")} …`),
    row: (row) => {
      progress("");
      console.log(line(row));
    },
    isInterrupted: () => interruption.signal.aborted,
  });
  progress("");
  const date = new Date().toISOString().slice(0, 10);
  const result: Result = { version: 1, where: target.where, date, rows, left };
  console.log(`\n${counts(rows)}.`);
  for (const what of left) console.error(`Not removed: ${what}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  const { GITHUB_STEP_SUMMARY } = process.env;
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, `${markdown(result)}\n`);
  if (interruption.signal.aborted) return 130;
  if (rows.some(({ answer }) => answer === "refuted")) return 1;
  return left.length > 0 ? 3 : 0;
}

function optionsGiven() {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** One line at a terminal, which the next one replaces. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

/** The lab is not needed elsewhere. */
async function inLab(): Promise<Target> {
  const { labTarget } = await import("./lab.ts");
  return labTarget();
}

/** The first one ends the questions, and what was made is removed; the second one ends this process. */
function listenForInterruption(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(130);
      console.error("\nInterrupted. Removing what was made; once more to leave it to the next run.");
      interruption.abort();
    });
  }
}

function abortableSleep(ms: number): Promise<void> {
  const { signal } = interruption;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new Error("interrupted"));
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", stop, { once: true });
    function done(): void {
      signal.removeEventListener("abort", stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(new Error("interrupted"));
    }
  });
}

function say(text: string): number {
  console.log(text);
  return 0;
}
