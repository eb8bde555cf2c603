import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { handoffKeys } from "../../core/handoff/keys.ts";
import { type Lookup, type Note, readNote, writeNote } from "../../core/handoff/note.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Clock, EnvelopeCipher, HandoffCache, Log } from "../../ports/action.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import { importCacheClient, saveFrom } from "./cache-save.ts";
import {
  COMPRESSIONS,
  type Compression,
  cacheVersion,
  MAXIMUM_ARCHIVE_BYTES,
  MEMBER,
  readMember,
} from "./handoff-archive.ts";

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
 * Notes as encrypted one-file caches. Saved with `@actions/cache`; read here, in memory.
 *
 * @param temporaryDirectory private; for the moment an archive is made
 */
export function actionsHandoffCache({
  service,
  place,
  cipher,
  clock,
  log,
  temporaryDirectory,
}: {
  service: CacheService;
  place: SecretLocation;
  cipher: EnvelopeCipher;
  clock: Clock;
  log: Pick<Log, "info" | "debug">;
  temporaryDirectory: string;
}): HandoffCache {
  /** As {@link find}, with a debug line. */
  async function search(prefix: string, version: string): Promise<Entry | null> {
    const startedMs = performance.now();
    const tell = (outcome: string): void =>
      log.debug(`Cache: lookup ${shortKey(prefix)}: ${outcome}, ${elapsed(startedMs)}.`);
    try {
      const entry = await find(service, prefix, version);
      tell(entry === null ? "miss" : `hit, ${entry.archive.byteLength} bytes`);
      return entry;
    } catch (error) {
      tell(`no answer (${error instanceof UnansweredError ? error.message : "unreachable"})`);
      throw error;
    }
  }

  /** @returns the note, or `null` for an entry that we did not file under this very key for this holder */
  async function open(login: AuthJson, { key, archive }: Entry): Promise<Note | null> {
    const envelope = await readMember(archive);
    const text = (envelope && (await cipher.open(login, "note", envelope))) ?? "";
    return text.startsWith(`${key}\n`) ? readNote(text.slice(key.length + 1)) : null;
  }

  async function lookAt(login: AuthJson, compression: Compression): Promise<Lookup> {
    const version = cacheVersion(compression);
    const { cacheKeyPrefix } = handoffKeys(login, place);
    const newest = await search(cacheKeyPrefix, version);
    if (newest === null) return { kind: "none" };
    const note = await open(login, newest);
    if (note) return { kind: "note", note };
    // The service tells only the newest under a prefix: what it hides is found under longer ones.
    let hiding = [{ suffix: "", entry: newest }];
    let best: { readonly suffix: string; readonly note: Note } | null = null;
    for (let left = MAXIMUM_LOOKS; hiding.length > 0; ) {
      const narrower = hiding.flatMap(({ suffix, entry }) => [
        ...wholeSuffixIn(entry.key.slice(cacheKeyPrefix.length), suffix),
        ...narrow(suffix, clock.now()),
      ]);
      left -= narrower.length;
      if (left < 0) break;
      const entries = await Promise.all(
        narrower.map(async (suffix) => ({
          suffix,
          entry: await search(cacheKeyPrefix + suffix, version),
        })),
      );
      hiding = [];
      for (const { suffix, entry } of entries) {
        if (entry === null) continue;
        const found = await open(login, entry);
        if (found === null) hiding.push({ suffix, entry });
        else if (best === null || found.savedAt > best.note.savedAt)
          best = { suffix: entry.key.slice(cacheKeyPrefix.length), note: found };
      }
      // Suffixes begin with the time: what is earlier than the best note hides none that is newer.
      const newestSuffix = best?.suffix ?? "";
      hiding = hiding.filter(({ suffix }) => suffix >= newestSuffix.slice(0, suffix.length));
    }
    // That a successor was filed stays true, whatever else there is.
    return best === null ? { kind: "not-answered" } : { kind: "note", note: best.note };
  }

  return {
    prepare: () => void importCacheClient().catch(() => {}),
    look: async (login) => {
      const lookups = COMPRESSIONS.map((compression) => lookAt(login, compression));
      const answers = await Promise.all(
        lookups.map((lookup) => lookup.catch((): Lookup => ({ kind: "not-answered" }))),
      );
      return newest(answers);
    },
    save: async (under, note) => {
      let directory: string | null = null;
      const startedMs = performance.now();
      try {
        directory = await mkdtemp(join(temporaryDirectory, "handoff-"));
        const key = handoffKeys(under, place).cacheKeyPrefix + uniqueSuffix(note.savedAt);
        // Sealed with its key: filed again under another one, to stand in front of a newer note, it does not open.
        const envelope = await cipher.seal(under, "note", `${key}\n${writeNote(note)}`);
        await writeFile(join(directory, MEMBER), envelope, { mode: 0o600 });
        const { isSaved, complaint } = await saveFrom(directory, key, clock);
        log.debug(`Cache: save ${shortKey(key)}: ${isSaved ? "saved" : "failed"}, ${elapsed(startedMs)}.`);
        if (!isSaved && complaint) log.info(`The Actions cache says: ${foreign(complaint)}.`);
        return isSaved ? "saved" : "failed";
      } catch {
        return "failed";
      } finally {
        if (directory) await rm(directory, { recursive: true, force: true }).catch(() => {});
      }
    },
  };
}

