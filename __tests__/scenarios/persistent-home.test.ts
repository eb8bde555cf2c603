import { lstat, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Machine } from "../../lab/runner/machine.ts";
import { failureCodes, onlyJob, outputsOf, Stage, WRITE_TOKEN } from "./stage.ts";

const EXEC = "codex exec --skip-git-repo-check 'Reply exactly: OK' </dev/null";

let stage: Stage;
let machine: Machine;
let home: string;
beforeEach(async () => {
  stage = await Stage.set();
  machine = await stage.world.runner.persistentMachine();
  home = join(machine.home, "svc", ".codex");
});
afterEach(() => stage.strike());

/** A job on the host; it has no write token. */
function run(inputs: Record<string, string> = {}, after = "") {
  const workflow = stage.refreshJob({
    with: { "home-lifetime": "persistent", "codex-home": home, "secret-write-token": "", ...inputs },
    after,
  });
  return stage.dispatch(workflow, { machine });
}

/** What the log and the docs advise a host's administrator to write. */
function denying(directory: string): string {
  return [
    'default_permissions = "mine"',
    "[permissions.mine]",
    'extends = ":workspace"',
    "[permissions.mine.filesystem]",
    `${JSON.stringify(directory)} = "deny"`,
    "[features]",
    "apps = false",
    "plugins = false",
    "remote_plugin = false",
  ].join("\n");
}

const live = async (): Promise<string> => readFile(join(home, "auth.json"), "utf8");

