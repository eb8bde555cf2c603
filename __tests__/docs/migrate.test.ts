import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { recipe } from "../../lab/demo/arrangements.ts";
import { BUILT_IN_ACTIONS, type BuiltInAction } from "../../lab/runner/built-in-actions.ts";
import { DAY_SECONDS, failureCodes, onlyJob, SECRET, Stage } from "../scenarios/stage.ts";
import { blocksOf, sectionsOf } from "./markdown.ts";

const COPY = "CODEX_ACCESS_JSON";
const SPLIT = {
  environment: "codex",
  writeTokenPermissions: { environments: "write", secrets: "write" },
} as const;

const page = await readFile("docs/migrate.md", "utf8");
const maintenance = await readFile("examples/maintenance.yml", "utf8");
const codexJob = await readFile("examples/codex.yml", "utf8");

const [codexAction, officialRecipe, refresher, restoreOnly] = blocksOf(page, "diff").map(takeApart) as [
  Migration,
  Migration,
  Migration,
  Migration,
];

interface Migration {
  readonly before: string;
  readonly after: string;
}

/** Actions of others, as far as the pages before a migration use them. */
const STAND_INS: Record<string, BuiltInAction> = {
  "openai/codex-action": {
    inputs: { "openai-api-key": "", sandbox: "", prompt: "" },
    async main({ inputs, setOutput }) {
      if (!inputs["openai-api-key"]) throw new Error("there is no key");
      setOutput("final-message", "Looks good.");
    },
  },
  "octo-tools/update-secret": {
    inputs: { name: "", file: "", token: "" },
    async main({ inputs: { name = "", file = "", token = "" }, workspace, repository }) {
      if (!token) throw new Error("there is no token");
      repository.setSecret(name, await readFile(join(workspace, file), "utf8"));
    },
  },
};

beforeAll(() => void Object.assign(BUILT_IN_ACTIONS, STAND_INS));
afterAll(() => {
  for (const name of Object.keys(STAND_INS)) Reflect.deleteProperty(BUILT_IN_ACTIONS, name);
});

let stage: Stage;

/** A repository after `seed`: the login is due, and maintenance has run once on it. */
async function setSplit(maintain = maintenance): Promise<void> {
  stage = await Stage.set({ ...SPLIT, expiresInSeconds: 2 * DAY_SECONDS });
  stage.repository.setSecret(COPY, "no-copy-yet");
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(stage.repository.secret(COPY) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
  const result = await stage.run(maintain);
  expect(result.conclusion).toBe("success");
  expect(onlyJob(result).annotations).toEqual([]);
  stage.expectRotatedOnce();
  expect(JSON.parse(stage.repository.secret(COPY)?.value ?? "{}").tokens.refresh_token).toBe("");
}

test("the page has a diff for each origin", () => {
  const origins = sectionsOf(page, 2).filter(({ title }) => title.startsWith("From "));

  expect(blocksOf(page, "diff")).toHaveLength(origins.length);
});

test("the step of openai/codex-action names a commit, with the version beside it", () => {
  const uses = page.split("\n").filter((line) => line.includes("uses: openai/codex-action@"));

  expect(uses).not.toEqual([]);
  for (const line of uses) expect(line).toMatch(/@[0-9a-f]{40} # v\d+\.\d+$/);
});

describe("from openai/codex-action", () => {
  afterEach(() => stage.strike());

  test("before: the API key answers the pull request", async () => {
    stage = await Stage.set();
    stage.repository.setSecret("OPENAI_API_KEY", "the key");

    const result = await openPullRequest(codexAction.before);

    expect(result.conclusion).toBe("success");
    expect(comments()).toEqual(["Looks good."]);
    stage.expectNothingSpent();
  });

  test("after: the copy answers it", async () => {
    await setSplit();

    const result = await openPullRequest(codexAction.after);

    expect(result.conclusion).toBe("success");
    expect(result.jobs.review?.annotations).toEqual([]);
    expect(comments()).toHaveLength(1);
    expect(stage.world.openai.responses).toBe(1);
    stage.expectRotatedOnce();
  });
});

describe("from the official recipe", () => {
  const WRITE_BACK = `gh secret set ${SECRET} < "$CODEX_HOME/auth.json"`;
  const { files, machineEnv: env } = recipe();
  // As the demo does: the machine has no gh that writes secrets.
  const before = officialRecipe.before.replace(WRITE_BACK, "node .github/write-back.cjs");

  afterEach(() => stage.strike());

  test("before: Codex refreshes an expired token in mid-job, and the step writes it back", async () => {
    expect(before).not.toBe(officialRecipe.before);
    stage = await Stage.set({ expiresInSeconds: 60 });

    const result = await stage.run(before, { files, env });

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
    stage.expectLoginAlive();
    expect(stage.secret.writes).toBe(2);
  });

  test("after: the job works on the copy", async () => {
    await setSplit();

    await worksOnTheCopy(officialRecipe.after);
  });

  test("with the write-back step left in place, the job fails and says why", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const left = before.slice(before.indexOf("      - name: Write auth.json back"));
    const combined = stage.refreshJob({
      // The stand-in for `gh` reads the file in the home directory.
      after: `      - uses: actions/checkout@v7\n      - run: mkdir ~/.codex && cp "$CODEX_HOME/auth.json" ~/.codex/\n${left}`,
    });

    const result = await stage.run(combined, { files, env });

    expect(stage.stored.tokens.refresh_token).toBe("");
    expect(failureCodes(result)).toEqual(["secret-changed-elsewhere"]);
  });
});

describe("from another refresher", () => {
  afterEach(() => stage.strike());

  test("before: an expired login is refreshed, and the other action writes it", async () => {
    stage = await Stage.set({ expiresInSeconds: 60 });

    const result = await stage.run(refresher.before);

    expect(result.conclusion).toBe("success");
    stage.expectLoginAlive();
    expect(stage.secret.writes).toBe(2);
  });

  test("after: the login is refreshed before it expires, and the copy is written", async () => {
    await setSplit(refresher.after);

    expect(stage.world.openai.responses).toBe(0);
  });
});

describe("from restore-only", () => {
  afterEach(() => stage.strike());

  test("before: the job works while the access token does", async () => {
    stage = await Stage.set();

    const result = await stage.run(restoreOnly.before);

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.responses).toBe(1);
    stage.expectNothingSpent();
  });

  test("after: the job works on the copy", async () => {
    await setSplit();

    await worksOnTheCopy(restoreOnly.after);
  });
});

