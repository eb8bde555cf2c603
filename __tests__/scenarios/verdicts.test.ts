import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { REFUSALS, usageHeaders, usageLimitReached } from "../../lab/openai/openai.ts";
import type { RunResult } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const HOUR_MS = 3_600_000;
const old = { issuedSecondsAgo: DAY_SECONDS };

function errorsOf(result: RunResult): string[] {
  return messagesOf(result, "error");
}

function messagesOf(result: RunResult, asked: string): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === asked)
    .map(({ message }) => message);
}

/** Whole seconds, as OpenAI tells them. */
function inMs(ms: number): Date {
  return new Date(Math.floor((Date.now() + ms) / 1000) * 1000);
}

/** A `codex` that first does something else: `$REAL` is the lab's. */
async function otherCodex(home: string, path: string, first: string): Promise<string> {
  const directory = join(home, "other");
  await mkdir(directory, { recursive: true });
  const real = join(path.split(":")[0] ?? "", "codex");
  await writeFile(join(directory, "codex"), `#!/bin/bash\nREAL='${real}'\n${first}\nexec "$REAL" "$@"\n`);
  await chmod(join(directory, "codex"), 0o755);
  return directory;
}

/** Runs a job whose `codex` on PATH is another one. */
function runWith(first: string, inputs: Record<string, string>): Promise<RunResult> {
  return stage.run(stage.refreshJob({ with: inputs }), {
    beforePhase: async ({ phase, home, env }) => {
      if (phase === "main") env.PATH = `${await otherCodex(home, env.PATH ?? "", first)}:${env.PATH}`;
    },
  });
}

