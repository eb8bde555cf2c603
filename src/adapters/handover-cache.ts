import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "../core/document.ts";
import { handoverKeys } from "../core/handover-keys.ts";
import { type Lookup, readNote, writeNote } from "../core/note.ts";
import type { Place } from "../core/place.ts";
import type { Clock, EnvelopeCipher, HandoffCache } from "../ports.ts";
import { boundedFetch } from "./bounded-fetch.ts";
import {
  COMPRESSIONS,
  type Compression,
  cacheVersion,
  MAXIMUM_ARCHIVE_BYTES,
  MEMBER,
  readMember,
} from "./handover-archive.ts";

const SAVE_TIMEOUT_MS = 15_000;
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
export function actionsHandoverCache({
  service,
  place,
  cipher,
  clock,
  temporaryDirectory,
}: {
  service: CacheService;
  place: Place;
  cipher: EnvelopeCipher;
  clock: Clock;
  temporaryDirectory: string;
}): HandoffCache {
  async function lookAt(document: Document, compression: Compression): Promise<Lookup> {
    const entry = await find(
      service,
      handoverKeys(document, place).cacheKeyPrefix,
      cacheVersion(compression),
    );
    if (entry === null) return { kind: "none" };
    const envelope = await readMember(entry);
    const text = envelope && (await cipher.open(document, "note", envelope));
    const note = text ? readNote(text) : null;
    return note ? { kind: "note", note } : { kind: "none" };
  }

  return {
    prepare: () => void importClient().catch(() => {}),
    look: async (document) => {
      const lookups = COMPRESSIONS.map((compression) => lookAt(document, compression));
      const answers = await Promise.all(
        lookups.map((lookup) => lookup.catch((): Lookup => ({ kind: "not-answered" }))),
      );
      return newest(answers);
    },
    save: async (under, note) => {
      let directory: string | null = null;
      try {
        directory = await mkdtemp(join(temporaryDirectory, "handover-"));
        await writeFile(join(directory, MEMBER), await cipher.seal(under, "note", writeNote(note)), {
          mode: 0o600,
        });
        const key = handoverKeys(under, place).cacheKeyPrefix + uniqueSuffix(note.savedAt);
        return (await saveFrom(directory, key, clock)) ? "saved" : "failed";
      } catch {
        return "failed";
      } finally {
        if (directory) await rm(directory, { recursive: true, force: true }).catch(() => {});
      }
    },
  };
}

/** A hand-over that is switched off, or that this server does not have: every look is an answered miss. */
export const noHandoverCache: HandoffCache = {
  prepare: () => {},
  look: async () => ({ kind: "none" }),
  save: async () => "off",
};

function newest(answers: readonly Lookup[]): Lookup {
  if (answers.some(({ kind }) => kind === "not-answered")) return { kind: "not-answered" };
  const notes = answers.flatMap((answer) => (answer.kind === "note" ? [answer.note] : []));
  const [note] = notes.sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  return note ? { kind: "note", note } : { kind: "none" };
}

/** Keys are immutable and a failed upload burns one, so each is new; it ends with a delimiter's field of its own. */
function uniqueSuffix(savedAt: Date): string {
  return `${Math.floor(savedAt.getTime() / 1000)}-${randomBytes(6).toString("hex")}`;
}

/** @returns the newest archive whose key begins with the prefix, or `null` when the service says there is none */
async function find(service: CacheService, prefix: string, version: string): Promise<Uint8Array | null> {
  const response = await boundedFetch(new URL(DOWNLOAD_URL_PATH, withSlash(service.resultsUrl)), {
    method: "POST",
    headers: { authorization: `Bearer ${service.runtimeToken}`, "content-type": "application/json" },
    body: JSON.stringify({ key: prefix, restore_keys: [prefix], version }),
  });
  if (!response.ok) throw new Error(`The cache service answered ${response.status}.`);
  const answer = (await response.json()) as {
    ok?: boolean;
    signed_download_url?: string;
    matched_key?: string;
  };
  if (!answer.ok || !answer.signed_download_url) return null;
  if (!answer.matched_key?.startsWith(prefix)) return null;
  return download(answer.signed_download_url);
}

async function download(url: string): Promise<Uint8Array> {
  const response = await boundedFetch(url);
  if (!response.ok || !response.body) throw new Error(`The cache's storage answered ${response.status}.`);
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

/** More than a megabyte, so only what saves loads it. */
function importClient(): Promise<typeof import("@actions/cache")> {
  return import("@actions/cache");
}

/**
 * `@actions/cache` packs what it finds relative to the working directory, under `GITHUB_WORKSPACE`.
 * It hardly ever throws: what was not saved is -1 (docs/facts.md §2, "Cache").
 */
async function saveFrom(directory: string, key: string, clock: Clock): Promise<boolean> {
  const { saveCache } = await importClient();
  const before = { directory: process.cwd(), workspace: process.env.GITHUB_WORKSPACE };
  process.chdir(directory);
  process.env.GITHUB_WORKSPACE = directory;
  try {
    return await Promise.race([
      saveCache([MEMBER], key).then((id) => id !== -1),
      clock.sleep(SAVE_TIMEOUT_MS).then(() => false),
    ]);
  } finally {
    process.chdir(before.directory);
    if (before.workspace === undefined) delete process.env.GITHUB_WORKSPACE;
    else process.env.GITHUB_WORKSPACE = before.workspace;
  }
}
