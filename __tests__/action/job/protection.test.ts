import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  guardedPlaces,
  pathOfCommands,
  prepareMachine,
  protectByConfig,
  removeRequirements,
} from "../../../src/action/job/protection.ts";
import {
  type CodexRules,
  type Guarded,
  renderConfig,
  renderRequirements,
} from "../../../src/core/codex/config.ts";
import { MemoryFiles } from "../ports/files.ts";
import { MemoryLog } from "../ports/log.ts";
import { MemoryMachine } from "../ports/machine.ts";

const HOME = "/runner/_temp/base/home";
const CONFIG = `${HOME}/config.toml`;
const GUARDED: Guarded = { loginDirectory: "/runner/_temp/base/login", anchors: ["/runner/_temp"] };
const REQUIREMENTS = "/etc/codex/requirements.toml";

type Protection = CodexRules;

let files: MemoryFiles;
let log: MemoryLog;
beforeEach(() => {
  files = new MemoryFiles();
  log = new MemoryLog();
});

const RULES: CodexRules = {
  protectAuth: "profile",
  sandbox: "workspace-write",
  codexApps: false,
  codexEnvironment: {},
};
const APPS_OFF = "[features]\napps = false\nplugins = false\nremote_plugin = false\n";

const protectedBy = (inputs: Partial<Protection>) => ({
  inputs: { ...RULES, ...inputs },
  files,
  log,
});

describe("what the model's commands are kept from", () => {
  const PATHS = {
    home: HOME,
    base: "/runner/_temp/base",
    loginPath: "/runner/_temp/base/login",
  };

  function guarded(
    job: {
      workspace?: string | null;
      workingDirectory?: string;
      temporary?: string;
      codexTemporary?: string;
      more?: readonly string[];
    } = {},
  ): Promise<Guarded> {
    const { workspace = "/runner/app", workingDirectory = null, temporary, codexTemporary, more } = job;
    return guardedPlaces(
      {
        inputs: { workingDirectory, codexEnvironment: codexTemporary ? { TMPDIR: codexTemporary } : {} },
        context: { workspace },
        files,
        environment: { TMPDIR: temporary },
      },
      PATHS,
      more,
    );
  }

  test("is the login's directory, and nothing more where no writable directory is around it", async () => {
    expect(await guarded()).toEqual({ loginDirectory: "/runner/_temp/base/login", anchors: [] });
  });

  test.each([
    { around: "the workspace", job: { workspace: "/runner" }, anchors: ["/runner/_temp"] },
    { around: "the working directory", job: { workingDirectory: ".." }, anchors: ["/runner/_temp"] },
    {
      around: "the temporary directory",
      job: { temporary: "/runner/_temp" },
      anchors: ["/runner/_temp/base"],
    },
    {
      around: "the temporary directory that Codex is given",
      job: { temporary: "/elsewhere", codexTemporary: "/runner/_temp" },
      anchors: ["/runner/_temp/base"],
    },
    { around: "a further directory", job: { more: ["/runner"] }, anchors: ["/runner/_temp"] },
    {
      around: "a further directory, named from the workspace",
      job: { more: ["../_temp"] },
      anchors: ["/runner/_temp/base"],
    },
    {
      around: "a further directory, named from the working directory",
      job: { workingDirectory: "src", more: ["../../_temp"] },
      anchors: ["/runner/_temp/base"],
    },
  ])("is held in place where $around is around it", async ({ job, anchors }) => {
    expect((await guarded(job)).anchors).toEqual(anchors);
  });

  test("is not what only the runner's own temporary directory was around, when Codex is given another", async () => {
    const { anchors } = await guarded({ temporary: "/runner/_temp", codexTemporary: "/elsewhere" });

    expect(anchors).toEqual([]);
  });

  test("is held in place with Codex and the tools on PATH, where a sandbox may write around them", async () => {
    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace: "/runner/app" },
        files,
        environment: {
          PATH: "/usr/bin:/tmp/tools/bin:/runner/app/node_modules/.bin:relative:/tmp/not-there-yet",
          RUNNER_TOOL_CACHE: "/tmp/cache/tools",
          RUNNER_TEMP: "/tmp/runner/_temp",
        },
      },
      { ...PATHS, programs: ["/tmp/codex-of-mine/codex", "/opt/codex"] },
    );

    expect(anchors).toEqual([
      ...["/tmp/cache", "/tmp/codex-of-mine", "/tmp/not-there-yet", "/tmp/runner", "/tmp/tools"],
    ]);
  });

  test("is held in place with the Codex that we install, when Codex is given the directory around it", async () => {
    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace: "/runner/app" },
        files,
        environment: { RUNNER_TEMP: "/runner/_temp", RUNNER_TOOL_CACHE: "/opt/tools" },
      },
      PATHS,
      ["/runner/_temp"],
    );

    expect(anchors).toEqual(["/runner/_temp/base", "/runner/_temp/codex-auth-roundtrip"]);
  });

  test("is what the runner obeys and what it says of the event, when Codex is given the directory around them", async () => {
    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace: "/runner/app" },
        files,
        environment: {
          GITHUB_STATE: "/runner/_temp/_runner_file_commands/save_state_1",
          GITHUB_EVENT_PATH: "/runner/_temp/_github_workflow/event.json",
        },
      },
      PATHS,
      ["/runner/_temp"],
    );

    expect(anchors).toEqual([
      "/runner/_temp/_github_workflow",
      "/runner/_temp/_runner_file_commands",
      "/runner/_temp/base",
    ]);
  });

  test("is found through links", async () => {
    files.makeDirectory("/tmp/deep");
    await files.link("/tmp/deep", "/runner/_temp");

    expect(await guarded()).toEqual({ loginDirectory: "/tmp/deep/base/login", anchors: ["/tmp/deep"] });
  });

  test("is held in place where a job without a workspace runs around it", async () => {
    const places = { ...PATHS, base: `${process.cwd()}/base`, home: `${process.cwd()}/home` };

    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace: null },
        files,
        environment: {},
      },
      places,
    );

    expect(anchors).toEqual(expect.arrayContaining([places.base, places.home]));
  });
});

