import { beforeEach, describe, expect, test } from "@jest/globals";
import { answerWithUsage, DONE, HOUR_MS, Step } from "./step.ts";

const HOST = "/opt/svc/.codex";
const LOGIN = `${HOST}/login`;
const AUTH = `${LOGIN}/auth.json`;

let step: Step;

beforeEach(() => {
  step = new Step(240 * HOUR_MS, { "home-lifetime": "persistent", "codex-home": HOST });
});

function text(path: string): string | undefined {
  const content = step.files.contents.get(path);
  return content === undefined ? undefined : String(content);
}

describe("the user's command on a persistent host", () => {
  test.each([
    { what: "a config.toml that leaves the login open", config: 'model = "x"\n', warned: 1 },
    { what: "no config.toml", config: null, warned: 1 },
    {
      what: "a config.toml that denies it",
      config: `default_permissions = "p"\n[permissions.p]\nfilesystem = { "${LOGIN}" = "deny" }\n`,
      warned: 0,
    },
  ])("with $what: $warned warning", async ({ config, warned }) => {
    step.inputs["protect-auth"] = "profile";
    if (config !== null) await step.files.write(`${HOST}/config.toml`, config);

    const main = await step.main();

    expect(main).toBe("success");
    expect(step.said(/^warning: The config.toml in this host's home does not keep/)).toHaveLength(warned);
  });

  test.each([
    ["protect-auth is off, and apps are wanted", { "protect-auth": "off", "codex-apps": "true" }],
    ["there is a prompt, which brings its own", { "protect-auth": "profile", run: "", prompt: "Tidy up." }],
    ["there is nothing to run", { "protect-auth": "profile", run: "" }],
  ])("is not warned of where %s", async (_, inputs) => {
    Object.assign(step.inputs, inputs);

    await step.main();

    expect(step.said(/^warning: The config.toml/)).toEqual([]);
  });

  test.each([
    ["leaves the account's apps on", 'model = "x"\n', 1],
    ["is not there", null, 1],
    ["switches them off", "[features]\napps = false\nplugins = false\nremote_plugin = false\n", 0],
  ])("whose config.toml %s is warned of: %s, %i", async (_, config, warned) => {
    if (config !== null) await step.files.write(`${HOST}/config.toml`, config);

    await step.main();

    expect(step.said(/^warning: .*connected apps and plugins/)).toHaveLength(warned);
  });

  test("is told to later steps to have a login", async () => {
    await step.main();

    expect(step.channel.outputs.get("available")).toBe("true");
  });

  test("has the host's own login also in a run that GitHub gives no secrets", async () => {
    await step.main();
    await step.post();
    step.beginAnother({ "codex-auth-json": "", "when-missing": "skip" });
    step.context = { ...step.context, secretsWithheld: "fork" };
    let ran = false;
    step.command = () => {
      ran = true;
      return DONE;
    };

    expect(await step.main()).toBe("success");
    expect(ran).toBe(true);
  });

  test("may be a prompt, whose use of the plan's limits is in the summary", async () => {
    Object.assign(step.inputs, { run: "", prompt: "Tidy up." });
    answerWithUsage(step, 42);

    expect(await step.main()).toBe("success");
    await step.post();

    expect(step.channel.summaries[0]).toContain("usage in 5 hours: 42 %");
    expect(step.channel.summaries[0]).toContain("This host was seeded from the secret.");
  });

  test("whose config.toml sends the login elsewhere is not started", async () => {
    await step.files.write(`${HOST}/config.toml`, 'openai_base_url = "https://evil.example"\n');

    const main = await step.main();

    expect(main).toMatchObject({ code: "config-refused" });
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

    expect(requirements).toContain(`"${LOGIN}"`);
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
