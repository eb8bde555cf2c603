import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Arrangement } from "./side.ts";

const here = dirname(fileURLToPath(import.meta.url));
const project = dirname(dirname(here));
const README = { "README.md": "# app\n" };

/** The example with this action, word for word. */
export function ours(): Arrangement {
  return {
    name: "action",
    workflow: readFileSync(join(project, "examples", "combined.yml"), "utf8"),
    environment: "codex",
    files: README,
    machineEnv: {},
  };
}

/** The documented pattern without this action, word for word. */
export function recipe(): Arrangement {
  const writeBack = readFileSync(join(here, "write-back.cjs"), "utf8");
  return {
    name: "recipe",
    workflow: readFileSync(join(here, "recipe.yml"), "utf8"),
    environment: "codex",
    files: { ...README, ".github/write-back.cjs": writeBack },
    // As if libsodium were installed on the machine.
    machineEnv: { NODE_PATH: join(project, "node_modules") },
  };
}