describe("a usage limit", () => {
  test("that resets in an hour is told in UTC, as an output, and with the use of both limits in the summary", async () => {
    stage = await Stage.set();
    const resetsAt = inMs(HOUR_MS);
    const weekResetsAt = inMs(100 * HOUR_MS);
    stage.world.openai.refusal = usageLimitReached({
      resetsAt,
      windows: { fiveHours: 100, week: 42, weekResetsAt },
    });

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello" } }));

    const utc = `${resetsAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    expect(failureCodes(result)).toEqual(["usage-limit"]);
    expect(errorsOf(result)).toEqual([expect.stringContaining(`which resets at ${utc}`)]);
    expect(outputsOf(result)["usage-resets-at"]).toBe(resetsAt.toISOString());
    expect(onlyJob(result).summary).toContain(`usage in 5 hours: 100 %, resets ${utc}`);
    expect(onlyJob(result).summary).toContain("usage in 7 days: 42 %, resets ");
    stage.expectNothingSpent();
  });

  test.each(["Asia/Tokyo", "America/Los_Angeles"])(
    "whose time only the error tells, on a clock of %s, is told to the minute",
    async (zone) => {
      stage = await Stage.set();
      const resetsAt = inMs(50 * HOUR_MS);
      stage.world.openai.refusal = usageLimitReached({ resetsAt });
      const inputs = { prompt: "Hello", "codex-env": `TZ=${zone}` };

      const result = await stage.run(stage.refreshJob({ with: inputs }));

      const told = new Date(outputsOf(result)["usage-resets-at"] ?? "");
      expect(failureCodes(result)).toEqual(["usage-limit"]);
      expect(resetsAt.getTime() - told.getTime()).toBeGreaterThanOrEqual(0);
      expect(resetsAt.getTime() - told.getTime()).toBeLessThan(60_000);
    },
  );

  test("that is far from used up stands in the summary of a prompt that succeeds", async () => {
    stage = await Stage.set();
    const [resetsAt, weekResetsAt] = [inMs(HOUR_MS), inMs(100 * HOUR_MS)];
    stage.world.openai.modelHeaders = usageHeaders({ fiveHours: 7, week: 3, resetsAt, weekResetsAt });

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello" } }));

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).summary).toContain("usage in 5 hours: 7 %");
    expect(outputsOf(result)).not.toHaveProperty("usage-resets-at");
  });
});

describe("a turn that the API refuses", () => {
  test.each([
    ["usageNotIncluded", "usage-limit", /plan does not include Codex/],
    ["insufficientQuota", "usage-limit", /quota/],
    ["rateLimit", "prompt-failed", /limits the rate/],
    ["codexOutdated", "codex-outdated", /Codex 0\.169\.0 at `\/.*codex` is too old.*`codex-version`/],
    ["modelNotForChatGpt", "prompt-failed", /'gpt-5\.9' model is not supported.*`model`/],
    ["modelNotFound", "prompt-failed", /gpt-x' does not exist.*`model`/],
    ["deactivatedWorkspace", "workspace-deactivated", /deactivated.*owner/],
    ["unsupportedCountry", "region-refused", /country.*supported/],
    ["cloudflare", "region-refused", /Cloudflare.*address/],
  ] as const)("%s is %s", async (refusal, code, says) => {
    stage = await Stage.set(old);
    stage.world.openai.refusal = REFUSALS[refusal];

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello" } }));

    expect(failureCodes(result)).toEqual([code]);
    expect(errorsOf(result)).toEqual([expect.stringMatching(says)]);
    stage.expectNothingSpent();
  });
});

test("a login whose every fresh token is refused is rotated by one forced refresh, and by no later job", async () => {
  stage = await Stage.set(old);
  stage.world.openai.refusal = REFUSALS.missingScopes;
  const prompt = { prompt: "Hello" };

  const first = await stage.run(stage.refreshJob({ with: prompt }));
  const forced = await stage.run(stage.refreshJob({ with: { ...prompt, refresh: "force" } }));
  const later = await stage.run(stage.refreshJob({ with: prompt }));

  expect([first, forced, later].map(failureCodes)).toEqual([
    ["access-token-refused"],
    ["login-refused"],
    ["login-refused"],
  ]);
  for (const result of [forced, later])
    expect(errorsOf(result)).toEqual([expect.stringMatching(/refused all the same.*log in again/)]);
  expect(stage.world.openai.refreshes.filter(({ outcome }) => outcome === "rotated")).toHaveLength(1);
  stage.expectLoginAlive();
});

describe("a setting that forbids the login", () => {
  const FORBID = `set -- -c 'forced_login_method="api"' "$@"`;

  test.each([
    ["forced_login_method", '"api"'],
    ["forced_chatgpt_workspace_id", '"11111111-1111-1111-1111-111111111111"'],
  ])("%s: a due refresh names it; the issuer is not asked, and there is no alert", async (name, value) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const inputs = { run: JOB, "alert-issue": "true" };

    const result = await runWith(`set -- -c '${name}=${value}' "$@"`, inputs);

    expect(result.conclusion).toBe("success");
    expect(messagesOf(result, "warning")).toEqual([
      expect.stringMatching(
        new RegExp(
          `${name} = .* in \`a -c flag\`.*healthy, and OpenAI was not asked.*\\[login-forbidden\\]$`,
        ),
      ),
    ]);
    expect(errorsOf(result)).toEqual([]);
    expect(onlyJob(result).log).toContain(JOB_RAN);
    expect(stage.world.github.server.requests.filter(({ path }) => path.includes("/issues"))).toEqual([]);
    stage.expectNothingSpent();
  });

  test("fails a job whose access token is about to end, and the login is well", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await runWith(FORBID, { run: JOB });

    expect(failureCodes(result)).toEqual(["login-forbidden"]);
    stage.expectNothingSpent();
  });

  test("in the home's config.toml is refused before Codex deletes the login for it", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, "codex-home");
    await mkdir(home);
    await writeFile(join(home, "config.toml"), 'forced_login_method = "api"\n');

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello", "codex-home": home } }), {
      machine,
    });

    expect(failureCodes(result)).toEqual(["login-forbidden"]);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/forced_login_method = "api"` in `.*codex-home\/config\.toml`.*healthy/),
    ]);
    expect(stage.world.openai.responses).toBe(0);
    stage.expectNothingSpent();
  });

  test("that is empty forbids nothing", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, "codex-home");
    await mkdir(home);
    await writeFile(join(home, "config.toml"), 'forced_chatgpt_workspace_id = " "\n');
    const inputs = { prompt: "Hello", "codex-home": home, "protect-auth": "off" };

    const result = await stage.run(stage.refreshJob({ with: inputs }), { machine });

    expect(result.conclusion).toBe("success");
    stage.expectNothingSpent();
  });

  test("that is only seen when Codex has deleted its copy for it is told in Codex's words", async () => {
    stage = await Stage.set();

    const result = await runWith(FORBID, { prompt: "Hello" });

    expect(failureCodes(result)).toEqual(["login-forbidden"]);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/API key login is required.*stored login is untouched/),
    ]);
    expect(stage.world.openai.responses).toBe(0);
    stage.expectNothingSpent();
  });
});

describe("a Codex whose sandbox lets commands read the login", () => {
  /** Takes our profile out of the arguments. */
  const IGNORES = [
    "kept=()",
    'while [ $# -gt 0 ]; do case "$2" in permissions.*|default_permissions*) shift 2 ;; *) kept+=("$1"); shift ;; esac; done',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's.
    'set -- "${kept[@]}"',
  ].join("\n");

  test("is refused before the model is asked, with the least version", async () => {
    stage = await Stage.set();

    const result = await runWith(IGNORES, { prompt: "Hello" });

    expect(failureCodes(result)).toEqual(["codex-outdated"]);
    expect(errorsOf(result)).toEqual([
      expect.stringMatching(/Codex 0\.169\.0 at `.*\/other\/codex` does not keep.*0\.138\.0 or newer/),
    ]);
    expect(stage.world.openai.responses).toBe(0);
    stage.expectNothingSpent();
  });

  test("is used where the protection is off", async () => {
    stage = await Stage.set();

    const result = await runWith(IGNORES, { prompt: "Hello", "protect-auth": "off" });

    expect(result.conclusion).toBe("success");
  });
});

describe("a Codex that does not end", () => {
  test("although it has answered is ended; its answer is delivered, and the job is green", async () => {
    stage = await Stage.set();

    const result = await runWith('if [ "$1" = exec ]; then "$REAL" "$@"; sleep 600; fi', { prompt: "Hello" });

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ "final-message": "OK" });
    expect(messagesOf(result, "warning")).toEqual([expect.stringMatching(/did not exit within 20 s/)]);
    expect(stage.processes("sleep\n600")).toEqual([]);
  });

  test("because its command hangs is ended at `prompt-timeout`, with that command; what it has said is kept", async () => {
    stage = await Stage.set();
    stage.world.openai.model = () => [{ message: "This may take a while." }, { exec: "sleep 611" }];

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello", "prompt-timeout": "30s" } }));

    expect(failureCodes(result)).toEqual(["prompt-timeout"]);
    expect(outputsOf(result)).toMatchObject({ "final-message": "This may take a while." });
    expect(errorsOf(result)).toEqual([expect.stringMatching(/not finished after 30 s.*`final-message`/)]);
    expect(stage.processes("611")).toEqual([]);
    stage.expectNothingSpent();
  });

  test("because the model does not answer is ended at `prompt-timeout`, also if it ignores SIGTERM", async () => {
    stage = await Stage.set();

    const result = await runWith("trap '' TERM; if [ \"$1\" = exec ]; then while :; do sleep 613; done; fi", {
      prompt: "Hello",
      "prompt-timeout": "2s",
    });

    expect(failureCodes(result)).toEqual(["prompt-timeout"]);
    expect(outputsOf(result)).not.toHaveProperty("final-message");
    expect(stage.processes("613")).toEqual([]);
  });
});

describe("a runner that sets fewer variables than GitHub's", () => {
  const due = { expiresInSeconds: 2 * DAY_SECONDS };
  const runWithout = (...names: string[]): Promise<RunResult> =>
    stage.run(stage.refreshJob({ with: { run: JOB } }), {
      beforePhase: ({ env }) => {
        for (const name of names) delete env[name];
      },
    });

  test("refreshes without GITHUB_REPOSITORY_ID, which the event tells, and without RUNNER_NAME", async () => {
    stage = await Stage.set(due);

    const result = await runWithout("GITHUB_REPOSITORY_ID", "RUNNER_NAME");

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).annotations).toEqual([]);
    stage.expectRotatedOnce();
  });

  test.each(["GITHUB_RUN_ID", "GITHUB_JOB"])("is told which one is missing: %s", async (name) => {
    stage = await Stage.set(due);

    const result = await runWithout(name);

    expect(new Set(failureCodes(result))).toEqual(new Set(["input-invalid"]));
    expect(errorsOf(result)[0]).toMatch(new RegExp(`${name} is not set.*set ${name} in the job's \`env:\``));
    stage.expectNothingSpent();
  });
});
