import { beforeEach, describe, expect, test } from "@jest/globals";
import { digestOf } from "../../src/core/host/live-login.ts";
import { hostLockPath, hostRecordPath, writeHostRecordText } from "../../src/core/host/record.ts";
import { codeOf, DONE, HOUR_MS, loginNamed, Step } from "./step.ts";

const HOST = "/opt/svc/.codex";
const AUTH = `${HOST}/auth.json`;
/** Where its login lies, behind a link. */
const LOGIN = `${HOST}/login/auth.json`;
const HOST_BASE = "/temp/codex-auth-host-CODEX_AUTH_JSON";
const LOCK = hostLockPath(HOST);

let step: Step;
/** What the user's command finds. */
let during: { auth: string | undefined; home: string | undefined; locked: boolean } | null;

beforeEach(() => {
  step = new Step(240 * HOUR_MS, { "home-lifetime": "persistent", "codex-home": HOST });
  during = null;
  step.command = ({ environment }) => {
    during = { auth: text(LOGIN), home: environment.CODEX_HOME, locked: step.hostLock.held.has(LOCK) };
    return DONE;
  };
});

function text(path: string): string | undefined {
  const content = step.files.contents.get(path);
  return content === undefined ? undefined : String(content);
}

async function play(): Promise<{ main: unknown; post: unknown }> {
  return { main: await step.main(), post: await step.post() };
}

describe("a host without a login", () => {
  test("is seeded from the secret, whole, and keeps it after the job", async () => {
    const ends = await play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(during).toEqual({ auth: step.login.whole().reveal(), home: HOST, locked: true });
    expect(text(LOGIN)).toBe(step.login.whole().reveal());
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^Seeded this host with login .* \(access token valid 9 days 23 h\)/)).toHaveLength(1);
    expect(step.channel.summaries[0]).toContain("This host was seeded from the secret.");
    expect(step.report).toMatchObject({ events: [], alert: null, rescue: null });
    expect(step.session).toMatchObject({
      place: { secretName: "CODEX_AUTH_JSON", environment: null },
      ownsHome: false,
      madeConfig: false,
    });
  });

  test("tells later steps about it", async () => {
    await step.main();

    expect(Object.fromEntries(step.channel.outputs)).toMatchObject({
      "codex-home": HOST,
      "restored-from": "secret",
      rotated: "false",
      stored: "false",
    });
    expect(step.channel.variables.get("CODEX_HOME")).toBe(HOST);
    expect(step.files.directories).toEqual(new Set(["/temp", HOST_BASE, HOST, `${HOST}/login`]));
  });

  test.each([
    ["no secret", "", "secret-empty"],
    ["a spoilt secret", "spoilt-CANARY", "login-placeholder"],
  ])("with %s is let go of, and main begins again", async (_, secret, code) => {
    step.inputs["codex-auth-json"] = secret;

    const main = await step.main();

    expect(codeOf(main)).toBe(code);
    expect(step.hostLock.held.size).toBe(0);
    expect(step.session).toBeNull();
    expect(during).toBeNull();
  });

  test.each([
    ["breaks off", '{"auth_mode":"chatgpt","tokens":{'],
    ["is empty", ""],
  ])("in whose home a file %s is seeded", async (_, left) => {
    await step.files.write(AUTH, left);

    await play();

    expect(during?.auth).toBe(step.login.whole().reveal());
  });
});

