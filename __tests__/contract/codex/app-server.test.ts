import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { installCodex } from "../../../lab/codex.ts";
import { DROP } from "../../../lab/loopback-server.ts";
import { type Login, OpenAI } from "../../../lab/openai/openai.ts";
import { appServerRefresher } from "../../../src/adapters/codex/app-server.ts";
import { systemProcesses } from "../../../src/adapters/machine/processes.ts";
import { classifyRefusal, type RefreshSymptoms } from "../../../src/core/codex/refusal.ts";
import { AuthJson } from "../../../src/core/login/auth-json.ts";
import { judge } from "../../../src/core/login/judge-change.ts";
import type { RefreshRequest } from "../../../src/ports/codex.ts";

interface Started {
  pid: number;
  startedAt: string | null;
}

const debugged: string[] = [];
const log = { debug: (sentence: string): void => void debugged.push(sentence) };

let root: string;
let home: string;
let openai: OpenAI;
let login: Login;
let started: Started[];

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "app-server-")));
  home = join(root, "home");
  await mkdir(home, { mode: 0o700 });
  openai = await OpenAI.start(new LabClock());
  login = openai.login();
  started = [];
  await writeFile(join(home, "auth.json"), login.document, { mode: 0o600 });
});
afterEach(async () => {
  const left = await systemProcesses.usingHome(home);
  for (const { pid } of left) process.kill(pid, "SIGKILL");
  await openai.stop();
  await rm(root, { recursive: true, force: true });
  expect(left).toEqual([]);
});

async function refresh(
  command: string,
  environment: Record<string, string> = { PATH: process.env.PATH ?? "" },
  refreshes: RefreshRequest["refreshes"] = "on-request",
): Promise<RefreshSymptoms> {
  return appServerRefresher(command, log).refresh({
    home,
    refreshes,
    environment: { HOME: root, ...environment },
    started: async (process) => void started.push(process),
  });
}

/** The real Codex. */
const codex = (): Promise<string> => installCodex(join(root, "bin"), openai);

/** A Codex of our own, to end as the real one rarely does. */
async function script(text: string): Promise<string> {
  const path = join(root, "codex");
  await writeFile(path, `#!/bin/sh\n${text}\n`);
  await chmod(path, 0o755);
  return path;
}

const verdict = async () => {
  return judge(AuthJson.parse(login.document), await readFile(join(home, "auth.json"), "utf8"));
};

/** The issuer answers like this instead of deciding. */
function issuerAnswers(status: number, body: object | string): void {
  openai.server.intercept((request, next) => (request.path === "/oauth/token" ? { status, body } : next()));
}

