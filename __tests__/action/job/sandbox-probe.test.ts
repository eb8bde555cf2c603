import { beforeEach, describe, expect, test } from "@jest/globals";
import { demandSandbox } from "../../../src/action/job/sandbox-probe.ts";
import { type CodexRules, type Guarded, protectionFlags } from "../../../src/core/codex/config.ts";
import { MemoryFiles } from "../ports/files.ts";
import { MemoryProgram } from "../ports/program.ts";

const HOME = "/runner/_temp/base/home";
const LOGIN = "/runner/_temp/base/login";
const GUARDED: Guarded = { loginDirectory: LOGIN, anchors: ["/runner/_temp"] };
const RULES: CodexRules = {
  protectAuth: "profile",
  sandbox: "workspace-write",
  codexApps: false,
  codexEnvironment: {},
};
const PROBE = {
  codex: { command: "/tools/codex", version: "0.169.0" },
  home: HOME,
  directory: "/runner/app",
  guarded: GUARDED,
  environment: { PATH: "/bin" },
};

let files: MemoryFiles;
let program: MemoryProgram;
beforeEach(async () => {
  files = new MemoryFiles();
  program = new MemoryProgram();
  await files.write(`${HOME}/auth.json`, "CANARY");
});

function demand(rules: Partial<CodexRules> = {}, probe: Partial<typeof PROBE> = {}): Promise<void> {
  return demandSandbox({ inputs: { ...RULES, ...rules }, files, program }, { ...PROBE, ...probe });
}

describe("a command in the sandbox that tries to read beside the login", () => {
  test("runs under the prompt's own protection, below the home but without the login, and leaves nothing", async () => {
    let seen: unknown = null;
    program.sandbox = async (command, probe) => {
      await files.write(`${probe.home}/helpers/bin`, "Codex's");
      seen = {
        command,
        ...probe,
        mode: files.modes.get(probe.home),
        login: await files.read(`${probe.home}/auth.json`),
        canary: await files.read(probe.denied),
      };
      return { kind: "protects" };
    };

    await demand();

    expect(seen).toEqual({
      command: "/tools/codex",
      home: `${HOME}/.sandbox-probe`,
      directory: "/runner/app",
      flags: protectionFlags(RULES, GUARDED),
      environment: { PATH: "/bin" },
      denied: `${LOGIN}/canary`,
      mode: 0o700,
      login: null,
      canary: expect.stringContaining("must not read"),
    });
    expect(files.below(HOME)).toEqual([`${HOME}/auth.json`]);
    expect(files.below(LOGIN)).toEqual([]);
    expect(files.modes.has(`${HOME}/.sandbox-probe`)).toBe(false);
  });

  test("tries the login's file itself where that is what is denied", async () => {
    let denied = "";
    program.sandbox = async (_, probe) => {
      denied = probe.denied;
      return { kind: "protects" };
    };

    await demand({}, { guarded: { ...GUARDED, loginDirectory: `${HOME}/auth.json` } });

    expect(denied).toBe(`${HOME}/auth.json`);
    expect(await files.read(denied)).toBe("CANARY");
  });

  test.each([
    { trial: { kind: "reads" }, code: "codex-outdated" },
    { trial: { kind: "broken", output: "bwrap: no" }, code: "sandbox-unavailable" },
  ] as const)("ends the job when it $trial.kind, and leaves nothing", async ({ trial, code }) => {
    program.sandbox = async () => trial;

    await expect(demand()).rejects.toMatchObject({ code });
    expect(files.below(HOME)).toEqual([`${HOME}/auth.json`]);
    expect(files.below(LOGIN)).toEqual([]);
  });

  test.each([{ protectAuth: "off" }, { sandbox: "danger-full-access" }] as const)(
    "is not needed for %j",
    async (rules) => {
      program.sandbox = async () => ({ kind: "reads" });

      await expect(demand(rules)).resolves.toBeUndefined();
    },
  );
});
