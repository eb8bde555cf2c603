import { describe, expect, test } from "@jest/globals";
import {
  COMBINED,
  edit,
  examine,
  expectFound,
  HEALTHY,
  namesOf,
  OTHER,
  REPOSITORY_SECRET,
  sentencesOf,
  type Tree,
  workflow,
} from "../tree.ts";

/** A step after ours, in the same job. */
function afterOurs(step: string): Tree {
  return edit(HEALTHY, COMBINED, /$/, `      - ${step.replaceAll("\n", "\n        ")}\n`);
}

/** A workflow of its own, beside ours. */
function beside(step: string): Tree {
  return edit(HEALTHY, OTHER, "", elsewhere(step));
}

function elsewhere(step: string): string {
  return `on: { schedule: [{ cron: "0 0 * * *" }] }\njobs:\n  store:\n    runs-on: ubuntu-latest\n    steps:\n      - ${step.replaceAll("\n", "\n        ")}\n`;
}

const WRITES: readonly [string, string][] = [
  [
    "the official recipe's last step",
    `if: always()\nenv:\n  GH_TOKEN: \${{ secrets.PAT }}\nrun: gh secret set CODEX_AUTH_JSON < "$CODEX_HOME/auth.json" # HERE`,
  ],
  ["another spelling", "run: gh  secret  set codex_auth_json --env codex --body x # HERE"],
  ["a repository before it", "run: gh --repo octo/app secret set CODEX_AUTH_JSON < login # HERE"],
  ["a variable for the name", "env:\n  NAME: CODEX_AUTH_JSON\nrun: gh secret set $NAME < login # HERE"],
  ["any name, of the file", 'run: gh secret set LOGIN < "$CODEX_HOME/auth.json" # HERE'],
  ["several lines", "run: |\n  set -e\n  gh secret set \\\n    CODEX_AUTH_JSON < login"],
  ["gh api", "run: gh api -X PUT repos/octo/app/actions/secrets/CODEX_AUTH_JSON --input body.json # HERE"],
  [
    "curl",
    'run: curl -X PUT "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/environments/codex/secrets/CODEX_AUTH_JSON" -d @body # HERE',
  ],
  [
    "actions/github-script",
    "uses: actions/github-script@v8\nwith:\n  script: |\n    await github.rest.actions.createOrUpdateRepoSecret({ secret_name: 'CODEX_AUTH_JSON' })",
  ],
  [
    "somebody's action for secrets",
    "uses: octo/update-github-secret@v2 # HERE\nwith:\n  secret_name: CODEX_AUTH_JSON\n  value: x",
  ],
  ["flags between", "run: gh secret -R octo/app set CODEX_AUTH_JSON < login # HERE"],
  ["an environment between", 'run: gh secret --env codex set --body "$B" codex_auth_json # HERE'],
  ["a continued line between", "run: |\n  set -e\n  gh secret \\\n    set CODEX_AUTH_JSON < login"],
  [
    "PowerShell's continued line",
    "shell: pwsh\nrun: |\n  Get-Content x | gh secret `\n    set CODEX_AUTH_JSON",
  ],
  ["a file that the step writes", "run: |\n  echo CODEX_AUTH_JSON=$B > .env\n  gh secret set -f .env # HERE"],
  ["quotes and a path", `run: /usr/bin/gh "secret" 'set' "CODEX_AUTH_JSON" < login # HERE`],
  ["a shell in a shell", `run: bash -c "gh secret set CODEX_AUTH_JSON < login" # HERE`],
  ["a substitution", 'run: echo "$(gh secret set CODEX_AUTH_JSON < login)" # HERE'],
  [
    "a script on standard input",
    "run: |\n  bash <<'END'\n  gh secret set CODEX_AUTH_JSON < login # HERE\n  END",
  ],
  [
    "an expression for the repository",
    `run: gh secret set -R \${{ github.repository }} CODEX_AUTH_JSON < login # HERE`,
  ],
  ["deleting it", "run: gh secret delete CODEX_AUTH_JSON # HERE"],
  ["curl, in one word", 'run: curl -XPUT "$API/actions/secrets/CODEX_AUTH_JSON" -d @body # HERE'],
  [
    "our own command",
    "run: npx codex-auth-roundtrip seed --reseed --from - --secret-name CODEX_AUTH_JSON # HERE",
  ],
];

