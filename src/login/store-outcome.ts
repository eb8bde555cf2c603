import type { Ledger } from "../core/claim/ledger.ts";
import type { Failure } from "../core/failure/failure.ts";
import type { Services } from "./services.ts";
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

type Saving = Pick<Services, "ledgerFile" | "log">;

/** The secret matters more than our notes about it. @returns whether they could be saved */
export async function saveLedger({ ledgerFile, log }: Saving, ledger: Ledger): Promise<boolean> {
  try {
    await ledgerFile.save(ledger);
    return true;
  } catch {
    log.info("The ledger of this job could not be written to disk.");
    return false;
  }
}

/** Brings the ledger up to date with what became of a write. */
export async function settleLedger(
  services: Saving,
  { ledger, outcome, inHandoff }: { ledger: Ledger; outcome: WriteBack; inHandoff: boolean },
): Promise<StoreOutcome> {
  if (outcome.kind === "pending") return { ...outcome, ledger, inHandoff };
  if (outcome.kind === "refused") return { ...outcome, ledger };
  if (outcome.kind === "settled")
    services.log.info("Another job has taken this login over from the handoff, and went on from there.");
  const before = (outcome.kind === "stored" ? outcome.updatedAt : null) ?? ledger.before;
  const stored: Ledger = { ...ledger, before, claim: null, stored: true, writes: [] };
  await saveLedger(services, stored);
  return { kind: "stored", ledger: stored };
}
