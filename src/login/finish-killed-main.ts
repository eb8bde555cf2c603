import { isRenewal } from "../core/claim/ledger.ts";
import { judge, type Verdict } from "../core/login/judge-change.ts";
import { waitUntilUnused } from "./codex-processes.ts";
import { privateHomeAt, readPrivateHome } from "./private-home.ts";
import { maskTokens } from "./read-login.ts";
import type { OpenCriticalSection } from "./section-state.ts";
import type { Services } from "./services.ts";
import { letGoOf, storeLate } from "./store-late.ts";
import type { StoreOutcome } from "./store-outcome.ts";

/**
 * Ends a section that main has left open: waits for Codex, stores what it left, wipes, settles the claim.
 *
 * @returns `null` when nothing was rotated
 * @throws {Failure} what was left is unusable
 */
export async function recover(
  services: Services,
  section: OpenCriticalSection,
): Promise<StoreOutcome | null> {
  const { files, log } = services;
  const { directory, process } = section;
  log.info("Main was not done with the login when it ended; finishing it.");
  if (directory === null) return storeLeft(services, section);
  await waitUntilUnused(services, privateHomeAt(directory).home, process);
  const outcome = await storeLeft(services, section);
  await files.remove(directory);
  return outcome;
}

async function storeLeft(
  services: Services,
  { claim, directory, process }: OpenCriticalSection,
): Promise<StoreOutcome | null> {
  const found = directory && (await readPrivateHome(services.files, privateHomeAt(directory)));
  const ledger = await services.ledgerFile.load();
  const verdict: Verdict = found ? judge(found.predecessor, found.after) : { kind: "unchanged" };
  if (!found || verdict.kind === "unchanged" || verdict.kind === "broken") {
    // Nothing can have been sent before Codex was started; after that, somebody else must take the doubt over.
    const isUnspent =
      process === null || (ledger && isRenewal(ledger) && ledger.claim?.holder === claim.holder);
    await letGoOf(services, claim, { sent: isUnspent ? "nothing" : "perhaps" });
    if (verdict.kind === "broken") throw verdict.failure;
    return null;
  }
  const { login } = verdict;
  maskTokens(login, services.log);
  if (ledger?.login.isSameGeneration(login) && (ledger.stored || isRenewal(ledger))) {
    // Main was done with it, or has given the claim back already: nothing was spent under it.
    await letGoOf(services, claim, { sent: "nothing" });
    return ledger.stored ? { kind: "stored", ledger } : storePending(services);
  }
  const known = ledger?.login.isSameGeneration(login) ? { before: ledger.before, writes: ledger.writes } : {};
  return storeLate(services, { login, predecessor: found.predecessor, claim, ...known });
}

/** Stores what an earlier phase could not. @returns `null` when nothing is pending */
export async function storePending(services: Services): Promise<StoreOutcome | null> {
  const ledger = await services.ledgerFile.load();
  if (ledger === null || ledger.stored || ledger.predecessor === null) return null;
  const { login, predecessor, claim, before, writes } = ledger;
  maskTokens(login, services.log);
  const under = isRenewal(ledger) ? { claim: null, renewedUnder: claim } : { claim };
  return storeLate(services, { login, predecessor, before, writes, ...under });
}
