import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Desk } from "../cli/command-line.ts";
import { blocksOf } from "./markdown.ts";

const [withEnvironment = "", onFree = ""] = blocksOf(readFileSync("README.md", "utf8"), "sh").filter(
  (block) => block.includes("codex-auth-roundtrip seed"),
);

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.set();
  // What makes a directory a checkout to git.
  for (const name of ["objects", "refs"]) await desk.file(`checkout/.git/${name}/empty`, "");
  await desk.file(
    "checkout/.git/config",
    '[remote "origin"]\n\turl = https://github.com/octo/app.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n',
  );
});
afterEach(() => desk.clear());

describe("the quick start, in its order,", () => {
  test.each([
    ["with an environment", withEnvironment, { environments: "write", secrets: "write" }, "codex"],
    ["on GitHub Free", onFree, { secrets: "write", variables: "write" }, undefined],
  ] as const)("%s, makes a login that maintenance refreshes, and a Codex job that works", async (...row) => {
    const [, block, permissions, environment] = row;
    const place = environment === undefined ? {} : { environment };
    const writeToken = desk.world.github.token(desk.repository, permissions);

    const seeded = await desk.runAndLogIn(wordsOf(block), {
      environment: { CODEX_SECRET_WRITE_TOKEN: writeToken },
    });

    expect(seeded.stderr).not.toMatch(/^Error/m);
    expect(seeded.exitCode).toBe(0);
    const maintained = await run("maintenance.yml");
    const answered = await run("codex.yml");
    expect([maintained.conclusion, answered.conclusion]).toEqual(["success", "success"]);
    const stored = JSON.parse(desk.repository.secret("CODEX_AUTH_JSON", place)?.value ?? "{}");
    expect(desk.world.openai.generationOf(stored.tokens.refresh_token)).toBe(1);
    expect(desk.world.openai.responses).toBe(1);
    const { exitCode, stdout } = await desk.run(["doctor"]);
    expect(stdout).not.toMatch(/^[✗x!] /m);
    expect(exitCode).toBe(0);
  });
});

async function run(name: string) {
  const workflow = readFileSync(desk.path("checkout", ".github", "workflows", name), "utf8");
  return desk.world.runner.dispatch({ repository: desk.repository, workflow }).finished;
}

/** The arguments of `npx codex-auth-roundtrip`, as a shell would divide them. */
function wordsOf(block: string): string[] {
  const line = block.replace(/^#.*\n/, "").replaceAll(/ \\\n/g, " ");
  const words = [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
  expect(words.slice(0, 2)).toEqual(["npx", "codex-auth-roundtrip"]);
  return words.slice(2);
}
