import { ledgerOf } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { refusePublicReseed } from "../core/failure/public-reseed.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { DeviceLogin } from "../ports/codex.ts";
import { saveNotes } from "./handoff.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { logInAgain } from "./log-in-again.ts";
import { proveWritable } from "./prove-write.ts";
import { unlessGitHubFails } from "./retry.ts";
import { updatedAtOf } from "./secret-time.ts";
import { markSeed } from "./seed-marker.ts";
import type { Services } from "./services.ts";
import { type StoreOutcome, saveLedger, settleLedger } from "./store-outcome.ts";
import { writeBack } from "./write-back.ts";
import { explainRefusal, type OpenServices, timeOf, withWriteToken } from "./write-session.ts";

export interface ReseedServices
  extends Omit<Services, "ledgerFile" | "refresher" | "channel" | "processes" | "handed"> {
  readonly deviceLogin: () => Promise<DeviceLogin>;
  /** @param holder the login that opens it */
  readonly ledgerFile: (holder: AuthJson) => LedgerFile;
}

export interface ReseedRequest {
  /** What the secret gave to the job; `null` when that is no login any more. */
  readonly handed: AuthJson | null;
  readonly expectedAccountId: string | null;
  readonly visibility: "public" | "private" | "unknown";
}

/**
 * Lets a person log in again, from a link and a one-time code in the log, and stores that login.
 *
 * @returns what became of it; the ledger holds the new login
 * @throws {Failure} `reseed-failed`, `reseed-other-account`, and what keeps the write token from the secret
 */
export async function reseed(services: ReseedServices, request: ReseedRequest): Promise<StoreOutcome> {
  const { runInformation, place, log } = services;
  const { visibility, handed } = request;
  // What cannot be known counts as public: the one-time code stands in the log.
  if (visibility === "unknown" && (await runInformation.visibility()) !== "private") refusePublicReseed();
  const accountId = expectedAccountOf(request);
  // Before a person is asked for anything: can we store what we ask for?
  const before = await withToken(services, async (open) => {
    const updatedAt = await updatedAtOf(open);
    await proveWritable(open);
    return updatedAt;
  });
  const login = await logInAgain(services);
  if (login.accountId !== accountId)
    throw new Failure(
      "reseed-other-account",
      "Somebody has logged in with another ChatGPT account than the one that this secret is for. Nothing was stored.",
      "Log in with the account that was there before, or, to change it on purpose, set `expected-account-id`.",
    );
  const ledger = ledgerOf({ login, predecessor: handed, before });
  // A person's work: post has it, should GitHub fail just now.
  const holder = handed ?? login;
  const ledgerFile = services.ledgerFile(holder);
  await saveLedger({ ledgerFile, log }, ledger);
  // Written as anybody's `gh secret set` would be, but never over a write that came meanwhile.
  return withToken({ ...services, ledgerFile, handed: holder }, async (open) => {
    const outcome = await writeBack(open, { login, before, spent: null, ledger });
    if (outcome.kind === "stored" && outcome.updatedAt !== null) {
      const seed = { login, place, updatedAt: outcome.updatedAt };
      // Without the marker, a later refresh asks one question more.
      await unlessGitHubFails(
        () => markSeed(open.session.variables, seed),
        ({ message }) => log.debug(`The seed's marker could not be made. ${message}`),
      );
    }
    const savedAt = await timeOf(open);
    const inHandoff = handed !== null && (await saveNotes(open, { under: [handed], login, savedAt }));
    return settleLedger(open, { ledger, outcome, inHandoff });
  });
}

function expectedAccountOf({ handed, expectedAccountId }: ReseedRequest): string {
  const known = expectedAccountId ?? handed?.accountId;
  if (known !== undefined) return known;
  throw new Failure(
    "input-invalid",
    "The secret holds no login, so this job cannot know whose a fresh one must be.",
    "Set `expected-account-id` to the account's ID: `jq -r .tokens.account_id` of any auth.json of it.",
  );
}

/** @throws {Failure} what keeps the write token from the secret */
async function withToken<Given extends Omit<ReseedServices, "ledgerFile">, Result>(
  services: Given,
  act: (open: Given & Pick<OpenServices, "session" | "claims">) => Promise<Result>,
): Promise<Result> {
  const options = { workedEarlier: false, insistence: "forced" } as const;
  return withWriteToken(services, options, async (open) => {
    if (open instanceof Failure) throw open;
    return unlessGitHubFails(
      () => act(open),
      (error) => {
        throw explainRefusal(services, error, options);
      },
    );
  });
}
