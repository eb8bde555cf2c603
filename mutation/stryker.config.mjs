/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: ["src/core/**/*.ts", "src/action/**/*.ts"],
  testRunner: "jest",
  testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  jest: { configFile: "mutation/jest.config.js", enableFindRelatedTests: false },
  coverageAnalysis: "perTest",
  concurrency: 2,
  // The tests run sources without types; what Stryker would do with this file needs an older TypeScript.
  tsconfigFile: "none",
  reporters: ["progress", "clear-text", "json", "html"],
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: ".stryker-tmp",
  ignorePatterns: ["/dist", "/docs", "/.github", "/bench", "/reports"],
};
