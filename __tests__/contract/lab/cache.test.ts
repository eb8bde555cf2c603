import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type CacheScope, CacheService } from "../../../lab/cache/cache.ts";
import { LabClock } from "../../../lab/clock.ts";

const main: CacheScope = { repository: "octo/demo", ref: "refs/heads/main", defaultBranch: "main" };
const topic: CacheScope = { ...main, ref: "refs/heads/topic" };

let clock: LabClock;
let cache: CacheService;
let root: string;

beforeEach(async () => {
  clock = new LabClock();
  cache = await CacheService.start(clock);
  root = await mkdtemp(join(tmpdir(), "lab-cache-"));
});

afterEach(async () => {
  await cache.stop();
  await rm(root, { recursive: true, force: true });
});

/** Calls the real client in a process of its own, because it reads process.env whenever it is called. */
async function client(scope: CacheScope, calls: string): Promise<{ result: unknown; log: string }> {
  const workspace = await mkdtemp(join(root, "workspace-"));
  const temp = join(workspace, "temp");
  await mkdir(join(workspace, "notes"), { recursive: true });
  const script = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { restoreCache, saveCache } from "@actions/cache";
    process.chdir(process.env.GITHUB_WORKSPACE);
    const save = (key, text, path = "notes") => {
      writeFileSync("notes/note", text);
      return saveCache([path], key);
    };
    const restore = async (key, keys = [], path = "notes") => {
      writeFileSync("notes/note", "nothing restored");
      return { key: await restoreCache([path], key, keys), text: readFileSync("notes/note", "utf8") };
    };
    writeFileSync("result.json", JSON.stringify((await (async () => { ${calls} })()) ?? null));
  `;
  const env = {
    PATH: process.env.PATH,
    ACTIONS_CACHE_SERVICE_V2: "true",
    ACTIONS_RESULTS_URL: `${cache.server.url}/`,
    ACTIONS_RUNTIME_TOKEN: cache.runtimeToken(scope),
    GITHUB_SERVER_URL: "https://github.localhost",
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  return { result: JSON.parse(await readFile(join(workspace, "result.json"), "utf8")), log: stdout };
}

/** One twirp call, as a small reader of its own would make it. */
async function call(method: string, scope: CacheScope | undefined, message: object): Promise<Response> {
  const url = `${cache.server.url}/twirp/github.actions.results.api.v1.CacheService/${method}`;
  const authorization = `Bearer ${scope ? cache.runtimeToken(scope) : "runtime-unknown"}`;
  const headers = { authorization, "content-type": "application/json" };
  return fetch(url, { method: "POST", headers, body: JSON.stringify(message) });
}

function plant(
  key: string,
  text: string,
  extra: { ref?: string; createdAt?: Date; version?: string } = {},
): void {
  const { ref = "main", createdAt, version = "v" } = extra;
  const bytes = Buffer.from(text);
  cache.put({ repository: "octo/demo", ref, key, version, bytes, ...(createdAt ? { createdAt } : {}) });
}

async function found(
  scope: CacheScope,
  key: string,
  restoreKeys: string[] = [],
): Promise<string | undefined> {
  const answer = await call("GetCacheEntryDownloadURL", scope, {
    key,
    restore_keys: restoreKeys,
    version: "v",
  });
  const body = (await answer.json()) as { ok: boolean; matched_key: string; signed_download_url: string };
  if (!body.ok) return undefined;
  return `${body.matched_key}: ${await (await fetch(body.signed_download_url)).text()}`;
}

describe("the real @actions/cache", () => {
  test("saves, restores by prefix the newest, and cannot save a key twice", async () => {
    const { result, log } = await client(
      main,
      `return [
        await save("note-1-a", "first"),
        await save("note-1-b", "second"),
        await save("note-1-b", "third"),
        await restore("note-1-a"),
        await restore("note-1-"),
        await restore("other", ["note-1-"]),
        await restore("other"),
        await restore("note-1-a", [], "./notes"),
      ];`,
    );

    expect(result).toEqual([
      1,
      2,
      -1,
      { key: "note-1-a", text: "first" },
      { key: "note-1-b", text: "second" },
      { key: "note-1-b", text: "second" },
      { text: "nothing restored" },
      { text: "nothing restored" },
    ]);
    expect(log).toContain("Unable to reserve cache with key note-1-b");
    expect(cache.entries.map(({ key, ref, state }) => [key, ref, state])).toEqual([
      ["note-1-a", "refs/heads/main", "ready"],
      ["note-1-b", "refs/heads/main", "ready"],
    ]);
  });

  test("is denied writing with a read-only token, and reads all the same", async () => {
    await client(main, `await save("note-a", "text");`);

    const { result, log } = await client(
      { ...topic, access: "read" },
      `return [await save("note-b", "text"), await restore("note-a")];`,
    );

    expect(result).toEqual([-1, { key: "note-a", text: "text" }]);
    expect(log).toContain("cache write denied: token has no writable scopes");
    expect(cache.entries).toHaveLength(1);
  });

  test("burns the key when the upload fails", async () => {
    const upload = cache.server.intercept((request, next) =>
      request.method === "PUT" ? { status: 403, body: "" } : next(),
    );
    const { result: failed } = await client(main, `return save("note-a", "text");`);
    upload();

    const { result } = await client(main, `return [await save("note-a", "text"), await restore("note-")];`);

    expect(failed).toBe(-1);
    expect(result).toEqual([-1, { text: "nothing restored" }]);
    expect(cache.entries.map(({ state }) => state)).toEqual(["reserved"]);
  });

  test("uploads a large archive in blocks", async () => {
    const reserved = await call("CreateCacheEntry", main, { key: "large", version: "v" });
    const { signed_upload_url: url } = (await reserved.json()) as { signed_upload_url: string };

    // What saveCache does from 128 MiB on, with the same SDK and smaller numbers.
    await client(
      main,
      `const { BlockBlobClient } = await import("@azure/storage-blob");
       writeFileSync("large", "one two three");
       await new BlockBlobClient(${JSON.stringify(url)}).uploadFile("large", { maxSingleShotSize: 4, blockSize: 4 });`,
    );
    const done = await call("FinalizeCacheEntryUpload", main, {
      key: "large",
      version: "v",
      size_bytes: "13",
    });

    expect(await done.json()).toMatchObject({ ok: true, entry_id: "1" });
    expect(cache.entries[0]).toMatchObject({ state: "ready", bytes: Buffer.from("one two three") });
    expect(cache.server.requests.filter(({ query }) => query.get("comp") === "block")).toHaveLength(4);
  });
});

describe("look-up", () => {
  test("asks the own ref before the default branch, and never another branch or repository", async () => {
    plant("note-a", "of main");
    plant("note-b", "of topic", { ref: "refs/heads/topic" });
    cache.put({
      repository: "octo/other",
      ref: "main",
      key: "note-z",
      version: "v",
      bytes: Buffer.from("foreign"),
    });

    expect(await found(topic, "note-")).toBe("note-b: of topic");
    expect(await found(topic, "note-a")).toBe(
      "note-b: of topic".replace("note-b: of topic", "note-a: of main"),
    );
    expect(await found(main, "note-")).toBe("note-a: of main");
    expect(await found({ ...main, ref: "refs/heads/third" }, "note-b")).toBeUndefined();
    expect(await found(main, "note-z")).toBeUndefined();
  });

  test("takes the newest of a prefix, of a planted double too, and the exact key before a newer prefix match", async () => {
    plant("note", "exact");
    plant("note-new", "newer");
    plant("note-old", "older", { createdAt: new Date(Date.now() - 60_000) });
    plant("note-new", "poisoned");

    expect(await found(main, "note-")).toBe("note-new: poisoned");
    expect(await found(main, "note")).toBe("note: exact");
    expect(await found(main, "missing", ["none-", "note-o"])).toBe("note-old: older");
  });

  test("finds nothing of another version, nothing reserved, nothing evicted or unused for a week", async () => {
    plant("note-v", "other", { version: "w" });
    cache.put({
      repository: "octo/demo",
      ref: "main",
      key: "note-r",
      version: "v",
      bytes: Buffer.alloc(0),
      state: "reserved",
    });
    expect(await found(main, "note-")).toBeUndefined();

    plant("note-a", "text");
    clock.advance(6 * 86_400_000);
    expect(await found(main, "note-")).toBe("note-a: text");
    clock.advance(6 * 86_400_000);
    expect(await found(main, "note-")).toBe("note-a: text");
    clock.advance(8 * 86_400_000);
    expect(await found(main, "note-")).toBeUndefined();

    plant("note-b", "text");
    cache.evictAll();
    expect(await found(main, "note-")).toBeUndefined();
    expect(cache.entries).toEqual([]);
  });
});

describe("the door", () => {
  test("an unknown runtime token is unauthenticated", async () => {
    const answer = await call("GetCacheEntryDownloadURL", undefined, { key: "note", version: "v" });

    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "unauthenticated" });
  });

  test("a signed URL opens one blob, for one kind of access, for an hour, and answers ranges", async () => {
    plant("note", "0123456789");
    const answer = await call("GetCacheEntryDownloadURL", main, { key: "note", version: "v" });
    const { signed_download_url: url } = (await answer.json()) as { signed_download_url: string };

    const whole = await fetch(url);
    expect([whole.status, whole.headers.get("content-length"), await whole.text()]).toEqual([
      200,
      "10",
      "0123456789",
    ]);
    const part = await fetch(url, { headers: { range: "bytes=2-4" } });
    expect([part.status, part.headers.get("content-range"), await part.text()]).toEqual([
      206,
      "bytes 2-4/10",
      "234",
    ]);
    const overwrite = await fetch(url, {
      method: "PUT",
      body: "x",
      headers: { "x-ms-blob-type": "BlockBlob" },
    });
    expect(overwrite.status).toBe(403);
    expect((await fetch(url.replace(/sig=.*/, "sig=00"))).status).toBe(403);
    clock.advance(3_600_001);
    expect((await fetch(url)).status).toBe(403);
  });

  test("an archive of another size than announced is not finalized", async () => {
    const reserved = await call("CreateCacheEntry", main, { key: "note", version: "v" });
    const { signed_upload_url: url } = (await reserved.json()) as { signed_upload_url: string };
    const finalize = async (size: string) =>
      (await call("FinalizeCacheEntryUpload", main, { key: "note", version: "v", size_bytes: size })).json();

    expect(await finalize("4")).toMatchObject({ ok: false });
    await fetch(url, { method: "PUT", body: "text", headers: { "x-ms-blob-type": "BlockBlob" } });
    expect(await finalize("5")).toMatchObject({ ok: false });
    expect(await finalize("4")).toMatchObject({ ok: true });
    expect((await call("FinalizeCacheEntryUpload", topic, { key: "note", version: "v" })).status).toBe(404);
  });
});