describe("doctor", () => {
  test.each([
    ["openai/codex-action", codexAction, "Add it to a job"],
    ["the official recipe", officialRecipe, "Remove this step"],
    ["another refresher", refresher, "Remove this step"],
    ["restore-only", restoreOnly, "Remove this step"],
  ])(
    "names the first step for %s, and finds nothing afterwards",
    async (_origin, { before, after }, step) => {
      const untouched = await examine({ "codex.yml": before });
      const rest: Readonly<Record<string, string>> = after.includes("refresh: never")
        ? { "maintenance.yml": maintenance }
        : { "job.yml": codexJob };
      const moved = await examine({ "codex.yml": after, ...rest });

      expect(untouched.exitCode).toBe(1);
      expect(untouched.output).toContain(step);
      expect(moved.output).not.toMatch(/^[✗!⚠]/m);
      expect(moved.exitCode).toBe(0);
    },
  );
});

async function worksOnTheCopy(workflow: string): Promise<void> {
  stage.world.github.server.requests.length = 0;

  const result = await stage.run(workflow);

  expect(result.conclusion).toBe("success");
  expect(onlyJob(result).annotations).toEqual([]);
  expect(stage.world.openai.responses).toBe(1);
  expect(stage.world.github.server.requests).toEqual([]);
  stage.expectRotatedOnce();
}

function openPullRequest(workflow: string) {
  const at = stage.world.clock.now();
  stage.repository.issues.push({
    ...{ number: 7, title: "Topic", body: "", state: "open", stateReason: null, labels: [] },
    ...{ author: "ann", createdAt: at, updatedAt: at, closedAt: null, comments: [] },
  });
  return stage.run(workflow, {
    event: "pull_request",
    ref: "refs/pull/7/merge",
    eventPayload: {
      number: 7,
      pull_request: { number: 7, head: { ref: "topic", repo: { full_name: "octo/app" } } },
    },
  });
}

function comments(): string[] {
  return stage.repository.issues[0]?.comments.map(({ body }) => body) ?? [];
}

/** What `doctor` says of a checkout with these workflows. */
async function examine(
  workflows: Readonly<Record<string, string>>,
): Promise<{ exitCode: number | null; output: string }> {
  const root = await mkdtemp(join(tmpdir(), "migrate-"));
  try {
    await mkdir(join(root, ".git"));
    await writeFile(join(root, ".git", "HEAD"), "ref: refs/heads/main\n");
    await mkdir(join(root, ".github", "workflows"), { recursive: true });
    for (const [name, text] of Object.entries(workflows))
      await writeFile(join(root, ".github", "workflows", name), text);
    const { status, stdout } = spawnSync(process.execPath, ["dist/cli.js", "doctor", root], {
      encoding: "utf8",
    });
    return { exitCode: status, output: stdout };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The two files that a diff of a whole file shows. */
function takeApart(diff: string): Migration {
  const side = (left: string): string =>
    diff
      .split("\n")
      .filter((line) => line === "" || line.startsWith(" ") || line.startsWith(left))
      .map((line) => line.slice(1))
      .join("\n");
  return { before: side("-"), after: side("+") };
}
