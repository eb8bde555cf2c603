import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "@jest/globals";
import { nativeCodex } from "../../../lab/codex.ts";

const run = promisify(execFile);

afterEach(() => {
  delete process.env.LAB_CODEX;
});

test("the lab runs the Codex that LAB_CODEX names, else the one in package.json", async () => {
  const pinned = nativeCodex();

  process.env.LAB_CODEX = "some/codex";

  expect(pinned).toMatch(/vendor.*codex$/);
  expect(nativeCodex()).toBe(join(process.cwd(), "some/codex"));
});

test("`npm run facts` says what is wrong with the Codex it is given", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lab-codex-"));
  const launcher = join(directory, "codex.js");
  await symlink(process.execPath, launcher);

  const missing = run(process.execPath, ["scripts/facts.mjs", "--codex", join(directory, "nothing")]);
  const notNative = run(process.execPath, ["scripts/facts.mjs", "--codex", launcher]);

  await expect(missing).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("There is no ") });
  await expect(notNative).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("npm's launcher"),
  });
  await rm(directory, { recursive: true });
});
