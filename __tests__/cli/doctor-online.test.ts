import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { DROP } from "../../lab/loopback-server.ts";
import { Desk, type Desk as DeskType } from "./command-line.ts";

const SECRET = "CODEX_AUTH_JSON";
const WRITE_TOKEN = "CODEX_SECRET_WRITE_TOKEN";
const PROBE = "CODEX_AUTH_WRITE_PROBE";
const WORKFLOWS = ["combined.yml", "maintenance.yml"];
const DOCTOR = ["doctor", "--repo", "octo/app", "--json"];

interface Check {
  readonly id: string;
  readonly outcome: "pass" | "not-checked" | "warn" | "fail";
  readonly reason?: string;
  readonly findings: readonly {
    readonly reason: string;
    readonly remedy: string;
    readonly positions: readonly { readonly file: string; readonly line: number }[];
  }[];
}

interface Report {
  readonly healthy: boolean;
  readonly counts: Readonly<Record<Check["outcome"], number>>;
  readonly checks: readonly Check[];
}

let desk: DeskType;
let writeToken: string;

/** The examples in a checkout, and a repository that is set up as they want it. */
beforeEach(async () => {
  desk = await Desk.set();
  const { repository, world } = desk;
  for (const name of WORKFLOWS) {
    const path = `.github/workflows/${name}`;
    await desk.file(`checkout/${path}`, readFileSync(`examples/${name}`, "utf8"));
    repository.workflows.push({ path, state: "active" });
  }
  repository.createEnvironment("codex");
  limitTo(["main"]);
  writeToken = world.github.token(repository, { environments: "write", secrets: "write" });
  repository.setSecret(SECRET, world.openai.login().document, { environment: "codex" });
  repository.setSecret(WRITE_TOKEN, writeToken);
});
afterEach(() => desk.clear());

function limitTo(branches: string[] | "protected" | null): void {
  for (const environment of desk.repository.environments) environment.branches = branches;
}

async function doctor(
  args: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<{ exitCode: number | null; report: Report; stderr: string }> {
  const { exitCode, stdout, stderr } = await desk.run([...DOCTOR, ...args], { environment });
  return { exitCode, report: JSON.parse(stdout) as Report, stderr };
}

/** Outcome and name of what is wrong. */
function troubles({ checks }: Report): string[] {
  return checks
    .filter(({ outcome }) => outcome === "warn" || outcome === "fail")
    .map(({ id, outcome }) => `${outcome} ${id}`);
}

/** Names of what nobody knows. */
function notChecked({ checks }: Report): string[] {
  return checks.filter(({ outcome }) => outcome === "not-checked").map(({ id }) => id);
}

/** What GitHub answers to a request like this, in the lab's place. */
function answer(pattern: RegExp, body: object): void {
  desk.world.github.server.intercept((request, next) =>
    pattern.test(`${request.method} ${request.path}`) ? { status: 200, body } : next(),
  );
}

describe("a repository that is set up as the examples want it", () => {
  test("passes every check, with nothing written", async () => {
    const { exitCode, report, stderr } = await doctor();

    expect(troubles(report)).toEqual([]);
    expect(report).toMatchObject({ healthy: true, counts: { warn: 0, fail: 0 } });
    expect(exitCode).toBe(0);
    // On a slow machine what it waits for is said.
    expect(["", "Asking GitHub about octo/app.\n"]).toContain(stderr);
    expect(desk.world.github.server.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(notChecked(report)).toContain("write-token-probe");
    expect(report.checks.find(({ id }) => id === "write-token-probe")?.reason).toContain(
      "add `--probe-write-token`, with the token in CODEX_SECRET_WRITE_TOKEN",
    );
  });

  test("passes the probe of its write token, which leaves no variable and does not touch the login", async () => {
    const { report } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: writeToken });

    expect(troubles(report)).toEqual([]);
    expect(report.checks.find(({ id }) => id === "write-token-probe")?.reason).toBe(
      "wrote beside the login what a refresh writes",
    );
    const writes = desk.world.github.server.requests.filter(({ method }) => method !== "GET");
    expect(writes.map(({ method, path }) => `${method} ${path.split("/").at(-1)}`)).toEqual([
      "POST variables",
      `DELETE ${PROBE}`,
    ]);
    expect(desk.repository.variablesOf({ environment: "codex" })).toEqual([]);
    expect(desk.repository.secret(SECRET, { environment: "codex" })?.writes).toBe(1);
  });

  test("passes the probe of a GitHub App, whose token is revoked", async () => {
    const app = desk.world.github.app({
      repository: desk.repository,
      permissions: { environments: "write", secrets: "write" },
    });
    const key = await desk.file("key.pem", app.privateKeyPem);

    const { report } = await doctor([
      "--probe-write-token",
      "--client-id",
      app.clientId,
      "--private-key-file",
      key,
    ]);

    expect(troubles(report)).toEqual([]);
    const last = desk.world.github.server.requests.filter(({ method }) => method === "DELETE").at(-1);
    expect(last?.path).toBe("/installation/token");
  });
});

