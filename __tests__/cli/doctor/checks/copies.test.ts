import { describe, expect, test } from "@jest/globals";
import {
  COMBINED,
  change,
  edit,
  examine,
  expectFound,
  HEALTHY,
  MAINTENANCE,
  OTHER,
  SPLIT,
  type Tree,
} from "../tree.ts";

const LINE = "            secret CODEX_ACCESS_JSON\n";
const READ = `codex-auth-json: \${{ secrets.CODEX_ACCESS_JSON }}`;

function copies(...lines: string[]): Tree {
  return edit(SPLIT, MAINTENANCE, LINE, lines.map((line) => `            ${line}\n`).join(""));
}

describe("a Codex job", () => {
  test("with the login, though there is a copy", async () => {
    const tree = edit(SPLIT, OTHER, READ, `codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }} # HERE`);

    await expectFound(tree, "warn login-though-copy");
  });

  test("with a copy that nobody refreshes", async () => {
    const tree = edit(copies("secret ANOTHER"), OTHER, READ, `${READ} # HERE`);

    await expectFound(tree, "warn copy-refreshed");
  });

  test("with a login that nobody refreshes", async () => {
    const tree = {
      [OTHER]: change(SPLIT[OTHER], READ, `codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }} # HERE`),
    };

    await expectFound(tree, "warn copy-refreshed");
  });

  test("with a copy of an environment in which it does not run", async () => {
    const tree = edit(copies("environment review CODEX_ACCESS_JSON # HERE"), OTHER, READ, `${READ} # HERE`);

    await expectFound(tree, "fail copy-refreshed");
  });

  test("whose copy another repository writes: that is not checked", async () => {
    const results = await examine({ [OTHER]: SPLIT[OTHER] ?? "" });

    expect(results.find(({ id }) => id === "copy-refreshed")?.verdict).toEqual({
      outcome: "not-checked",
      reason: "the access copy is written by another repository",
    });
  });

  test.each([
    [
      "its environment",
      edit(
        copies("environment Review CODEX_ACCESS_JSON"),
        OTHER,
        "    runs-on:",
        "    environment: review\n    runs-on:",
      ),
    ],
    [
      "an environment that only a run knows",
      edit(
        copies("environment review CODEX_ACCESS_JSON"),
        OTHER,
        "    runs-on:",
        `    environment: \${{ inputs.where }}\n    runs-on:`,
      ),
    ],
    ["the organization", copies("organization octo CODEX_ACCESS_JSON")],
    ["this repository and others", copies("repository octo/b CODEX_ACCESS_JSON", "secret codex_access_json")],
  ])("with the copy of %s is right", async (_, tree) => {
    await expectFound(tree);
  });
});

describe("a refresh job", () => {
  test("that leaves the copies of another one behind", async () => {
    const tree = edit(
      { ...SPLIT, [COMBINED]: HEALTHY[MAINTENANCE] ?? "" },
      COMBINED,
      "roundtrip@v1",
      "roundtrip@v1 # HERE",
    );

    await expectFound(tree, "warn copies-by-every-refresh");
  });

  test("that would write a copy over the login", async () => {
    await expectFound(
      copies("secret CODEX_ACCESS_JSON", "repository octo/b codex_auth_json # HERE"),
      "fail copy-destination",
    );
  });
});

test("a combined job beside the maintenance of copies is right", async () => {
  await expectFound({ ...SPLIT, [COMBINED]: HEALTHY[COMBINED] ?? "" });
});

test.each([
  "nonsense",
  "secret",
  "secret A B",
  "environment X",
  "repository octo A",
  "secret CODEX_SECRET_WRITE_TOKEN",
])("the line `%s` of `access-copies` is told as the action tells it", async (line) => {
  await expectFound(copies("secret CODEX_ACCESS_JSON", `${line} # HERE`), "fail copy-destination");
});

test.each(["#", "", `secret \${{ vars.NAME }}`])("the line `%s` is right", async (line) => {
  await expectFound(copies("secret CODEX_ACCESS_JSON", line));
});

test("reading a copy by hand invalidates nothing, and is not told", async () => {
  const tree = edit(
    SPLIT,
    OTHER,
    /$/,
    `      - run: x\n        env: { A: "\${{ secrets.CODEX_ACCESS_JSON }}" }\n`,
  );

  await expectFound(tree);
});
