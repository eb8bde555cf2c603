/** Left out of `npm test`, which takes five minutes on two cores: `npm run test:long` has them, and CI runs both. */
export const LONG = [
  "conformance/job-deviations",
  "conformance/suite",
  "scenarios/access-copies",
  "scenarios/alert-issue",
  "scenarios/cache-trouble",
  "scenarios/claims",
  "scenarios/claims-many-jobs",
  "scenarios/claims-stories",
  "scenarios/clocks",
  "scenarios/codex-jobs",
  "scenarios/codex-surroundings",
  "scenarios/connected-apps",
  "scenarios/examples",
  "scenarios/github-refusals",
  "scenarios/hostile-copies",
  "scenarios/install",
  "scenarios/issuer-outage",
  "scenarios/planted-files",
  "scenarios/poisoned-cache",
  "scenarios/prompt",
  "scenarios/refresh-timing",
  "scenarios/repair",
  "scenarios/reruns",
  "scenarios/several-steps",
  "scenarios/slow-issuer",
  "scenarios/verdicts",
  "simulation/promises",
  "simulation/same-story",
  "simulation/weeks",
];
/** A file that is asked for by its path is run, however long it takes. */
const isAskedByPath = process.argv.slice(2).some((argument) => argument.includes("__tests__/"));

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "es6" } },
    ],
  },
  // On two cores: scenarios wait now and then, and the fourth worker has the cores meanwhile.
  maxWorkers: process.env.JEST_WORKERS ?? 4,
  testPathIgnorePatterns: isAskedByPath ? [] : LONG.map((name) => `/__tests__/${name}\\.test\\.ts$`),
  testSequencer: "<rootDir>/__tests__/sequencer.js",
  // Ends what hangs. No test is about it: a slow machine may take its time.
  testTimeout: 600_000,
};
