import { writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LineReader } from "../../../lab/runner/line-reader.ts";
import type { JobResult } from "../../../lab/runner/runner.ts";
import { COMMAND_NAMES, parseWorkflowCommand } from "../../../lab/runner/workflow-commands.ts";
import { World } from "../../../lab/world.ts";

const TIMING = { sigintMs: 300, sigtermMs: 200, streamsMs: 300, graceMs: 5000, minuteMs: 600 };

/** An action whose main does what its input says, in JavaScript. */
const SCRIPT = `
import { existsSync } from "node:fs";
const { env } = process;
const out = (bytes) => process.stdout.write(bytes);
const err = (bytes) => process.stderr.write(bytes);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
// Waits until the runner has handled everything before it: in one batch, stderr would come first.
let marks = 0;
const handled = async () => {
  marks += 1;
  out("mark " + marks + "\\n");
  while (!existsSync(env.MARKS + marks)) await pause(5);
};
await new (Object.getPrototypeOf(async () => {}).constructor)("out", "err", "pause", "handled", env.INPUT_MAIN)(
  out, err, pause, handled,
);
`;

let world: World;
let scratch: string;
let repositories = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "lab-runner-commands-"));
  await mkdir(join(scratch, "prints"));
  await writeFile(
    join(scratch, "prints", "action.yml"),
    "name: prints\ninputs:\n  main: { description: JavaScript }\nruns: { using: node24, main: main.mjs, post: post.mjs }\n",
  );
  await writeFile(join(scratch, "prints", "main.mjs"), SCRIPT);
  await writeFile(
    join(scratch, "prints", "post.mjs"),
    'console.log("post has " + Object.keys(process.env).filter((name) => name.startsWith("STATE_")).sort());',
  );
  world = await World.start({ timing: TIMING });
});

