import type { Api } from "./api.ts";
import type { Jobs } from "./jobs.ts";
import type { Scratch } from "./scratch.ts";

/** What came of asking one fact. */
export type Verdict =
  | { readonly answer: "holds"; readonly seen: string }
  | { readonly answer: "refuted"; readonly seen: string }
  | { readonly answer: "not asked"; readonly seen: string };

/** What a check works with. Everything it makes, it makes through {@link Scratch}. */
export interface Context {
  readonly api: Api;
  /** With the token of a workflow's job, if there is one. */
  readonly jobApi: Api | undefined;
  readonly scratch: Scratch;
  readonly jobs: Jobs;
  /** Rejects when the suite is interrupted. */
  sleep(ms: number): Promise<void>;
}

/** One fact of docs/facts.md. */
export interface Check {
  /** As in docs/facts.md, "What github.com was asked". */
  readonly number: string;
  /** The sentence that holds or is refuted. */
  readonly fact: string;
  /** `jobs`: on a runner, which takes minutes. */
  readonly by: "requests" | "jobs";
  /** @throws {NotAsked} if it could not be asked; any other error counts as that, too. */
  ask(context: Context): Promise<Verdict>;
}

/** The fact could not be asked: a permission is missing, say. The message says why. */
export class NotAsked extends Error {
  override readonly name = "NotAsked";
}

export function holds(seen: string): Verdict {
  return { answer: "holds", seen };
}

export function refuted(seen: string): Verdict {
  return { answer: "refuted", seen };
}

/** @returns `holds` if the claim is true; either way with what was seen */
export function verdict(isTrue: boolean, seen: string): Verdict {
  return isTrue ? holds(seen) : refuted(seen);
}
