// Whether what docs/facts.md says holds. `npm run facts -- --help`.
import { parseArgs } from "node:util";
import { askCodex } from "./facts/ask-codex.mjs";
import { takeResult } from "./facts/take-result.mjs";

const USAGE = `Usage: npm run facts -- [options]

  (nothing)            the facts of Codex, on the version in package.json
  --codex VERSION      on another one: 0.148.0, latest, or the path of a native binary
  --scenarios          also the scenarios that depend on Codex (ten minutes)
  --report FILE        write what differs as Markdown
  --from FILE          take a result of \`npm run conformance\` into docs/facts.md
  --help

Exit code: 0 everything holds · 1 something differs · 2 could not be run`;

const OPTIONS = {
  codex: { type: "string" },
  scenarios: { type: "boolean", default: false },
  report: { type: "string" },
  from: { type: "string" },
  help: { type: "boolean", default: false },
};

try {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) console.log(USAGE);
  else process.exitCode = values.from === undefined ? askCodex(values) : takeResult(values.from);
} catch (error) {
  console.error(error.code?.startsWith("ERR_PARSE_ARGS") ? `${error.message}\n\n${USAGE}` : error.message);
  process.exitCode = 2;
}
