import { describe, expect, test } from "@jest/globals";
import { type Fit, fitWorkflow } from "../../src/cli/seed/fit-workflow.ts";
import {
  appToken,
  byHand,
  COMBINED,
  change,
  composite,
  edit,
  examine,
  examples,
  groupOfJob,
  HEALTHY,
  host,
  MAINTENANCE,
  markers,
  NESTED,
  OTHER,
  ours,
  REPOSITORY_SECRET,
  REUSABLE,
  readOnly,
  secondJob,
  type Tree,
  troubles,
} from "./doctor/tree.ts";

describe("silent on what is right:", () => {
  test.each<[string, Tree]>([
    ["an environment's secret", HEALTHY],
    ["a repository secret", REPOSITORY_SECRET],
    ["a reusable workflow", REUSABLE],
    [
      "one composite action",
      {
        ...NESTED,
        [COMBINED]: change(NESTED[COMBINED], "actions/outer", "actions/single"),
        ".github/actions/single/action.yml": composite(
          "codex-auth-roundtrip/codex-auth-roundtrip@v1",
          "codex-auth-json",
          "secret-write-token",
          "login",
          "write_token",
        ),
      },
    ],
    ["our own repository", ours(HEALTHY)],
    [
      "a pinned commit of a fork",
      edit(
        HEALTHY,
        COMBINED,
        "codex-auth-roundtrip/codex-auth-roundtrip@v1",
        `octo/codex-auth-roundtrip@${"0a".repeat(20)}`,
      ),
    ],
    [
      "groups of the jobs",
      { [COMBINED]: groupOfJob(HEALTHY[COMBINED]), [MAINTENANCE]: groupOfJob(HEALTHY[MAINTENANCE]) },
    ],
    [
      "the group of one workflow, and of a job of another",
      { ...HEALTHY, [COMBINED]: groupOfJob(HEALTHY[COMBINED]) },
    ],
    ["a group's name in another case", edit(HEALTHY, COMBINED, "group: codex-auth", "group: Codex-Auth")],
    [
      "a GitHub App",
      edit(
        HEALTHY,
        COMBINED,
        `secret-write-token: \${{ secrets.CODEX_SECRET_WRITE_TOKEN }}`,
        `client-id: Iv1\n          private-key: \${{ secrets.KEY }}`,
      ),
    ],
    ["an App's token that stays valid", appToken("        with: { skip-token-revoke: true }\n")],
    ["Codex jobs beside the refresh job, in a matrix without a group", edit(HEALTHY, OTHER, "", readOnly())],
    [
      "anchors",
      edit(
        edit(HEALTHY, COMBINED, "concurrency:\n", "concurrency: &group\n"),
        COMBINED,
        "    runs-on: ubuntu-latest",
        "    env: { A: 1 }\n    runs-on: ubuntu-latest",
      ),
    ],
    [
      "a long time-out",
      edit(
        HEALTHY,
        COMBINED,
        "    runs-on: ubuntu-latest",
        "    timeout-minutes: 30\n    runs-on: ubuntu-latest",
      ),
    ],
    [
      "refresh jobs of different logins",
      edit(
        HEALTHY,
        OTHER,
        "",
        HEALTHY[MAINTENANCE]
          ?.replaceAll("CODEX_AUTH_JSON }}", "SECOND }}\n          secret-name: SECOND")
          .replace("group: codex-auth", "group: second") ?? "",
      ),
    ],
    ["a persistent host with a login of its own", edit(HEALTHY, OTHER, "", host("HOST_AUTH_JSON"))],
    [
      "two refresh jobs of one run, one after the other",
      edit(HEALTHY, COMBINED, /$/, secondJob("    needs: codex\n")),
    ],
  ])("%s", async (_, tree) => {
    expect(troubles(await examine(tree))).toEqual([]);
  });

  test("the examples", async () => {
    expect(troubles(await examine(examples((text) => text)))).toEqual([]);
  });

  test.each<Fit>([
    { environment: null, secretName: "CODEX_AUTH_JSON", credential: "token" },
    { environment: "production", secretName: "LOGIN", credential: "app" },
  ])("the examples as `seed` fits them to a login: %j", async (fit) => {
    expect(troubles(await examine(examples((text) => fitWorkflow(text, fit))))).toEqual([]);
  });
});

