import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { Desk } from "../command-line.ts";

const SEED = ["seed", "--repo", "octo/app"];
const SECRET = "CODEX_AUTH_JSON";
const WRITE_TOKEN = "CODEX_SECRET_WRITE_TOKEN";
const PROBE = "CODEX_AUTH_WRITE_PROBE";
const MAINTENANCE = join(".github", "workflows", "maintenance.yml");
const CODEX_JOB = join(".github", "workflows", "codex.yml");
/** What maintenance writes for the Codex job. */
const COPY = "CODEX_ACCESS_JSON";

let desk: Desk;
/** Files that hold a login because the story put them there. */
let known: string[];
beforeEach(async () => {
  known = [];
  desk = await Desk.set();
});
afterEach(() => desk.clear({ except: known }));

/** What the claims beside the login say. */
function claims(): { state: string; run: string; after: string | null }[] {
  return desk.repository
    .variablesOf({})
    .filter(({ name }) => name.startsWith("CODEX_AUTH_CLAIM_"))
    .map(({ value }) => JSON.parse(value));
}

function stored(environment?: string): { tokens: { refresh_token: string; account_id: string } } {
  const secret = desk.repository.secret(SECRET, environment ? { environment } : {});
  return JSON.parse(secret?.value ?? "null");
}

async function laptop(account = "somebody"): Promise<string> {
  known.push("home/.codex");
  return desk.file("home/.codex/auth.json", desk.world.openai.login({ account }).document);
}

describe("a fresh login", () => {
  test("is stored whole, and the login that the person uses stays as it is, to the byte", async () => {
    await laptop("herself");
    const before = desk.snapshot(desk.path("home"));

    const ended = await desk.runAndLogIn([...SEED, "--json"], { account: "somebody" });

    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      account_id: "somebody",
      environment: null,
      status: { auth_mode: "chatgpt", has_refresh_token: true },
    });
    expect(stored().tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("somebody"));
    // The marker by which the first refresh knows that this is what the secret holds.
    expect(claims()).toMatchObject([
      { state: "stored", run: "seed", after: desk.repository.secret(SECRET)?.updatedAt.toISOString() },
    ]);
    expect(desk.snapshot(desk.path("home"))).toEqual(before);
    expect(desk.world.openai.refreshes).toEqual([]);
  });

  test("is what the next job lives on, and a second seed is refused", async () => {
    desk.repository.createEnvironment("codex");
    const permissions = { environments: "write", secrets: "write" } as const;
    const writeToken = desk.world.github.token(desk.repository, permissions);
    const args = [...SEED, "--environment", "codex", "--write-token", "--write-workflows"];
    const environment = { [WRITE_TOKEN]: writeToken };
    await desk.runAndLogIn(args, { account: "somebody", environment });
    desk.repository.setSecret(COPY, "no-copy-yet");
    const run = async (path: string) => {
      const workflow = readFileSync(desk.path("checkout", path), "utf8");
      return desk.world.runner.dispatch({ repository: desk.repository, workflow }).finished;
    };

    const maintained = await run(MAINTENANCE);
    const result = await run(CODEX_JOB);
    const second = await desk.run(args, { environment });

    expect([maintained.conclusion, result.conclusion]).toEqual(["success", "success"]);
    expect(desk.world.openai.responses).toBe(1);
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain("[secret-exists]");
    expect(second.stderr).toContain("status --repo octo/app --environment codex`");
    expect(second.stderr).toContain(
      "To replace only the write token: `gh secret set CODEX_SECRET_WRITE_TOKEN --repo octo/app --env codex`.",
    );
    expect(desk.world.openai.pendingDeviceCodes).toEqual([]);
    expect(stored("codex").tokens.refresh_token).toBe(desk.world.openai.livingRefreshToken("somebody"));
  });

  test("replaces the one that is there with --reseed", async () => {
    desk.repository.setSecret(SECRET, "an older one");

    const ended = await desk.runAndLogIn([...SEED, "--reseed"], { account: "somebody" });

    expect(ended.exitCode).toBe(0);
    expect(stored().tokens.account_id).toBe("somebody");
  });

  test("is not stored over a secret that somebody else created while the person logged in", async () => {
    const running = desk.start(SEED);
    await desk.shownCode(running);
    desk.repository.setSecret(SECRET, "somebody else's");
    await desk.approve(running);

    const ended = await running.ended;

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("[secret-changed-elsewhere]");
    expect(desk.repository.secret(SECRET)?.value).toBe("somebody else's");
  });

  test("that Codex cannot make is told in its own words", async () => {
    desk.world.openai.server.intercept((request, next) =>
      request.path.endsWith("/deviceauth/usercode") ? { status: 404, body: {} } : next(),
    );

    const ended = await desk.run(SEED);

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/Its last line: .*device code login is not enabled.*\[login-failed\]/s);
    expect(desk.repository.secret(SECRET)).toBeUndefined();
  });

  test("is stored in spite of a GitHub that fails once, and of a key that changes", async () => {
    let failures = 0;
    desk.world.github.server.intercept((request, next) => {
      if (request.method !== "PUT" || !request.path.endsWith(SECRET) || failures === 2) return next();
      failures += 1;
      if (failures === 1) return { status: 502, body: {} };
      desk.repository.rotatePublicKey();
      return next();
    });

    const ended = await desk.runAndLogIn(SEED, { account: "somebody" });

    expect([ended.exitCode, failures]).toEqual([0, 2]);
    expect(stored().tokens.account_id).toBe("somebody");
  });

  test("that GitHub accepts and does not show is not called stored", async () => {
    desk.world.github.server.intercept((request, next) =>
      request.method === "PUT" && request.path.endsWith(SECRET) ? { status: 201, body: {} } : next(),
    );

    const ended = await desk.runAndLogIn(SEED);

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("[seed-unverified]");
  });
});

