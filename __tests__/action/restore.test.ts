import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Inputs } from "../../src/action/inputs.ts";
import { readInputs } from "../../src/action/inputs.ts";
import { loadSession } from "../../src/action/phase-state.ts";
import { makeHome, restore } from "../../src/action/restore.ts";
import { readRunContext } from "../../src/action/run-context.ts";
import type { RestoreServices } from "../../src/action/services.ts";
import { Secret } from "../../src/core/login/secret.ts";
import { readHanded, readWhatIsLeft } from "../../src/login/read-login.ts";
import { type authJson, generation } from "../core/login/documents.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryFiles, systemError } from "./ports/files.ts";
import { MemoryLog } from "./ports/log.ts";

const BASE = "/temp/codex-auth-CODEX_AUTH_JSON";
const HANDED = generation(3);

let files: MemoryFiles;
let log: MemoryLog;
let clock: FakeClock;
beforeEach(() => {
  files = new MemoryFiles();
  log = new MemoryLog();
  clock = new FakeClock("2026-11-22T10:00:00.000Z");
});

/** One step of a job; its channel tells what the next phase and the later steps get. */
function step(
  inputs: Partial<Inputs> = {},
  job: { name?: string; environment?: NodeJS.ProcessEnv } = {},
): RestoreServices & { readonly channel: MemoryChannel } {
  const environment = {
    GITHUB_REPOSITORY: "octo/app",
    GITHUB_REPOSITORY_ID: "7",
    GITHUB_RUN_ID: "100",
    GITHUB_JOB: job.name ?? "tidy",
    GITHUB_WORKSPACE: "/work/app",
    RUNNER_TEMP: "/temp",
    ...job.environment,
  };
  return {
    inputs: { ...readInputs(() => ""), secret: HANDED.line(), ...inputs },
    context: readRunContext(environment, null),
    files,
    clock,
    log,
    channel: new MemoryChannel(),
    environment,
  };
}

describe("the secret", () => {
  test("is read, and every token in it hidden, alone and in the forms that the whole has", () => {
    const secret = HANDED.content("base64");

    const login = readHanded(secret, log);

    expect(login.isSameGeneration(HANDED)).toBe(true);
    expect(log.masked).toEqual(
      expect.arrayContaining([secret.reveal(), ...HANDED.tokens.map((token) => token.reveal())]),
    );
  });

  test("is hidden in the base64 of the files that are made of it", () => {
    readHanded(HANDED.line(), log);

    const lines = [HANDED.withheld(), HANDED.whole()]
      .flatMap((file) => Buffer.from(file.reveal()).toString("base64").match(/.{76}/g) ?? [])
      .filter((line) => Buffer.from(line, "base64").toString("latin1").includes("signature"));
    expect(lines.length).toBeGreaterThan(0);
    expect(log.masked).toEqual(expect.arrayContaining(lines));
  });

  test("that is JSON is hidden as base64, too", () => {
    readHanded(HANDED.line(), log);

    expect(log.masked).toEqual(
      expect.arrayContaining([HANDED.line().reveal(), HANDED.content("base64").reveal()]),
    );
  });

  test("that is empty is a failure with what may have emptied it", () => {
    expect(() => readHanded(null, log)).toThrow(
      expect.objectContaining({
        code: "secret-empty",
        message: expect.stringContaining("`codex-auth-json`"),
        hint: expect.stringMatching(/`environment:`.*another name.*seeded/),
      }),
    );
  });

  test("that is damaged is hidden before anything is said of it", () => {
    const damaged = HANDED.line().reveal().slice(0, -20);

    expect(() => readHanded(new Secret(damaged), log)).toThrow(
      expect.objectContaining({ code: "login-truncated", message: expect.not.stringContaining("CANARY") }),
    );
    expect(log.masked).toEqual([damaged]);
  });
});

describe("what is left of a secret", () => {
  test("that is whole is its document", () => {
    expect(readWhatIsLeft(HANDED.line(), log)?.generation).toBe(HANDED.generation);
    expect(log.lines).toEqual([]);
  });

  test("that is empty is nothing", () => {
    expect(readWhatIsLeft(null, log)).toBeNull();
    expect(log.lines).toEqual([]);
  });

  test("that is damaged is nothing, and whatever could be a token is hidden by itself", () => {
    const token = `CANARY_.~+/-${"0aZ".repeat(10)}`.slice(0, 40);
    const other = `rt-CANARY${"x".repeat(60)}`;
    const word = "y".repeat(39);

    const login = readWhatIsLeft(new Secret(`{"a":"${token}","b":"${word}" "${other}"`), log);

    expect(login).toBeNull();
    expect(log.masked).toEqual(expect.arrayContaining([token, other]));
    expect(log.masked).not.toContain(word);
    expect(log.lines).toEqual([expect.stringMatching(/no usable login: .*breaks off/)]);
    expect(log.lines.join()).not.toContain("CANARY");
  });

  test("hides no bug of ours", () => {
    const { mask } = log;
    log.mask = () => {
      log.mask = mask;
      throw new TypeError("a bug");
    };

    expect(() => readWhatIsLeft(HANDED.line(), log)).toThrow("a bug");
  });
});

