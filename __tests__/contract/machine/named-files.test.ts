import { spawnSync } from "node:child_process";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { namedFilesBy } from "../../../src/adapters/machine/named-files.ts";

const onPosix = process.platform === "win32" ? test.skip : test;

/** By path is all that other systems have; the rest of it can be seen here as well. */
let namedFiles = namedFilesBy("descriptor");
const eachMeans = process.platform === "linux" ? (["descriptor", "path"] as const) : (["path"] as const);
const onlyByDescriptor = (means: string) => (means === "descriptor" ? test : test.skip);

let disk: string;
let root: string;
let base: string;
let login: string;
beforeEach(async () => {
  disk = realpathSync(await mkdtemp(join(tmpdir(), "named-files-")));
  root = join(disk, "work", "app");
  base = join(disk, "temp", "base");
  login = join(base, "login", "auth.json");
  mkdirSync(join(root, "prompts"), { recursive: true });
  mkdirSync(join(base, "login"), { recursive: true });
  writeFileSync(login, "CANARY");
});
afterEach(() => rm(disk, { recursive: true, force: true }));

const at = (...path: string[]): string => join(root, ...path);
const read = (path: string, limitBytes = 1000) => namedFiles.read(path, { root, kept: [base], limitBytes });
const write = (path: string, content = "said") => namedFiles.write(path, content, { root, kept: [base] });
const text = async (path: string, limitBytes?: number): Promise<string> => {
  const outcome = await read(path, limitBytes);
  return outcome.kind === "read" ? Buffer.from(outcome.bytes).toString("utf8") : outcome.kind;
};

/** Puts a link in the place of the directory, and the directory back, again and again. */
const SWAP = `
const { renameSync, symlinkSync, unlinkSync } = require("node:fs");
const { workerData: { root, login } } = require("node:worker_threads");
for (;;) {
  renameSync(root + "/prompts", root + "/aside");
  symlinkSync(login, root + "/prompts");
  unlinkSync(root + "/prompts");
  renameSync(root + "/aside", root + "/prompts");
}
`;

