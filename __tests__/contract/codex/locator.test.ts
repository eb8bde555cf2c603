import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { delimiter, dirname, join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nativeCodex } from "../../../lab/codex.ts";
import { locateCodex } from "../../../src/adapters/codex/locator.ts";

const PLATFORM_PACKAGE = `codex-${platform()}-${arch()}`;

let root: string;
let bin: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "locator-")));
  bin = join(root, "bin");
  await mkdir(bin);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function executable(...path: string[]): Promise<string> {
  const file = join(root, ...path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "#!/bin/sh\n");
  await chmod(file, 0o755);
  return file;
}

/** `npm install --global @openai/codex`: a link on PATH to the launcher. */
async function launcher(): Promise<void> {
  await executable("lib", "@openai", "codex", "bin", "codex.js");
  await symlink("../lib/@openai/codex/bin/codex.js", join(bin, "codex"));
}

describe("Codex on PATH", () => {
  test("is the native binary behind the launcher that npm installed here", async () => {
    const path = join(import.meta.dirname, "..", "..", "..", "node_modules", ".bin");

    expect(await locateCodex(path)).toBe(nativeCodex());
  });

  test.each([
    ["beside the launcher's package", ["lib", "@openai"]],
    ["inside it", ["lib", "@openai", "codex", "node_modules", "@openai"]],
  ])("is the native binary whose package lies %s", async (_where, scope) => {
    await launcher();
    const native = await executable(...scope, PLATFORM_PACKAGE, "vendor", "some-triple", "bin", "codex");

    expect(await locateCodex(bin)).toBe(native);
  });

  test("is the launcher itself where no native binary lies behind it", async () => {
    await launcher();

    expect(await locateCodex(bin)).toBe(join(bin, "codex"));
  });

  test("is a plain binary as it stands", async () => {
    const codex = await executable("bin", "codex");

    expect(await locateCodex(bin)).toBe(codex);
  });

  test("is the first that can be executed", async () => {
    await writeFile(join(bin, "codex"), "not executable", { mode: 0o644 });
    await mkdir(join(root, "directory", "codex"), { recursive: true });
    const second = await executable("second", "codex");
    await executable("third", "codex");
    const path = [
      "",
      join(root, "missing"),
      bin,
      join(root, "directory"),
      dirname(second),
      join(root, "third"),
    ];

    expect(await locateCodex(path.join(delimiter))).toBe(second);
  });

  test("is nothing where there is none", async () => {
    expect(await locateCodex(bin)).toBeNull();
    expect(await locateCodex("")).toBeNull();
  });
});

describe("a Codex that a model could have replaced", () => {
  const locate = async (path: string): Promise<[found: string | null, passedOver: number]> => {
    let passedOver = 0;
    const found = await locateCodex(path, [join(root, "workspace")], () => {
      passedOver += 1;
    });
    return [found, passedOver];
  };

  test("is passed over for the next one", async () => {
    await executable("workspace", "tools", "codex");
    const codex = await executable("bin", "codex");

    expect(await locate([join(root, "workspace", "tools"), bin].join(delimiter))).toEqual([codex, 1]);
  });

  test.each([
    ["a link to it", async () => symlink("../workspace/codex", join(bin, "codex"))],
    [
      "a directory that leads to it",
      async () => {
        await rm(bin, { recursive: true });
        await symlink("workspace", bin);
      },
    ],
  ])("is not taken through %s either", async (_, link) => {
    await executable("workspace", "codex");
    await link();

    expect(await locate(bin)).toEqual([null, 1]);
  });

  test("is not taken through npm's launcher elsewhere", async () => {
    await launcher();
    await mkdir(join(root, "workspace"));
    await executable("workspace", PLATFORM_PACKAGE, "vendor", "some-triple", "bin", "codex");
    await symlink(join(root, "workspace", PLATFORM_PACKAGE), join(root, "lib", "@openai", PLATFORM_PACKAGE));

    expect(await locate(bin)).toEqual([null, 1]);
  });

  test("is not taken from a relative entry of the PATH", async () => {
    await executable("bin", "codex");

    expect(await locate(relative(process.cwd(), bin))).toEqual([null, 1]);
  });

  test("is not what only has a similar name", async () => {
    const codex = await executable("workspace-of-tools", "codex");

    expect(await locate(dirname(codex))).toEqual([codex, 0]);
  });
});
