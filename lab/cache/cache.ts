import { randomBytes, randomUUID } from "node:crypto";
import type { LabClock } from "../clock.ts";
import { type LabRequest, type LabResponse, LoopbackServer } from "../loopback-server.ts";
import { BlobStore } from "./blobs.ts";

/** Whose cache a job reads and writes. */
export interface CacheScope {
  /** `owner/name`. */
  readonly repository: string;
  /** Of the job, `refs/heads/…` or `refs/pull/…/merge`; a bare name is a branch. */
  readonly ref: string;
  readonly defaultBranch: string;
  /** `read` is what an untrusted trigger gets; default `write`. */
  readonly access?: "write" | "read";
}

export interface CacheEntry {
  readonly id: number;
  readonly repository: string;
  /** The one that wrote it, in full: `refs/heads/main`. */
  readonly ref: string;
  readonly key: string;
  /** Hash of paths and compression. */
  readonly version: string;
  readonly createdAt: Date;
  /** The archive; empty until something has been uploaded. */
  readonly bytes: Buffer;
  /** `reserved` and never `ready`: the upload failed, and the key is burnt. */
  readonly state: "reserved" | "ready";
}

/** An entry to plant, as somebody else's job would have left it. */
export type PlantedEntry = Pick<CacheEntry, "repository" | "ref" | "key" | "version" | "bytes"> &
  Partial<Pick<CacheEntry, "createdAt" | "state">>;

interface Stored {
  /** Ascending: settles the order of entries of the same instant. */
  readonly id: number;
  readonly blob: string;
  readonly repository: string;
  readonly ref: string;
  readonly key: string;
  readonly version: string;
  readonly createdAt: Date;
  usedAt: Date;
  state: "reserved" | "ready";
}

const service = "/twirp/github.actions.results.api.v1.CacheService/";
const urlLifetimeMs = 60 * 60 * 1000;
/** Unused entries are dropped after seven days; FACTS.md §2. */
const retentionMs = 7 * 24 * 60 * 60 * 1000;

/**
 * The Actions cache, service version 2, and the blob store behind it, for the real `@actions/cache`:
 * ACTIONS_RESULTS_URL is `server.url` and a slash, ACTIONS_RUNTIME_TOKEN a {@link runtimeToken},
 * ACTIONS_CACHE_SERVICE_V2 is set and GITHUB_SERVER_URL ends in `.localhost`.
 *
 * Keys are immutable per repository, ref and version. Look-up: own ref, then the default branch; the key itself, then
 * the newest that begins with it, then the newest that begins with each restore key.
 */
export class CacheService {
  readonly #clock: LabClock;
  readonly #blobs = new BlobStore();
  readonly #scopes = new Map<string, CacheScope>();
  #entries: Stored[] = [];
  #lastId = 0;
  #server: LoopbackServer | undefined;

  private constructor(clock: LabClock) {
    this.#clock = clock;
  }

  static async start(clock: LabClock): Promise<CacheService> {
    const cache = new CacheService(clock);
    cache.#server = await LoopbackServer.start((request) => cache.#answer(request), clock);
    return cache;
  }

