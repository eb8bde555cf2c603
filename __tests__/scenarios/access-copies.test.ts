import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Organization, Permissions, Repository } from "../../lab/github/github.ts";
import type { Answer } from "../../lab/loopback-server.ts";
import {
  CODEX_EXEC,
  DAY_SECONDS,
  failureCodes,
  fromSecret,
  JOB,
  JOB_RAN,
  mainPhase,
  onlyJob,
  SECRET,
  Stage,
  WRITE_TOKEN,
} from "./stage.ts";

const COPY = "CODEX_ACCESS_JSON";
const DUE = { expiresInSeconds: 2 * DAY_SECONDS };
const OWN: Permissions = { secrets: "write", variables: "write", environments: "write" };

let stage: Stage;
afterEach(() => stage.strike());

/** As a person creates it, an hour ago. */
function create(repository: Repository, name = COPY, environment?: string): void {
  const place = environment === undefined ? {} : { environment };
  repository.setSecret(name, "no-copy-yet", place);
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(repository.secret(name, place) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
}

/** A write token that reaches more than the login's repository. */
function reach(alsoOn: Repository[], organizations: Organization[] = []): void {
  const permissions: Permissions = { ...OWN, organization_secrets: "write" };
  stage.repository.setSecret(
    WRITE_TOKEN,
    stage.world.github.token(stage.repository, permissions, { alsoOn, organizations }),
  );
}

function expectCopy(value: string | undefined): void {
  const { tokens } = JSON.parse(value ?? "{}") as { tokens: Record<string, string> };
  expect(tokens.refresh_token).toBe("");
  expect(tokens.access_token).toBe(stage.stored.tokens.access_token);
  expect(value).not.toContain("somebody@example.com");
}

/** A job of any repository that runs Codex on a copy, without this action. */
function codexJob(environment = ""): string {
  return `on: [workflow_dispatch, pull_request]
permissions: {}
jobs:
  codex:
    runs-on: ubuntu-latest
${environment}    steps:
      - env:
          COPY: ${fromSecret(COPY)}
        run: |
          export CODEX_HOME="$RUNNER_TEMP/home"
          mkdir -m 700 "$CODEX_HOME"
          printf '%s' "$COPY" > "$CODEX_HOME/auth.json"
          ${CODEX_EXEC}
`;
}

/** Everything in files below a directory. */
function textBelow(directory: string): string {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(`${entry.parentPath}/${entry.name}`, "latin1"))
    .join("\n");
}

function answerAt(method: string, path: string, answer: () => Answer | Promise<Answer>): () => void {
  return stage.world.github.server.intercept((request, next) =>
    request.method === method && request.path.endsWith(path) ? answer() : next(),
  );
}

function refused(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, headers, body: { message } };
}

