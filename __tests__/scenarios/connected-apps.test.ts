import { afterEach, describe, expect, test } from "@jest/globals";
import { MAIL, USE_CONNECTED_APPS } from "../../lab/openai/connector.ts";
import type { MachineOptions } from "../../lab/runner/runner.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** An unprivileged user where the test may play one. */
const USER: MachineOptions = process.getuid?.() === 0 ? { user: { uid: 65_534, gid: 65_534 } } : {};
/** Only root can give a machine an /etc of its own. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const EXEC = "codex exec --skip-git-repo-check 'Read my mail' </dev/null";

/** The model goes for the account's mail, in both ways. @returns what it was told */
function goForTheMail(): string[] {
  const told: string[] = [];
  stage.world.openai.model = ({ outputs }) => {
    told.splice(0, told.length, ...outputs);
    const next = USE_CONNECTED_APPS[outputs.length];
    return next === undefined ? [{ message: "Done." }] : [next];
  };
  return told;
}

async function run(inputs: Record<string, string>, after?: string) {
  const machine = await stage.world.runner.persistentMachine("host", USER);
  return stage.run(stage.refreshJob({ with: inputs, ...(after === undefined ? {} : { after }) }), {
    machine,
  });
}

const JOBS: { what: string; inputs: Record<string, string>; after?: string }[] = [
  { what: "a prompt", inputs: { prompt: "Read my mail" } },
  { what: "a prompt, read-only", inputs: { prompt: "Read my mail", sandbox: "read-only" } },
  { what: "a prompt, danger-full-access", inputs: { prompt: "x", sandbox: "danger-full-access" } },
  { what: "a prompt, protect-auth: off", inputs: { prompt: "x", "protect-auth": "off" } },
  { what: "`run`", inputs: { run: EXEC } },
  { what: "`run`, protect-auth: off", inputs: { run: EXEC, "protect-auth": "off" } },
  { what: "a bare later step", inputs: {}, after: `      - run: ${EXEC}` },
];

describe("the account's connected apps", () => {
  test.each(JOBS)("are out of the model's reach in $what", async ({ inputs, after }) => {
    stage = await Stage.set();
    const told = goForTheMail();

    const result = await run(inputs, after);

    const { connector } = stage.world.openai;
    expect(result.conclusion).toBe("success");
    expect(told).toHaveLength(USE_CONNECTED_APPS.length);
    expect(told.join()).not.toContain(MAIL);
    expect([connector.connections, connector.calls]).toEqual([[], []]);
  });

  test.each(JOBS.filter(({ what }) => !what.includes("off")))(
    "are there for those who want them, in $what",
    async ({ inputs, after }) => {
      stage = await Stage.set();
      const told = goForTheMail();

      const result = await run({ "codex-apps": "true", ...inputs }, after);

      expect(result.conclusion).toBe("success");
      expect(told.join()).toContain(MAIL);
      expect(stage.world.openai.connector.calls.length).toBeGreaterThan(0);
    },
  );

  asRoot("stay out of reach with `protect-auth: enforced`, whatever flags say", async () => {
    stage = await Stage.set();
    const told = goForTheMail();
    const machine = await stage.world.runner.persistentMachine("own-etc", { etc: "own" });
    const command = EXEC.replace("exec", "exec --enable apps --enable plugins --enable remote_plugin");

    const result = await stage.run(stage.refreshJob({ with: { "protect-auth": "enforced", run: command } }), {
      machine,
    });

    expect(result.conclusion).toBe("success");
    expect(told.join()).not.toContain(MAIL);
    expect(stage.world.openai.connector.connections).toEqual([]);
  });

  test("are not asked by a refresh", async () => {
    stage = await Stage.set();

    const result = await run({ refresh: "force", "codex-apps": "true" });

    expect(result.conclusion).toBe("success");
    expect(stage.world.openai.connector.connections).toEqual([]);
  });
});
