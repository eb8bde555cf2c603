import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "@jest/globals";
import { pack } from "tar-stream";
import { plantUnderEveryKey, UNTOLD, warningsOf } from "./cache-faults.ts";
import { DAY_SECONDS, failureCodes, SECRET, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

const due = { expiresInSeconds: 2 * DAY_SECONDS };
const MEMBER = "codex-auth-handoff.envelope";

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
    const planted = plantUnderEveryKey(stage, () => archive);

    const result = await stage.run(stage.refreshJob());

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
  ])(
    "%s under our key tells nothing: the job goes on with its access token, with nothing spent",
    async (_, archive) => {
      stage = await Stage.set(due);
      stage.spend();
      const bytes = await archive();
      const planted = plantUnderEveryKey(stage, () => bytes);

      const result = await stage.run(stage.refreshJob());

      expect(planted()).toBeGreaterThan(0);
      expect(result.conclusion).toBe("success");
      expect(warningsOf(result)).toEqual(UNTOLD);
      stage.expectNothingSpent();
    },
  );

  test("garbage in front of our note is seen through: no spent token is presented", async () => {
    stage = await Stage.set(due);
    // The write fails, so the secret keeps the spent login, and only the note tells.
    stage.interceptStoreWrites(() => ({ status: 403, body: {} }));
    await stage.run(stage.refreshJob());
    const hidden = stage.world.cache.entries.length;
    plantOnce();

    const result = await stage.run(stage.refreshJob());

    expect(hidden).toBeGreaterThan(0);
    expect(result.log).toContain("An earlier run could not store login");
    expect(stage.world.openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    expect(stage.world.openai.reuses).toBe(0);
  });

  test("a genuine note of somebody else's document under our key is no link", async () => {
    stage = await Stage.set(due);
    await stage.run(stage.refreshJob());
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
    const planted = plantUnderEveryKey(stage, () => note.bytes);

    const result = await stage.run(stage.refreshJob());

    expect(planted()).toBeGreaterThan(0);
    expect(failureCodes(result)).toEqual(["freshness-unproven"]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    stage.expectLoginAlive();
  });
});

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
