import { join } from "node:path";
import type { HostDisk, Owner } from "./ports.ts";

/**
 * What is remembered beside a host's login; Codex drops fields it does not know from its own file.
 *
 * ```text
 * .codex-auth-roundtrip-host.json
 * { "lastProof": { "at": "2026-11-22T09:48:00.000Z", "by": "app-server" | "exec", "generation": "3f9c…" },
 *   "dead": { "at": …, "code": "refresh-token-reused", "generation": "3f9c…" } }
 * ```
 */
export interface HostRecord {
  readonly lastProof: {
    readonly at: string;
    readonly by: "app-server" | "exec";
    readonly generation: string;
  } | null;
  /** OpenAI has refused this generation for good. */
  readonly dead: { readonly at: string; readonly code: string; readonly generation: string } | null;
}

const RECORD = ".codex-auth-roundtrip-host.json";
export const HOST_LOCK = ".codex-auth-roundtrip-host.lock";

/** @returns `null` for none, or one that is not ours */
export async function readHostRecord(disk: HostDisk, home: string): Promise<HostRecord | null> {
  const text = await disk.read(join(home, RECORD));
  if (text === null) return null;
  try {
    const { lastProof, dead } = JSON.parse(text) as Record<string, unknown>;
    return { lastProof: readProof(lastProof), dead: readDead(dead) };
  } catch {
    return null;
  }
}

export async function writeHostRecord(
  disk: HostDisk,
  home: string,
  { record, owner }: { record: HostRecord; owner: Owner | null },
): Promise<void> {
  await disk.write(join(home, RECORD), `${JSON.stringify(record, null, 2)}\n`, owner);
}

function readProof(value: unknown): HostRecord["lastProof"] {
  const { at, by, generation } = (value ?? {}) as Record<string, unknown>;
  if (typeof at !== "string" || typeof generation !== "string") return null;
  return by === "exec" || by === "app-server" ? { at, by, generation } : null;
}

function readDead(value: unknown): HostRecord["dead"] {
  const { at, code, generation } = (value ?? {}) as Record<string, unknown>;
  if (typeof at !== "string" || typeof code !== "string" || typeof generation !== "string") return null;
  return { at, code, generation };
}
