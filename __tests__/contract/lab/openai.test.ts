import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, readlink, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { codexVersion, installCodex, nativeCodex } from "../../../lab/codex.ts";
import { DROP } from "../../../lab/loopback-server.ts";
import { OpenAI } from "../../../lab/openai/openai.ts";

const EXEC = ["exec", "--skip-git-repo-check", "--sandbox", "read-only", "Reply exactly: OK"];
const SOON_SECONDS = 200;

let machine: string;
let openai: OpenAI;
let codex: string;

beforeAll(async () => {
  machine = await realpath(await mkdtemp(join(tmpdir(), "lab-openai-")));
  await mkdir(join(machine, "tmp"));
});
afterAll(() => rm(machine, { recursive: true, force: true }));
beforeEach(async () => {
  openai = await OpenAI.start(new LabClock());
  codex = await installCodex(join(machine, "bin"), openai);
});
afterEach(() => openai.stop());

describe("codex exec", () => {
  test("answers OK with a valid login and leaves its file byte-identical", async () => {
    const { document } = openai.login();
    const home = await homeWith(document);

    const result = await codexRun(home, EXEC);

    expect(result).toMatchObject({ code: 0, stdout: "OK\n" });
    expect(await home.document()).toBe(document);
    expect(openai.refreshes).toEqual([]);
    expect(openai.responses).toBe(1);
  });

  test("rotates once when the access token is about to expire; a second copy comes too late", async () => {
    const login = openai.login();
    const due = openai.withAccessTokenExpiringIn(login.document, SOON_SECONDS);
    const [first, second] = [await homeWith(due), await homeWith(due)];

    const fresh = await codexRun(first, EXEC);
    const stale = await codexRun(second, EXEC);

    expect(fresh.code).toBe(0);
    const rotated = tokensOf(await first.document());
    expect(rotated.refresh_token).toBe(openai.livingRefreshToken(login.account));
    expect(openai.generationOf(rotated.refresh_token)).toBe(1);
    expect(openai.generationOf(login.refreshToken)).toBe(0);
    expect(openai.refreshes.filter((refresh) => refresh.outcome === "rotated")).toMatchObject([
      { account: login.account, generation: 0, reason: "proactive_expiry" },
    ]);
    // Its access token still works: Codex only logs the failure, and tries again at every request.
    expect(stale.code).toBe(0);
    expect(stale.stderr).toContain("your refresh token was already used");
    expect(openai.reuses).toBeGreaterThanOrEqual(1);
    expect(await second.document()).toBe(due);
  });

  test("keeps what a newer login carries beside the four known tokens when it rotates", async () => {
    const { document } = openai.login();
    const home = await homeWith(openai.withAccessTokenExpiringIn(document, SOON_SECONDS));

    await codexRun(home, EXEC);

    const { oauth_provenance, login_owner_id } = tokensOf(document);
    expect(tokensOf(await home.document())).toMatchObject({ oauth_provenance, login_owner_id });
  });

  test("refreshes a login of an older Codex, which names no issuer, here too", async () => {
    const { document } = openai.login();
    const older = JSON.parse(openai.withAccessTokenExpiringIn(document, SOON_SECONDS));
    delete older.tokens.oauth_provenance;
    delete older.tokens.login_owner_id;
    const home = await homeWith(JSON.stringify(older));

    expect(await codexRun(home, EXEC)).toMatchObject({ code: 0 });

    expect(openai.refreshes).toMatchObject([{ outcome: "rotated" }]);
  });

  test("runs on the access token alone when the refresh token is withheld", async () => {
    const working = withheld(openai.login().document);
    const home = await homeWith(working);

    expect(await codexRun(home, EXEC)).toMatchObject({ code: 0, stdout: "OK\n" });

    expect(await home.document()).toBe(working);
    expect(openai.refreshes).toEqual([]);
  });

  test("fails without the refresh token once the model refuses the access token", async () => {
    const working = withheld(openai.login().document);
    const home = await homeWith(working);
    openai.rejectAccessTokensIssuedBefore(new Date(Date.now() + 1000));

    const result = await codexRun(home, EXEC);

    expect(result.code).toBe(1);
    expect(result.stderr).toContain("Your access token could not be refreshed.");
    expect(await home.document()).toBe(working);
    expect(openai.refreshes).toMatchObject([{ outcome: "unknown", reason: "unauthorized_recovery" }]);
    openai.acceptAccessTokens();
    expect(await codexRun(home, EXEC)).toMatchObject({ code: 0 });
  });

  test.each([
    ["has expired", (account: string) => openai.expireRefreshTokens(account)],
    ["was revoked", (account: string) => openai.revoke(account)],
  ])("says that the refresh token %s", async (words, end) => {
    const login = openai.login();
    const home = await homeWith(openai.withAccessTokenExpiringIn(login.document, -SOON_SECONDS));
    end(login.account);

    const result = await codexRun(home, EXEC);

    expect(result.code).toBe(1);
    expect(result.stderr).toContain(`because your refresh token ${words}`);
  });

  test("loses the login when the connection breaks after the server has rotated", async () => {
    const login = openai.login();
    const due = openai.withAccessTokenExpiringIn(login.document, SOON_SECONDS);
    const home = await homeWith(due);
    openai.server.intercept(async (request, next) => {
      const answer = await next();
      return request.path === "/oauth/token" ? DROP : answer;
    });

    await codexRun(home, EXEC);

    expect(await home.document()).toBe(due);
    expect(openai.livingRefreshToken(login.account)).not.toBe(login.refreshToken);
  });

  test("runs the model's command and shows it the output in the next turn", async () => {
    const home = await homeWith(openai.login().document);
    const seen: string[] = [];
    openai.model = ({ prompt, outputs }) => {
      seen.push(prompt, ...outputs);
      return outputs.length > 0 ? [{ message: "done" }] : [{ exec: "echo from-the-$((40 + 2))nd-shell" }];
    };

    const args = ["exec", "--skip-git-repo-check", "--sandbox", "danger-full-access", "Run it"];
    const result = await codexRun(home, args);

    expect(result).toMatchObject({ code: 0, stdout: "done\n" });
    expect(seen).toEqual(["Run it", "Run it", expect.stringContaining("from-the-42nd-shell")]);
    expect(openai.responses).toBe(2);
  });
});

