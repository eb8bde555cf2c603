import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, onlyJob, Stage } from "./stage.ts";

/** Codex refreshes by itself from five minutes before the end. */
const ABOUT_TO_EXPIRE_SECONDS = 200;

let stage: Stage;
afterEach(() => stage.strike());

/** What a refresh job with the whole login in its home leaves to a later step. */
function laterStep(run: string): string {
  return `      - run: |\n${run
    .split("\n")
    .map((line) => `          ${line}`)
    .join("\n")}`;
}

describe("refresh-token: present", () => {
  test("the job has the whole login only after main has proven that it is current and writable", async () => {
    stage = await Stage.set();
    const copies = new Map<string, string>();

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present" }, after: laterStep("true") }),
      {
        afterPhase: async ({ phase, temp }) => {
          if (phase !== "post") copies.set(phase, await loginBelow(temp));
        },
      },
    );

    expect(result.conclusion).toBe("success");
    expect(JSON.parse(copies.get("pre") ?? "").tokens.refresh_token).toBe("");
    expect(JSON.parse(copies.get("main") ?? "")).toEqual(JSON.parse(stage.login.document));
    expect(JSON.parse(copies.get("run") ?? "")).toEqual(JSON.parse(stage.login.document));
    expect(stage.requests).toContain("POST /repos/octo/app/actions/variables");
    expect(stage.requests).toContain("PUT /repos/octo/app/actions/secrets/CODEX_AUTH_WRITE_PROBE");
    expect(stage.secret.writes).toBe(1);
    stage.expectLoginAlive();
  });

  test("what Codex rotates in `run` is stored in post", async () => {
    stage = await Stage.set({ expiresInSeconds: ABOUT_TO_EXPIRE_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present", refresh: "never", run: CODEX_EXEC } }),
    );

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(stage.world.openai.responses).toBe(1);
    expect(stage.secret.writes).toBe(2);
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectLoginAlive();
  });

  test("what Codex rotates in `run` because the model refused the access token is stored too", async () => {
    stage = await Stage.set();
    stage.world.openai.rejectAccessTokensIssuedBefore(new Date(stage.world.clock.now().getTime() + 1));

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present", run: CODEX_EXEC } }),
    );

    expect(result.conclusion).toBe("success");
    stage.expectRotatedInTurn(1);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("what Codex rotates in a later step is stored in post", async () => {
    stage = await Stage.set({ expiresInSeconds: ABOUT_TO_EXPIRE_SECONDS });

    const result = await stage.run(
      stage.refreshJob({
        with: { "refresh-token": "present", refresh: "never" },
        after: laterStep(CODEX_EXEC),
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(stage.secret.writes).toBe(2);
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectLoginAlive();
  });

  test("what is rotated in `run` and again in a later step is stored once, the newest", async () => {
    stage = await Stage.set({ expiresInSeconds: ABOUT_TO_EXPIRE_SECONDS });
    const { openai, clock } = stage.world;

    const result = await stage.run(
      stage.refreshJob({
        with: { "refresh-token": "present", refresh: "never", run: CODEX_EXEC },
        after: laterStep(CODEX_EXEC),
      }),
      {
        afterPhase: ({ phase }) => {
          if (phase === "main") openai.rejectAccessTokensIssuedBefore(new Date(clock.now().getTime() + 1));
        },
      },
    );

    expect(result.conclusion).toBe("success");
    stage.expectRotatedInTurn(2);
    expect(openai.responses).toBe(2);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("a `run` that exits 1 after the rotation fails the job, and its login is stored all the same", async () => {
    stage = await Stage.set({ expiresInSeconds: ABOUT_TO_EXPIRE_SECONDS });

    const result = await stage.run(
      stage.refreshJob({
        with: { "refresh-token": "present", refresh: "never", run: `${CODEX_EXEC}\nexit 1` },
      }),
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[run-failed]");
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("a Codex that rotates and then fails by itself fails the job, and the login is stored", async () => {
    stage = await Stage.set({ expiresInSeconds: ABOUT_TO_EXPIRE_SECONDS });
    stage.world.openai.server.intercept((request, next) =>
      request.path.endsWith("/responses") ? { status: 400, body: { error: { message: "no" } } } : next(),
    );

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present", refresh: "never", run: CODEX_EXEC } }),
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[run-failed]");
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("it needs a concurrency group, without which nothing is touched", async () => {
    stage = await Stage.set();

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present", run: "echo JOB-RAN" }, concurrency: "" }),
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[concurrency-unguarded]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(stage.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });
});

const AUTH = '"$CODEX_HOME/auth.json"';
const BREAKAGES: [string, string, string][] = [
  ["cut off in the middle", `head -c 900 ${AUTH} > cut && cat cut > ${AUTH}`, "refresh-broke-login"],
  ["deleted", `rm ${AUTH}`, "refresh-broke-login"],
  ["emptied", `: > ${AUTH}`, "refresh-broke-login"],
  [
    "replaced by an API key",
    `echo '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-0"}' > ${AUTH}`,
    "refresh-broke-login",
  ],
  ["replaced by another account's login", `cat "$HOME/another.json" > ${AUTH}`, "write-back-refused"],
  [
    "stripped of its refresh token",
    `sed -i 's/"refresh_token": *"[^"]*"/"refresh_token": ""/' ${AUTH}`,
    "refresh-broke-login",
  ],
];

describe("a login that the job has broken is never stored", () => {
  test.each(BREAKAGES)("%s in `run`", async (_, breakage, code) => {
    stage = await Stage.set();
    const before = { ...stage.secret };
    const another = stage.world.openai.login().document;

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present", run: breakage } }),
      {
        beforePhase: ({ home }) => writeFile(join(home, "another.json"), another),
      },
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain(`[${code}]`);
    expect(stage.secret).toEqual(before);
    stage.expectLoginAlive();
  });

  test.each(BREAKAGES)("%s in a later step", async (_, breakage, code) => {
    stage = await Stage.set();
    const before = { ...stage.secret };
    const another = stage.world.openai.login().document;

    const result = await stage.run(
      stage.refreshJob({ with: { "refresh-token": "present" }, after: laterStep(breakage) }),
      { beforePhase: ({ home }) => writeFile(join(home, "another.json"), another) },
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain(`[${code}]`);
    expect(stage.secret).toEqual(before);
    stage.expectLoginAlive();
  });
});

/** The one auth.json in RUNNER_TEMP. */
async function loginBelow(temp: string): Promise<string> {
  const found = (await readdir(temp, { recursive: true })).filter((path) => path.endsWith("home/auth.json"));
  const [only = ""] = found;
  expect(found).toEqual([only]);
  return readFile(join(temp, only), "utf8");
}
