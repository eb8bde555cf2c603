import { readdirSync } from "node:fs";
import { describe } from "@jest/globals";

/** Cover everything a little and kill little: properties over any text, which take a second. */
const SLOW = "any-text.test.ts";

/** What jest-circus keeps: the block that hooks and tests go into. */
interface Circus {
  currentDescribeBlock: unknown;
}
const key = Object.getOwnPropertySymbols(globalThis).find(
  (known) => known.description === "JEST_STATE_SYMBOL",
);
const circus = Reflect.get(globalThis, key ?? "") as Circus;

/** Loads a test file into a block, as `describe` would if it could wait for an import. */
async function load(file: string): Promise<void> {
  const outside = circus.currentDescribeBlock;
  let block: unknown;
  describe(file, () => {
    block = circus.currentDescribeBlock;
  });
  circus.currentDescribeBlock = block;
  await import(`../__tests__/${file}`);
  circus.currentDescribeBlock = outside;
}

// All in one file, so that a mutant costs one loading of the modules and not one for each test file; but each in a block,
// so that no file's hooks run for the tests of another.
const room = String(Reflect.get(globalThis, "room"));
for (const name of readdirSync(new URL(`../__tests__/${room}`, import.meta.url)).sort())
  if (name.endsWith(".test.ts") && name !== SLOW) await load(`${room}/${name}`);
