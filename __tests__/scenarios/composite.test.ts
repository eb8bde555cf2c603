import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import {
  CODEX_EXEC,
  DAY_SECONDS,
  failureCodes,
  fromSecret,
  JOB,
  JOB_RAN,
  mainPhase,
  SECRET,
  Stage,
  WRITE_TOKEN,
} from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };

/** Somebody's own action around ours. Deep down, GitHub hands its post no inputs. */
const files = {
  "keep/action.yml": `
name: keep
inputs: { login: { required: true }, write-token: { required: true }, place: { default: "" }, name: { default: "" } }
runs:
  using: composite
  steps:
    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
      with:
        codex-auth-json: \${{ inputs.login }}
        secret-write-token: \${{ inputs.write-token }}
        environment: \${{ inputs.place }}
        run: ${JSON.stringify(JOB)}
`,
  "whole/action.yml": `
name: whole
inputs: { login: { required: true }, write-token: { required: true }, place: { default: "" } }
runs:
  using: composite
  steps:
    - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1
      with:
        codex-auth-json: \${{ inputs.login }}
        secret-write-token: \${{ inputs.write-token }}
        environment: \${{ inputs.place }}
        refresh: never
        refresh-token: present
`,
};
const nested = { files, compositePostInputs: "empty" } as const;

describe.each([["a repository secret"], ["an environment secret"]])(
  "inside a composite action whose post gets no inputs, with %s",
  (which) => {
    const scope = which === "an environment secret" ? { environment: "codex" } : {};

    test("main's own work is fine", async () => {
      stage = await Stage.set({ ...due, ...scope });

      const result = await stage.run(workflow(), nested);

      expect(result.conclusion).toBe("success");
      expect(result.log).toContain(JOB_RAN);
      stage.expectRotatedOnce();
    });

    test("main killed in its critical section: the handoff has the login, the job says so, the next repairs", async () => {
      stage = await Stage.set({ ...due, ...scope });
      stage.holdAnswer(500, () => stage.killMain());

      const result = await stage.run(workflow(), nested);
      const stored = stage.stored.tokens.refresh_token;
      // Without a write token nobody could unlock.
      stage.world.clock.advance(11 * 60_000);
      const next = await stage.run(stage.refreshJob());

      expect(mainPhase(result).signal).toBe("SIGKILL");
      expect(result.conclusion).toBe("failure");
      expect(failureCodes(result)).toEqual(["write-back-pending"]);
      expect(result.log).toContain("The handoff in the Actions cache has it.");
      expect(stage.world.openai.generationOf(stored)).toBe(0);
      expect(next.conclusion).toBe("success");
      expect(next.log).toContain("Storing it now from the handoff");
      stage.expectRotatedOnce();
    });
  },
);

describe("the whole login inside a composite action whose post gets no inputs", () => {
  test("rotated by Codex in a later step: the handoff has it, the job says so, the next refresh job repairs", async () => {
    // Codex refreshes by itself from five minutes before the end.
    stage = await Stage.set({ expiresInSeconds: 200 });
    const left: string[] = [];

    const result = await stage.run(`${workflow("whole")}\n      - run: ${JSON.stringify(CODEX_EXEC)}`, {
      ...nested,
      beforeCleanup: async ({ temp }) => {
        left.push(...(await readdir(temp)).filter((name) => name.includes("codex")));
      },
    });
    const stored = stage.stored.tokens.refresh_token;
    // Nobody could say in the claim that the job is over.
    stage.world.clock.advance(11 * 60_000);
    const next = await stage.run(stage.refreshJob());

    expect(failureCodes(result)).toEqual(["write-back-pending"]);
    expect(result.log).toContain("The handoff in the Actions cache has it.");
    expect(stage.world.openai.generationOf(stored)).toBe(0);
    expect(left).toEqual([]);
    expect(next.conclusion).toBe("success");
    expect(next.log).toContain("Storing it now from the handoff");
    stage.expectRotatedOnce();
  });

  test("left as it was by the job: nothing is said, and nothing is stored", async () => {
    stage = await Stage.set();

    const result = await stage.run(workflow("whole"), nested);

    expect(result.conclusion).toBe("success");
    // Main has asked whether a note could be saved; nothing was.
    expect(stage.world.cache.entries.filter(({ state }) => state !== "reserved")).toEqual([]);
    expect(stage.world.openai.refreshes).toEqual([]);
    expect(stage.secret.history).toHaveLength(1);
    stage.expectLoginAlive();
  });
});

function workflow(action: "keep" | "whole" = "keep"): string {
  const own = stage.refreshJob().split("\n");
  const head = own.slice(0, own.indexOf("    steps:") + 1);
  return [
    ...head,
    "      - uses: actions/checkout@v5",
    `      - uses: ./${action}`,
    "        with:",
    `          login: ${fromSecret(SECRET)}`,
    `          write-token: ${fromSecret(WRITE_TOKEN)}`,
    `          place: ${stage.environment ?? '""'}`,
  ].join("\n");
}
