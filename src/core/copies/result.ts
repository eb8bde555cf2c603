import { Failure } from "../failure/failure.ts";
import { foreign } from "../text/escape.ts";
import type { CopyDestination } from "./destination.ts";

/** What became of one destination. */
export type CopyResult =
  | { readonly kind: "written"; readonly destination: CopyDestination }
  /** It was written after the login was issued, so it holds a copy of it already. */
  | { readonly kind: "newer"; readonly destination: CopyDestination }
  /** Left to another run: a newer login is on its way, or this job was cancelled. */
  | { readonly kind: "left"; readonly destination: CopyDestination }
  | { readonly kind: "failed"; readonly destination: CopyDestination; readonly failure: Failure };

/** How many destinations a failure names; the log names all. */
const NAMED = 5;

/** One sentence for the log and the summary. */
export function describeResults(results: readonly CopyResult[]): string {
  const count = (kind: CopyResult["kind"]): number => results.filter((result) => result.kind === kind).length;
  const parts = [
    [count("written"), "written"],
    [count("newer"), "up to date already"],
    [count("left"), "left to another run"],
    [count("failed"), "failed"],
  ] as const;
  const told = parts.flatMap(([number, what]) => (number > 0 ? [`${number} ${what}`] : []));
  return `Access copies: ${told.join(", ")}.`;
}

/** @returns what the job fails with at its end; `null` where every destination is in order */
export function failureOf(results: readonly CopyResult[]): Failure | null {
  const failed = results.flatMap((result) => (result.kind === "failed" ? [result] : []));
  const [first] = failed;
  if (first === undefined) return null;
  const names = failed.slice(0, NAMED).map(({ destination }) => foreign(destination.text));
  const more = failed.length > NAMED ? ` and ${failed.length - NAMED} more` : "";
  return new Failure(
    "access-copy-failed",
    failed.length === 1
      ? `The access copy ${names[0]} was not written. ${first.failure.message}`
      : `${failed.length} of ${results.length} access copies were not written: ${names.join(", ")}${more}. The first: ${first.failure.message}`,
    `${first.failure.hint} The login itself is stored; the next refresh job writes what is missing.`,
  );
}
