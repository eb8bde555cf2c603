import { defineConfig } from "rolldown";

/** Packages that do nothing when imported: what we do not use of them need not be loaded. */
const WITHOUT_SIDE_EFFECTS = /node_modules\/(@actions\/(core|exec|io|http-client)|undici|tunnel)\//;

export default defineConfig({
  input: { pre: "src/entry/pre.ts", main: "src/entry/main.ts", post: "src/entry/post.ts" },
  platform: "node",
  treeshake: { moduleSideEffects: (id) => !WITHOUT_SIDE_EFFECTS.test(id) },
  output: {
    dir: "dist",
    format: "esm",
    cleanDir: true,
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name].js",
    // @actions/cache compares error.name with a class name.
    minify: false,
  },
});
