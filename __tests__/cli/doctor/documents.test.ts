import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { fitWorkflow } from "../../../src/cli/seed/fit-workflow.ts";
import { blocksOf } from "../../docs/markdown.ts";
import { examine, MAINTENANCE, type Tree, troubles } from "./tree.ts";

const split = readFileSync("examples/maintenance.yml", "utf8");
/** Without access copies, for jobs that are given the login itself. */
const combined = split.replace(/^ +access-copies:.*\n( {12}.*\n)*/m, "");
const maintenanceFor = (text: string): string => (text.includes("CODEX_ACCESS_JSON") ? split : combined);

/** The text as a workflow: a list of steps, or one job's keys, in the job of the first example. */
function asWorkflow(block: string): string | null {
  const lines = block.replace(/\n+$/, "").split("\n");
  const indent = (by: number): string =>
    lines.map((line) => (line === "" ? "" : " ".repeat(by) + line)).join("\n");
  const top = /^([a-z-]+|- \w+):/m.exec(block)?.[1] ?? "";
  const head = readFileSync("examples/combined.yml", "utf8").split("    runs-on:")[0] ?? "";
  if (["name", "on", "jobs", "concurrency"].includes(top)) return block.includes("jobs:") ? block : null;
  if (top.startsWith("- ")) {
    const environment = /^ +environment: (\S+)/m.exec(block)?.[1];
    const ofJob = environment ? `    environment: ${environment}\n` : "";
    return `${head}    runs-on: ubuntu-latest\n${ofJob}    steps:\n${indent(6)}\n`;
  }
  return null;
}

async function said(tree: Tree): Promise<readonly string[]> {
  return troubles(await examine(tree)).map(
    ({ id, level, positions, lines }) => `${level} ${id} ${positions} ${lines[0]}`,
  );
}

describe("what this project shows is right by its own doctor:", () => {
  const snippets = [
    "README.md",
    ...readdirSync("docs")
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ].flatMap((file) =>
    blocksOf(readFileSync(file, "utf8"), "yaml").map(
      (block, index) => [`${file}, block ${index + 1}`, block] as const,
    ),
  );

  test.each(snippets)("%s", async (_, block) => {
    const text = asWorkflow(block);
    if (text === null || !text.includes("codex-auth-roundtrip")) return;

    // Every recipe stands beside the maintenance workflow, of an environment's secret or of the repository's.
    const environment = /environment: (\{ name: )?(\w+)/.exec(block)?.[2] ?? null;
    const fitted = fitWorkflow(maintenanceFor(text), {
      environment,
      secretName: "CODEX_AUTH_JSON",
      credential: "token",
    });
    expect(await said({ [MAINTENANCE]: fitted, ".github/workflows/snippet.yml": text })).toEqual([]);
  });

  test("its workflows, beside the maintenance of the login that they use", async () => {
    const names = readdirSync(".github/workflows").map((name) => `.github/workflows/${name}`);
    const own = Object.fromEntries(names.map((name) => [name, readFileSync(name, "utf8")]));

    expect(
      await said({ ...own, [MAINTENANCE]: combined, "action.yml": readFileSync("action.yml", "utf8") }),
    ).toEqual([]);
  });

  test.each(readdirSync("examples").filter((file) => file.endsWith(".yml")))(
    "examples/%s, beside maintenance",
    async (name) => {
      const text = readFileSync(`examples/${name}`, "utf8");

      expect(
        await said({ [MAINTENANCE]: maintenanceFor(text), [`.github/workflows/${name}`]: text }),
      ).toEqual([]);
    },
  );
});
