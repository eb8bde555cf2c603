import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { PhaseInfo } from "../../lab/runner/runner.ts";
import { DAY_SECONDS, mainPhase, onlyJob, SECRET, Stage, said } from "./stage.ts";

let stage: Stage;
let trap: Trap | undefined;
afterEach(async () => {
  await trap?.close();
  trap = undefined;
  await stage.strike();
});

/** What a step may do to all steps after it, posts included. */
function hostileStep(proxy: string): string {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];
  const script = [
    `for name in ${names.join(" ")}; do echo "$name=${proxy}" >> "$GITHUB_ENV"; done`,
    'mkdir -p "$RUNNER_TEMP/evil/bin"',
    'echo "CODEX_HOME=$RUNNER_TEMP/evil" >> "$GITHUB_ENV"',
    'echo "HOME=$RUNNER_TEMP/evil" >> "$GITHUB_ENV"',
    'echo "TMPDIR=$RUNNER_TEMP/evil/none" >> "$GITHUB_ENV"',
    'echo "NODE_EXTRA_CA_CERTS=$RUNNER_TEMP/evil/ca.pem" >> "$GITHUB_ENV"',
    "for name in tar codex zstd zstdmt; do",
    '  printf "#!/bin/sh\\necho $name was taken >> $RUNNER_TEMP/evil/taken\\nexit 1\\n" > "$RUNNER_TEMP/evil/bin/$name"',
    '  chmod +x "$RUNNER_TEMP/evil/bin/$name"',
    "done",
    'echo "$RUNNER_TEMP/evil/bin" >> "$GITHUB_PATH"',
  ];
  return ["      - if: always()", "        run: |", ...script.map((line) => `          ${line}`)].join("\n");
}

/** GitHub's API under a name for which a proxy is not bypassed, as it is for 127.0.0.1. */
function throughProxy({ env }: PhaseInfo): void {
  env.GITHUB_API_URL = stage.world.github.server.url.replace("127.0.0.1", "0.0.0.0");
}

describe("a step that sets proxies, CODEX_HOME, HOME, PATH and certificates before post", () => {
  test("post stores what is pending past all of them", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    trap = await Trap.set();
    let left = 1;
    stage.world.github.server.intercept((request, next) => {
      if (left === 0 || request.method !== "PUT" || !request.path.endsWith(SECRET)) return next();
      left -= 1;
      return { status: 403, body: {} };
    });
    const taken: string[] = [];

    const result = await stage.run(
      stage.keeper({ after: `${hostileStep(trap.url)}\n${reportingStep}`, with: {} }),
      { beforePhase: throughProxy, afterPhase: ({ phase, temp }) => readTaken(phase, temp, taken) },
    );

    expect(trap.reached).toEqual(["a later step"]);
    expect(taken).toEqual([""]);
    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
    expect(stage.world.cache.entries.length).toBeGreaterThan(2);
  });

  test("post finishes a critical section whose main was killed, from the paths it has saved", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    trap = await Trap.set();
    stage.holdAnswer(500, () => stage.killMain());

    const result = await stage.run(stage.keeper({ after: hostileStep(trap.url) }), {
      beforePhase: throughProxy,
    });

    expect(mainPhase(result).signal).toBe("SIGKILL");
    expect(trap.reached).toEqual([]);
    expect(onlyJob(result).summary).toContain("Stored in post.");
    stage.expectRotatedOnce();
  });

  test("post publishes what Codex has rotated in the home that was saved, not in the one that is named now", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    trap = await Trap.set();
    stage.rejectStoredAccessToken();

    const result = await stage.run(
      stage.keeper({
        with: { "refresh-token": "present" },
        after: `      - run: ${CODEX}\n${hostileStep(trap.url)}`,
      }),
      { beforePhase: throughProxy },
    );

    expect(result.conclusion).toBe("success");
    expect(trap.reached).toEqual([]);
    stage.expectRotatedOnce();
  });
});

describe("a Codex that a step has left running with `refresh-token: present`", () => {
  test("post waits for it, and publishes what it has rotated", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    stage.rejectStoredAccessToken();
    const run = stage.dispatch(
      stage.keeper({
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
