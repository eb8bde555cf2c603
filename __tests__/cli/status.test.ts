import { chmodSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { Desk } from "./command-line.ts";

const SECRET = "CODEX_AUTH_JSON";
const DAY_MS = 86_400_000;

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.set();
});
afterEach(() => desk.clear({ except: ["home/.codex"] }));

async function home(document: string): Promise<string> {
  await desk.file("home/.codex/auth.json", document);
  chmodSync(desk.path("home/.codex"), 0o700);
  return desk.path("home/.codex");
}

function without(document: string, change: (json: { tokens: Record<string, unknown> }) => void): string {
  const json = JSON.parse(document);
  change(json);
  return JSON.stringify(json);
}

describe("status of a home", () => {
  test("shows what may be shown, and says what it does not prove and what does", async () => {
    const directory = await home(desk.world.openai.login({ account: "somebody" }).document);

    const text = await desk.run(["status"]);
    const json = await desk.run(["status", "--home", directory, "--json"]);

    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      home: directory,
      status: {
        auth_mode: "chatgpt",
        account_id: "somebody",
        has_access_token: true,
        has_id_token: true,
        has_refresh_token: true,
      },
      modes: { home: "0700", auth_json: "0600" },
      problems: [],
      proves_refresh: false,
      proof: `npx codex-auth-roundtrip host refresh --home ${directory}`,
    });
    const { access_token_expires_at, next_refresh_at } = JSON.parse(json.stdout).status;
    expect(Date.parse(access_token_expires_at) - Date.parse(next_refresh_at)).toBe(300_000);
    expect(text.stdout).toContain("This does not prove that the login can still be refreshed.");
    expect(text.stdout).toMatch(/access token +valid 9 days/);
    expect(text.stderr).toBe("");
    expect(desk.world.openai.server.requests).toEqual([]);
  });

  test.each(["environment", "workflow"])("takes no --%s, which is about a repository", async (option) => {
    const { exitCode, stdout, stderr } = await desk.run(["status", `--${option}`, "codex"]);

    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/is about a repository's secret.*Add `--repo OWNER\/NAME`/s);
  });

  test("changes nothing", async () => {
    await home(desk.world.openai.login().document);
    const before = desk.snapshot(desk.path("home"));

    await desk.run(["status"]);

    expect(desk.snapshot(desk.path("home"))).toEqual(before);
  });

  test("goes by CODEX_HOME when there is one", async () => {
    const ended = await desk.run(["status", "--json"], {
      environment: { CODEX_HOME: desk.path("elsewhere") },
    });

    expect(ended.exitCode).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      home: desk.path("elsewhere"),
      problems: ["The home does not exist."],
    });
  });

  const troubles: [string, (document: string) => string, RegExp | null][] = [
    [
      "an expired whole login is not a problem",
      (text) => desk.world.openai.withAccessTokenExpiringIn(text, -60),
      null,
    ],
    [
      "a working copy is not a problem",
      (text) =>
        without(text, ({ tokens }) => {
          tokens.refresh_token = "";
        }),
      null,
    ],
    [
      "an expired working copy is one",
      (text) =>
        without(desk.world.openai.withAccessTokenExpiringIn(text, -60), ({ tokens }) => {
          tokens.refresh_token = "";
        }),
      /expired, and there is no refresh token/,
    ],
    [
      "a missing access token is one",
      (text) =>
        without(text, ({ tokens }) => {
          delete tokens.access_token;
        }),
      /no access token/,
    ],
    ["a truncated file is one", (text) => text.slice(0, 300), /not JSON/],
  ];
  test.each(troubles)("%s", async (_what, damage, problem) => {
    await home(damage(desk.world.openai.login().document));

    const ended = await desk.run(["status", "--json"]);

    const { problems } = JSON.parse(ended.stdout);
    expect(problems).toEqual(problem ? [expect.stringMatching(problem)] : []);
    expect(ended.exitCode).toBe(problem ? 1 : 0);
  });

  test("finds files that are open to others", async () => {
    const directory = await home(desk.world.openai.login().document);
    chmodSync(directory, 0o755);
    chmodSync(`${directory}/auth.json`, 0o644);

    const ended = await desk.run(["status"]);

    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(
      /! The home is open to others \(0755\).*\n! auth.json is open to others \(0644\)/,
    );
  });
});

