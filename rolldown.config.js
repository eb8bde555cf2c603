import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";
import { parse } from "yaml";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/|@azure\/|@typespec\/|@protobuf-ts\/|undici|tunnel)/;

const textOf = (...path) => readFileSync(join(import.meta.dirname, ...path), "utf8");

/** What the command line holds of this repository's files: workflows that it writes into a checkout, its version. */
const VIRTUAL = {
  "virtual:examples": () => ({
    examples: ["maintenance.yml", "codex.yml"].map((name) => ({ name, text: textOf("examples", name) })),
  }),
  "virtual:action-inputs": () => ({
    actionInputs: Object.keys(parse(textOf("action.yml")).inputs).map((name) => ({ name })),
  }),
  "virtual:package": () => ({ version: JSON.parse(textOf("package.json")).version }),
};
const virtual = {
  name: "virtual",
  resolveId: (id) => (id in VIRTUAL ? id : null),
  load: (id) =>
    id in VIRTUAL
      ? Object.entries(VIRTUAL[id]())
          .map(([name, value]) => `export const ${name} = ${JSON.stringify(value, null, 2)};`)
          .join("\n")
      : null,
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
/** @actions/cache compares error.name with a class name. */
const CLASSES = { function: false, class: true };

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

/**
 * What the packages import and we never reach. @actions/http-client asks undici for a dispatcher that is for Octokit, not
 * for @actions/cache. Our requests are typed routes, not the methods `octokit.rest.…`.
 */
const UNREACHED = {
  undici:
    'export class ProxyAgent { constructor() { throw new Error("undici is not part of this build"); } }',
  "@octokit/plugin-rest-endpoint-methods": "export const legacyRestEndpointMethods = () => ({});",
};

const notBuilt = (name) => `() => { throw new Error("${name} is not part of this build"); }`;

/** Single files of theirs: what signs an address with an account's key, and what takes the place of a server in tests. */
const UNREACHED_FILES = [
  [
    /@azure\/storage-blob\/.*\/sas\/BlobSASSignatureValues\.js$/,
    ["generateBlobSASQueryParameters", "generateBlobSASQueryParametersInternal"]
      .map((name) => `export const ${name} = ${notBuilt(name)};`)
      .join("\n"),
  ],
  [
    /@protobuf-ts\/runtime-rpc\/.*\/test-transport\.js$/,
    `exports.TestTransport = ${notBuilt("TestTransport")};`,
  ],
];

const withoutUnreached = {
  name: "without-unreached",
  resolveId: (id) => (id in UNREACHED ? `without:${id}` : null),
  load: (id) =>
    id.startsWith("without:")
      ? UNREACHED[id.slice("without:".length)]
      : (UNREACHED_FILES.find(([file]) => file.test(id))?.[1] ?? null),
};

/** `cleanDir` makes this the first to be built. Every job downloads it, so it is small; people read the packages. */
const packages = defineConfig({
  ...shared,
  plugins: [usedExports, withoutUnreached],
  input: Object.fromEntries(Object.entries(PACKAGES).map(([name, [file]]) => [file, `exports:${name}`])),
  output: {
    ...commonJs,
    cleanDir: true,
    entryFileNames: "packages/[name].cjs",
    chunkFileNames: "packages/[name].cjs",
    comments: { legal: true, annotation: false, jsdoc: false },
    minify: { compress: { keepNames: CLASSES }, mangle: { keepNames: CLASSES } },
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

const commandLineOutput = { dir: "dist", format: "esm", cleanDir: false, minify: false };

/** The command line: one file that shares nothing with the action, so that neither makes the other larger. */
const commandLine = defineConfig({
  ...shared,
  plugins: [virtual],
  input: { "command-line": "src/entry/command-line.ts" },
  output: { ...commandLineOutput, entryFileNames: "[name].js", codeSplitting: false },
});

/** Starts it where Node is new enough. */
const launcher = defineConfig({
  ...shared,
  treeshake: { moduleSideEffects: false },
  input: { cli: "src/entry/cli.ts" },
  external: ["./command-line.ts"],
  output: { ...commandLineOutput, entryFileNames: "[name].js", paths: () => "./command-line.js" },
});

export default [packages, phase("pre"), phase("main"), phase("post"), commandLine, launcher];
