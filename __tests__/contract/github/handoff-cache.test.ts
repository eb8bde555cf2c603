import { mkdir, mkdtemp, readdir, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import zlib from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { pack } from "tar-stream";
import { type CacheScope, CacheService } from "../../../lab/cache/cache.ts";
import { LabClock } from "../../../lab/clock.ts";
import { type Answer, DROP } from "../../../lab/loopback-server.ts";
import { cacheServiceOf } from "../../../src/adapters/github/cache-service.ts";
import { type Compression, cacheVersion, MEMBER } from "../../../src/adapters/github/handoff-archive.ts";
import { actionsHandoffCache, noHandoffCache } from "../../../src/adapters/github/handoff-cache.ts";
import { systemRandomness } from "../../../src/adapters/machine/randomness.ts";
import { envelopeCipher } from "../../../src/adapters/sodium/aead.ts";
import { handoffKeys } from "../../../src/core/handoff/keys.ts";
import { type Lookup, type Note, writeNote } from "../../../src/core/handoff/note.ts";
import type { AuthJson } from "../../../src/core/login/auth-json.ts";
import type { HandoffCache } from "../../../src/ports/handoff.ts";
import { generation } from "../../core/login/documents.ts";

const main: CacheScope = { repository: "octo/app", ref: "refs/heads/main", defaultBranch: "main" };
const place = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
const cipher = envelopeCipher(place, systemRandomness);
const second = (n: number): Date => new Date(Date.UTC(2026, 10, 22, 10, 0, n));
const successor = (n: number): Note => ({ login: generation(1), savedAt: second(n) });
const DENIED = { ok: false, signed_download_url: "", message: "cache read denied: no readable scopes" };
const NONE: Lookup = { kind: "none" };
const NOT_ANSWERED: Lookup = { kind: "not-answered" };
const readsZstd = typeof zlib.zstdCompressSync === "function";

let cache: CacheService;
let root: string;
let environment: NodeJS.ProcessEnv;

beforeEach(async () => {
  cache = await CacheService.start(new LabClock());
  root = await realpath(await mkdtemp(join(tmpdir(), "handoff-cache-")));
  await mkdir(join(root, "private"));
  await mkdir(join(root, "workspace"));
  environment = { ...process.env };
  Object.assign(process.env, {
    ACTIONS_CACHE_SERVICE_V2: "true",
    ACTIONS_RESULTS_URL: `${cache.server.url}/`,
    ACTIONS_RUNTIME_TOKEN: cache.runtimeToken(main),
    GITHUB_SERVER_URL: "https://github.localhost",
    GITHUB_WORKSPACE: join(root, "workspace"),
    RUNNER_TEMP: root,
  });
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  await cache.stop();
  await rm(root, { recursive: true, force: true });
});

/** What the last cache told the debug log. */
let debugged: string[];

function handoff({ saveTimeoutMs = 300_000, temporaryDirectory = join(root, "private") } = {}): HandoffCache {
  const service = cacheServiceOf(process.env);
  if (!service) throw new Error("the environment names no cache");
  debugged = [];
  const clock = {
    now: () => new Date(),
    monotonicMs: () => 0,
    sleep: () => sleep(saveTimeoutMs, undefined, { ref: false }),
  };
  return actionsHandoffCache({
    service,
    place,
    cipher,
    clock,
    log: { info: () => {}, debug: (sentence: string) => void debugged.push(sentence) },
    temporaryDirectory,
  });
}

/** From now on, what saves finds no zstd, as on a machine without it. */
async function withoutZstd(): Promise<void> {
  const bin = join(root, "bin");
  await mkdir(bin);
  for (const tool of ["tar", "gzip", "sh"]) await symlink(`/usr/bin/${tool}`, join(bin, tool));
  process.env.PATH = bin;
}

/** An archive as the real client makes it, of whatever. */
async function archive(member: string, content: Uint8Array | string): Promise<Buffer> {
  const packer = pack();
  packer.entry({ name: member }, Buffer.from(content));
  packer.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packer) chunks.push(chunk as Buffer);
  return zlib.gzipSync(Buffer.concat(chunks));
}

