// Writes what README.md repeats of action.yml and examples/: two tables and the workflows to paste.
// With --check it changes nothing, and fails when something is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");
const action = parse(read("action.yml"));

const written = read("README.md");
const fresh = written.replace(
  /^<!-- generated: (.+) -->\n[\s\S]*?^<!-- \/generated -->$/gm,
  (_, what) => `<!-- generated: ${what} -->\n${render(what)}\n<!-- /generated -->`,
);

if (fresh === written) console.log("README.md is fresh.");
else if (process.argv.includes("--check")) {
  console.error(
    "README.md is not what action.yml and examples/ say.\nRun `npm run docs` and commit README.md.",
  );
  process.exitCode = 1;
} else {
  writeFileSync(join(root, "README.md"), fresh);
  console.log("README.md is written again.");
}

function render(what) {
  const [kind, name] = what.split(" ");
  switch (kind) {
    case "inputs":
      return table(["input", "default", "meaning"], Object.entries(action.inputs).map(inputRow));
    case "outputs":
      return table(
        ["output", "meaning"],
        Object.entries(action.outputs).map(([output, { description }]) => [`\`${output}\``, description]),
      );
    case "example":
      return `\`\`\`yaml\n${read(join("examples", name))}\`\`\``;
    default:
      throw new Error(`README.md asks for something unknown: ${what}`);
  }
}

function inputRow([input, { description, default: value, required }]) {
  const shown = required ? "**required**" : value ? `\`${value}\`` : "";
  return [`\`${input}\``, shown, description];
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), `|${"---|".repeat(heads.length)}`, ...rows.map(line)].join("\n");
}