describe("one maintenance job", () => {
  test("serves its repository, an environment, another repository and twenty through an organization", async () => {
    stage = await Stage.set(DUE);
    const { github } = stage.world;
    stage.repository.createEnvironment("prod/eu west");
    const other = github.repository("else/where");
    const twenty = Array.from({ length: 20 }, (_, index) => github.repository(`acme/r${index}`));
    const acme = github.organization("acme");
    acme.setSecret(COPY, "no-copy-yet", twenty);
    reach([other], [acme]);
    create(stage.repository);
    create(stage.repository, COPY, "prod/eu west");
    create(other);
    const destinations = [
      `secret ${COPY}`,
      `\tenvironment  prod/eu west ${COPY}   # the deployment`,
      "",
      `repository else/where ${COPY}`,
      `organization acme ${COPY}`,
    ].join("\r\n");

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": destinations } }));

    expect(failureCodes(result)).toEqual([]);
    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
    expectCopy(stage.repository.secret(COPY)?.value);
    expectCopy(stage.repository.secret(COPY, { environment: "prod/eu west" })?.value);
    expectCopy(other.secret(COPY)?.value);
    expectCopy(acme.secrets.get(COPY)?.value);
    expect(acme.audienceOf(COPY).repositories).toEqual(twenty.map(({ id }) => id));
    expect(onlyJob(result).log).toContain("Access copies: 4 written.");
    expect(onlyJob(result).summary).toContain("5-hour limit 12 % used (resets 2026-12-01 10:00 UTC)");
    expect(onlyJob(result).summary).toContain("The access token from before this refresh still works.");

    const found: string[] = [];
    const look = { beforeCleanup: ({ temp }: { temp: string }) => void found.push(textBelow(temp)) };
    const jobs = [
      await stage.run(codexJob(), { event: "pull_request", ...look }),
      await stage.run(codexJob("    environment: prod/eu west\n"), look),
      await stage.run(codexJob(), { repository: other, ...look }),
      await stage.run(codexJob(), { repository: twenty[0] ?? other, ...look }),
      await stage.run(codexJob(), { repository: twenty[19] ?? other, ...look }),
    ];

    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(Array(5).fill("success"));
    expect(stage.world.openai.responses).toBe(5);
    stage.expectRotatedOnce();
    expect(found).toHaveLength(5);
    for (const text of found) {
      expect(text).toContain(stage.stored.tokens.access_token);
      expect(text).not.toContain("rt_CANARY");
    }
  });

  test("asks once for each destination where nothing is due", async () => {
    stage = await Stage.set();
    create(stage.repository);
    stage.repository.createEnvironment("codex");
    create(stage.repository, COPY, "codex");
    reach([]);
    for (const secret of [
      stage.repository.secret(COPY),
      stage.repository.secret(COPY, { environment: "codex" }),
    ])
      Object.assign(secret ?? {}, { updatedAt: new Date(stage.world.clock.now().getTime() + 2000) });
    const before = stage.requests.length;

    const result = await stage.run(
      stage.refreshJob({ with: { "access-copies": `secret ${COPY}\nenvironment codex ${COPY}`, run: JOB } }),
    );

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).rawLog).toContain(JOB_RAN);
    expect(stage.requests.slice(before)).toEqual([
      `GET /repos/octo/app/actions/secrets/${COPY}`,
      `GET /repos/octo/app/environments/codex/secrets/${COPY}`,
    ]);
  });

  test("with an App mints tokens for the destinations, and revokes them", async () => {
    stage = await Stage.set(DUE);
    const { github } = stage.world;
    const other = github.repository("else/where");
    const acme = github.organization("acme");
    acme.setSecret(COPY, "no-copy-yet", "all");
    create(stage.repository);
    create(other);
    const app = github.app({
      repository: stage.repository,
      permissions: { ...OWN, organization_secrets: "write" },
      alsoOn: [other],
      organizations: [acme],
    });
    stage.repository.setSecret("APP_KEY", app.privateKeyPem);

    const result = await stage.run(
      stage.refreshJob({
        with: {
          "secret-write-token": "",
          "client-id": app.clientId,
          "private-key": fromSecret("APP_KEY"),
          "access-copies": `secret ${COPY}\nrepository else/where ${COPY}\norganization acme ${COPY}`,
        },
      }),
    );

    expect(failureCodes(result)).toEqual([]);
    for (const value of [stage.repository.secret(COPY), other.secret(COPY), acme.secrets.get(COPY)])
      expectCopy(value?.value);
    const count = (words: string): number =>
      stage.requests.filter((request) => request.includes(words)).length;
    expect(count("DELETE /installation/token")).toBe(count("/access_tokens"));
  });
});

describe("a destination that is the login's own secret", () => {
  test.each([
    "secret codex_auth_json",
    "repository octo/app CODEX_AUTH_JSON",
    "repository OCTO/App Codex_Auth_Json",
    "repository old/name CODEX_AUTH_JSON",
    "environment codex CODEX_AUTH_JSON",
    "environment CODEX codex_auth_json",
    "organization acme CODEX_AUTH_JSON",
  ])("is refused before anything is asked: %s", async (destination) => {
    stage = await Stage.set(DUE);
    const former = stage.world.github.repository("old/name");
    stage.world.github.rename(former, "elsewhere/name");

    const result = await stage.run(
      stage.refreshJob({ with: { "access-copies": `secret FINE\n${destination}` } }),
    );

    expect(failureCodes(result)).toEqual(["input-invalid"]);
    expect(result.log).toContain("`access-copies`, line 2:");
    expect(stage.requests).toEqual([]);
    stage.expectNothingSpent();
  });
});

