import type { History } from "./history.ts";

/** A request to GitHub's API about the secrets or the variables of one scope. */
export interface Request {
  readonly of: "secret" | "variable";
  readonly verb: "GET" | "LIST" | "COUNT" | "KEY" | "PUT" | "POST" | "PATCH" | "DELETE";
  readonly name: string;
  /** What a write brings. */
  readonly value?: string;
}

/** How a read sees things: as they are, or as they were some seconds ago. */
export type Sight = <Value>(history: History<Value>, name: string) => Value | null;

export const asItIs: Sight = (history, name) => history.get(name);

/**
 * The way of a request to GitHub and of its answer back: how long it takes, whether it arrives, and what is old about it
 * is up to each simulation; what GitHub does with it is not.
 */
export type Ask = <Answer>(request: Request, serve: (see: Sight) => Answer) => Promise<Answer>;

/** For what a person does: it takes no time, and nothing goes wrong. */
export const atOnce: Ask = async (_, serve) => serve(asItIs);
