import type { LabRequest, LabResponse } from "../loopback-server.ts";
import type { Repository } from "./repository.ts";
import type { Caller, Level, Permission } from "./tokens.ts";

/** One admitted request to a repository's endpoint. */
export interface Call {
  readonly request: LabRequest;
  readonly repository: Repository;
  /** Undefined when nobody has signed in, which only reading public things allows. */
  readonly caller: Caller | undefined;
  /** The decoded segments that the pattern names. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Root of the API, for links in answers. */
  readonly url: string;
  readonly now: Date;
}

/** An endpoint below `/repos/{owner}/{repo}`. */
export interface Route {
  readonly method: string;
  /**
   * Segments as in GitHub's documentation; `{name}` takes exactly one, percent-decoded: `%2F` stays inside it.
   * `{name...}`, at the end, takes all that are left.
   */
  readonly pattern: string;
  readonly permission: Permission;
  /** Another that is enough. */
  readonly alternative?: Permission;
  readonly level: Level;
  readonly answer: (call: Call) => LabResponse;
}

/** @returns the percent-decoded segments of a path, or undefined when it is not properly encoded. */
export function segmentsOf(path: string): string[] | undefined {
  try {
    return path.split("/").slice(1).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** @returns the parameters when the segments fit the pattern, else undefined. */
export function match(pattern: string, segments: readonly string[]): Record<string, string> | undefined {
  const wanted = pattern.split("/").slice(1);
  const parameters: Record<string, string> = {};
  const rest = wanted.at(-1)?.endsWith("...}") ? wanted.pop() : undefined;
  if (rest && segments.length > wanted.length)
    parameters[rest.slice(1, -"...}".length)] = segments.slice(wanted.length).join("/");
  else if (rest || wanted.length !== segments.length) return undefined;
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index] ?? "";
    if (part.startsWith("{")) {
      if (segment === "") return undefined;
      parameters[part.slice(1, -1)] = segment;
    } else if (part !== segment) {
      return undefined;
    }
  }
  return parameters;
}

/** The first route that fits; literal segments must therefore be listed before parameters. */
export function find<Entry extends { method: string; pattern: string }>(
  routes: readonly Entry[],
  method: string,
  segments: readonly string[],
): { route: Entry; parameters: Record<string, string> } | undefined {
  for (const route of routes) {
    if (route.method !== method) continue;
    const parameters = match(route.pattern, segments);
    if (parameters) return { route, parameters };
  }
  return undefined;
}
