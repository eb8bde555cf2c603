import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { GitHub, type Permissions, type Repository } from "../../../lab/github/github.ts";
import { type Answer, DROP } from "../../../lab/loopback-server.ts";
import { GitHubClient } from "../../../src/adapters/github/client.ts";
import { githubVariables } from "../../../src/adapters/github/variables.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import { explainSecretError } from "../../../src/core/failure/secret-error.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { Clock } from "../../../src/ports/machine.ts";
import type { Variables } from "../../../src/ports/variables.ts";

const NAME = "CODEX_AUTH_CLAIM_0123456789ABCDEF0123";
const environment = "pro/codex";
const clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => {} };

let time: LabClock;
let github: GitHub;
let repository: Repository;

beforeEach(async () => {
  time = new LabClock();
  github = await GitHub.start(time);
  repository = github.repository("octo/app");
  repository.createEnvironment(environment);
});
afterEach(() => github.stop());

function placeOf(name: string | null) {
  return {
    owner: "octo",
    repository: "app",
    repositoryId: "7",
    environment: name,
    secretName: "CODEX_AUTH_JSON",
  };
}

function variables(permissions: Permissions, name: string | null): Variables {
  const token = new Secret(github.token(repository, permissions));
  return githubVariables(
    new GitHubClient({ apiUrl: github.server.url, token, clock, log: { debug: () => {} } }),
    placeOf(name),
  );
}

describe.each<[string, Permissions, { environment?: string }, string]>([
  ["a repository", { variables: "write" }, {}, "Variables: read and write"],
  ["an environment", { environments: "write" }, { environment }, "Environments: read and write"],
])("the variables of %s", (_, permissions, scope, needed) => {
  const name = scope.environment ?? null;

  test("are created once, whoever asks, and show GitHub's own time", async () => {
    const [one, other] = [variables(permissions, name), variables(permissions, name)];

    const answers = await Promise.all([one.create(NAME, "one"), other.create(NAME, "other")]);

    expect([...answers].sort()).toEqual(["created", "exists"]);
    const shown = await one.read(NAME);
    expect(shown).toMatchObject({ name: NAME, value: answers[0] === "created" ? "one" : "other" });
    expect(shown?.createdAt).toEqual(new Date(Math.floor((shown?.createdAt.getTime() ?? 0) / 1000) * 1000));
    expect(Math.abs((shown?.createdAt.getTime() ?? 0) - time.now().getTime())).toBeLessThan(5000);
  });

  test("that are not there are told as such, and count as deleted", async () => {
    const writing = variables(permissions, name);

    expect(await writing.read(NAME)).toBeNull();
    expect(await writing.update(NAME, "x")).toBe(false);
    await expect(writing.remove(NAME)).resolves.toBeUndefined();
  });

  test("are changed and removed, and of no other scope", async () => {
    const writing = variables(permissions, name);
    repository.setVariable(NAME, "elsewhere", name === null ? { environment } : {});
    await writing.create(NAME, "one");

    expect(await writing.update(NAME, "two")).toBe(true);
    expect((await writing.read(NAME))?.value).toBe("two");
    await writing.remove(NAME);
    expect(await writing.read(NAME)).toBeNull();
    expect(repository.variable(NAME, name === null ? { environment } : {})?.value).toBe("elsewhere");
  });

  test.each([0, 29, 30, 31, 60, 95])("are listed to the end: %d of them", async (count) => {
    for (let index = 0; index < count; index++) repository.setVariable(`V_${100 + index}`, `${index}`, scope);

    const list = await variables(permissions, name).list();

    expect(list.map(({ value }) => value)).toEqual(
      Array.from({ length: count }, (_value, index) => `${index}`),
    );
  });

  test.each<[string, (writing: Variables) => Promise<unknown>]>([
    ["create", (writing) => writing.create(NAME, "x")],
    ["list", (writing) => writing.list()],
    ["read", (writing) => writing.read(NAME)],
  ])("that the token may not touch name the permission (%s)", async (_what, act) => {
    const error = await act(variables({ secrets: "write" }, name)).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(GitHubError);
    const failure = explainSecretError(error as GitHubError, {
      place: placeOf(name),
      credential: "token",
      workedEarlier: false,
    });
    expect(failure.code).toBe("write-token-forbidden");
    expect(failure.hint).toContain(`"${needed}"`);
  });

  test.each<[string, Answer, number | null]>([
    ["502", { status: 502, body: {} }, 502],
    ["no answer", DROP, null],
    ["a page of a proxy", { status: 200, body: "<html>" }, null],
  ])("that are answered with %s are no answer at all", async (_what, answer, status) => {
    const writing = variables(permissions, name);
    github.server.intercept(() => answer);

    for (const act of [
      () => writing.create(NAME, "x"),
      () => writing.list(),
      () => writing.read(NAME),
      () => writing.remove(NAME),
    ])
      await expect(act()).rejects.toMatchObject({ status });
  });
});
