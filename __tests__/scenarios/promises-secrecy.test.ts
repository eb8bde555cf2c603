import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, failureCodes, onlyJob, readProcess, SECRET, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
const CODEX = "codex exec --skip-git-repo-check --sandbox read-only 'Reply OK' </dev/null";

// What `strike` looks for after every scenario: log, summary, outputs, state, and everything sent to GitHub and the cache.
describe("6. Nothing of the login leaves its place", () => {
  test("not into the environment or the arguments of anything we start", async () => {
    stage = await Stage.set(due);
    const seen = new Map<string, string>();
    const look = (name: string, words: string): void => {
      for (const pid of stage.processes(words)) {
        if (readProcess(pid, "cmdline").includes("dist/main.cjs")) continue;
        seen.set(name, `${readProcess(pid, "cmdline")}\n${readProcess(pid, "environ")}`);
      }
    };
    stage.world.openai.server.intercept((request, next) => {
      if (request.path === "/oauth/token") look("app-server", "app-server");
      if (request.path.endsWith("/responses")) look("run", "Reply OK");
      return next();
    });
    const workflow = stage.refreshJob({ with: { run: CODEX, "codex-env": "FLAVOUR=vanilla" } });

    const result = await stage.run(workflow, {
      beforePhase: async ({ env, home, phase }) => {
        // A variable of the job that repeats a secret, as `env:` of a workflow does.
        env.COPY_OF_THE_LOGIN = stage.stored.tokens.refresh_token;
        env.COPY_OF_THE_WRITE_TOKEN = `Bearer ${stage.writeToken}`;
        if (phase === "main") env.PATH = `${await tellingTar(home)}:${env.PATH}`;
      },
      afterPhase: async ({ home, phase }) => {
        if (phase === "main") seen.set("tar", await readFile(join(home, "tar.environ"), "utf8"));
      },
    });

    expect(result.conclusion).toBe("success");
    expect([...seen.keys()].sort()).toEqual(["app-server", "run", "tar"]);
    expect(seen.get("run")).toContain("FLAVOUR=vanilla");
    for (const [name, text] of seen) {
      const lines = text.replaceAll("\0", "\n").split("\n");
      expect({ name, found: lines.filter((line) => line.startsWith("INPUT_")) }).toEqual({ name, found: [] });
      expect({ name, found: lines.filter(isSecret) }).toEqual({ name, found: [] });
    }
    stage.expectRotatedOnce();
  });

  test("not into errors and the rescue, when nothing can be stored", async () => {
    stage = await Stage.set(due);
    stage.world.github.server.intercept((request, next) =>
      request.method === "PUT" && request.path.endsWith(SECRET)
        ? { status: 403, body: { message: "no" } }
        : next(),
    );
    const readOnly = {
      status: 200,
      body: { ok: false, signed_upload_url: "", message: "cache write denied: token has no writable scopes" },
    };
    stage.world.cache.server.intercept((request, next) =>
      request.path.endsWith("/CreateCacheEntry") ? readOnly : next(),
    );

    const result = await stage.run(stage.refreshJob());

    expect(result.conclusion).toBe("failure");
    const sealed = /encrypted_value='([^']+)'/.exec(onlyJob(result).summary)?.[1] ?? "";
    const opened = stage.repository.secrets.open(Buffer.from(sealed, "base64"))?.toString("utf8") ?? "{}";
    expect(JSON.parse(opened).tokens.refresh_token).toBe(
      stage.world.openai.livingRefreshToken(stage.login.account),
    );
  });

  test("the refresh token not into the home, where the model can read", async () => {
    stage = await Stage.set(due);
    const outputs: string[] = [];
    stage.world.openai.model = (turn) => {
      outputs.push(...turn.outputs);
      return turn.outputs.length > 0 ? [{ message: "OK" }] : [{ exec: "cat $CODEX_HOME/auth.json; env" }];
    };

    const result = await stage.run(
      stage.refreshJob({
        with: { run: `${CODEX} >/dev/null 2>&1; find "$RUNNER_TEMP" -type f > found.txt` },
      }),
      {
        afterPhase: async ({ phase, workspace }) => {
          if (phase !== "main") return;
          const files = (await readFile(join(workspace, "found.txt"), "utf8")).trim().split("\n");
          for (const file of files) outputs.push(await readFile(file, "latin1").catch(() => ""));
        },
      },
    );

    expect(result.conclusion).toBe("success");
    expect(outputs.join("\n")).toContain('"refresh_token": ""');
    const refreshTokens = [stage.login.refreshToken, stage.stored.tokens.refresh_token, stage.writeToken];
    expect(refreshTokens.filter((token) => outputs.some((output) => output.includes(token)))).toEqual([]);
    stage.expectRotatedOnce();
  });

  test("the files that hold it are for their owner alone, and gone after the job", async () => {
    stage = await Stage.set(due);
    const machine = await stage.world.runner.persistentMachine();
    const modes: Record<string, string> = {};
    let left = "";

    const result = await stage.run(stage.refreshJob({ after: "      - run: 'true'" }), {
      machine,
      afterPhase: async ({ phase, env }) => {
        if (phase !== "run") return;
        const home = env.CODEX_HOME ?? "";
        for (const path of ["", "auth.json"]) {
          modes[path] = ((await stat(join(home, path))).mode & 0o777).toString(8);
        }
        left = home;
      },
    });

    expect(result.conclusion).toBe("success");
    expect(modes).toEqual({ "": "700", "auth.json": "600" });
    await expect(stat(left)).rejects.toThrow("ENOENT");
  });
});