describe("--from", () => {
  test("stores a file as it is, leaves it alone, and warns of its two users", async () => {
    const file = await laptop();
    const before = desk.snapshot(desk.path("home"));

    const ended = await desk.run([...SEED, "--from", file]);

    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain("Warning:");
    expect(ended.stdout).toContain(`Delete ${file}`);
    expect(stored()).toEqual(JSON.parse(readFileSync(file, "utf8")));
    expect(desk.snapshot(desk.path("home"))).toEqual(before);
  });

  test("reads standard input", async () => {
    const { document } = desk.world.openai.login({ account: "somebody" });

    const ended = await desk.run([...SEED, "--from", "-"], { input: document });

    expect(ended.exitCode).toBe(0);
    expect(stored().tokens.account_id).toBe("somebody");
  });

  test.each([
    [
      "an API key's login",
      JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-CANARY" }),
      "login-api-key",
    ],
    ["a file that breaks off", '{"auth_mode":"chatgpt","tokens":{"access_token":"CANARY', "login-truncated"],
    ["an empty file", "", "login-empty"],
  ])("refuses %s, and quotes nothing of it", async (_what, content, code) => {
    known.push("auth.json");

    const ended = await desk.run([...SEED, "--from", await desk.file("auth.json", content)]);

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(`[${code}]`);
    expect(desk.repository.secret(SECRET)).toBeUndefined();
  });

  test("refuses a file that is not there", async () => {
    const ended = await desk.run([...SEED, "--from", desk.path("nowhere.json"), "--json"]);

    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: "file-unreadable" } });
  });

  test("says that Codex keeps a login in the keychain, and how to make a file", async () => {
    await desk.file("config.toml", 'cli_auth_credentials_store = "keyring"\n');

    const ended = await desk.run([...SEED, "--from", desk.path("auth.json")]);

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("[login-in-keychain]");
    expect(ended.stderr).toContain("codex -c 'cli_auth_credentials_store=");
    expect(desk.repository.secret(SECRET)).toBeUndefined();
  });
});

