import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

interface Config {
  readonly testMatch: readonly string[];
}
/** The configurations are plain JavaScript, which has no types to import. */
const importPlain = async (name: string) =>
  (await import(`../../${name}`)) as { default: Config; LONG?: readonly string[] };

test("every test is in `npm test` or in `npm run test:long`, and CI runs both", async () => {
  const { default: everything, LONG = [] } = await importPlain("jest.config.js");
  const { default: long } = await importPlain("jest.long.config.js");

  expect(LONG.length).toBeGreaterThan(0);
  expect(LONG.filter((name) => !existsSync(`__tests__/${name}.test.ts`))).toEqual([]);
  expect(long.testMatch).toHaveLength(LONG.length);
  expect(everything.testMatch).toEqual(["**/*.test.ts"]);
  const ci = readFileSync(".ci/run", "utf8");
  expect(ci).toMatch(/^npm ci && npm test\nnpm run test:long$/m);
});
