import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { DAY_SECONDS, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** Only root can play a user who needs sudo. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Programs that leave their environment and arguments behind before they do their work. @returns their directory */
async function telling(home: string, programs: Record<string, string>): Promise<string> {
  const directory = join(home, "telling");
  await mkdir(join(directory, "told"), { recursive: true });
  await chmod(join(directory, "told"), 0o777);
  for (const [name, then] of Object.entries(programs)) {
    const tell = `tr '\\0' '\\n' < /proc/$$/environ > '${directory}/told/${name}-'$$; tr '\\0' ' ' < /proc/$$/cmdline >> '${directory}/told/${name}-'$$`;
    await writeFile(join(directory, name), `#!/bin/bash\n${tell}\n${then}\n`);
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}

async function told(home: string): Promise<{ name: string; text: string }[]> {
  const directory = join(home, "telling", "told");
  const names = await readdir(directory);
  return Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(directory, name), "utf8") })),
  );
}

function expectClean(all: readonly { name: string; text: string }[]): void {
  for (const { name, text } of all) {
    const lines = text.split("\n");
    const bad = lines.filter(
      (line) =>
        /^(INPUT_|STATE_|ACTIONS_)/.test(line) ||
        line.startsWith("OPENAI_API_KEY=") ||
        line.includes("CANARY") ||
        stage.world.canaries.some((canary) => line.includes(canary)),
    );
    expect({ name, bad }).toEqual({ name, bad: [] });
  }
}

/** As a workflow's own `env:` may repeat what our inputs hold. */
function repeatSecrets(env: Record<string, string>): void {
  env.COPY_OF_THE_LOGIN = stage.stored.tokens.refresh_token;
  env.COPY_OF_THE_WRITE_TOKEN = `Bearer ${stage.writeToken}`;
  env.OPENAI_API_KEY = "sk-proxy";
}

test("a prompt's codex, its version and its sandbox are handed nothing of the login", async () => {
  stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
  let all: { name: string; text: string }[] = [];

  const result = await stage.run(stage.refreshJob({ with: { prompt: "Hello" } }), {
    beforePhase: async ({ phase, env, home }) => {
      repeatSecrets(env);
      const real = join((env.PATH ?? "").split(":")[0] ?? "", "codex");
      const directory = await telling(home, { codex: `exec '${real}' "$@"` });
      if (phase === "main") env.PATH = `${directory}:${env.PATH}`;
    },
    afterPhase: async ({ phase, home }) => {
      if (phase === "main") all = await told(home);
    },
  });

  expect(result.conclusion).toBe("success");
  const words = ["app-server", "--version", "sandbox -c", "exec --skip-git-repo-check"];
  expect(words.filter((word) => !all.some(({ text }) => text.includes(word)))).toEqual([]);
  expectClean(all);
});

asRoot("npm and sudo are handed nothing of the login", async () => {
  stage = await Stage.set();
  const machine = await stage.world.runner.persistentMachine("unprivileged", { user: NOBODY });
  let all: { name: string; text: string }[] = [];
  const look = async (inputs: Record<string, string>) =>
    stage.run(stage.refreshJob({ with: { prompt: "Hello", ...inputs } }), {
      machine,
      beforePhase: async ({ env, home }) => {
        repeatSecrets(env);
        env.PATH = `${await telling(home, { npm: "exit 1", sudo: "exit 1" })}:${env.PATH}`;
      },
      afterPhase: async ({ phase, home }) => {
        if (phase === "main") all = await told(home);
      },
    });

  const withoutNpm = await look({ "codex-version": "9.9.9" });
  const withoutSudo = await look({ "protect-auth": "enforced" });

  expect(onlyJob(withoutNpm).log).toContain("[codex-install-failed]");
  expect(onlyJob(withoutSudo).log).toContain("[protection-impossible]");
  expect([...new Set(all.map(({ name }) => name.split("-")[0]))].sort()).toEqual(["npm", "sudo"]);
  expectClean(all);
});
