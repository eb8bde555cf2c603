import { randomBytes } from "node:crypto";
import { fieldsOf, isObject } from "../../core/text/json.ts";
import type { Log } from "../../ports/runner.ts";
import { boundedFetch } from "./fetch.ts";
import { cacheVersion, MAXIMUM_ARCHIVE_BYTES } from "./handoff-archive.ts";

const SERVICE_PATH = "twirp/github.actions.results.api.v1.CacheService";
const DOWNLOAD_URL_PATH = `${SERVICE_PATH}/GetCacheEntryDownloadURL`;
const CREATE_PATH = `${SERVICE_PATH}/CreateCacheEntry`;

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
  const response = await send(service, DOWNLOAD_URL_PATH, { key: prefix, restore_keys: [prefix], version });
  if (!response.ok) throw new UnansweredError(`status ${response.status}`);
  const answer: unknown = await response.json();
  if (!isObject(answer)) throw new UnansweredError("no object");
  const { ok, signed_download_url: url, matched_key: key } = answer;
  // A miss says nothing else; "cache read denied: …" does (docs/facts.md §2, "Cache").
  const isSaid = ["message", "msg", "code", "error"].some((name) => Boolean(answer[name]));
  if (!ok && !isSaid && !url) return null;
  if (ok !== true || typeof url !== "string" || !url || typeof key !== "string" || !key.startsWith(prefix))
    throw new UnansweredError("no entry and no miss");
  return { key, archive: await download(url) };
}

/** By which the service says that this job's token may not write (`CacheWriteDeniedMessagePrefix` of `@actions/cache`). */
const WRITE_DENIED = /cache write denied/i;
/** Modes of a job's cache in which `@actions/cache` saves nothing. */
const UNWRITABLE_MODES = ["none", "read"];

/**
 * Reserves an entry that is never uploaded, and that nobody finds therefore: the only question about writing that the
 * service answers. Untrusted events get a token that may only read, and the job is not told.
 *
 * @returns the service's words; `null` where it does not refuse
 */
export async function refusesWrites(service: CacheService): Promise<string | null> {
  const mode = (process.env.ACTIONS_CACHE_MODE ?? "").trim().toLowerCase();
  if (UNWRITABLE_MODES.includes(mode)) return `cache-mode: ${mode}`;
  const key = `codex-auth-probe-${randomBytes(8).toString("hex")}`;
  const answer = fieldsOf(
    await (await send(service, CREATE_PATH, { key, version: cacheVersion("gzip") })).json(),
  );
  const said = [answer.message, answer.msg].find(
    (text) => typeof text === "string" && WRITE_DENIED.test(text),
  );
  return answer.ok === true || typeof said !== "string" ? null : said;
}

function send(service: CacheService, path: string, body: object): Promise<Response> {
  return boundedFetch(new URL(path, withSlash(service.resultsUrl)), {
    method: "POST",
    headers: { authorization: `Bearer ${service.runtimeToken}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
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