afterAll(async () => {
  await world.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** What becomes of a step that prints so; a second step tells what it finds. */
async function printing(main: string, env: Record<string, string> = {}): Promise<JobResult> {
  repositories += 1;
  const marks = join(scratch, `marks-${repositories}-`);
  const lines = Object.entries({ ...env, MARKS: marks }).map(
    ([name, value]) => `  ${name}: ${JSON.stringify(value)}`,
  );
  const run = world.runner.dispatch({
    repository: world.github.repository(`lab/commands-${repositories}`),
    workflow: [
      "on: push",
      "env:",
      ...lines,
      "jobs:",
      "  job:",
      "    runs-on: x",
      "    steps:",
      "      - uses: lab/prints@v1",
      "        id: it",
      `        with: { main: ${JSON.stringify(main)} }`,
      `      - run: echo "out <\${{ steps.it.outputs.o }}> env <$PLANTED>"`,
      "        if: always()",
    ].join("\n"),
    actions: { "lab/prints": join(scratch, "prints") },
    codex: "none",
  });
  run.on("log", (line) => {
    const [, number] = /^mark (\d+)$/.exec(line) ?? [];
    if (number !== undefined) writeFileSync(marks + number, "");
  });
  const { jobs } = await run.finished;
  const { job } = jobs;
  if (!job) throw new Error("there is no job");
  return job;
}

/** Without the heads of the steps and what the second step prints. */
function printed(job: JobResult): string[] {
  const lines = job.log.split("\n");
  const from = lines.indexOf(
    "##[endgroup]",
    lines.findIndex((line) => line.includes("Run lab/prints")),
  );
  const to = lines.findIndex((line, index) => index > from && line.startsWith("##[group]Run echo"));
  return lines.slice(from + 1, to).filter((line) => !/^mark \d+$/.test(line));
}

function did(job: JobResult): string[] {
  return job.commands.map(({ name, data }) => `${name} ${data}`);
}

describe("a command", () => {
  test.each<[string, string, Record<string, string>, string]>([
    ["::error::x", "error", {}, "x"],
    [
      " \t \u00a0::error file=a%3Ab,line=1 , title=T%2C::a%0Ab%25",
      "error",
      { file: "a:b", line: "1 ", " title": "T," },
      "a\nb%",
    ],
    ["::ERROR::x", "ERROR", {}, "x"],
    ["::save-state name=a=b::", "save-state", { name: "a=b" }, ""],
    ["::error:::x:", "error", {}, ":x:"],
    ["::add-mask:\u200b:x", "add-mask", {}, ":x"],
    ["##[add-mask]x", "add-mask", {}, "x"],
    ["fix: ##[Add-Mask]x ]", "Add-Mask", {}, "x ]"],
    ["a ##[save-state name=n%5D;k=v%3B]x%5D%0A", "save-state", { name: "n]", k: "v;" }, "x]\n"],
    ["::unknown::##[error]x", "error", {}, "x"],
    ["::unknown##[error]x", "error", {}, "x"],
  ])("is %j", (line, name, properties, data) => {
    expect(parseWorkflowCommand(line)).toEqual({ name, properties, data });
  });

  test.each([
    "",
    "::",
    "::error",
    "x ::error::y",
    "\ufeff::error::x",
    "::err or::x",
    ":: error::x",
    "::tok3n::",
    "##[error",
    "##[ error]x",
    "##[command]x",
    "## [error]x",
    "##[unknown]x ##[error]y",
    "::internal-set-repo-path::x",
  ])("is not %j", (line) => {
    expect(parseWorkflowCommand(line)).toBeUndefined();
  });

  test("is executed on both streams, in either form, and nowhere else", async () => {
    const job = await printing(
      `out("a ##[save-state name=one]1\\n"); err("  ::save-state name=two::2\\n"); out("x ::save-state name=no::3\\n"); out("::set-output name=o::given\\n")`,
    );

    expect(did(job).sort()).toEqual(["save-state 1", "save-state 2", "set-output given"]);
    expect(job.steps[0]?.state).toEqual({ one: "1", two: "2" });
    expect(job.log).toContain("out <given>");
    expect(job.log).toContain("post has STATE_one,STATE_two");
    expect(printed(job)).toContain("x ::save-state name=no::3");
    expect(job.annotations.map(({ level }) => level)).toEqual(["warning", "warning", "warning"]);
  });

  test("that is incomplete or disabled fails the step; set-env works for who has opted in", async () => {
    const broken = await printing(`out("::save-state::x\\n")`);
    const disabled = await printing(`out("::set-env name=PLANTED::x\\n")`);
    const allowed = await printing(`out("::set-env name=PLANTED::x\\n::echo::on\\n::group::g\\n")`, {
      ACTIONS_ALLOW_UNSECURE_COMMANDS: "true",
    });

    expect([broken, disabled, allowed].map(({ conclusion }) => conclusion)).toEqual([
      "failure",
      "failure",
      "success",
    ]);
    expect(broken.log).toContain("Required field 'name' is missing in ##[save-state] command.");
    expect(disabled.log).toContain("The `set-env` command is disabled.");
    expect(disabled.log).toContain("env <>");
    expect(allowed.log).toContain("env <x>");
    expect(printed(allowed)).toEqual(["::group::g", "##[group]g"]);
  });
});

describe("stopping", () => {
  test("holds for both streams and every command, until the token comes in either form and any case", async () => {
    const job = await printing(`
      out("::stop-commands::ToKen-1\\n"); await handled();
      err("::add-mask::visible\\n##[save-state name=a]1\\n"); out("::set-output name=o::no\\nvisible\\n"); await handled();
      err("resumed: ##[tOkEN-1]\\n"); await handled();
      out("::save-state name=b::2\\n"); await handled();
      out("::stop-commands::again-2\\n::save-state name=c::3\\n  ::AGAIN-2::\\n::save-state name=d::4\\n");
    `);

    expect(job.steps[0]?.state).toEqual({ b: "2", d: "4" });
    expect(did(job)).toEqual([
      "stop-commands ToKen-1",
      "save-state 2",
      "stop-commands again-2",
      "save-state 4",
    ]);
    expect(printed(job).slice(0, 6)).toEqual([
      "::stop-commands::***",
      "::add-mask::visible",
      "##[save-state name=a]1",
      "::set-output name=o::no",
      "visible",
      "resumed: ##[tOkEN-1]",
    ]);
  });

  test("is not undone by a second stop or by a token that is only similar, and ends with the phase", async () => {
    const job = await printing(
      `out("::stop-commands::tok\\n::stop-commands::x\\n::x::\\n::tok ::\\n::token::\\nx ::tok::\\n::save-state name=a::1\\n")`,
    );

    // "::tok ::" is the token with no properties.
    expect(job.steps[0]?.state).toEqual({ a: "1" });
    expect(did(job)).toEqual(["stop-commands tok", "save-state 1"]);
    expect(job.log).toContain("post has STATE_a");
  });

  test.each(["", "pause-logging", "Add-Mask", "stop-commands"])(
    "with the token %j fails the step at once, unless the workflow allows it",
    async (token) => {
      const main = `out("::stop-commands::${token}\\n::save-state name=a::1\\n"); await pause(200)`;

      const refused = await printing(main);
      const allowed = await printing(main, { ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS: "1" });

      expect(refused.conclusion).toBe("failure");
      expect(refused.annotations[0]?.message).toContain("You cannot use a endToken that is an empty string");
      expect([refused.commands, refused.steps[0]?.state]).toEqual([[], {}]);
      expect(allowed.conclusion).toBe("success");
      expect(did(allowed)).toEqual([`stop-commands ${token}`]);
    },
  );
});

describe("a line", () => {
  test("ends with LF, CRLF or a lone CR; invalid UTF-8 and the end of the stream are no trouble", async () => {
    const job = await printing(
      `out(Buffer.from("one\\rtwo\\r\\n\\nprogress\\r##[save-state name=a]1\\rbad \\xff\\xc3(\\n::save-state name=b::2", "latin1"))`,
    );

    expect(printed(job).filter((line) => !line.startsWith("##[warning]"))).toEqual([
      "one",
      "two",
      "",
      "progress",
      "bad \ufffd\ufffd(",
    ]);
    expect(job.steps[0]?.state).toEqual({ a: "1", b: "2" });
  });

  test("is the same wherever the chunks are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("\r", "\n", "a", "::", "ä", "€", "😀", "\u0085", "\u2028", "")),
        fc.array(fc.nat({ max: 40 })),
        (parts, cuts) => {
          const text = parts.join("");
          const bytes = Buffer.from(text);
          const lines: string[] = [];
          const reader = new LineReader((line) => lines.push(line));
          let from = 0;
          for (const cut of [...cuts].sort((a, b) => a - b)) {
            reader.write(bytes.subarray(from, Math.max(from, cut)));
            from = Math.max(from, Math.min(cut, bytes.length));
          }
          reader.write(bytes.subarray(from));
          reader.end();

          const expected = text.split(/\r\n|\r|\n/);
          if (expected.at(-1) === "") expected.pop();
          expect(lines).toEqual(expected);
        },
      ),
    );
  });

  test.each([
    ["a UTF-8 mark", [0xef, 0xbb, 0xbf, 0x61, 0x0a], ["a"]],
    ["half a UTF-8 mark", [0xef, 0xbb], ["\ufffd"]],
    ["a UTF-16 mark", [0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00], ["a"]],
    ["a mark later on", [0x61, 0xef, 0xbb, 0xbf, 0x0a], ["a\ufeff"]],
    ["nothing", [], []],
    ["a lone CR", [0x0d], [""]],
  ] as const)("is read after %s", (_what, bytes, expected) => {
    const lines: string[] = [];
    const reader = new LineReader((line) => lines.push(line));

    for (const byte of bytes) reader.write(Buffer.of(byte));
    reader.end();

    expect(lines).toEqual(expected);
  });

  test("of megabytes is one line", () => {
    const lines: string[] = [];
    const reader = new LineReader((line) => lines.push(line));

    for (let index = 0; index < 200; index += 1) reader.write(Buffer.alloc(65_536, "x"));
    reader.end();

    expect(lines.map(({ length }) => length)).toEqual([200 * 65_536]);
  });
});

test("both streams are read to their end", async () => {
  const job = await printing(
    `out("from stdout\\n"); err("from stderr\\n"); for (const end = Date.now() + 50; Date.now() < end;);`,
  );

  expect(printed(job).sort()).toEqual(["from stderr", "from stdout"]);
});

test("the runner's own markers in a step's output are broken", async () => {
  const job = await printing(`out("##[start-action x]\\n##[end-action]\\n")`);

  expect(printed(job)).toEqual(["##[\\start-action x]", "##[\\end-action]"]);
});

test("the commands are those of actions/runner", () => {
  expect(COMMAND_NAMES.size).toBe(15);
});