describe("status of a repository", () => {
  const STATUS = ["status", "--repo", "octo/app"];

  function written(daysAgo: number): void {
    desk.repository.setSecret(SECRET, desk.world.openai.login().document);
    const date = new Date(desk.world.clock.now().getTime() - daysAgo * DAY_MS);
    Object.assign(desk.repository.secret(SECRET) ?? {}, { createdAt: date, updatedAt: date });
  }

  function ran(conclusion: string, daysAgo: number, path = ".github/workflows/combined.yml"): void {
    desk.repository.registerRun({
      id: 4711 + desk.repository.runs.length,
      name: "Codex",
      path,
      event: "schedule",
      status: "completed",
      conclusion,
      createdAt: new Date(desk.world.clock.now().getTime() - daysAgo * DAY_MS),
      runAttempt: 1,
      headBranch: "main",
      headSha: "0".repeat(40),
      concurrencyGroups: [],
      jobs: [],
      attempts: [],
    });
  }

  test("tells the secret's age, the last maintenance and how it ended", async () => {
    written(2);
    ran("failure", 9);
    ran("success", 2);
    ran("failure", 1, ".github/workflows/other.yml");

    const ended = await desk.run([...STATUS, "--json"]);

    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      repository: "octo/app",
      secret: { age_seconds: expect.closeTo(2 * 86_400, -2) },
      last_run: { workflow: "combined.yml", conclusion: "success" },
      problems: [],
      proves_refresh: false,
      proof: "gh workflow run maintenance.yml --repo octo/app",
    });
  });

  test("tells the last refreshes of this secret, by the claims: when, by which run, and what became of them", async () => {
    written(2);
    const claim = (index: number, told: object, daysAgo: number): void => {
      const name = `CODEX_AUTH_CLAIM_${String(index).padStart(20, "0")}`;
      const holder = "a".repeat(32);
      const whole = { v: 1, holder, attempt: 1, secret: SECRET, ref: "default", before: null, next: null };
      desk.repository.setVariable(name, JSON.stringify({ ...whole, after: null, released: true, ...told }));
      const createdAt = new Date(desk.world.clock.now().getTime() - daysAgo * DAY_MS);
      Object.assign(desk.repository.variable(name) ?? {}, { createdAt });
    };
    claim(1, { run: "41", state: "stored", after: "2026-11-20T00:00:00.000Z" }, 9);
    claim(2, { run: "43", state: "rotated" }, 1);
    claim(3, { run: "42", state: "stored", after: "2026-11-21T00:00:00.000Z" }, 4);
    claim(4, { run: "seed", state: "stored" }, 0);
    claim(5, { run: "44", state: "stored", secret: "OTHER" }, 0);
    desk.repository.setVariable("CODEX_AUTH_CLAIM_00000000000000000009", "edited");
    desk.repository.setVariable("SOMETHING", "else");

    const { last_refreshes } = JSON.parse((await desk.run([...STATUS, "--json"])).stdout);
    const { stdout } = await desk.run(STATUS);

    expect(last_refreshes).toMatchObject([
      { run: "43", state: "rotated", stored_at: null },
      { run: "42", state: "stored", stored_at: "2026-11-21T00:00:00.000Z" },
      { run: "41", state: "stored", stored_at: "2026-11-20T00:00:00.000Z" },
    ]);
    expect(stdout.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")).toContain(
      [
        "last refreshes    1 day 0 h ago (TIME), run 43: rotated; not known whether it was stored",
        "                  4 days 0 h ago (TIME), run 42: stored",
        "                  9 days 0 h ago (TIME), run 41: stored",
      ].join("\n"),
    );
  });

  test("reads well", async () => {
    written(2);
    ran("failure", 2, ".github/workflows/maintenance.yml");
    ran("success", 1);

    const ended = await desk.run(STATUS);

    expect(ended.exitCode).toBe(1);
    const text = ended.stdout.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME").replace(/https:\S+(?=\))/g, "URL");
    expect(text).toMatchInlineSnapshot(`
"1 problem.
secret            CODEX_AUTH_JSON of repository octo/app
created           2 days 0 h ago (TIME)
last written      2 days 0 h ago (TIME)
last maintenance  failure, 2 days 0 h ago (URL)
last refreshes    none yet

! The last maintenance run ended with failure.

This does not prove that the login can still be refreshed: a secret cannot be read. To prove it, run a workflow with \`refresh: force\`; one without it refreshes only when that is due:
  gh workflow run maintenance.yml --repo octo/app
"
`);
  });

  test("never says that nothing is wrong where maintenance has never run", async () => {
    written(1);

    const ended = await desk.run(STATUS);

    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toContain("! Maintenance has never run (looked for maintenance.yml, combined.yml).");
    expect(ended.stdout).not.toContain("Nothing is wrong");
  });

  describe("in a checkout", () => {
    const using = (file: string, given: string): Promise<unknown> =>
      desk.file(
        `checkout/.github/workflows/${file}`,
        `on: push\njobs:\n  a:\n    environment: codex\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n        with:\n          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}\n${given}`,
      );
    const IN_CODEX = "          environment: codex\n";

    test("looks at the environment that the workflows name, unless another place is named", async () => {
      written(1);
      await using("maintenance.yml", `${IN_CODEX}          refresh: force\n`);
      desk.repository.createEnvironment("codex");

      const found = JSON.parse((await desk.run([...STATUS, "--json"])).stdout);
      const named = JSON.parse((await desk.run([...STATUS, "--environment", "", "--json"])).stdout);

      expect(found).toMatchObject({ environment: "codex", secret: null });
      expect(named).toMatchObject({ environment: null, secret: { age_seconds: expect.any(Number) } });
    });

    test("asks for the place where the workflows name several", async () => {
      await using("maintenance.yml", `${IN_CODEX}          refresh: force\n`);
      await using("other.yml", "          refresh: force\n");

      const { exitCode, stderr } = await desk.run(STATUS);

      expect(exitCode).not.toBe(0);
      expect(stderr).toContain("--environment codex");
    });

    test("a run of a workflow that need not refresh is no maintenance", async () => {
      desk.repository.createEnvironment("codex");
      desk.repository.setSecret(SECRET, desk.world.openai.login().document, { environment: "codex" });
      await using("codex.yml", IN_CODEX);
      ran("success", 1, ".github/workflows/codex.yml");

      const { stdout } = await desk.run(STATUS);

      expect(stdout).toMatch(
        /^last run +success, .*, of codex\.yml, which refreshes only when that is due$/m,
      );
      expect(stdout).not.toContain("last maintenance");

      await using("maintenance.yml", `${IN_CODEX}          refresh: force\n`);
      expect((await desk.run(STATUS)).stdout).toContain(
        "! Maintenance has never run (looked for maintenance.yml).",
      );
    });
  });

  describe("in a checkout whose workflows write access copies", () => {
    const LINES = [
      "secret HERE",
      "environment review THERE",
      "repository octo/other ELSEWHERE",
      "organization octo EVERYWHERE",
    ];

    beforeEach(async () => {
      written(1);
      ran("success", 1, ".github/workflows/maintenance.yml");
      const lines = LINES.map((line) => `            ${line}\n`).join("");
      await desk.file(
        "checkout/.github/workflows/maintenance.yml",
        `on: push\njobs:\n  a:\n    steps:\n      - uses: codex-auth-roundtrip/codex-auth-roundtrip@v1\n        with:\n          codex-auth-json: \${{ secrets.CODEX_AUTH_JSON }}\n          access-copies: |\n${lines}`,
      );
    });

    function copied(name: string, daysAgo: number, environment?: string): void {
      const scope = environment ? { environment } : {};
      desk.repository.setSecret(name, "copy", scope);
      const date = new Date(desk.world.clock.now().getTime() - daysAgo * DAY_MS);
      Object.assign(desk.repository.secret(name, scope) ?? {}, { createdAt: date, updatedAt: date });
    }

    test("tells the age and the end of each, and what it could not see", async () => {
      desk.repository.createEnvironment("review");
      copied("HERE", 1);
      copied("THERE", 3, "review");
      desk.world.github.server.intercept((request, next) => {
        if (request.path.startsWith("/orgs/")) return { status: 403, body: { message: "Forbidden" } };
        if (request.path.startsWith("/repos/octo/other")) return { status: 401, body: { message: "Bad" } };
        return next();
      });

      const { stdout, exitCode } = await desk.run(STATUS);

      expect(stdout).toMatch(
        /^access copies +secret HERE: written 1 day 0 h ago, ends in about (9 days 0 h|8 days 23 h)$/m,
      );
      expect(stdout).toMatch(/^ +environment review THERE: written 3 days 0 h ago, ends in about/m);
      expect(stdout).toMatch(
        /^ +repository octo\/other ELSEWHERE: not checked \(GitHub does not accept the token\)$/m,
      );
      expect(stdout).toMatch(/^ +organization octo EVERYWHERE: not checked \(the token may not ask\)$/m);
      expect(stdout).toContain("No problem in what the token may see; not everything was checked.");
      expect(exitCode).toBe(0);
    });

    test("an old one, and one that is not there, are problems", async () => {
      copied("HERE", 7);

      const { stdout, exitCode } = await desk.run([...STATUS, "--json"]);
      const { access_copies: copies, problems } = JSON.parse(stdout);

      expect(copies[0]).toMatchObject({
        destination: "secret HERE",
        checked: true,
        updated_at: expect.any(String),
      });
      expect(problems).toEqual([
        expect.stringMatching(/^The access copy `secret HERE` ends in about .*: maintenance is overdue/),
        expect.stringContaining("`environment review THERE`"),
        expect.stringContaining("`repository octo/other ELSEWHERE`"),
        expect.stringContaining("`organization octo EVERYWHERE`"),
      ]);
      expect(exitCode).toBe(1);
    });

    test("the checkout of another repository tells nothing of this one", async () => {
      await desk.executable("git", "#!/bin/sh\necho git@github.com:octo/another.git\n");

      const { access_copies } = JSON.parse((await desk.run([...STATUS, "--json"])).stdout);

      expect(access_copies).toEqual([]);
    });
  });

  test.each([
    ["a secret that is not there", () => {}, /There is no secret/],
    ["a secret that nobody looks after", () => written(11), /nothing keeps this login alive/],
  ])("%s is a problem", async (_what, set, problem) => {
    set();

    const ended = await desk.run(STATUS);

    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(problem);
    // What is not there cannot be proven.
    expect(ended.stdout.includes("This does not prove")).toBe(!/no secret/i.test(ended.stdout));
  });

  test("a token that may not see runs still sees the secret", async () => {
    written(1);
    const token = desk.world.github.token(desk.repository, { secrets: "read" }, { prefix: "github_pat_" });

    const ended = await desk.run(STATUS, { environment: { GH_TOKEN: token } });

    expect(ended.exitCode).toBe(0);
    expect(ended.stdout).toContain("not checked: the token lacks Actions: read");
  });

  test.each([[["status", "--home", "x", "--repo", "octo/app"]], [["status", "--repo", "octo"]]])(
    "%j is wrong usage",
    async (args) => {
      expect((await desk.run(args)).exitCode).toBe(2);
    },
  );
});

test("--debug tells on stderr what was asked of GitHub, and nobody who has not asked hears of it", async () => {
  desk.repository.setSecret(SECRET, "a login");
  const args = ["status", "--repo", "octo/app"];

  const quiet = await desk.run(args);
  const debugged = await desk.run([...args, "--debug"]);

  expect(quiet.stderr).toBe("");
  expect(debugged.stderr).toMatch(/^debug: GitHub: GET \/repos\/octo\/app: 200, request \S+, \d+ ms\.$/m);
  expect(debugged.stderr).toMatch(/^debug: The secret CODEX_AUTH_JSON was created /m);
  expect(debugged.stderr).not.toContain(desk.adminToken);
  expect(debugged.stdout.replaceAll(/\d+ (s|min)/g, "")).toBe(quiet.stdout.replaceAll(/\d+ (s|min)/g, ""));
});
