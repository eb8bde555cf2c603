// Runs what the pictures show, in a terminal, and stores what it prints. It needs `script` of util-linux.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { summaryText } from "./summary-text.mjs";

/** @throws {Error} if a check of the demo failed */
export function record(root) {
  const store = (name, text) => writeFileSync(join(root, "docs", "pictures", `${name}.txt`), text);

  const told = inTerminal(64, "node --import tsx lab/demo.ts", root);
  if (!told.includes("checks passed")) throw new Error(told);
  store("demo", told.slice(told.lastIndexOf("\u001b[1mDay 50, Monday")));

  const { stdout: summary, stderr } = spawnSync(process.execPath, ["--import", "tsx", "lab/summary.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  if (!summary.includes("refreshed and stored")) throw new Error(summary + stderr);
  store("summary", summaryText(summary, 74));

  const checkout = mkdtempSync(join(tmpdir(), "record-"));
  try {
    mkdirSync(join(checkout, ".git"));
    writeFileSync(join(checkout, ".git", "HEAD"), "ref: refs/heads/main\n");
    mkdirSync(join(checkout, ".github", "workflows"), { recursive: true });
    writeFileSync(join(checkout, ".github", "workflows", "report.yml"), officialRecipe(root));
    store("doctor", inTerminal(64, `node ${join(root, "dist", "cli.js")} doctor`, checkout));
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

/** The workflow before the migration, as docs/migrate.md shows it. */
function officialRecipe(root) {
  const page = readFileSync(join(root, "docs", "migrate.md"), "utf8");
  const [, diff] = page.match(/^## From the official recipe$[\s\S]*?^```diff\n([\s\S]*?)^```$/m);
  const lines = diff.split("\n").filter((line) => !line.startsWith("+"));
  return lines.map((line) => line.slice(1)).join("\n");
}

function inTerminal(columns, command, cwd) {
  const { stdout } = spawnSync("script", ["-qec", `stty cols ${columns}; ${command}`, "/dev/null"], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, TERM: "xterm", LANG: "C.UTF-8", NO_COLOR: "" },
  });
  return stdout.replaceAll("\r\n", "\n");
}