describe("finds", () => {
  test.each<[string, string, () => void]>([
    [
      "a public repository",
      "fail repository-private",
      () => Object.assign(desk.repository, { visibility: "public" }),
    ],
    [
      "no login in the environment",
      "fail secret-stored",
      () => desk.repository.deleteSecret(SECRET, { environment: "codex" }),
    ],
    [
      "a second login in the repository",
      "warn secret-shadowed",
      () => desk.repository.setSecret(SECRET, "old"),
    ],
    [
      "a second write token in the repository",
      "warn write-token-stored",
      () => desk.repository.setSecret(WRITE_TOKEN, writeToken, { environment: "codex" }),
    ],
    ["no write token", "fail write-token-stored", () => desk.repository.deleteSecret(WRITE_TOKEN)],
    ["an environment for every branch", "warn environment-branches", () => limitTo(null)],
    [
      "an environment for other branches as well",
      "warn environment-branches",
      () => limitTo(["main", "release/*"]),
    ],
    [
      "an environment that shuts out the default branch",
      "fail environment-branches",
      () => limitTo(["release/**"]),
    ],
    [
      "a disabled schedule",
      "fail workflows-enabled",
      () => Object.assign(desk.repository.workflows[1] ?? {}, { state: "disabled_inactivity" }),
    ],
    [
      "a workflow that is not on the default branch",
      "warn workflows-enabled",
      () => desk.repository.workflows.pop(),
    ],
    [
      "an environment where a person must let each job in",
      "warn environment-branches",
      () =>
        answer(/environments\/codex$/, {
          deployment_branch_policy: { protected_branches: true },
          protection_rules: [{ type: "required_reviewers" }],
        }),
    ],
  ])("%s", async (_, expected, plant) => {
    plant();

    const { report, exitCode } = await doctor();

    expect(troubles(report)).toEqual([expected]);
    expect(exitCode).toBe(expected.startsWith("fail") ? 1 : 0);
  });

  test("an environment's secret that shadows the repository's", async () => {
    for (const name of WORKFLOWS) await edit(name, / {10}environment: codex\n/, "");
    desk.repository.setSecret(SECRET, "written, never read");

    const { report } = await doctor();

    expect(troubles(report)).toEqual(["warn environment", "fail secret-shadowed"]);
    expect(finding(report, "secret-shadowed").positions).toEqual([
      { file: ".github/workflows/combined.yml", line: lineOf("combined.yml", "uses: codex-auth-roundtrip/") },
    ]);
  });

  test.each([
    [/ {2}schedule:\n( {4}.*\n)+/, "GitHub does not know this workflow yet."],
    [/$/, "GitHub does not know this workflow, so no schedule starts it."],
  ])("a workflow that GitHub does not know, without %s", async (part, reason) => {
    await edit("maintenance.yml", part, "\n");
    desk.repository.workflows.pop();

    expect(finding((await doctor()).report, "workflows-enabled").reason).toBe(reason);
  });

  test("a login that only the organization has", async () => {
    for (const name of WORKFLOWS)
      await edit(name, /( {10}environment: codex\n| {4}environment:\n.*\n.*\n)/g, "");
    answer(/organization-secrets$/, { total_count: 1, secrets: [{ name: SECRET }] });

    const { report } = await doctor();

    expect(troubles(report)).toEqual(["fail secret-stored"]);
    expect(finding(report, "secret-stored").reason).toContain("organization");
  });

  test("the same secret in another repository that the token can list", async () => {
    answer(/GET \/user\/repos$/, [
      { full_name: "octo/app" },
      { full_name: "octo/twin" },
      { full_name: "octo/none" },
    ]);
    answer(/\/octo\/twin\/actions\/secrets\//, {
      name: SECRET,
      created_at: "2026-01-01T00:00:00Z",
      updated_at: "2026-01-01T00:00:00Z",
    });

    const { report } = await doctor();

    expect(troubles(report)).toEqual(["warn other-repositories"]);
    expect(finding(report, "other-repositories").reason).toContain("octo/twin");
    expect(notChecked(report)).toEqual(["write-token-probe"]);
  });
});

