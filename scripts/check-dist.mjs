// Builds dist/ again beside the committed one and says which files differ: users run dist/, not src/.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "rolldown";
import configs from "../rolldown.config.js";

const fresh = await mkdtemp(join(tmpdir(), "dist-"));
try {
  for (const config of configs)
    await build({ ...config, logLevel: "silent", output: { ...config.output, dir: fresh } });
  const [committed, built] = await Promise.all([contents("dist"), contents(fresh)]);
  const names = [...new Set([...committed.keys(), ...built.keys()])].sort();
  const stale = names.filter((name) => committed.get(name) !== built.get(name));
  // What a phase loads later may ask for its own entry, which has been loaded, and for nobody else's: that would run it.
  const astray = [...built].filter(([name, text]) =>
    [...text.matchAll(/require\("\.\.\/(\w+)\.cjs"\)/g)].some(([, entry]) => entry !== name.split("/")[0]),
  );
  if (astray.length > 0) {
    console.error(
      `A file requires another phase, which would run it: ${astray.map(([name]) => name).join(", ")}.`,
    );
    process.exitCode = 1;
  } else if (stale.length > 0) {
    console.error(
      `dist/ is not what src/ builds: ${stale.join(", ")}.\nRun \`npm run build\` and commit dist/.`,
    );
    process.exitCode = 1;
  } else {
    console.log(`dist/ is fresh (${names.length} files).`);
  }
} finally {
  await rm(fresh, { recursive: true, force: true });
}

/** Text by path, for every file below a directory. */
async function contents(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  return new Map(files.map((file, index) => [file.slice(directory.length + 1), texts[index]]));
}
