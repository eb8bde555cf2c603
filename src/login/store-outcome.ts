import type { Ledger, WriteWindow } from "../core/claim/ledger.ts";
import type { Failure } from "../core/failure/failure.ts";
import type { Log } from "../ports/action.ts";
import type { LedgerFile } from "./ledger-file.ts";
import type { WriteBack } from "./write-back.ts";

/** What became of a login that was to be stored. */
export type StoreOutcome =
  | { readonly kind: "stored"; readonly ledger: Ledger }
  /** Not written, and still to be written. */
  | {
      readonly kind: "pending";
      readonly ledger: Ledger;
      readonly failure: Failure;
      /** Whether the handoff has it. */
      readonly inHandoff: boolean;
      readonly rescue: string | null;
    }
  /** Not ours to write any more. */
  | {
      readonly kind: "refused";
      readonly ledger: Ledger;
      readonly failure: Failure;
      readonly rescue: string | null;
    };

/** Writes down that a write is about to be sent. Never throws: the secret matters more than our notes about it. */
export async function recordWrite(
  ledgerFile: LedgerFile,
  ledger: Ledger,
  window: WriteWindow,
): Promise<void> {
  await ledgerFile.save({ ...ledger, writes: [...ledger.writes, window] }).catch(() => {});
}

/** Brings the ledger up to date with what became of a write. */
export async function settleLedger(
  ledgerFile: LedgerFile,
  { ledger, outcome, inHandoff, log }: { ledger: Ledger; outcome: WriteBack; inHandoff: boolean; log: Log },
): Promise<StoreOutcome> {
  switch (outcome.kind) {
    case "stored":
    case "settled": {
      if (outcome.kind === "settled")
        log.info("Another job has taken this login over from the handoff, and went on from there.");
      const before = (outcome.kind === "stored" ? outcome.updatedAt : null) ?? ledger.before;
      const stored: Ledger = { ...ledger, before, claim: null, stored: true, writes: [] };
      // The secret matters more than our notes about it.
      await ledgerFile
        .save(stored)
        .catch(() => log.info("The ledger of this job could not be written to disk."));
      return { kind: "stored", ledger: stored };
    }
    case "pending":
      return {
        kind: "pending",
        ledger,
        failure: outcome.failure,
        inHandoff,
        rescue: outcome.rescue,
      };
    case "refused":
      return { kind: "refused", ledger, failure: outcome.failure, rescue: outcome.rescue };
  }
}