describe("this action's own directory", () => {
  const { argv } = process;
  afterEach(() => {
    process.argv = argv;
  });

  /** This action runs from there. */
  async function anchorsOfActionAt(own: string, workspace: string): Promise<readonly string[]> {
    for (const name of ["action.yml", "dist/main.cjs", "package.json", "src/entry/main.ts"])
      await files.write(`${own}/${name}`, "ours");
    process.argv = ["node", `${own}/dist/main.cjs`];
    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace },
        files,
        environment: {},
      },
      { home: HOME, base: "/runner/_temp/base", loginPath: "/runner/_temp/base/login" },
    );
    return anchors;
  }

  test("is held in place where a sandbox may write around it", async () => {
    expect(await anchorsOfActionAt("/tmp/actions/roundtrip", "/work/app")).toEqual(["/tmp/actions"]);
  });

  test("is held in place, where it is the workspace, in the parts that the runner goes by", async () => {
    expect(await anchorsOfActionAt("/work/app", "/work/app")).toEqual([
      "/work/app/action.yml",
      "/work/app/dist",
      "/work/app/package.json",
    ]);
  });

  test("is not missed where it cannot be told", async () => {
    process.argv = ["node"];
    const places = { home: HOME, base: "/runner/_temp/base", loginPath: "/runner/_temp/base/login" };

    const { anchors } = await guardedPlaces(
      {
        inputs: { workingDirectory: null, codexEnvironment: {} },
        context: { workspace: "/tmp/app" },
        files,
        environment: {},
      },
      places,
    );

    expect(anchors).toEqual([]);
  });
});

/** Only there is the sandbox a program. */
const onLinux = process.platform === "linux" ? test : test.skip;

describe("the PATH of the model's commands", () => {
  const trusted = "/opt/bin:/usr/bin";
  const path = `/work/bin:${trusted}`;
  const CODEX = "/tools/codex/bin/codex";
  const BUNDLED = "/tools/codex/codex-resources/bwrap";

  const asked = (wanted = path) =>
    pathOfCommands(files, { base: "/base", command: CODEX, path: wanted, trusted });

  test("is the job's where none of it lies in the workspace, and nothing is made", async () => {
    await files.write("/usr/bin/bwrap", "");

    expect(await asked(trusted)).toBe(trusted);
    expect(files.linkAt("/base/sandbox/bwrap")).toBeNull();
  });

  onLinux.each([
    { there: ["/usr/bin/bwrap", BUNDLED], first: "/usr/bin/bwrap" },
    { there: ["/opt/bin/bwrap", "/usr/bin/bwrap"], first: "/opt/bin/bwrap" },
    { there: [BUNDLED], first: BUNDLED },
  ])("begins with the bubblewrap that nobody has replaced: $first", async ({ there, first }) => {
    for (const program of [...there, "/work/bin/bwrap"]) await files.write(program, "");

    expect(await asked()).toBe(`/base/sandbox:${path}`);
    expect(files.linkAt("/base/sandbox/bwrap")).toBe(first);
    expect(files.modes.get("/base/sandbox")).toBe(0o700);
  });

  onLinux("is only what nobody could have replaced where there is no other bubblewrap", async () => {
    await files.write("/work/bin/bwrap", "");

    expect(await asked()).toBe(trusted);
  });
});

