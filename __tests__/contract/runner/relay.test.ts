import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { JobLog, PhaseOutput } from "../../../lab/runner/job-log.ts";
import { LineReader } from "../../../lab/runner/line-reader.ts";
import { type Relay, withRelay } from "../../../src/action/job/relay.ts";
import { runnerLog } from "../../../src/adapters/runner/log.ts";
import { Secret } from "../../../src/core/login/secret.ts";

const TOKEN_BYTES = Uint8Array.from({ length: 16 }, (_, index) => index);
const TOKEN = Buffer.from(TOKEN_BYTES).toString("hex");
const PLACE = { job: "job", step: "step", phase: "main" } as const;

/** What a runner makes of a step of ours that lets these words in, cut into these pieces on their way. */
async function read(
  act: (relay: Relay) => void,
  cuts: readonly number[] = [],
): Promise<{
  readonly commands: readonly string[];
  readonly annotations: readonly string[];
  readonly shown: string;
  readonly set: readonly string[];
}> {
  const printed: Uint8Array[] = [];
  const log = runnerLog((bytes) => void printed.push(Uint8Array.from(bytes)));
  log.mask(new Secret("known-CANARY"));
  await withRelay({ log, randomness: { bytes: () => TOKEN_BYTES } }, async (relay) => act(relay));
  log.error("The annotation after it.");

  const jobLog = new JobLog(() => {});
  const set: string[] = [];
  const note = (name: string): void => void set.push(name);
  const target = { setOutput: note, saveState: note, setEnv: note, addPath: note };
  const output = new PhaseOutput(jobLog, PLACE, target, { anyStopToken: false, setEnv: true });
  const reader = new LineReader((line) => output.line(line));
  const all = Buffer.concat(printed);
  let at = 0;
  for (const cut of [...cuts].sort((a, b) => a - b).filter((place) => place < all.length)) {
    reader.write(all.subarray(at, cut));
    at = cut;
  }
  reader.write(all.subarray(at));
  reader.end();
  return {
    commands: jobLog.commands.map(({ name, data }) => `${name} ${data}`),
    annotations: jobLog.annotations.map(({ message }) => message),
    shown: jobLog.shown,
    set,
  };
}

const OURS_ALONE = {
  commands: ["add-mask known-CANARY", `stop-commands ${TOKEN}`, "error The annotation after it."],
  annotations: ["The annotation after it."],
  set: [],
};

const part = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        "::",
        ":",
        "##[",
        "#",
        "]",
        "\r",
        "\n",
        "\r\n",
        " ",
        "\u0085",
        "\u200b",
        "\ufeff",
      ),
    },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "stop-commands::zzz",
        "::stop-commands::zzz\n",
        "::zzz::\n",
        "\r::save-state name=session::forged\n",
        "::set-output name=rotated::forged",
        "::add-mask::a",
        "x ##[add-mask]b",
        "::error::forged",
        "##[group]forged",
        "::add-matcher::m.json",
        "::echo::on",
        "::set-env name=A::b\r",
        `::${TOKEN.slice(0, 16)}`,
        `::${TOKEN.slice(0, 31)}::`,
        TOKEN.slice(16),
      ),
    },
    { weight: 2, arbitrary: fc.string({ unit: "binary" }) },
  )
  .map((text) => Buffer.from(text));
const anyBytes = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
const writes = fc.array(
  fc.tuple(
    fc.constantFrom("stdout", "stderr", "said"),
    fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: anyBytes }),
  ),
  { maxLength: 30 },
);

/** Our own whole token in the words of a child is no accident, and not played here. */
function holdsToken(chunks: readonly (readonly [string, Buffer])[]): boolean {
  return ["stdout", "stderr", "said"].some((from) =>
    Buffer.concat(chunks.filter(([stream]) => stream === from).map(([, bytes]) => bytes))
      .toString("latin1")
      .includes(TOKEN),
  );
}

function playing(chunks: readonly (readonly [string, Buffer])[]): (relay: Relay) => void {
  return (relay) => {
    for (const [stream, bytes] of chunks) {
      if (stream === "stdout" || stream === "stderr") relay.write(stream, bytes);
      else relay.say(bytes.toString("utf8"));
    }
  };
}

