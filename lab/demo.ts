import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { ours, recipe } from "./demo/arrangements.ts";
import { Claims } from "./demo/claims.ts";
import { Page } from "./demo/page.ts";
import { Side } from "./demo/side.ts";
import { Story } from "./demo/story.ts";

const USAGE = `Usage: npm run demo [-- --help]

Tells seven weeks of a ChatGPT login for Codex in CI, twice: with this action, and as it is done by hand.
Real workflows, executed by the lab's runner; the real Codex; OpenAI, GitHub and its cache on loopback.
No account, no network, and nothing is left behind. It takes half a minute to a minute and a half.

Exit codes: 0 all checks passed; 1 some failed, and are printed; 2 the arguments were not understood.
Colours are for terminals; NO_COLOR switches them off.
`;

const INTERRUPTIONS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const READER_IS_GONE = 141;

const { stdout, stderr, env } = process;
const startedMs = performance.now();
const sides: Promise<Side>[] = [];
let interrupted: Promise<never> | undefined;

if (wantsUsage()) stdout.write(USAGE);
else await demonstrate();

function wantsUsage(): boolean {
  try {
    return parseArgs({ options: { help: { type: "boolean", short: "h" } } }).values.help === true;
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function demonstrate(): Promise<void> {
  // Not once: a terminal and a parent may both send it.
  for (const [signal, exitCode] of Object.entries(INTERRUPTIONS))
    process.on(signal, () => interrupt(exitCode));
  stdout.on("error", () => interrupt(READER_IS_GONE));
  const page = new Page({
    write: (text) => {
      if (!interrupted) stdout.write(text);
    },
    columns: stdout.columns ?? 80,
    colours: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb",
  });
  const claims = new Claims();
  introduce(page);
  try {
    sides.push(Side.start(ours()), Side.start(recipe()));
    const [first, second] = await Promise.all(sides);
    if (first && second) await new Story({ ours: first, recipe: second, page, claims }).tell();
  } catch (error) {
    // Whatever broke, it broke because its world was stopped.
    if (interrupted) await interrupted;
    throw error;
  } finally {
    await Promise.all(sides.map(async (side) => (await side).stop()));
  }
  const roots = (await Promise.all(sides)).map(({ world }) => world.root);
  claims.check("In the end", { "no file is left": !roots.some(existsSync) });
  conclude(page, claims);
}

function introduce(page: Page): void {
  const { version } = createRequire(import.meta.url)("@openai/codex/package.json") as { version: string };
  page.title("Seven weeks of a ChatGPT login for Codex in CI, told twice");
  page.gap();
  page.term("action", "examples/combined.yml: with this action.");
  page.term(
    "recipe",
    "lab/demo/recipe.yml: the documented pattern by hand. Restore auth.json, run Codex, always write the file back.",
  );
  page.term(
    "secret",
    "How often the login in it has been rotated, before → after the run. Each refresh rotates: it spends the refresh token and brings a new one.",
  );
  page.gap();
  page.paragraph(
    `Every run is executed: these workflows, each time on a new machine, with the real Codex ${version}. OpenAI, GitHub and its cache are the lab's. An access token lives ten days; days pass by ageing the login in its secret.`,
  );
  page.paragraph(
    "Both keep the login in an environment, whose secrets GitHub reads when a job starts. A repository secret is read when the run is queued, so a queued run carries an old login.",
  );
  page.gap();
  page.columnHeads();
}

function conclude(page: Page, claims: Claims): void {
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  page.gap();
  if (claims.violated.length === 0) {
    page.verdict(`All ${claims.checked} checks passed, in ${seconds} s.`, "good");
    return;
  }
  page.verdict(`${claims.violated.length} of ${claims.checked} checks failed:`, "bad");
  for (const violation of claims.violated) page.verdict(`- ${violation}`, "bad");
  process.exitCode = 1;
}

/** Ctrl-C, or a reader that has gone away: nothing is left behind then either. */
function interrupt(exitCode: number): void {
  interrupted ??= Promise.allSettled(sides.map(async (side) => (await side).stop())).then(() =>
    process.exit(exitCode),
  );
}