describe("a restored login", () => {
  test("is in the home that CODEX_HOME leads to, with its refresh token withheld", async () => {
    const first = step();

    await restore(first);

    const home = first.channel.variables.get("CODEX_HOME");
    expect(home).toBe(`${BASE}/home`);
    const copy = JSON.parse((await files.read(`${home}/auth.json`)) ?? "");
    expect(copy).toEqual({ ...authJsonOf(3), tokens: { ...authJsonOf(3).tokens, refresh_token: "" } });
    expect([...files.contents.values()].join()).not.toContain(HANDED.refreshToken.reveal());
    expect([BASE, home].map((directory) => files.modes.get(directory ?? ""))).toEqual([0o700, 0o700]);
  });

  test("is told of by its generation and how long it lives", async () => {
    await restore(step());

    expect(log.lines).toEqual([
      `Restored login ${HANDED.generation} (its fingerprint; access token valid 7 days 14 h, refresh token withheld).`,
    ]);
  });

  test("of an access copy is told as one: its fingerprint is not the login's", async () => {
    await restore(step({ secret: HANDED.withheld(), refresh: "never" }));

    expect(log.lines).toEqual([
      expect.stringMatching(
        /Restored an access copy \(its own fingerprint: [0-9a-f]{8}; access token valid 7 days/,
      ),
    ]);
  });

  test("is known in the next phase, and as untouched as long as it is", async () => {
    const first = step();

    const session = await restore(first);

    first.channel.nextPhase();
    expect(loadSession(first.channel)).toEqual(session);
    expect(session.written).toBe(await files.stamp(`${session.home}/auth.json`));
    expect(session.written).not.toBeNull();
  });

  test("is taken up by a later step of the job, as it stands there", async () => {
    const session = await restore(step());
    await files.write(`${session.base}/login/auth.json`, "renewed meanwhile");
    const second = step({ secret: generation(9).line() });

    const attached = await restore(second);

    expect(attached).toMatchObject({ home: session.home, ownsHome: false, written: null });
    expect(await files.read(`${session.home}/auth.json`)).toBe("renewed meanwhile");
    expect(second.channel.variables.get("CODEX_HOME")).toBe(session.home);
    expect(log.lines.at(-1)).toMatch(/earlier step .* attaches/);
    expect(log.masked).toContain(generation(9).refreshToken.reveal());
  });

  test("is not another secret's, which an earlier step has put into the same home", async () => {
    const codexHome = "/temp/shared";
    await restore(step({ codexHome }));

    const second = restore(step({ codexHome, secretName: "OTHER" }));

    await expect(second).rejects.toMatchObject({
      code: "home-has-login",
      message: expect.stringContaining("the login of another secret"),
      hint: expect.stringContaining("a `codex-home` of their own"),
    });
    expect(await restore(step({ codexHome }))).toMatchObject({ ownsHome: false });
  });

  test("is not made from an empty secret, and the disk stays as it was", async () => {
    const restored = restore(step({ secret: null }));

    await expect(restored).rejects.toMatchObject({ code: "secret-empty" });
    expect([...files.modes.keys()]).toEqual([]);
  });
});

describe("the home of a job", () => {
  test("is one for each secret of each environment", async () => {
    const homes = [
      await makeHome(step()),
      await makeHome(step({ secretName: "OTHER" })),
      await makeHome(step({ environment: "prod/eu" })),
    ];

    expect(homes.map(({ base }) => base)).toEqual([BASE, "/temp/codex-auth-OTHER", `${BASE}-prod%2Feu`]);
    expect(homes.map(({ place }) => place)).toEqual([
      { secretName: "CODEX_AUTH_JSON", environment: null },
      { secretName: "OTHER", environment: null },
      { secretName: "CODEX_AUTH_JSON", environment: "prod/eu" },
    ]);
    expect(homes.every(({ ownsHome }) => ownsHome)).toBe(true);
  });

  test("may be chosen, and is then left in its place", async () => {
    files.makeDirectory("/codex");

    const session = await makeHome(step({ codexHome: "/codex" }));

    expect(session).toMatchObject({ base: BASE, home: "/codex", ownsHome: true });
  });

  test("inside the workspace is refused before anything is made", async () => {
    const made = makeHome(step({ codexHome: "/work/app/home" }));

    await expect(made).rejects.toMatchObject({ code: "home-in-workspace" });
    expect([...files.modes.keys()]).toEqual([]);
  });

  test("cannot be where nothing may be written below RUNNER_TEMP, and the failure says so", async () => {
    const fault = systemError("EACCES");
    files.interfere = (operation, path) => {
      if (operation === "makePrivateDirectory" && path === BASE) throw fault;
    };

    const made = makeHome(step({ codexHome: "/codex" }));

    await expect(made).rejects.toMatchObject({
      code: "home-unwritable",
      message: `The private directory ${BASE} cannot be made (EACCES).`,
      hint: expect.stringMatching(/RUNNER_TEMP.*free space/),
      cause: fault,
    });
    expect([...files.modes.keys()]).toEqual([]);
  });

  test("of another job with a login in it is refused, and CODEX_HOME does not lead there", async () => {
    await restore(step({ codexHome: "/codex" }, { name: "other" }));
    const second = step({ codexHome: "/codex" });

    const made = makeHome(second);

    await expect(made).rejects.toMatchObject({ code: "home-has-login" });
    expect(second.channel.variables.size).toBe(0);
  });

  test("remembers what post needs: when it began, what it made, and where requests went", async () => {
    const environment = { PATH: "/bin", HTTPS_PROXY: "http://proxy", TMPDIR: undefined };
    const first = step({}, { environment });

    const session = await makeHome(first);

    expect(session).toMatchObject({
      madeConfig: true,
      madeRequirements: false,
      written: null,
      hostLock: null,
      beganMonotonicMs: clock.monotonicMs(),
      environment: { PATH: "/bin", HTTPS_PROXY: "http://proxy", TMPDIR: null },
    });
    first.channel.nextPhase();
    expect(loadSession(first.channel)).toEqual(session);
  });

  test("has a config.toml that keeps the model's commands out of the login", async () => {
    const { home } = await makeHome(step({}, { environment: { TMPDIR: "/temp" } }));

    const config = (await files.read(`${home}/config.toml`)) ?? "";
    expect(config).toContain(`"${BASE}/login" = "deny"`);
    expect(config).toContain(`"${BASE}" = "read"`);
  });

  test.each([
    { where: "of our own", codexHome: null, left: [`${BASE}/mark.json`] },
    { where: "that was there before", codexHome: "/codex", left: ["/codex/notes.md"] },
  ])(
    "$where is given up as it was where its config.toml cannot be written, and main may try again",
    async ({ codexHome, left }) => {
      await files.write("/codex/notes.md", "theirs");
      files.interfere = (operation, path) => {
        if (operation === "write" && path.endsWith("config.toml")) throw systemError("ENOSPC");
      };
      const inPre = restore(step({ codexHome }));
      await expect(inPre).rejects.toMatchObject({ code: "home-unwritable" });
      const between = files.below(codexHome ?? "/temp");
      files.interfere = () => {};

      const session = await restore(step({ codexHome }));

      expect(between).toEqual(left);
      expect(session).toMatchObject({ ownsHome: true, madeConfig: true });
      expect(await files.read(`${session.home}/auth.json`)).toBe(HANDED.withheld().reveal());
    },
  );

  test("that was there before keeps a config.toml that cannot be read", async () => {
    await files.write("/codex/config.toml", "theirs");
    files.interfere = (operation, path) => {
      if (operation === "read" && path === "/codex/config.toml") throw systemError("EACCES");
    };

    const made = makeHome(step({ codexHome: "/codex" }));

    await expect(made).rejects.toMatchObject({ code: "home-unwritable" });
    expect(files.contents.get("/codex/config.toml")).toBe("theirs");
  });

  test("that can neither be protected nor given up is refused for the first of these", async () => {
    files.interfere = (operation, path) => {
      if (operation === "write" && path.endsWith("config.toml")) throw systemError("ENOSPC");
      if (operation === "remove") throw systemError("EIO");
    };

    const made = makeHome(step());

    await expect(made).rejects.toMatchObject({ code: "home-unwritable", cause: { code: "ENOSPC" } });
  });

  test("has one without a profile with `protect-auth: off`", async () => {
    const session = await makeHome(step({ protectAuth: "off" }));

    expect(session.madeConfig).toBe(true);
    expect(await files.read(`${session.home}/config.toml`)).not.toContain("permissions");
  });

  test("has the config.toml of the step that made it, whatever later ones ask for", async () => {
    const { home } = await makeHome(step({ protectAuth: "off" }));

    const attached = await makeHome(step({ protectAuth: "profile" }));

    expect(attached).toMatchObject({ ownsHome: false, madeConfig: false });
    expect(await files.read(`${home}/config.toml`)).not.toContain("permissions");
  });
});

function authJsonOf(rotations: number): ReturnType<typeof authJson> {
  return JSON.parse(generation(rotations).line().reveal());
}
