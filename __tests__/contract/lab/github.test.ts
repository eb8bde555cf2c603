import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import sodium from "libsodium-wrappers";
import { LabClock } from "../../../lab/clock.ts";
import {
  GitHub,
  type Permissions,
  type Repository,
  type RunRecord,
  type TokenOptions,
} from "../../../lab/github/github.ts";

const dayMs = 24 * 60 * 60 * 1000;
const name = "CODEX_AUTH_JSON";
const place = { owner: "octo", repo: "demo" };

let clock: LabClock;
let github: GitHub;
let repository: Repository;

beforeEach(async () => {
  await sodium.ready;
  clock = new LabClock();
  github = await GitHub.start(clock);
  repository = github.repository("octo/demo");
});

afterEach(async () => {
  await github.stop();
});

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function octokit(auth?: string): Octokit {
  const client = new Octokit({ ...(auth ? { auth } : {}), baseUrl: github.server.url, log: quiet });
  client.hook.before("request", (options) => {
    options.headers["x-github-api-version"] = "2022-11-28";
  });
  return client;
}

function as(permissions: Permissions, options: TokenOptions = {}): Octokit {
  return octokit(github.token(repository, permissions, options));
}

function seal(value: string, publicKey: string): string {
  const key = sodium.from_base64(publicKey, sodium.base64_variants.ORIGINAL);
  return sodium.to_base64(sodium.crypto_box_seal(value, key), sodium.base64_variants.ORIGINAL);
}

async function putSecret(client: Octokit, value: string, secret = name): Promise<number> {
  const { data: key } = await client.actions.getRepoPublicKey(place);
  const { status } = await client.actions.createOrUpdateRepoSecret({
    ...place,
    secret_name: secret,
    encrypted_value: seal(value, key.key),
    key_id: key.key_id,
  });
  return status;
}

/** What went wrong, as the API said it. */
async function refusal(promise: Promise<unknown>): Promise<{ status: number; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data?: { message?: string } } };
    return { status, message: response?.data?.message ?? "" };
  }
  throw new Error("expected the API to refuse");
}

describe("repository secrets", () => {
  test("the first PUT answers 201, every later one 204, and only GitHub can open what was stored", async () => {
    const writing = as({ secrets: "write" });

    expect(await putSecret(writing, "first CANARY")).toBe(201);
    expect(await putSecret(writing, "second CANARY ✓")).toBe(204);

    expect(repository.secret(name)).toMatchObject({ value: "second CANARY ✓", writes: 2 });
    expect(repository.secret(name)?.history.map(({ value }) => value)).toEqual([
      "first CANARY",
      "second CANARY ✓",
    ]);
    const wire = github.server.requests.map(({ body }) => body.toString("utf8")).join("\n");
    expect(wire).not.toContain("CANARY");
  });

  test("of two simultaneous creators exactly one is told 201", async () => {
    const writing = as({ secrets: "write" });

    const statuses = await Promise.all([putSecret(writing, "a"), putSecret(writing, "b")]);

    expect(statuses.sort()).toEqual([201, 204]);
  });

  test("updated_at moves by the server's clock in whole seconds, created_at stays", async () => {
    const writing = as({ secrets: "write" });
    await putSecret(writing, "first");
    const { data: before } = await writing.actions.getRepoSecret({ ...place, secret_name: name });
    clock.advance(dayMs);

    await putSecret(writing, "second");

    const { data: after, headers } = await writing.actions.getRepoSecret({ ...place, secret_name: name });
    expect(after.created_at).toBe(before.created_at);
    expect(repository.secret(name)?.updatedAt.toISOString()).toMatch(/\.000Z$/);
    expect(after.updated_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(after.updated_at) - Date.parse(before.updated_at)).toBeGreaterThanOrEqual(dayMs);
    expect(Math.abs(Date.parse(headers.date ?? "") - Date.parse(after.updated_at))).toBeLessThan(5_000);
  });

  test("DELETE answers 204 once, then 404, and the next PUT creates again", async () => {
    const writing = as({ secrets: "write" });
    await putSecret(writing, "value");

    const { status } = await writing.actions.deleteRepoSecret({ ...place, secret_name: name });

    expect(status).toBe(204);
    expect(await refusal(writing.actions.deleteRepoSecret({ ...place, secret_name: name }))).toEqual({
      status: 404,
      message: "Not Found",
    });
    expect(await refusal(writing.actions.getRepoSecret({ ...place, secret_name: name }))).toMatchObject({
      status: 404,
    });
    expect(await putSecret(writing, "value")).toBe(201);
  });

  test.each([
    ["a key id from before the rotation", { stale: true }],
    ["a good box under another key id", { keyId: "1" }],
    ["a box sealed to another key", { otherKey: true }],
    ["a box that was tampered with", { tamper: true }],
    ["something that is not base64", { encrypted: "ainsdr-34234vsdf-dfdf" }],
  ])("refuses %s with 422 and stores nothing", async (_what, how) => {
    const writing = as({ secrets: "write" });
    const { data: key } = await writing.actions.getRepoPublicKey(place);
    if ("stale" in how) repository.rotatePublicKey();
    const other = sodium.to_base64(sodium.crypto_box_keypair().publicKey, sodium.base64_variants.ORIGINAL);
    let encrypted = "encrypted" in how ? how.encrypted : seal("value", "otherKey" in how ? other : key.key);
    if ("tamper" in how) encrypted = `${encrypted.startsWith("A") ? "B" : "A"}${encrypted.slice(1)}`;

    const answer = await refusal(
      writing.actions.createOrUpdateRepoSecret({
        ...place,
        secret_name: name,
        encrypted_value: encrypted,
        key_id: "keyId" in how ? how.keyId : key.key_id,
      }),
    );

    expect(answer.status).toBe(422);
    expect(repository.secret(name)).toBeUndefined();
  });

  test("takes exactly 48 KB and not a byte more, and one hundred secrets and not one more", async () => {
    const writing = as({ secrets: "write" });

    expect(await putSecret(writing, "x".repeat(48 * 1024))).toBe(201);
    expect(await refusal(putSecret(writing, "x".repeat(48 * 1024 + 1)))).toMatchObject({ status: 422 });
    for (let index = 1; index < 100; index += 1) repository.setSecret(`FILLER_${index}`, "value");
    expect(await refusal(putSecret(writing, "value", "ONE_TOO_MANY"))).toMatchObject({ status: 422 });
    expect(await putSecret(writing, "value")).toBe(204);
    const names = await writing.paginate(writing.actions.listRepoSecrets, { ...place, per_page: 30 });
    expect(names).toHaveLength(100);
  });

  test("what an administrator stores is what the API reports, in any case of the name", async () => {
    repository.setSecret(name, "by hand CANARY");

    const { data } = await as({ secrets: "read" }).actions.getRepoSecret({
      ...place,
      secret_name: name.toLowerCase(),
    });

    expect(data.name).toBe(name);
    expect(Object.keys(data).sort()).toEqual(["created_at", "name", "updated_at"]);
  });
});

