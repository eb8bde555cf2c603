import { beforeEach, describe, expect, test } from "@jest/globals";
import { hostLockPath, hostRecordPath, writeHostRecordText } from "../../src/core/host-record.ts";
import { codeOf, DONE, HOUR_MS, loginNamed, Step } from "./step.ts";

const HOST = "/opt/svc/.codex";
const AUTH = `${HOST}/auth.json`;
const HOST_BASE = "/temp/codex-auth-host-CODEX_AUTH_JSON";
const LOCK = hostLockPath(HOST);

let step: Step;
/** What the user's command finds. */
let during: { auth: string | undefined; home: string | undefined; locked: boolean } | null;

beforeEach(() => {
  step = new Step(240 * HOUR_MS, { "home-lifetime": "persistent", "codex-home": HOST });
  during = null;
  step.command = ({ environment }) => {
    during = { auth: text(AUTH), home: environment.CODEX_HOME, locked: step.hostLock.held.has(LOCK) };
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
    expect(text(AUTH)).toBe(step.login.whole().reveal());
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^Seeded this host with generation .* \(access token valid 9 days 23 h\)/)).toHaveLength(
      1,
    );
    expect(step.channel.summaries[0]).toContain("This host was seeded from the secret.");
    expect(step.report).toMatchObject({ events: [], alert: null, rescue: null });
    expect(step.session).toMatchObject({
      place: { secretName: "CODEX_AUTH_JSON", environment: null },
      ownsHome: false,
      madeHome: false,
      madeConfig: false,
    });
  });

  test("tells later steps about it", async () => {
    await step.main();

    expect(Object.fromEntries(step.channel.outputs)).toMatchObject({
      "codex-home": HOST,
      role: "host",
      "restored-from": "secret",
      rotated: "false",
      published: "false",
    });
    expect(step.channel.variables.get("CODEX_HOME")).toBe(HOST);
    expect(step.files.directories).toEqual(new Set(["/temp", HOST_BASE, HOST]));
  });

  test.each([
    ["no secret", "", "secret-empty"],
    ["a spoilt secret", "spoilt-CANARY", "document-not-json"],
  ])("with %s is let go of, and main begins anew", async (_, secret, code) => {
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
    const stamp = await step.files.stamp(AUTH);

    const ends = await play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(during).toEqual({ auth: live.whole().reveal(), home: HOST, locked: true });
    expect(await step.files.stamp(AUTH)).toBe(stamp);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.channel.outputs.get("restored-from")).toBe("home");
    expect(step.channel.outputs.get("access-token-expires-at")).toBe("2026-12-02T11:00:00.000Z");
    expect(step.log.masked).toContain(live.refreshToken.reveal());
    expect(step.said(`a login of its own, generation ${live.generation}`)).toHaveLength(1);
    expect(step.channel.summaries[0]).toContain("This host keeps a login of its own.");
  });

  test("needs no secret for that", async () => {
    step.inputs["codex-auth-json"] = "";

    expect(await play()).toEqual({ main: "success", post: "success" });
  });

  test("keeps what Codex has rotated in the job, and publishes nothing", async () => {
    const next = loginNamed("next");
    step.command = async () => {
      await step.files.write(AUTH, next.whole().reveal());
      return DONE;
    };

    const ends = await play();

    expect(ends.post).toBe("success");
    expect(text(AUTH)).toBe(next.whole().reveal());
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.wentOnline).toBe(false);
  });

  test("keeps it also where Codex reports a dead access token", async () => {
    Object.assign(step.inputs, { run: "", prompt: "Tidy up." });
    let tries = 0;
    step.command = ({ output }) => {
      tries += 1;
      output("Your access token could not be refreshed.");
      return { exitCode: 1, signal: null };
    };

    const ends = await play();

    expect(codeOf(ends.main)).toBe("prompt-failed");
    expect(tries).toBe(1);
    expect(text(AUTH)).toBe(live.whole().reveal());
    expect(step.wentOnline).toBe(false);
  });

  test("keeps it from the environment of what is started", async () => {
    step.environment.COPIED = live.refreshToken.reveal();
    let environment: Readonly<Record<string, string | undefined>> = {};
    step.command = (command) => {
      environment = command.environment;
      return DONE;
    };

    await play();

    expect(environment).toEqual({ PATH: "/bin", CODEX_HOME: HOST });
  });

  test("is not touched where its login is of another kind", async () => {
    const foreign = JSON.stringify({ auth_mode: "apikey", OPENAI_API_KEY: "sk-CANARY" });
    await step.files.write(AUTH, foreign);

    const main = await step.main();

    expect(codeOf(main)).toBe("home-foreign-login");
    expect(text(AUTH)).toBe(foreign);
    expect(step.hostLock.held.size).toBe(0);
  });

  test.each([
    { seed: loginNamed("newer", { issuedAt: new Date("2026-11-22T12:00:00.000Z") }), code: null },
    { seed: loginNamed("older", { issuedAt: new Date("2026-11-20T12:00:00.000Z") }), code: "seed-not-newer" },
    { seed: live, code: "seed-not-newer" },
  ])("that is called dead yields to a newer one only: $code", async ({ seed, code }) => {
    const at = "2026-11-22T11:00:00.000Z";
    const dead = { at, code: "refresh-token-reused", generation: live.generation };
    await step.files.write(hostRecordPath(HOST), writeHostRecordText({ lastProof: null, dead }));
    step.inputs["codex-auth-json"] = seed.line().reveal();

    const main = await step.main();

    expect(codeOf(main)).toBe(code);
    expect(text(AUTH)).toBe((code ? live : seed).whole().reveal());
  });

  test("keeps a login that is not the one that was called dead", async () => {
    const dead = { at: "2026-11-22T11:00:00.000Z", code: "refresh-token-reused", generation: "another" };
    await step.files.write(hostRecordPath(HOST), writeHostRecordText({ lastProof: null, dead }));

    await play();

    expect(during?.auth).toBe(live.whole().reveal());
  });
});