describe("7. A host's own login is never touched", () => {
  test("not overwritten, not deleted, not logged out, while our job has a login of its own", async () => {
    stage = await Stage.set(due);
    const { machine, file, host } = await hostWithLogin();
    const before = await fingerprintOf(file);

    const result = await stage.run(stage.refreshJob({ with: { refresh: "force", run: CODEX } }), { machine });

    expect(result.conclusion).toBe("success");
    expect(await fingerprintOf(file)).toEqual(before);
    expectSignedIn(host.account, host.refreshToken);
    stage.expectLoginAlive();
  });

  test("not when `codex-home` names its very home: the job is refused", async () => {
    stage = await Stage.set(due);
    const { machine, file, host } = await hostWithLogin();
    const before = await fingerprintOf(file);
    const home = join(machine.home, ".codex");

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-home": home, refresh: "force", run: CODEX } }),
      {
        machine,
      },
    );

    expect(failureCodes(result)).toEqual(["home-has-login"]);
    expect(await fingerprintOf(file)).toEqual(before);
    expect((await stat(home)).mode & 0o777).toBe(0o755);
    expectSignedIn(host.account, host.refreshToken);
    stage.expectNothingSpent();
  });

  test("not when main was killed, nor when the job was cancelled", async () => {
    stage = await Stage.set(due);
    const { machine, file, host } = await hostWithLogin();
    const before = await fingerprintOf(file);
    stage.holdAnswer(300, () => stage.killMain());

    await stage.run(stage.refreshJob(), { machine });
    const run = stage.dispatch(stage.refreshJob({ with: { refresh: "force" } }), { machine });
    stage.holdAnswer(300, () => run.cancel());
    await run.finished;

    expect(await fingerprintOf(file)).toEqual(before);
    expectSignedIn(host.account, host.refreshToken);
    stage.expectLoginAlive();
  });
});

/** A self-hosted machine whose owner uses Codex, too. */
async function hostWithLogin() {
  const machine = await stage.world.runner.persistentMachine();
  const host = stage.world.openai.login();
  const file = join(machine.home, ".codex", "auth.json");
  await mkdir(join(machine.home, ".codex"), { recursive: true, mode: 0o755 });
  await writeFile(file, host.document, { mode: 0o600 });
  return { machine, file, host };
}

async function fingerprintOf(file: string) {
  const { ino, mtimeMs, ctimeMs, mode } = await stat(file);
  return {
    ino,
    mtimeMs,
    ctimeMs,
    mode,
    content: createHash("sha256")
      .update(await readFile(file))
      .digest("hex"),
  };
}

/** Nobody has used or revoked the host's login. */
function expectSignedIn(account: string, refreshToken: string): void {
  const { openai } = stage.world;
  expect(openai.livingRefreshToken(account)).toBe(refreshToken);
  expect(openai.refreshes.filter((refresh) => refresh.account === account)).toEqual([]);
  expect(openai.server.requests.filter(({ path }) => path === "/oauth/revoke")).toEqual([]);
}

function isSecret(line: string): boolean {
  return line.includes("CANARY") || stage.world.canaries.some((canary) => line.includes(canary));
}

/** A `tar` that leaves its environment and arguments beside itself, and then does its work. */
async function tellingTar(home: string): Promise<string> {
  const directory = join(home, "telling");
  await mkdir(directory, { recursive: true });
  const script = `#!/bin/sh\ncat /proc/$$/environ /proc/$$/cmdline >> '${join(home, "tar.environ")}'\nexec /usr/bin/tar "$@"\n`;
  await writeFile(join(directory, "tar"), script);
  await chmod(join(directory, "tar"), 0o755);
  return directory;
}
