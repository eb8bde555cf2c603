import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { nativeCodex } from "../../../lab/codex.ts";
import { digestOfFiles } from "../../../src/adapters/codex/package-files.ts";
import { CODEX_FILES } from "../../../src/core/codex/integrity.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "codex-files-"));
  await mkdir(join(root, "bin"));
  await writeFile(join(root, "bin", "codex"), "program");
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the digest of Codex's programs", () => {
  test("is, for the Codex of this checkout, the one that is written down", async () => {
    const expected = CODEX_FILES[`${platform()}-${arch()}`]?.files;

    expect(await digestOfFiles(dirname(dirname(nativeCodex())))).toBe(expected);
    execFileSync(process.execPath, ["scripts/codex-integrity.mjs", "--check"]);
  });

  test.each([
    ["another content", () => writeFile(join(root, "bin", "codex"), "Program")],
    ["another name", () => writeFile(join(root, "bin", "codex2"), "program")],
    ["a file more", () => writeFile(join(root, "more"), "")],
  ])("is another with %s", async (_, change) => {
    const copy = await mkdtemp(join(tmpdir(), "codex-files-"));
    try {
      await mkdir(join(copy, "bin"));
      await writeFile(join(copy, "bin", "codex"), "program");
      await change();

      expect(await digestOfFiles(root)).not.toBe(await digestOfFiles(copy));
    } finally {
      await rm(copy, { recursive: true });
    }
  });

  test("is none where a link is among them", async () => {
    await symlink("codex", join(root, "bin", "alias"));

    expect(await digestOfFiles(root)).toBeNull();
  });
});
