import { expect, test } from "@jest/globals";
import { COMBINED, edit, expectFound, HEALTHY, namesOf } from "../tree.ts";

const LOGIN = `\${{ secrets.CODEX_AUTH_JSON }}`;
const TOKEN = `\${{ secrets.CODEX_SECRET_WRITE_TOKEN }}`;

test.each([LOGIN, TOKEN, `x\${{ secrets['codex_auth_json'] }}`])(
  "the workflow's `env:` with %s",
  async (value) => {
    const tree = edit(HEALTHY, COMBINED, "permissions:\n", `env:\n  LOGIN: ${value} # HERE\npermissions:\n`);

    await expectFound(tree, "fail login-in-variables");
  },
);

test.each([LOGIN, TOKEN])("a job's `env:` with %s", async (value) => {
  const tree = edit(
    HEALTHY,
    COMBINED,
    "    runs-on:",
    `    env:\n      LOGIN: ${value} # HERE\n    runs-on:`,
  );

  await expectFound(tree, "fail login-in-variables");
});

test("a variable by which our step is given the login", async () => {
  const tree = edit(
    edit(HEALTHY, COMBINED, "    runs-on:", `    env:\n      LOGIN: ${LOGIN} # HERE\n    runs-on:`),
    COMBINED,
    `codex-auth-json: ${LOGIN}`,
    `codex-auth-json: \${{ env.LOGIN }}`,
  );

  await expectFound(tree, "fail login-in-variables");
});

test("a variable by which our step is given another login than it writes", async () => {
  const tree = edit(
    edit(
      HEALTHY,
      COMBINED,
      "    runs-on:",
      `    env:\n      LOGIN: \${{ secrets.SECOND }} # HERE\n    runs-on:`,
    ),
    COMBINED,
    `codex-auth-json: ${LOGIN}`,
    `codex-auth-json: \${{ env.LOGIN }}`,
  );

  const found = await namesOf(tree);

  expect(found).toEqual(["fail secret-name", "fail login-in-variables"]);
});

test("a variable of another step is its own reader of the secret", async () => {
  const tree = edit(
    HEALTHY,
    COMBINED,
    /$/,
    `      - run: x\n        env:\n          LOGIN: ${LOGIN} # HERE\n`,
  );

  await expectFound(tree, "fail secret-by-hand");
});

test("variables without the login are nobody's business", async () => {
  const tree = edit(
    HEALTHY,
    COMBINED,
    "permissions:\n",
    `env:\n  A: \${{ secrets.OTHER }}\n  B: CODEX_AUTH_JSON\npermissions:\n`,
  );

  await expectFound(tree);
});
