import everything from "../jest.config.js";

/** The life of a login is tested by itself and through the steps. */
const FOLDERS = { core: ["core"], action: ["action", "login"] };

/**
 * Breaks one room of src/, and asks the tests of that room: they run the sources themselves, in memory. What runs dist/
 * cannot see a mutant.
 *
 * @param {"core" | "action"} room
 * @returns {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export const mutationOf = (room) => ({
  mutate: FOLDERS[room].map((folder) => `src/${folder}/**/*.ts`),
  testRunner: "jest",
  testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  jest: { configFile: `mutation/${room}.jest.js`, enableFindRelatedTests: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // The tests run sources without types; what Stryker would do with this file needs an older TypeScript.
  tsconfigFile: "none",
  reporters: ["progress", "clear-text", "json", "html"],
  jsonReporter: { fileName: `reports/mutation/${room}.json` },
  htmlReporter: { fileName: `reports/mutation/${room}.html` },
  thresholds: { high: 95, low: 90, break: 90 },
  tempDirName: ".stryker-tmp",
  ignorePatterns: ["/dist", "/docs", "/.github", "/bench", "/reports"],
});

/**
 * A test that waits for ever fails soon. `MUTATION_TESTS=core/claim` asks the tests of one folder only, for a quick look at
 * it with `--mutate`: the score can only be lower than with all of them.
 *
 * @param {"core" | "action"} room
 * @returns {import("jest").Config}
 */
export const testsOf = (room) => ({
  ...everything,
  rootDir: "..",
  roots: ["<rootDir>/mutation"],
  globals: { rooms: process.env.MUTATION_TESTS?.split(",") ?? FOLDERS[room] },
  testTimeout: 2_000,
});
