import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { parse } from "yaml";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/|@azure\/|@typespec\/|@protobuf-ts\/|undici|tunnel)/;

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

/** `virtual:action-inputs`: the inputs of action.yml, for the command line's doctor. */
const actionInputs = {
  name: "action-inputs",
  resolveId: (id) => (id === "virtual:action-inputs" ? id : null),
  load(id) {
    if (id !== "virtual:action-inputs") return null;
    const { inputs } = parse(readFileSync(join(import.meta.dirname, "action.yml"), "utf8"));
    const names = Object.keys(inputs).map((name) => ({ name }));
    return `export const actionInputs = ${JSON.stringify(names, null, 2)};`;
  },
};

const shared = {
  platform: "node",
  // A linked node_modules, as in a worktree, must not put its own path into dist/.
  resolve: { symlinks: false },
  treeshake: { moduleSideEffects: (id) => !WITHOUT_SIDE_EFFECTS.test(id) },
};

/**
 * What a phase loads only when it goes online, and what it uses of it: file under `dist/packages/`, exports. Large, and
 * the same for all phases.
 */
const PACKAGES = {
  "@actions/cache": ["actions-cache", "saveCache"],
  "@octokit/auth-app": ["octokit-auth-app", "createAppAuth"],
  "@octokit/request": ["octokit-request", "request"],
  "@octokit/rest": ["octokit-rest", "Octokit"],
  "libsodium-wrappers": ["libsodium", "default"],
  "tar-stream": ["tar-stream", "extract"],
};

/** Node starts CommonJS faster, and `.cjs` is CommonJS whatever a package.json says. */
const commonJs = { dir: "dist", format: "cjs", strict: true, entryFileNames: "[name].cjs" };

/** `exports:NAME` is what we use of a package. To an `import`, the default export of a CommonJS file is all of it. */
const usedExports = {
  name: "used-exports",
  resolveId: (id) => (id.startsWith("exports:") ? id : null),
  load(id) {
    const name = id.startsWith("exports:") ? id.slice(8) : null;
    return name && `export { ${PACKAGES[name][1]} } from "${name}";`;
  },
};

/** @actions/http-client asks undici for a dispatcher that is for Octokit: @actions/cache never does. */
const withoutUndici = {
  name: "without-undici",
  resolveId: (id) => (id === "undici" ? "without:undici" : null),
  load: (id) =>
    id === "without:undici"
      ? `export class ProxyAgent { constructor() { throw new Error("undici is not part of this build"); } }`
      : null,
};

/** `cleanDir` makes this the first to be built. Every job downloads it, so it is small; people read the packages. */
const packages = defineConfig({
  ...shared,
  plugins: [usedExports, withoutUndici],
  input: Object.fromEntries(Object.entries(PACKAGES).map(([name, [file]]) => [file, `exports:${name}`])),
  output: {
    ...commonJs,
    cleanDir: true,
    entryFileNames: "packages/[name].cjs",
    chunkFileNames: "packages/[name].cjs",
    comments: { legal: true, annotation: false, jsdoc: false },
    // @actions/cache compares error.name with a class name.
    minify: { compress: { keepNames: { function: true, class: true } }, mangle: { keepNames: true } },
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
      // Node reads dist/, people read src/: short names start faster.
      comments: { legal: true, annotation: false, jsdoc: false },
      minify: true,
      chunkFileNames: `${name}/[name].cjs`,
      paths: (id) => (id in PACKAGES ? `../packages/${PACKAGES[id][0]}.cjs` : id),
      codeSplitting: { groups: [{ name, test: /src\//, tags: ["$initial"] }] },
    },
  });

/** The command line: one file that shares nothing with the action, so that neither makes the other larger. */
const commandLine = defineConfig({
  ...shared,
  plugins: [examples, actionInputs],
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
