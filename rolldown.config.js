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

export default defineConfig({
  plugins: [withoutRuntime],
  input: { pre: "src/entry/pre.ts", main: "src/entry/main.ts", post: "src/entry/post.ts" },
  platform: "node",
  treeshake: { moduleSideEffects: (id) => !WITHOUT_SIDE_EFFECTS.test(id) },
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
