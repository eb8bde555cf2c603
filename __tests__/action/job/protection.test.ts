import { beforeEach, describe, expect, test } from "@jest/globals";
import { inspectOwnConfig } from "../../../src/action/job/own-config.ts";
import {
  guardedPlaces,
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

  describe("in the place of one that is there", () => {
    /** As pre and main do. */
    const look = async (inputs: Partial<Protection>): Promise<boolean> => {
      const written = await protectByConfig(protectedBy(inputs), { home: HOME, guarded: GUARDED });
      await inspectOwnConfig(protectedBy(inputs), { home: HOME, guarded: GUARDED });
      return written;
    };
    const THEIRS = 'model = "gpt-5-codex"\n';

    test("is not written; what theirs lacks is said", async () => {
      await files.write(CONFIG, THEIRS);

      const written = await look({});

      expect(written).toBe(false);
      expect(await files.read(CONFIG)).toBe(THEIRS);
      expect(log.lines).toEqual([
        expect.stringMatching(
          /^warning: .*config\.toml of its own.*"\/runner\/_temp\/base\/login" = "deny".*`default_permissions`.*`prompt`/,
        ),
        expect.stringMatching(/^warning: .*connected apps.*`apps = false`.*`codex-apps: true`/),
      ]);
    });

    test("is not missed for apps that are wanted", async () => {
      await files.write(CONFIG, THEIRS);

      await look({ codexApps: true });

      expect(log.lines).toEqual([expect.stringContaining("does not keep the model's commands out")]);
    });

    test.each([
      ["sends the login elsewhere", 'openai_base_url = "https://CANARY.example"'],
      ["is no TOML", "CANARY = = 1"],
    ])("is refused where theirs %s, and not quoted", async (_, theirs) => {
      await files.write(CONFIG, theirs);

      const asked = look({});

      await expect(asked).rejects.toMatchObject({
        code: "config-refused",
        message: expect.not.stringContaining("CANARY"),
        hint: expect.not.stringContaining("CANARY"),
      });
      expect(await files.read(CONFIG)).toBe(theirs);
    });

    test.each([
      {
        what: "theirs protects as well",
        theirs: renderConfig({ ...RULES, sandbox: "read-only" }, GUARDED),
        inputs: {},
      },
      { what: "nothing can protect", theirs: THEIRS + APPS_OFF, inputs: { sandbox: "danger-full-access" } },
      { what: "no protection is wanted", theirs: THEIRS + APPS_OFF, inputs: { protectAuth: "off" } },
    ] as const)("is not missed where $what", async ({ theirs, inputs }) => {
      await files.write(CONFIG, theirs);

      const written = await look(inputs);

      expect(written).toBe(false);
      expect(await files.read(CONFIG)).toBe(theirs);
      expect(log.lines).toEqual([]);
    });
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
