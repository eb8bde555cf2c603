import { expect, test } from "@jest/globals";
import { COMBINED, examine, HEALTHY, MAINTENANCE, OTHER, type Tree, troubles } from "../tree.ts";

const CALLED = `
on:
  workflow_call:
    secrets: { LOGIN: {}, TOKEN: {} }
concurrency: { group: codex-auth, queue: max }
jobs:
  codex:
    runs-on: ubuntu-latest
    steps:
      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
        with:
          codex-auth-json: \${{ secrets.LOGIN }}
          secret-name: SECOND
          secret-write-token: \${{ secrets.TOKEN }}
`;

function called(secrets: string, callee = CALLED): Tree {
  return {
    [MAINTENANCE]: HEALTHY[MAINTENANCE] ?? "",
    [OTHER]: callee,
    [COMBINED]: `on: { schedule: [{ cron: "23 4 * * 2,5" }] }\npermissions: { actions: read }\njobs:\n  call:\n    uses: ./${OTHER} # HERE\n${secrets}`,
  };
}

async function lacking(tree: Tree): Promise<readonly string[]> {
  const found = troubles(await examine(tree)).filter(({ id }) => id === "secrets-handed-on");
  expect(found.every(({ positions }) => positions[0] === `${COMBINED}:5`)).toBe(true);
  return found.map(({ lines }) => /secret `(\w+)`/.exec(lines[0] ?? "")?.[1] ?? "");
}

test("a call that hands nothing on", async () => {
  expect(await lacking(called(""))).toEqual(["LOGIN", "TOKEN"]);
});

test("a call that hands on one of two, under any case", async () => {
  const secrets = `    secrets:\n      login: \${{ secrets.SECOND }}\n`;

  expect(await lacking(called(secrets))).toEqual(["TOKEN"]);
});

test.each([
  ["`secrets: inherit`", "    secrets: inherit\n", CALLED],
  [
    "each by its name",
    `    secrets:\n      LOGIN: \${{ secrets.SECOND }}\n      token: \${{ secrets.T }}\n`,
    CALLED,
  ],
  [
    "the environment of the called job has them",
    "",
    CALLED.replace("    runs-on:", "    environment: codex\n    runs-on:"),
  ],
])("%s is enough", async (_, secrets, callee) => {
  expect(await lacking(called(secrets, callee))).toEqual([]);
});

test("a workflow of another repository is not ours to read", async () => {
  const tree = {
    ...HEALTHY,
    [OTHER]: "on: push\njobs:\n  a:\n    uses: octo/flows/.github/workflows/x.yml@v1\n",
  };

  expect(await lacking(tree)).toEqual([]);
});