async function plant(bytes: Buffer, { key = KEY, compression = "gzip" as Compression } = {}): Promise<void> {
  const { repository, ref } = main;
  cache.put({ repository, ref, key, version: cacheVersion(compression), bytes });
}

const KEY = keyOf(generation(0));

function keyOf(holder: AuthJson, suffix = "9-x"): string {
  return handoffKeys(holder, place).cacheKeyPrefix + suffix;
}

const sealed = async (holder: AuthJson, note: Note, key = KEY): Promise<Uint8Array> => {
  return cipher.seal(holder, "note", `${key}\n${writeNote(note)}`);
};

describe("a note in the cache", () => {
  const packers = readsZstd ? (["zstd", "gzip"] as const) : (["gzip"] as const);

  test.each(packers)(
    "saved by the real client with %s is found by whoever holds the document",
    async (packer) => {
      if (packer === "gzip") await withoutZstd();
      expect(await handoff().save(generation(0), successor(1))).toBe("saved");
      const lookup = await handoff().look(generation(0));

      expect(lookup).toMatchObject({ kind: "note", note: { savedAt: second(1) } });
      if (lookup.kind !== "note") throw new Error("expected a note");
      expect(lookup.note.login.whole().reveal()).toBe(generation(1).whole().reveal());
      expect(cache.entries.map(({ version }) => version)).toEqual([
        cacheVersion(packer === "gzip" ? "gzip" : "zstd-without-long"),
      ]);
    },
  );

  test("shows nothing of the login, on the wire or at rest", async () => {
    await withoutZstd();
    await handoff().save(generation(0), successor(1));
    await handoff().look(generation(0));

    const wire = cache.server.requests.map(
      ({ path, query, body }) => `${path}${query}${body.toString("latin1")}`,
    );
    const rest = cache.entries.map(({ key, bytes }) => key + zlib.gunzipSync(bytes).toString("latin1"));
    expect([...wire, ...rest].filter((text) => text.includes("CANARY"))).toEqual([]);
    expect(rest).toHaveLength(1);
  });

  test("is told to the debug log by the beginning of its key, with how it was answered", async () => {
    await withoutZstd();
    const cacheOfJob = handoff();
    await cacheOfJob.save(generation(0), successor(1));
    await cacheOfJob.look(generation(0));

    const beginning = handoffKeys(generation(0), place).cacheKeyPrefix.slice(0, -25);
    const [saved = "", ...lookups] = debugged.map((line) => line.replace(/\d+ (bytes|ms)/g, "N $1"));
    expect(saved).toBe(`Cache: save ${beginning}…: saved, N ms.`);
    expect(lookups.sort()).toEqual([
      `Cache: lookup ${beginning}…: hit, N bytes, N ms.`,
      `Cache: lookup ${beginning}…: miss, N ms.`,
    ]);
  });

  test("is a miss for every other document", async () => {
    await withoutZstd();
    await handoff().save(generation(0), successor(1));

    expect(await handoff().look(generation(1))).toEqual(NONE);
  });

  test("may be saved again: the newest is found", async () => {
    await withoutZstd();
    for (const n of [1, 2, 3]) expect(await handoff().save(generation(0), successor(n))).toBe("saved");

    expect(await handoff().look(generation(0))).toMatchObject({
      kind: "note",
      note: { savedAt: second(3) },
    });
    expect(new Set(cache.entries.map(({ key }) => key)).size).toBe(3);
  });

  (readsZstd
    ? test.each([
        [1, 2],
        [2, 1],
      ])
    : test.skip.each([[1, 2]]))(
    "is the newest of both packings (zstd at %d, gzip at %d)",
    async (zstd, gzip) => {
      await handoff().save(generation(0), successor(zstd));
      await withoutZstd();
      await handoff().save(generation(0), successor(gzip));

      expect(new Set(cache.entries.map(({ version }) => version)).size).toBe(2);
      expect(await handoff().look(generation(0))).toMatchObject({
        kind: "note",
        note: { savedAt: second(2) },
      });
    },
  );
});

