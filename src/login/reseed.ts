import type { Ledger } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainSecretError, GitHubError } from "../core/failure/github-error.ts";
import { refusePublicReseed } from "../core/failure/public-reseed.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { DeviceLogin, WriteSession } from "../ports/action.ts";
import { newHolder } from "./claims.ts";
import { saveNotes } from "./handoff.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { logInAgain } from "./log-in-again.ts";
import { proveWritable } from "./prove-write.ts";
import { secretNotFound } from "./secret-time.ts";
import { markSeed } from "./seed-marker.ts";
import type { Services } from "./services.ts";
import { type StoreOutcome, saveLedger, settleLedger } from "./store-outcome.ts";
import { writeBack } from "./write-back.ts";
import { openSession, timeOf, withSession } from "./write-session.ts";

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

const WRITE_TIMEOUT_MS = 240_000;

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
  const before = await withWriteToken(services, async (session) => {
    const metadata = await session.store.metadata(place.secretName);
    if (metadata === null) throw secretNotFound(place);
    await proveWritable({ ...services, session });
    return metadata.updatedAt;
  });
  const login = await logInAgain(services);
  if (login.accountId !== accountId) throw otherAccount();
  const ledger: Ledger = { login, predecessor: handed, claim: null, before, stored: false, writes: [] };
  // A person's work: post has it, should GitHub fail just now.
  const ledgerFile = services.ledgerFile(handed ?? login);
  await saveLedger({ ledgerFile, log }, ledger);
  return withWriteToken(services, (session) =>
    store({ ...services, ledgerFile }, { ledger, handed, session }),
  );
}

/** Written as anybody's `gh secret set` would be, but never over a write that came meanwhile. */
async function store(
  services: Omit<ReseedServices, "ledgerFile"> & Pick<Services, "ledgerFile">,
  { ledger, handed, session }: { ledger: Ledger; handed: AuthJson | null; session: WriteSession },
): Promise<StoreOutcome> {
  const { login, before } = ledger;
  const open = withSession(services, session, "forced");
  const outcome = await writeBack(open, {
    login,
    encoding: handed?.encoding ?? "json",
    before,
    spent: null,
    held: null,
    holder: newHolder(services.randomness),
    timeoutMs: WRITE_TIMEOUT_MS,
    ledger,
  });
  if (outcome.kind === "stored" && outcome.updatedAt !== null)
    await mark(services, session, { login, updatedAt: outcome.updatedAt });
  const savedAt = await timeOf(open);
  const inHandoff = handed !== null && (await saveNotes(services, { under: [handed], login, savedAt }));
  return settleLedger(services, { ledger, outcome, inHandoff });
}

/** As a seed does. Without it, a later refresh asks one question more. */
async function mark(
  { place, log }: Pick<Services, "place" | "log">,
  { variables }: WriteSession,
  seed: { login: AuthJson; updatedAt: Date },
): Promise<void> {
  try {
    await markSeed(variables, { ...seed, place });
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    log.debug(`The seed's marker could not be made. ${error.message}`);
  }
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

async function withWriteToken<Result>(
  services: Pick<Services, "writeCredential" | "clock" | "log" | "place">,
  act: (session: WriteSession) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(services, { workedEarlier: false });
  if (session instanceof Failure) throw session;
  try {
    return await act(session);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const { place, writeCredential } = services;
    const credential = writeCredential?.kind ?? "token";
    throw explainSecretError(error, { place, credential, workedEarlier: false });
  } finally {
    await session.close();
  }
}

function otherAccount(): Failure {
  return new Failure(
    "reseed-other-account",
    "Somebody has logged in with another ChatGPT account than the one that this secret is for. Nothing was stored.",
    "Log in with the account that was there before, or, to change it on purpose, set `expected-account-id`.",
  );
}
