import { test } from "@jest/globals";
import { COMBINED, edit, expectFound, HEALTHY, type Tree } from "../tree.ts";

const OURS = "run: codex exec hello";

function later(step: string): Tree {
  return edit(HEALTHY, COMBINED, /$/, `      - ${step.replaceAll("\n", "\n        ")}\n`);
}

const FLAGS = [
  "--sandbox read-only",
  "--sandbox=workspace-write",
  "-s read-only",
  "--yolo",
  "--full-auto",
  "--dangerously-bypass-approvals-and-sandbox",
  "-c sandbox_mode=danger-full-access",
  "--config sandbox_mode=read-only",
  "--config=sandbox_mode=read-only",
  `-c 'sandbox_mode="read-only"'`,
  "-csandbox_mode=read-only",
  `-c 'default_permissions=":danger-full-access"'`,
  "-sread-only",
  '"--sandbox" read-only',
];

test.each(FLAGS)("in our `run`: %s", async (flag) => {
  await expectFound(
    edit(HEALTHY, COMBINED, OURS, `run: codex exec ${flag} hello # HERE`),
    "warn sandbox-flag",
  );
});

test.each(FLAGS)("in a later step: %s", async (flag) => {
  await expectFound(later(`run: codex ${flag} exec hello # HERE`), "warn sandbox-flag");
});

test("by a variable of the script", async () => {
  await expectFound(
    later('run: |\n  FLAGS="--json --sandbox read-only"\n  codex exec $FLAGS hello # HERE'),
    "warn sandbox-flag",
  );
});

test("in the middle of a script, at its own line", async () => {
  await expectFound(
    later("run: |\n  set -e\n  codex exec \\\n    --sandbox read-only hello # HERE\n  echo done"),
    "warn sandbox-flag",
  );
});

test("in a later step of the composite action that has ours", async () => {
  const tree = {
    ...edit(
      HEALTHY,
      COMBINED,
      /uses: codex-auth-roundtrip[\s\S]*/,
      `uses: ./codex\n        with: { login: "\${{ secrets.CODEX_AUTH_JSON }}", token: "\${{ secrets.T }}" }\n`,
    ),
    "codex/action.yml": `name: c\nruns:\n  using: composite\n  steps:\n    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n      with:\n        codex-auth-json: \${{ inputs.login }}\n        environment: codex\n        secret-write-token: \${{ inputs.token }}\n    - run: codex exec --yolo hello # HERE\n      shell: bash\n`,
  };

  await expectFound(tree, "warn sandbox-flag");
});

test("in a step after a composite action that has ours", async () => {
  const tree = {
    ...edit(
      HEALTHY,
      COMBINED,
      /uses: codex-auth-roundtrip[\s\S]*/,
      `uses: ./codex\n        with: { login: "\${{ secrets.CODEX_AUTH_JSON }}", token: "\${{ secrets.T }}" }\n      - run: codex exec --yolo hello # HERE\n`,
    ),
    "codex/action.yml": `name: c\nruns:\n  using: composite\n  steps:\n    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n      with:\n        codex-auth-json: \${{ inputs.login }}\n        environment: codex\n        secret-write-token: \${{ inputs.token }}\n`,
  };

  await expectFound(tree, "warn sandbox-flag");
});

test.each([
  [
    "an earlier step",
    edit(
      HEALTHY,
      COMBINED,
      "      - name: Codex\n",
      "      - run: codex exec --yolo hi\n      - name: Codex\n",
    ),
  ],
  ["another program's flag", later("run: docker run --sandbox x")],
  ["a flag of the next command", later("run: codex exec hello && ls -s")],
  ["a flag in the prompt", later("run: codex exec 'What does --yolo do?'")],
  ["a flag in a comment", later("run: |\n  # codex exec --yolo\n  codex exec hello")],
  ["another setting", later("run: codex exec -c model_verbosity=low hello")],
  ["no flag", later("run: codex exec hello")],
  [
    "`protect-auth: off`",
    edit(HEALTHY, COMBINED, OURS, "protect-auth: off\n          run: codex exec --yolo hello"),
  ],
  [
    "`protect-auth: enforced`",
    edit(HEALTHY, COMBINED, OURS, "protect-auth: enforced\n          run: codex exec -s read-only hello"),
  ],
])("%s is none", async (_, tree) => {
  await expectFound(tree);
});
