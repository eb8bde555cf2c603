import { oneLine } from "../../core/text/escape.ts";
import type { Log } from "../../ports/runner.ts";

/** One request; retries are the caller's, who knows what may be repeated. */
const REQUEST_TIMEOUT_MS = 10_000;

/** `fetch` with our time-out. */
export function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
}

/**
 * {@link boundedFetch}, with a debug line for each request: method, path, status, milliseconds, GitHub's request id. No
 * query, header or body: those may hold a token.
 */
export function loggedFetch(log: Pick<Log, "debug">): typeof boundedFetch {
  return async (url, init = {}) => {
    const startedMs = performance.now();
    const request = `${init.method ?? "GET"} ${new URL(url).pathname}`;
    const tell = (outcome: string): void =>
      log.debug(oneLine(`GitHub: ${request}: ${outcome}, ${Math.round(performance.now() - startedMs)} ms.`));
    try {
      const response = await boundedFetch(url, init);
      tell(`${response.status}, request ${response.headers.get("x-github-request-id") ?? "without an id"}`);
      return response;
    } catch (error) {
      tell(`no answer (${error instanceof Error ? error.name : "unknown"})`);
      throw error;
    }
  };
}
