import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { CacheService } from "../../../lab/cache/cache.ts";
import { LabClock } from "../../../lab/clock.ts";
import { actionsHandoffCache } from "../../../src/adapters/github/handoff-cache.ts";
import { systemRandomness } from "../../../src/adapters/machine/randomness.ts";
import { envelopeCipher } from "../../../src/adapters/sodium/aead.ts";
import { generation } from "../../core/login/documents.ts";

const place = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};

let cache: CacheService;
let root: string;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  cache = await CacheService.start(new LabClock());
  root = await realpath(await mkdtemp(join(tmpdir(), "handoff-words-")));
  environment = { ...process.env };
  const runtimeToken = cache.runtimeToken({
    repository: "octo/app",
    ref: "refs/heads/main",
    defaultBranch: "main",
  });
  Object.assign(process.env, {
    ACTIONS_CACHE_SERVICE_V2: "true",
    ACTIONS_RESULTS_URL: `${cache.server.url}/`,
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
    GITHUB_SERVER_URL: "https://github.localhost",
    RUNNER_TEMP: root,
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  await cache.stop();
  await rm(root, { recursive: true, force: true });
});

test("what the cache's client prints reaches nobody, and what the service says is told in one line of ours", async () => {
  const printed: string[] = [];
  const told: string[] = [];
  const { write } = process.stdout;
  cache.server.intercept((request, next) =>
    request.path.endsWith("/CreateCacheEntry")
      ? {
          status: 200,
          body: { ok: false, signed_upload_url: "", message: "no\n::stop-commands::zzz\n##[add-mask]x" },
        }
      : next(),
  );
  process.stdout.write = (chunk: Uint8Array | string) => {
    printed.push(String(chunk));
    return true;
  };
  try {
    const saved = await actionsHandoffCache({
      service: { resultsUrl: cache.server.url, runtimeToken: process.env.ACTIONS_RUNTIME_TOKEN ?? "" },
      place,
      cipher: envelopeCipher(place, systemRandomness),
      clock: {
        now: () => new Date(),
        monotonicMs: () => 0,
        sleep: (ms) => sleep(ms, undefined, { ref: false }),
      },
      log: { info: (words) => void told.push(words), debug: () => {} },
      temporaryDirectory: root,
    }).save(generation(0), { login: generation(1), savedAt: new Date() });
    process.stdout.write("ours");

    expect(saved).toBe("failed");
  } finally {
    process.stdout.write = write;
  }

  expect(printed).toEqual(["ours"]);
  expect(told).toEqual([
    expect.stringMatching(/^The Actions cache says: `Cache reservation failed: no[^`\n]+`\.$/),
  ]);
});
