import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CheckoutFiles } from "../../ports/doctor.ts";
import { codeOf } from "./file-operations.ts";

/** A hundred times what a long workflow has. */
const MAXIMUM_BYTES = 1_000_000;

const MAXIMUM_DIRECTORIES = 5_000;
const MAXIMUM_ACTIONS = 1_000;
/** Not the repository's own, and large. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", "node_modules", "vendor", "target", ".venv"]);

/** @param root of the checkout */
export function checkoutFiles(root: string): CheckoutFiles {
  return {
    list: async (directory) => {
      const entries = await unlessAbsent(() => readdir(join(root, directory), { withFileTypes: true }));
      return (entries ?? []).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    },
    actions: async () => {
      const found: string[] = [];
      const pending = [""];
      for (let looked = 0; looked < MAXIMUM_DIRECTORIES && found.length < MAXIMUM_ACTIONS; looked++) {
        const directory = pending.shift();
        if (directory === undefined) break;
        const entries = await readdir(join(root, directory), { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
          const below = directory === "" ? entry.name : `${directory}/${entry.name}`;
          if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) pending.push(below);
          else if (/^action\.ya?ml$/.test(entry.name)) found.push(below);
        }
      }
      return found.sort();
    },
    read: async (path) => {
      const status = await unlessAbsent(() => stat(join(root, path)));
      if (!status?.isFile()) return { kind: "absent" };
      if (status.size > MAXIMUM_BYTES) return { kind: "too-large", bytes: status.size };
      return { kind: "text", text: await readFile(join(root, path), "utf8") };
    },
  };
}

async function unlessAbsent<Answer>(ask: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP"].includes(codeOf(error))) return null;
    throw error;
  }
}