describe("a forced refresh by the real Codex", () => {
  test("rotates a login whose access token is good for days, without using the model", async () => {
    await refresh(await codex());

    const outcome = await verdict();
    expect(outcome.kind).toBe("rotated");
    expect(outcome.kind === "rotated" && outcome.login.refreshToken.reveal()).toBe(
      openai.livingRefreshToken(login.account),
    );
    expect(openai.refreshes).toMatchObject([{ outcome: "rotated", generation: 0 }]);
    expect(openai.responses).toBe(0);
  });

  test("whose access token is about to end is Codex's own affair, and rotates once", async () => {
    await writeFile(join(home, "auth.json"), openai.withAccessTokenExpiringIn(login.document, -60));

    await refresh(await codex(), { PATH: process.env.PATH ?? "" }, "by-itself");

    expect(openai.refreshes.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["rotated", "proactive_expiry"],
    ]);
    expect(JSON.parse(await readFile(join(home, "auth.json"), "utf8")).tokens.refresh_token).toBe(
      openai.livingRefreshToken(login.account),
    );
  });

  test("asks the issuer once and nobody else, also for an access token that the API refuses", async () => {
    openai.rejectAccessTokensIssuedBefore(new Date(Date.now() + 3_600_000));

    await refresh(await codex());

    expect(openai.server.requests.map(({ path }) => path)).toEqual(["/oauth/token"]);
    expect((await verdict()).kind).toBe("rotated");
  });

  test("was told of before it was asked for, and nothing of it lives on", async () => {
    let alive = false;
    let asked = -1;

    await appServerRefresher(await codex(), log).refresh({
      home,
      refreshes: "on-request",
      environment: { HOME: root, PATH: process.env.PATH ?? "" },
      started: async (process) => {
        started.push(process);
        alive = await systemProcesses.isAlive(process);
        asked = openai.refreshes.length;
      },
    });

    const [one] = started;
    expect(one?.startedAt).toMatch(/^\d+$/);
    expect([alive, asked]).toEqual([true, 0]);
    expect(one && (await systemProcesses.isAlive(one))).toBe(false);
    expect((await verdict()).kind).toBe("rotated");
  });

  test.each([
    ["was used already", 401, { error: { code: "refresh_token_reused", message: "…" } }],
    ["is no grant", 400, { error: "invalid_grant" }],
    ["is unknown", 401, { error: { code: "other", message: "…" } }],
  ])("of a token that %s is told by an absent account", async (_what, status, body) => {
    issuerAnswers(status, body);

    const symptoms = await refresh(await codex());

    expect(symptoms.account).toBe("absent");
    expect(symptoms.stderr).toContain(`Failed to refresh token status=${status}`);
    expect(classifyRefusal(symptoms, login.account).kind).toBe("permanent");
    expect((await verdict()).kind).toBe("unchanged");
  });

  test.each([
    ["expired", () => openai.expireRefreshTokens(login.account)],
    ["revoked", () => openai.revoke(login.account)],
  ])("of a login that is %s is permanently refused", async (_what, happen) => {
    happen();

    const symptoms = await refresh(await codex());

    expect(classifyRefusal(symptoms, login.account).kind).toBe("permanent");
    expect((await verdict()).kind).toBe("unchanged");
  });

  test.each([500, 503, 429])("that meets a %d may be tried again", async (status) => {
    issuerAnswers(status, { error: "later" });

    const symptoms = await refresh(await codex());

    expect(symptoms.stderr).toContain(`Failed to refresh token status=${status}`);
    expect(classifyRefusal(symptoms, login.account)).toEqual({ kind: "transient" });
    expect((await verdict()).kind).toBe("unchanged");
  });

  test("whose connection is cut may be tried again", async () => {
    openai.server.intercept((request, next) => (request.path === "/oauth/token" ? DROP : next()));

    const symptoms = await refresh(await codex());

    expect(classifyRefusal(symptoms, login.account)).toEqual({ kind: "transient" });
    expect((await verdict()).kind).toBe("unchanged");
  });

  test("that takes a while is waited for", async () => {
    openai.server.intercept(async (request, next) => {
      if (request.path === "/oauth/token") await new Promise((resolve) => setTimeout(resolve, 1_500));
      return next();
    });

    await refresh(await codex());

    expect((await verdict()).kind).toBe("rotated");
  });

  test("says nothing of the tokens", async () => {
    const success = await refresh(await codex());
    issuerAnswers(401, { error: { code: "refresh_token_reused", message: "…" } });
    const failure = await refresh(await codex());

    expect(`${success.stderr}${failure.stderr}`).not.toContain("CANARY");
  });
});

