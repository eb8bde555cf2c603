import { mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { leaveWorkspaceOut, outsideWorkspace } from "../../../src/entry/trusted-path.ts";

let disk: string;
const before = { PATH: process.env.PATH, GITHUB_WORKSPACE: process.env.GITHUB_WORKSPACE };
beforeEach(async () => {
  disk = realpathSync(await mkdtemp(join(tmpdir(), "own-path-")));
  for (const name of ["data/work/bin", "tools", "usr"]) mkdirSync(join(disk, name), { recursive: true });
  symlinkSync(join(disk, "data", "work"), join(disk, "work"));
  symlinkSync(join(disk, "work", "bin"), join(disk, "into"));
  symlinkSync(join(disk, "tools"), join(disk, "data", "work", "out"));
});
afterEach(async () => {
  Object.assign(process.env, before);
  if (before.GITHUB_WORKSPACE === undefined) delete process.env.GITHUB_WORKSPACE;
  await rm(disk, { recursive: true, force: true });
});

const at = (path: string): string => join(disk, path);

test.each(["work", "data/work"])(
  "what lies in the workspace is left out, by whatever name, there already or still to come: %s",
  (workspace) => {
    process.env.GITHUB_WORKSPACE = at(workspace);
    leaveWorkspaceOut({ workingDirectory: null });
    const inside = [
      "work/bin",
      "data/work/bin",
      "into",
      "usr/../work/bin",
      "work/.venv/bin",
      "data/work/.venv/bin",
    ];
    const replaceableLinks = ["work/out", "data/work/out"];

    const path = [
      at("usr"),
      "bin",
      ".",
      "",
      ...[...inside, ...replaceableLinks].map(at),
      at("tools"),
      at("usr/local"),
    ].join(delimiter);

    expect(outsideWorkspace(path)).toBe([at("usr"), at("tools"), at("usr/local")].join(delimiter));
  },
);
