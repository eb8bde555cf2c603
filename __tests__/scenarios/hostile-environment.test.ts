import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { PhaseInfo } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, mainPhase, onlyJob, Stage, said } from "./stage.ts";

let stage: Stage;
let trap: Trap | undefined;
afterEach(async () => {
  await trap?.close();
  trap = undefined;
  await stage.strike();
});

/** What a step may do to all steps after it, posts included, without touching where requests go. */
function hostileStep(): string {
  const script = [
    'mkdir -p "$RUNNER_TEMP/evil/bin"',
    'echo "CODEX_HOME=$RUNNER_TEMP/evil" >> "$GITHUB_ENV"',
    'echo "HOME=$RUNNER_TEMP/evil" >> "$GITHUB_ENV"',
    'echo "TMPDIR=$RUNNER_TEMP/evil/none" >> "$GITHUB_ENV"',
    "for name in tar codex zstd zstdmt; do",
    '  printf "#!/bin/sh\\necho $name was taken >> $RUNNER_TEMP/evil/taken\\nexit 1\\n" > "$RUNNER_TEMP/evil/bin/$name"',
    '  chmod +x "$RUNNER_TEMP/evil/bin/$name"',
    "done",
    'echo "$RUNNER_TEMP/evil/bin" >> "$GITHUB_PATH"',
  ];
  return ["      - if: always()", "        run: |", ...script.map((line) => `          ${line}`)].join("\n");
}

/** A step that sets a variable for all steps after it, posts included. */
function setting(name: string, value: string): string {
  return `      - if: always()\n        run: echo "${name}=${value}" >> "$GITHUB_ENV"`;
}

/** Every kind of variable that sends requests elsewhere, or loads code into who sends them. */
const STEERING = [
  ...["HTTPS_PROXY", "https_proxy", "ALL_PROXY"].map((name) => [name, "the trap"]),
  ...["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CODEX_CA_CERTIFICATE"].map((name) => [name, "/evil/ca.pem"]),
  ["NODE_USE_ENV_PROXY", "1"],
  ["NODE_PATH", "/evil"],
  ["LD_PRELOAD", "/evil/none.so"],
] as [string, string][];

async function steeringStep(name: string, value: string): Promise<string> {
  trap = await Trap.set();
  return setting(name, value === "the trap" ? trap.url : value);
}

/** GitHub's API under a name for which a proxy is not bypassed, as it is for 127.0.0.1. */
function throughProxy({ env }: PhaseInfo): void {
  env.GITHUB_API_URL = stage.world.github.server.url.replace("127.0.0.1", "0.0.0.0");
}