describe("home-lifetime: persistent", () => {
  test("seeds a host that has no login, whole and private, and leaves it there after the job", async () => {
    const result = await run({ run: EXEC }).finished;

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({
      "restored-from": "secret",
      rotated: "false",
      stored: "false",
    });
    expect(JSON.parse(await live()).tokens.refresh_token).toBe(stage.login.refreshToken);
    expect(((await stat(home)).mode & 0o777).toString(8)).toBe("700");
    expect(((await stat(join(home, "auth.json"))).mode & 0o777).toString(8)).toBe("600");
    await expect(stat(join(home, ".codex-auth-roundtrip-host.lock"))).rejects.toThrow("ENOENT");
    expect(stage.world.github.server.requests).toEqual([]);
  });

  test.each([
    { what: "a prompt-file", link: "-s", name: "d/ask.md", inputs: { "prompt-file": "d/ask.md" } },
    { what: "an AGENTS.md", link: "-s", name: "AGENTS.md", inputs: { prompt: "Hello" } },
    { what: "a hard link", link: "-L", name: "d/ask.md", inputs: { prompt: "Hello" } },
  ])("does not send its whole login to the model as $what", async ({ link, name, inputs }) => {
    await run().finished;
    const given = inputs as unknown as Record<string, string>;
    const plant = `      - run: mkdir -p d; ln ${link} ${join(home, "auth.json")} ${name}`;
    const workflow = stage.refreshJob({
      before: plant,
      with: { "home-lifetime": "persistent", "codex-home": home, "secret-write-token": "", ...given },
    });

    const result = await stage.run(workflow, { machine });

    expect(failureCodes(result)).toEqual(["file-refused"]);
    expect(stage.world.openai.responses).toBe(0);
  });

  test("never overwrites what Codex has refreshed there, and never publishes it", async () => {
    await run({ run: EXEC }).finished;
    await writeFile(join(home, "auth.json"), stage.world.openai.withAccessTokenExpiringIn(await live(), 200));
    await run({ run: EXEC }).finished;
    const refreshed = await live();

    const result = await run({ run: EXEC }).finished;

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ "restored-from": "home" });
    expect(await live()).toBe(refreshed);
    expect(JSON.parse(refreshed).tokens.refresh_token).toBe(
      stage.world.openai.livingRefreshToken(stage.login.account),
    );
    expect(stage.world.openai.reuses).toBe(0);
    expect(stage.secret.writes).toBe(1);
  });

  test("replaces a file that an old Codex left broken off", async () => {
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "auth.json"), '{"auth_mode":"chatgpt","tokens":{"id_tok');

    const result = await run().finished;

    expect(result.conclusion).toBe("success");
    expect(JSON.parse(await live()).tokens.refresh_token).toBe(stage.login.refreshToken);
  });

  test("leaves a login of another kind alone, and fails", async () => {
    await mkdir(home, { recursive: true });
    await writeFile(join(home, "auth.json"), '{"auth_mode":"apikey","OPENAI_API_KEY":"sk-of-somebody"}');

    const result = await run().finished;

    expect(failureCodes(result)).toEqual(["home-foreign-login"]);
    expect(await live()).toBe('{"auth_mode":"apikey","OPENAI_API_KEY":"sk-of-somebody"}');
  });

  test("keeps a command of the model's that still runs out of the login that Codex has rotated meanwhile", async () => {
    const { openai, clock } = stage.world;
    await run().finished;
    await writeFile(join(home, "config.toml"), denying(join(home, "login")));
    const told: string[] = [];
    openai.model = ({ prompt, outputs }) => {
      told.push(...outputs);
      if (prompt.includes("second") || outputs.length > 0) return [{ message: "OK" }];
      openai.rejectAccessTokensIssuedBefore(new Date(clock.now().getTime() + 1));
      const poll = "touch ready; until [ -e go ]; do cat $H/auth.json $H/login/*; sleep 0.02; done 2>&1";
      return [{ exec: `H=${home}; ${poll}; cat $H/auth.json $H/login/auth.json; echo $((6 * 7))` }];
    };
    const script = [
      "codex exec --skip-git-repo-check first </dev/null &",
      "until [ -e ready ]; do sleep 0.02; done",
      "codex exec --skip-git-repo-check second </dev/null",
      "touch go",
      "wait $!",
    ].join("\n");

    const result = await run({ run: script }).finished;

    expect(result.conclusion).toBe("success");
    stage.expectRotatedInTurn(1);
    expect(told.join("\n")).toMatch(/^42$/m);
    expect(told.join("\n")).toContain("Permission denied");
    expect(stage.world.canaries.filter((canary) => told.join("\n").includes(canary))).toEqual([]);
    expect((await lstat(join(home, "auth.json"))).isSymbolicLink()).toBe(true);
    expect(JSON.parse(await live()).tokens.refresh_token).toBe(
      openai.livingRefreshToken(stage.login.account),
    );
  });

  test("lets a job wait while another one holds the host's login", async () => {
    await run().finished;
    const lock = join(home, ".codex-auth-roundtrip-host.lock");
    const stat = await readFile("/proc/self/stat", "utf8");
    const startedAt = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    await writeFile(lock, JSON.stringify({ pid: process.pid, startedAt, nonce: "another job" }));

    const waiting = run({ run: "echo IT-RAN" });
    waiting.on("log", (line) => {
      if (line.includes("Waiting for it, ten minutes at most")) void writeFile(lock, '{"pid":0}');
    });
    const result = await waiting.finished;

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toMatch(/Waiting for it[\s\S]*^IT-RAN$/m);
  });

  test("is held by one job for all its steps, and let go of after the last", async () => {
    const again = { run: EXEC, "home-lifetime": "persistent", "codex-home": home, "secret-write-token": "" };
    const lock = join(home, ".codex-auth-roundtrip-host.lock");
    const seen = `      - if: always()\n        run: test -e '${lock}' && echo STILL-LOCKED`;

    const result = await run({ run: EXEC }, `${stage.step({ id: "again", with: again })}\n${seen}`).finished;

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).not.toContain("Waiting for it");
    expect(onlyJob(result).log).toMatch(/^STILL-LOCKED$/m);
    expect(stage.world.openai.responses).toBe(2);
    await expect(stat(lock)).rejects.toThrow("ENOENT");
  });

  test("leaves the modes of a directory that was there", async () => {
    await mkdir(home, { recursive: true, mode: 0o755 });

    const result = await run().finished;

    expect(result.conclusion).toBe("success");
    expect(((await stat(home)).mode & 0o777).toString(8)).toBe("755");
    expect(((await stat(join(home, "auth.json"))).mode & 0o777).toString(8)).toBe("600");
  });

  test("takes over from a job whose machine was lost", async () => {
    await run().finished;
    await writeFile(join(home, ".codex-auth-roundtrip-host.lock"), '{"pid":4194303,"startedAt":"1"}');

    const result = await run().finished;

    expect(result.conclusion).toBe("success");
  });

  test("needs a directory of the host, and refuses what would write the secret", async () => {
    const nowhere = await run({ "codex-home": "" }).finished;
    const forced = await run({ refresh: "force", "secret-write-token": `\${{ secrets.${WRITE_TOKEN} }}` })
      .finished;

    expect([failureCodes(nowhere), failureCodes(forced)]).toEqual([["input-invalid"], ["input-invalid"]]);
  });

  test("lets go of the host when the seed is missing", async () => {
    const result = await run({ "codex-auth-json": "" }).finished;

    expect(failureCodes(result)).toEqual(["secret-empty"]);
    await expect(stat(join(home, ".codex-auth-roundtrip-host.lock"))).rejects.toThrow("ENOENT");
  });
});
