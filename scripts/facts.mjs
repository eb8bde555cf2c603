// Asks a Codex whether what docs/facts.md says of it holds: the lab's checks, on the real binary.
//   npm run facts                     the version in package.json
//   npm run facts -- --codex PATH     another one; PATH is the native binary, not npm's launcher
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const CHECKS = ["__tests__/contract/lab/openai.test.ts", "__tests__/contract/codex/app-server.test.ts"];

const codex = askedFor();
if (codex !== undefined && !existsSync(codex)) fail(`There is no ${codex}.`);
if (codex?.endsWith(".js"))
  fail(`${codex} is npm's launcher. The native binary lies beside it: …/vendor/<triple>/bin/codex`);

const env = { ...process.env, ...(codex === undefined ? {} : { LAB_CODEX: codex }) };
if (codex !== undefined) {
  const { stdout, error } = spawnSync(codex, ["--version"], { encoding: "utf8" });
  if (error) fail(`${codex} does not run.`);
  console.log(`Checking the facts on ${stdout.trim()}.`);
}
const jest = [
  "--experimental-vm-modules",
  "--disable-warning=ExperimentalWarning",
  "node_modules/jest/bin/jest.js",
];
const { status } = spawnSync(process.execPath, [...jest, "--verbose", ...CHECKS], { env, stdio: "inherit" });
process.exitCode = status ?? 1;

function askedFor() {
  try {
    const { values } = parseArgs({ options: { codex: { type: "string" } } });
    return values.codex && resolve(values.codex);
  } catch (error) {
    return fail(`${error.message}\nUsage: npm run facts -- [--codex PATH]`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(2);
}