describe("before anybody logs in", () => {
  const refusals: [string, () => Parameters<Desk["run"]>, string][] = [
    [
      "a repository that the token does not see",
      () => [["seed", "--repo", "octo/other"]],
      "repository-not-found",
    ],
    ["an environment that is missing", () => [[...SEED, "--environment", "codex"]], "environment-not-found"],
    ["no token", () => [SEED, { environment: { GH_TOKEN: "" } }], "token-missing"],
    ["a token that is over", () => [SEED, { environment: { GH_TOKEN: "ghp_over" } }], "write-token-rejected"],
    [
      "a token that may only read",
      () => [SEED, { environment: { GH_TOKEN: reader() } }],
      "write-token-forbidden",
    ],
    [
      "a write token that may not write",
      () => [[...SEED, "--write-token"], { environment: { [WRITE_TOKEN]: reader() } }],
      "write-token-forbidden",
    ],
    ["a write token that is not there", () => [[...SEED, "--write-token"]], "write-token-missing"],
    ["no Codex", () => [SEED, { environment: { PATH: "/usr/bin:/bin" } }], "codex-missing"],
  ];
  const reader = (): string =>
    desk.world.github.token(desk.repository, { secrets: "read" }, { prefix: "github_pat_" });

  test.each(refusals)("%s is found out", async (_what, command, code) => {
    const ended = await desk.run(...command());

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(`[${code}]`);
    expect(ended.stderr).not.toContain("Log in to ChatGPT");
    expect(desk.repository.secret(SECRET)).toBeUndefined();
    expect(claims()).toEqual([]);
  });

  test.each([
    ["a write token that is over", () => "github_pat_over", "GitHub does not accept the write token"],
    ["one that may only read", () => reader(), "The write token may not write"],
    [
      "one for another repository",
      () => desk.world.github.token(desk.world.github.repository("octo/other"), { secrets: "write" }),
      "The write token cannot see",
    ],
  ])("%s is told apart from the person's own token", async (_what, writeToken, words) => {
    const ended = await desk.run([...SEED, "--write-token"], {
      environment: { [WRITE_TOKEN]: writeToken() },
    });

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).toContain(
      'It needs access to octo/app, and "Secrets: read and write, Variables: read and write".',
    );
    expect(ended.stderr).not.toContain("gh auth login");
  });

  test("a public repository is refused, unless that is overridden", async () => {
    desk.repository.visibility = "public";

    const refused = await desk.run(SEED);
    const overridden = await desk.run([...SEED, "--allow-public-repository", "--dry-run"]);

    expect(refused.stderr).toContain("[public-repository]");
    expect([refused.exitCode, overridden.exitCode]).toEqual([1, 0]);
  });

  test.each([
    [["seed"]],
    [["seed", "--repo", "app"]],
    [[...SEED, "--secret-name", "no-name"]],
    [[...SEED, "--from", "x", "--browser"]],
    [[...SEED, "--client-id", "Iv1"]],
    [[...SEED, "--api-url", "http://github.example"]],
    [[...SEED, "--token=ghp_abcdefCANARY"]],
    [[...SEED, "--write-token", "ghp_abcdefCANARY"]],
    [["sow"]],
  ])("%j is wrong usage", async (args) => {
    const ended = await desk.run(args);

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).not.toBe("");
    expect(desk.world.github.server.requests).toEqual([]);
  });
});