describe("environment secrets", () => {
  const environment = "pro/codex æ 1";
  const there = { ...place, environment_name: environment, secret_name: name };

  test("live under the encoded name, with a key of their own, apart from the repository's", async () => {
    repository.createEnvironment(environment);
    const writing = as({ environments: "write" });
    const { data: key } = await writing.actions.getEnvironmentPublicKey({
      ...place,
      environment_name: environment,
    });

    const { status } = await writing.actions.createOrUpdateEnvironmentSecret({
      ...there,
      encrypted_value: seal("in it", key.key),
      key_id: key.key_id,
    });

    expect(status).toBe(201);
    expect(repository.secret(name, { environment })?.value).toBe("in it");
    expect(repository.secret(name)).toBeUndefined();
    expect(github.server.requests.at(-1)?.path).toContain("/environments/pro%2Fcodex%20%C3%A6%201/secrets/");
    expect((await writing.actions.getEnvironmentSecret(there)).data.name).toBe(name);
    expect((await writing.actions.listEnvironmentSecrets(there)).data.total_count).toBe(1);
    expect((await writing.actions.deleteEnvironmentSecret(there)).status).toBe(204);
  });

  test("a slash that is not encoded, or an environment that nobody made, is a 404", async () => {
    repository.createEnvironment(environment);
    repository.setSecret(name, "value", { environment });
    const reader = as({ environments: "read" });
    const unencoded = `/repos/octo/demo/environments/pro/codex%20%C3%A6%201/secrets/${name}`;

    expect(await refusal(reader.request(`GET ${unencoded}`))).toMatchObject({ status: 404 });
    expect(
      await refusal(reader.actions.getEnvironmentPublicKey({ ...place, environment_name: "other" })),
    ).toMatchObject({ status: 404 });
  });

  test("environments themselves are read with Actions and made with Administration", async () => {
    const admin = as({ administration: "write", actions: "read" });

    await admin.repos.createOrUpdateEnvironment({ ...place, environment_name: "codex" });

    expect((await admin.repos.getEnvironment({ ...place, environment_name: "CODEX" })).data.name).toBe(
      "codex",
    );
    expect((await admin.repos.getAllEnvironments(place)).data.total_count).toBe(1);
  });
});

