// Masks a value, and prints it in the forms that the runner is said to mask too. Where a form is shown, the suite
// finds it in the log.
import { createHash } from "node:crypto";

/** Not a secret: both sides make it from the same name. */
const value = `conformance "${createHash("sha256").update("conformance").digest("hex").slice(0, 24)}" & more`;
const [first, second] = ["a", "b"].map(
  (name) => `line-${createHash("sha256").update(name).digest("hex").slice(0, 24)}`,
);
console.log(`::add-mask::${value}`);
console.log(`::add-mask::${first}%0A${second}`);
const forms = {
  plain: value,
  base64: Buffer.from(value).toString("base64"),
  "base64, shifted by one": Buffer.from(`x${value}`).toString("base64"),
  "base64, shifted by two": Buffer.from(`xx${value}`).toString("base64"),
  json: JSON.stringify(value).slice(1, -1),
  uri: encodeURIComponent(value),
  "first line": first,
  "second line": second,
};
for (const [form, text] of Object.entries(forms)) console.log(`mask <${form}>: ${text} <end>`);