describe("foreign words in the log of a step", () => {
  test("are never obeyed, whatever they are and wherever they are cut, and our annotation after them is seen", async () => {
    await fc.assert(
      fc.asyncProperty(writes, fc.array(fc.nat(2000)), async (chunks, cuts) => {
        fc.pre(!holdsToken(chunks));

        const { shown, ...seen } = await read(playing(chunks), cuts);

        expect(seen).toEqual(OURS_ALONE);
        expect(shown).toContain("##[error]The annotation after it.");
      }),
      { numRuns: 400 },
    );
  });

  test("are shown, and none is lost", async () => {
    // What is hidden is another matter, and tested elsewhere.
    const plain = writes.map((chunks) =>
      chunks.filter(([, bytes]) => !/add-mask/i.test(bytes.toString("latin1"))),
    );
    await fc.assert(
      fc.asyncProperty(plain, async (chunks) => {
        fc.pre(!holdsToken(chunks));
        fc.pre(!chunks.some(([, bytes]) => /add|mask|start-action|end-action/i.test(bytes.toString("utf8"))));

        const { shown } = await read(playing(chunks));

        for (const stream of ["stdout", "stderr"]) {
          const lines: string[] = [];
          const reader = new LineReader((line) => lines.push(line));
          // Not at the beginning of the runner's stream, where a byte order mark would mean something.
          reader.write(Buffer.from("\n"));
          for (const [, bytes] of chunks.filter(([from]) => from === stream)) reader.write(bytes);
          reader.end();
          let at = 0;
          for (const line of lines) {
            const found = shown.indexOf(line, at);
            expect({ line, found: found >= 0 }).toEqual({ line, found: true });
            at = found + line.length;
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  const ENDS: readonly [string, string | Uint8Array][] = [
    ["nothing", ""],
    ["no final newline", "words"],
    ["a lone CR", "words\r"],
    ["a half character", Uint8Array.of(0x41, 0xe2, 0x82)],
    ["invalid UTF-8", Uint8Array.of(0xff, 0xfe, 0x00, 0xc3)],
    ["a zero", "\0"],
    ["half of our token", `::${TOKEN.slice(0, 16)}`],
    ["an open older command", "##["],
    ["two colons", "::"],
    ["a command without its end", "::add-mask"],
  ];

  test.each(ENDS)("may end with %s, before our marker", async (_, text) => {
    const { shown: _shown, ...seen } = await read(({ write }) => {
      write("stderr", Buffer.from(text as string));
      write("stdout", Buffer.from(text as string));
    });

    expect(seen).toEqual(OURS_ALONE);
  });

  test.each(["stdout", "stderr"] as const)(
    "may be a line of 5 MB that ends in a command, on %s",
    async (stream) => {
      const megabyte = Buffer.alloc(1024 * 1024, "x");

      const { shown, ...seen } = await read(({ write }) => {
        for (let index = 0; index < 5; index++) write(stream, megabyte);
        write(stream, Buffer.from("##[error]forged"));
      });

      expect(seen).toEqual(OURS_ALONE);
      expect(shown).toContain(`${"x".repeat(5 * 1024 * 1024)}##[error]forged\n`);
    },
  );

  test("that come after the end are not let in", async () => {
    let late: Relay | undefined;

    const { commands } = await read((relay) => {
      late = relay;
    });
    late?.write("stdout", Buffer.from("::add-mask::late\n"));

    expect(commands).toEqual(OURS_ALONE.commands);
  });
});

describe("the log of a step after foreign words", () => {
  test("masks nothing new", async () => {
    const log = runnerLog(() => {});
    await withRelay({ log, randomness: { bytes: () => TOKEN_BYTES } }, async () => {});

    expect(() => log.mask(new Secret("late-CANARY"))).toThrow(TypeError);
  });

  test("does not quote what a child has asked to hide, and keeps its own commands", async () => {
    let printed = "";
    const log = runnerLog((bytes) => {
      printed += Buffer.from(bytes).toString("utf8");
    });
    await withRelay({ log, randomness: { bytes: () => TOKEN_BYTES } }, async ({ write }) => {
      write("stdout", Buffer.from("::add-mask::s3cret\n::add-mask::error\n::add-mask:::\n"));
    });

    log.error("an error: `s3cret`");
    log.info('it was "a s3cret"');

    expect(printed).not.toContain("s3cret");
    expect(printed.split("\n").slice(-3)).toEqual(["::error::an error: `***`", 'it was "a ***"', ""]);
  });

  test("still tells its verdict when a child has asked to hide the words of it", async () => {
    let printed = "";
    const log = runnerLog((bytes) => {
      printed += Buffer.from(bytes).toString("utf8");
    });
    const verdict = "The command in `run` exited with code 3. See its output above. [run-failed]";
    await withRelay({ log, randomness: { bytes: () => TOKEN_BYTES } }, async ({ write }) => {
      for (const words of [verdict, "exited with code", "[run-failed]", ...verdict.split(" ")])
        write("stdout", Buffer.from(`::add-mask::${words}\n`));
    });

    log.error(verdict);

    expect(printed.split("\n").at(-2)).toBe(`::error::${verdict}`);
  });
});

describe("what nobody catches", () => {
  test.each([
    ["an error", "throw new Error(words)"],
    ["an error later", "setTimeout(() => { throw new Error(words); }, 5)"],
    ["a rejection", "Promise.reject(new Error(words))"],
    ["no error at all", "Promise.reject(words)"],
    ["a warning", "process.emitWarning(words); throw new Error(words)"],
    ["an error while foreign words are let in", "stepLog.relay.open('a'.repeat(32)); throw new Error(words)"],
  ])("is one annotation and no other command: %s", async (_, how) => {
    const source = (path: string): string =>
      JSON.stringify(pathToFileURL(join(import.meta.dirname, "..", "..", "..", "src", path)).href);
    const main = `
      import { runPhase } from ${source("entry/step.ts")};
      import { stepLog } from ${source("adapters/runner/log.ts")};
      void runPhase(() => new Promise(() => {}), () => {});
      const words = "two\\n::add-mask::a\\r##[error]b\\n::save-state name=a::b";
      setTimeout(() => {}, 1000);
      queueMicrotask(() => { ${how} });
    `;
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", main]);
    const texts = { out: "", err: "" };
    child.stdout.on("data", (chunk) => {
      texts.out += String(chunk);
    });
    child.stderr.on("data", (chunk) => {
      texts.err += String(chunk);
    });

    const [exitCode] = await once(child, "close");

    const lines = texts.out.split(/\r\n|\r|\n/).filter((line) => line !== "");
    expect(exitCode).toBe(1);
    expect(texts.err).toBe("");
    expect(lines.filter((line) => !/^::(stop-commands::)?a{32}/.test(line))).toEqual([
      expect.stringMatching(/^::error::This is a bug of codex-auth-roundtrip: .*add-mask.*$/),
    ]);
    expect(texts.out).not.toContain("##[");
  });
});
