import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Result } from "../../conformance/report.ts";
import { LabClock } from "../../lab/clock.ts";
import { GitHub, type Permissions, type Repository } from "../../lab/github/github.ts";

const EVERYTHING: Permissions = {
  actions: "write",
  administration: "write",
  contents: "write",
  environments: "write",
  secrets: "write",
  variables: "write",
};

let github: GitHub;
let repository: Repository;
let directory: string;

beforeEach(async () => {
  github = await GitHub.start(new LabClock());
  repository = github.repository("octo/facts");
  directory = mkdtempSync(join(tmpdir(), "conformance-"));
});
afterEach(async () => {
  await github.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** The command, with the lab's GitHub as github.com. */
function conformance(words: readonly string[], permissions: Permissions = EVERYTHING) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "conformance/run.ts", "--repo", repository.fullName, ...words],
    {
      env: {
        PATH: process.env.PATH,
        GITHUB_API_URL: github.server.url,
        GH_TOKEN: github.token(repository, permissions, { prefix: "github_pat_" }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, output })));
  return { child, ended };
}

const namesIn = (repo: Repository): string[] =>
  [...repo.secrets.all, ...repo.variables.all, ...repo.environments].map(({ name }) => name);

test("answers a table and JSON, and leaves nothing but what others have made", async () => {
  repository.setSecret("OTHER", "value");
  repository.setVariable("CODEX_CONFORMANCEX", "value");
  repository.createEnvironment("codex-conformance");

  const json = join(directory, "result.json");
  const { code, output } = await conformance(["--only", "S2", "--json", json]).ended;

  expect(output).toContain("S2  ✓ holds");
  expect(output).toContain("1 hold, 0 are refuted, 0 could not be asked.");
  expect(code).toBe(0);
  const result = JSON.parse(readFileSync(json, "utf8")) as Result;
  expect(result).toMatchObject({ version: 1, where: "127.0.0.1", left: [] });
  expect(result.rows).toMatchObject([{ number: "S2", answer: "holds", seen: "201 × 1, 204 × 9" }]);
  expect(namesIn(repository)).toEqual(["OTHER", "CODEX_CONFORMANCEX", "codex-conformance"]);
});

test("removes what an earlier run has left", async () => {
  repository.setSecret("CODEX_CONFORMANCE_LEFT", "value");
  repository.setSecret("1CODEX_CONFORMANCE_LEFT", "value");
  for (let left = 0; left < 35; left++) repository.setVariable(`CODEX_CONFORMANCE_LEFT${left}`, "value");
  repository.createEnvironment("codex-conformance/scratch");
  repository.refs.update([
    { name: "refs/codex-conformance/left", beforeOid: undefined, afterOid: repository.refs.commit() },
  ]);

  const { code } = await conformance(["--only", "G1"]).ended;

  expect(code).toBe(0);
  expect(namesIn(repository)).toEqual([]);
  expect(repository.refs.matching("refs/").map(({ ref }) => ref)).toEqual(["refs/heads/main"]);
});

test("after Ctrl-C it asks nothing more, and removes what it has made", async () => {
  const { child, ended } = conformance(["--only", "variable"]);
  while (repository.variables.all.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));

  child.kill("SIGINT");
  const { code, output } = await ended;

  expect(output).toContain("Interrupted.");
  expect(code).toBe(130);
  expect(namesIn(repository)).toEqual([]);
});

test("what the token may not do could not be asked, and says what it needs", async () => {
  const { code, output } = await conformance(["--only", "S6"], { contents: "read" }).ended;

  expect(output).toContain("S6  – not asked");
  expect(output).toContain("it asks for secrets=read");
  expect(code).toBe(0);
});

test("a fact that is not so ends with 1, and what cannot be removed with 3", async () => {
  const repaired = github.server.intercept(async (request, next) =>
    request.method === "POST" && request.path.endsWith("/variables") ? { status: 201, body: {} } : next(),
  );
  const refuted = await conformance(["--only", "V4"]).ended;
  repaired();
  github.server.intercept(async (request, next) =>
    request.method === "DELETE" ? { status: 500, body: {} } : next(),
  );
  const left = await conformance(["--only", "V4"]).ended;

  expect(refuted.output).toContain("V4  ✗ refuted");
  expect(refuted.code).toBe(1);
  expect(left.output).toMatch(/Not removed: \/actions\/variables\/CODEX_CONFORMANCE_TAKEN_\w+ \(500\)/);
  expect(left.code).toBe(3);
});

describe("is refused", () => {
  async function refusal(words: readonly string[] = []): Promise<string> {
    const { code, output } = await conformance(["--only", "S1", ...words]).ended;
    expect(code).toBe(2);
    expect(github.server.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    return output;
  }

  test("in a public repository", async () => {
    repository.visibility = "public";

    expect(await refusal()).toContain("octo/facts is not private.");
  });

  test("beside a login, unless it is told", async () => {
    for (let other = 0; other < 40; other++) repository.setVariable(`ANOTHER_${other}`, "value");
    repository.setVariable("CODEX_AUTH_CLAIM_1", "value");

    expect(await refusal()).toContain("CODEX_AUTH_CLAIM_1: it keeps a login.");
    repository.createEnvironment("co/dex");
    repository.setSecret("CODEX_AUTH_JSON", "value", { environment: "co/dex" });
    repository.deleteVariable("CODEX_AUTH_CLAIM_1");
    expect(await refusal()).toContain("CODEX_AUTH_JSON: it keeps a login.");
    const told = await conformance(["--only", "G1", "--beside-login"]).ended;
    expect(told.code).toBe(0);
    expect(repository.secret("CODEX_AUTH_JSON", { environment: "co/dex" })?.writes).toBe(1);
  });

  test("where the token sees nothing, and for a fact that there is not", async () => {
    const { code, output } = await conformance(["--repo", "octo/none"]).ended;

    expect(output).toContain('GitHub does not show octo/none to this token: 404 "Not Found"');
    expect(code).toBe(2);
    expect((await conformance(["--only", "no such fact"]).ended).output).toContain("No fact has");
  });
});