describe("one destination that fails", () => {
  const ten = Array.from({ length: 10 }, (_, index) => `COPY_${index}`);
  const destinations = ten.map((name) => `secret ${name}`).join("\n");

  test.each<[string, () => void, string]>([
    [
      "is missing",
      () => stage.repository.deleteSecret("COPY_4"),
      'gh secret set COPY_4 --repo octo/app --body "$(date)"',
    ],
    [
      "is forbidden",
      () =>
        void answerAt("PUT", "/COPY_4", () =>
          refused(403, "Resource not accessible by personal access token"),
        ),
      "Resource not accessible by personal access token",
    ],
    [
      "is in a repository that was archived",
      () => void answerAt("PUT", "/COPY_4", () => refused(403, "Repository was archived so is read-only.")),
      "Repository was archived so is read-only.",
    ],
    ["is not answered", () => void answerAt("GET", "/COPY_4", () => refused(502, "Bad Gateway")), "502"],
    [
      "is limited for hours",
      () => void answerAt("PUT", "/COPY_4", () => refused(429, "Slow down", { "retry-after": "7200" })),
      "429",
    ],
  ])("because it %s is named, the others are written, and the login is safe", async (_, trouble, words) => {
    stage = await Stage.set(DUE);
    for (const name of ten) create(stage.repository, name);
    trouble();

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": destinations, run: JOB } }));

    expect(failureCodes(result)).toEqual(["access-copy-failed"]);
    expect(onlyJob(result).rawLog).toContain(JOB_RAN);
    expect(onlyJob(result).log).toContain("Access copies: 9 written, 1 failed.");
    expect(onlyJob(result).log).toContain("The access copy `secret COPY_4` was not written.");
    expect(onlyJob(result).log).toContain(words);
    expect(onlyJob(result).summary).toContain("access-copy-failed");
    for (const name of ten.filter((other) => other !== "COPY_4"))
      expectCopy(stage.repository.secret(name)?.value);
    stage.expectRotatedOnce();
  });

  test("for a moment is written all the same", async () => {
    stage = await Stage.set(DUE);
    create(stage.repository);
    const stop = answerAt("PUT", `/${COPY}`, () => {
      stop();
      return refused(403, "You have exceeded a secondary rate limit.", { "retry-after": "2" });
    });

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": `secret ${COPY}` } }));

    expect(result.conclusion).toBe("success");
    expectCopy(stage.repository.secret(COPY)?.value);
  });
});

describe("a job that dies between the login and its copies", () => {
  test.each([
    ["GET", `/${COPY}`],
    ["GET", "/actions/secrets/public-key"],
    ["PUT", `/${COPY}`],
  ])("at the %s of %s: the next run writes, and refreshes nothing", async (method, path) => {
    stage = await Stage.set(DUE);
    create(stage.repository);
    let isStored = false;
    const stop = stage.world.github.server.intercept(async (request, next) => {
      if (request.method === "PUT" && request.path.endsWith(`/${SECRET}`)) isStored = true;
      if (!isStored || request.method !== method || !request.path.endsWith(path)) return next();
      stage.killMain();
      return { status: 502, body: {} };
    });
    const with_ = { "access-copies": `secret ${COPY}` };

    const killed = await stage.run(stage.refreshJob({ with: with_ }));
    stop();
    expect(mainPhase(killed).signal).toBe("SIGKILL");
    stage.expectRotatedOnce();
    expect(stage.repository.secret(COPY)?.value).toBe("no-copy-yet");
    stage.world.clock.advance(60_000);
    const next = await stage.run(stage.refreshJob({ with: with_ }));

    expect(next.conclusion).toBe("success");
    expect(onlyJob(next).log).toContain("Access copies: 1 written.");
    expectCopy(stage.repository.secret(COPY)?.value);
    stage.expectRotatedOnce();
  });
});

describe("an issuer whose rotations end older access tokens", () => {
  test("is told, and the jobs after it are green", async () => {
    stage = await Stage.set(DUE);
    create(stage.repository);
    const { openai, clock } = stage.world;
    stage.interceptRefreshes(async (_, next) => {
      clock.advance(2000);
      const answer = await next();
      openai.rejectAccessTokensIssuedBefore(new Date(clock.now().getTime() - 1000));
      return answer;
    });

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": `secret ${COPY}` } }));
    const next = await stage.run(codexJob());

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toContain("This refresh has ended the access token from before it");
    expect(onlyJob(result).summary).toContain("This refresh has ended the access token from before it");
    expect(next.conclusion).toBe("success");
  });

  test("that refuses the new token too is told once, and the older copies stay", async () => {
    stage = await Stage.set(DUE);
    create(stage.repository);
    const { openai, clock } = stage.world;
    stage.interceptRefreshes(async (_, next) => {
      const answer = await next();
      openai.rejectAccessTokensIssuedBefore(new Date(clock.now().getTime() + 60_000));
      return answer;
    });

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": `secret ${COPY}` } }));

    expect(failureCodes(result)).toEqual(["new-token-refused"]);
    expect(onlyJob(result).log.match(/Log in again/g)).toHaveLength(1);
    expect(stage.repository.secret(COPY)?.value).toBe("no-copy-yet");
    stage.expectRotatedOnce();
  });
});
