import { parse } from "shell-quote";
import { Failure } from "../../core/failure/failure.ts";

/**
 * The words of the input `codex-args`: a JSON array, or what a shell would make of it.
 *
 * @throws {Failure} `input-invalid`
 */
export function readArguments(text: string | null): readonly string[] {
  if (text === null) return [];
  if (text.startsWith("[")) {
    const list = parseList(text);
    if (list) return list;
    throw new Failure(
      "input-invalid",
      "The input `codex-args` begins like JSON and is no array of strings.",
      'Write ["--flag", "value"], or shell words.',
    );
  }
  return parse(text, (name) => `$${name}`).map((word) => {
    if (typeof word === "string") return word;
    throw new Failure(
      "input-invalid",
      "The input `codex-args` holds shell syntax, and no shell reads it.",
      "Write plain words, or a JSON array of strings.",
    );
  });
}

function parseList(text: string): readonly string[] | null {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((word) => typeof word === "string") ? list : null;
  } catch {
    return null;
  }
}
