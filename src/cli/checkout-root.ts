import { dirname, join } from "node:path";
import type { Files } from "../ports/files.ts";

/** @returns the root of the git checkout that holds a directory; `null` where none does */
export async function findCheckoutRoot(files: Files, directory: string): Promise<string | null> {
  for (let at = directory; ; at = dirname(at)) {
    if (await isCheckout(files, at)) return at;
    if (dirname(at) === at) return null;
  }
}

async function isCheckout(files: Files, directory: string): Promise<boolean> {
  const git = join(directory, ".git");
  if ((await files.stamp(join(git, "HEAD"))) !== null) return true;
  // A worktree has a file there, and an empty directory is no checkout.
  return files.read(git).then(
    (text) => text?.startsWith("gitdir:") ?? false,
    () => false,
  );
}