/** What the real client does where it takes this machine for one of Windows. */
async function onWindows<Result>(act: () => Promise<Result>): Promise<Result> {
  const { platform } = process;
  Object.defineProperty(process, "platform", { value: "win32" });
  try {
    return await act();
  } finally {
    Object.defineProperty(process, "platform", { value: platform });
  }
}

test("a note that was saved under Windows is found under Linux, and the other way round", async () => {
  await withoutZstd();
  expect(await onWindows(() => handoff().save(generation(0), successor(1)))).toBe("saved");
  expect(await handoff().look(generation(0))).toMatchObject({ kind: "note", note: { savedAt: second(1) } });

  expect(await handoff().save(generation(0), successor(2))).toBe("saved");
  expect(await onWindows(() => handoff().look(generation(0)))).toMatchObject({
    kind: "note",
    note: { savedAt: second(2) },
  });
});

describe("saving", () => {
  test("leaves directory, workspace and disk as they were", async () => {
    const before = process.cwd();

    await handoff().save(generation(0), successor(1));

    expect(process.cwd()).toBe(before);
    expect(process.env.GITHUB_WORKSPACE).toBe(join(root, "workspace"));
    expect(await readdir(join(root, "private"))).toEqual([]);
    expect(await readdir(join(root, "workspace"))).toEqual([]);
  });

  test("sets no workspace where there was none", async () => {
    delete process.env.GITHUB_WORKSPACE;

    await handoff().save(generation(0), successor(1));

    expect("GITHUB_WORKSPACE" in process.env).toBe(false);
  });

  test.each<[string, (path: string) => Answer | null]>([
    ["an upload that is refused", (path) => (path.startsWith("/lab/") ? { status: 403 } : null)],
    [
      "a key that is taken",
      (path) =>
        path.endsWith("/CreateCacheEntry") ? { status: 409, body: { code: "already_exists" } } : null,
    ],
    [
      "a token that is none",
      (path) =>
        path.endsWith("/CreateCacheEntry") ? { status: 401, body: { code: "unauthenticated" } } : null,
    ],
  ])("fails quietly after %s, and leaves everything as it was", async (_what, answer) => {
    const before = process.cwd();
    cache.server.intercept((request, next) => answer(request.path) ?? next());

    expect(await handoff().save(generation(0), successor(1))).toBe("failed");

    expect([process.cwd(), process.env.GITHUB_WORKSPACE]).toEqual([before, join(root, "workspace")]);
    expect(await readdir(join(root, "private"))).toEqual([]);
    expect(await handoff().look(generation(0))).toEqual(NONE);
  });

  test("fails quietly with a token that may only read", async () => {
    process.env.ACTIONS_RUNTIME_TOKEN = cache.runtimeToken({ ...main, access: "read" });

    expect(await handoff().save(generation(0), successor(1))).toBe("failed");
  });

  test("is given up after its time, and leaves everything as it was", async () => {
    const before = process.cwd();
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    cache.server.intercept(async () => {
      await hanging;
      return { status: 403 };
    });

    expect(await handoff({ saveTimeoutMs: 300 }).save(generation(0), successor(1))).toBe("failed");

    expect([process.cwd(), process.env.GITHUB_WORKSPACE]).toEqual([before, join(root, "workspace")]);
    expect(await readdir(join(root, "private"))).toEqual([]);
    release();
    await sleep(200);
  });

  test("fails quietly where there is no room for the archive", async () => {
    const missing = handoff({ temporaryDirectory: join(root, "missing") });

    expect(await missing.save(generation(0), successor(1))).toBe("failed");
  });
});

