import { readdirSync } from "node:fs";

/** Cover everything a little and kill little: properties over any text, which take a second. */
const SLOW = "any-text.test.ts";

// All in one file, so that a mutant costs one loading of the modules and not one for each test file.
for (const room of ["core", "action"])
  for (const name of readdirSync(new URL(`../__tests__/${room}`, import.meta.url)).sort())
    if (name.endsWith(".test.ts") && name !== SLOW) await import(`../__tests__/${room}/${name}`);