/** Each mistake is planted where `# HERE` stands, and is the only one that is found. */
describe("finds", () => {
  test.each<[string, string, Tree]>([
    [
      "no group",
      "fail concurrency-group",
      edit(HEALTHY, COMBINED, /concurrency:\n.*\n.*\n([\s\S]*) {2}codex:\n/, "$1  codex: # HERE\n"),
    ],
    [
      "an expression in the group's name",
      "fail concurrency-literal",
      edit(
        HEALTHY,
        COMBINED,
        "concurrency:\n  group: codex-auth",
        `concurrency: # HERE\n  group: codex-\${{ github.ref }}`,
      ),
    ],
    [
      "a group at two levels",
      "fail concurrency-level",
      edit(
        edit(HEALTHY, COMBINED, "concurrency:\n", "concurrency: # HERE\n"),
        COMBINED,
        "    runs-on:",
        "    concurrency: { group: codex-auth, queue: max } # HERE\n    runs-on:",
      ),
    ],
    [
      "a group that caller and callee both hold",
      "fail concurrency-level",
      edit(
        edit(REUSABLE, OTHER, "concurrency:\n", "concurrency: # HERE\n"),
        COMBINED,
        "jobs:\n",
        "concurrency: { group: codex-auth, queue: max } # HERE\njobs:\n",
      ),
    ],
    [
      "different groups",
      "fail concurrency-shared",
      edit(
        edit(HEALTHY, COMBINED, "concurrency:\n  group: codex-auth", "concurrency: # HERE\n  group: codex"),
        MAINTENANCE,
        "concurrency:\n",
        "concurrency: # HERE\n",
      ),
    ],
    [
      "two refresh jobs of one run at the same time",
      "warn concurrency-within-run",
      edit(
        edit(HEALTHY, COMBINED, "  codex:\n    runs", "  codex: # HERE\n    runs"),
        COMBINED,
        /$/,
        secondJob("", " # HERE"),
      ),
    ],
    [
      "a matrix of refresh jobs",
      "warn concurrency-within-run",
      edit(
        HEALTHY,
        COMBINED,
        "    runs-on:",
        "    strategy:\n      matrix: # HERE\n        os: [a, b]\n    runs-on:",
      ),
    ],
    [
      "no queue",
      "warn concurrency-queue",
      edit(
        HEALTHY,
        COMBINED,
        "concurrency:\n  group: codex-auth\n  queue: max\n",
        "concurrency: codex-auth # HERE\n",
      ),
    ],
    [
      "queue: single",
      "warn concurrency-queue",
      edit(
        HEALTHY,
        COMBINED,
        "concurrency:\n  group: codex-auth\n  queue: max\n",
        "concurrency: # HERE\n  group: codex-auth\n  queue: single\n",
      ),
    ],
    [
      "cancel-in-progress",
      "fail concurrency-cancel",
      edit(
        HEALTHY,
        COMBINED,
        "concurrency:\n  group: codex-auth\n  queue: max\n",
        "concurrency: # HERE\n  group: codex-auth\n  cancel-in-progress: true\n",
      ),
    ],
    [
      "cancel-in-progress that only a run knows",
      "fail concurrency-cancel",
      edit(
        HEALTHY,
        COMBINED,
        "concurrency:\n  group: codex-auth\n",
        `concurrency: # HERE\n  group: codex-auth\n  cancel-in-progress: \${{ github.ref != 'main' }}\n`,
      ),
    ],
    [
      "another secret's name",
      "fail secret-name",
      edit(
        HEALTHY,
        COMBINED,
        `codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}`,
        `codex-auth-json: \${{ secrets.LOGIN }} # HERE`,
      ),
    ],
    [
      "no environment",
      "fail environment",
      edit(HEALTHY, COMBINED, / {2}codex:\n(.*\n) {4}environment:\n.*\n.*\n/, "  codex: # HERE\n$1"),
    ],
    [
      "another environment",
      "fail environment",
      edit(
        edit(
          HEALTHY,
          COMBINED,
          "    environment:\n      name: codex",
          "    environment: # HERE\n      name: production",
        ),
        COMBINED,
        "          environment: codex",
        "          environment: codex # HERE",
      ),
    ],
    [
      "an environment that our step does not know of",
      "warn environment",
      edit(
        REPOSITORY_SECRET,
        MAINTENANCE,
        "    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1",
        "    environment: codex\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1 # HERE",
      ),
    ],
    [
      "the login by hand, in another job's script",
      "fail secret-by-hand",
      edit(
        HEALTHY,
        OTHER,
        "",
        byHand(
          `run: |\n          mkdir ~/.codex\n          echo '\${{ secrets.CODEX_AUTH_JSON }}' > ~/.codex/auth.json # HERE`,
        ),
      ),
    ],
    [
      "the login by hand, in another job's variables",
      "fail secret-by-hand",
      edit(
        HEALTHY,
        OTHER,
        "",
        byHand(
          `run: codex exec hello\n        env:\n          AUTH: \${{ secrets['codex_auth_json'] }} # HERE`,
        ),
      ),
    ],
    [
      "all secrets at once",
      "fail secret-by-hand",
      edit(
        HEALTHY,
        OTHER,
        "",
        byHand(`run: deploy\n        env:\n          ALL: \${{ toJSON(secrets) }} # HERE`),
      ),
    ],
    [
      "the login handed to a stranger's action",
      "fail secret-by-hand",
      edit(
        HEALTHY,
        OTHER,
        "",
        byHand(
          `uses: octo/write-back@v1\n        with:\n          login: \${{ secrets.CODEX_AUTH_JSON }} # HERE`,
        ),
      ),
    ],
    [
      "the login handed to somebody's workflow",
      "fail secret-by-hand",
      edit(
        HEALTHY,
        OTHER,
        "",
        `on: push\njobs:\n  a:\n    uses: octo/flows/.github/workflows/x.yml@v1\n    secrets:\n      login: \${{ secrets.CODEX_AUTH_JSON }} # HERE\n`,
      ),
    ],
    [
      "no write token",
      "fail write-token",
      edit(
        HEALTHY,
        COMBINED,
        /uses: codex-auth(.*)\n([\s\S]*) {10}secret-write-token.*\n/,
        "uses: codex-auth$1 # HERE\n$2",
      ),
    ],
    [
      "GITHUB_TOKEN as the write token",
      "fail write-token",
      edit(HEALTHY, COMBINED, "secrets.CODEX_SECRET_WRITE_TOKEN }}", "github.token }} # HERE"),
    ],
    [
      "half an App",
      "fail write-token",
      edit(HEALTHY, COMBINED, /secret-write-token.*/, "client-id: Iv1 # HERE"),
    ],
    [
      "a token and an App",
      "fail write-token",
      edit(HEALTHY, COMBINED, /(secret-write-token.*)/, "$1\n          client-id: Iv1 # HERE"),
    ],
    ["an App's token that is revoked too early", "fail app-token", appToken("")],
    [
      "a host that shares its login",
      "fail persistent-host",
      edit(
        edit(
          edit(HEALTHY, OTHER, "", host("CODEX_AUTH_JSON", " # HERE")),
          COMBINED,
          "roundtrip@v1",
          "roundtrip@v1 # HERE",
        ),
        MAINTENANCE,
        "roundtrip@v1",
        "roundtrip@v1 # HERE",
      ),
    ],
    [
      "no actions: read beside a repository secret",
      "fail actions-read",
      edit(
        REPOSITORY_SECRET,
        COMBINED,
        "permissions:\n  contents: read\n  actions: read\n",
        "permissions: # HERE\n  contents: read\n",
      ),
    ],
    [
      "a job's permissions over the workflow's",
      "fail actions-read",
      edit(REPOSITORY_SECRET, COMBINED, "    runs-on:", "    permissions: {} # HERE\n    runs-on:"),
    ],
    [
      "no permissions at all",
      "warn actions-read",
      edit(REPOSITORY_SECRET, COMBINED, /permissions:\n.*\n.*\n([\s\S]*) {2}codex:\n/, "$1  codex: # HERE\n"),
    ],
    [
      "a branch instead of a release",
      "warn pinned",
      edit(HEALTHY, COMBINED, "codex-auth-roundtrip@v1", "codex-auth-roundtrip@main # HERE"),
    ],
    [
      "continue-on-error on our step",
      "warn continue-on-error",
      edit(HEALTHY, COMBINED, "        with:\n", "        continue-on-error: true # HERE\n        with:\n"),
    ],
    [
      "continue-on-error on the job",
      "warn continue-on-error",
      edit(
        HEALTHY,
        COMBINED,
        "    runs-on:",
        `    continue-on-error: \${{ matrix.experimental }} # HERE\n    runs-on:`,
      ),
    ],
    [
      "a short time-out on our step",
      "warn timeout",
      edit(HEALTHY, COMBINED, "        with:\n", "        timeout-minutes: 2 # HERE\n        with:\n"),
    ],
    [
      "a short time-out on the job",
      "warn timeout",
      edit(HEALTHY, COMBINED, "    runs-on:", "    timeout-minutes: 9 # HERE\n    runs-on:"),
    ],
    [
      "a nested composite",
      "fail composite",
      edit(
        edit(NESTED, COMBINED, "uses: ./.github/actions/outer", "uses: ./.github/actions/outer # HERE"),
        ".github/actions/inner/action.yaml",
        "roundtrip@v1",
        "roundtrip@v1 # HERE",
      ),
    ],
    [
      "pull_request_target",
      "fail pull-request-target",
      edit(
        edit(HEALTHY, COMBINED, "  push:\n", "  pull_request_target: # HERE\n"),
        COMBINED,
        "roundtrip@v1",
        "roundtrip@v1 # HERE",
      ),
    ],
    [
      "pull_request_target in a list",
      "fail pull-request-target",
      edit(
        edit(
          HEALTHY,
          COMBINED,
          "on:\n  workflow_dispatch:\n  push:\n",
          "on:\n  - push\n  - pull_request_target # HERE\n",
        ),
        COMBINED,
        "roundtrip@v1",
        "roundtrip@v1 # HERE",
      ),
    ],
    [
      "a Codex job on pull_request_target",
      "warn pull-request-target",
      edit(HEALTHY, OTHER, "", readOnly(" # HERE").replace("on: push", "on: [pull_request_target] # HERE")),
    ],
    [
      "pull_request_target in a caller",
      "fail pull-request-target",
      edit(
        edit(REUSABLE, COMBINED, "on: push", "on: pull_request_target # HERE"),
        OTHER,
        "roundtrip@v1",
        "roundtrip@v1 # HERE",
      ),
    ],
    [
      "weekly maintenance",
      "warn maintenance",
      edit(HEALTHY, MAINTENANCE, '"17 6 * * 1,4"', '"17 6 * * 1" # HERE'),
    ],
    [
      "no maintenance",
      "warn maintenance",
      edit({ [COMBINED]: HEALTHY[COMBINED] ?? "" }, COMBINED, "on:\n", "on: # HERE\n"),
    ],
    [
      "a schedule that GitHub does not take",
      "warn maintenance",
      edit(HEALTHY, MAINTENANCE, '"17 6 * * 1,4"', '"17 6 * * 8" # HERE'),
    ],
    [
      "YAML that is none",
      "fail workflows-readable",
      edit(HEALTHY, OTHER, "", "on: push\njobs:\n  a: [1, 2\n  b: 3 # HERE\n"),
    ],
    [
      "a key that is there twice",
      "fail workflows-readable",
      edit(HEALTHY, OTHER, "", "on: push\njobs: {}\non: pull_request # HERE\n"),
    ],
    ["a workflow without jobs", "warn workflows-readable", edit(HEALTHY, OTHER, "", "on: push # HERE\n")],
    ["an empty file", "warn workflows-readable", edit(HEALTHY, OTHER, "", "# HERE\n")],
  ])("%s", async (_, expected, tree) => {
    const results = await examine(tree);

    expect(troubles(results).map(({ id, level }) => `${level} ${id}`)).toEqual([expected]);
    expect(
      troubles(results)
        .flatMap(({ positions }) => positions)
        .sort(),
    ).toEqual(markers(tree).sort());
  });

  test("no moving tag is called fixed", async () => {
    const results = await examine(HEALTHY);

    expect(results.find(({ id }) => id === "pinned")?.verdict).toMatchObject({
      reason: "v1 (a tag that moves with each release)",
    });
  });

  test("several mistakes, each at its place", async () => {
    const results = await examine(
      edit(
        edit(HEALTHY, COMBINED, "queue: max", "queue: single"),
        COMBINED,
        "codex-auth-roundtrip@v1",
        "codex-auth-roundtrip@main",
      ),
    );

    expect(troubles(results).map(({ id, positions }) => `${id} ${positions}`)).toEqual([
      `concurrency-queue ${COMBINED}:6`,
      `pinned ${COMBINED}:21`,
    ]);
  });
});