/** A handoff that is switched off, or that this server does not have: every look is an answered miss. */
export const noHandoffCache: HandoffCache = {
  prepare: () => {},
  look: async () => ({ kind: "none" }),
  save: async () => "off",
};

function newest(answers: readonly Lookup[]): Lookup {
  const notes = answers.flatMap((answer) => (answer.kind === "note" ? [answer.note] : []));
  const [note] = notes.sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  if (!note && answers.some(({ kind }) => kind === "not-answered")) return { kind: "not-answered" };
  return note ? { kind: "note", note } : { kind: "none" };
}

/** Keys are immutable and a failed upload burns one, so each is new; it ends with a delimiter's field of its own. */
function uniqueSuffix(savedAt: Date): string {
  return `${Math.floor(savedAt.getTime() / 1000)}-${randomBytes(6).toString("hex")}`;
}

/** What the service's answer lacks; nothing of the answer itself. */
class UnansweredError extends Error {}

/** Keys are derived from the login; the beginning is enough to tell two apart. */
function shortKey(key: string): string {
  return key.replace(/^(.*?[0-9a-f]{8})[0-9a-f]{8,}.*$/, "$1…");
}

function elapsed(startedMs: number): string {
  return `${Math.round(performance.now() - startedMs)} ms`;
}

interface Entry {
  readonly key: string;
  readonly archive: Uint8Array;
}

/** How many more requests an entry that does not open is worth, in each of both packings. */
const MAXIMUM_LOOKS = 120;
const SECONDS_DIGITS = 10;
/** Seconds, a dash, and twelve hexadecimal digits: see {@link uniqueSuffix}. */
const WHOLE_SUFFIX = /^\d{10}-[0-9a-f]{12}/;
const WHOLE_LENGTH = 23;
/** The service forgets what nobody has used for seven days, and clocks differ. */
const OLDEST_SECONDS = 60 * 86_400;
const NEWEST_SECONDS = 2 * 86_400;

/** A key that was made by lengthening one of ours gives ours away, and a whole key is found before longer ones. */
function wholeSuffixIn(suffix: string, asked: string): string[] {
  const [whole] = WHOLE_SUFFIX.exec(suffix) ?? [];
  return whole === undefined || whole === asked ? [] : [whole];
}

/** What may follow in a suffix of ours. */
function narrow(suffix: string, now: Date): string[] {
  if (suffix.length >= WHOLE_LENGTH) return [];
  if (suffix.length === SECONDS_DIGITS) return [`${suffix}-`];
  if (suffix.length > SECONDS_DIGITS) return [..."0123456789abcdef"].map((digit) => suffix + digit);
  const nowSeconds = now.getTime() / 1000;
  const width = 10 ** (SECONDS_DIGITS - suffix.length - 1);
  return [..."0123456789"]
    .map((digit) => suffix + digit)
    .filter((longer) => {
      const from = Number(longer) * width;
      return from <= nowSeconds + NEWEST_SECONDS && from + width > nowSeconds - OLDEST_SECONDS;
    });
}

/**
 * @returns the newest entry whose key begins with the prefix, or `null` when the service says there is none
 * @throws {Error} when it does not say
 */
async function find(service: CacheService, prefix: string, version: string): Promise<Entry | null> {
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