test("a host whose login is gone when main looks at it again fails, and says so", async () => {
  await step.main();
  await step.files.remove(AUTH);

  const main = await step.main();

  expect(codeOf(main)).toBe("document-empty");
});

describe("a host's lock", () => {
  test("is held from main to post, and nothing of the job is left", async () => {
    await step.main();
    const lockedBetween = step.hostLock.held.has(LOCK);
    await step.files.write(`${HOST_BASE}/run.sh`, "left by a killed command");

    await step.post();

    expect(lockedBetween).toBe(true);
    expect(step.hostLock.held.size).toBe(0);
    expect(step.files.paths.filter((path) => path.startsWith(HOST_BASE))).toEqual([]);
  });

  test("is waited for while another job holds it", async () => {
    step.hostLock.held.set(LOCK, "another job");
    const freeMs = step.clock.monotonicMs() + 9 * 60_000;
    step.hostLock.beforeTake = () => {
      if (step.clock.monotonicMs() >= freeMs) step.hostLock.held.delete(LOCK);
    };

    const main = await step.main();

    expect(main).toBe("success");
    expect(during?.locked).toBe(true);
    expect(step.said("Another job is at work with this host's login. Waiting for it")).toHaveLength(1);
  });

  test("is waited for ten minutes, not longer, and left to the other job", async () => {
    step.hostLock.held.set(LOCK, "another job");
    const beganMs = step.clock.monotonicMs();

    const main = await step.main();

    expect(codeOf(main)).toBe("host-busy");
    expect(main).toMatchObject({ hint: expect.stringContaining("`concurrency:`") });
    expect(step.clock.monotonicMs() - beganMs).toBe(600_000);
    expect(step.hostLock.held.get(LOCK)).toBe("another job");
    expect(text(AUTH)).toBeUndefined();
    expect(step.session).toBeNull();
    expect(during).toBeNull();
  });

  test("is not waited for in a cancelled job", async () => {
    step.hostLock.held.set(LOCK, "another job");
    step.isCancelled = true;
    const beganMs = step.clock.monotonicMs();

    const main = await step.main();

    expect(codeOf(main)).toBe("host-busy");
    expect(step.clock.monotonicMs()).toBe(beganMs);
  });

  test("is not let go of while an orphan of the job still uses the home", async () => {
    await step.main();
    const beganMs = step.clock.monotonicMs();
    let lockedAtEnd = false;
    step.processes.start(HOST, 20_000, () => {
      lockedAtEnd = step.hostLock.held.has(LOCK);
    });

    await step.post();

    expect(lockedAtEnd).toBe(true);
    expect(step.clock.monotonicMs() - beganMs).toBe(20_000);
    expect(step.hostLock.held.size).toBe(0);
  });

  test("is let go of after 50 s, whoever still uses the home", async () => {
    await step.main();
    const beganMs = step.clock.monotonicMs();
    step.processes.start(HOST, HOUR_MS);

    await step.post();

    expect(step.clock.monotonicMs() - beganMs).toBe(50_000);
    expect(step.hostLock.held.size).toBe(0);
  });

  test("is not another job's to lose: post lets go of its own only", async () => {
    await step.main();
    step.hostLock.held.set(LOCK, "another job, which took over");

    await step.post();

    expect(step.hostLock.held.get(LOCK)).toBe("another job, which took over");
  });
});