describe("a step that sets CODEX_HOME, HOME, PATH and TMPDIR before post", () => {
  test("post stores what is pending past all of them", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    refuseFirstWrite();
    const taken: string[] = [];

    const result = await stage.run(stage.refreshJob({ after: hostileStep(), with: {} }), {
      afterPhase: ({ phase, temp }) => readTaken(phase, temp, taken),
    });

    expect(taken).toEqual([""]);
    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
    expect(stage.world.cache.entries.length).toBeGreaterThan(0);
  });

  test("post finishes a critical section whose main was killed, from the paths it has saved", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.holdAnswer(500, () => stage.killMain());

    const result = await stage.run(stage.refreshJob({ after: hostileStep() }));

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
  });

  test("post publishes what Codex has rotated in the home that was saved, not in the one that is named now", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    stage.rejectStoredAccessToken();

    const result = await stage.run(
      stage.refreshJob({
        with: { "refresh-token": "present" },
        after: `      - run: ${CODEX}\n${hostileStep()}`,
      }),
    );

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

describe("a step that changes where requests go, or whom they trust", () => {
  test.each(STEERING)("before main, %s: nothing is sent, and nothing is spent", async (name, value) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const before = await steeringStep(name, value);

    const result = await stage.run(stage.refreshJob({ before, with: { "alert-issue": "true", run: JOB } }), {
      beforePhase: throughProxy,
    });

    expect(failureCodes(result)).toEqual(["environment-changed"]);
    expect(result.log).toContain(`so none was sent: ${name}.`);
    expect(result.log).not.toContain(JOB_RAN);
    expect([...stage.requests, ...(trap?.reached ?? [])]).toEqual([]);
    stage.expectNothingSpent();
  });

  test("before main: a job that does not refresh goes on", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ before: setting("HTTPS_PROXY", "http://127.0.0.1:9"), with: { run: JOB } }),
    );

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(stage.requests).toEqual([]);
  });

  test.each(STEERING.filter(([name]) => /^(HTTPS_PROXY|NODE_EXTRA_CA_CERTS|LD_PRELOAD)$/.test(name)))(
    "before post, %s: what is pending is stored past it",
    async (name, value) => {
      stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
      refuseFirstWrite();
      const after = `${await steeringStep(name, value)}\n${reportingStep}`;

      const result = await stage.run(stage.refreshJob({ after }), { beforePhase: throughProxy });

      expect(result.conclusion).toBe("success");
      expect(onlyJob(result).summary).toContain("Stored in post.");
      expect(trap?.reached.filter((what) => what !== "a later step")).toEqual([]);
      stage.expectRotatedOnce();
    },
  );

  test("before post, after main was killed in a refresh: what Codex left is stored past it", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.holdAnswer(500, () => stage.killMain());

    // The second is what told post once that it had begun again already.
    const after = `${await steeringStep("HTTPS_PROXY", "the trap")}\n${setting("CODEX_AUTH_ROUNDTRIP_RESTARTED", "1")}`;

    const result = await stage.run(stage.refreshJob({ after }), { beforePhase: throughProxy });

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    expect(trap?.reached).toEqual([]);
    stage.expectRotatedOnce();
  });

  test("before post: a quiet job stays green", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ after: setting("LD_PRELOAD", "/evil/none.so") }));

    expect(result.conclusion).toBe("success");
    expect(stage.requests).toEqual([]);
  });

  test("variables that stand there before the first step are no change", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(
      stage.refreshJob({ job: "    env:\n      NO_PROXY: 127.0.0.1\n      NODE_OPTIONS: --no-warnings" }),
    );

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

/** The first write of the secret is refused, as by a token that was narrowed: main ends with the login pending. */
function refuseFirstWrite(): void {
  let left = 1;
  stage.interceptStoreWrites((_, next) => {
    if (left === 0) return next();
    left -= 1;
    return { status: 403, body: {} };
  });
}

describe("a Codex that a step has left running with `refresh-token: present`", () => {
  test("post waits for it, and publishes what it has rotated", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    stage.rejectStoredAccessToken();
    const run = stage.dispatch(
      stage.refreshJob({
        with: { "refresh-token": "present" },
        after: `      - run: nohup ${CODEX} >/dev/null 2>&1 &`,
      }),
    );
    stage.holdAnswer(said(run, "Waiting for Codex to finish"), () => {});

    const result = await run.finished;

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain("Waiting for Codex to finish");
    // Its requests that were under way with the old access token may make it rotate once more.
    const outcomes = stage.world.openai.refreshes.map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(["rotated"]));
    stage.expectLoginAlive();
  });
});

const CODEX = "codex exec --skip-git-repo-check --sandbox read-only 'Reply OK' </dev/null";

/** Shows that the trap works: curl goes where the environment says. */
const reportingStep = "      - run: curl --silent --max-time 5 http://0.0.0.0:9/a-later-step || true";

async function readTaken(phase: string, temp: string, taken: string[]): Promise<void> {
  if (phase !== "post") return;
  taken.push(await readFile(`${temp}/evil/taken`, "utf8").catch(() => ""));
}

/** A proxy that swallows whatever reaches it. */
class Trap {
  readonly reached: string[] = [];
  readonly #server = createServer((request, response) => {
    this.reached.push(
      request.url?.includes("a-later-step") ? "a later step" : `${request.method} ${request.url}`,
    );
    response.writeHead(502).end();
  }).on("connect", (request, socket) => {
    this.reached.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });

  static async set(): Promise<Trap> {
    const made = new Trap();
    await new Promise<void>((resolve) => made.#server.listen(0, "127.0.0.1", resolve));
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