describe("the probe of a write token", () => {
  test("that may only read says which permission is missing", async () => {
    const reader = desk.world.github.token(desk.repository, { environments: "read" });

    const { report, exitCode } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: reader });

    expect(troubles(report)).toEqual(["fail write-token-probe"]);
    expect(finding(report, "write-token-probe").remedy).toContain("Environments: read and write");
    expect(exitCode).toBe(1);
  });

  test("that does not reach an access copy says which permission is missing", async () => {
    const narrow = desk.world.github.token(desk.repository, { environments: "write" });

    const { report, exitCode } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: narrow });

    expect(finding(report, "write-token-probe").reason).toContain("`secret CODEX_ACCESS_JSON`");
    expect(finding(report, "write-token-probe").remedy).toContain("Secrets: read and write");
    expect(exitCode).toBe(1);
  });

  test("that was revoked says so", async () => {
    desk.world.github.revokeToken(writeToken);

    const { report } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: writeToken });

    expect(troubles(report)).toEqual(["fail write-token-probe"]);
    expect(finding(report, "write-token-probe").reason).toContain("401");
  });

  test("that may create but not delete is told so", async () => {
    desk.world.github.server.intercept((request, next) =>
      request.method === "DELETE" ? { status: 403, body: { message: "no" } } : next(),
    );

    const { report } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: writeToken });

    expect(troubles(report)).toEqual(["fail write-token-probe"]);
    expect(finding(report, "write-token-probe").reason).toContain("403: `no`");
  });

  test("leaves claims alone", async () => {
    const claim = `CODEX_AUTH_CLAIM_${"0".repeat(20)}`;
    desk.repository.setVariable(claim, "held", { environment: "codex" });

    const { report } = await doctor(["--probe-write-token"], { [WRITE_TOKEN]: writeToken });

    expect(troubles(report)).toEqual([]);
    expect(desk.repository.variable(claim, { environment: "codex" })?.value).toBe("held");
  });

  test("that is interrupted takes its variable away before it ends", async () => {
    const written = desk.hold("github", /^POST .*\/variables$/);
    const { child, ended } = desk.start([...DOCTOR, "--probe-write-token"], {
      environment: { [WRITE_TOKEN]: writeToken },
    });
    await written.waiting;

    child.kill("SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    written.letIn();
    const { exitCode, stdout } = await ended;

    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: "cancelled" } });
    expect(desk.world.github.server.requests.at(-1)?.method).toBe("DELETE");
    expect(desk.repository.variablesOf({ environment: "codex" })).toEqual([]);
  });

  test("is wrong usage without a write token, and without a repository", async () => {
    const withoutWriteToken = await desk.run([...DOCTOR, "--probe-write-token"]);
    const withoutRepository = await desk.run(["doctor", "--probe-write-token"], {
      environment: { [WRITE_TOKEN]: writeToken },
    });

    expect([withoutWriteToken.exitCode, withoutRepository.exitCode]).toEqual([2, 2]);
    expect(desk.world.github.server.requests).toEqual([]);
  });
});

