import { refuseArguments } from "../core/codex/arguments.ts";
import { readInputs } from "./inputs.ts";
import { readArguments } from "./job/read-arguments.ts";

/**
 * All that a step refuses by its inputs alone, at once.
 *
 * @param get as {@link readInputs} takes it
 * @throws {Failure} `input-invalid`, `write-token-invalid`
 */
export function refuseInputs(get: (name: string) => string): void {
  const { prompt, protectAuth, sandbox } = readInputs(get);
  const isOpen = protectAuth === "off" || sandbox === "danger-full-access";
  if (prompt) refuseArguments(readArguments(prompt.codexArgs), isOpen ? "unprotected" : "protected");
}
