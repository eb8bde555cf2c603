import type { Chain } from "./chain.ts";
import type { Document } from "./document.ts";
import { NOT_LEARNT } from "./note.ts";

/** When our secret was read, on the server's clock; or why that is not known. */
export type ReadTime =
  | { readonly kind: "known"; readonly at: Date }
  /** The API was not allowed to say (`actions: read`), or did not answer. */
  | { readonly kind: "unknown"; readonly because: "permission" | "unreachable" | "ambiguous" };

/** Whether a document is what the store holds, or should hold. */
export type Currency =
  | { readonly kind: "current"; readonly document: Document; readonly witness: "handover" | "clock" }
  /** The store's write had failed: it still holds the predecessor, and nobody wrote since. */
  | { readonly kind: "heal"; readonly document: Document; readonly predecessor: Document }
  /** Nobody says that it is current; `newest` may still be borrowed. */
  | { readonly kind: "stale"; readonly newest: Document; readonly missing: MissingProof };

/** Which proof was missing, for the message that says what gives it. */
export type MissingProof =
  /** The store was written after our secret was read. */
  | "store-is-newer"
  /** The hand-over could not be asked. */
  | "handover-not-learnt"
  /** We do not know when our secret was read. */
  | "read-time-permission"
  | "read-time-unknown";

/**
 * Judges with two independent witnesses: the hand-over, and the clock. See docs/design.md, "Current or stale?".
 *
 * @param updatedAt `updated_at` of the store now, whole seconds
 */
export function judgeCurrency(question: { chain: Chain; updatedAt: Date; readTime: ReadTime }): Currency {
  const { chain, updatedAt, readTime } = question;
  const { newest, predecessor } = chain;
  const stale = (missing: MissingProof): Currency => ({ kind: "stale", newest, missing });
  if (!chain.complete) return stale("handover-not-learnt");

  const says = (kind: "confirmed" | "replaces", at = updatedAt): boolean =>
    chain.witnesses.some((witness) => witness.kind === kind && witness.updatedAt.getTime() === at.getTime());
  // Whole seconds: a write in the second of our read may have come after it.
  const isAsRead =
    readTime.kind === "known" && updatedAt.getTime() < Math.floor(readTime.at.getTime() / 1000) * 1000;
  if (says("confirmed")) return { kind: "current", document: newest, witness: "handover" };
  if (predecessor !== null) {
    const everConfirmed = chain.witnesses.some((witness) => witness.kind === "confirmed");
    const replacesIt = says("replaces") || (isAsRead && says("replaces", NOT_LEARNT));
    return !everConfirmed && replacesIt
      ? { kind: "heal", document: newest, predecessor }
      : stale("store-is-newer");
  }
  switch (readTime.kind) {
    case "known":
      return isAsRead ? { kind: "current", document: newest, witness: "clock" } : stale("store-is-newer");
    case "unknown":
      return stale(readTime.because === "permission" ? "read-time-permission" : "read-time-unknown");
  }
}