describe("a host with a login of its own", () => {
  const live = loginNamed("live");
  beforeEach(async () => {
    await step.files.write(AUTH, live.whole().reveal());
  });

  test("keeps it: it is the authority, whatever the secret holds", async () => {
    const text = await step.files.read(AUTH);

    const ends = await play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(during).toEqual({ auth: live.whole().reveal(), home: HOST, locked: true });
    expect(await step.files.read(AUTH)).toBe(text);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.channel.outputs.get("restored-from")).toBe("home");
    expect(step.channel.outputs.get("access-token-expires-at")).toBe("2026-12-02T11:00:00.000Z");
    expect(step.log.masked).toContain(live.refreshToken.reveal());
    expect(step.said(`a login of its own, ${live.generation}`)).toHaveLength(1);
    expect(step.channel.summaries[0]).toContain("This host keeps a login of its own.");
  });

  test("needs no secret for that", async () => {
    step.inputs["codex-auth-json"] = "";

    expect(await play()).toEqual({ main: "success", post: "success" });
  });

  test("keeps what Codex has rotated in the job, and stores nothing", async () => {
    const next = loginNamed("next");
    step.command = async () => {
      step.files.overwrite(AUTH, next.whole().reveal());
      return DONE;
    };

    const ends = await play();

    expect(ends.post).toBe("success");
    expect(text(LOGIN)).toBe(next.whole().reveal());
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.wentOnline).toBe(false);
  });

  test("keeps it also where Codex reports a dead access token", async () => {
    Object.assign(step.inputs, { run: "", prompt: "Tidy up." });
    let attempts = 0;
    step.command = ({ output }) => {
      attempts += 1;
      const error = { message: "Your access token could not be refreshed." };
      output("stdout", Buffer.from(`${JSON.stringify({ type: "turn.failed", error })}\n`));
      return { exitCode: 1, signal: null };
    };

    const ends = await play();

    expect(codeOf(ends.main)).toBe("login-refused");
    expect(attempts).toBe(1);
    expect(text(LOGIN)).toBe(live.whole().reveal());
    expect(step.wentOnline).toBe(false);
  });

  test("keeps it from the environment of what is started", async () => {
    step.environment.COPIED = live.accessToken.reveal();
    let environment: Readonly<Record<string, string | undefined>> = {};
    step.command = (command) => {
      environment = command.environment;
      return DONE;
    };

    await play();

    expect(environment).toEqual({ PATH: "/bin", CODEX_HOME: HOST });
  });

  test.each(["EACCES", "EPERM", "EROFS", "ENOSPC"])(
    "is not used where Codex could not save it (%s)",
    async (code) => {
      step.files.unreplaceable.set(AUTH, code);

      const main = await step.main();

      expect(codeOf(main)).toBe("home-unwritable");
      expect(text(LOGIN)).toBe(live.whole().reveal());
      expect(step.hostLock.held.size).toBe(0);
    },
  );

  test("is not touched where its login is of another kind", async () => {
    const foreign = JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-CANARY" });
    await step.files.write(AUTH, foreign);

    const main = await step.main();

    expect(codeOf(main)).toBe("home-foreign-login");
    expect(text(LOGIN)).toBe(foreign);
    expect(step.hostLock.held.size).toBe(0);
  });

  test.each([
    { seed: loginNamed("newer", { issuedAt: new Date("2026-11-22T12:00:00.000Z") }), code: null },
    { seed: loginNamed("older", { issuedAt: new Date("2026-11-20T12:00:00.000Z") }), code: "seed-not-newer" },
    { seed: live, code: "seed-not-newer" },
  ])("that is called dead yields to a newer one only: $code", async ({ seed, code }) => {
    const at = "2026-11-22T11:00:00.000Z";
    const dead = { at, code: "refresh-token-reused", login: digestOf(live) };
    await step.files.write(hostRecordPath(HOST), writeHostRecordText({ lastProof: null, dead }));
    step.inputs["codex-auth-json"] = seed.line().reveal();

    const main = await step.main();

    expect(codeOf(main)).toBe(code);
    expect(text(LOGIN)).toBe((code ? live : seed).whole().reveal());
  });

  test("is seeded again by a later step where an earlier one has removed its login", async () => {
    await step.main();
    for (const path of [AUTH, LOGIN]) await step.files.remove(path);
    step.beginAnother();

    expect(await step.main()).toBe("success");
    expect(text(LOGIN)).toBe(step.login.whole().reveal());
  });

  test("keeps a login that is not the one that was called dead", async () => {
    const dead = { at: "2026-11-22T11:00:00.000Z", code: "refresh-token-reused", login: "another" };
    await step.files.write(hostRecordPath(HOST), writeHostRecordText({ lastProof: null, dead }));

    await play();

    expect(during?.auth).toBe(live.whole().reveal());
  });
});
