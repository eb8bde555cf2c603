import { HttpClient } from "@actions/http-client";

/** One request; retries are the caller's, who knows what may be repeated. */
const REQUEST_TIMEOUT_MS = 10_000;

/** `fetch` with our time-out, through the proxy that the environment names, as the toolkit reads it. */
export async function boundedFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const bounded = { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) };
  const dispatcher = new HttpClient().getAgentDispatcher(String(url));
  if (!dispatcher) return fetch(url, bounded);
  // A dispatcher works with the fetch of its own undici, which need not be Node's.
  const undici = await import("undici");
  return (await undici.fetch(url, { ...bounded, dispatcher } as Parameters<
    typeof undici.fetch
  >[1])) as unknown as Response;
}
