import { beforeEach, describe, expect, test } from "@jest/globals";
import { authPath, loginDirectory } from "../../src/login/home-layout.ts";
import {
  makePrivateHome,
  noRoom,
  type PrivateHome,
  privateHomeAt,
  readPrivateHome,
} from "../../src/login/private-home.ts";
import { MemoryFiles, systemError } from "../action/ports/files.ts";
import { generation } from "../core/login/documents.ts";

const BASE = "/temp/base";
const MEGABYTE = 1024 * 1024;
const [HANDED, CURRENT, ROTATED] = [generation(0), generation(1), generation(2)];

let files: MemoryFiles;
beforeEach(() => {
  files = new MemoryFiles();
});

function make(): Promise<PrivateHome> {
  const randomness = { bytes: (count: number) => new Uint8Array(count).fill(0xab) };
  return makePrivateHome({ files, randomness, base: BASE, handed: HANDED }, CURRENT);
}

describe("a private home", () => {
  test("holds the whole document for Codex, and beside it what was before", async () => {
    const { directory, home } = await make();

    expect(await files.read(authPath(home))).toBe(CURRENT.whole().reveal());
    expect(await files.read(`${directory}/predecessor.json`)).toBe(CURRENT.line().reveal());
    expect(await files.read(`${directory}/handed.json`)).toBe(HANDED.line().reveal());
  });

  test("is a new directory where the model's commands cannot read, for its owner alone", async () => {
    const { directory, home } = await make();

    expect(directory).toBe(`${loginDirectory(BASE)}/critical-${"ab".repeat(6)}`);
    expect([directory, home].map((path) => files.modes.get(path))).toEqual([0o700, 0o700]);
    expect(files.below("/").map((path) => files.modes.get(path))).toEqual([0o600, 0o600, 0o600]);
  });

  test("has the login and nothing else, no config.toml in particular", async () => {
    const { home } = await make();

    expect(files.below(home)).toEqual([authPath(home)]);
  });

  test("takes no more room in the end than its documents do", async () => {
    await make();

    const taken = [...files.contents.values()].reduce((sum, content) => sum + content.length, 0);
    expect(taken).toBeLessThan(MEGABYTE / 10);
  });
});

describe("a private home that cannot be made", () => {
  test.each([
    ["not even its documents", 1000],
    ["not what Codex writes before it refreshes", 2 * MEGABYTE],
    ["almost enough", 15 * MEGABYTE],
  ])("since there is room for %s leaves nothing behind", async (_what, capacityBytes) => {
    files.capacityBytes = capacityBytes;

    const made = make();

    await expect(made).rejects.toMatchObject({
      code: "home-unwritable",
      message: expect.stringMatching(/no room .* Nothing was refreshed/),
      hint: expect.stringContaining("RUNNER_TEMP"),
      cause: { code: "ENOSPC" },
    });
    expect(files.below("/")).toEqual([]);
    expect([...files.modes.keys()]).toEqual(["/temp/base/login"]);
  });

  test.each(["makePrivateDirectory", "write", "remove"] as const)(
    "since the disk refuses to %s is such a failure, too",
    async (operation) => {
      files.interfere = (asked) => {
        if (asked === operation) throw systemError("EROFS");
      };

      await expect(make()).rejects.toMatchObject({
        code: "home-unwritable",
        message: "The private directory for the refresh cannot be written (EROFS). Nothing was refreshed.",
        cause: { code: "EROFS" },
      });
    },
  );

  test("since too many files are open says that", async () => {
    files.interfere = () => {
      throw systemError("EMFILE");
    };

    await expect(make()).rejects.toMatchObject({ code: "system-error", cause: { code: "EMFILE" } });
  });

  test("is enough room with 16 megabytes more than the documents", async () => {
    files.capacityBytes = 17 * MEGABYTE;

    await expect(make()).resolves.toMatchObject({ directory: expect.any(String) });
  });
});

test("a disk without room is said to be one, with what was the matter", () => {
  const cause = systemError("EDQUOT");

  expect(noRoom(cause)).toMatchObject({ code: "home-unwritable", cause });
});

describe("what was left in a private home", () => {
  test("tells the document before the refresh, the one that was handed, and the file as Codex left it", async () => {
    const place = await make();
    await files.write(authPath(place.home), ROTATED.whole().reveal());

    const left = await readPrivateHome(files, privateHomeAt(place.directory));

    expect(left?.predecessor.generation).toBe(CURRENT.generation);
    expect(left?.handed.generation).toBe(HANDED.generation);
    expect(left?.after).toBe(ROTATED.whole().reveal());
  });

  test("is also told where Codex has removed the file", async () => {
    const place = await make();
    await files.remove(authPath(place.home));

    const left = await readPrivateHome(files, place);

    expect(left).toMatchObject({ after: null, predecessor: { generation: CURRENT.generation } });
  });

  test.each(["predecessor.json", "handed.json"])("is nothing without a %s that can be read", async (name) => {
    const place = await make();
    const path = `${place.directory}/${name}`;
    const whole = (await files.read(path)) ?? "";

    await files.write(path, whole.slice(0, 100));
    const ofTruncated = await readPrivateHome(files, place);
    await files.remove(path);
    const ofMissing = await readPrivateHome(files, place);

    expect([ofTruncated, ofMissing]).toEqual([null, null]);
  });

  test("is not taken for nothing where the disk fails", async () => {
    const place = await make();
    files.interfere = (operation, path) => {
      if (operation === "read" && path === authPath(place.home)) throw systemError("EIO");
    };

    await expect(readPrivateHome(files, place)).rejects.toMatchObject({ code: "EIO" });
  });
});
