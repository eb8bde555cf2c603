import { createHash } from "node:crypto";
import zlib from "node:zlib";
import { extract } from "tar-stream";
import { MAXIMUM_ENVELOPE_BYTES } from "../../core/handoff/envelope.ts";

/** The one file in an archive of ours. A relative path: the cache's version is a hash of this very string. */
export const MEMBER = "codex-auth-handoff.envelope";

/** How `@actions/cache` compresses: by whether `zstd` is installed where it saves. */
export const COMPRESSIONS = ["zstd-without-long", "gzip"] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** An archive holds one envelope, a tar header and padding; compressed it is smaller still. */
export const MAXIMUM_ARCHIVE_BYTES = MAXIMUM_ENVELOPE_BYTES + 16 * 1024;

/** The version under which `@actions/cache` 6 files an archive of {@link MEMBER} for every system (its `getCacheVersion`). */
export function cacheVersion(compression: Compression): string {
  const components = [MEMBER, compression, "1.0"];
  return createHash("sha256").update(components.join("|")).digest("hex");
}

/**
 * Takes our one member out of an archive, in memory: an unpacker would write wherever the archive says.
 *
 * @returns `null` when it is not there, too large, or not a plain file
 * @throws {Error} for zstd under a Node that cannot read it (below 22.15): what it holds is not known
 */
export async function readMember(archive: Uint8Array): Promise<Uint8Array | null> {
  if (isZstd(archive) && zlib.zstdDecompressSync === undefined)
    throw new Error("This Node cannot read zstd.");
  let tar: Buffer;
  try {
    tar = decompress(archive);
  } catch {
    return null;
  }
  const reader = extract();
  reader.end(tar);
  try {
    for await (const entry of reader) {
      const { name, type, size = 0 } = entry.header;
      if (name.replace(/^\.\//, "") !== MEMBER || type !== "file" || size > MAXIMUM_ENVELOPE_BYTES) {
        entry.resume();
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    }
  } catch {
    return null;
  }
  return null;
}

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

function isZstd(archive: Uint8Array): boolean {
  return ZSTD_MAGIC.equals(archive.subarray(0, 4));
}

function decompress(archive: Uint8Array): Buffer {
  const options = { maxOutputLength: MAXIMUM_ARCHIVE_BYTES };
  return isZstd(archive) ? zlib.zstdDecompressSync(archive, options) : zlib.gunzipSync(archive, options);
}
