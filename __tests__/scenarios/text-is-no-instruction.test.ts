import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type DispatchOptions, type RunResult, whyNoHostedMachine } from "../../lab/runner/runner.ts";
import { CODEX_EXEC, failureCodes, onlyJob, SECRET, Stage, WRITE_TOKEN } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const REFUSED = "Your access token could not be refreshed. Please log out and sign in again.";
/** What a commit, a file or a model may say: all that a runner obeys, and what once made us rotate. */
const HOSTILE = [
  "::stop-commands::zzz",
  REFUSED,
  "  ::add-mask::codex",
  "middle ##[add-mask]job",
  "::save-state name=critical-section::forged",
  "::save-state name=session::forged",
  "::set-output name=rotated::forged",
  "::error::forged",
  "##[warning]forged",
  "::add-matcher::m.json",
  "::group::forged",
  "carriage\r::notice::forged",
].join("\n");

/** On a machine like GitHub's where this one allows it. */
async function run(workflow: string, options: Partial<DispatchOptions> = {}): Promise<RunResult> {
  if (whyNoHostedMachine() !== undefined) return stage.run(workflow, options);
  return stage.run(workflow, { machine: await stage.world.runner.hostedMachine(), ...options });
}

/** A step that runs a script, whatever characters are in it; indented by six. */
function scriptStep(script: string): string {
  const encoded = Buffer.from(script).toString("base64");
  return `      - run: echo ${encoded} | base64 -d > "$RUNNER_TEMP/step.sh" && bash -e "$RUNNER_TEMP/step.sh"`;
}

/** A checkout whose last commit says these words. */
function commitSaying(words: string): string {
  const message = Buffer.from(words).toString("base64");
  return scriptStep(
    `git init -q . && echo ${message} | base64 -d | git -c user.name=a -c user.email=a@example.test commit -q --allow-empty --cleanup=verbatim -F -`,
  );
}

/** What the runner did on the word of our step in this phase. */
function obeyed(result: RunResult, phase: string): string[] {
  const mine = onlyJob(result).commands.filter(
    ({ place }) => place.phase === phase && place.step === "codex",
  );
  return mine.map(({ name }) => name);
}

/** Lines of ours with the words that the forged state holds; that it was printed is no such line. */
function forgedLines(result: RunResult): string[] {
  const lines = onlyJob(result).rawLog.split("\n");
  return lines.filter((line) => line.includes("Forged words") && !line.startsWith("::save-state"));
}

/** Nothing after a relay but our own annotations and groups; nothing that was printed has been obeyed. */
function expectNothingObeyed(result: RunResult): void {
  const job = onlyJob(result);
  const main = obeyed(result, "main");
  const afterRelay = main.slice(main.indexOf("stop-commands"));
  expect(main).toContain("stop-commands");
  expect(
    afterRelay.filter((name) => !["stop-commands", "group", "endgroup", "error", "warning"].includes(name)),
  ).toEqual([]);
  expect(job.annotations.filter(({ message }) => message.includes("forged"))).toEqual([]);
  const outputs = job.steps.map((step) =>
    JSON.stringify([{ ...step.outputs, "final-message": "" }, step.state]),
  );
  expect(outputs.filter((text) => text.includes("forged"))).toEqual([]);
  for (const canary of stage.world.canaries) expect(job.log).not.toContain(canary);
}

function expectNothingRotated(): void {
  expect(stage.world.openai.refreshes.filter(({ outcome }) => outcome === "rotated")).toEqual([]);
  expect(stage.secret.writes).toBe(1);
  stage.expectLoginAlive();
}