describe("a step that writes the login's secret", () => {
  test.each(WRITES)("after ours: %s", async (_, step) => {
    expect(await namesOf(afterOurs(step))).toEqual(["fail secret-written-by-hand"]);
    if (step.includes("HERE")) await expectFound(afterOurs(step), "fail secret-written-by-hand");
  });

  test.each(WRITES)("in a workflow of its own: %s", async (_, step) => {
    expect(await namesOf(beside(step))).toEqual(["fail secret-written-by-hand"]);
  });

  test("is named by its file, job and number, and is to be removed", async () => {
    const [reason, remedy] = await sentencesOf(
      afterOurs("name: Store it\nrun: gh secret set CODEX_AUTH_JSON < x"),
      "secret-written-by-hand",
    );

    expect(reason).toMatch(/^Job `codex`, step 3 \(`Store it`\), writes the secret CODEX_AUTH_JSON/);
    expect(remedy).toBe("Remove this step: nothing takes its place.");
  });

  test.each([
    ["of a repository, fails", REPOSITORY_SECRET, "fail secret-by-hand"],
    ["of an environment, warns", HEALTHY, "warn secret-by-hand"],
  ])("handing every secret to another repository's workflow: the login %s", async (_, tree, expected) => {
    const calling = (uses: string): string =>
      `on: push\njobs:\n  r:\n    uses: ${uses}\n    secrets: inherit # HERE\n`;

    await expectFound({ ...tree, [OTHER]: calling("octo/flows/.github/workflows/x.yml@main") }, expected);
    expect(await namesOf({ ...tree, [OTHER]: calling("./.github/workflows/combined.yml") })).not.toContain(
      expected,
    );
  });

  test("leaves no pass of a check that it fails as well", async () => {
    const results = await examine(afterOurs('run: gh secret set CODEX_AUTH_JSON < "$CODEX_HOME/auth.json"'));

    expect(results.map(({ id }) => id)).not.toContain("auth-file-by-hand");
  });

  test("in our own `run`", async () => {
    const tree = edit(
      HEALTHY,
      COMBINED,
      "run: codex exec hello",
      "run: codex exec hello && gh secret set CODEX_AUTH_JSON < x # HERE",
    );

    await expectFound(tree, "fail secret-written-by-hand");
  });

  test("by the name that a variable of the job has", async () => {
    const tree = edit(
      afterOurs("run: gh secret set $LOGIN < x # HERE"),
      COMBINED,
      "    runs-on:",
      "    env: { LOGIN: CODEX_AUTH_JSON }\n    runs-on:",
    );

    await expectFound(tree, "fail secret-written-by-hand");
  });

  test.each([
    "run: gh secret set -f .env # HERE",
    "run: gh secret set --env-file=.env --env codex # HERE",
    'run: gh secret set "$NAME" < x # HERE',
    `run: gh secret set \${{ vars.NAME }} < x # HERE`,
    "run: $GH secret set CODEX_AUTH_JSON < x # HERE",
    "run: |\n  cat > later.sh <<END\n  gh secret set CODEX_AUTH_JSON < x # HERE\n  END",
    `run: echo "then gh secret set CODEX_AUTH_JSON" # HERE`,
  ])("what cannot be decided is a warning: %s", async (step) => {
    await expectFound(afterOurs(step), "warn secret-written-by-hand");
  });

  test.each([
    ["a comment", "run: |\n  # we no longer do: gh secret set CODEX_AUTH_JSON\n  echo done"],
    ["a comment after a command", "run: |\n  echo done; # gh secret set CODEX_AUTH_JSON < x\n  echo"],
    [
      "a comment with an apostrophe",
      "run: |\n  # don't: gh secret set CODEX_AUTH_JSON\n  # it's gone\n  echo done",
    ],
    ["a comment that names the file", "run: |\n  # cat $CODEX_HOME/auth.json\n  echo done"],
    [
      "a comment in JavaScript",
      "uses: actions/github-script@v8\nwith:\n  script: |\n    // createOrUpdateRepoSecret CODEX_AUTH_JSON\n    await github.rest.repos.get()",
    ],
    [
      "a comment that names it, beside another secret",
      "run: |\n  # not CODEX_AUTH_JSON\n  gh secret set OTHER < x",
    ],
    ["a prompt about secrets", "uses: octo/agent@v1\nwith:\n  prompt: Keep the secret, and set the table."],
    ["another secret", "run: gh secret set OTHER < x"],
    ["another secret, with flags between", "run: gh secret -R octo/app set --env codex OTHER --body x"],
    ["a copy", "run: gh secret set CODEX_ACCESS_JSON --body new"],
    ["a name that only begins like it", "run: gh secret set CODEX_AUTH_JSON_2 < x"],
    ["a list", "run: gh secret list && echo CODEX_AUTH_JSON"],
    ["a question", "run: gh api repos/octo/app/actions/secrets/CODEX_AUTH_JSON"],
    ["an action for other secrets", "uses: octo/secret-scan@v1\nwith:\n  path: ."],
  ])("%s is none", async (_, step) => {
    expect(await namesOf(afterOurs(step))).toEqual([]);
  });
});

