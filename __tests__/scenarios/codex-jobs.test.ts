import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { findInMemory, mayReadMemory } from "./memory.ts";
import {
  CODEX_EXEC,
  failureCodes,
  fromSecret,
  JOB,
  JOB_RAN,
  onlyJob,
  outputsOf,
  SECRET,
  Stage,
  said,
  signal,
  WRITE_TOKEN,
} from "./stage.ts";

const COPY = "CODEX_ACCESS_JSON";
const ENVIRONMENT = "codex";
/** The runner prints the command itself, too. */
const HELD = 'echo "waiting $((40 + 2))"; sleep 300';
const WAITING = "waiting 42";

let stage: Stage;
afterEach(() => stage.strike());

/** The login and the write token in an environment; of the repository's secrets Codex jobs find the copy alone. */
async function setSplit(): Promise<void> {
  stage = await Stage.set({
    environment: ENVIRONMENT,
    writeTokenPermissions: { environments: "write", secrets: "write" },
  });
  const { repository, writeToken, world } = stage;
  repository.deleteSecret(WRITE_TOKEN);
  repository.setSecret(WRITE_TOKEN, writeToken, { environment: ENVIRONMENT });
  repository.setSecret(COPY, "no-copy-yet");
  const anHourAgo = new Date(Math.floor(world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(repository.secret(COPY) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
  await maintain();
}

async function maintain() {
  const maintained = await stage.run(
    stage.refreshJob({ with: { refresh: "force", "access-copies": `secret ${COPY}` } }),
  );
  expect(failureCodes(maintained)).toEqual([]);
  return maintained;
}

/** A job that is given the copy and nothing else. */
function codexJob(inputs: Record<string, string>, event = "workflow_dispatch"): string {
  const all = { "codex-auth-json": fromSecret(COPY), refresh: "never", ...inputs };
  const lines = Object.entries(all).map(([name, value]) => `          ${name}: ${JSON.stringify(value)}`);
  return [
    `on: [${event}]`,
    "permissions: {}",
    "jobs:",
    "  codex:",
    "    runs-on: ubuntu-latest",
    "    steps:",
    "      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1",
    "        id: codex",
    "        with:",
    ...lines,
    "      - id: later",
    "        if: steps.codex.outputs.available == 'true'",
    '        run: echo "ran=yes" >> "$GITHUB_OUTPUT"',
  ].join("\n");
}

function pass(days: number): void {
  stage.world.age(stage.repository, COPY, days);
  stage.world.age(stage.repository, SECRET, days, { environment: ENVIRONMENT });
}

/** A Codex that is refused asks for new tokens with the empty refresh token, which the issuer refuses. */
function rotations(): number {
  return stage.world.openai.refreshes.filter(({ outcome }) => outcome === "rotated").length;
}

/** Whoever holds one of these could refresh the login or write the secret. */
function keysToTheLogin(): string[] {
  const { openai, github } = stage.world;
  const refreshTokens = openai.issuedTokens.filter((token) => openai.generationOf(token) !== undefined);
  expect(refreshTokens.length).toBeGreaterThanOrEqual(2);
  expect(github.tokens).toContain(stage.writeToken);
  return [...refreshTokens, stage.writeToken];
}

function formsOf(token: string): string[] {
  const bytes = Buffer.from(token);
  const aligned = [0, 1, 2].map((skip) => bytes.subarray(skip).toString("base64").slice(0, -4));
  return [token, ...aligned, bytes.toString("hex")];
}

async function everythingBelow(directory: string): Promise<string> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const contents = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")),
  );
  return contents.join("\n");
}

describe("in a Codex job there is no refresh token and no write token", () => {
  test("on its disk, in its log, its state and its environment", async () => {
    await setSplit();
    let disk = "";
    let environment = "";

    const result = await stage.run(
      codexJob({ run: `${CODEX_EXEC} </dev/null; env -0 > "$HOME/.environment"` }),
      {
        afterPhase: ({ env }) => {
          environment += JSON.stringify(env);
        },
        beforeCleanup: async ({ home, temp }) => {
          disk = (await everythingBelow(home)) + (await everythingBelow(temp));
        },
      },
    );

    expect(failureCodes(result)).toEqual([]);
    expect(disk).toContain("CODEX_HOME");
    // Masked, in forms of its own: whoever prints it all the same is not helped.
    expect(onlyJob(result).rawLog).toContain(stage.stored.tokens.access_token);
    const step = JSON.stringify(onlyJob(result).steps.map(({ state, outputs }) => [state, outputs]));
    for (const form of keysToTheLogin().flatMap(formsOf)) {
      expect(disk).not.toContain(form);
      expect(environment).not.toContain(form);
      expect(step).not.toContain(form);
      expect(onlyJob(result).rawLog).not.toContain(form);
    }
    expect(rotations()).toBe(1);
  });

  const inMemory = mayReadMemory() ? test : test.skip;

  inMemory("in the memory of its processes, while a command runs", async () => {
    await setSplit();

    const run = stage.dispatch(codexJob({ run: HELD }));
    await said(run, WAITING);
    const found = stage.processes("").map((pid) => [pid, findInMemory(pid, keysToTheLogin())] as const);
    const ours = stage
      .processes("dist/main.cjs")
      .flatMap((pid) => findInMemory(pid, [stage.stored.tokens.access_token]));
    run.cancel();
    await run.finished;

    // What is there is found.
    expect(ours).toEqual([stage.stored.tokens.access_token]);
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(found.filter(([, tokens]) => tokens.length > 0)).toEqual([]);
  });

  inMemory("in the memory of its processes, while Codex waits for the model", async () => {
    await setSplit();
    const asked = signal();
    const answered = signal();
    stage.world.openai.server.intercept(async ({ path }, next) => {
      if (!path.endsWith("/responses")) return next();
      asked.give();
      await answered.given;
      return next();
    });

    const run = stage.dispatch(codexJob({ prompt: "Reply exactly: OK", sandbox: "read-only" }));
    await asked.given;
    const found = stage.processes("").map((pid) => [pid, findInMemory(pid, keysToTheLogin())] as const);
    const codex = stage
      .processes("codex")
      .flatMap((pid) => findInMemory(pid, [stage.stored.tokens.access_token]));
    answered.give();
    const result = await run.finished;

    expect(result.conclusion).toBe("success");
    expect(new Set(codex)).toEqual(new Set([stage.stored.tokens.access_token]));
    expect(found.filter(([, tokens]) => tokens.length > 0)).toEqual([]);
  });

  inMemory("though one that is handed the login has it in the memory of its main", async () => {
    await setSplit();
    stage.repository.setSecret(COPY, stage.secret.value);

    const run = stage.dispatch(codexJob({ run: HELD }));
    await said(run, WAITING);
    const found = stage
      .processes("dist/main.cjs")
      .flatMap((pid) => findInMemory(pid, [stage.stored.tokens.refresh_token]));
    run.cancel();
    await run.finished;

    expect(found).toEqual([stage.stored.tokens.refresh_token]);
  });
});

describe("a copy that OpenAI refuses", () => {
  test("ends the prompt, rotates nothing; maintenance writes another, and the next job is green", async () => {
    await setSplit();
    stage.rejectStoredAccessToken();
    const job = codexJob({ prompt: "Reply exactly: OK", sandbox: "read-only" });

    const refused = await stage.run(job);
    const rotationsBefore = rotations();
    stage.world.clock.advance(3_600_000);
    await maintain();
    const next = await stage.run(job);

    expect(failureCodes(refused)).toEqual(["access-token-refused"]);
    expect(rotationsBefore).toBe(1);
    expect(next.conclusion).toBe("success");
    stage.expectLoginAlive();
  });

  test("because a rotation ends older access tokens: maintenance says so, and jobs after it are green", async () => {
    await setSplit();
    const { openai, clock } = stage.world;
    const old = stage.repository.secret(COPY)?.value ?? "";
    clock.advance(3_600_000);
    stage.interceptRefreshes(async (_, next) => {
      clock.advance(1000);
      openai.rejectAccessTokensIssuedBefore(clock.now());
      return next();
    });

    const maintained = await maintain();
    const after = await stage.run(codexJob({ run: CODEX_EXEC }));
    stage.repository.setSecret(COPY, old);
    const held = await stage.run(codexJob({ prompt: "Reply exactly: OK", sandbox: "read-only" }));

    expect(onlyJob(maintained).summary).toContain("has ended the access token from before it");
    expect(after.conclusion).toBe("success");
    expect(failureCodes(held)).toEqual(["access-token-refused"]);
    expect(rotations()).toBe(2);
    stage.expectLoginAlive();
  });
});

describe("a copy that nobody renews", () => {
  test("warns under four days, ends with its end and the workflow that writes new ones, and maintenance repairs it", async () => {
    await setSplit();
    const job = codexJob({ run: JOB, "maintenance-workflow": "maintenance.yml of octo/app" });
    pass(7);

    const warned = await stage.run(job);
    pass(4);
    const ended = await stage.run(job);
    await maintain();
    const repaired = await stage.run(job);

    expect(warned.conclusion).toBe("success");
    expect(onlyJob(warned).annotations.map(({ level, message }) => [level, message])).toEqual([
      ["warning", expect.stringMatching(/^Maintenance is overdue: .*`maintenance.yml of octo\/app`/)],
    ]);
    expect(failureCodes(ended)).toEqual(["access-copy-ended"]);
    expect(ended.log).not.toContain(JOB_RAN);
    expect(onlyJob(ended).log).toMatch(
      /valid until \d{4}-\d\d-\d\d \d\d:\d\d UTC\. Run .*`maintenance\.yml of/,
    );
    expect(outputsOf(ended).available).toBe("false");
    expect(repaired.conclusion).toBe("success");
    expect(onlyJob(repaired).annotations).toEqual([]);
  });

  test("is no login: a job that may refresh stops before anything", async () => {
    await setSplit();

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-auth-json": fromSecret(COPY), refresh: "force", run: JOB } }),
    );

    expect(failureCodes(result)).toEqual(["login-is-a-copy"]);
    expect(result.log).not.toContain(JOB_RAN);
    expect(rotations()).toBe(1);
  });
});

describe("the split, for two weeks of pull requests", () => {
  const OWN = { pull_request: { head: { ref: "topic", repo: { full_name: "octo/app" } } } };
  const FORK = { pull_request: { head: { ref: "topic", repo: { full_name: "stranger/app", fork: true } } } };

  test("no day is without a living copy, and runs that get no secrets are skipped", async () => {
    await setSplit();
    const review = codexJob({ run: `${CODEX_EXEC} </dev/null`, "when-missing": "skip" }, "pull_request");
    const ran: Record<string, string>[] = [];

    for (let day = 1; day <= 14; day++) {
      pass(1);
      // Tuesday and Friday; the second Tuesday's run is dropped.
      if ([4, 7, 11].includes(day)) await maintain();
      if (day % 4 !== 1) continue;
      const [own, fork] = await Promise.all(
        [OWN, FORK].map((eventPayload) => stage.run(review, { event: "pull_request", eventPayload })),
      );
      if (own === undefined || fork === undefined) continue;
      ran.push({
        own: `${own.conclusion} ${outputsOf(own).available}`,
        fork: `${fork.conclusion} ${outputsOf(fork).available}`,
      });
      expect(outputsOf(own, "later").ran).toBe("yes");
      expect(outputsOf(fork, "later")).toEqual({});
    }

    expect(ran).toEqual(Array(4).fill({ own: "success true", fork: "success false" }));
    expect(stage.world.openai.responses).toBe(4);
    expect(rotations()).toBe(4);
    stage.expectLoginAlive();
  });

  test("Dependabot is skipped, also when a person starts its run again; a person's push there is not", async () => {
    await setSplit();
    const review = codexJob({ run: JOB, "when-missing": "skip" }, "pull_request");
    const first = stage.dispatch(review, { actor: "dependabot[bot]", eventPayload: OWN });

    const skipped = await first.finished;
    const again = await stage.run(review, { rerunOf: first, triggeringActor: "lab-user", eventPayload: OWN });
    const pushed = await stage.run(review, { eventPayload: OWN });
    stage.repository.deleteSecret(COPY);
    const mistaken = await stage.run(review, { eventPayload: OWN });

    for (const result of [skipped, again]) {
      expect(result.conclusion).toBe("success");
      expect(result.log).not.toContain(JOB_RAN);
      expect(onlyJob(result).annotations.map(({ level }) => level)).toEqual(["notice"]);
      expect(onlyJob(result).summary).toContain("Dependabot has started this run");
    }
    expect(pushed.log).toContain(JOB_RAN);
    expect(failureCodes(mistaken)).toEqual(["secret-empty"]);
  });
});