describe("words that are printed", () => {
  test.each([
    ["on standard output", "git log -1 --format=%B"],
    ["on standard error", "git log -1 --format=%B >&2"],
    ["without a last newline", "git log -1 --format=%B | head -c -1"],
    [
      "a byte at a time",
      "git log -1 --format=%B | while IFS= read -r -n1 -d '' c; do printf '%s' \"$c\"; done",
    ],
    ["on both, and then fails", "git log -1 --format=%B; git log -1 --format=%B >&2; exit 3"],
  ])("by a command, %s, are no instruction", async (_, script) => {
    stage = await Stage.set();

    const result = await run(stage.refreshJob({ before: commitSaying(HOSTILE), with: { run: script } }));

    expect(failureCodes(result)).toEqual(script.endsWith("exit 3") ? ["run-failed"] : []);
    expect(onlyJob(result).annotations).toHaveLength(script.endsWith("exit 3") ? 1 : 0);
    expectNothingObeyed(result);
    expectNothingRotated();
  });

  test("innocently do not refresh the login", async () => {
    stage = await Stage.set();

    const result = await run(stage.refreshJob({ with: { run: `echo "CHANGELOG: ${REFUSED}"` } }));

    expect(result.conclusion).toBe("success");
    expectNothingRotated();
  });

  test("by the model are no instruction, under read-only", async () => {
    stage = await Stage.set();
    stage.world.openai.model = () => [{ message: HOSTILE }];

    const result = await run(stage.refreshJob({ with: { prompt: "Hello", sandbox: "read-only" } }));

    expect(result.conclusion).toBe("success");
    expectNothingObeyed(result);
    expectNothingRotated();
    expect(stage.world.openai.responses).toBe(1);
  });

  test.each([
    ["by the README's own command", CODEX_EXEC],
    ["with its answer in a file", `${CODEX_EXEC} > answer.txt`],
  ])("by the model are no instruction, %s", async (_, script) => {
    stage = await Stage.set();
    stage.world.openai.model = () => [{ message: HOSTILE }];

    const result = await run(stage.refreshJob({ with: { run: script } }));

    expect(result.conclusion).toBe("success");
    expectNothingObeyed(result);
    expectNothingRotated();
  });

  test("before a rotation in a job that has the whole login do not unmask it", async () => {
    stage = await Stage.set({ expiresInSeconds: 200 });

    const result = await run(
      stage.refreshJob({
        before: commitSaying(HOSTILE),
        with: {
          "refresh-token": "present",
          refresh: "never",
          run: `git log -1 --format=%B\n${CODEX_EXEC}`,
        },
      }),
    );

    expect(result.conclusion).toBe("success");
    expectNothingObeyed(result);
    stage.expectRotatedOnce();
  });
});

describe("a value that a command asks to hide", () => {
  test("is nowhere in the log", async () => {
    stage = await Stage.set();
    const script = [
      'value="s3cret-of-"; value="$value""the-command"',
      'echo "::add-mask::$value"',
      'echo "out $value out"; echo "err $value" >&2',
      "printf 's3cret-of-'; sleep 0.2; printf 'the-command'; sleep 0.2; printf '\\n'",
      'printf "$value"',
    ].join("\n");

    const result = await run(stage.refreshJob({ with: { run: script } }));

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).rawLog).not.toContain("s3cret-of-the-command");
    expect(onlyJob(result).log).toContain("out *** out");
    expect(onlyJob(result).log).toContain("err ***");
  });
});

/** State that would make post remove, publish and tell what somebody else wants. */
function forgedState(base: string): Record<string, string> {
  const expectedUpdatedAt = new Date().toISOString();
  const alert = { code: "refresh-rejected", message: "Forged words", hint: "Forged advice" };
  return {
    session: JSON.stringify({
      base,
      home: base,
      mark: "",
      place: { secretName: SECRET, environment: null },
      refreshToken: "present",
      ownsHome: true,
      madeHome: true,
      madeConfig: true,
      written: null,
      beganMonotonicMs: 0,
      madeRequirements: true,
      hostLock: null,
      environment: {},
    }),
    "critical-section": JSON.stringify({ directory: base, process: null, expectedUpdatedAt, lockTakenMs: 0 }),
    notice: JSON.stringify(alert),
    report: JSON.stringify({
      alert,
      rotated: true,
      stored: false,
      events: ["Forged words"],
      rescue: "forged",
    }),
  };
}

