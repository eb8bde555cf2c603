import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "rolldown";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/(core|exec|io|http-client)|undici|tunnel)\//;

const QUIET = new Set(["pre", "main", "post", "quiet"]);

/**
 * What a quiet job loads, made to start faster: rolldown's runtime and Node's modules are not imported for side effects
 * that they do not have, and what is used of Node's modules is taken without the module that an `import` would make of
 * each. Together two milliseconds a phase (docs/evidence.md).
 */
const bareStart = {
  name: "bare-start",
  renderChunk: (code, { name }) =>
    QUIET.has(name)
      ? code
          .replaceAll(/^import "(\.\/chunks\/rolldown-runtime\.js|(node:)?(module|os|path))";\n/gm, "")
          .replaceAll(
            /^import \* as (\w+) from "((?:node:)?(?:os|path))";/gm,
            'const $1 = process.getBuiltinModule("$2");',
          )
          .replaceAll(
            /^import (\{[^}]*\}) from "((?:node:)?(?:os|path))";/gm,
            (_, names, module) =>
              `const ${names.replaceAll(" as ", ": ")} = process.getBuiltinModule("${module}");`,
          )
      : null,
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

/** Main and post, which share the large chunks: `cleanDir` makes this the first to be built. */
const action = defineConfig({
  ...shared,
  plugins: [bareStart],
  input: { main: "src/entry/main.ts", post: "src/entry/post.ts" },
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
          test: /src\/(core|login|action|adapters)\/|src\/entry\/(step|trusted-path)|rolldown:runtime|node_modules\/@actions\/core\//,
          tags: ["$initial"],
        },
      ],
    },
    // @actions/cache compares error.name with a class name.
    minify: false,
  },
});

/** Pre never goes online, so it is one small file by itself: the phase that every job waits for. */
const pre = defineConfig({
  ...shared,
  plugins: [bareStart],
  input: { pre: "src/entry/pre.ts" },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: false,
    entryFileNames: "[name].js",
    comments: { legal: true, annotation: true, jsdoc: false },
    codeSplitting: false,
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

export default [action, pre, commandLine];
