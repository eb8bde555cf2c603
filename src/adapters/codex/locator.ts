import { access, constants, readdir, realpath, stat } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { isBelow } from "../../core/codex/config.ts";

/**
 * Finds Codex on a PATH. Behind npm's launcher, the native binary: killing the launcher can leave it alive.
 *
 * @param replaceable directories in which a model may have put another program in its place. What lies there, or leads
 *   there through links, is passed over, and so are entries of the PATH that are relative.
 * @param passedOver told of each that is
 * @returns `null` when there is none
 */
export async function locateCodex(
  path: string,
  replaceable: readonly string[] = [],
  passedOver: () => void = () => {},
): Promise<string | null> {
  const roots = await Promise.all(replaceable.map((root) => realpath(root).catch(() => root)));
  const isReplaceable = async (found: string): Promise<boolean> => {
    const places = [found, await realpath(dirname(found)), await realpath(found)];
    return !isAbsolute(found) || places.some((place) => roots.some((root) => isBelow(root, place)));
  };
  for (const directory of path.split(delimiter).filter((entry) => entry !== "")) {
    for (const name of process.platform === "win32" ? ["codex.exe", "codex.cmd"] : ["codex"]) {
      const candidate = join(directory, name);
      if (!(await isExecutable(candidate))) continue;
      const native = await nativeBehind(candidate);
      if (!(await isReplaceable(candidate)) && (native === null || !(await isReplaceable(native))))
        return native ?? candidate;
      passedOver();
    }
  }
  return null;
}

/** `…/@openai/codex/bin/codex.js` → `…/@openai/codex-<os>-<arch>/vendor/<triple>/bin/codex` */
async function nativeBehind(candidate: string): Promise<string | null> {
  const packageRoot = await packageBehind(candidate);
  if (packageRoot === null) return null;
  const platformPackage = `codex-${process.platform}-${process.arch}`;
  for (const scope of [dirname(packageRoot), join(packageRoot, "node_modules", "@openai")]) {
    const vendor = join(scope, platformPackage, "vendor");
    for (const triple of await readdir(vendor).catch(() => [])) {
      const native = join(vendor, triple, "bin", process.platform === "win32" ? "codex.exe" : "codex");
      if (await isExecutable(native)) return native;
    }
  }
  return null;
}

async function packageBehind(candidate: string): Promise<string | null> {
  // On Windows there is a shim beside the packages, which no program can start without a shell.
  if (candidate.endsWith("codex.cmd")) return join(dirname(candidate), "node_modules", "@openai", "codex");
  const target = await realpath(candidate);
  return target.endsWith(join("@openai", "codex", "bin", "codex.js")) ? dirname(dirname(target)) : null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile(); // a directory can be "executed", too
  } catch {
    return false;
  }
}
