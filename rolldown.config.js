import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/(core|exec|io|http-client)|undici|tunnel)\//;

/** `virtual:examples`: the workflows under examples/ that the command line writes into a checkout. */
const examples = {
  name: "examples",
  resolveId: (id) => (id === "virtual:examples" ? id : null),
  load(id) {
    if (id !== "virtual:examples") return null;
    const directory = join(import.meta.dirname, "examples");
    const files = ["combined.yml", "maintenance.yml"];
    const contents = files.map((name) => ({ name, text: readFileSync(join(directory, name), "utf8") }));
    return `export const examples = ${JSON.stringify(contents, null, 2)};`;
  },
};

const shared = {
  platform: "node",
  // A linked node_modules, as in a worktree, must not put its own path into dist/.
  resolve: { symlinks: false },
  treeshake: { moduleSideEffects: (id) => !WITHOUT_SIDE_EFFECTS.test(id) },
};

/** What a phase loads only when it goes online, by file under `dist/packages/`: large, and the same for all phases. */
const PACKAGES = {
  "@actions/cache": "actions-cache",
  "@octokit/auth-app": "octokit-auth-app",
  "@octokit/request": "octokit-request",
  "@octokit/rest": "octokit-rest",
  "libsodium-wrappers": "libsodium",
  "tar-stream": "tar-stream",
};

/** Node starts CommonJS faster, and `.cjs` is CommonJS whatever a package.json says. */
const commonJs = {
  dir: "dist",
  format: "cjs",
  strict: true,
  entryFileNames: "[name].cjs",
  // Node reads dist/, people read src/.
  comments: { legal: true, annotation: true, jsdoc: false },
  // @actions/cache compares error.name with a class name.
  minify: false,
};

/** `default:NAME` is the default export of a package alone: to an `import`, it is then all of a CommonJS file. */
const defaultExport = {
  name: "default-export",
  resolveId: (id) => (id.startsWith("default:") ? id : null),
  load: (id) => (id.startsWith("default:") ? `export { default } from "${id.slice(8)}";` : null),
};

/** `cleanDir` makes this the first to be built. */
const packages = defineConfig({
  ...shared,
  plugins: [defaultExport],
  input: Object.fromEntries(
    Object.entries(PACKAGES).map(([name, file]) => [
      file,
      name === "libsodium-wrappers" ? `default:${name}` : name,
    ]),
  ),
  output: {
    ...commonJs,
    cleanDir: true,
    entryFileNames: "packages/[name].cjs",
    chunkFileNames: "packages/[name].cjs",
  },
});

/**
 * One phase: a file with all that a quiet job needs, because each further one costs it a millisecond, and beside it what
 * is loaded when it is needed.
 */
const phase = (name) =>
  defineConfig({
    ...shared,
    input: { [name]: `src/entry/${name}.ts` },
    external: Object.keys(PACKAGES),
    output: {
      ...commonJs,
      cleanDir: false,
      dynamicImportInCjs: false,
      chunkFileNames: `${name}/[name].cjs`,
      paths: (id) => (id in PACKAGES ? `../packages/${PACKAGES[id]}.cjs` : id),
      codeSplitting: { groups: [{ name, test: /src\//, tags: ["$initial"] }] },
    },
  });

/** The command line: one file that shares nothing with the action, so that neither makes the other larger. */
const commandLine = defineConfig({
  ...shared,
  plugins: [examples],
  input: { cli: "src/entry/cli.ts" },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: false,
    entryFileNames: "[name].js",
    codeSplitting: false,
    minify: false,
  },
});

export default [packages, phase("pre"), phase("main"), phase("post"), commandLine];