  get server(): LoopbackServer {
    if (!this.#server) throw new Error("lab: the cache service has not been started");
    return this.#server;
  }

  /** @returns a new ACTIONS_RUNTIME_TOKEN for one job. */
  runtimeToken(scope: CacheScope): string {
    const token = `runtime-${randomBytes(24).toString("hex")}`;
    this.#scopes.set(token, {
      ...scope,
      ref: fullRef(scope.ref),
      defaultBranch: fullRef(scope.defaultBranch),
    });
    return token;
  }

  /** Oldest first, as they are now; what is past its retention is gone. */
  get entries(): readonly CacheEntry[] {
    this.#evictUnused();
    return this.#entries.map(({ id, repository, ref, key, version, createdAt, state, blob }) => {
      const bytes = this.#blobs.get(blob) ?? Buffer.alloc(0);
      return { id, repository, ref, key, version, createdAt, state, bytes };
    });
  }

  /** Plants an entry, also one whose key is taken: the newest is found. */
  put(entry: PlantedEntry): void {
    const { repository, ref, key, version } = entry;
    const stored = this.#add({ repository, ref: fullRef(ref), key, version }, entry.createdAt);
    stored.state = entry.state ?? "ready";
    this.#blobs.set(stored.blob, entry.bytes);
  }

  /** As somebody deletes an entry by its number. */
  remove(id: number): void {
    for (const entry of this.#entries) if (entry.id === id) this.#blobs.delete(entry.blob);
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
  }

  evictAll(): void {
    for (const { blob } of this.#entries) this.#blobs.delete(blob);
    this.#entries = [];
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  #answer(request: LabRequest): LabResponse {
    if (!request.path.startsWith("/twirp/")) return this.#blobs.answer(request);
    if (!request.path.startsWith(service) || request.method !== "POST")
      return twirpError(404, "bad_route", request.path);
    const bearer = /^bearer (\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const scope = this.#scopes.get(bearer ?? "");
    if (!scope) return twirpError(401, "unauthenticated", "invalid or expired token");
    const message = messageOf(request);
    if (!message) return twirpError(400, "malformed", "the json request could not be decoded");
    this.#evictUnused();
    switch (request.path.slice(service.length)) {
      case "CreateCacheEntry":
        return this.#create(scope, message);
      case "FinalizeCacheEntryUpload":
        return this.#finalize(scope, message);
      case "GetCacheEntryDownloadURL":
        return this.#downloadUrl(scope, message);
      default:
        return twirpError(404, "bad_route", request.path);
    }
  }

  #create(scope: CacheScope, message: Message): LabResponse {
    const { key, version } = message;
    if (!key || !version) return twirpError(400, "invalid_argument", "key and version are required");
    // Not an HTTP error: the client knows this answer by how its message begins (CACHE_WRITE_DENIED_PREFIX).
    if (scope.access === "read") {
      const denied = "cache write denied: token has no writable scopes";
      return { status: 200, body: { ok: false, signed_upload_url: "", message: denied } };
    }
    if (this.#find(scope, key, version)) {
      return twirpError(
        409,
        "already_exists",
        "cache entry with the same key, version, and scope already exists",
      );
    }
    const { blob } = this.#add({ repository: scope.repository, ref: scope.ref, key, version });
    return { status: 200, body: { ok: true, signed_upload_url: this.#signed(blob, "write"), message: "" } };
  }

  #finalize(scope: CacheScope, message: Message): LabResponse {
    const entry = this.#find(scope, message.key, message.version);
    if (entry?.state !== "reserved" || scope.access === "read") {
      return twirpError(404, "not_found", "cache entry not found");
    }
    const refused = (why: string) => ({ status: 200, body: { ok: false, entry_id: "0", message: why } });
    const uploaded = this.#blobs.get(entry.blob);
    if (!uploaded) return refused("the cache archive has not been uploaded");
    if (message.sizeBytes !== uploaded.length) return refused("the cache archive has another size");
    entry.state = "ready";
    return { status: 200, body: { ok: true, entry_id: String(entry.id), message: "" } };
  }

  #downloadUrl(scope: CacheScope, message: Message): LabResponse {
    const entry = this.#lookUp(scope, message);
    if (!entry) return { status: 200, body: { ok: false, signed_download_url: "", matched_key: "" } };
    entry.usedAt = this.#clock.now();
    const url = this.#signed(entry.blob, "read");
    return { status: 200, body: { ok: true, signed_download_url: url, matched_key: entry.key } };
  }

  #lookUp(scope: CacheScope, { key, version, restoreKeys }: Message): Stored | undefined {
    const newestFirst = this.#entries
      .filter(
        (entry) =>
          entry.state === "ready" && entry.version === version && entry.repository === scope.repository,
      )
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || b.id - a.id);
    for (const ref of [scope.ref, scope.defaultBranch]) {
      const candidates = newestFirst.filter((entry) => entry.ref === ref);
      const exact = candidates.find((entry) => entry.key === key);
      if (exact) return exact;
      for (const prefix of [key, ...restoreKeys]) {
        const newest = candidates.find((entry) => entry.key.startsWith(prefix));
        if (newest) return newest;
      }
    }
    return undefined;
  }

  #find(scope: CacheScope, key: string, version: string): Stored | undefined {
    const { repository, ref } = scope;
    return this.#entries.find(
      (entry) =>
        entry.repository === repository &&
        entry.ref === ref &&
        entry.key === key &&
        entry.version === version,
    );
  }

  #add(what: Pick<Stored, "repository" | "ref" | "key" | "version">, createdAt = this.#clock.now()): Stored {
    this.#lastId += 1;
    const stored: Stored = {
      ...what,
      id: this.#lastId,
      blob: randomUUID(),
      createdAt,
      usedAt: createdAt,
      state: "reserved",
    };
    this.#entries.push(stored);
    return stored;
  }

  #evictUnused(): void {
    const oldest = this.#clock.now().getTime() - retentionMs;
    for (const { usedAt, blob } of this.#entries) if (usedAt.getTime() < oldest) this.#blobs.delete(blob);
    this.#entries = this.#entries.filter(({ usedAt }) => usedAt.getTime() >= oldest);
  }

  #signed(blob: string, access: "write" | "read"): string {
    const expires = new Date(this.#clock.now().getTime() + urlLifetimeMs);
    return this.server.url + this.#blobs.sign({ blob, access, expires });
  }
}

interface Message {
  readonly key: string;
  readonly version: string;
  readonly restoreKeys: readonly string[];
  readonly sizeBytes: number;
}

/** The fields of all three requests, under the names of the protobuf file or their camelCase forms. */
function messageOf(request: LabRequest): Message | undefined {
  try {
    const fields = JSON.parse(request.body.toString("utf8")) as Record<string, unknown>;
    const restoreKeys = fields.restore_keys ?? fields.restoreKeys ?? [];
    return {
      key: String(fields.key ?? ""),
      version: String(fields.version ?? ""),
      restoreKeys: Array.isArray(restoreKeys) ? restoreKeys.map(String) : [],
      sizeBytes: Number(fields.size_bytes ?? fields.sizeBytes ?? 0),
    };
  } catch {
    return undefined;
  }
}

function fullRef(ref: string): string {
  return ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
}

function twirpError(status: number, code: string, msg: string): LabResponse {
  return { status, body: { code, msg } };
}