describe("the token", () => {
  test("is what gh is logged in with at this API's host, when no variable holds one", async () => {
    const host = new URL(desk.world.github.server.url).host;
    const script = `#!/bin/sh\n[ "$*" = "auth token --hostname ${host}" ] && printenv STORED_BY_GH\n`;
    await desk.executable("gh", script);

    const ended = await desk.run([...SEED, "--dry-run"], {
      environment: { GH_TOKEN: undefined, STORED_BY_GH: desk.adminToken },
    });

    expect(ended.exitCode).toBe(0);
  });

  test("is not handed to Codex, and neither is what redirects its authentication", async () => {
    await desk.executable(
      "codex",
      `#!/bin/sh\nenv > ${desk.path("environment")}\necho "$@" > ${desk.path("argv")}\nexit 3\n`,
    );

    const ended = await desk.run([...SEED, "--browser"], {
      environment: { OPENAI_BASE_URL: "http://elsewhere.example", ALSO: desk.adminToken },
    });

    expect(ended.stderr).toContain("exit code 3");
    const given = readFileSync(desk.path("environment"), "utf8");
    expect(given).not.toMatch(/CANARY|elsewhere/);
    expect(given).toContain(`CODEX_HOME=${desk.temporary}/codex-auth-roundtrip-`);
    expect(readFileSync(desk.path("argv"), "utf8")).toBe('-c cli_auth_credentials_store="file" login\n');
  });
});

describe("the environment", () => {
  test("is created for the default branch alone, when that is asked for", async () => {
    const ended = await desk.runAndLogIn([...SEED, "--environment", "codex/ci", "--create-environment"]);

    expect(ended.exitCode).toBe(0);
    expect(desk.repository.environments.map(({ name, branches }) => [name, branches])).toEqual([
      ["codex/ci", ["main"]],
    ]);
    expect(desk.repository.secret(SECRET, { environment: "codex/ci" })).toBeDefined();
  });

  test("is created without a limit where GitHub offers none, and that is said", async () => {
    desk.world.github.server.intercept((request, next) =>
      /policies|custom_branch/.test(request.path + request.body) ? { status: 422, body: {} } : next(),
    );

    const ended = await desk.runAndLogIn([...SEED, "--environment", "codex", "--create-environment"]);

    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toContain("Warning: GitHub did not limit the environment");
    expect(desk.repository.environments[0]?.branches).toBeNull();
  });
});

describe("the write token", () => {
  test("is stored beside the login when it is a token from the environment", async () => {
    const writeToken = desk.world.github.token(desk.repository, { secrets: "write", variables: "write" });

    const ended = await desk.runAndLogIn([...SEED, "--write-token"], {
      environment: { [WRITE_TOKEN]: writeToken },
    });

    expect(ended.exitCode).toBe(0);
    expect(desk.repository.secret(WRITE_TOKEN)?.value).toBe(writeToken);
    expect(desk.repository.secret(PROBE)).toBeDefined();
    expect(claims()).toHaveLength(1);
  });

  test("is stored beside the login when it is an App, and the workflow reads it there", async () => {
    desk.repository.createEnvironment("codex");
    const { clientId, privateKeyPem } = await desk.world.github.app({
      repository: desk.repository,
      permissions: { environments: "write", secrets: "write" },
    });
    const key = await desk.file("app.pem", privateKeyPem);

    const ended = await desk.runAndLogIn([
      ...[...SEED, "--environment", "codex", "--write-workflows"],
      ...["--client-id", clientId, "--private-key-file", key],
    ]);

    expect(ended.exitCode).toBe(0);
    expect(desk.repository.secret("CODEX_APP_CLIENT_ID", { environment: "codex" })?.value).toBe(clientId);
    const workflow = readFileSync(desk.path("checkout", MAINTENANCE), "utf8");
    desk.anHourPasses(SECRET, "codex");
    desk.repository.setSecret(COPY, "no-copy-yet");
    const result = await desk.world.runner.dispatch({ repository: desk.repository, workflow }).finished;
    expect(result.conclusion).toBe("success");
    expect(desk.world.openai.refreshes).toMatchObject([{ outcome: "rotated" }]);
  });
});

