import { join } from "node:path";

/**
 * What is remembered beside a host's login; Codex drops fields it does not know from its own file.
 *
 * ```text
 * .codex-auth-roundtrip-host.json
 * { "lastProof": { "at": "2026-11-22T09:48:00.000Z", "by": "app-server" | "exec", "login": "3f9c…" },
 *   "dead": { "at": …, "code": "refresh-token-reused", "login": "3f9c…" } }
 * login: SHA-256, see digestOf in live-login.ts
 * ```
 */
export interface HostRecord {
  readonly lastProof: {
    readonly at: string;
    readonly by: "app-server" | "exec";
    readonly login: string;
  } | null;
  /** OpenAI has rejected this login for good. */
  readonly dead: { readonly at: string; readonly code: string; readonly login: string } | null;
}

export function hostRecordPath(home: string): string {
  return join(home, ".codex-auth-roundtrip-host.json");
}

/** Held by whatever is at work in the home. */
export function hostLockPath(home: string): string {
  return join(home, ".codex-auth-roundtrip-host.lock");
}

/** @returns `null` for none, or one that is not ours */
export function parseHostRecord(text: string | null): HostRecord | null {
  if (text === null) return null;
  try {
    const { lastProof, dead } = JSON.parse(text) as Record<string, unknown>;
    return { lastProof: readProof(lastProof), dead: readDead(dead) };
  } catch {
    return null;
  }
}

export function writeHostRecordText(record: HostRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function readProof(value: unknown): HostRecord["lastProof"] {
  const { at, by, login } = (value ?? {}) as Record<string, unknown>;
  if (typeof at !== "string" || typeof login !== "string") return null;
  return by === "exec" || by === "app-server" ? { at, by, login } : null;
}

function readDead(value: unknown): HostRecord["dead"] {
  const { at, code, login } = (value ?? {}) as Record<string, unknown>;
  if (typeof at !== "string" || typeof code !== "string" || typeof login !== "string") return null;
  return { at, code, login };
}
