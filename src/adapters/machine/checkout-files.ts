import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { CheckoutFiles } from "../../ports/doctor.ts";
import { codeOf } from "./file-operations.ts";

/** A hundred times what a long workflow has. */
const MAXIMUM_BYTES = 1_000_000;

/** @param root of the checkout */
export function checkoutFiles(root: string): CheckoutFiles {
  return {
    list: async (directory) => {
      const entries = await unlessAbsent(() => readdir(join(root, directory), { withFileTypes: true }));
      return (entries ?? []).filter((entry) => !entry.isDirectory()).map(({ name }) => name);
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
