import { afterEach, expect, test } from "@jest/globals";
import type { Answer } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, Stage, signal } from "./stage.ts";

const COPY = "CODEX_ACCESS_JSON";
const OTHER = "CODEX_ACCESS_JSON_2";
const DUE = {
  expiresInSeconds: 2 * DAY_SECONDS,
  writeTokenPermissions: { secrets: "write", variables: "write", environments: "write" },
} as const;
const COPIES = `secret ${COPY}\nsecret ${OTHER}`;

let stage: Stage;
afterEach(() => stage.strike());

/** As a person creates it, an hour ago. */
function create(...names: string[]): void {
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  for (const name of names) {
    stage.repository.setSecret(name, "no-copy-yet");
    Object.assign(stage.repository.secret(name) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
  }
}

function answerAt(method: string, path: string, answer: () => Answer | Promise<Answer>): () => void {
  return stage.world.github.server.intercept((request, next) =>
    request.method === method && request.path.endsWith(path) ? answer() : next(),
  );
}

function accessTokenOf(name: string): string {
  return JSON.parse(stage.repository.secret(name)?.value ?? "{}").tokens?.access_token ?? "";
}

const HOSTILE = [
  "no\n::error::forged\r::stop-commands::x\u2028##[add-mask]CODEX",
  "::save-state name=session::{} \u001b[2J",
  "`**bold**` <img src=x> [link](https://evil.example) @everyone",
].join("\n");

test("GitHub's message about a copy is text, in the log and in the summary", async () => {
  stage = await Stage.set(DUE);
  create(COPY, OTHER);
  answerAt("PUT", `/${COPY}`, () => ({ status: 403, body: { message: HOSTILE } }));

  const result = await stage.run(stage.refreshJob({ with: { "access-copies": COPIES, run: JOB } }));

  expect(failureCodes(result)).toEqual(["access-copy-failed"]);
  const { annotations, summary, rawLog } = onlyJob(result);
  expect(annotations.filter(({ message }) => message === "forged")).toEqual([]);
  expect(rawLog).not.toMatch(/^::(error::forged|stop-commands::x|save-state)/m);
  expect(rawLog).not.toContain("##[add-mask]");
  const outsideCode = summary.replaceAll(/`[^`\n]+`/g, "");
  expect(outsideCode).not.toMatch(/<img|bold|evil|@everyone/);
  expect(rawLog).toContain(JOB_RAN);
  expect(accessTokenOf(OTHER)).toBe(stage.stored.tokens.access_token);
});

test.each([
  ["is not 32 bytes", "AAAA"],
  ["is nothing", undefined],
  ["is a point of which everybody knows the secret", Buffer.alloc(32).toString("base64")],
])("a destination whose public key %s is named, and the others are written", async (_, key) => {
  stage = await Stage.set(DUE);
  stage.repository.createEnvironment("odd");
  create(OTHER);
  stage.repository.setSecret(COPY, "no-copy-yet", { environment: "odd" });
  answerAt("GET", "/environments/odd/secrets/public-key", () => ({
    status: 200,
    body: { key_id: "1", key },
  }));

  const result = await stage.run(
    stage.refreshJob({ with: { "access-copies": `environment odd ${COPY}\nsecret ${OTHER}` } }),
  );

  expect(failureCodes(result)).toEqual(["access-copy-failed"]);
  expect(result.log).not.toContain("This is a bug");
  expect(result.log).toContain("names a public key that is none");
  expect(accessTokenOf(OTHER)).toBe(stage.stored.tokens.access_token);
  expect(stage.repository.secret(COPY, { environment: "odd" })?.value).toBe("no-copy-yet");
  stage.expectRotatedOnce();
});

test("of two refresh jobs at once, the later one's copies stay", async () => {
  stage = await Stage.set(DUE);
  create(COPY, OTHER);
  const limited = signal();
  const stop = answerAt("PUT", `/${COPY}`, () => {
    stop();
    limited.give();
    const headers = { "retry-after": "20" };
    return { status: 403, headers, body: { message: "You have exceeded a secondary rate limit." } };
  });
  const inputs = { refresh: "force", "access-copies": COPIES, verify: "off" };

  const first = stage.dispatch(stage.refreshJob({ with: inputs }));
  await limited.given;
  const between = stage.stored.tokens.access_token;
  stage.world.clock.advance(2000);
  const second = await stage.run(stage.refreshJob({ with: inputs, concurrency: "group: another" }));
  const firstEnded = await first.finished;

  expect([firstEnded.conclusion, second.conclusion]).toEqual(["success", "success"]);
  expect(stage.stored.tokens.access_token).not.toBe(between);
  expect(onlyJob(second).log).toContain("Access copies: 2 written.");
  for (const name of [COPY, OTHER]) expect(accessTokenOf(name)).toBe(stage.stored.tokens.access_token);
  stage.expectLoginAlive();
}, 180_000);
