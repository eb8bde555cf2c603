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
  // Two scenario workers already keep two cores busy: each runs Node 24 and Codex beside itself.
  maxWorkers: process.env.JEST_WORKERS ?? 3,
  testTimeout: 60_000,
};
