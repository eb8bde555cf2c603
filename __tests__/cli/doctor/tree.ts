import { readdirSync, readFileSync } from "node:fs";
import { expect } from "@jest/globals";
import { parse } from "yaml";
import { refuseInputs } from "../../../src/action/refuse-inputs.ts";
import { examineWorkflows } from "../../../src/cli/doctor/checks/all.ts";
import type { Result } from "../../../src/cli/doctor/checks/check.ts";
import { readSubject } from "../../../src/cli/doctor/checks/subject.ts";
import type { CheckoutFiles } from "../../../src/ports/doctor.ts";

/** Texts by path. */
export type Tree = Readonly<Record<string, string>>;

export const COMBINED = ".github/workflows/combined.yml";
export const MAINTENANCE = ".github/workflows/maintenance.yml";
export const OTHER = ".github/workflows/other.yml";

/** A checkout as it should be: an environment's secret, one group, maintenance twice a week. */
export const HEALTHY: Tree = {
  [COMBINED]: `
name: Codex
on:
  workflow_dispatch:
  push:
concurrency:
  group: codex-auth
  queue: max
permissions:
  contents: read
  actions: read
jobs:
  codex:
    runs-on: ubuntu-latest
    environment:
      name: codex
      deployment: false
    steps:
      - uses: actions/checkout@v5
      - name: Codex
        uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}
          environment: codex
          secret-write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}
          run: codex exec hello
`,
  [MAINTENANCE]: `
name: Codex maintenance
on:
  workflow_dispatch:
  schedule:
    - cron: "17 6 * * 1,4"
concurrency:
  group: codex-auth
  queue: max
permissions:
  actions: read
jobs:
  maintenance:
    runs-on: ubuntu-latest
    environment: codex
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}
          environment: codex
          secret-write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}
          refresh: force
`,
};

/** The same login as a secret of the repository. */
export const REPOSITORY_SECRET: Tree = {
  [COMBINED]: without(
    HEALTHY[COMBINED],
    "    environment:\n      name: codex\n      deployment: false\n",
    "          environment: codex\n",
  ),
  [MAINTENANCE]: without(HEALTHY[MAINTENANCE], "    environment: codex\n", "          environment: codex\n"),
};

/** Our step inside a composite action, and that one inside another. */
export const NESTED: Tree = {
  [MAINTENANCE]: HEALTHY[MAINTENANCE] ?? "",
  [COMBINED]: change(
    HEALTHY[COMBINED],
    /uses: codex-auth-roundtrip[\s\S]*/,
    `uses: ./.github/actions/outer
        with:
          login: \${{ secrets.CODEX_AUTH_JSON }}
          write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}
`,
  ),
  ".github/actions/outer/action.yml": composite("./.github/actions/inner", "login", "write_token"),
  ".github/actions/inner/action.yaml": composite(
    "codex-auth-roundtrip/codex-auth-roundtrip@v1",
    "codex-auth-json",
    "secret-write-token",
  ),
};

/** A reusable workflow that is called with the login. */
export const REUSABLE: Tree = {
  ...HEALTHY,
  [COMBINED]: `
on: push
permissions:
  actions: read
jobs:
  call:
    uses: ./.github/workflows/other.yml
    with:
      where: codex
    secrets:
      login: \${{ secrets.CODEX_AUTH_JSON }}
      write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}
`,
  [OTHER]: `
on:
  workflow_call:
    inputs: { where: { type: string } }
    secrets: { login: {}, write_token: {} }
concurrency:
  group: codex-auth
  queue: max
jobs:
  codex:
    runs-on: ubuntu-latest
    environment: \${{ inputs.where }}
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.login }}
          environment: \${{ inputs.where }}
          secret-write-token: \${{ secrets.write_token }}
`,
};

export async function examine(tree: Tree): Promise<readonly Result[]> {
  return examineWorkflows(await readSubject(inMemory(tree), INPUTS));
}

const INPUTS = {
  known: Object.keys((parse(readFileSync("action.yml", "utf8")) as { inputs: object }).inputs).map(
    (name) => ({ name }),
  ),
  refuse: refuseInputs,
};

export function troubles(results: readonly Result[]) {
  return results.flatMap(({ id, verdict }) =>
    "reason" in verdict
      ? []
      : verdict.findings.map(({ level, positions, reason, remedy }) => ({
          id,
          level,
          positions: positions.map(({ file, line }) => `${file}:${line}`),
          lines: [reason, remedy],
        })),
  );
}

export function examples(adapt: (text: string) => string): Tree {
  const names = readdirSync("examples").filter((name) => name.endsWith(".yml"));
  return Object.fromEntries(
    names.map((name) => [`.github/workflows/${name}`, adapt(readFileSync(`examples/${name}`, "utf8"))]),
  );
}

/** Where `# HERE` stands. */
export function markers(tree: Tree): string[] {
  return Object.entries(tree).flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => (line.includes("# HERE") ? [`${file}:${index + 1}`] : [])),
  );
}

export function inMemory(tree: Tree): CheckoutFiles {
  return {
    list: async (directory) =>
      Object.keys(tree)
        .filter((path) => path.startsWith(`${directory}/`))
        .map((path) => path.slice(directory.length + 1))
        .filter((name) => !name.includes("/")),
    actions: async () => Object.keys(tree).filter((path) => /(^|\/)action\.ya?ml$/.test(path)),
    read: async (path) => {
      const text = tree[path];
      if (text === undefined) return { kind: "absent" };
      return text.length > 1_000_000 ? { kind: "too-large", bytes: text.length } : { kind: "text", text };
    },
  };
}

