import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Repository } from "../../../lab/github/github.ts";
import type { DispatchOptions } from "../../../lab/runner/runner.ts";
import { World } from "../../../lab/world.ts";

const NODE = `
const { readFileSync } = await import("node:fs");
const { env } = process;
const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH, "utf8"));
const answer = await fetch(env.GITHUB_API_URL + "/repos/" + env.GITHUB_REPOSITORY + "/collaborators/" + env.GITHUB_ACTOR + "/permission", {
  headers: { authorization: "Bearer " + env.INPUT_TOKEN, "x-github-api-version": "2022-11-28", connection: "close" },
});
console.log("told " + JSON.stringify([env.GITHUB_EVENT_NAME, env.GITHUB_ACTOR, env.GITHUB_TRIGGERING_ACTOR, event.sender, event.comment?.body ?? null, answer.status, (await answer.json()).permission]));
`;

let world: World;
let scratch: string;
let repository: Repository;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "lab-actors-"));
  await mkdir(join(scratch, "tells"));
  await writeFile(
    join(scratch, "tells", "action.yml"),
    `name: tells\ninputs: { token: { description: any, default: "\${{ github.token }}" } }\nruns: { using: node24, main: main.mjs }\n`,
  );
  await writeFile(join(scratch, "tells", "main.mjs"), NODE);
  world = await World.start();
  repository = world.github.repository("octo/demo");
});

afterEach(async () => {
  await world.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function told(event: string, options: Partial<DispatchOptions>): Promise<unknown> {
  const run = world.runner.dispatch({
    repository,
    workflow: `on: ${event}\npermissions: {}\njobs:\n  job:\n    runs-on: x\n    steps:\n      - uses: lab/tells@v1\n`,
    actions: { "lab/tells": join(scratch, "tells") },
    codex: "none",
    ...options,
  });
  const { log } = await run.finished;
  return JSON.parse(/^told (.*)$/m.exec(log)?.[1] ?? "null");
}

describe("who started a run", () => {
  test("is lab-user, who administers the repository, unless the story says otherwise", async () => {
    expect(await told("workflow_dispatch", {})).toEqual([
      "workflow_dispatch",
      "lab-user",
      "lab-user",
      { login: "lab-user", type: "User" },
      null,
      200,
      "admin",
    ]);
  });

  test("may be anybody, by any event, started again by somebody else, with the payload of the story", async () => {
    const options = {
      actor: "mallory",
      triggeringActor: "maintainer",
      sender: "mallory",
      eventPayload: { comment: { body: "@codex do it" } },
    };

    expect(await told("issue_comment", options)).toEqual([
      "issue_comment",
      "mallory",
      "maintainer",
      { login: "mallory", type: "User" },
      "@codex do it",
      200,
      "none",
    ]);
  });

  test("may be a bot, which has no role", async () => {
    expect(await told("push", { actor: "renovate[bot]" })).toEqual(
      [
        "push",
        "renovate[bot]",
        "renovate[bot]",
        { login: "renovate[bot]", type: "Bot" },
        null,
        404,
        undefined,
      ].map((value) => value ?? null),
    );
  });
});

test.each([
  ["admin", "admin"],
  ["maintain", "write"],
  ["write", "write"],
  ["triage", "read"],
  ["read", "read"],
  ["none", "none"],
] as const)("the role %s is the permission %s, in any case of the name", async (role, permission) => {
  repository.setRole("Octocat", role);

  const answer = await fetch(`${world.github.server.url}/repos/octo/demo/collaborators/octocat/permission`, {
    headers: {
      authorization: `Bearer ${world.github.token(repository, { metadata: "read" })}`,
      "x-github-api-version": "2022-11-28",
    },
  });

  expect(await answer.json()).toMatchObject({ permission, role_name: role, user: { login: "octocat" } });
});

test("anybody may read what is public, and nobody asks without a token", async () => {
  world.github.repository("octo/open", { visibility: "public" });
  const ask = (headers: Record<string, string>) =>
    fetch(`${world.github.server.url}/repos/octo/open/collaborators/passer-by/permission`, {
      headers: { "x-github-api-version": "2022-11-28", ...headers },
    });
  const token = world.github.token(world.github.repository("octo/open"), { metadata: "read" });

  expect(await (await ask({ authorization: `Bearer ${token}` })).json()).toMatchObject({
    permission: "read",
  });
  expect((await ask({})).status).toBe(401);
});
