import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { pack } from "tar-stream";
import { type Answer, DROP, type LabRequest } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, failureCodes, JOB, JOB_RAN, onlyJob, SECRET, Stage, signal } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
/** Less than `minimum-lifetime`: no job may borrow it. */
const nearlyOver = { expiresInSeconds: 3600 };
const MEMBER = "codex-auth-handoff.envelope";

const UNTOLD = [expect.stringContaining("the Actions cache does not tell the result")];

describe("a cache service that does not answer what it holds", () => {
  test("is not asked, and stops nobody, where nobody has spent the login", async () => {
    stage = await Stage.set(due);
    onLookUp(() => ({ status: 503, body: "" }));

    const result = await stage.run(stage.keeper({ with: { refresh: "force" } }));

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});

describe("of a login that is spent, a cache service that does not answer: never a refresh on unknown ground", () => {
  test.each([
    ["breaks down", (): Answer => ({ status: 503, body: "" })],
    ["cuts the connection", (): Answer => DROP],
    ["talks nonsense", (): Answer => ({ status: 200, body: "<html>sign in</html>" })],
    ["does not know our token", (): Answer => ({ status: 401, body: {} })],
  ])("it %s: the job borrows", async (_, answer) => {
    stage = await Stage.set(due);
    stage.spend();
    onLookUp(answer);

    const result = await stage.run(stage.keeper({ with: { run: JOB } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain(JOB_RAN);
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test("and the access token is nearly over: the job stops, with nothing spent", async () => {
    stage = await Stage.set(nearlyOver);
    stage.spend();
    onLookUp(() => ({ status: 503, body: "" }));

    const result = await stage.run(stage.keeper({ with: { run: JOB } }));

    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectNothingSpent();
  });

  test("and the refresh is forced: the job stops, with nothing spent", async () => {
    stage = await Stage.set(due);
    stage.spend();
    onLookUp(() => ({ status: 503, body: "" }));

    const result = await stage.run(stage.keeper({ with: { refresh: "force" } }));

    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    stage.expectNothingSpent();
  });

  test("it takes longer than the whole job: nobody waits that long, and the job borrows", async () => {
    stage = await Stage.set(due);
    stage.spend();
    const jobIsOver = signal();
    onLookUp(async (_request, next) => {
      await jobIsOver.given;
      return next();
    });

    const result = await stage.run(stage.keeper({ with: { run: JOB } }));
    jobIsOver.give();

    expect(result.log).toContain(JOB_RAN);
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test("its storage breaks down under a note that is there: the job borrows", async () => {
    stage = await Stage.set(due);
    stage.spend();
    plantUnderEveryKey(() => Buffer.from("a note"));
    stage.world.cache.server.intercept((request, next) =>
      request.method === "GET" ? { status: 500, body: "" } : next(),
    );

    const result = await stage.run(stage.keeper());

    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });
});

describe("a read-only cache service", () => {
  test("leaves the secret alone with the new login, and the next run needs no more", async () => {
    stage = await Stage.set(due);
    onCall("CreateCacheEntry", () => ({
      status: 200,
      body: { ok: false, signed_upload_url: "", message: "cache write denied: token has no writable scopes" },
    }));

    const result = await stage.run(stage.keeper());
    stage.expectRotatedOnce();
    const next = await stage.run(stage.keeper({ with: { refresh: "force" } }));

    expect(result.conclusion).toBe("success");
    expect(result.log).toContain("The handoff could not be saved");
    expect(stage.world.cache.entries).toEqual([]);
    expect(next.conclusion).toBe("success");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated", "rotated"]);
    stage.expectLoginAlive();
  });
});

describe("a poisoned cache", () => {
  test("an archive with an absolute path writes nothing to the disk", async () => {
    stage = await Stage.set(due);
    stage.spend();
    const target = join(stage.world.root, "written-by-the-archive");
    const archive = gzipSync(
      await tarOf([
        { name: target, content: "owned" },
        { name: `../../../../../../../../..${target}`, content: "owned" },
        { name: MEMBER, content: "no envelope" },
      ]),
    );
    const planted = plantUnderEveryKey(() => archive);

    const result = await stage.run(stage.keeper());

    expect(planted()).toBeGreaterThan(0);
    expect(existsSync(target)).toBe(false);
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test.each<[string, () => Buffer | Promise<Buffer>]>([
    ["junk", () => Buffer.from("not an archive at all")],
    ["nothing", () => Buffer.alloc(0)],
    ["a bomb", () => gzipSync(Buffer.alloc(64 * 1024 * 1024))],
    ["a large download", () => Buffer.alloc(4 * 1024 * 1024, 7)],
    ["a link", async () => gzipSync(await tarOf([{ name: MEMBER, linkname: "/etc/passwd" }]))],
    ["an empty envelope", async () => gzipSync(await tarOf([{ name: MEMBER, content: "" }]))],
  ])("%s under our key tells nothing: the job borrows, with nothing spent", async (_, archive) => {
    stage = await Stage.set(due);
    stage.spend();
    const bytes = await archive();
    const planted = plantUnderEveryKey(() => bytes);

    const result = await stage.run(stage.keeper());

    expect(planted()).toBeGreaterThan(0);
    expect(result.conclusion).toBe("success");
    expect(warningsOf(result)).toEqual(UNTOLD);
    stage.expectNothingSpent();
  });

  test("garbage in front of our note is seen through: no spent token is presented", async () => {
    stage = await Stage.set(due);
    // The write fails, so the secret keeps the spent login, and only the note tells.
    stage.interceptStoreWrites(() => ({ status: 403, body: {} }));
    await stage.run(stage.keeper());
    const hidden = stage.world.cache.entries.length;
    plantOnce();

    const result = await stage.run(stage.keeper());

    expect(hidden).toBeGreaterThan(0);
    expect(result.log).toContain("An earlier run could not store generation");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    expect(stage.world.openai.reuses).toBe(0);
  });

  test("a genuine note of somebody else's document under our key is no link", async () => {
    stage = await Stage.set(due);
    await stage.run(stage.keeper());
    // A second login of the same account is stored, and an intruder files the old notes under its key.
    const [note] = stage.world.cache.entries;
    if (!note) throw new Error("there is no note");
    const login = stage.world.openai.login({
      account: stage.login.account,
      accessTokenLifetimeSeconds: 3600,
    });
    stage.repository.setSecret(SECRET, JSON.stringify(JSON.parse(login.document)));
    stage.spend(login);
    stage.world.clock.advance(5000);
    const planted = plantUnderEveryKey(() => note.bytes);

    const result = await stage.run(stage.keeper());

    expect(planted()).toBeGreaterThan(0);
    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });
});

type Interceptor = (request: LabRequest, next: () => Promise<Answer>) => Answer | Promise<Answer>;

function onCall(method: string, act: Interceptor): void {
  stage.world.cache.server.intercept((request, next) =>
    request.path.endsWith(`/${method}`) ? act(request, next) : next(),
  );
}

function onLookUp(act: Interceptor): void {
  onCall("GetCacheEntryDownloadURL", act);
}

/** An intruder with write access to the cache, who sees which key is asked for. @returns how often one was planted */
function plantUnderEveryKey(archive: () => Buffer): () => number {
  let planted = 0;
  onLookUp((request, next) => {
    const { key, version } = JSON.parse(request.body.toString("utf8")) as { key: string; version: string };
    planted += 1;
    stage.world.cache.put({
      repository: stage.repository.fullName,
      ref: `refs/heads/${stage.repository.defaultBranch}`,
      key: `${key}9999999999-${planted}`,
      version,
      bytes: archive(),
    });
    return next();
  });
  return () => planted;
}

/** The same intruder, once for every note that is there. */
function plantOnce(): void {
  const { cache, clock } = stage.world;
  clock.advance(2000);
  for (const entry of cache.entries)
    cache.put({ ...entry, key: `${entry.key}z`, bytes: Buffer.from("garbage"), createdAt: clock.now() });
}

async function tarOf(
  entries: readonly { name: string; content?: string; linkname?: string }[],
): Promise<Buffer> {
  const tar = pack();
  for (const { name, content = "", linkname } of entries) {
    tar.entry(linkname ? { name, linkname, type: "symlink" } : { name }, content);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function warningsOf(result: Awaited<ReturnType<Stage["run"]>>): string[] {
  return onlyJob(result)
    .annotations.filter(({ level }) => level === "warning")
    .map(({ message }) => message);
}
