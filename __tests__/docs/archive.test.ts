import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";

const git = (...args: string[]): Buffer => execFileSync("git", args, { maxBuffer: 64 * 1024 * 1024 });

test("what each job downloads is the action alone: at most 500 kB packed and 2 MB unpacked", () => {
  // What is committed or staged, as a tree of its own.
  const tree = git("write-tree").toString("utf8").trim();

  const archive = git("archive", "--format=tar", tree);

  expect(gzipSync(archive).length).toBeLessThanOrEqual(500_000);
  expect(archive.length).toBeLessThanOrEqual(2_000_000);
  const files = git("ls-tree", "-r", "--name-only", tree).toString("utf8").trim().split("\n");
  expect(filesOf(archive)).toEqual(
    files
      .filter(
        (file) => /^(?:LICENSE|action\.yml|dist\/.*)$/.test(file) && !/(cli|command-line)\.js$/.test(file),
      )
      .sort(),
  );
});

/** The names of the files in a tar archive: blocks of 512 bytes, a header before each file. */
function filesOf(archive: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const text = (start: number, length: number): string =>
      archive.toString("latin1", at + start, at + start + length).replace(/\0.*$/s, "");
    if (text(156, 1) === "0") names.push(text(0, 100));
    at += 512 + Math.ceil(Number.parseInt(text(124, 12), 8) / 512) * 512;
  }
  return names.sort();
}
