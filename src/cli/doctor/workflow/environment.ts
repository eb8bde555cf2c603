import { isExpression } from "./expression.ts";
import { jobOf, type Use } from "./use.ts";

/** The environment in which a job runs; `""` when it names none, or only a run knows. */
export function literalEnvironmentOf(use: Use): string {
  const name = jobOf(use).environment?.name ?? "";
  return isExpression(name) ? "" : name;
}
