import { describe, expect, test } from "@jest/globals";
import {
  byHand,
  COMBINED,
  edit,
  examine,
  expectFound,
  HEALTHY,
  MAINTENANCE,
  namesOf,
  OTHER,
  type Tree,
  troubles,
} from "./tree.ts";

/** Our step with a mistake that is found whatever surrounds it. */
const STEP = `uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.SECOND }}
          secret-name: SECOND
          refresh: never
          enviroment: x`;
const JOB = `  a:\n    runs-on: ubuntu-latest\n    steps:\n      - ${STEP}\n`;

function withOther(text: string): Tree {
  return { ...HEALTHY, [OTHER]: text };
}

/** What is found of the other workflow, beside what its login lacks. */
async function seen(text: string): Promise<readonly string[]> {
  return (await namesOf(withOther(text))).filter((name) => name !== "warn copy-refreshed");
}

describe("a mistake is found in", () => {
  test.each<[string, string]>([
    ["`on:` as a string", `on: push\njobs:\n${JOB}`],
    ["`on:` as a list", `on: [push, pull_request]\njobs:\n${JOB}`],
    ["`on:` as a map", `on:\n  push: { branches: [main] }\njobs:\n${JOB}`],
    ["no `on:` at all", `jobs:\n${JOB}`],
    ["`on:` in quotes", `"on": push\njobs:\n${JOB}`],
    ["`on:` as a number", `on: 1\njobs:\n${JOB}`],
    ["a schedule that is no list", `on: { schedule: daily }\njobs:\n${JOB}`],
    ["lines that end in CRLF", `on: push\njobs:\n${JOB}`.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFFon: push\njobs:\n${JOB}`],
    ["a comment in front, and a document's start", `# x\n---\non: push\njobs:\n${JOB}`],
    [
      "JSON, which is YAML",
      JSON.stringify({
        on: "push",
        jobs: {
          a: {
            steps: [
              {
                uses: "codex-auth-roundtrip/codex-auth-roundtrip@v1",
                with: {
                  "codex-auth-json": `\${{ secrets.SECOND }}`,
                  "secret-name": "SECOND",
                  refresh: "never",
                  enviroment: "x",
                },
              },
            ],
          },
        },
      }),
    ],
    [
      "an anchor and its alias",
      `on: push\njobs:\n  a: &job\n    runs-on: x\n    steps:\n      - ${STEP}\n  b: *job\n`,
    ],
    [
      "a list of steps that is an alias",
      `on: push\njobs:\n  a:\n    steps: &steps\n      - ${STEP}\n  b:\n    needs: a\n    steps: *steps\n`,
    ],
    [
      "a matrix",
      `on: push\njobs:\n  a:\n    strategy: { matrix: { n: [1, 2], include: [{ n: 3 }] } }\n    steps:\n      - ${STEP}\n`,
    ],
    [
      "expressions in every place",
      `name: \${{ github.actor }}\non: push\nconcurrency: \${{ github.ref }}\npermissions: \${{ x }}\nenv: \${{ fromJSON(x) }}\njobs:\n  a:\n    if: \${{ true }}\n    runs-on: \${{ matrix.os }}\n    timeout-minutes: \${{ 5 }}\n    steps:\n      - ${STEP}\n`,
    ],
    [
      "odd types everywhere",
      `on: [1, null, [push]]\nconcurrency: [x]\npermissions: []\nenv: 7\ndefaults: true\njobs:\n  a:\n    environment: [a]\n    needs: { b: 1 }\n    strategy: []\n    secrets: 1\n    steps:\n      - null\n      - text\n      - []\n      - 5: 6\n      - run: [1]\n        with: text\n        env: []\n      - ${STEP}\n`,
    ],
    ["a job that is no map beside it", `on: push\njobs:\n  x: 5\n  y:\n  z: []\n${JOB}`],
    ["keys that are no strings", `on: push\n1: 2\n? [a, b]\n: c\njobs:\n  5: { steps: [] }\n${JOB}`],
  ])("%s", async (_, text) => {
    expect(await seen(text)).toEqual(["fail inputs"]);
  });
});

describe("what is not YAML is told, with its line:", () => {
  test.each<[string, string, string]>([
    ["tabs", `on: push\njobs:\n\ta: # HERE\n\t\tsteps: []\n`, "fail"],
    ["a key twice", `on: push\njobs:\n${JOB}  a: {} # HERE\n`, "fail"],
    ["an open bracket", "on: [push # HERE\njobs: {}\n", "fail"],
    ["nothing", "", "warn"],
    ["blanks", "\n\n", "warn"],
    ["a list", "- 1\n", "warn"],
    ["a word", "hello\n", "warn"],
    ["`jobs:` that is a list", "on: push\njobs: [1]\n", "warn"],
  ])("%s", async (_, text, level) => {
    const found = troubles(await examine(withOther(text)));

    expect(found.map((finding) => `${finding.level} ${finding.id}`)).toEqual([`${level} workflows-readable`]);
    expect(found[0]?.positions).toEqual([expect.stringMatching(new RegExp(`^${OTHER}:\\d+$`))]);
  });

  test("a megabyte is read, and more than that is not", async () => {
    const padding = (length: number): string => `on: push\njobs:\n${JOB}#${"x".repeat(length)}\n`;

    expect(await seen(padding(900_000))).toEqual(["fail inputs"]);
    expect(await seen(padding(1_100_000))).toEqual(["warn workflows-readable"]);
  });

  test("hundreds of steps take seconds at most", async () => {
    const steps = `      - ${STEP}\n`.repeat(400);
    const startedMs = performance.now();

    const found = await seen(`on: push\njobs:\n  a:\n    steps:\n${steps}`);

    expect(new Set(found)).toEqual(new Set(["fail inputs"]));
    expect(performance.now() - startedMs).toBeLessThan(20_000);
  }, 60_000);
});

describe("reusable workflows and composite actions:", () => {
  test("a composite action that is malformed, or no composite, is passed over where nothing uses it", async () => {
    await expectFound({
      ...HEALTHY,
      "fixtures/action.yml": "a: [",
      "fixtures/b/action.yaml": "runs: { using: node24, main: x.js }",
      "fixtures/c/action.yml": "",
    });
  });

  test("the same login through both is one login", async () => {
    const found = await namesOf({
      ...HEALTHY,
      [OTHER]: `on: { workflow_call: {} }\njobs:\n  a:\n    steps:\n      - uses: ./c\n        with: { x: "\${{ secrets.SECOND }}" }\n`,
      ".github/workflows/caller.yml": `on: push\njobs:\n  b:\n    uses: ./${OTHER}\n    secrets: inherit\n`,
      "c/action.yml": `inputs: { x: {} }\nruns:\n  using: composite\n  steps:\n    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n      with: { codex-auth-json: "\${{ inputs.x }}", secret-name: SECOND, refresh: never, enviroment: y }\n`,
    });

    expect(found).toEqual(["fail inputs", "warn copy-refreshed"]);
  });
});

test("a name in a file can neither forge a line nor an annotation", async () => {
  const tree = edit(
    HEALTHY,
    OTHER,
    "",
    byHand('name: "x\\n::error::y`\\u202e"\n        run: gh secret set CODEX_AUTH_JSON < x'),
  );

  const [reason = ""] = troubles(await examine(tree)).flatMap(({ lines }) => lines);

  expect(reason).not.toMatch(/[\n\u202e]/);
  expect(reason).toContain("`x ::error::y'`");
});

test("the tree of these tests is healthy", async () => {
  expect(await namesOf(HEALTHY)).toEqual([]);
  expect(Object.keys(HEALTHY)).toEqual([COMBINED, MAINTENANCE]);
});
