import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { INPUT_CHOICES } from "../../../../src/core/inputs/choices.ts";
import {
  COMBINED,
  edit,
  examine,
  expectFound,
  HEALTHY,
  markers,
  namesOf,
  sentencesOf,
  troubles,
} from "../tree.ts";

const WITH = "          environment: codex\n";

/** The healthy checkout, with more in the `with:` of our step. */
function withMore(...lines: string[]) {
  const text = lines.map((line) => `          ${line}\n`).join("");
  return edit(HEALTHY, COMBINED, WITH, WITH + text);
}

describe("the inputs of our steps", () => {
  test.each([
    ["codex_auth_json: x", "`codex-auth-json`"],
    ["codex_auth_jsn: x", "`codex-auth-json`"],
    ["CODEX-AUTHJSON: x", "`codex-auth-json`"],
    ["enviroment: codex", "`environment`"],
    ["secret_write_token: x", "`secret-write-token`"],
    ["secret-write-tokens: x", "`secret-write-token`"],
    ["refresh-windows: 72h", "`refresh-window`"],
    ["'client id': x", "`client-id`"],
    ["promt: x", "`prompt`"],
  ])("%s is unknown, and the nearest name is told", async (line, near) => {
    await expectFound(withMore(`${line} # HERE`), "fail inputs");
    expect((await sentencesOf(withMore(line), "inputs"))[1]).toBe(`Write ${near}.`);
  });

  test.each(["openai-api-key: x", "x: 1", "'': 1", "'::warning::': 1"])(
    "%s is unknown, and near to nothing",
    async (line) => {
      await expectFound(withMore(`${line} # HERE`), "fail inputs");
      expect((await sentencesOf(withMore(line), "inputs"))[1]).toMatch(/^Remove it/);
    },
  );

  test.each([
    "refresh: always",
    "refresh: Force",
    "refresh: yes",
    "refresh: on",
    "refresh-token: none",
    "sandbox: full",
    "protect-auth: true",
    "handoff: none",
    "concurrency-check: error",
    "home-lifetime: forever",
    "alert-issue: yes",
    "allow-bots: 1",
    "refresh-window: 3 days",
    "refresh-window: 72",
    "minimum-lifetime: 1h30m",
    "codex-version: latest",
    "codex-version: 0.169",
    "secret-name: MY-LOGIN",
    "codex-env: FOO",
    "allow-users: '*, bob'",
  ])("%s has a value that it does not take", async (line) => {
    const tree = withMore(`${line} # HERE`);
    const found = troubles(await examine(tree)).find(({ id }) => id === "inputs");

    expect(found).toMatchObject({ level: "fail", positions: markers(tree) });
  });

  test.each([
    "--sandbox danger-full-access",
    "-s danger-full-access",
    "-sread-only",
    "--yolo",
    "-c sandbox_mode=danger-full-access",
    "--config=sandbox_mode=read-only",
    `'["-c", "sandbox_mode=read-only"]'`,
    "--profile mine",
    "a | b",
    "'[1]'",
  ])("a prompt's codex-args refuse %s, as the action does", async (args) => {
    const tree = edit(withMore(`codex-args: ${args} # HERE`), COMBINED, "run: codex exec", "prompt:");

    await expectFound(tree, "fail inputs");
  });

  test.each([
    ["two jobs at once", ["prompt: hello # HERE"]],
    ["two prompts", ["prompt: a", "prompt-file: b"]],
    ["two schemas", ["output-schema: '{}' # HERE", "output-schema-file: b"]],
    ["enforced without a sandbox", ["protect-auth: enforced", "sandbox: danger-full-access # HERE"]],
    ["a reseed that never writes", ["refresh: never # HERE", "reseed: true"]],
    ["a host without a home", ["home-lifetime: persistent # HERE"]],
  ])("what does not go together fails: %s", async (_, lines) => {
    const found = await sentencesOf(withMore(...lines), "inputs");

    expect(found).toHaveLength(2);
    expect(found[0]).toMatch(/The job fails\.$/);
  });

  test("several wrong values are told at once, each at its line", async () => {
    await expectFound(
      withMore("codex-version: latest # HERE", "handoff: none # HERE", "shell: sh"),
      "fail inputs",
      "fail inputs",
    );
  });

  test.each([
    `prompt: \${{ inputs.prompt }}`,
    `codex-args: \${{ inputs.args }}`,
    "codex-version: 0.169.0",
    "codex-args: --json",
    "Refresh: auto",
    "REFRESH: auto",
    "refresh: ' auto '",
    "refresh: ''",
    "refresh:",
    `refresh: \${{ inputs.refresh || 'auto' }}`,
    "alert-issue: true",
    "allow-bots: 'false'",
    "refresh-window: 3d",
    "shell: anything",
    "codex-env: |\n            refresh=always",
  ])("%s is right", async (line) => {
    expect(await namesOf(withMore(line))).toEqual([]);
  });

  test("every input of action.yml is known, in every spelling of its case", async () => {
    const { inputs } = parse(readFileSync("action.yml", "utf8")) as { inputs: object };
    const lines = Object.keys(inputs).map((name) => `${name.toUpperCase()}:`);

    const given = `with:\n          ${lines.join("\n          ")}\n`;
    const tree = edit(HEALTHY, COMBINED, /with:\n {10}(?=codex)[\s\S]*/, given);
    const found = await sentencesOf(tree, "inputs");

    expect(found).toEqual([]);
  });

  test("the table of choices names inputs of action.yml, with their defaults first", () => {
    const { inputs } = parse(readFileSync("action.yml", "utf8")) as {
      inputs: Record<string, { default?: string }>;
    };

    for (const [name, choices] of Object.entries(INPUT_CHOICES))
      expect([name, inputs[name]?.default]).toEqual([name, choices[0]]);
  });
});

test("steps in composite actions are read as well, also in those that nothing here uses", async () => {
  const tree = {
    ...HEALTHY,
    "tools/codex/action.yml": `name: c
runs:
  using: composite
  steps:
    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
      with:
        codex-auth-json: \${{ inputs.login }}
        codex_home: x # HERE
`,
  };

  await expectFound(tree, "fail inputs");
});

test("a misspelt login is one mistake", async () => {
  const [, ...rest] = (HEALTHY[COMBINED] ?? "").split("codex-auth-json:");
  const tree = edit(HEALTHY, COMBINED, "codex-auth-json:", "codex_auth_json: # HERE\n           ");

  expect(rest).toHaveLength(1);
  await expectFound(tree, "fail inputs");
});

test("a step without a login is told", async () => {
  await expectFound(
    edit(
      HEALTHY,
      COMBINED,
      /uses: codex-auth(.*)\n([\s\S]*?) {10}codex-auth-json.*\n/,
      "uses: codex-auth$1 # HERE\n$2",
    ),
    "fail login-given",
  );
});

test("a step without `with:` is told what it lacks", async () => {
  const found = await namesOf(edit(HEALTHY, COMBINED, /roundtrip@v1\n {8}with:\n[\s\S]*/, "roundtrip@v1\n"));

  expect(found).toContain("fail login-given");
  expect(found).toContain("fail write-token");
});
