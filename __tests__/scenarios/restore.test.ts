import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, onlyJob, outputsOf, SECRET, Stage } from "./stage.ts";

const WORKSPACE = "$" + "{{ github.workspace }}";

let stage: Stage;
afterEach(() => stage.strike());

describe("the home", () => {
  test("pre makes it for this job alone, tells later steps where it is, and post removes it", async () => {
    stage = await Stage.set();
    const modes = new Map<string, string>();
    let left: string[] = [];

    const result = await stage.run(
      stage.refreshJob({
        after: `      - id: later\n        run: echo "home=$CODEX_HOME" >> "$GITHUB_OUTPUT"`,
      }),
      {
        afterPhase: async ({ phase, temp }) => {
          if (phase !== "pre") return;
          for (const path of await readdir(temp, { recursive: true }))
            modes.set(path, ((await stat(join(temp, path))).mode & 0o777).toString(8));
        },
        beforeCleanup: async ({ temp }) => {
          left = await readdir(temp);
        },
      },
    );

    expect(result.conclusion).toBe("success");
    const ours = [...modes].filter(([path]) => path.startsWith("codex-auth-"));
    expect(ours.map(([path, mode]) => [path.split("/").slice(1).join("/"), mode]).sort()).toEqual([
      ["", "700"],
      ["home", "700"],
      ["home/.codex-auth-roundtrip.json", "600"],
      ["home/auth.json", "600"],
      ["home/config.toml", "600"],
      ["login", "700"],
      ["login/auth.json", "600"],
      ["mark.json", "600"],
      ["written", "600"],
    ]);
    expect(outputsOf(result, "later").home).toMatch(/\/codex-auth-CODEX_AUTH_JSON\/home$/);
    expect(outputsOf(result)["codex-home"]).toBe(outputsOf(result, "later").home);
    expect(left.filter((name) => name.startsWith("codex-auth"))).toEqual([]);
  });

  test("a given directory that was there keeps its config.toml and everything else; only the login goes", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, "codex");
    await mkdir(join(home, "prompts"), { recursive: true });
    await writeFile(join(home, "config.toml"), 'model = "gpt-mine"\n');
    await writeFile(join(home, "prompts", "review.md"), "Review this.\n");
    const models: string[] = [];
    stage.world.openai.model = ({ model }) => {
      models.push(model);
      return [{ message: "OK" }];
    };

    const result = await stage.run(stage.refreshJob({ with: { "codex-home": home, run: CODEX_EXEC } }), {
      machine,
    });

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ "codex-home": home, rotated: "true" });
    expect(models).toEqual(["gpt-mine"]);
    expect(await readFile(join(home, "config.toml"), "utf8")).toContain('model = "gpt-mine"\n');
    expect(await readFile(join(home, "prompts", "review.md"), "utf8")).toBe("Review this.\n");
    const left = await readdir(home);
    expect(left).not.toContain("auth.json");
    expect(left).not.toContain(".codex-auth-roundtrip.json");
  });

  test("a given directory that was not there is removed", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, "made", "for", "codex");

    const result = await stage.run(stage.refreshJob({ with: { "codex-home": home, run: CODEX_EXEC } }), {
      machine,
    });

    expect(result.conclusion).toBe("success");
    await expect(stat(home)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("a host's own login is refused and left byte for byte as it is", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const machine = await stage.world.runner.persistentMachine();
    const home = join(machine.home, ".codex");
    const login = stage.world.openai.login();
    await mkdir(home, { mode: 0o755 });
    await writeFile(join(home, "auth.json"), login.document, { mode: 0o640 });
    const before = await stat(join(home, "auth.json"));

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-home": home, refresh: "force", run: "echo JOB-RAN" } }),
      { machine },
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[home-has-login]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(await readdir(home)).toEqual(["auth.json"]);
    expect(await readFile(join(home, "auth.json"), "utf8")).toBe(login.document);
    const after = await stat(join(home, "auth.json"));
    expect([after.ino, after.mode, after.mtimeMs]).toEqual([before.ino, before.mode, before.mtimeMs]);
    expect(stage.requests).toEqual([]);
  });

  test.each([
    ["", WORKSPACE],
    ["/.codex", `${WORKSPACE}/.codex`],
    ["/..codex", `${WORKSPACE}/..codex`],
    ["/a/../.codex, by a detour", `${WORKSPACE}/../app/a/../.codex`],
  ])("inside the workspace (WORKSPACE%s) it is refused", async (_, home) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    let workspaceFiles: string[] = [];

    const result = await stage.run(stage.refreshJob({ with: { "codex-home": home, run: "echo JOB-RAN" } }), {
      beforeCleanup: async ({ workspace }) => {
        workspaceFiles = await readdir(workspace);
      },
    });

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[home-in-workspace]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(workspaceFiles).toEqual([]);
    expect(stage.requests).toEqual([]);
  });

  test("inside the workspace, through a link, it is refused too", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine();
    const workspace = machine.workspace("app");
    await symlink(workspace, join(machine.home, "link"));

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-home": join(machine.home, "link", "codex") } }),
      { machine },
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[home-in-workspace]");
    expect(await readdir(workspace)).toEqual([]);
  });
});

describe("what a job must have before anything happens", () => {
  test("an empty secret names itself, and its likely causes", async () => {
    stage = await Stage.set();
    stage.repository.deleteSecret(SECRET);

    const result = await stage.run(stage.refreshJob({ with: { run: "echo JOB-RAN" } }));

    expect(result.conclusion).toBe("failure");
    const { log, rawLog } = onlyJob(result);
    expect(log).toContain("[secret-empty]");
    expect(log).toContain("secret CODEX_AUTH_JSON of repository octo/app");
    expect(log).toMatch(/does not name that `environment:`.*another repository.*Dependabot secret.*seed it/);
    expect(rawLog).not.toContain("JOB-RAN");
    expect(stage.requests).toEqual([]);
  });

  test("a secret that is no login is refused without a word of it in the log", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.repository.setSecret(SECRET, stage.login.document.slice(0, -30));

    const result = await stage.run(stage.refreshJob({ with: { run: "echo JOB-RAN" } }));

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[login-truncated]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(stage.requests).toEqual([]);
  });

  test("a public repository is refused, unless it is allowed", async () => {
    stage = await Stage.set({ visibility: "public" });

    const refused = await stage.run(stage.refreshJob({ with: { run: "echo JOB-RAN" } }));
    const allowed = await stage.run(
      stage.refreshJob({ with: { "allow-public-repository": "true", run: "echo JOB-RAN" } }),
    );

    expect(refused.conclusion).toBe("failure");
    expect(onlyJob(refused).log).toContain("[public-repository]");
    expect(onlyJob(refused).rawLog).not.toContain("JOB-RAN");
    expect(allowed.conclusion).toBe("success");
    expect(stage.requests).toEqual([]);
  });

  test("a refresh job without a write token fails before anything, the restore included", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const phases: string[] = [];
    let found: string[] = [];

    const result = await stage.run(
      stage.refreshJob({ with: { "secret-write-token": "", run: "echo JOB-RAN" } }),
      {
        afterPhase: async ({ phase, temp }) => {
          phases.push(phase);
          found = found.concat(await readdir(temp));
        },
      },
    );

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[write-token-missing]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(phases).toEqual(["pre", "main", "post"]);
    expect(found.filter((name) => name.startsWith("codex-auth"))).toEqual([]);
    expect(stage.requests).toEqual([]);
  });
});
