import { Failure } from "../core/failure/failure.ts";
import { parseDurationMs } from "../core/text/duration.ts";

/** What `codex exec` is to do for the user; names as in openai/codex-action. */
export interface PromptInput {
  readonly source:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "file"; readonly path: string };
  readonly model: string | null;
  readonly effort: string | null;
  /** How long Codex may take; `null`: as long as the job. */
  readonly timeoutMs: number | null;
  /** A JSON array, or shell words. */
  readonly codexArgs: string | null;
  readonly outputFile: string | null;
  readonly outputSchema:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "file"; readonly path: string }
    | null;
}

export function promptInput(text: (name: string) => string | null): PromptInput | null {
  const asked = ["run", "prompt", "prompt-file"].filter((name) => text(name) !== null);
  if (asked.length > 1) {
    throw new Failure(
      "input-invalid",
      `The inputs ${asked.map((name) => `\`${name}\``).join(" and ")} are both given.`,
      "Keep one of `run`, `prompt` and `prompt-file`; use the action a second time for another job.",
    );
  }
  if (text("output-schema") !== null && text("output-schema-file") !== null) {
    throw new Failure(
      "input-invalid",
      "Both `output-schema` and `output-schema-file` are given.",
      "Keep one of them.",
    );
  }
  const prompt = textOrFile(text("prompt"), text("prompt-file"));
  if (prompt === null) return null;
  return {
    source: prompt,
    model: text("model"),
    effort: text("effort"),
    timeoutMs: promptTimeoutMs(text("prompt-timeout")),
    codexArgs: text("codex-args"),
    outputFile: text("output-file"),
    outputSchema: textOrFile(text("output-schema"), text("output-schema-file")),
  };
}

function promptTimeoutMs(text: string | null): number | null {
  return text === null ? null : parseDurationMs(text, "prompt-timeout");
}

function textOrFile(text: string | null, path: string | null): PromptInput["outputSchema"] {
  if (text !== null) return { kind: "text", text };
  return path === null ? null : { kind: "file", path };
}
