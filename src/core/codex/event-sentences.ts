import { isObject } from "../text/json.ts";

/** An event of Codex's, or a part of one: see `events.ts`. Every function here returns `null` for a form it does not know. */
export type Fields = Readonly<Record<string, unknown>>;

/** How many tokens a turn took. */
export function renderUsage(usage: unknown): string | null {
  if (!isObject(usage)) return null;
  const { input_tokens: input, cached_input_tokens: cached, output_tokens: output } = usage;
  if (typeof input !== "number" || typeof output !== "number") return null;
  return `tokens used: ${input} in${typeof cached === "number" ? ` (${cached} cached)` : ""}, ${output} out`;
}

/** Which files a patch changed. */
export function renderChanges({ changes, status }: Fields): string | null {
  if (!Array.isArray(changes) || !isText(status)) return null;
  const lines = changes.map((change: unknown) =>
    isObject(change) && isText(change.kind) && isText(change.path) ? `${change.kind} ${change.path}` : null,
  );
  return lines.includes(null) ? null : [`patch: ${status}`, ...lines].join("\n");
}

/** How a call of an MCP server's tool ended. */
export function renderToolCall({ server, tool, status, error }: Fields): string | null {
  if (!isText(server) || !isText(tool) || !isText(status)) return null;
  const cause = isObject(error) && isText(error.message) ? `: ${error.message}` : "";
  return `mcp: ${server}/${tool} (${status})${cause}`;
}

/** The model's plan, with a cross where a part is done. */
export function renderPlan(items: unknown): string | null {
  if (!Array.isArray(items)) return null;
  const lines = items.map((item: unknown) =>
    isObject(item) && isText(item.text) ? `[${item.completed === true ? "x" : " "}] ${item.text}` : null,
  );
  return lines.includes(null) ? null : ["plan", ...lines].join("\n");
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}