describe("what it may not or cannot ask", () => {
  test("becomes a warning each, and nothing else is lost", async () => {
    const modest = desk.world.github.token(desk.repository, { metadata: "read" });

    const { report, exitCode } = await doctor([], { GH_TOKEN: modest });

    expect(troubles(report)).toEqual([
      "warn secret-stored",
      "warn write-token-stored",
      "warn environment-branches",
      "warn workflows-enabled",
    ]);
    expect(exitCode).toBe(0);
  });

  test.each<[string, () => Record<string, string>]>([
    [
      "a revoked token",
      () => {
        desk.world.github.revokeToken(desk.adminToken);
        return {};
      },
    ],
    [
      "a token of another repository",
      () => ({ GH_TOKEN: desk.world.github.token(desk.world.github.repository("octo/other"), {}) }),
    ],
    [
      "a GitHub that does not answer",
      () => {
        desk.world.github.server.intercept(() => DROP);
        return {};
      },
    ],
  ])("%s is one failure, after the workflows' checks", async (_, plant) => {
    const { report, exitCode } = await doctor([], plant());

    expect(troubles(report)).toEqual(["fail repository-visible"]);
    expect(report.counts.pass).toBeGreaterThan(19);
    expect(exitCode).toBe(1);
  });
});

test("who waits for more than two seconds is told what for", async () => {
  desk.world.github.server.intercept(async (request, next) => {
    if (request.path.endsWith("/actions/workflows"))
      await new Promise((resolve) => setTimeout(resolve, 2500));
    return next();
  });

  const { stderr } = await doctor();

  expect(stderr).toBe("Asking GitHub about octo/app.\n");
});

describe("an environment that allows certain branches only", () => {
  test.each(["pull_request", "merge_group"])("rejects a job on `%s`", async (event) => {
    await edit("combined.yml", /^ {2}workflow_dispatch:\n/m, `  workflow_dispatch:\n  ${event}:\n`);

    const { report, exitCode } = await doctor();

    expect(troubles(report).filter((name) => name.endsWith("environment-trigger"))).toEqual([
      "fail environment-trigger",
    ]);
    expect(finding(report, "environment-trigger").positions[0]?.line).toBe(
      lineOf("combined.yml", `  ${event}:`),
    );
    expect(exitCode).toBe(1);
  });

  test("rejects a push to other branches, unless the push is limited", async () => {
    await edit("combined.yml", /^ {2}workflow_dispatch:\n/m, "  push:\n");
    const open = await doctor();
    await edit("combined.yml", /^ {2}push:\n/m, "  push: { branches: [main] }\n");
    const limited = await doctor();

    expect(troubles(open.report)).toEqual(["warn environment-trigger"]);
    expect(troubles(limited.report)).toEqual([]);
  });

  test.each([[null], [["main", "refs/pull/*/merge"]]])("that is %j rejects nothing", async (branches) => {
    limitTo(branches);
    await edit("combined.yml", /^ {2}workflow_dispatch:\n/m, "  workflow_dispatch:\n  pull_request:\n");

    const { report } = await doctor();

    expect(troubles(report)).not.toContain("fail environment-trigger");
  });
});

describe("access copies", () => {
  const COPY = "CODEX_ACCESS_JSON";

  beforeEach(async () => {
    await edit(
      "combined.yml",
      /[\s\S]*/,
      `on: pull_request
jobs:
  review:
    runs-on: ubuntu-latest
    environment: review
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.${COPY} }}
          refresh: never
          prompt: Review this.
`,
    );
    desk.repository.createEnvironment("review");
  });

  test("are found where they are", async () => {
    desk.repository.setSecret(COPY, "copy");

    expect(troubles((await doctor()).report)).toEqual([]);
  });

  test("are missed where they are not", async () => {
    const { report } = await doctor();

    expect(troubles(report)).toEqual(["fail copy-stored"]);
    expect(finding(report, "copy-stored").remedy).toContain(
      `gh secret set ${COPY} --repo octo/app --env review --body`,
    );
  });

  test("are shadowed by a secret of the job's environment", async () => {
    desk.repository.setSecret(COPY, "copy");
    desk.repository.setSecret(COPY, "old", { environment: "review" });

    const { report } = await doctor();

    expect(troubles(report)).toEqual(["fail copy-shadowed"]);
    expect(finding(report, "copy-shadowed").positions).toEqual([
      { file: ".github/workflows/combined.yml", line: 9 },
    ]);
  });
});