describe("a step that handles auth.json", () => {
  test.each([
    "run: cat $CODEX_HOME/auth.json # HERE",
    `run: jq . "\${CODEX_HOME}/auth.json" # HERE`,
    "run: cp ~/.codex/auth.json /tmp # HERE",
    `run: cat '\${{ steps.codex.outputs.codex-home }}/auth.json' # HERE`,
    "shell: pwsh\nrun: Get-Content $env:CODEX_HOME\\auth.json # HERE",
    "uses: octo/encrypt@v1\nwith:\n  file: ~/.codex/auth.json # HERE",
  ])("after ours, warns: %s", async (step) => {
    await expectFound(afterOurs(step), "warn auth-file-by-hand");
  });

  test.each([
    "run: cat $HOME/.codex/auth.json # HERE",
    "uses: actions/upload-artifact@v5\nwith:\n  path: ~/.codex # HERE",
    "uses: actions/cache@v4\nwith:\n  path: |\n    ~/.npm\n    ~/.codex\n  key: x",
    "uses: actions/cache/save@v4\nwith:\n  path: ~/.codex/auth.json # HERE\n  key: x",
  ])("elsewhere, fails: %s", async (step) => {
    expect(await namesOf(beside(step))).toEqual(["fail auth-file-by-hand"]);
    if (step.includes("HERE")) await expectFound(beside(step), "fail auth-file-by-hand");
  });

  test.each([
    "run: cat auth.json",
    "run: cat service/auth.json",
    "run: cp $CODEX_HOME/config.toml .",
    "run: codex exec 'Where is my code?'",
    "uses: actions/cache@v4\nwith:\n  path: ~/.npm\n  key: codex",
  ])("%s is none", async (step) => {
    expect(await namesOf(afterOurs(step))).toEqual([]);
  });
});

describe("a checkout that uses the login by hand, without this action", () => {
  const RECIPE = `
on: workflow_dispatch
jobs:
  codex:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - name: Restore
        env:
          CODEX_AUTH_JSON: \${{ secrets.CODEX_AUTH_JSON }}
        run: |
          mkdir -p ~/.codex
          printf %s "$CODEX_AUTH_JSON" > ~/.codex/auth.json # HERE
      - run: codex exec hello
      - name: Store
        if: always()
        run: gh secret set CODEX_AUTH_JSON < ~/.codex/auth.json # HERE
`;

  test("is told which steps to remove", async () => {
    const found = await namesOf(workflow(RECIPE));

    expect(found).toEqual(["fail action-used", "fail secret-written-by-hand", "fail auth-file-by-hand"]);
    await expectFound(workflow(RECIPE), ...found);
    expect(await sentencesOf(workflow(RECIPE), "auth-file-by-hand")).toEqual([
      "Job `codex`, step 2 (`Restore`), handles Codex's auth.json by hand: the first refresh there invalidates every other copy.",
      "Remove this step, once you have stopped this workflow: https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/migrate.md",
    ]);
  });

  test("and one that does not is told nothing of it", async () => {
    expect(await namesOf(workflow("on: push\njobs:\n  a:\n    steps:\n      - run: make\n"))).toEqual([
      "fail action-used",
    ]);
  });
});
