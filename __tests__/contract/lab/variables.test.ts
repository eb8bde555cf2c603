import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { LabClock } from "../../../lab/clock.ts";
import { GitHub, type Permissions, type Repository, type TokenOptions } from "../../../lab/github/github.ts";
import { type Answer, DROP, type LabRequest } from "../../../lab/loopback-server.ts";

const NAME = "CODEX_AUTH_CLAIM_0123456789ABCDEF0123";
const repo = { owner: "octo", repo: "demo" };
const environment = "pro/codex";
const inEnvironment = { ...repo, environment_name: environment };

let clock: LabClock;
let github: GitHub;
let repository: Repository;

beforeEach(async () => {
  clock = new LabClock();
  github = await GitHub.start(clock);
  repository = github.repository("octo/demo");
  repository.createEnvironment(environment);
});

afterEach(async () => {
  await github.stop();
});

function octokit(auth: string): Octokit {
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const client = new Octokit({ auth, baseUrl: github.server.url, log: quiet });
  client.hook.before("request", (options) => {
    options.headers["x-github-api-version"] = "2022-11-28";
  });
  return client;
}

function as(permissions: Permissions, options: TokenOptions = {}): Octokit {
  return octokit(github.token(repository, permissions, options));
}

async function refusal(promise: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data?: { message?: string } } };
    return { status, message: response?.data?.message ?? "" };
  }
  throw new Error("expected the API to refuse");
}

describe.each([
  {
    scope: "a repository",
    permissions: { variables: "write" } as Permissions,
    place: {},
    limit: 500,
    calls: ({ actions }: Octokit) => ({
      create: (name: string, value: string) => actions.createRepoVariable({ ...repo, name, value }),
      get: (name: string) => actions.getRepoVariable({ ...repo, name }),
      list: (page: { per_page?: number; page?: number }) => actions.listRepoVariables({ ...repo, ...page }),
      update: (name: string, value: string) => actions.updateRepoVariable({ ...repo, name, value }),
      remove: (name: string) => actions.deleteRepoVariable({ ...repo, name }),
    }),
  },
  {
    scope: "an environment",
    permissions: { environments: "write" } as Permissions,
    place: { environment },
    limit: 100,
    calls: ({ actions }: Octokit) => ({
      create: (name: string, value: string) =>
        actions.createEnvironmentVariable({ ...inEnvironment, name, value }),
      get: (name: string) => actions.getEnvironmentVariable({ ...inEnvironment, name }),
      list: (page: { per_page?: number; page?: number }) =>
        actions.listEnvironmentVariables({ ...inEnvironment, ...page }),
      update: (name: string, value: string) =>
        actions.updateEnvironmentVariable({ ...inEnvironment, name, value }),
      remove: (name: string) => actions.deleteEnvironmentVariable({ ...inEnvironment, name }),
    }),
  },
])("the variables of $scope", ({ permissions, place, limit, calls }) => {
  test("are created exactly once, in any case of the name, and can be read", async () => {
    const writing = calls(as(permissions));

    expect((await writing.create(NAME.toLowerCase(), "{}")).status).toBe(201);
    expect(await refusal(writing.create(NAME, "other"))).toMatchObject({ status: 409 });

    const { data } = await writing.get(NAME.toLowerCase());
    expect(data).toEqual({
      name: NAME,
      value: "{}",
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      updated_at: data.created_at,
    });
    expect(repository.variable(NAME, place)?.value).toBe("{}");
    expect(repository.variable(NAME, "environment" in place ? {} : { environment })).toBeUndefined();
  });

  test("of a hundred simultaneous creators exactly one is told 201", async () => {
    const writing = calls(as(permissions));

    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        writing.create(NAME, String(index)).then(
          ({ status }) => ({ status: status as number, index }),
          (error: { status: number }) => ({ status: error.status, index }),
        ),
      ),
    );

    const winners = answers.filter(({ status }) => status === 201);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(99);
    expect(repository.variable(NAME, place)?.value).toBe(String(winners[0]?.index));
  });

  test("PATCH and DELETE answer 204, or 404 where there is none; updated_at moves in whole seconds", async () => {
    const writing = calls(as(permissions));
    await writing.create(NAME, "one");
    clock.advance(5000);

    expect((await writing.update(NAME, "two")).status).toBe(204);
    const { data } = await writing.get(NAME);
    expect(data.value).toBe("two");
    expect(Date.parse(data.updated_at) - Date.parse(data.created_at)).toBeGreaterThanOrEqual(5000);

    expect((await writing.remove(NAME)).status).toBe(204);
    expect(await refusal(writing.get(NAME))).toEqual({ status: 404, message: "Not Found" });
    expect(await refusal(writing.update(NAME, "x"))).toMatchObject({ status: 404 });
    expect(await refusal(writing.remove(NAME))).toMatchObject({ status: 404 });
  });

  test("are listed by name, ten a page by default and thirty at most", async () => {
    const reader = calls(as(permissions));
    for (let index = 0; index < 35; index += 1) repository.setVariable(`V_${100 + index}`, "x", place);

    const { data } = await reader.list({ per_page: 100, page: 2 });

    expect(data.total_count).toBe(35);
    expect(data.variables.map(({ name }) => name)).toEqual(["V_130", "V_131", "V_132", "V_133", "V_134"]);
    expect((await reader.list({ per_page: 100 })).data.variables).toHaveLength(30);
    expect((await reader.list({})).data.variables).toHaveLength(10);
  });

  test("have rules for names, values and their number", async () => {
    const writing = calls(as(permissions));

    for (const name of ["1A", "GITHUB_A", "github_a", "A-B", "A B", ""]) {
      expect(await refusal(writing.create(name, "x"))).toMatchObject({ status: 422 });
    }
    expect((await writing.create("BIG", "x".repeat(48 * 1024))).status).toBe(201);
    expect(await refusal(writing.create("BIGGER", "x".repeat(48 * 1024 + 1)))).toMatchObject({ status: 422 });
    for (let index = 1; index < limit; index += 1) repository.setVariable(`FILLER_${index}`, "x", place);
    expect(await refusal(writing.create("ONE_TOO_MANY", "x"))).toMatchObject({ status: 422 });
    expect((await writing.update("BIG", "small")).status).toBe(204);
  });

  test("ask for one permission, which GITHUB_TOKEN cannot have", async () => {
    const [name, other] =
      "variables" in permissions ? ["variables", "environments"] : ["environments", "variables"];
    const reader = calls(as({ [name ?? ""]: "read" }));
    repository.setVariable(NAME, "x", place);

    expect((await reader.get(NAME)).status).toBe(200);
    for (const [who, whom] of [
      [as({ [name ?? ""]: "read" }), "personal access token"],
      [as({ [other ?? ""]: "write", secrets: "write" }), "personal access token"],
      [as({ actions: "write", contents: "write" }, { prefix: "ghs_" }), "integration"],
    ] as const) {
      expect(await refusal(calls(who).create("NEW", "x"))).toEqual({
        status: 403,
        message: `Resource not accessible by ${whom}`,
      });
    }
    expect(await refusal(calls(as({ actions: "write" }, { prefix: "ghs_" })).get(NAME))).toMatchObject({
      status: 403,
    });
  });

  test("are subject to faults: an answer is lost, and it happened", async () => {
    const writing = calls(as(permissions));
    const lose = async (_: LabRequest, next: () => Promise<Answer>): Promise<Answer> => {
      await next();
      return DROP;
    };
    const stop = github.server.intercept(lose);

    await expect(writing.create(NAME, "mine")).rejects.toThrow();
    stop();

    expect((await writing.get(NAME)).data.value).toBe("mine");
    expect(await refusal(writing.create(NAME, "mine"))).toMatchObject({ status: 409 });
  });
});