describe("an access copy that is left over from another set-up", () => {
  const COPY = "CODEX_ACCESS_JSON";

  /** As somebody leaves it who has changed from the split to combined.yml. */
  beforeEach(async () => {
    await edit("maintenance.yml", /^ +access-copies: \|\n +secret CODEX_ACCESS_JSON\n/m, "");
    desk.repository.setSecret(COPY, "copy");
  });

  test("may be deleted, says doctor with the command for each place", async () => {
    desk.repository.setSecret(COPY, "copy", { environment: "codex" });

    const { report, exitCode } = await doctor();

    expect(troubles(report)).toEqual(["warn copy-left-over"]);
    expect(exitCode).toBe(0);
    const findings = report.checks.find(({ id }) => id === "copy-left-over")?.findings;
    expect(findings?.map(({ remedy }) => /`(.+)`/.exec(remedy)?.[1])).toEqual([
      `gh secret delete ${COPY} --repo octo/app`,
      `gh secret delete ${COPY} --repo octo/app --env codex`,
    ]);
  });

  test.each([
    ["reads it", `on: push\njobs: { a: { steps: [{ run: x, env: { A: "\${{ secrets.${COPY} }}" } }] } }\n`],
    [
      "hands all secrets on",
      "on: push\njobs: { a: { uses: octo/x/.github/workflows/y.yml@v1, secrets: inherit } }\n",
    ],
    [
      "gets all secrets",
      `on: push\njobs: { a: { steps: [{ run: x, env: { A: "\${{ toJSON(secrets) }}" } }] } }\n`,
    ],
    ["cannot be read", "on: [push\n"],
  ])("is not called that where a workflow %s", async (_, workflow) => {
    await desk.file("checkout/.github/workflows/other.yml", workflow);

    const { report } = await doctor();

    expect(report.checks.map(({ id }) => id)).not.toContain("copy-left-over");
  });

  test("is none where there is none", async () => {
    desk.repository.deleteSecret(COPY);

    const { report } = await doctor();

    expect(report.checks.find(({ id }) => id === "copy-left-over")?.outcome).toBe("pass");
  });
});

describe("what was not checked is not a pass:", () => {
  test("in a checkout without the action", async () => {
    await edit("combined.yml", /[\s\S]*/, "on: push\njobs: { a: { steps: [{ run: make }] } }\n");
    await edit("maintenance.yml", /[\s\S]*/, "on: push\njobs: { a: { steps: [{ run: make }] } }\n");

    const { report } = await doctor();

    expect(notChecked(report)).toEqual([
      "secret-stored",
      "secret-shadowed",
      "workflows-enabled",
      "other-repositories",
    ]);
  });

  test("where the token sees no other repository", async () => {
    const { report } = await doctor();
    const { stdout } = await desk.run(["doctor", "--repo", "octo/app"], { environment: { LANG: "C.UTF-8" } });

    expect(notChecked(report)).toEqual(["write-token-probe", "other-repositories"]);
    expect(stdout).toMatch(/^\? No other visible repository has a secret of this name +not checked: /m);
    expect(stdout).toMatch(/checks: \d+ passed, 2 not checked\.\n$/);
  });
});

describe("run from within the checkout", () => {
  test.each([".github/workflows", ".github", "src/deep"])("%s, it finds the root", async (directory) => {
    await edit("combined.yml", /^ {2}queue: max$/m, "  queue: single");
    await mkdir(desk.path("checkout", directory), { recursive: true });

    const { stdout } = await desk.run(["doctor"], { directory: desk.path("checkout", directory) });

    const up = directory
      .split("/")
      .map(() => "../")
      .join("");
    expect(stdout).toContain(
      `${up}.github/workflows/combined.yml:${lineOf("combined.yml", "concurrency:")}\n`,
    );
  });

  test("a directory with workflows of its own is looked at itself", async () => {
    await desk.file("checkout/fixtures/.github/workflows/x.yml", "on: push\njobs: { a: { steps: [] } }\n");

    const { stdout } = await desk.run(["doctor", "fixtures", "--json"]);

    expect(troubles(JSON.parse(stdout) as Report)).toEqual(["fail action-used"]);
  });
});

