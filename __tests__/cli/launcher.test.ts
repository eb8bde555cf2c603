import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

/** Node, which says that it is another version. */
function nodeOf(version: string, ...args: string[]): ReturnType<typeof spawnSync> {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  return spawnSync(process.execPath, ["--import", pretend, ...args], { encoding: "utf8" });
}

test.each([["dist/cli.js"], ["scripts/require-node.mjs"]])(
  "%s says which Node it needs, instead of failing with a SyntaxError",
  (file) => {
    const { status, stderr } = nodeOf("18.20.8", file);

    expect(status).not.toBe(0);
    expect(stderr).toMatch(/needs Node 20 or newer; this is Node 18\.20\.8\./);
    expect(stderr).not.toMatch(/SyntaxError|at /);
  },
);

test("dist/cli.js imports nothing before it has looked", () => {
  expect(readFileSync("dist/cli.js", "utf8")).not.toMatch(/^\s*(?:import|export) [^(]*from|^\s*import "/m);
});

test("--version is the package's", () => {
  const { stdout } = nodeOf(process.versions.node, "dist/cli.js", "--version");

  expect(String(stdout).trim()).toBe(JSON.parse(readFileSync("package.json", "utf8")).version);
});
