import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { MachineOptions } from "../../lab/runner/runner.ts";
import { failureCodes, onlyJob, outputsOf, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** Only root can play somebody else, or give a machine an /etc of its own. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const NOBODY: MachineOptions = { user: { uid: 65_534, gid: 65_534 } };
const EXEC = "codex exec --skip-git-repo-check 'Do your worst' </dev/null";
const WORKS = "echo $((6 * 7))";

/** What a model that wants the login orders. */
const READ = [
  "cat $CODEX_HOME/auth.json",
  "cat $(dirname $(readlink $CODEX_HOME/auth.json))/*",
  "mkdir copy; cp -L $CODEX_HOME/* copy; cat copy/auth.json copy/*.json",
  "cp -r $(dirname $CODEX_HOME) whole; find whole -name auth.json -exec cat {} +",
  "ln -s $(readlink $CODEX_HOME/auth.json) soft; cat soft",
  "ln $(readlink $CODEX_HOME/auth.json) hard; cat hard",
  "find $RUNNER_TEMP $HOME $TMPDIR -name auth.json -exec cat {} +",
  "umount $(dirname $(readlink $CODEX_HOME/auth.json)); cat $CODEX_HOME/auth.json",
  "unshare -Urm cat $CODEX_HOME/auth.json",
  "chmod -R 777 $(dirname $CODEX_HOME)/login; cat $CODEX_HOME/auth.json",
].join("; ");
const LOOK_AROUND = "env; set; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'";
/** Moves the login and puts an empty directory in its place, which the next command's sandbox would close instead. */
const MOVE = [
  "echo 'sandbox_mode = \"danger-full-access\"' > $CODEX_HOME/config.toml",
  "B=$(dirname $CODEX_HOME); mv $B/login $B/moved && mkdir $B/login",
  "mv $B $B-moved && mkdir -p $B/login && cp -a $B-moved/home $B/home",
  "cd $RUNNER_TEMP/..; mv _temp moved && mkdir _temp && cp -a moved/* _temp; : > _temp/*/login/auth.json",
].join("; ");
const READ_MOVED =
  "cat $(dirname $CODEX_HOME)-moved/login/* $RUNNER_TEMP/../moved/*/login/* $CODEX_HOME/../moved/*";
const TURNS = [[WORKS, READ, LOOK_AROUND], [MOVE], [READ_MOVED, WORKS]];

/** The model attacks, in three turns. @returns what its commands told it */
function attack(): string[] {
  const told: string[] = [];
  stage.world.openai.model = ({ outputs }) => {
    told.splice(0, told.length, ...outputs);
    let answered = 0;
    for (const turn of TURNS) {
      if (outputs.length === answered) return turn.map((exec) => ({ exec }));
      answered += turn.length;
    }
    return [{ message: "I give up." }];
  };
  return told;
}

/** Everything ever sent to the model, apart from the header that signs the request. */
function sentToModel(): string {
  const requests = stage.world.openai.server.requests.filter(({ path }) => path.endsWith("/responses"));
  return requests.map(({ body }) => body.toString("utf8")).join("\n");
}

/** Its commands ran, and nothing of the login or the write token came back. */
function expectNothingLearnt(told: readonly string[]): void {
  expect(told).toHaveLength(TURNS.flat().length);
  const [works, read, around] = told;
  expect([works, told.at(-1)]).toEqual([expect.stringMatching(/^42$/m), expect.stringMatching(/^42$/m)]);
  expect(read?.match(/Permission denied/g)?.length).toBeGreaterThanOrEqual(8);
  expect(around).toContain("CODEX_HOME=");
  const sent = sentToModel();
  expect(stage.world.canaries.filter((canary) => sent.includes(canary))).toEqual([]);
  expect(sent).not.toContain("CANARY");
  expect(sent).not.toContain("refresh_token");
}

describe("a model that wants the login", () => {
  test.each(["workspace-write", "read-only"])("learns nothing through a prompt, %s", async (sandbox) => {
    stage = await Stage.set();
    const told = attack();

    const result = await stage.run(stage.refreshJob({ with: { prompt: "Do your worst", sandbox } }));

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)["final-message"]).toBe("I give up.");
    expectNothingLearnt(told);
  });

  test.each(["workspace-write", "read-only"])("learns nothing in `run`, %s", async (sandbox) => {
    stage = await Stage.set();
    const told = attack();

    const result = await stage.run(stage.refreshJob({ with: { run: EXEC, sandbox } }));

    expect(result.conclusion).toBe("success");
    expectNothingLearnt(told);
  });

  test("learns nothing in a bare step after ours, which has no flags", async () => {
    stage = await Stage.set();
    const told = attack();

    const result = await stage.run(stage.refreshJob({ after: `      - run: ${EXEC}` }));

    expect(result.conclusion).toBe("success");
    expectNothingLearnt(told);
  });

  asRoot.each<{ what: string; inputs: Record<string, string> }>([
    { what: "a prompt, workspace-write", inputs: { prompt: "Do your worst" } },
    { what: "a prompt, read-only", inputs: { prompt: "Do your worst", sandbox: "read-only" } },
    { what: "`run`", inputs: { run: EXEC } },
  ])("learns nothing from an unprivileged user's job through $what", async ({ inputs }) => {
    stage = await Stage.set();
    const told = attack();
    const machine = await stage.world.runner.persistentMachine("unprivileged", NOBODY);

    const result = await stage.run(stage.refreshJob({ with: inputs }), { machine });

    expect(result.conclusion).toBe("success");
    expectNothingLearnt(told);
  });

  test("learns nothing when the checkout brings a config.toml that lifts the sandbox", async () => {
    stage = await Stage.set();
    const told = attack();
    const files = { ".codex/config.toml": 'sandbox_mode = "danger-full-access"\n' };
    const before = "      - uses: actions/checkout@v4";

    const result = await stage.run(stage.refreshJob({ before, with: { run: EXEC } }), { files });

    expect(result.conclusion).toBe("success");
    expectNothingLearnt(told);
  });

  test("learns nothing of a login that is rotated while its command runs", async () => {
    stage = await Stage.set();
    const { openai, clock } = stage.world;
    const told: string[] = [];
    openai.model = ({ prompt, outputs }) => {
      told.push(...outputs);
      if (prompt.includes("second") || outputs.length > 0) return [{ message: "OK" }];
      openai.rejectAccessTokensIssuedBefore(new Date(clock.now().getTime() + 1));
      const wait = "touch ready; until [ -e go ]; do sleep 0.02; done";
      return [
        { exec: `${WORKS}; ${wait}; cat $CODEX_HOME/auth.json; cat $(readlink $CODEX_HOME/auth.json)` },
      ];
    };
    const run = [
      "codex exec --skip-git-repo-check first </dev/null &",
      "until [ -e ready ]; do sleep 0.02; done",
      "codex exec --skip-git-repo-check second </dev/null",
      "touch go",
      "wait $!",
    ].join("\n");
    let home = "";

    const result = await stage.run(stage.refreshJob({ with: { "refresh-token": "present", run } }), {
      afterPhase: async ({ phase, env }) => {
        if (phase === "main") home = env.CODEX_HOME ?? "";
        if (phase === "main") expect((await lstat(join(home, "auth.json"))).isSymbolicLink()).toBe(true);
      },
    });

    expect(result.conclusion).toBe("success");
    stage.expectRotatedInTurn(1);
    expect(told.join("\n")).toMatch(/^42$/m);
    expect(told.join("\n").match(/Permission denied/g)).toHaveLength(2);
    const sent = sentToModel();
    expect(stage.world.canaries.filter((canary) => sent.includes(canary))).toEqual([]);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("learns everything with danger-full-access, and the log says so", async () => {
    stage = await Stage.set();
    // Codex prints what its commands print: in plain, the scenario's own check would find it there.
    let told = "";
    stage.world.openai.model = ({ outputs }) => {
      told += outputs;
      return outputs.length > 0 ? [{ message: "Thanks." }] : [{ exec: "base64 -w0 $CODEX_HOME/auth.json" }];
    };
    const inputs = { prompt: "Do your worst", sandbox: "danger-full-access" };

    const result = await stage.run(stage.refreshJob({ with: inputs }));

    expect(result.conclusion).toBe("success");
    const known = /[A-Za-z0-9+/=]{1000,}/.exec(told)?.[0] ?? "";
    expect(Buffer.from(known, "base64").toString("utf8")).toContain(stage.login.accessToken);
    expect(warningsOf(result)).toEqual([
      "With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.",
    ]);
  });
});

describe("protect-auth: enforced", () => {
  asRoot("holds in `run` even beside --sandbox, is there for the job, and gone after it", async () => {
    stage = await Stage.set();
    const told = attack();
    const machine = await stage.world.runner.persistentMachine("own-etc", { etc: "own" });
    const file = join(machine.etc, "codex", "requirements.toml");
    const run = EXEC.replace("exec", "exec --sandbox read-only");
    let during = "";

    const result = await stage.run(stage.refreshJob({ with: { "protect-auth": "enforced", run } }), {
      machine,
      afterPhase: async ({ phase }) => {
        if (phase === "main") during = await readFile(file, "utf8");
      },
    });

    expect(result.conclusion).toBe("success");
    expectNothingLearnt(told);
    expect(during).toContain("deny_read = [");
    await expect(lstat(file)).rejects.toThrow("ENOENT");
  });

  asRoot("holds for a prompt, and refuses danger-full-access", async () => {
    stage = await Stage.set();
    const told = attack();
    const machine = await stage.world.runner.persistentMachine("own-etc", { etc: "own" });
    const inputs = { "protect-auth": "enforced", prompt: "Do your worst" };

    const result = await stage.run(stage.refreshJob({ with: inputs }), { machine });
    expectNothingLearnt(told);
    const { responses } = stage.world.openai;
    const refused = await stage.run(
      stage.refreshJob({ with: { ...inputs, sandbox: "danger-full-access" } }),
      {
        machine,
      },
    );

    expect(result.conclusion).toBe("success");
    expect(failureCodes(refused)).toEqual(["input-invalid"]);
    expect(onlyJob(refused).log).toContain("`protect-auth: enforced` does not go with");
    expect(stage.world.openai.responses).toBe(responses);
  });

  asRoot("refuses a machine that has requirements of its own, and leaves them", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine("own-etc", { etc: "own" });
    const theirs = "      - run: mkdir -p /etc/codex && echo '# theirs' > /etc/codex/requirements.toml";

    const result = await stage.run(
      stage.refreshJob({ before: theirs, with: { "protect-auth": "enforced", prompt: "Hello" } }),
      { machine },
    );

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toEqual(["protection-impossible"]);
    expect(await readFile(join(machine.etc, "codex", "requirements.toml"), "utf8")).toBe("# theirs\n");
    expect(stage.world.openai.responses).toBe(0);
  });

  asRoot("holds in two steps of one job, and over what a killed one left", async () => {
    stage = await Stage.set();
    const told = attack();
    const machine = await stage.world.runner.persistentMachine("own-etc", { etc: "own" });
    const file = join(machine.etc, "codex", "requirements.toml");
    const inputs = { "protect-auth": "enforced", prompt: "Do your worst" };
    let during = "";

    const result = await stage.run(
      stage.refreshJob({ with: inputs, after: stage.step({ id: "again", with: inputs }) }),
      {
        machine,
        afterPhase: async ({ phase }) => {
          if (phase === "main") during = await readFile(file, "utf8");
        },
      },
    );
    const gone = await lstat(file).then(
      () => false,
      () => true,
    );
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, during);
    const next = await stage.run(stage.refreshJob({ with: inputs }), { machine });

    expect([result.conclusion, gone, next.conclusion]).toEqual(["success", true, "success"]);
    expectNothingLearnt(told);
    await expect(lstat(file)).rejects.toThrow("ENOENT");
  });

  asRoot("says that it is impossible to a user without sudo", async () => {
    stage = await Stage.set();
    const machine = await stage.world.runner.persistentMachine("unprivileged", NOBODY);
    const inputs = { "protect-auth": "enforced", prompt: "Hello" };

    const result = await stage.run(stage.refreshJob({ with: inputs }), { machine });

    expect(result.conclusion).toBe("failure");
    expect(failureCodes(result)).toEqual(["protection-impossible"]);
    expect(stage.world.openai.responses).toBe(0);
  });
});

function warningsOf(result: Parameters<typeof onlyJob>[0]): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === "warning")
    .map(({ message }) => message);
}