test("its help tells the exit codes", async () => {
  const { stdout } = await desk.run(["doctor", "--help"]);

  expect(stdout.replaceAll(/\s+/g, " ")).toContain(
    "Exit codes: 0 no check failed (warnings do not count), 1 a check failed, 2 wrong usage.",
  );
});

describe("for a person", () => {
  test("it is a list that ends with a count", async () => {
    await edit("combined.yml", /^ {2}queue: max$/m, "  queue: single");

    const { stdout, exitCode } = await desk.run(["doctor"], { environment: { LANG: "C.UTF-8" } });

    const lines = stdout.split("\n");
    expect(stdout).toMatch(/^✓ A job uses the action {2,}2 refresh jobs$/m);
    const at = lines.indexOf("! Waiting runs are queued");
    expect(lines.slice(at, at + 4)).toEqual([
      "! Waiting runs are queued",
      "    Without `queue: max` a newer run cancels the one that is waiting in `codex-auth`.",
      `    .github/workflows/combined.yml:${lineOf("combined.yml", "concurrency:")}`,
      "    → Add `queue: max` beside `group:`.",
    ]);
    expect(lines.slice(-2)).toEqual(["32 checks: 31 passed, 1 warning.", ""]);
    expect(stdout).not.toContain("\u001B");
    expect(exitCode).toBe(0);
  });

  test("it is ASCII where the locale is, and no name in a file moves the cursor", async () => {
    await edit("combined.yml", / {2}codex:\n/, '  "c\\e[2Jö": \n');
    await edit("combined.yml", /concurrency:\n.*\n.*\n/, "");

    const { stdout, exitCode } = await desk.run(["doctor"], { environment: { LC_ALL: "C" } });

    expect(stdout).toContain(
      "x Each refresh job has a concurrency group\n    Nothing keeps job `c [2J?` apart",
    );
    expect(stdout).toMatch(/^[\n -~]*$/);
    expect(exitCode).toBe(1);
  });
});

test("an empty directory fails, and one that is not there is wrong usage", async () => {
  await mkdir(desk.path("empty"), { recursive: true });

  const empty = await desk.run(["doctor", desk.path("empty"), "--json"]);
  const missing = await desk.run(["doctor", desk.path("missing")]);
  const tooMany = await desk.run(["doctor", "one", "two"]);

  expect(empty.exitCode).toBe(1);
  expect(troubles(JSON.parse(empty.stdout) as Report)).toEqual([
    "fail workflows-readable",
    "fail action-used",
  ]);
  expect([missing.exitCode, tooMany.exitCode]).toEqual([2, 2]);
  expect(missing.stdout).toBe("");
});

function finding({ checks }: Report, id: string): Check["findings"][number] {
  const [first] = checks.find((check) => check.id === id)?.findings ?? [];
  if (!first) throw new Error(`There is no finding of ${id}.`);
  return first;
}

/** The first line of a workflow of the checkout that has the text. */
function lineOf(name: string, text: string): number {
  const lines = readFileSync(desk.path("checkout", ".github", "workflows", name), "utf8").split("\n");
  return lines.findIndex((line) => line.includes(text)) + 1;
}

async function edit(name: string, pattern: RegExp | string, replacement: string): Promise<void> {
  const path = desk.path("checkout", ".github", "workflows", name);
  const before = readFileSync(path, "utf8");
  const after = before.replace(pattern, replacement);
  if (after === before) throw new Error(`There is no ${pattern} in ${name}.`);
  await desk.file(`checkout/${dirname(`.github/workflows/${name}`)}/${name}`, after);
}