describe("a look-up", () => {
  test("of what was never saved is an answered miss", async () => {
    expect(await handoff().look(generation(0))).toEqual(NONE);
  });

  test.each<[string, () => Answer]>([
    ["a refusal in the form of a miss", () => ({ status: 200, body: DENIED })],
    ["a hit without an address", () => ({ status: 200, body: { ok: true, matched_key: KEY } })],
    ["403", () => ({ status: 403 })],
    ["401", () => ({ status: 401, body: { code: "unauthenticated" } })],
    ["429", () => ({ status: 429 })],
    ["500", () => ({ status: 500 })],
    ["a page of HTML", () => ({ status: 200, body: "<html>" })],
    ["null", () => ({ status: 200, body: "null" })],
    ["nothing, for the connection was cut", () => DROP],
  ])("that is answered with %s is not answered", async (_what, answer) => {
    cache.server.intercept(answer);

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);
  });

  test("that only one of both packings answers is a note, or not answered, but never a miss", async () => {
    cache.server.intercept((request, next) =>
      request.body.includes(cacheVersion("zstd-without-long")) ? { status: 500 } : next(),
    );

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);

    await plant(await archive(MEMBER, await sealed(generation(0), successor(1))));
    expect(await handoff().look(generation(0))).toMatchObject({ kind: "note" });
  });

  test.each([403, 404, 500])("whose archive is answered with %d is not answered", async (status) => {
    await plant(await archive(MEMBER, await sealed(generation(0), successor(1))));
    cache.server.intercept((request, next) => (request.method === "GET" ? { status } : next()));

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);
  });

  test("that nobody answers is given up after ten seconds: not answered", async () => {
    await plant(await archive(MEMBER, await sealed(generation(0), successor(1))));
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    const unanswered = handoffKeys(generation(1), place).cacheKeyPrefix;
    cache.server.intercept(async (request, next) => {
      if (request.method === "GET" || request.body.includes(unanswered)) await hanging;
      return next();
    });

    const lookups = await Promise.all([handoff().look(generation(0)), handoff().look(generation(1))]);
    release();

    expect(lookups).toEqual([NOT_ANSWERED, NOT_ANSWERED]);
  });

  test.each<[string, () => Promise<Buffer>]>([
    ["noise", async () => Buffer.from("CANARY")],
    ["nothing", async () => Buffer.alloc(0)],
    ["more than an archive of ours", async () => Buffer.alloc(200_000, "x")],
    ["a member of another name", async () => archive("../evil", "CANARY")],
    ["a member that is no envelope", async () => archive(MEMBER, "CANARY")],
    [
      "a note of another key",
      async () => archive(MEMBER, await sealed(generation(0), successor(1), `${KEY}y`)),
    ],
    ["another holder's envelope", async () => archive(MEMBER, await sealed(generation(1), successor(1)))],
    [
      "a ledger's envelope",
      async () =>
        archive(MEMBER, await cipher.seal(generation(0), "ledger", `${KEY}\n${writeNote(successor(1))}`)),
    ],
    [
      "an envelope without a note",
      async () => archive(MEMBER, await cipher.seal(generation(0), "note", `${KEY}\nCANARY`)),
    ],
  ])("that finds %s in our note's place is not answered", async (_what, bytes) => {
    await plant(await bytes());

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const hidden = `${now() - 40}-0123456789ab`;

  test.each<[string, () => string]>([
    ["under a key of no form", () => "zzz"],
    ["under a key of the far future", () => "9999999999-1"],
    ["under a key of the same hour", () => `${now() + 1}-1`],
    ["under a key of a second close by", () => `${now()}-1`],
    ["under a key of the same second", () => `${hidden.slice(0, 11)}ffffffffffff`],
    ["under our key, lengthened", () => `${hidden}z`],
  ])("finds the note that garbage %s hides", async (_where, suffix) => {
    const key = keyOf(generation(0), hidden);
    await plant(await archive(MEMBER, await sealed(generation(0), successor(1), key)), { key });
    await plant(Buffer.from("garbage"), { key: keyOf(generation(0), suffix()) });

    expect(await handoff().look(generation(0))).toMatchObject({
      kind: "note",
      note: { savedAt: second(1) },
    });
  });

  test("takes a note in one packing, whatever stands in the other", async () => {
    await plant(await archive(MEMBER, await sealed(generation(0), successor(1))));
    await plant(Buffer.from("garbage"), { compression: "zstd-without-long" });

    expect(await handoff().look(generation(0))).toMatchObject({
      kind: "note",
      note: { savedAt: second(1) },
    });
  });

  test("sees through an old note that was filed again, under a key of its own, before the newer one", async () => {
    const old = keyOf(generation(0), `${now() - 90}-x`);
    const newer = keyOf(generation(0), `${now() - 40}-x`);
    const bytes = await archive(MEMBER, await sealed(generation(0), successor(1), old));
    await plant(bytes, { key: old });
    await plant(await archive(MEMBER, await sealed(generation(0), successor(2), newer)), { key: newer });
    await plant(bytes, { key: keyOf(generation(0), `${now()}-x`) });

    expect(await handoff().look(generation(0))).toMatchObject({
      kind: "note",
      note: { savedAt: second(2) },
    });
  });

  test("gives up after a few dozen requests where garbage is everywhere: not answered", async () => {
    cache.server.intercept(async (request, next) => {
      const { key } = JSON.parse(request.body.toString("utf8") || "{}") as { key?: string };
      if (key) await plant(Buffer.from("garbage"), { key: `${key}${"1".repeat(12)}` });
      return next();
    });

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);
    expect(cache.server.requests.length).toBeLessThan(300);
  });

  test("takes no entry under a key that was not asked for", async () => {
    await plant(await archive(MEMBER, await sealed(generation(0), successor(1))));
    cache.server.intercept(async (request, next) => {
      const answer = await next();
      if (answer === DROP || !request.path.startsWith("/twirp/")) return answer;
      return {
        ...answer,
        body: { ...(answer.body as object), matched_key: "codex-auth-handoff-v1-other-9-x" },
      };
    });

    expect(await handoff().look(generation(0))).toEqual(NOT_ANSWERED);
  });

  test("finds nothing of another repository's, environment's or secret's", async () => {
    const bytes = await archive(MEMBER, await sealed(generation(0), successor(1)));
    for (const other of [{ repositoryId: "8" }, { environment: "codex" }, { secretName: "OTHER" }]) {
      await plant(bytes, { key: `${handoffKeys(generation(0), { ...place, ...other }).cacheKeyPrefix}9-x` });
    }

    expect(await handoff().look(generation(0))).toEqual(NONE);
    expect(cache.entries).toHaveLength(3);
  });
});

