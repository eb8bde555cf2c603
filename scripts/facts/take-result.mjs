import { readFileSync, writeFileSync } from "node:fs";

const FACTS = "docs/facts.md";
const BEGIN = "<!-- conformance: npm run facts -- --from FILE -->";
const END = "<!-- /conformance -->";
const ANSWERS = new Set(["holds", "refuted", "not asked"]);

/**
 * Takes a result of `npm run conformance -- --json` into the list in docs/facts.md: date and answer of each fact that
 * was asked. What could not be asked keeps its earlier answer.
 *
 * @param {string} file of the result
 * @param {string} [facts] the document
 * @returns {number} 0, or 1 if a fact is refuted
 * @throws what is wrong with the file, as a sentence
 */
export function takeResult(file, facts = FACTS) {
  const { where, date, rows } = resultIn(file);
  const document = readFileSync(facts, "utf8");
  const [before, rest] = split(document, BEGIN, facts);
  const [list, after] = split(rest, END, facts);
  const lines = list.split("\n");
  for (const row of rows) {
    const at = lines.findIndex((line) => line.startsWith(`- **${row.number}** `));
    if (at < 0) throw new Error(`${facts} has no fact ${row.number}. Was the result made by this version?`);
    if (row.answer === "not asked") continue;
    const [fact] = lines[at].split(" — ");
    lines[at] = `${fact} — **${row.answer}**, ${where}, ${date}: ${oneLine(row.seen)}`;
  }
  writeFileSync(facts, before + BEGIN + lines.join("\n") + END + after);
  const refuted = rows.filter(({ answer }) => answer === "refuted");
  const asked = rows.filter(({ answer }) => answer !== "not asked");
  console.log(`${facts}: ${asked.length} answers of ${where}, ${date}.`);
  for (const { number, fact, seen } of refuted) console.log(`REFUTED ${number}: ${fact} Seen: ${seen}`);
  return refuted.length > 0 ? 1 : 0;
}

function resultIn(file) {
  let result;
  try {
    result = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`${file} is not a result of \`npm run conformance -- --json\`.`);
  }
  const { version, where, date, rows } = result ?? {};
  const isRow = (row) =>
    /^[A-Z]\d+$/.test(row?.number) &&
    ANSWERS.has(row.answer) &&
    typeof row.fact === "string" &&
    typeof row.seen === "string";
  if (version !== 1 || !/^[\w.-]+$/.test(where) || !/^\d{4}-\d\d-\d\d$/.test(date) || !rows?.every?.(isRow))
    throw new Error(`${file} is not a result of \`npm run conformance -- --json\` of this version.`);
  if (where === "lab") throw new Error(`${file} was asked of the lab, which says nothing about GitHub.`);
  return { where, date, rows };
}

function split(text, mark, facts) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`${facts} has no ${mark}.`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

/** GitHub's words, in one line and without HTML. */
function oneLine(text) {
  return text.replace(/\s+/g, " ").trim().slice(0, 200).replaceAll("<", "&lt;");
}