test("--create-environment without a name is wrong usage", async () => {
  const ended = await desk.run([...SEED, "--create-environment", "--dry-run"]);

  expect(ended.exitCode).toBe(2);
  expect(ended.stderr).toContain("--environment codex --create-environment");
  expect(desk.world.github.server.requests).toEqual([]);
});

test("says whose login it is, as the id token names the account", async () => {
  const ended = await desk.runAndLogIn(SEED, { account: "me" });

  expect(ended.stdout + ended.stderr).toMatch(
    /Login of `somebody@example\.com`, ChatGPT `\w+` \(account me\);/,
  );
});

describe("--write-workflows", () => {
  test("never writes over a file", async () => {
    const file = await desk.file(join("checkout", CODEX_JOB), "mine");

    const ended = await desk.runAndLogIn([...SEED, "--write-workflows", "--json"]);

    expect(ended.exitCode).toBe(0);
    // What the workflows read is there before the first maintenance.
    expect(desk.repository.secret("CODEX_ACCESS_JSON")).toBeDefined();
    expect(JSON.parse(ended.stdout)).toMatchObject({
      workflows_written: [join(".github", "workflows", "maintenance.yml")],
      workflows_kept: [CODEX_JOB],
    });
    const again = await desk.runAndLogIn([...SEED, "--write-workflows", "--reseed"]);
    expect(again.stdout).toContain("gh workflow run maintenance.yml --repo octo/app");
    expect(again.stdout).not.toContain("Commit and push");
    expect(readFileSync(file, "utf8")).toBe("mine");
  });

  test("writes into the checkout that it runs in, for the scope and the name of this secret", async () => {
    await desk.runAndLogIn([...SEED, "--write-workflows", "--secret-name", "CODEX_LOGIN"]);

    const workflow = parse(readFileSync(desk.path("checkout", MAINTENANCE), "utf8"));
    expect(workflow.jobs.refresh.environment).toBeUndefined();
    expect(workflow.jobs.refresh.steps[0].with).toMatchObject({
      "codex-auth-json": expect.stringContaining("{{ secrets.CODEX_LOGIN }}"),
      "secret-name": "CODEX_LOGIN",
    });
  });

  test("in a checkout of another repository is refused before anything else", async () => {
    const checkout = await desk.file("other/.git/HEAD", "ref: refs/heads/main\n");
    await desk.file(
      "other/.git/config",
      '[core]\n\trepositoryformatversion = 0\n[remote "origin"]\n\turl = git@github.com:octo/other.git\n',
    );
    for (const part of ["objects", "refs"]) await desk.file(`other/.git/${part}/.keep`, "");

    const ended = await desk.run([...SEED, "--write-workflows", "--dry-run"], {
      directory: join(checkout, "..", ".."),
    });

    expect(ended.stderr).toContain("This is a checkout of octo/other, not of octo/app.");
    expect(ended.stderr).toContain("[workflows-outside-checkout]");
    expect(desk.world.github.server.requests).toEqual([]);
  });

  test.each([".github", join(".github", "workflows")])(
    "is refused before anything else where %s is no directory",
    async (name) => {
      await desk.file(join("checkout", name), "");

      // It ends by itself, whatever it finds.
      const ended = await desk.run([...SEED, "--write-workflows", "--dry-run"]);

      expect(ended.stderr).toContain("[workflows-unwritable]");
      expect(ended.stderr).toContain("(ENOTDIR)");
      expect(desk.world.github.server.requests).toEqual([]);
    },
  );

  test("outside a checkout is refused before anything else", async () => {
    const ended = await desk.run([...SEED, "--write-workflows"], { directory: desk.path("home") });

    expect(ended.stderr).toContain("[workflows-outside-checkout]");
    expect(desk.world.github.server.requests).toEqual([]);
  });
});