/** Replaces once, and insists that there was something to replace; an empty pattern makes the file. */
export function edit(tree: Tree, file: string, pattern: string | RegExp, replacement: string): Tree {
  return { ...tree, [file]: pattern === "" ? replacement : change(tree[file], pattern, replacement) };
}

export function change(text: string | undefined, pattern: string | RegExp, replacement: string): string {
  const literal = typeof pattern === "string" ? () => replacement : replacement;
  const changed = (text ?? "").replace(pattern, literal as string);
  if (changed === text) throw new Error(`There is no ${pattern} in the text.`);
  return changed;
}

export function without(text: string | undefined, ...parts: string[]): string {
  return parts.reduce((rest, part) => change(rest, part, ""), text ?? "");
}

export function groupOfJob(text: string | undefined): string {
  return change(
    without(text, "concurrency:\n  group: codex-auth\n  queue: max\n"),
    "    runs-on:",
    "    concurrency: { group: codex-auth, queue: max }\n    runs-on:",
  );
}

export function secondJob(needs: string, mark = ""): string {
  return `  second:${mark}\n${needs}    runs-on: ubuntu-latest\n    environment: codex\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n        with: { codex-auth-json: "\${{ secrets.CODEX_AUTH_JSON }}", environment: codex, secret-write-token: "\${{ secrets.W }}" }\n`;
}

export function readOnly(mark = ""): string {
  return `on: push\njobs:\n  quick:\n    runs-on: ubuntu-latest\n    strategy: { matrix: { n: [1, 2] } }\n    environment: codex\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1${mark}\n        with:\n          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}\n          refresh: never\n`;
}

export function host(secret: string, mark = ""): string {
  return `on: push\njobs:\n  host:\n    runs-on: self-hosted\n    environment: codex\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1${mark}\n        with:\n          codex-auth-json: \${{ secrets.${secret} }}\n          secret-name: ${secret}\n          environment: codex\n          home-lifetime: persistent\n          codex-home: /opt/svc/.codex\n`;
}

export function byHand(step: string): string {
  return `on: push\njobs:\n  by-hand:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step}\n`;
}

/** The refresh job's write token is minted by a step before it. */
export function appToken(given: string): Tree {
  const minting = `      - id: app\n        uses: actions/create-github-app-token@v3\n${given}`;
  const mark = given === "" ? " # HERE" : "";
  return edit(
    edit(HEALTHY, COMBINED, "      - name: Codex\n", `${minting}      - name: Codex\n`),
    COMBINED,
    `\${{ secrets.CODEX_SECRET_WRITE_TOKEN }}`,
    `\${{ steps.app.outputs.token }}${mark}`,
  );
}

/** A composite action with one step that hands on what it is given. */
export function composite(
  uses: string,
  login: string,
  writeToken: string,
  ownLogin = "login",
  ownWriteToken = "write_token",
): string {
  const environment = uses.startsWith("codex") ? "        environment: codex\n" : "";
  return `name: c\ninputs:\n  ${ownLogin}: {}\n  ${ownWriteToken}: {}\nruns:\n  using: composite\n  steps:\n    - uses: ${uses}\n      with:\n        ${login}: \${{ inputs.${ownLogin} }}\n        ${writeToken}: \${{ inputs.${ownWriteToken} }}\n${environment}`;
}

/** The action's own repository, where `./` is the action. */
export function ours(tree: Tree): Tree {
  return {
    ...edit(tree, COMBINED, "codex-auth-roundtrip/codex-auth-roundtrip@v1", "./"),
    "action.yml": readFileSync("action.yml", "utf8"),
  };
}

/** A checkout of one workflow. */
export function workflow(text: string): Tree {
  return { [COMBINED]: text };
}

/** Level and name of everything that is found. */
export async function namesOf(tree: Tree): Promise<readonly string[]> {
  return troubles(await examine(tree)).map(({ id, level }) => `${level} ${id}`);
}

/** Nothing but what is expected is found, and exactly where `# HERE` stands. */
export async function expectFound(tree: Tree, ...expected: readonly string[]): Promise<void> {
  const found = troubles(await examine(tree));
  // In somebody's repository there is no such file.
  for (const { lines } of found) expect(lines[1]).not.toMatch(/(?<!blob\/main\/)\b(docs|examples)\//);
  expect(found.map(({ id, level }) => `${level} ${id}`)).toEqual(expected);
  expect(found.flatMap(({ positions }) => positions).sort()).toEqual(markers(tree).sort());
  for (const { lines } of found)
    for (const line of lines) expect(line).toMatch(/\.$|`$|\.md$|\.yml$|examples$/);
}

/** The sentences of one check. */
export async function sentencesOf(tree: Tree, id: string): Promise<readonly string[]> {
  return troubles(await examine(tree))
    .filter((finding) => finding.id === id)
    .flatMap(({ lines }) => lines);
}

/** A maintenance job that writes access copies, and a Codex job that reads one. */
export const SPLIT: Tree = {
  [MAINTENANCE]: `
on:
  workflow_dispatch:
  schedule:
    - cron: "23 4 * * 2,5"
concurrency: { group: codex-auth, queue: max }
permissions:
  actions: read
jobs:
  refresh:
    runs-on: ubuntu-latest
    environment: { name: codex, deployment: false }
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}
          environment: codex
          secret-write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}
          refresh: force
          access-copies: |
            # of this repository
            secret CODEX_ACCESS_JSON
`,
  [OTHER]: `
on: pull_request
permissions:
  contents: read
jobs:
  review:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.CODEX_ACCESS_JSON }}
          refresh: never
          prompt: Review this.
`,
};
