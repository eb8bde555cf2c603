import { readdir } from "node:fs/promises";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** Our directories in RUNNER_TEMP after each phase, as `phase: how many`. */
function watchHomes(seen: [string, number][]): NonNullable<Parameters<Stage["run"]>[1]> {
  return {
    afterPhase: async ({ phase, temp }) => {
      const ours = (await readdir(temp)).filter((name) => name.startsWith("codex-auth"));
      seen.push([phase, ours.length]);
    },
  };
}

describe("phases", () => {
  test("`uses: ./` has no pre, so main restores, and everything else is the same", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const homes: [string, number][] = [];
    const workflow = stage
      .refreshJob({ with: { run: CODEX_EXEC }, before: "      - uses: actions/checkout@v5" })
      .replace("codex-auth-roundtrip/codex-auth-roundtrip@v1", "./");

    const result = await stage.run(workflow, watchHomes(homes));

    expect(result.conclusion).toBe("success");
    expect(homes).toEqual([
      ["main", 1],
      ["post", 0],
    ]);
    expect(stage.world.openai.responses).toBe(1);
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });

  test("a step with `if: false` restores in pre, cleans up in post, and does nothing else", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const before = { ...stage.secret };
    const homes: [string, number][] = [];
    const workflow = stage
      .refreshJob({ with: { refresh: "force", run: "echo JOB-RAN" } })
      .replace("        id: codex\n", "        id: codex\n        if: false\n");

    const result = await stage.run(workflow, watchHomes(homes));

    expect(result.conclusion).toBe("success");
    expect(homes).toEqual([
      ["pre", 1],
      ["post", 0],
    ]);
    expect(outputsOf(result)).toEqual({});
    expect(onlyJob(result).summary).toBe("");
    expect(stage.requests).toEqual([]);
    expect(stage.secret).toEqual(before);
  });

  test("pre never fails a job: with `if: false` a step may be given nothing at all", async () => {
    stage = await Stage.set();
    const workflow = stage
      .refreshJob({ with: { "codex-auth-json": "", "secret-write-token": "", refresh: "neither" } })
      .replace("        id: codex\n", "        id: codex\n        if: false\n");

    const result = await stage.run(workflow);

    expect(result.conclusion).toBe("success");
    expect(stage.requests).toEqual([]);
  });

  test("post cleans up after a later step that failed", async () => {
    stage = await Stage.set();
    const homes: [string, number][] = [];

    const result = await stage.run(stage.refreshJob({ after: "      - run: exit 3" }), watchHomes(homes));

    expect(result.conclusion).toBe("failure");
    expect(homes).toEqual([
      ["pre", 1],
      ["main", 1],
      ["run", 1],
      ["post", 0],
    ]);
  });
});

describe("what a person reads", () => {
  test.each([
    ["run-failed", {}, { run: "exit 7" }],
    ["write-token-missing", {}, { "secret-write-token": "" }],
    ["write-token-forbidden", { writeTokenPermissions: { secrets: "read" } }, {}],
    ["secret-empty", {}, { "codex-auth-json": "" }],
    ["input-invalid", {}, { refresh: "perhaps" }],
  ] as const)("the log of a step that fails ends with its code, [%s]", async (code, world, inputs) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS, ...world });

    const result = await stage.run(stage.refreshJob({ with: { ...inputs } }));

    expect(result.conclusion).toBe("failure");
    const errors = onlyJob(result).annotations.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => /\[([a-z-]+)\]$/.exec(message)?.[1])).toEqual([code]);
    const ofMain = onlyJob(result).log.split("Post job cleanup.")[0]?.trimEnd().split("\n");
    expect(ofMain?.at(-1)).toMatch(new RegExp(`^##\\[error\\].+ \\[${code}\\]$`));
  });

  test("the summary shows the status of the refreshed login, and no value of it", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("success");
    const rows = rowsOf(onlyJob(result).summary);
    expect(rows).toMatchObject({
      "`rotated`": "`true`",
      "`stored`": "`true`",
      "`auth_mode`": "`chatgpt`",
      "`last_refresh`": `\`${stage.stored.last_refresh}\``,
      "`has_access_token`": "`true`",
      "`has_id_token`": "`true`",
      "`has_refresh_token`": "`true`",
    });
    expect(onlyJob(result).summary).toContain("Restored from the secret; **refreshed and stored**.");
    expect(onlyJob(result).summary).toMatch(/^access token {4}▒+░+ {2}9 days 23 h left$/m);
    expect(onlyJob(result).summary).toMatch(
      /^\*\*Next:\*\* nothing to do\. `refresh: auto` refreshes the login from .+ UTC on,/m,
    );
  });

  test("the summary of a quiet job says that nothing was rotated or stored", async () => {
    stage = await Stage.set();

    const result = await stage.run(stage.refreshJob());

    expect(rowsOf(onlyJob(result).summary)).toMatchObject({
      "`rotated`": "`false`",
      "`stored`": "`false`",
      "`last_refresh`": `\`${stage.stored.last_refresh}\``,
    });
  });

  test("the summary of a refresh job that could not refresh does not call it not due", async () => {
    stage = await Stage.set({
      expiresInSeconds: 2 * DAY_SECONDS,
      writeTokenPermissions: { secrets: "read" },
    });

    const result = await stage.run(stage.refreshJob());

    expect(onlyJob(result).summary).toContain(
      "Restored from the secret; **not refreshed** (`write-token-forbidden`), left as it was.",
    );
  });

  test("the summary of a Codex job says so", async () => {
    stage = await Stage.set();

    const result = await stage.run(stage.refreshJob({ with: { refresh: "never" } }));

    expect(onlyJob(result).summary).toContain("**not refreshed**: this step has `refresh: never`.");
    expect(rowsOf(onlyJob(result).summary)).toMatchObject({ "`rotated`": "`false`" });
  });

  test("the summary of a job whose `run` rotated and failed still shows what was stored", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await stage.run(
      stage.refreshJob({
        with: { "refresh-token": "present", refresh: "never", run: `${CODEX_EXEC}\nexit 1` },
      }),
    );

    expect(result.conclusion).toBe("failure");
    expect(rowsOf(onlyJob(result).summary)).toMatchObject({
      "`rotated`": "`true`",
      "`stored`": "`true`",
      "`last_refresh`": `\`${stage.stored.last_refresh}\``,
    });
    stage.expectLoginAlive();
  });
});

/** The summary's table. */
function rowsOf(summary: string): Record<string, string> {
  return Object.fromEntries(
    [...summary.matchAll(/^\| (.+?) \| (.*) \|$/gm)].map(([, name, value]) => [name, value]),
  );
}
