/** @jest-environment ./__tests__/contract/one-realm.js */
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { diskFiles } from "../../../src/adapters/machine/files.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "files-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("a file that Codex is to write anew", () => {
  test("may be so where it and its directory are ours, and stays as it is", async () => {
    await mkdir(join(root, "login"));
    await writeFile(join(root, "login", "auth.json"), "CANARY", { mode: 0o600 });
    await symlink(join("login", "auth.json"), join(root, "auth.json"));
    const before = await diskFiles.stamp(join(root, "auth.json"));

    await diskFiles.demandReplaceable(join(root, "auth.json"), 1024);

    expect(await diskFiles.stamp(join(root, "auth.json"))).toBe(before);
    expect([...(await readdir(root)), ...(await readdir(join(root, "login")))].sort()).toEqual([
      "auth.json",
      "auth.json",
      "login",
    ]);
  });

  test.each(["auth.lock", "login/auth.json.lock"])("may not where %s cannot be opened", async (lock) => {
    await mkdir(join(root, "login"));
    await writeFile(join(root, "login", "auth.json"), "x", { mode: 0o600 });
    await symlink(join("login", "auth.json"), join(root, "auth.json"));
    const demand = (): Promise<void> => diskFiles.demandReplaceable(join(root, "auth.json"), 1);

    await writeFile(join(root, lock), "");
    await demand();
    await rm(join(root, lock));
    await mkdir(join(root, lock));
    await expect(demand()).rejects.toMatchObject({ code: "EISDIR" });
  });

  test("may not where it is somebody else's, missing, or more than the disk takes", async () => {
    const path = join(root, "auth.json");
    await expect(diskFiles.demandReplaceable(path, 1)).rejects.toMatchObject({ code: "ENOENT" });
    await writeFile(path, "x");
    // Not by root either.
    for (const mode of [0o400, 0o440, 0o060]) {
      await chmod(path, mode);
      await expect(diskFiles.demandReplaceable(path, 1)).rejects.toMatchObject({ code: "EACCES" });
    }
    await chmod(path, 0o600);
    if (process.getuid?.() === 0) {
      await chown(path, 12345, 12345);
      await expect(diskFiles.demandReplaceable(path, 1)).rejects.toMatchObject({ code: "EPERM" });
    } else {
      await chmod(root, 0o500);
      await expect(diskFiles.demandReplaceable(path, 1)).rejects.toMatchObject({ code: "EACCES" });
      await chmod(root, 0o700);
    }
  });
});

describe("writing", () => {
  test("makes a file of that mode and content, and nothing beside it", async () => {
    const path = join(root, "auth.json");

    await diskFiles.write(path, "CANARY", 0o600);

    expect(await readFile(path, "utf8")).toBe("CANARY");
    expect(await modeOf(path)).toBe(0o600);
    expect(await readdir(root)).toEqual(["auth.json"]);
  });

  test("takes bytes as they are", async () => {
    await diskFiles.write(join(root, "bytes"), Uint8Array.from([0, 255, 10, 13]), 0o600);

    expect(await diskFiles.readBytes(join(root, "bytes"))).toEqual(Buffer.from([0, 255, 10, 13]));
  });

  test("replaces a file as a whole: who has the old one open still reads all of it", async () => {
    const path = join(root, "auth.json");
    await writeFile(path, "the old one", { mode: 0o644 });
    const reader = await open(path);

    await diskFiles.write(path, "new", 0o600);

    expect(await reader.readFile("utf8")).toBe("the old one");
    await reader.close();
    expect(await readFile(path, "utf8")).toBe("new");
    expect(await modeOf(path)).toBe(0o600);
  });

  test("replaces a symbolic link, not what it leads to", async () => {
    await writeFile(join(root, "elsewhere"), "theirs");
    await symlink(join(root, "elsewhere"), join(root, "auth.json"));

    await diskFiles.write(join(root, "auth.json"), "ours", 0o600);

    expect(await readFile(join(root, "elsewhere"), "utf8")).toBe("theirs");
  });

  test("that fails leaves no temporary file, and what was there", async () => {
    await mkdir(join(root, "taken", "full"), { recursive: true });

    await expect(diskFiles.write(join(root, "taken"), "CANARY", 0o600)).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    await expect(diskFiles.write(join(root, "missing", "x"), "CANARY", 0o600)).rejects.toMatchObject({
      code: "ENOENT",
    });

    expect(await readdir(root, { recursive: true })).toEqual(["taken", "taken/full"]);
  });
});

