import { readdirSync } from "node:fs";

// All in one file, so that a mutant costs one loading of the modules and not one for each test file.
for (const room of ["core", "action"])
  for (const name of readdirSync(new URL(`../__tests__/${room}`, import.meta.url)).sort())
    if (name.endsWith(".test.ts")) await import(`../__tests__/${room}/${name}`);