describe("who may", () => {
  const secretsOf = (client: Octokit) => client.actions.getRepoPublicKey(place);

  test.each<[string, Permissions, TokenOptions, number, string]>([
    [
      "a workflow's own token",
      { actions: "write", issues: "write", contents: "write" },
      {},
      403,
      "integration",
    ],
    ["a token for environments only", { environments: "write" }, {}, 403, "personal access token"],
    [
      "an installation token without Secrets",
      { environments: "write" },
      { prefix: "ghs_" },
      403,
      "integration",
    ],
  ])(
    "%s cannot read the public key of repository secrets",
    async (_who, permissions, options, status, whom) => {
      expect(await refusal(secretsOf(as(permissions, options)))).toEqual({
        status,
        message: `Resource not accessible by ${whom}`,
      });
    },
  );

  test("Secrets does not open environment secrets, and read does not write", async () => {
    repository.createEnvironment("codex");
    const reader = as({ secrets: "read" });

    expect(
      await refusal(reader.actions.getEnvironmentPublicKey({ ...place, environment_name: "codex" })),
    ).toMatchObject({ status: 403 });
    expect(await refusal(putSecret(reader, "value"))).toMatchObject({ status: 403 });
    expect(repository.secret(name)).toBeUndefined();
  });

  test("an unknown, a revoked and an expired token are bad credentials", async () => {
    const revoked = github.token(repository, { secrets: "write" });
    github.revokeToken(revoked);
    const expiring = github.token(
      repository,
      { secrets: "write" },
      { expiresAt: new Date(Date.now() + dayMs) },
    );
    expect((await secretsOf(octokit(expiring))).status).toBe(200);
    clock.advance(dayMs + 1000);

    for (const token of ["github_pat_CANARYunknown", revoked, expiring]) {
      expect(await refusal(secretsOf(octokit(token)))).toEqual({ status: 401, message: "Bad credentials" });
    }
    expect(github.tokens).toEqual(expect.arrayContaining([revoked, expiring]));
    expect(github.tokens.every((token) => token.includes("CANARY"))).toBe(true);
  });

  test("a private repository does not exist for a stranger; a public one shows itself and its runs, not its secrets", async () => {
    const stranger = octokit(github.token(github.repository("octo/other"), { secrets: "write" }));
    const open = { owner: "octo", repo: "open" };
    github.repository("octo/open", { visibility: "public" });

    expect(await refusal(secretsOf(stranger))).toMatchObject({ status: 404 });
    expect(await refusal(octokit().repos.get(place))).toMatchObject({ status: 404 });
    expect((await octokit().repos.get(open)).data).toMatchObject({ private: false, visibility: "public" });
    expect((await stranger.actions.listWorkflowRunsForRepo(open)).data.total_count).toBe(0);
    expect(await refusal(stranger.actions.getRepoPublicKey(open))).toMatchObject({ status: 403 });
    expect(await refusal(octokit().actions.getRepoPublicKey(open))).toMatchObject({ status: 401 });
  });

  test("every token of the repository has metadata", async () => {
    const { data } = await as({ issues: "read" }).repos.get(place);

    expect(data).toMatchObject({
      id: repository.id,
      full_name: "octo/demo",
      private: true,
      default_branch: "main",
    });
  });

  test.each<["utc" | "offset" | "absent", RegExp | undefined]>([
    ["utc", /^2031-02-03 04:05:06 UTC$/],
    ["offset", /^2031-02-02 21:05:06 -0700$/],
    ["absent", undefined],
  ])("the expiry of a personal token is told in the %s form", async (expirationHeader, form) => {
    const expiresAt = new Date("2031-02-03T04:05:06Z");

    const { headers } = await secretsOf(as({ secrets: "read" }, { expiresAt, expirationHeader }));

    const told = headers["github-authentication-token-expiration"];
    if (form) expect(String(told)).toMatch(form);
    else expect(told).toBeUndefined();
  });

  test("a request without the API version, or with an unknown one, or without a user agent, is refused", async () => {
    const authorization = `Bearer ${github.token(repository, { secrets: "read" })}`;
    const status = async (headers: Record<string, string>) => {
      const [answer] = await once(get(`${github.server.url}/repos/octo/demo`, { headers }), "response");
      (answer as IncomingMessage).resume();
      return (answer as IncomingMessage).statusCode;
    };
    const agent = { authorization, "user-agent": "lab" };

    expect(await status(agent)).toBe(400);
    expect(await status({ ...agent, "x-github-api-version": "2099-01-01" })).toBe(400);
    expect(await status({ authorization, "x-github-api-version": "2022-11-28" })).toBe(403);
    expect(await status({ ...agent, "x-github-api-version": "2022-11-28" })).toBe(200);
  });
});