describe.each(eachMeans)("by %s:", (means) => {
  beforeEach(() => {
    namedFiles = namedFilesBy(means);
  });

  describe("a file that is read", () => {
    test("may lie anywhere in the workspace, and outside of it", async () => {
      writeFileSync(at("prompts", "a.md"), "ünïcode");
      writeFileSync(join(disk, "b.md"), "outside");

      expect(await text(at("prompts", "a.md"))).toBe("ünïcode");
      expect(await text(join(disk, "b.md"))).toBe("outside");
    });

    test("may lie in a workspace that is reached through a link", async () => {
      writeFileSync(at("a.md"), "here");
      symlinkSync(join(disk, "work"), join(disk, "link"));

      const outcome = await namedFiles.read(join(disk, "link", "app", "a.md"), {
        root: join(disk, "link", "app"),
        kept: [base],
        limitBytes: 10,
      });

      expect(outcome.kind).toBe("read");
    });

    test("is no link, and lies behind none", async () => {
      writeFileSync(at("plain.md"), "plain");
      symlinkSync(login, at("soft.md"));
      symlinkSync("plain.md", at("harmless.md"));
      symlinkSync(join(base, "login"), at("down"));
      symlinkSync(join(disk, "nowhere"), at("dangling"));
      symlinkSync(login, join(disk, "outside.md"));

      for (const name of ["soft.md", "harmless.md", "down/auth.json", "dangling"])
        expect([name, await text(at(name))]).toEqual([name, "link"]);
      expect(await text(join(disk, "outside.md"))).toBe("link");
    });

    test("lies in no directory of ours, however it is spelt", async () => {
      symlinkSync(join(base, "login"), join(disk, "other"));

      expect(await text(login)).toBe("kept");
      expect(await text(join(base, "x", "..", "login", "auth.json"))).toBe("kept");
      expect(await text(join(disk, "other", "auth.json"))).toBe("kept");
    });

    test.each(["nowhere.md", "prompts/nowhere/x.md", "prompts", "file/below"])(
      "is there: %s",
      async (name) => {
        writeFileSync(at("file"), "x");

        expect(await text(at(name))).toBe(name === "prompts" ? "not-a-file" : "missing");
      },
    );

    onPosix("is no FIFO and no device, and nobody waits for one", async () => {
      spawnSync("mkfifo", [at("fifo")]);

      expect(await text(at("fifo"))).toBe("not-a-file");
      expect(await text("/dev/zero")).toBe("not-a-file");
      if (process.platform === "linux") expect(await text("/proc/self/environ")).toBe("not-a-file");
    });

    test("is not larger than it may be", async () => {
      writeFileSync(at("a.md"), "x".repeat(101));

      expect(await text(at("a.md"), 100)).toBe("too-large");
      expect(await text(at("a.md"), 101)).toBe("x".repeat(101));
    });

    onlyByDescriptor(means)("is never the login, however fast somebody swaps it", async () => {
      writeFileSync(at("prompts", "auth.json"), "plain");
      const swapping = new Worker(SWAP, { eval: true, workerData: { root, login: join(base, "login") } });
      const seen = new Set<string>();

      for (let tries = 0; tries < 3000; tries++) seen.add(await text(at("prompts", "auth.json")));
      await swapping.terminate();

      expect(seen).not.toContain("CANARY");
      expect(seen).toContain("link");
    });
  });

  describe("a file that is written", () => {
    test("is there at once and whole, and replaces one that was there", async () => {
      writeFileSync(at("a.md"), "before");

      expect(await write(at("a.md"))).toEqual({ kind: "written" });
      expect(await write(join(disk, "outside.md"))).toEqual({ kind: "written" });

      expect(readFileSync(at("a.md"), "utf8")).toBe("said");
      expect(readFileSync(join(disk, "outside.md"), "utf8")).toBe("said");
      if (process.platform !== "win32") expect(statSync(at("a.md")).mode & 0o777).toBe(0o644);
      expect(readdirSync(root)).toEqual(["a.md", "prompts"]);
    });

    test("goes through no link", async () => {
      mkdirSync(join(disk, "runner"));
      writeFileSync(join(disk, "runner", "env"), "theirs");
      symlinkSync(join(disk, "runner", "env"), at("soft.md"));
      symlinkSync(join(disk, "runner"), at("out"));
      symlinkSync(join(disk, "runner", "new"), at("dangling"));

      for (const name of ["soft.md", "out/env", "out/new", "dangling"])
        expect([name, await write(at(name))]).toEqual([name, { kind: "link" }]);

      expect(readdirSync(join(disk, "runner"))).toEqual(["env"]);
      expect(readFileSync(join(disk, "runner", "env"), "utf8")).toBe("theirs");
    });

    test("leaves the other names of what it replaces alone", async () => {
      writeFileSync(join(disk, "env"), "theirs");
      linkSync(join(disk, "env"), at("hard.md"));

      expect(await write(at("hard.md"))).toEqual({ kind: "written" });

      expect(readFileSync(join(disk, "env"), "utf8")).toBe("theirs");
    });

    test.each([
      ["prompts", "not-a-file"],
      ["nowhere/a.md", "missing"],
    ])("cannot be %s", async (name, kind) => {
      expect(await write(at(name))).toEqual({ kind });
    });

    test("is none of ours", async () => {
      expect(await write(login)).toEqual({ kind: "kept" });
      expect(await write(join(base, "new"))).toEqual({ kind: "kept" });
      expect(readFileSync(login, "utf8")).toBe("CANARY");
    });

    onlyByDescriptor(means)("is never elsewhere, however fast somebody swaps its directory", async () => {
      const swapping = new Worker(SWAP, { eval: true, workerData: { root, login: join(base, "login") } });

      for (let tries = 0; tries < 2000; tries++) await write(at("prompts", "auth.json"));
      await swapping.terminate();

      expect(readFileSync(login, "utf8")).toBe("CANARY");
      expect(readdirSync(join(base, "login"))).toEqual(["auth.json"]);
    });
  });

  describe("a directory", () => {
    const directory = (path: string) => namedFiles.directory(path, { root, kept: [base] });

    test("is what its name says", async () => {
      symlinkSync(disk, at("up"));
      writeFileSync(at("file"), "x");

      expect(await directory(at("prompts"))).toEqual({ kind: "directory", real: at("prompts") });
      expect(await directory(at("up"))).toEqual({ kind: "link" });
      expect(await directory(at("up", "work"))).toEqual({ kind: "link" });
      expect(await directory(at("nowhere"))).toEqual({ kind: "missing" });
      expect(await directory(at("file"))).toEqual({ kind: "not-a-file" });
      expect(await directory(join(base, "login"))).toEqual({ kind: "kept" });
    });
  });

  test("a name that leads to the login is found out", async () => {
    symlinkSync("plain", at("a.md"));
    symlinkSync(base, at("b"));
    symlinkSync(at("c.md"), at("d.md"));
    const led = (...names: string[]) => namedFiles.linkTo(root, names, join(base, "login"));
    expect(await led("a.md", "b", "c.md", "d.md", "nowhere/e.md")).toBeNull();

    symlinkSync(login, at("c.md"));

    expect(await led("a.md", "d.md")).toBe("d.md");
    expect(await led("b/login/auth.json")).toBe("b/login/auth.json");
    expect(await namedFiles.linkTo(root, ["c.md"], login)).toBe("c.md");
  });

  test("a second name of the login is noticed", async () => {
    expect(await namedFiles.hasOtherNames(join(base, "login"))).toBe(false);
    expect(await namedFiles.hasOtherNames(join(base, "nowhere"))).toBe(false);

    linkSync(login, at("hard.md"));

    expect(await namedFiles.hasOtherNames(join(base, "login"))).toBe(true);
    expect(await namedFiles.hasOtherNames(login)).toBe(true);
  });
});
