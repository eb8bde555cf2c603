import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, onlyJob, SECRET, Stage, WRITE_TOKEN } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** Everything that `run` can read in its environment and below its user's home, RUNNER_TEMP and our files included. */
const LOOK_AROUND = [
  'env -0 > "$HOME/.environment"',
  // What our own processes were started with, which the kernel shows to whoever runs as the same user: the one that ends
  // what a command leaves behind, and main above it.
  'main=$(sed -n "s/^PPid:[^0-9]*//p" "/proc/$PPID/status")',
  'cat "/proc/$PPID/environ" "/proc/$main/environ" > "$HOME/.started-with"',
  'find "$HOME" -type f ! -name .seen -exec cat {} + > "$HOME/.seen"',
].join("\n");

describe("what `run` can see", () => {
  test("it finds the access token, and no refresh token anywhere, even after a refresh in its job", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    let seen = "";
    let left: string[] = [];

    const result = await stage.run(stage.refreshJob({ with: { run: LOOK_AROUND } }), {
      beforeCleanup: async ({ home, temp }) => {
        seen = await readFile(join(home, ".seen"), "latin1");
        left = await readdir(temp, { recursive: true });
      },
    });

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(seen).toContain(stage.stored.tokens.access_token);
    for (const token of [stage.login.refreshToken, stage.stored.tokens.refresh_token])
      for (const form of formsOf(token)) expect(seen).not.toContain(form);
    expect(left.filter((path) => path.includes("codex"))).toEqual([]);
  });

  test("it finds none of the runner's own tokens in the process that started it, which still saves to the cache", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const job = "    env:\n      ACTIONS_ID_TOKEN_REQUEST_TOKEN: CANARY-id-token";
    let startedWith = "";
    let runtimeToken = "";

    const result = await stage.run(stage.refreshJob({ with: { run: LOOK_AROUND }, job }), {
      beforePhase: ({ env }) => {
        runtimeToken = env.ACTIONS_RUNTIME_TOKEN ?? "";
      },
      beforeCleanup: async ({ home }) => {
        startedWith = await readFile(join(home, ".started-with"), "latin1");
      },
    });

    expect(result.conclusion).toBe("success");
    expect(startedWith).toContain("ACTIONS_RUNTIME_TOKEN=");
    expect(runtimeToken).not.toBe("");
    expect(startedWith).not.toContain(runtimeToken);
    expect(startedWith).not.toContain("CANARY-id-token");
    expect(stage.world.cache.entries.length).toBeGreaterThan(0);
  });

  test("what it prints of the home's file in base64 decodes to no part of a token", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const file = '"$CODEX_HOME/auth.json"';
    const run = [
      `base64 ${file}`,
      `base64 -w0 ${file}; echo`,
      `openssl base64 -in ${file}`,
      `(printf x; cat ${file}) | base64 -w0; echo`,
      `sed -n 's/.*"access_token": "\\(.*\\)".*/\\1/p' ${file} | base64 -w0; echo`,
      `node -e 'console.log(require("fs").readFileSync(process.env.CODEX_HOME + "/auth.json").toString("base64url"))'`,
    ].join("\n");

    const result = await stage.run(stage.refreshJob({ with: { run } }));

    expect(result.conclusion).toBe("success");
    const decoded = result.log
      .split(/[^A-Za-z0-9+/_-]+/)
      .flatMap((piece) =>
        [0, 1, 2, 3].map((skip) => Buffer.from(piece.slice(skip), "base64").toString("latin1")),
      );
    const { access_token: token } = stage.stored.tokens;
    for (let at = 0; at + 12 <= token.length; at++)
      expect(decoded.filter((text) => text.includes(token.slice(at, at + 12)))).toEqual([]);
  });

  test("a secret in base64, and a copy of it in the job's environment, are out of sight too", async () => {
    stage = await Stage.set({ encode: (document) => Buffer.from(document).toString("base64") });
    let seen = "";

    const result = await stage.run(
      stage.refreshJob({
        with: { run: LOOK_AROUND },
        job: `    env:\n      COPY: \${{ secrets.${SECRET} }}`,
      }),
      {
        beforeCleanup: async ({ home }) => {
          seen = await readFile(join(home, ".seen"), "latin1");
        },
      },
    );

    expect(result.conclusion).toBe("success");
    expect(seen).toContain(stage.login.accessToken);
    for (const form of formsOf(stage.login.refreshToken)) expect(seen).not.toContain(form);
  });

  test("its environment has nothing of the runner's channels, the write token, the login, or a redirection", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const job = [
      "    env:",
      `      COPY_OF_WRITE_TOKEN: \${{ secrets.${WRITE_TOKEN} }}`,
      `      WRITE_TOKEN_IN_URL: https://x:\${{ secrets.${WRITE_TOKEN} }}@github.com/octo/app`,
      `      COPY_OF_SECRET: \${{ secrets.${SECRET} }}`,
      ...REDIRECTING.map((name) => `      ${name}: http://127.0.0.1:9/`),
      "      HARMLESS: kept",
    ].join("\n");
    let environment = new Map<string, string>();

    const result = await stage.run(stage.refreshJob({ with: { run: LOOK_AROUND }, job }), {
      beforeCleanup: async ({ home }) => {
        environment = parse(await readFile(join(home, ".environment"), "utf8"));
      },
    });

    expect(result.conclusion).toBe("success");
    const names = [...environment.keys()];
    expect(names.filter((name) => /^(INPUT|STATE|ACTIONS)_/i.test(name))).toEqual([]);
    expect(names.filter((name) => REDIRECTING.includes(name))).toEqual([]);
    const { canaries } = stage.world;
    const carried = [...environment].filter(([, value]) => canaries.some((token) => value.includes(token)));
    expect(carried.map(([name]) => name)).toEqual([]);
    expect(environment.get("HARMLESS")).toBe("kept");
    expect(environment.get("GITHUB_REPOSITORY")).toBe("octo/app");
    expect(environment.get("CODEX_HOME")).toContain("codex-auth-");
    stage.expectLoginAlive();
  });

  test("a job that redirects Codex's refresh elsewhere does not lead our refresh there", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const { openai } = stage.world;
    const elsewhere = `${openai.server.url}/elsewhere`;

    const result = await stage.run(
      stage.refreshJob({
        with: { run: "true" },
        job: `    env:\n      CODEX_REFRESH_TOKEN_URL_OVERRIDE: ${elsewhere}`,
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(stage.requests.filter((request) => request.endsWith("/elsewhere"))).toEqual([]);
    stage.expectLoginAlive();
  });
});