describe("runs", () => {
  const createdAt = new Date("2031-01-01T00:00:00.900Z");
  const rerunAt = new Date("2031-01-02T00:00:00Z");
  const startedAt = new Date("2031-01-02T00:01:00Z");
  const run = { ...place, run_id: 41 };
  let record: RunRecord;

  beforeEach(() => {
    record = repository.registerRun({
      id: 41,
      name: "maintain",
      path: ".github/workflows/maintain.yml",
      event: "schedule",
      status: "in_progress",
      conclusion: null,
      createdAt,
      runAttempt: 2,
      headBranch: "main",
      headSha: "0".repeat(40),
      concurrencyGroups: [{ name: "codex-auth" }, { name: "builds", jobId: 2 }],
      jobs: [
        { id: 1, name: "auth", startedAt, status: "in_progress", conclusion: null, runnerName: "lab-1" },
        { id: 2, name: "build", startedAt: null, status: "queued", conclusion: null, runnerName: "" },
        {
          id: 3,
          name: "auth",
          startedAt: createdAt,
          status: "completed",
          conclusion: "failure",
          runnerName: "lab-0",
          runAttempt: 1,
        },
      ],
      attempts: [{ createdAt }, { createdAt: rerunAt }],
    });
  });

  test("a run keeps the time of its first attempt, and each attempt tells its own", async () => {
    const reader = as({ actions: "read" });

    const { data: present } = await reader.actions.getWorkflowRun(run);
    const { data: first } = await reader.actions.getWorkflowRunAttempt({ ...run, attempt_number: 1 });

    expect(present).toMatchObject({
      created_at: "2031-01-01T00:00:00Z",
      run_started_at: "2031-01-02T00:00:00Z",
      run_attempt: 2,
      status: "in_progress",
      path: ".github/workflows/maintain.yml",
    });
    expect(first).toMatchObject({ created_at: "2031-01-01T00:00:00Z", run_attempt: 1, status: "completed" });
    expect(await refusal(reader.actions.getWorkflowRunAttempt({ ...run, attempt_number: 3 }))).toMatchObject({
      status: 404,
    });
  });

  test("jobs are those of the latest attempt, of the one asked for, or all", async () => {
    const { actions } = as({ actions: "read" });

    const { data: latest } = await actions.listJobsForWorkflowRun(run);
    const { data: first } = await actions.listJobsForWorkflowRunAttempt({ ...run, attempt_number: 1 });
    const { data: all } = await actions.listJobsForWorkflowRun({ ...run, filter: "all" });

    expect(latest.jobs.map(({ id }) => id)).toEqual([1, 2]);
    expect(latest.jobs[0]).toMatchObject({ started_at: "2031-01-02T00:01:00Z", runner_name: "lab-1" });
    expect(latest.jobs[1]).toMatchObject({ runner_name: null, status: "queued" });
    expect(first.jobs.map(({ id }) => id)).toEqual([3]);
    expect(all.total_count).toBe(3);
  });

  test("concurrency groups are listed by name, with members only while the run holds or waits for them", async () => {
    const reader = as({ actions: "read" });
    const groups = async () =>
      (await reader.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups", run)).data;

    const during = await groups();
    record.status = "completed";
    const after = await groups();

    expect(during).toMatchObject({
      total_count: 2,
      concurrency_groups: [
        { group_name: "builds", group_members: [{ job_id: 2, position: 1, status: "pending" }] },
        { group_name: "codex-auth", group_members: [{ run_id: 41, position: 0, status: "in_progress" }] },
      ],
    });
    expect(after.concurrency_groups[1]).toMatchObject({ group_name: "codex-auth", group_members: [] });
  });

  test("all of it asks for actions: read", async () => {
    const { actions } = as({ issues: "write" });

    expect(await refusal(actions.getWorkflowRun(run))).toMatchObject({ status: 403 });
    expect(await refusal(actions.listJobsForWorkflowRun(run))).toMatchObject({ status: 403 });
  });

  test("the list of runs is newest first and can be filtered", async () => {
    repository.registerRun({ ...record, id: 42, event: "push", status: "completed", conclusion: "success" });
    const { actions } = as({ actions: "read" });

    const { data: all } = await actions.listWorkflowRunsForRepo(place);
    const { data: good } = await actions.listWorkflowRunsForRepo({ ...place, status: "success" });

    expect(all.workflow_runs.map(({ id }) => id)).toEqual([42, 41]);
    expect(good.workflow_runs.map(({ id }) => id)).toEqual([42]);
  });
});

test("an alert issue is opened, found by its label, commented on and closed", async () => {
  const { issues } = as({ issues: "write" });

  const { data: made } = await issues.create({
    ...place,
    title: "Login needs a person",
    labels: ["codex-auth"],
  });
  const issue = { ...place, issue_number: made.number };
  await issues.createComment({ ...issue, body: "still" });
  await issues.update({ ...issue, state: "closed", state_reason: "completed" });

  expect((await issues.listForRepo({ ...place, labels: "codex-auth" })).data).toEqual([]);
  const { data: closed } = await issues.listForRepo({ ...place, labels: "codex-auth", state: "closed" });
  expect(closed).toMatchObject([
    { number: 1, comments: 1, state: "closed", user: { login: "github-actions[bot]" } },
  ]);
  expect(repository.issues[0]?.comments[0]?.body).toBe("still");
  expect(await refusal(as({ issues: "read" }).issues.create({ ...place, title: "no" }))).toMatchObject({
    status: 403,
  });
});

describe("a GitHub App", () => {
  function appClient(app: { clientId: string; privateKeyPem: string }): Octokit {
    const client = new Octokit({
      authStrategy: createAppAuth,
      auth: { appId: app.clientId, privateKey: app.privateKeyPem },
      baseUrl: github.server.url,
      log: quiet,
    });
    client.hook.before("request", (options) => {
      options.headers["x-github-api-version"] = "2022-11-28";
    });
    return client;
  }

  test("finds its installation, mints a token with just one permission for just one repository, and revokes it", async () => {
    const app = github.app({ repository, permissions: { secrets: "write", environments: "write" } });
    const { apps } = appClient(app);

    const { data: installation } = await apps.getRepoInstallation(place);
    const { data: minted } = await apps.createInstallationAccessToken({
      installation_id: installation.id,
      repositories: ["demo"],
      permissions: { secrets: "write" },
    });

    expect(installation.id).toBe(app.installationId);
    expect(minted.permissions).toEqual({ secrets: "write", metadata: "read" });
    expect(minted.token).toHaveLength(520);
    const holder = octokit(minted.token);
    expect(await putSecret(holder, "by the app")).toBe(201);
    repository.createEnvironment("codex");
    expect(
      await refusal(holder.actions.getEnvironmentPublicKey({ ...place, environment_name: "codex" })),
    ).toMatchObject({ status: 403, message: "Resource not accessible by integration" });
    expect((await holder.apps.revokeInstallationAccessToken()).status).toBe(204);
    expect(await refusal(holder.repos.get(place))).toEqual({ status: 401, message: "Bad credentials" });
  });

  test("gets no more than it was installed with, nowhere else, and for one hour", async () => {
    const app = github.app({ repository, permissions: { secrets: "write" } });
    github.repository("octo/other");
    const { apps } = appClient(app);
    const mint = (options: object) =>
      apps.createInstallationAccessToken({ installation_id: app.installationId, ...options });

    expect(await refusal(mint({ permissions: { environments: "write" } }))).toMatchObject({ status: 422 });
    expect(await refusal(mint({ repositories: ["other"] }))).toMatchObject({ status: 422 });
    expect(await refusal(apps.createInstallationAccessToken({ installation_id: 1 }))).toMatchObject({
      status: 404,
    });
    expect(await refusal(apps.getRepoInstallation({ owner: "octo", repo: "other" }))).toMatchObject({
      status: 404,
    });
    const { data: minted } = await mint({});
    clock.advance(60 * 60 * 1000 + 1000);
    expect(await refusal(octokit(minted.token).repos.get(place))).toMatchObject({ status: 401 });
  });

  test("is not believed with another's key, and by the server's clock only", async () => {
    const app = github.app({ repository, permissions: { secrets: "write" } });
    const other = github.app({ repository, permissions: { secrets: "write" } });
    const forged = appClient({ clientId: app.clientId, privateKeyPem: other.privateKeyPem });

    expect(await refusal(forged.apps.getRepoInstallation(place))).toEqual({
      status: 401,
      message: "A JSON web token could not be decoded",
    });
    clock.advance(dayMs);
    // The client learns the time difference from the Date header of a 401 and signs again.
    expect((await appClient(app).apps.getRepoInstallation(place)).status).toBe(200);
    expect(github.server.requests.filter(({ path }) => path.endsWith("/installation"))).toHaveLength(3);
  });
});