test("codex app-server rotates when told to, without asking the model", async () => {
  const login = openai.login();
  const home = await homeWith(login.document);
  const { child, until, exited } = codexStart(home, ["app-server"]);
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);

  send({ id: 1, method: "initialize", params: { clientInfo: { name: "lab", title: "lab", version: "1" } } });
  await until(/"id":1\b/);
  // The wrapper has become the binary: a signal to the pid that was started reaches Codex itself.
  expect(await readlink(`/proc/${child.pid}/exe`)).toBe(await realpath(nativeCodex()));
  send({ method: "initialized" });
  send({ id: 2, method: "account/read", params: { refreshToken: true } });
  await until(/"id":2\b/);
  child.stdin.end();

  expect(await exited).toMatchObject({ code: 0 });
  expect(tokensOf(await home.document()).refresh_token).toBe(openai.livingRefreshToken(login.account));
  expect(openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0, reason: "forced" }]);
  expect(openai.server.requests.map((request) => request.path)).not.toContain("/backend-api/codex/responses");
});

describe("codex login", () => {
  test("completes when the person approves the code it shows, and leaves a document like ours", async () => {
    const home = await homeWith(undefined);
    const { child, until, exited } = codexStart(home, ["login", "--device-auth"]);
    child.stdin.end();

    const [shown] = await until(/[A-Z]{4}-[A-Z]{5}/);
    expect(openai.pendingDeviceCodes).toEqual([shown]);
    openai.approveDeviceLogin(shown, "account-of-the-person");

    expect(await exited).toMatchObject({ code: 0 });
    expect(openai.pendingDeviceCodes).toEqual([]);
    const written = await home.document();
    const ours = openai.login({ account: "account-of-the-person" }).document;
    expect(shapeOf(written)).toBe(shapeOf(ours));
    expect(await codexRun(home, EXEC)).toMatchObject({ code: 0, stdout: "OK\n" });
  });

  test("cannot be approved with a code that nobody was shown", () => {
    expect(() => openai.approveDeviceLogin("XXXX-XXXXX")).toThrow("nobody waits");
  });

  test("status finds the login, also behind options of its own", async () => {
    const home = await homeWith(openai.login().document);

    const result = await codexRun(home, ["-c", 'model="login"', "login", "status"]);

    expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining("Logged in using ChatGPT") });
  });

  test("ends at the server with codex logout", async () => {
    const login = openai.login();
    const home = await homeWith(login.document);
    const copy = await homeWith(login.document);

    expect(await codexRun(home, ["logout"])).toMatchObject({ code: 0 });

    expect(await codexRun(copy, EXEC)).toMatchObject({ code: 1 });
    expect(openai.refreshes).toMatchObject([{ outcome: "revoked" }]);
  });
});

