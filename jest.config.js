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
  testSequencer: "<rootDir>/__tests__/sequencer.js",
  // Ends what hangs. No test is about it: a slow machine may take its time.
  testTimeout: 600_000,
};