test("an environment that nobody made has none, and a token of another repository sees none", async () => {
  const writing = as({ environments: "write", variables: "write" });
  const stranger = octokit(github.token(github.repository("octo/other"), { variables: "write" }));

  expect(
    await refusal(
      writing.actions.createEnvironmentVariable({ ...repo, environment_name: "no", name: "A", value: "x" }),
    ),
  ).toMatchObject({ status: 404 });
  expect(await refusal(stranger.actions.listRepoVariables(repo))).toMatchObject({ status: 404 });
});

test("an app that has Variables calls the permission actions_variables", async () => {
  const app = github.app({ repository, permissions: { secrets: "write", variables: "write" } });
  const auth = createAppAuth({
    appId: app.appId,
    privateKey: app.privateKeyPem,
    installationId: app.installationId,
  });
  const asApp = octokit((await auth({ type: "app" })).token);
  const tokenOf = async (permissions?: Record<string, string>) =>
    (
      await asApp.apps.createInstallationAccessToken({
        installation_id: app.installationId,
        ...(permissions ? { permissions } : {}),
      })
    ).data;

  const all = await tokenOf();
  const narrowed = await tokenOf({ actions_variables: "write" });

  expect(all.permissions).toEqual({ secrets: "write", actions_variables: "write", metadata: "read" });
  expect(
    (await octokit(narrowed.token).actions.createRepoVariable({ ...repo, name: "A", value: "" })).status,
  ).toBe(201);
  expect(await refusal(tokenOf({ variables: "write" }))).toMatchObject({ status: 422 });
  expect(
    await refusal(octokit((await tokenOf({ secrets: "write" })).token).actions.listRepoVariables(repo)),
  ).toEqual({
    status: 403,
    message: "Resource not accessible by integration",
  });
});

test("a story reads, sets and deletes them by hand, and moves their dates", async () => {
  repository.setVariable("A", "one");
  repository.setVariable("a", "two");
  const variable = repository.variable("A");
  if (variable) variable.createdAt = new Date("2031-01-01T00:00:00Z");

  const { data } = await as({ variables: "read" }).actions.getRepoVariable({ ...repo, name: "A" });

  expect(data).toMatchObject({ value: "two", created_at: "2031-01-01T00:00:00Z" });
  expect(repository.variablesOf().map(({ name }) => name)).toEqual(["A"]);
  expect([repository.deleteVariable("a"), repository.deleteVariable("a")]).toEqual([true, false]);
});