describe("state that somebody else has written", () => {
  const appended = (state: Record<string, string>): string =>
    `cat >> "$RUNNER_TEMP"/_runner_file_commands/save_state_* <<'STATE'\n${Object.entries(state)
      .map(([name, value]) => `${name}=${value}`)
      .join("\n")}\nSTATE`;
  const printedAsCommands = (state: Record<string, string>): string =>
    Object.entries(state)
      .map(([name, value]) => `echo '::save-state name=${name}::${value}'`)
      .join("\n");

  test.each([
    ["printed", printedAsCommands],
    ["appended to the runner's file", appended],
    [
      "appended, by a command that kills main",
      (state: Record<string, string>) => `${appended(state)}\nkill -9 $(ps -o ppid= -p $PPID) $PPID`,
    ],
  ])("%s removes nothing, stores nothing and tells nothing", async (_, write) => {
    stage = await Stage.set();
    const precious = join(stage.world.root, "precious");
    const foreign = stage.world.openai.login().document;
    await mkdir(join(precious, "home"), { recursive: true });
    for (const name of ["predecessor.json", "handed.json", "auth.json", "home/auth.json"])
      await writeFile(join(precious, name), name.endsWith("auth.json") ? foreign : stage.login.document);

    const result = await stage.run(
      stage.refreshJob({
        with: { run: write(forgedState(precious)), "alert-issue": "true" },
        permissions: "actions: read\n  issues: write",
      }),
    );

    expect(await readdir(precious)).toEqual(["auth.json", "handed.json", "home", "predecessor.json"]);
    expect(await readFile(join(precious, "home", "auth.json"), "utf8")).toBe(foreign);
    expect(stage.secret.writes).toBe(1);
    expect(stage.repository.issues).toEqual([]);
    expect(forgedLines(result)).toEqual([]);
    expect(onlyJob(result).summary).not.toContain("Forged words");
    stage.expectLoginAlive();
  });

  test("that comes as a variable where pre has not run is not believed", async () => {
    stage = await Stage.set();
    const precious = join(stage.world.root, "precious");
    await mkdir(precious);
    await writeFile(join(precious, "auth.json"), "theirs");
    const forged = Object.entries(forgedState(precious)).map(
      ([name, value]) => `echo 'STATE_${name}=${value}' >> "$GITHUB_ENV"`,
    );
    const ours = stage
      .step({ with: { run: "true", "alert-issue": "true" } })
      .replace("codex-auth-roundtrip/codex-auth-roundtrip@v1", "./");

    const result = await stage.run(
      stage
        .refreshJob({ with: {}, before: scriptStep(forged.join("\n")) })
        .replace(stage.step({ with: {} }), ours),
    );

    expect(await readdir(precious)).toEqual(["auth.json"]);
    expect(stage.secret.writes).toBe(1);
    expect(stage.repository.issues).toEqual([]);
    expect(forgedLines(result)).toEqual([]);
    stage.expectLoginAlive();
  });
});

describe("a login that a later step has put into the home, with the refresh token withheld", () => {
  const JUNK = `sed -i 's/"refresh_token": *""/"refresh_token":"junk"/' "$CODEX_HOME/auth.json"; grep -c junk "$CODEX_HOME/auth.json"`;
  const MADE_UP = `cat > "$CODEX_HOME/auth.json" <<'END'
{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"id_token":"a.b.c","access_token":"d.e.f","refresh_token":"made-up","account_id":"acc"},"last_refresh":"2099-01-01T00:00:00Z"}
END`;

  test.each([
    ["one word is changed", JUNK],
    ["it is made up", MADE_UP],
  ])("is told and not stored: %s", async (_, script) => {
    stage = await Stage.set();

    const result = await run(stage.refreshJob({ after: scriptStep(script) }));

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).annotations).toEqual([
      { level: "warning", message: expect.stringContaining("It is not stored") },
    ]);
    expectNothingRotated();
  });
});

describe("what a command leaves behind", () => {
  test.each([
    ["in the background", "sleep 300 > /dev/null 2>&1 &"],
    [
      "as a daemon without its environment",
      "env -i setsid /bin/sh -c '/bin/sleep 300 > /dev/null 2>&1 < /dev/null &'",
    ],
    ["with the command's output", "(sleep 300; echo late) &"],
  ])("has ended before main does: %s", async (_, script) => {
    stage = await Stage.set();
    const look =
      'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " < "$f" 2>/dev/null; echo; done | grep -c "^/*[a-z/]*sleep 300" || true';

    const result = await run(
      stage.refreshJob({
        with: { run: `${script}\necho started` },
        after: scriptStep(`echo "left behind: $(${look})."`),
      }),
    );

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).log).toContain("left behind: 0.");
  });
});

test("what GitHub says in refusing to store is no instruction", async () => {
  stage = await Stage.set({ expiresInSeconds: 3600 });
  stage.interceptStoreWrites(() => ({ status: 403, body: { message: HOSTILE } }));

  const result = await run(
    stage.refreshJob({
      with: { refresh: "force", "alert-issue": "true" },
      permissions: "actions: read\n  issues: write",
    }),
  );

  expect(result.conclusion).toBe("failure");
  const job = onlyJob(result);
  expect(
    job.commands.filter(({ name }) => !["add-mask", "debug", "error", "warning"].includes(name)),
  ).toEqual([]);
  expect(job.annotations.filter(({ message }) => message.startsWith("forged"))).toEqual([]);
  expect(job.log).not.toContain(stage.world.openai.livingRefreshToken(stage.login.account));
});

test("the names of a step's shell and directory are no instruction", async () => {
  stage = await Stage.set();

  const result = await run(
    stage.refreshJob({
      with: {
        run: "true",
        shell: "::error::forged##[error]forged {0}",
        "secret-write-token": `\${{ secrets.${WRITE_TOKEN} }}`,
      },
    }),
  );

  expect(failureCodes(result)).toEqual(["run-failed"]);
  expect(onlyJob(result).annotations).toHaveLength(1);
});
