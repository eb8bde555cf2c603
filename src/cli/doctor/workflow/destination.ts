import type { Position } from "../checks/check.ts";
import { isExpression } from "./expression.ts";
import type { Value } from "./yaml-value.ts";

/** Where a refresh job writes an access copy: a line of the input `access-copies`. */
export interface Destination {
  readonly kind: "secret" | "environment" | "repository" | "organization";
  /** The environment, `owner/name`, or the organization; `""` for a secret of this repository. */
  readonly where: string;
  /** In upper case, as GitHub keeps it. */
  readonly name: string;
  /** As it is written. */
  readonly text: string;
  readonly at: Position;
}

/** The secret that holds an access copy unless a workflow chooses another name. */
export const COPY_SECRET = "CODEX_ACCESS_JSON";

/**
 * The lines that can be read; the others, and what only a run knows, are left out: the action itself refuses what it
 * does not understand.
 */
export function readDestinations(copies: Value | null): readonly Destination[] {
  return (copies?.lines() ?? []).flatMap(({ text, at }): Destination[] => {
    const words = text.replace(/(^|\s)#.*$/, "").split(/\s+/);
    const [kind = "", ...rest] = words.filter((word) => word !== "");
    const name = rest.pop() ?? "";
    const where = rest.join(" ");
    if (name === "" || isExpression(text) || !isKind(kind) || (kind === "secret") !== (where === ""))
      return [];
    return [{ kind, where, name: name.toUpperCase(), text: [kind, ...rest, name].join(" "), at }];
  });
}

function isKind(kind: string): kind is Destination["kind"] {
  return ["secret", "environment", "repository", "organization"].includes(kind);
}
