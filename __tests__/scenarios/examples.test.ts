import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { Repository } from "../../lab/github/github.ts";
import { failureCodes, onlyJob, SECRET, Stage } from "./stage.ts";

const EXAMPLES = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "examples");
/** The split, as `maintenance.yml` says it: the login in an environment, its copy in the repository. */
const CODEX = {
  environment: "codex",
  writeTokenPermissions: { environments: "write", secrets: "write" },
} as const;
const COPY = "CODEX_ACCESS_JSON";

let stage: Stage;
afterEach(() => stage.strike());

function example(name: string): string {
  return readFileSync(join(EXAMPLES, name), "utf8");
}

/** Days go by: the login in the secret is that much older, and so is the secret. */
function pass(days: number): void {
  stage.world.age(stage.repository, SECRET, days, CODEX);
}

/** As `gh secret set CODEX_ACCESS_JSON --body "$(date)"` made it an hour ago. */
function makeCopy(repository: Repository = stage.repository, environment?: string): void {
  const place = environment === undefined ? {} : { environment };
  repository.setSecret(COPY, "no-copy-yet", place);
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(repository.secret(COPY, place) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
}

/** The split, with its first copy written. */
async function setSplit(): Promise<Stage> {
  stage = await Stage.set(CODEX);
  makeCopy();
  const first = await stage.run(example("maintenance.yml"));
  expect(failureCodes(first)).toEqual([]);
  return stage;
}

describe("examples/maintenance.yml", () => {
  test("keeps a login alive that nobody uses for three weeks, though two crons in a row are dropped", async () => {
    stage = await Stage.set(CODEX);
    makeCopy();
    const dropped = new Set([2, 3]);
    let days = 0;
    const runs: { days: number; conclusion: string; rotated: boolean; alive: boolean }[] = [];

    for (let slot = 0; slot < 6; slot++) {
      days += slot % 2 === 0 ? 4 : 3; // Friday to Tuesday, Tuesday to Friday
      if (dropped.has(slot)) continue;
      pass(days);
      const before = stage.stored.tokens.refresh_token;
      const { conclusion } = await stage.run(example("maintenance.yml"), { event: "schedule" });
      const { refresh_token: after } = stage.stored.tokens;
      const alive = after === stage.world.openai.livingRefreshToken(stage.login.account);
      runs.push({ days, conclusion, rotated: after !== before, alive });
      days = 0;
    }

    expect(runs.map((run) => run.days)).toEqual(expect.arrayContaining([3, 4, 11]));
    expect(runs).toEqual(
      Array.from({ length: 4 }, () => ({
        days: expect.any(Number),
        conclusion: "success",
        rotated: true,
        alive: true,
      })),
    );
    expect(stage.world.openai.responses).toBe(0);
    expect(stage.repository.issues).toEqual([]);
    stage.expectLoginAlive();
  });

  test("opens an issue when the login is over, and needs a person", async () => {
    stage = await Stage.set(CODEX);
    stage.world.openai.revoke(stage.login.account);

    const result = await stage.run(example("maintenance.yml"));

    expect(failureCodes(result)).toEqual(["refresh-token-revoked"]);
    expect(stage.repository.issues).toHaveLength(1);
    expect(stage.repository.issues[0]?.body).toContain("--environment codex");
  });
});

test("examples/reseed.yml brings it back, and examples/maintenance.yml closes the issue", async () => {
  stage = await Stage.set(CODEX);
  makeCopy();
  stage.world.openai.revoke(stage.login.account);
  await stage.run(example("maintenance.yml"));
  const reseeding = stage.dispatch(example("reseed.yml"));
  reseeding.on("log", () => {
    for (const code of stage.world.openai.pendingDeviceCodes)
      stage.world.openai.approveDeviceLogin(code, stage.login.account);
  });

  const reseeded = await reseeding.finished;
  stage.world.clock.advance(2000);
  const proven = await stage.run(example("maintenance.yml"));

  expect(reseeded.conclusion).toBe("success");
  expect(proven.conclusion).toBe("success");
  expect(stage.repository.issues.map(({ state }) => state)).toEqual(["closed"]);
  stage.expectLoginAlive();
});

describe("examples/tiny-exec.yml", () => {
  test("is green for nine days, rotates when Codex finds it due, and stores that", async () => {
    stage = await Stage.set(CODEX);
    const writes: number[] = [];

    for (const days of [4, 3, 4]) {
      pass(days);
      const result = await stage.run(example("tiny-exec.yml"));
      expect(onlyJob(result).annotations).toEqual([]);
      expect(onlyJob(result).conclusion).toBe("success");
      writes.push(stage.secret.writes);
    }

    expect(writes).toEqual([1, 1, 2]);
    expect(stage.world.openai.responses).toBe(3);
    stage.expectLoginAlive();
  });
});

describe("examples/codex.yml", () => {
  test("runs on the copy that examples/maintenance.yml writes, and asks GitHub nothing", async () => {
    stage = await setSplit();
    stage.world.github.server.requests.length = 0;

    const results = await Promise.all([stage.run(example("codex.yml")), stage.run(example("codex.yml"))]);

    expect(results.map(({ conclusion }) => conclusion)).toEqual(["success", "success"]);
    expect(results.map((result) => onlyJob(result).annotations)).toEqual([[], []]);
    expect(stage.world.openai.responses).toBe(2);
    expect(stage.world.github.server.requests).toEqual([]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
  });
});

describe("examples/pull-request-review.yml", () => {
  /** A review that would be a command, a variable and an expression, if anybody took it for that. */
  const ANSWER = "`rm -rf /` \"$GH_TOKEN\" $(id) '$\u007B{ github.token }}'\n::error::no\n%0A @octocat ✓";
  const FORK = { head: { ref: "topic", repo: { full_name: "stranger/app", fork: true } } };
  const OWN = { head: { ref: "topic", repo: { full_name: "octo/app" } } };

  function openPullRequest(of: object, options: { actor?: string } = {}) {
    const at = stage.world.clock.now();
    stage.repository.issues.push({
      ...{ number: 7, title: "Topic", body: "", state: "open", stateReason: null, labels: [] },
      ...{ author: "ann", createdAt: at, updatedAt: at, closedAt: null, comments: [] },
    });
    return stage.run(example("pull-request-review.yml"), {
      event: "pull_request",
      ref: "refs/pull/7/merge",
      eventPayload: { number: 7, pull_request: { number: 7, ...of } },
      ...options,
    });
  }

  test("comments with Codex's answer, whatever is in it", async () => {
    stage = await setSplit();
    stage.world.openai.model = () => [{ message: ANSWER }];

    const result = await openPullRequest(OWN);

    expect(result.conclusion).toBe("success");
    expect(stage.repository.issues[0]?.comments.map(({ body }) => body)).toEqual([ANSWER]);
    expect(result.jobs.comment?.annotations).toEqual([]);
  });

  test.each([
    ["a fork", FORK, {}],
    ["Dependabot", OWN, { actor: "dependabot[bot]" }],
  ])("is skipped for %s, quietly, and nobody is asked", async (_who, of, options) => {
    stage = await setSplit();
    stage.world.github.server.requests.length = 0;

    const result = await openPullRequest(of, options);

    expect(result.conclusion).toBe("success");
    expect(result.jobs.comment?.conclusion).toBe("skipped");
    expect(result.jobs.review?.annotations.map(({ level }) => level)).toEqual(["notice"]);
    expect(result.jobs.review?.summary).toContain("Skipped: ");
    expect(stage.world.openai.responses).toBe(0);
    expect(stage.world.github.server.requests).toEqual([]);
    expect(stage.repository.issues[0]?.comments).toEqual([]);
  });

  test("fails where a person's pull request finds no copy", async () => {
    stage = await setSplit();
    stage.repository.deleteSecret(COPY);

    const result = await openPullRequest(OWN);

    expect(result.conclusion).toBe("failure");
    expect(result.jobs.review?.log).toContain("[secret-empty]");
    expect(result.jobs.comment?.conclusion).toBe("skipped");
  });
});

describe("examples/combined.yml", () => {
  test("refreshes a login that is due, and then asks Codex", async () => {
    stage = await Stage.set({ ...CODEX, expiresInSeconds: 2 * 86_400 });

    const result = await stage.run(example("combined.yml"), { event: "schedule" });

    expect(failureCodes(result)).toEqual([]);
    expect(stage.world.openai.responses).toBe(1);
    stage.expectRotatedOnce();
  });
});

describe("examples/many-repositories.yml", () => {
  test("one login serves an organization, a repository elsewhere, and an environment of its own", async () => {
    stage = await Stage.set(CODEX);
    const { github } = stage.world;
    const acme = github.organization("acme");
    const members = ["acme/api", "acme/web"].map((name) => github.repository(name));
    const partner = github.repository("partner/widgets");
    acme.setSecret(COPY, "no-copy-yet", members);
    stage.repository.createEnvironment("codex-jobs");
    makeCopy(partner);
    makeCopy(stage.repository, "codex-jobs");
    const app = github.app({
      repository: stage.repository,
      permissions: { environments: "write", secrets: "write", organization_secrets: "write" },
      alsoOn: [partner],
      organizations: [acme],
    });
    stage.repository.setSecret("CODEX_APP_CLIENT_ID", app.clientId);
    stage.repository.setSecret("CODEX_APP_PRIVATE_KEY", app.privateKeyPem);

    const maintained = await stage.run(example("many-repositories.yml"));
    const codex = example("codex.yml");
    const jobs = await Promise.all([
      ...[...members, partner].map((repository) => stage.run(codex, { repository })),
      stage.run(codex.replace("    timeout-minutes", "    environment: codex-jobs\n    timeout-minutes")),
    ]);

    expect(failureCodes(maintained)).toEqual([]);
    expect(jobs.map(({ conclusion }) => conclusion)).toEqual(Array(4).fill("success"));
    expect(stage.world.openai.responses).toBe(4);
    stage.expectLoginAlive();
  });
});
