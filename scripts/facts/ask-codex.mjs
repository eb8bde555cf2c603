import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { codexBinary } from "./codex-binary.mjs";

/** The facts themselves: each test is one. */
const FACTS = [
  "__tests__/contract/lab/openai.test.ts",
  "__tests__/contract/lab/connector.test.ts",
  "__tests__/contract/codex/app-server.test.ts",
];
/** Whole jobs, whose end depends on what Codex does. */
const SCENARIOS = [
  "codex-surroundings",
  "connected-apps",
  "isolation",
  "issuer-outage",
  "model-and-login",
  "phases",
  "planted-files",
  "prompt",
  "refresh",
  "refresh-timing",
  "refresh-token-present",
  "reseed",
  "unwritable-disk",
].map((name) => `__tests__/scenarios/${name}.test.ts`);

/**
 * Runs the checks with the Codex that is asked for, by default the one in package.json.
 *
 * @returns {number} the exit code: 0 all hold · 1 something differs · 2 could not be run
 */
export function askCodex({ codex, scenarios, report }) {
  const binary = codex === undefined ? undefined : codexBinary(codex);
  const directory = mkdtempSync(join(tmpdir(), "facts-"));
  try {
    const version = binary && versionSaidBy(binary.path);
    if (version) console.log(`Checking the facts on ${version}.`);
    const output = join(directory, "result.json");
    const { status } = spawnSync(
      process.execPath,
      [
        "--experimental-vm-modules",
        "--disable-warning=ExperimentalWarning",
        "node_modules/jest/bin/jest.js",
        "--json",
        `--outputFile=${output}`,
        ...FACTS,
        ...(scenarios ? SCENARIOS : []),
      ],
      {
        env: { ...process.env, ...(binary ? { LAB_CODEX: binary.path } : {}) },
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    if (!existsSync(output)) throw new Error(`The checks did not run: jest ended with ${status}.`);
    const text = render(version ?? "the Codex of package.json", JSON.parse(readFileSync(output, "utf8")));
    console.log(`\n${text}`);
    if (report) writeFileSync(report, `${text}\n`);
    return status === 0 ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
    binary?.remove();
  }
}

function versionSaidBy(path) {
  const { stdout, error, status } = spawnSync(path, ["--version"], { encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${path} does not run.`);
  return stdout.trim();
}

function render(version, { testResults, numPassedTests, numFailedTests, numPendingTests }) {
  const failed = testResults.flatMap(({ name, assertionResults, message }) => {
    const file = name.slice(name.indexOf("__tests__"));
    const tests = assertionResults.filter(({ status }) => status === "failed");
    if (tests.length === 0 && assertionResults.length === 0)
      return [{ file, fact: "(the file itself)", why: message }];
    return tests.map(({ fullName, failureMessages }) => ({ file, fact: fullName, why: failureMessages[0] }));
  });
  const counts = `${numPassedTests} hold, ${numFailedTests} differ, ${numPendingTests} were skipped`;
  if (failed.length === 0) return `${version}: ${counts}.`;
  const rows = failed.map(({ file, fact, why }) => `| \`${file}\` | ${cell(fact)} | ${cell(why)} |`);
  return [`${version}: ${counts}.`, "", "| file | fact | seen |", "|---|---|---|", ...rows].join("\n");
}

/** One line of a table, whatever a program has said. */
function cell(text) {
  const plain = stripVTControlCharacters(String(text))
    .replace(/\s+/g, " ")
    .replace(/[\w.-]{80,}/g, "…") // the lab's tokens
    .trim();
  return plain.slice(0, 300).replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("`", "'");
}
