import { Failure } from "../failure/failure.ts";
import { isObject } from "../text/json.ts";
import { LOGIN_AGAIN } from "./secret-text.ts";

/** What was done to a file that was JSON once: undone, it is JSON again. */
const DAMAGES: readonly [what: string, undo: (text: string) => string][] = [
  [
    "has typographic quotation marks (“ ”), as a chat or a word processor writes them",
    (text) => text.replace(/[\u201c-\u201f\u00ab\u00bb\uff02]/g, '"'),
  ],
  [
    "has invisible characters in it, as a web page, a chat or a program adds them",
    (text) =>
      text
        .split("")
        .filter((character) => character >= " " || /\s/.test(character))
        .join("")
        .replace(/[\u00a0\u00ad\u2007\u200b-\u200f\u2028-\u202f\u2060-\u2064\u3000\ufeff]/g, ""),
  ],
  [
    "is escaped: there is a backslash before each quotation mark",
    (text) => text.replaceAll("\\n", "\n").replaceAll('\\"', '"'),
  ],
  ["has HTML entities (`&quot;`) in it", (text) => text.replace(/&(quot|#34|#x22);/gi, '"')],
  [
    "is in single quotation marks, as Python prints it",
    (text) => text.replaceAll("'", '"').replace(/\bNone\b/g, "null"),
  ],
  [
    "has line breaks inside its tokens, as a copy from a terminal has",
    (text) => text.replace(/[\r\n]\s*/g, ""),
  ],
  ["has a comma too many", (text) => text.replace(/,(\s*[}\]])/g, "$1")],
];

/** Why a text that begins with a brace is no JSON, as it has turned out. @returns `null` where nobody knows */
export function describeBrokenJson(text: string): Failure | null {
  const found = DAMAGES.find(([, undo]) => isJson(undo(text))) ?? bothDamages(text);
  if (found) return broken(`it ${found[0]}`);
  if (isTwice(text)) {
    return broken("there are two objects in it, or something follows the file");
  }
  if (/^\{\s*\w+\s*:/.test(text)) return broken("its quotation marks are gone, as a shell takes them away");
  return null;
}

function broken(how: string): Failure {
  return new Failure("login-not-json", `The login is not valid JSON: ${how}.`, LOGIN_AGAIN);
}

/** It may have suffered twice. */
function bothDamages(text: string): (typeof DAMAGES)[number] | undefined {
  const all = DAMAGES.slice(0, 2).reduce((repaired, [, undo]) => undo(repaired), text);
  return isJson(all) ? DAMAGES[0] : undefined;
}

/** Whether an object ends before the text does. */
function isTwice(text: string): boolean {
  return isJson(text.slice(0, endOfObject(text)));
}

/** Where the object that begins a text ends; the text's length where it does not end. */
function endOfObject(text: string): number {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString && character === "\\") index++;
    else if (character === '"') inString = !inString;
    else if (!inString && character === "{") depth++;
    else if (!inString && character === "}" && --depth === 0) return index + 1;
  }
  return text.length;
}

function isJson(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}