describe("the user's command on a persistent host", () => {
  test.each([
    { what: "a config.toml that leaves the login open", config: 'model = "x"\n', warned: 1 },
    { what: "no config.toml", config: null, warned: 1 },
    {
      what: "a config.toml that denies it",
      config: `default_permissions = "p"\n[permissions.p]\nfilesystem = { "${AUTH}" = "deny" }\n`,
      warned: 0,
    },
  ])("with $what: $warned warning", async ({ config, warned }) => {
    step.inputs["protect-auth"] = "profile";
    if (config !== null) await step.files.write(`${HOST}/config.toml`, config);

    const main = await step.main();

    expect(main).toBe("success");
    expect(step.said(/^warning: The config.toml in this host's home/)).toHaveLength(warned);
  });

  test.each([
    ["protect-auth is off", { "protect-auth": "off" }],
    ["there is a prompt, which brings its own", { "protect-auth": "profile", run: "", prompt: "Tidy up." }],
    ["there is nothing to run", { "protect-auth": "profile", run: "" }],
  ])("is not warned of where %s", async (_, inputs) => {
    Object.assign(step.inputs, inputs);

    await step.main();

    expect(step.said(/^warning: The config.toml/)).toEqual([]);
  });

  test("runs under requirements of the machine, which post removes", async () => {
    step.inputs["protect-auth"] = "enforced";
    let requirements: string | null = null;
    step.command = () => {
      requirements = step.machine.requirements;
      return DONE;
    };

    await step.main();
    await step.post();

    expect(requirements).toContain(AUTH);
    expect(step.machine.requirements).toBeNull();
  });

  test("leaves the machine's own requirements to the machine", async () => {
    step.machine.requirements = "the administrator's";

    await step.main();
    await step.post();

    expect(step.machine.requirements).toBe("the administrator's");
  });

  test("is not started where there is none, and no Codex is set up", async () => {
    step.inputs.run = "";
    step.codex = null;

    const main = await step.main();

    expect(main).toBe("success");
    expect(step.channel.paths).toEqual([]);
    expect(text(AUTH)).toBe(step.login.whole().reveal());
  });

  test.each([
    ["a version is asked for", { "codex-version": "0.169.0" }, ["/tools/0.169.0/bin"]],
    ["there is a prompt", { prompt: "Tidy up.", "codex-version": "0.168.0" }, ["/tools/0.168.0/bin"]],
  ])("finds a Codex that was set up where %s", async (_, inputs, paths) => {
    Object.assign(step.inputs, { run: "", ...inputs });

    await step.main();

    expect(step.channel.paths).toEqual(paths);
  });
});