describe("says what it could not look at:", () => {
  test("an empty directory", async () => {
    const [only, ...rest] = troubles(await examine({}));

    expect(only).toMatchObject({ id: "workflows-readable", level: "fail" });
    expect(rest.map(({ id }) => id)).toEqual(["action-used"]);
  });

  test("workflows that do not use the action", async () => {
    const results = await examine({ [OTHER]: byHand("run: make test") });

    expect(troubles(results)).toMatchObject([{ id: "action-used", level: "fail" }]);
    expect(results).toHaveLength(2);
  });

  test("a huge file", async () => {
    const results = await examine({ ...HEALTHY, [OTHER]: `# ${"x".repeat(2_000_000)}` });

    expect(troubles(results)).toMatchObject([
      { id: "workflows-readable", level: "warn", positions: [`${OTHER}:1`] },
    ]);
  });

  test("thousands of refresh jobs in one run", async () => {
    const job = HEALTHY[COMBINED]?.slice(HEALTHY[COMBINED].indexOf("  codex:")) ?? "";
    const jobs = Array.from({ length: 2_000 }, (_, index) => job.replace("codex:", `codex-${index}:`));
    const results = await examine(edit(HEALTHY, COMBINED, job, jobs.join("")));

    expect(troubles(results).map(({ id }) => id)).toEqual(["concurrency-within-run"]);
  });

  test("a file that nests deeper than any parser", async () => {
    const results = await examine({ ...HEALTHY, [OTHER]: "[".repeat(200_000) });

    expect(troubles(results)).toMatchObject([{ id: "workflows-readable", level: "fail" }]);
  });

  test("anchors that contain themselves or multiply do not detain it", async () => {
    const bomb = ["a0: &a0 [x, x]"];
    for (let index = 1; index < 40; index++)
      bomb.push(`a${index}: &a${index} [*a${index - 1}, *a${index - 1}]`);
    const results = await examine({ ...HEALTHY, [OTHER]: `${bomb.join("\n")}\njobs: &jobs\n  a: *jobs\n` });

    expect(troubles(results)).toEqual([]);
  });

  test("composite actions and workflows that lead to themselves do not detain it", async () => {
    const results = await examine({
      [OTHER]: `on: push\njobs:\n  a:\n    uses: ./${OTHER}\n  b:\n    steps:\n      - uses: ./loop\n      - uses: ./loop\n      - uses: ./../outside\n`,
      "loop/action.yml": composite("./loop", "a", "b"),
    });

    expect(troubles(results)).toMatchObject([{ id: "action-used" }]);
  });
});
