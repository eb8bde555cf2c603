import { readFileSync } from "node:fs";
import { parse } from "yaml";

export interface OurStep {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

/** The inputs in action.yml. */
export const inputNames = Object.keys(
  (parse(readFileSync("action.yml", "utf8")) as { inputs: Record<string, unknown> }).inputs,
);

/** The steps of a workflow, or of a part of one, that use this action. */
export function stepsOfOurs(part: unknown): OurStep[] {
  if (typeof part !== "object" || part === null) return [];
  const { uses } = part as { uses?: unknown };
  const inner = Object.values(part).flatMap(stepsOfOurs);
  if (typeof uses !== "string" || !/\/codex-auth-roundtrip@|^\$\/$/.test(uses)) return inner;
  return [{ with: {}, ...(part as Partial<OurStep>), uses }];
}
