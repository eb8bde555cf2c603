import { readdirSync } from "node:fs";
import { afterEach, describe } from "@jest/globals";

/** Cover everything a little and kill little: properties over any text, which take a second. */
const SLOW = "any-text.test.ts";

interface Test {
  readonly type: "test";
  mode: unknown;
  readonly errors: readonly unknown[];
}
interface Block {
  readonly type: "describeBlock";
  readonly children: readonly (Block | Test)[];
}
/** What jest-circus 30 keeps of a test file. */
interface Circus {
  /** The block that hooks and tests go into. */
  currentDescribeBlock: Block;
  readonly rootDescribeBlock: Block;
  readonly currentlyRunningTest: Test | null;
  testNamePattern: Pick<RegExp, "test"> | null;
}
const key = Object.getOwnPropertySymbols(globalThis).find(
  (known) => known.description === "JEST_STATE_SYMBOL",
);
const circus = Reflect.get(globalThis, key ?? "") as Circus;

/** Loads a test file into a block, as `describe` would if it could wait for an import. */
async function load(file: string): Promise<void> {
  const outside = circus.currentDescribeBlock;
  let block = outside;
  describe(file, () => {
    block = circus.currentDescribeBlock;
  });
  circus.currentDescribeBlock = block;
  await import(`../__tests__/${file}`);
  circus.currentDescribeBlock = outside;
}

/** Stryker asks for tests by a pattern of hundreds of names, which takes a second to match; a set takes nothing. */
function askBySet(): void {
  const { testNamePattern: pattern } = circus;
  if (!(pattern instanceof RegExp) || !/^\(.*\)$/.test(pattern.source)) return;
  const names = new Set(pattern.source.slice(1, -1).split(")|("));
  const escaped = (name: string): string => new RegExp(name.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).source;
  circus.testNamePattern = { test: (name) => names.has(escaped(name)) };
}

/** One failure kills a mutant: what the other tests say of it is not asked. */
function skipAll({ children }: Block): void {
  for (const child of children) {
    if (child.type === "test") child.mode = "skip";
    else skipAll(child);
  }
}
afterEach(() => {
  if ((circus.currentlyRunningTest?.errors.length ?? 0) > 0) skipAll(circus.rootDescribeBlock);
});

// All in one file, so that a mutant costs one loading of the modules and not one for each test file; but each in a block,
// so that no file's hooks run for the tests of another.
askBySet();
const rooms = Reflect.get(globalThis, "rooms") as readonly string[];
for (const room of rooms)
  for (const name of readdirSync(new URL(`../__tests__/${room}`, import.meta.url), {
    recursive: true,
    encoding: "utf8",
  }).sort())
    if (name.endsWith(".test.ts") && !name.endsWith(SLOW)) await load(`${room}/${name}`);
