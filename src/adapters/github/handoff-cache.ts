import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SecretLocation } from "../../core/github/secret-location.ts";
import { handoffKeys } from "../../core/handoff/keys.ts";
import { type Lookup, type Note, readNote, writeNote } from "../../core/handoff/note.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { foreign } from "../../core/text/escape.ts";
import type { EnvelopeCipher, HandoffCache } from "../../ports/handoff.ts";
import type { Clock } from "../../ports/machine.ts";
import type { Log } from "../../ports/runner.ts";
import { importCacheClient, saveFrom } from "./cache-save.ts";
import {
  type CacheEntry,
  type CacheService,
  elapsed,
  findEntry,
  refusesWrites,
  shortKey,
} from "./cache-service.ts";
import { COMPRESSIONS, type Compression, cacheVersion, MEMBER, readMember } from "./handoff-archive.ts";

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
  const search = (prefix: string, version: string): Promise<CacheEntry | null> =>
    findEntry(service, { prefix, version, log });

  /** @returns the note, or `null` for an entry that we did not file under this very key for this holder */
  async function open(login: AuthJson, { key, archive }: CacheEntry): Promise<Note | null> {
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
    refusesWrites: () => refusesWrites(service).catch(() => null),
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
  refusesWrites: async () => null,
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