describe("the cache service", () => {
  const complete = {
    ACTIONS_RESULTS_URL: "https://results.example/",
    ACTIONS_RUNTIME_TOKEN: "token",
    ACTIONS_CACHE_SERVICE_V2: "true",
  };
  const service = { resultsUrl: "https://results.example/", runtimeToken: "token" };

  test.each([
    undefined,
    "",
    "https://github.com",
    "https://GitHub.com/",
    "https://octo.ghe.com",
    "https://x.localhost",
  ])("is there under the server %p", (GITHUB_SERVER_URL) => {
    expect(cacheServiceOf({ ...complete, GITHUB_SERVER_URL })).toEqual(service);
  });

  test.each([
    "https://github.example.com",
    "https://ghe.com",
    "https://github.com.example",
    "https://localhost",
  ])("is not there under the server %p", (GITHUB_SERVER_URL) => {
    expect(cacheServiceOf({ ...complete, GITHUB_SERVER_URL })).toBeNull();
  });

  test.each(Object.keys(complete))("is not there without %s", (name) => {
    expect(cacheServiceOf({ ...complete, [name]: undefined })).toBeNull();
    expect(cacheServiceOf({ ...complete, [name]: "" })).toBeNull();
  });
});

test("a handoff that is off is a miss, and says that it saved nothing", async () => {
  expect(await noHandoffCache.look(generation(0))).toEqual(NONE);
  expect(await noHandoffCache.save(generation(0), successor(1))).toBe("off");
});