test("--dry-run says what would be done, and changes nothing", async () => {
  const ended = await desk.run([
    ...SEED,
    "--environment",
    "codex",
    "--create-environment",
    "--write-workflows",
    "--dry-run",
  ]);

  expect(ended.exitCode).toBe(0);
  expect(ended.stdout).toMatchInlineSnapshot(`
"Nothing was changed (--dry-run).
Without --dry-run, this would:
  create the environment codex, for the branch main only
  have you log in to ChatGPT (a link and a one-time code)
  create the secret CODEX_AUTH_JSON of environment codex of octo/app
  write an access copy to secret CODEX_ACCESS_JSON
  write .github/workflows/maintenance.yml
  write .github/workflows/codex.yml
"
`);
  expect(desk.world.github.server.requests.map(({ method }) => method)).not.toContain("PUT");
  expect(desk.snapshot(desk.path("checkout", ".github"))).toEqual({});
  expect(desk.world.openai.server.requests).toEqual([]);
});

describe("Ctrl-C", () => {
  /** The world's answer is held back at this point of the story. */
  const points: [string, "github" | "openai", RegExp, "approved"?][] = [
    ["while GitHub is asked for the repository", "github", /^GET \/repos\/octo\/app$/],
    ["while the place is tried", "github", /^PUT .*PROBE$/],
    ["while Codex asks for a code", "openai", /usercode$/],
    ["while the person is in the browser", "openai", /deviceauth\/token$/],
    ["while Codex fetches the tokens", "openai", /^POST \/oauth\/token$/, "approved"],
    ["while the secret is written", "github", /^PUT .*CODEX_AUTH_JSON$/, "approved"],
  ];

  test.each(
    points.flatMap((point) =>
      (["SIGINT", "SIGTERM"] as const).map((signal) => [point[0], signal, point] as const),
    ),
  )(
    "%s leaves no login on the disk and no process (%s)",
    async (_when, signal, [, server, pattern, approved]) => {
      const held = desk.hold(server, pattern);
      const running = desk.start(SEED);
      if (approved) void desk.approve(running);
      await held.waiting;

      if (signal === "SIGINT") desk.interrupt(running);
      else running.child.kill(signal);
      await sleep(500);
      held.letIn();
      const ended = await running.ended;

      expect(ended.exitCode).toBe(130);
      expect(ended.stderr).toContain("[cancelled]");
      expect(desk.codexProcesses()).toEqual([]);
    },
  );

  test("after the secret is written leaves it there, and says so", async () => {
    const running = desk.start(SEED);
    desk.world.github.server.intercept(async (request, next) => {
      const answer = await next();
      if (request.method === "PUT" && request.path.endsWith(SECRET)) desk.interrupt(running);
      return answer;
    });
    await desk.approve(running, "somebody");

    const ended = await running.ended;

    expect(ended.exitCode).toBe(130);
    expect(ended.stderr).toMatch(/Cancelled, but before that: Created the secret .*\[cancelled\]/s);
    expect(stored().tokens.account_id).toBe("somebody");
  });

  test("after the login, but before it is stored, stores nothing", async () => {
    let sent = false;
    const running = desk.start(SEED);
    desk.world.openai.server.intercept(async (request, next) => {
      const answer = await next();
      if (request.path === "/oauth/token" && !sent) {
        sent = true;
        desk.interrupt(running);
      }
      return answer;
    });
    await desk.approve(running);

    const ended = await running.ended;

    expect(ended.exitCode).toBe(130);
    expect(desk.repository.secret(SECRET)).toBeUndefined();
  });

  test("twice does not wait for anybody", async () => {
    const held = desk.hold("github", /^PUT .*CODEX_AUTH_JSON$/);
    const running = desk.start(SEED);
    await desk.approve(running);
    await held.waiting;

    // Again and again: two that come at once are one to a process that has not run in between.
    const impatience = setInterval(() => {
      if (running.child.exitCode === null) desk.interrupt(running);
    }, 500);
    const ended = await running.ended.finally(() => clearInterval(impatience));

    expect(ended.exitCode).toBe(130);
    held.letIn();
  });
});