describe("an app-server", () => {
  test("that does not know itself has asked nobody, and tells its version", async () => {
    const old = `if test "$1" = --version; then echo codex-cli 0.30.0; exit; fi`;
    const symptoms = await refresh(
      await script(`${old}; printf '\\033[31mno such option\\033[0m' >&2; exit 2`),
    );

    expect(symptoms).toEqual({ account: "unstarted", stderr: "codex-cli 0.30.0: no such option" });
    expect(classifyRefusal(symptoms, login.account)).toEqual({
      kind: "unstarted",
      output: "codex-cli 0.30.0: no such option",
    });
  });

  test.each(["exit 0", "kill -9 $$"])(
    "that ends without a word of its own (%s) leaves no answer",
    async (end) => {
      const symptoms = await refresh(await script(end));

      expect(symptoms).toEqual({ account: "no-answer", stderr: "" });
      expect(classifyRefusal(symptoms, login.account)).toEqual({ kind: "answer-lost" });
    },
  );

  test("that ends after its greeting leaves no answer", async () => {
    const symptoms = await refresh(await script(`read line; echo '{"id":1,"result":{}}'; read line; exit 0`));

    expect(symptoms.account).toBe("no-answer");
  });

  test("that closes its input goes on to be heard", async () => {
    const symptoms = await refresh(
      await script(`exec <&-; sleep 0.2; echo '{"id":2,"result":{"account":{"type":"chatgpt"}}}'`),
    );

    expect(symptoms.account).toBe("present");
  });

  test("that speaks of other things first is understood, and its last words are kept", async () => {
    const symptoms = await refresh(
      await script(
        [
          "echo 'not JSON'",
          'echo \'{"method":"account/updated","params":{}}\'',
          'echo \'{"id":1,"result":{}}\'',
          'echo \'{"id":2,"result":{"account":null}}\'',
          "sleep 0.2",
          "echo 'your refresh token was revoked' >&2",
        ].join("\n"),
      ),
    );

    expect(symptoms).toMatchObject({ account: "absent", stderr: "your refresh token was revoked\n" });
    expect(classifyRefusal(symptoms, login.account)).toEqual({
      kind: "permanent",
      code: "refresh-token-revoked",
    });
  });

  test("has the environment it was given, its home, and nothing of ours", async () => {
    process.env.LAB_CANARY = "CANARY";
    const command = await script(
      `/usr/bin/env | sort > ${root}/environment; pwd > ${root}/directory; echo "$@" > ${root}/argv`,
    );

    await refresh(command, { PATH: "/usr/bin:/bin", GIVEN: "yes", CODEX_HOME: "/elsewhere" });
    delete process.env.LAB_CANARY;

    const lines = (await readFile(join(root, "environment"), "utf8")).trim().split("\n");
    const names = lines.filter((line) => !/^(_|PWD|SHLVL|OLDPWD)=/.test(line));
    expect(names).toEqual([
      `CODEX_HOME=${home}`,
      "GIVEN=yes",
      `HOME=${root}`,
      // By its log alone we know that the issuer has answered.
      "LOG_FORMAT=",
      "PATH=/usr/bin:/bin",
      "RUST_LOG=error",
    ]);
    expect(await readFile(join(root, "directory"), "utf8")).toBe(`${home}\n`);
    expect(await readFile(join(root, "argv"), "utf8")).toMatch(
      /^-c cli_auth_credentials_store="file" .* app-server\n$/,
    );
  });

  test("leads a process group of its own, which our SIGINT does not reach", async () => {
    await refresh(await script(`ps -o pgid= -p $$ > ${root}/group`));

    expect(Number(await readFile(join(root, "group"), "utf8"))).toBe(started[0]?.pid);
  });

  test("that cannot be told of is not asked, and is ended", async () => {
    const failing = appServerRefresher(await codex(), log).refresh({
      home,
      refreshes: "on-request",
      environment: { HOME: root, PATH: process.env.PATH ?? "" },
      started: async () => {
        throw new Error("the state cannot be written");
      },
    });

    await expect(failing).rejects.toThrow("the state cannot be written");
    expect(openai.refreshes).toEqual([]);
    expect((await verdict()).kind).toBe("unchanged");
  });

  test("that is not there is an error", async () => {
    await expect(refresh(join(root, "missing"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("an app-server whose configuration forbids the login", () => {
  test.each([
    ['forced_login_method="api"', { forced_login_method: "api" }],
    [
      'forced_chatgpt_workspace_id="11111111-1111-1111-1111-111111111111"',
      { forced_chatgpt_workspace_id: "11111111-1111-1111-1111-111111111111" },
    ],
  ])("names the setting, and asks the issuer nothing: %s", async (setting, rules) => {
    const real = await codex();
    const command = await script(`exec ${real} -c '${setting}' "$@"`);

    const symptoms = await refresh(command);

    expect(symptoms).toMatchObject({ account: "absent", configuration: { kind: "read" } });
    expect(symptoms.configuration).toMatchObject({
      layers: expect.arrayContaining([expect.objectContaining({ ...rules, source: "a -c flag" })]),
    });
    expect(classifyRefusal(symptoms, login.account)).toMatchObject({
      kind: "forbidden",
      source: "a -c flag",
    });
    expect(openai.server.requests).toEqual([]);
    expect((await verdict()).kind).toBe("unchanged");
  });

  test("in the home's own config.toml is named with that file", async () => {
    await writeFile(join(home, "config.toml"), 'forced_login_method = "api"\n');

    const refusal = classifyRefusal(await refresh(await codex()), login.account);

    expect(refusal).toEqual({
      kind: "forbidden",
      setting: 'forced_login_method = "api"',
      source: join(home, "config.toml"),
    });
  });

  test("or that has no account for a reason of its own is not taken for a refusal", async () => {
    const document = JSON.parse(login.document);
    await writeFile(join(home, "auth.json"), JSON.stringify({ ...document, auth_mode: "unheard-of" }));

    const symptoms = await refresh(await codex());

    expect(classifyRefusal(symptoms, login.account)).toMatchObject({ kind: "unexplained" });
    expect(openai.server.requests).toEqual([]);
  });

  test.each([
    [
      "an error that it does not know the question",
      '{"id":3,"error":{"code":-32600,"message":"Invalid request: unknown variant `config/read`"}}',
    ],
    ["something else", '{"id":3,"result":{"layers":"none"}}'],
  ])("may answer the question for it with %s", async (_what, answer) => {
    const symptoms = await refresh(
      await script(
        `echo '{"id":1,"result":{}}'; echo '{"id":2,"result":{"account":null}}'; echo '${answer}'; sleep 0.1`,
      ),
    );

    expect(symptoms).toMatchObject({ account: "absent", configuration: null });
  });

  test("logs the issuer's refusal whatever the job has set for logs", async () => {
    openai.revoke(login.account);
    const environment = { PATH: process.env.PATH ?? "", RUST_LOG: "off", LOG_FORMAT: "json" };

    const symptoms = await refresh(await codex(), environment);

    expect(classifyRefusal(symptoms, login.account)).toEqual({ kind: "permanent", code: "refresh-rejected" });
  });
});