describe("the installed codex", () => {
  test("sends every sub-command to the lab", async () => {
    const home = await homeWith(openai.withAccessTokenExpiringIn(openai.login().document, SOON_SECONDS));

    expect(await codexRun(home, ["features", "list"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^apps\s.*true$/m),
    });
    expect(openai.refreshes).toMatchObject([{ outcome: "rotated" }]);
    expect(await codexRun(home, ["--version"])).toMatchObject({ stdout: `codex-cli ${codexVersion()}\n` });
  });

  test("leaves the home's config.toml and the caller's own flags in force", async () => {
    const home = await homeWith(openai.login().document, 'model = "of-the-home"\n');
    const models: string[] = [];
    openai.model = ({ model }) => {
      models.push(model);
      return [{ message: "OK" }];
    };

    await codexRun(home, EXEC);
    await codexRun(home, [...EXEC, "-c", 'model="of-the-flag"']);
    await codexRun(home, ["-c", 'model="of-the-root-flag"', ...EXEC]);

    expect(models).toEqual(["of-the-home", "of-the-flag", "of-the-root-flag"]);
  });

  test("lets the environment redirect the refresh, as it would on a real machine", async () => {
    const elsewhere = await OpenAI.start(new LabClock());
    const due = openai.withAccessTokenExpiringIn(openai.login().document, SOON_SECONDS);
    const home = await homeWith(due);

    await codexRun(home, EXEC, { CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${elsewhere.server.url}/oauth/token` });
    await elsewhere.stop();

    expect(openai.refreshes).toEqual([]);
    expect(elsewhere.refreshes[0]).toMatchObject({ outcome: "unknown", account: undefined });
  });
});

describe("a document", () => {
  test("has CANARY in the text of every token, and nanoseconds in last_refresh", () => {
    const { document } = openai.login();
    openai.withAccessTokenExpiringIn(document, 60);

    expect(openai.issuedTokens).toHaveLength(4);
    for (const token of openai.issuedTokens) expect(token).toContain("CANARY");
    expect(document).toMatch(/"last_refresh": "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z"\n}$/);
  });

  test("can be aged without its login changing, withheld or compact as it was", () => {
    const login = openai.login();
    const compact = JSON.stringify(JSON.parse(withheld(login.document)));

    const aged = openai.withAccessTokenExpiringIn(compact, 3600);

    expect(aged).not.toContain("\n");
    expect(tokensOf(aged)).toMatchObject({ refresh_token: "", id_token: login.idToken });
    expect(expiryOf(tokensOf(aged).access_token) - Date.now() / 1000).toBeCloseTo(3600, -1);
    expect(() => openai.withAccessTokenExpiringIn('{"tokens":{}}', 1)).toThrow("not issued here");
  });
});

interface Home {
  readonly path: string;
  document(): Promise<string>;
}

async function homeWith(document: string | undefined, config?: string): Promise<Home> {
  const path = await mkdtemp(join(machine, "home-"));
  if (document !== undefined) await writeFile(join(path, "auth.json"), document, { mode: 0o600 });
  if (config !== undefined) await writeFile(join(path, "config.toml"), config);
  return { path, document: () => readFile(join(path, "auth.json"), "utf8") };
}

/** The environment is scrubbed: no variable that redirects anything comes from here. */
function codexStart(home: Home, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(codex, args, {
    cwd: machine,
    env: {
      PATH: "/usr/bin:/bin",
      HOME: machine,
      TMPDIR: join(machine, "tmp"),
      CODEX_HOME: home.path,
      ...env,
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const exited = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(stdout);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`codex ended without ${pattern}: ${stdout}${stderr}`);
      await Promise.race([once(child.stdout, "data"), exited]);
    }
  };
  return { child, until, exited };
}

async function codexRun(home: Home, args: readonly string[], env?: Record<string, string>) {
  const { child, exited } = codexStart(home, args, env);
  child.stdin.end();
  return exited;
}

function tokensOf(
  document: string,
): Record<string, string> & { refresh_token: string; access_token: string } {
  return JSON.parse(document).tokens;
}

function withheld(document: string): string {
  const parsed = JSON.parse(document);
  parsed.tokens.refresh_token = "";
  return JSON.stringify(parsed, null, 2);
}

/** The document with every string value emptied, except those that never change. */
function shapeOf(document: string): string {
  return document.replace(/": "(?!chatgpt|http|app_)[^"]*"/g, '": ""');
}

function expiryOf(jwt: string): number {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")).exp;
}