describe("a config.toml that protects", () => {
  test("is written where there is none, and only its owner may read it", async () => {
    const written = await protectByConfig(protectedBy({}), { home: HOME, guarded: GUARDED });

    expect(written).toBe(true);
    expect(await files.read(CONFIG)).toBe(renderConfig(RULES, GUARDED));
    expect(files.modes.get(CONFIG)).toBe(0o600);
    expect(log.lines).toEqual([]);
  });

  test.each([{ protectAuth: "off" }, { sandbox: "danger-full-access" }] as const)(
    "has no profile for %j",
    async (inputs) => {
      const written = await protectByConfig(protectedBy(inputs), { home: HOME, guarded: GUARDED });

      expect(written).toBe(true);
      expect(await files.read(CONFIG)).not.toContain("permissions");
      expect(await files.read(CONFIG)).toContain(APPS_OFF);
      expect(log.lines).toEqual([]);
    },
  );

  test("is not written in the place of one that is there", async () => {
    await files.write(CONFIG, "theirs");

    expect(await protectByConfig(protectedBy({}), { home: HOME, guarded: GUARDED })).toBe(false);
    expect(await files.read(CONFIG)).toBe("theirs");
  });
});

describe("the machine", () => {
  let machine: MemoryMachine;
  beforeEach(() => {
    machine = new MemoryMachine();
  });

  test.each(["profile", "off"] as const)(
    "lets Codex's sandbox work with `protect-auth: %s`, and gets no rule",
    async (protectAuth) => {
      const made = await prepareMachine(protectedBy({ protectAuth }), { guarded: GUARDED, machine });

      expect(made).toEqual({ madeRequirements: false });
      expect(machine.userNamespaces).toBe("allowed");
      expect(machine.requirements.size).toBe(0);
      expect(log.lines).toEqual([]);
    },
  );

  test("is left as it is where there is no sandbox, which is warned of", async () => {
    const made = await prepareMachine(protectedBy({ sandbox: "danger-full-access" }), {
      guarded: GUARDED,
      machine,
    });

    expect(made).toEqual({ madeRequirements: false });
    expect(machine.userNamespaces).toBe("restricted");
    expect(log.lines).toEqual([expect.stringMatching(/^warning: .*danger-full-access.*login/)]);
  });

  test("gets a rule for as long as the job lasts with `protect-auth: enforced`", async () => {
    const made = await prepareMachine(protectedBy({ protectAuth: "enforced" }), {
      guarded: GUARDED,
      machine,
    });
    const during = new Map(machine.requirements);
    await removeRequirements(machine, GUARDED.loginDirectory);

    expect(made).toEqual({ madeRequirements: true });
    expect(during).toEqual(new Map([[REQUIREMENTS, renderRequirements(GUARDED.loginDirectory, RULES)]]));
    expect(machine.requirements.size).toBe(0);
  });

  test("keeps the rules that it has, and the job ends", async () => {
    machine.requirements.set(REQUIREMENTS, "theirs");

    const prepared = prepareMachine(protectedBy({ protectAuth: "enforced" }), { guarded: GUARDED, machine });

    await expect(prepared).rejects.toMatchObject({
      code: "protection-impossible",
      message: expect.stringMatching(/\/etc\/codex\/requirements\.toml exists/),
      hint: expect.stringMatching(/Remove it.*`protect-auth: profile`/),
    });
    expect(machine.requirements.get(REQUIREMENTS)).toBe("theirs");
  });

  test("that is nobody's to administrate ends the job, too", async () => {
    machine.administrator = "nobody";

    const prepared = prepareMachine(protectedBy({ protectAuth: "enforced" }), { guarded: GUARDED, machine });

    await expect(prepared).rejects.toMatchObject({
      code: "protection-impossible",
      message: expect.stringMatching(/`protect-auth: enforced` needs Linux and sudo/),
      hint: expect.stringContaining("`protect-auth: profile`"),
    });
  });
});
