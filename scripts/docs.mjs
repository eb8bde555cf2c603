// Writes the generated parts of README.md and docs/inputs.md, from action.yml, and the pictures of terminals in
// docs/pictures/, from the text beside them. With --check it changes nothing, and fails when a part is stale.
// With --pictures it first runs the demo, doctor and a maintenance, and stores what they show.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { drawTerminal } from "./docs/draw-terminal.mjs";
import { record } from "./docs/record.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path) => readFileSync(join(root, path), "utf8");
const action = parse(read("action.yml"));

for (const file of ["README.md", "docs/inputs.md"]) {
  const written = read(file);
  const fresh = written.replace(
    /^<!-- generated: (.+) -->\n[\s\S]*?^<!-- \/generated -->$/gm,
    (_, what) => `<!-- generated: ${what} -->\n${render(what)}\n<!-- /generated -->`,
  );
  settle(file, written, fresh, "action.yml");
}

if (process.argv.includes("--pictures")) record(root);
for (const name of ["demo", "doctor", "summary"]) {
  const [text, picture] = ["txt", "svg"].map((ending) => `docs/pictures/${name}.${ending}`);
  const written = existsSync(join(root, picture)) ? read(picture) : "";
  settle(picture, written, drawTerminal(read(text)), text);
}

function settle(file, written, fresh, source) {
  if (fresh === written) console.log(`${file} is fresh.`);
  else if (process.argv.includes("--check")) {
    console.error(`${file} differs from ${source}.\nRun \`npm run docs\` and commit the result.`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, file), fresh);
    console.log(`${file} is updated.`);
  }
}

/** `inputs`, `inputs NAME …` or `outputs`. Lists, because a table of sentences is wider than a phone. */
function render(what) {
  const [kind, ...names] = what.split(" ");
  switch (kind) {
    case "inputs":
      return (names.length > 0 ? names : Object.keys(action.inputs)).map(inputLine).join("\n");
    case "outputs":
      return Object.entries(action.outputs)
        .map(([output, { description }]) => `- **\`${output}\`**: ${description}`)
        .join("\n");
    default:
      throw new Error(`Unknown generated part: ${what}`);
  }
}

function inputLine(input) {
  const { description, default: value, required } = action.inputs[input];
  const note = required ? " (required)" : value ? ` (default \`${value}\`)` : "";
  return `- **\`${input}\`**${note}: ${description}`;
}
