import { join } from "node:path";
import { type Checked, fields, isText, oneOf } from "../phase-state/shape.ts";

const PROOF = fields({ at: isText, by: oneOf("app-server", "exec"), login: isText });
const DEAD = fields({ at: isText, code: isText, login: isText });

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
  readonly lastProof: Checked<typeof PROOF> | null;
  /** OpenAI has rejected this login for good. */
  readonly dead: Checked<typeof DEAD> | null;
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
    return { lastProof: PROOF(lastProof) ? lastProof : null, dead: DEAD(dead) ? dead : null };
  } catch {
    return null;
  }
}

export function writeHostRecordText(record: HostRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