describe("codex-env", () => {
  test("its variables reach `run`, a redirecting one when it leads to this machine", async () => {
    stage = await Stage.set();
    let environment = new Map<string, string>();
    const lines = ["# for the tests", "GREETING=hello = world", "", "OPENAI_BASE_URL=http://127.0.0.1:9/v1"];

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-env": lines.join("\n"), run: LOOK_AROUND } }),
      {
        beforeCleanup: async ({ home }) => {
          environment = parse(await readFile(join(home, ".environment"), "utf8"));
        },
      },
    );

    expect(result.conclusion).toBe("success");
    expect(environment.get("GREETING")).toBe("hello = world");
    expect(environment.get("OPENAI_BASE_URL")).toBe("http://127.0.0.1:9/v1");
  });

  test.each([
    ["a redirection to another machine", "CODEX_REFRESH_TOKEN_URL_OVERRIDE=https://evil.example/oauth/token"],
    ["another machine that calls itself this one", "OPENAI_BASE_URL=http://127.0.0.1.evil.example/v1"],
    ["an API key", "OPENAI_API_KEY=sk-elsewhere"],
    ["a channel of the runner", "INPUT_REFRESH=never"],
  ])("%s is refused before anything happens", async (_, line) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { "codex-env": line, run: "echo JOB-RAN" } }));

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[input-invalid]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(stage.requests).toEqual([]);
  });
});

describe("how `run` runs", () => {
  test("a failing command in the middle, or in a pipe, ends it", async () => {
    stage = await Stage.set();

    const results = await Promise.all(
      ["false\necho GONE-ON", "false | cat\necho GONE-ON"].map((run) =>
        stage.run(stage.refreshJob({ with: { run } })),
      ),
    );

    for (const result of results) {
      expect(result.conclusion).toBe("failure");
      expect(onlyJob(result).rawLog).not.toContain("GONE-ON");
      expect(onlyJob(result).log).toContain("exited with code 1. ");
      expect(onlyJob(result).log).toContain("[run-failed]");
    }
  });

  test("it runs in the workspace, or in working-directory, with the shell it asks for", async () => {
    stage = await Stage.set();

    const result = await stage.run(
      stage.refreshJob({
        with: {
          run: "import os; print('AT', os.path.basename(os.getcwd()), 'WITH', os.path.isfile(os.environ['CODEX_HOME'] + '/auth.json'))",
          shell: "python3 {0}",
          "working-directory": "$" + "{{ runner.temp }}",
        },
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toContain("AT _temp WITH True");
  });

  test("Codex in `run` works with a home that only its user can open", async () => {
    stage = await Stage.set();

    const result = await stage.run(
      stage.refreshJob({
        with: { run: `stat -L -c '%a' "$CODEX_HOME" "$CODEX_HOME/auth.json"\n${CODEX_EXEC}` },
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toMatch(/^700\n600$/m);
    expect(stage.world.openai.responses).toBe(1);
  });
});

const REDIRECTING = [
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
  "CODEX_REVOKE_TOKEN_URL_OVERRIDE",
  "CODEX_APP_SERVER_LOGIN_ISSUER",
  "CODEX_APP_SERVER_LOGIN_CLIENT_ID",
  "CODEX_APP_SERVER_CHATGPT_BASE_URL",
  "CODEX_AUTHAPI_BASE_URL",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
];

/** A token as it stands, and inside base64 at each of the three alignments. */
function formsOf(token: string): string[] {
  const encoded = [0, 1, 2].map((skip) =>
    Buffer.from(token.slice(skip, skip + Math.floor((token.length - skip) / 3) * 3)).toString("base64"),
  );
  return [token, ...encoded];
}

function parse(environment: string): Map<string, string> {
  return new Map(
    environment.split("\0").map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
