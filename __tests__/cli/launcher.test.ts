import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
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

test("a current directory that is gone is told as that, and not as a bug", () => {
  const command = 'cd "$(mktemp -d)" && rmdir "$PWD" && exec "$0" "$1" doctor';
  const { status, stderr } = spawnSync("sh", ["-c", command, process.execPath, resolve("dist/cli.js")], {
    encoding: "utf8",
  });

  expect(status).toBe(1);
  expect(stderr).toMatch(/^Error: .*current directory: ENOENT\..*\[system-error\]\n$/s);
});

test("a reader who has read enough is no error", () => {
  const command = '"$0" "$1" completion bash | true; "$0" "$1" doctor examples/.. | head -n 1';
  const { stderr } = spawnSync("sh", ["-c", command, process.execPath, resolve("dist/cli.js")], {
    encoding: "utf8",
  });

  expect(stderr).toBe("");
});

const TOKEN = "ghp_0123456789abcdefghijABCDEFGHIJ012345";

test.each([
  ["doctor", TOKEN],
  ["host", "refresh", "--home", `/nowhere/${TOKEN}`],
  ["seed", "--repo", "owner/name", "--copy-to", TOKEN],
  ["seed", `--${TOKEN}`],
  [TOKEN],
])("an error quotes no token that was pasted in a name's place: %s", (...args) => {
  for (const more of [[], ["--json"]]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args, ...more], {
      encoding: "utf8",
      env: { ...process.env, GH_TOKEN: "x" },
    });

    expect(status).toBeGreaterThan(0);
    expect(stderr).toContain("***");
    expect(stdout + stderr).not.toContain(TOKEN);
  }
});
