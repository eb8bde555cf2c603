import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/(core|exec|io|http-client)|undici|tunnel)\//;

/**
 * Entries import rolldown's runtime for its side effects, of which it has none; its chunk makes a `require` that costs
 * a quiet job a millisecond in each phase.
 */
const withoutRuntime = {
  name: "without-runtime",
  renderChunk: (code, chunk) =>
    chunk.isEntry ? code.replace('import "./chunks/rolldown-runtime.js";\n', "") : null,
};

/** `virtual:examples`: the workflows under examples/ that the command line writes into a checkout. */
const examples = {
  name: "examples",
  resolveId: (id) => (id === "virtual:examples" ? id : null),
  load(id) {
    if (id !== "virtual:examples") return null;
    const directory = join(import.meta.dirname, "examples");
    const files = ["keeper.yml", "maintenance.yml"];
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

/** The action: `cleanDir` makes this the first to be built. */
const action = defineConfig({
  ...shared,
  plugins: [withoutRuntime],
  input: { pre: "src/entry/pre.ts", main: "src/entry/main.ts", post: "src/entry/post.ts" },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    // Node reads dist/, people read src/.
    comments: { legal: true, annotation: true, jsdoc: false },
    // What a quiet job needs is one file beside its entry: each further one costs it a millisecond.
    codeSplitting: {
      groups: [
        {
          name: "quiet",
          minShareCount: 2,
          test: /src\/(core|action|adapters)\/|src\/entry\/step|rolldown:runtime|node_modules\/@actions\/core\//,
          tags: ["$initial"],
        },
      ],
    },
    // @actions/cache compares error.name with a class name.
    minify: false,
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
    // Node 20.12 to 20.15 lack the function by which the action's adapters load node:fs without its streams.
    intro:
      'import { createRequire as requireOf } from "node:module";\nprocess.getBuiltinModule ??= requireOf(import.meta.url);\n',
    minify: false,
  },
});

export default [action, commandLine];
