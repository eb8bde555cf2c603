import { type Ledger, readLedger, writeLedger } from "../core/claim/ledger.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { Files } from "../ports/files.ts";
import type { EnvelopeCipher } from "../ports/handoff.ts";
import { ledgerPath } from "./home-layout.ts";

export type LedgerFile = ReturnType<typeof ledgerFile>;

/** The job's ledger on disk: ciphertext that whoever was given the job's secret can open. */
export function ledgerFile(
  files: Files,
  cipher: EnvelopeCipher,
  { base, holder }: { base: string; holder: AuthJson },
) {
  const path = ledgerPath(base);
  return {
    /** @returns `null` when no step of this job has written one, or `holder` cannot open it */
    load: async (): Promise<Ledger | null> => {
      const envelope = await files.readBytes(path);
      const text = envelope && (await cipher.open(holder, "ledger", envelope));
      return text ? readLedger(text) : null;
    },
    save: async (ledger: Ledger): Promise<void> =>
      files.write(path, await cipher.seal(holder, "ledger", writeLedger(ledger)), 0o600),
  };
}
