import type { Log } from "../../ports/action.ts";
import { boundedFetch } from "./fetch.ts";
import { MAXIMUM_ARCHIVE_BYTES } from "./handoff-archive.ts";

const DOWNLOAD_URL_PATH = "twirp/github.actions.results.api.v1.CacheService/GetCacheEntryDownloadURL";

/** Where the runner says the cache is. */
export interface CacheService {
  readonly resultsUrl: string;
  readonly runtimeToken: string;
}

/**
 * The Actions cache, version 2, as it is told to this job; `null` where there is none (a server without it).
 * What counts as GitHub's own is `@actions/cache`'s rule (its `isGhes`).
 */
export function cacheServiceOf(
  environment: Readonly<Record<string, string | undefined>>,
): CacheService | null {
  const {
    ACTIONS_RESULTS_URL: resultsUrl,
    ACTIONS_RUNTIME_TOKEN: runtimeToken,
    ACTIONS_CACHE_SERVICE_V2: v2,
  } = environment;
  const host = new URL(environment.GITHUB_SERVER_URL || "https://github.com").hostname.toLowerCase();
  const supported = host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
  return resultsUrl && runtimeToken && v2 && supported ? { resultsUrl, runtimeToken } : null;
}

/**
 * @returns the newest entry whose key begins with the prefix, or `null` when the service says there is none
 * @throws {Error} when it does not say
 */
export async function findEntry(
  service: CacheService,
  { prefix, version, log }: { prefix: string; version: string; log: Pick<Log, "debug"> },
): Promise<CacheEntry | null> {
  const startedMs = performance.now();
  const tell = (outcome: string): void =>
    log.debug(`Cache: lookup ${shortKey(prefix)}: ${outcome}, ${elapsed(startedMs)}.`);
  try {
    const entry = await ask(service, prefix, version);
    tell(entry === null ? "miss" : `hit, ${entry.archive.byteLength} bytes`);
    return entry;
  } catch (error) {
    tell(`no answer (${error instanceof UnansweredError ? error.message : "unreachable"})`);
    throw error;
  }
}

/** What the service's answer lacks; nothing of the answer itself. */
class UnansweredError extends Error {}

/** Keys are derived from the login; the beginning is enough to tell two apart. */
export function shortKey(key: string): string {
  return key.replace(/^(.*?[0-9a-f]{8})[0-9a-f]{8,}.*$/, "$1…");
}

export function elapsed(startedMs: number): string {
  return `${Math.round(performance.now() - startedMs)} ms`;
}

/** One cache of the service, packed as it was saved. */
export interface CacheEntry {
  readonly key: string;
  readonly archive: Uint8Array;
}

async function ask(service: CacheService, prefix: string, version: string): Promise<CacheEntry | null> {
  const response = await boundedFetch(new URL(DOWNLOAD_URL_PATH, withSlash(service.resultsUrl)), {
    method: "POST",
    headers: { authorization: `Bearer ${service.runtimeToken}`, "content-type": "application/json" },
    body: JSON.stringify({ key: prefix, restore_keys: [prefix], version }),
  });
  if (!response.ok) throw new UnansweredError(`status ${response.status}`);
  const answer = (await response.json()) as {
    ok?: boolean;
    signed_download_url?: string;
    matched_key?: string;
    message?: string;
  };
  // A miss has no message; "cache read denied: …" has (docs/facts.md §2, "Cache").
  if (!answer.ok && !answer.message) return null;
  const { signed_download_url: url, matched_key: key } = answer;
  if (!answer.ok || !url || !key?.startsWith(prefix)) throw new UnansweredError("no entry and no miss");
  return { key, archive: await download(url) };
}

async function download(url: string): Promise<Uint8Array> {
  const response = await boundedFetch(url);
  if (!response.ok || !response.body) throw new UnansweredError(`status ${response.status} of its storage`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    // Not one of ours; nothing to hold out for either.
    if (bytes > MAXIMUM_ARCHIVE_BYTES) return new Uint8Array();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
