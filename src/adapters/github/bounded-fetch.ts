/** One request; retries are the caller's, who knows what may be repeated. */
const REQUEST_TIMEOUT_MS = 10_000;

/** `fetch` with our time-out. */
export function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
}