describe("reading", () => {
  test.each(["missing", "file/below"])("of %s finds nothing, without a complaint", async (path) => {
    await writeFile(join(root, "file"), "x");

    expect(await diskFiles.read(join(root, path))).toBeNull();
    expect(await diskFiles.readBytes(join(root, path))).toBeNull();
  });

  test("of what is no file is the system's error", async () => {
    await expect(diskFiles.read(root)).rejects.toMatchObject({ code: "EISDIR" });
  });
});

describe("a private directory", () => {
  test("is made with its parents, for its owner alone", async () => {
    const path = join(root, "a", "b", "home");

    expect(await diskFiles.makePrivateDirectory(path)).toBe("made");

    expect(await modeOf(path)).toBe(0o700);
  });

  test("that existed is closed to others and keeps what is in it", async () => {
    const path = join(root, "home");
    await mkdir(path);
    await chmod(path, 0o755);
    await writeFile(join(path, "config.toml"), "theirs");

    expect(await diskFiles.makePrivateDirectory(path)).toBe("existed");

    expect(await modeOf(path)).toBe(0o700);
    expect(await readFile(join(path, "config.toml"), "utf8")).toBe("theirs");
  });

  test("is not followed where it is a link, nor are the modes of its other end touched", async () => {
    await mkdir(join(root, "theirs"));
    await chmod(join(root, "theirs"), 0o755);
    await symlink(join(root, "theirs"), join(root, "base"));
    await symlink(join(root, "nowhere"), join(root, "dangling"));

    for (const name of ["base", "dangling"])
      await expect(diskFiles.makePrivateDirectory(join(root, name))).rejects.toMatchObject({
        code: "EEXIST",
      });

    expect(await modeOf(join(root, "theirs"))).toBe(0o755);
  });

  (process.getuid?.() === 0 ? test : test.skip)("is not shared with somebody else who owns it", async () => {
    await mkdir(join(root, "base"));
    await chown(join(root, "base"), 65_534, 65_534);

    await expect(diskFiles.makePrivateDirectory(join(root, "base"))).rejects.toMatchObject({
      code: "EEXIST",
    });

    expect(await modeOf(join(root, "base"))).toBe(0o755);
  });

  test("cannot be where a file is", async () => {
    await writeFile(join(root, "home"), "x");

    await expect(diskFiles.makePrivateDirectory(join(root, "home"))).rejects.toMatchObject({
      code: "EEXIST",
    });
    expect(await readFile(join(root, "home"), "utf8")).toBe("x");
  });
});

test("removing takes a whole directory, and what is not there is removed already", async () => {
  await mkdir(join(root, "home", "deep"), { recursive: true });

  await diskFiles.remove(join(root, "home"));
  await diskFiles.remove(join(root, "home"));

  expect(await readdir(root)).toEqual([]);
});

describe("a file that is moved behind a link", () => {
  const paths = (): [string, string] => [join(root, "auth.json"), join(root, "login", "auth.json")];
  beforeEach(() => mkdir(join(root, "login")));

  test("is read and replaced through it, wherever its directory goes", async () => {
    const [path, target] = paths();
    await diskFiles.write(path, "one", 0o600);

    await diskFiles.moveBehindLink(path, target);
    await diskFiles.moveBehindLink(path, target);

    expect(await readlink(path)).toBe(join("login", "auth.json"));
    expect(await diskFiles.read(path)).toBe("one");
    expect((await stat(target)).mode & 0o777).toBe(0o600);
  });

  test("takes the place of an older one", async () => {
    const [path, target] = paths();
    await diskFiles.write(target, "old", 0o600);
    await diskFiles.write(path, "new", 0o600);

    await diskFiles.moveBehindLink(path, target);

    expect([await diskFiles.read(path), await diskFiles.read(target)]).toEqual(["new", "new"]);
  });

  test("whose move was cut off in the middle is finished", async () => {
    const [path, target] = paths();
    await diskFiles.write(target, "one", 0o600);

    await diskFiles.moveBehindLink(path, target);

    expect(await diskFiles.read(path)).toBe("one");
  });

  test("that is not there leaves nothing", async () => {
    const [path, target] = paths();

    await diskFiles.moveBehindLink(path, target);

    await expect(lstat(path)).rejects.toThrow("ENOENT");
  });

  test("is left where it is already a link", async () => {
    const [path, target] = paths();
    await symlink("elsewhere", path);

    await diskFiles.moveBehindLink(path, target);

    expect(await readlink(path)).toBe("elsewhere");
  });
});
