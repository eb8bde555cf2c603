import { CLAIM_LIFETIME_MS, MAXIMUM_TAKEOVERS } from "../core/claim/claim.ts";
import type { Ledger, OwnClaim } from "../core/claim/ledger.ts";
import {
  consequenceOf,
  explainFailedRefresh,
  type FailedRefresh,
  mayBorrow,
  type Standing,
  vitality,
} from "../core/failure/failed-refresh.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainStoreError, GitHubError } from "../core/failure/github-error.ts";
import type { Place } from "../core/github/secret-location.ts";
import { warnOfWriterExpiry } from "../core/github/write-token-expiry.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { remainingMs } from "../core/login/due.ts";
import { reseedHint } from "../core/login/reseed-command.ts";
import { describeDuration } from "../core/text/duration.ts";
import type {
  Cancellation,
  Clock,
  CodexRefresher,
  Files,
  HandoffCache,
  Log,
  PublicKey,
  Randomness,
  RunInformation,
  SealedBox,
  StepChannel,
  WriteCredential,
  WriteSession,
} from "../ports/action.ts";
import { type Claimant, Claims, type HeldClaim } from "./claims.ts";
import { CurrentLogin, type MissingProof, type Position } from "./find-current.ts";
import { saveNotes } from "./handoff.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { saveNotice } from "./notice.ts";
import { saveCriticalSection } from "./open-section.ts";
import { makePrivateHome, noRoom, type PrivateHome } from "./private-home.ts";
import { proveSecretsWritable } from "./prove-write.ts";
import { maskTokens } from "./read-login.ts";
import { type RefreshOutcome, refresh, type StartedProcess } from "./refresh.ts";
import { insist } from "./retry.ts";
import { recordWrite, type StoreOutcome, settleLedger } from "./store-outcome.ts";
import { type WriteBack, writeBack } from "./write-back.ts";

export interface RefreshServices {
  readonly writer: WriteCredential;
  readonly box: SealedBox;
  readonly handoff: HandoffCache;
  readonly runInformation: RunInformation;
  readonly refresher: () => Promise<CodexRefresher>;
  readonly ledgerFile: LedgerFile;
  readonly files: Files;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: Log;
  readonly channel: StepChannel;
  readonly cancellation: Cancellation;
  readonly place: Place;
  readonly claimant: Claimant;
}

export interface SectionRequest {
  readonly handed: AuthJson;
  readonly base: string;
  /** Of the app-server: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
  /** Asked again of the login that turns out to be current. */
  readonly due: (document: AuthJson) => boolean;
  /** `forced`: a section that did not rotate has failed, whatever the access token is still good for. */
  readonly insistence: "forced" | "when-due";
  /** `whole-job`: the whole login stands in the home as long as the job lasts, so nobody else may spend it. */
  readonly claimFor: "refresh" | "whole-job";
  readonly minimumLifetimeMs: number;
}

export type SectionOutcome =
  | {
      readonly kind: "refreshed";
      readonly ledger: Ledger;
      readonly rotated: boolean;
      readonly publication: StoreOutcome;
    }
  /** Known to be current, and nothing was due. */
  | { readonly kind: "kept"; readonly ledger: Ledger }
  /** Not known to be current, or not refreshed: the job lives on an access token. */
  | { readonly kind: "borrowed"; readonly document: AuthJson; readonly because: Failure };

const BUSY_WAIT_MS = 120_000;
const BUSY_POLL_MS = 5_000;
const WRITE_PATIENCE_MS = 240_000;
/** The longest that one try of a refresh and one attempt to write it back may take. */
const REFRESH_AND_STORE_MS = 150_000;
const ASK_WITHIN_MS = 15_000;
/** A claim that somebody else was faster with, or a secret that moved meanwhile: looked at again so often. */
const ROUNDS = 8;
const HOLDER_BYTES = 16;

/**
 * Claims the current generation, lets Codex rotate it, and stores the next one. No user code runs meanwhile.
 * See docs/design.md, "Life of a refresh job".
 *
 * @throws {Failure} when the job can neither refresh nor go on with the access token it has, or a person must act
 */
export async function refreshSection(
  services: RefreshServices,
  request: SectionRequest,
): Promise<SectionOutcome> {
  const { writer, place, clock, log, channel } = services;
  let session: WriteSession;
  try {
    session = await insist({ clock, log }, { withinMs: ASK_WITHIN_MS }, () => writer.open());
  } catch (error) {
    return borrow(services, request, request.handed, explain(error, writer.kind, place));
  }
  try {
    return await new RefreshSection(services, request, session).run();
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return borrow(services, request, request.handed, explain(error, writer.kind, place));
  } finally {
    const now = await session.serverClock.now().catch(() => clock.now());
    const notice = warnOfWriterExpiry(session.expiresAt(), now);
    if (notice) {
      log.warning(`${notice.message} ${notice.hint}`);
      saveNotice(channel, notice);
    }
    await session.close();
  }
}

/** A login that may be spent by us alone. */
interface Claimed {
  readonly document: AuthJson;
  readonly predecessor: AuthJson | null;
  readonly updatedAt: Date;
  readonly held: HeldClaim;
  readonly takeover: number;
  /** Whether it is the very login that the run was handed. */
  readonly isHanded: boolean;
}

/** The newest login cannot be written just now; the handoff still has it. */
interface Blocked {
  readonly kind: "blocked";
  readonly newest: AuthJson;
  readonly failure: Failure;
}

class RefreshSection {
  readonly #services: RefreshServices;
  readonly #request: SectionRequest;
  readonly #session: WriteSession;
  readonly #claims: Claims;
  readonly #current: CurrentLogin;
  /** Of the claim that we made last. Each has its own: a DELETE of an earlier one may land late. */
  #holder: string;
  /** Whether a rotated login may stand nowhere but in a private home. */
  #isUnsaved = false;

  constructor(services: RefreshServices, request: SectionRequest, session: WriteSession) {
    const { place, claimant, clock, log, runInformation, handoff } = services;
    this.#services = services;
    this.#request = request;
    this.#session = session;
    const { variables, serverClock, store } = session;
    const { insistence } = request;
    this.#claims = new Claims({
      variables,
      serverClock,
      runInformation,
      clock,
      log,
      place,
      claimant,
      insistence,
    });
    this.#current = new CurrentLogin({
      store,
      claims: this.#claims,
      handoff,
      runInformation,
      clock,
      log,
      place,
      claimant,
    });
    this.#holder = this.#newHolder();
  }

  #newHolder(): string {
    return Buffer.from(this.#services.randomness.bytes(HOLDER_BYTES)).toString("hex");
  }

  async run(): Promise<SectionOutcome> {
    const { ledgerFile, log } = this.#services;
    const { handed, due, claimFor } = this.#request;
    let job = await ledgerFile.load();
    if (job && !job.stored) {
      const outcome = await this.#finishPending(job);
      if (outcome.kind !== "stored") return this.#borrow(job.document, outcome.failure);
      job = outcome.ledger;
    }
    const standing = job && claimFor === "whole-job" ? await this.#standingClaim(job) : null;
    if (job !== null && standing !== null) {
      await this.#prepare();
      return due(job.document) ? this.#rotate(job, standing) : { kind: "kept", ledger: job };
    }
    const start = job?.document ?? handed;
    let position: Position | Blocked = await this.#find(start, job === null ? "handed" : "known");
    for (let round = 1; round <= ROUNDS; round++) {
      switch (position.kind) {
        case "stale":
          return this.#borrow(position.newest, explainMissingProof(position.missing));
        case "busy":
          return this.#borrow(position.newest, busy());
        case "blocked":
          return this.#borrow(position.newest, position.failure);
        case "to-repair":
          maskTokens(position.document, log);
          position = await this.#repair(position);
          continue;
        case "current":
      }
      maskTokens(position.document, log);
      if (!position.document.isSameGeneration(handed) && job === null)
        log.info(
          `Took generation ${position.document.generation} from the handoff: the secret of this run is older.`,
        );
      const isDue = due(position.document);
      const ledger = await this.#keep(position);
      if (!isDue && claimFor === "refresh") return { kind: "kept", ledger };
      const claimed = await this.#claim(position);
      if (claimed.kind === "position") {
        position = claimed.position;
        continue;
      }
      if (isDue) return this.#rotate(ledger, claimed);
      const holding = await this.#keep(position, ownOf(claimed.held));
      // From here on the ledger knows of the claim.
      saveCriticalSection(this.#services.channel, null);
      return { kind: "kept", ledger: holding };
    }
    return this.#borrow(start, busy());
  }

  /** The claim that an earlier step of this job has made for all of it. */
  async #standingClaim({ document, predecessor, before, claim: own }: Ledger): Promise<Claimed | null> {
    const { clock } = this.#services;
    const seen = own && (await this.#claims.isHeld(own));
    if (seen?.claim?.state !== "open" || !seen.claim.wholeJob || seen.claim.released) return null;
    const held = {
      name: seen.name,
      claim: seen.claim,
      sinceMonotonicMs: clock.monotonicMs(),
      sinceDateMs: clock.now().getTime(),
    };
    return { document, predecessor, updatedAt: before, held, takeover: 0, isHanded: false };
  }

  /** Writes down what this job lives on. @throws {Failure} `home-unwritable` */
  async #keep(
    { document, predecessor, updatedAt }: Extract<Position, { kind: "current" }>,
    held: OwnClaim | null = null,
  ): Promise<Ledger> {
    const ledger: Ledger = {
      document,
      predecessor,
      claim: held,
      before: updatedAt,
      stored: true,
      writes: [],
    };
    await this.#services.ledgerFile.save(ledger).catch((error: unknown) => {
      throw noRoom(error);
    });
    return ledger;
  }

  async #find(document: AuthJson, start: "handed" | "known"): Promise<Position> {
    const { clock, log, cancellation } = this.#services;
    const deadlineMs = clock.monotonicMs() + BUSY_WAIT_MS;
    for (let polls = 0; ; polls++) {
      const position = await this.#current.find(document, await this.#updatedAt(), start);
      if (position.kind !== "busy" || mayBorrow(this.#standing(position.newest))) return position;
      if (cancellation.requested() || clock.monotonicMs() + BUSY_POLL_MS > deadlineMs) return position;
      if (polls === 0) log.info("Another job is refreshing this login. Waiting for it, two minutes at most.");
      await clock.sleep(BUSY_POLL_MS);
    }
  }

  async #updatedAt(): Promise<Date> {
    try {
      return await this.#current.updatedAt();
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "secret-not-found") throw error;
      // A scope that the token cannot see answers like one without the secret; its key tells them apart.
      await this.#session.store.publicKey();
      throw error;
    }
  }

  /** Everything that can be known to fail is asked for before the claim; then the claim, and whether it still holds. */
  async #claim(
    position: Extract<Position, { kind: "current" }>,
  ): Promise<({ kind: "claimed" } & Claimed) | { kind: "position"; position: Position }> {
    const { document, predecessor, updatedAt, takeover, origin } = position;
    const { channel, cancellation } = this.#services;
    await this.#prepare();
    if (cancellation.requested()) throw cancelled();
    const name = this.#claims.nameOf(document, takeover);
    this.#holder = this.#newHolder();
    const own = { name, holder: this.#holder };
    saveCriticalSection(channel, { directory: null, process: null, claim: own });
    const wholeJob = this.#request.claimFor === "whole-job";
    const taking = await this.#claims.take(name, {
      holder: this.#holder,
      state: "open",
      before: updatedAt,
      wholeJob,
    });
    if (taking.kind === "theirs") {
      saveCriticalSection(channel, null);
      const seen = taking.seen;
      return {
        kind: "position",
        position:
          seen === null
            ? { kind: "busy", newest: document, seen }
            : await this.#current.follow(document, seen),
      };
    }
    const { held } = taking;
    const isUnspent = takeover === 0 || (await this.#current.isStillInDoubt(document, takeover));
    const now = await this.#updatedAt();
    if (!isUnspent || now.getTime() !== updatedAt.getTime() || !this.#claims.isFresh(held)) {
      await this.#claims.giveBack(own);
      saveCriticalSection(channel, null);
      return {
        kind: "position",
        position: await this.#current.find(document, now, origin === null ? "handed" : "known"),
      };
    }
    if (cancellation.requested()) {
      await this.#claims.giveBack(own);
      saveCriticalSection(channel, null);
      throw cancelled();
    }
    const isHanded = origin === null && document.isSameGeneration(this.#request.handed);
    return { kind: "claimed", document, predecessor, updatedAt, held, takeover, isHanded };
  }

  #refresher: CodexRefresher | null = null;
  #key: PublicKey | null = null;
  #isPrepared = false;

  async #prepare(): Promise<void> {
    if (this.#isPrepared) return;
    const { place, box, clock, log } = this.#services;
    this.#key = await proveSecretsWritable({ session: this.#session, place, box, clock, log });
    this.#refresher = await this.#services.refresher();
    this.#isPrepared = true;
  }

  async #rotate(ledger: Ledger, claimed: Claimed): Promise<SectionOutcome> {
    const { clock, log } = this.#services;
    const { document, held, takeover } = claimed;
    const refresher = this.#refresher;
    if (refresher === null) throw new TypeError("A refresh needs Codex.");
    const timeLeft = (): boolean => this.#claims.msLeft(held) >= REFRESH_AND_STORE_MS;
    let wasStarted = false;
    let isSpent = false;
    try {
      return await this.#inPrivateHome(document, held, async (place, started) => {
        const startedMs = clock.monotonicMs();
        const tools = {
          refresher,
          timeLeft,
          place,
          started: async (process: { pid: number; startedAt: string | null }) => {
            wasStarted = true;
            await started(process);
          },
        };
        let outcome = await this.#tryRefresh(document, tools);
        if (isRejection(outcome) && timeLeft())
          outcome = await this.#askForTheCause(document, held, { ...tools, outcome });
        if (outcome.kind === "failed") {
          if (outcome.failed.kind === "unstarted") await this.#claims.giveBack(ownOf(held));
          else await this.#settleDoubt(claimed);
          return this.#afterFailedRefresh(ledger, outcome.failed);
        }
        const rotated = outcome.kind === "rotated";
        const took = describeDuration(clock.monotonicMs() - startedMs);
        const left = describeDuration(remainingMs(outcome.document, clock.now()));
        log.info(
          rotated
            ? `Codex rotated generation ${document.generation} to ${outcome.document.generation} in ${took} (access token valid ${left}).`
            : `Codex renewed the tokens and kept the refresh token (access token valid ${left}).`,
        );
        this.#isUnsaved = true;
        isSpent = true;
        const publication = await this.#store(outcome.document, claimed, rotated);
        return this.#holdForJob(
          { kind: "refreshed", ledger: publication.ledger, rotated, publication },
          claimed,
        );
      });
    } catch (error) {
      // Nothing was sent, so the generation is as good as before.
      if (!wasStarted) await this.#claims.giveBack(ownOf(held));
      else if (!isSpent && isForeseen(error)) await this.#settleDoubt({ held, takeover });
      throw error;
    }
  }

  /** Codex has been asked, and nothing changed: the next job may try, as one who takes over a claim in doubt. */
  async #settleDoubt({ held, takeover }: Pick<Claimed, "held" | "takeover">): Promise<void> {
    // The first claim stands for the doubt; a takeover that came to nothing adds none.
    if (takeover > 0) await this.#claims.giveBack(ownOf(held));
    else await this.#claims.tell(held.name, held.claim, { released: true });
  }

  async #store(next: AuthJson, claimed: Claimed, rotated: boolean): Promise<StoreOutcome> {
    const { ledgerFile, handoff, log, clock, session } = { ...this.#services, session: this.#session };
    const { document, updatedAt, held, isHanded } = claimed;
    const { handed } = this.#request;
    const ledger: Ledger = {
      document: next,
      predecessor: document,
      claim: rotated ? ownOf(held) : null,
      before: updatedAt,
      stored: false,
      writes: [],
    };
    const isOnDisk = await ledgerFile.save(ledger).then(
      () => true,
      () => false,
    );
    if (!isOnDisk) log.info("The ledger of this job could not be written to disk.");
    const savedAt = await session.serverClock.now().catch(() => clock.now());
    const inHandoff = await saveNotes(handoff, { under: [document, handed], document: next, savedAt, log });
    this.#isUnsaved = !isOnDisk && !inHandoff;
    // Too late: whoever has taken the claim over has written it since.
    const isOurs = clock.monotonicMs() - held.sinceMonotonicMs < CLAIM_LIFETIME_MS;
    if (rotated && isOurs)
      await this.#claims.tell(held.name, held.claim, {
        state: "rotated",
        next: this.#claims.nameOf(next),
      });
    const outcome = await this.#write(next, {
      before: updatedAt,
      spent: rotated ? { name: held.name, claim: { ...held.claim, state: "rotated" } } : null,
      held,
      mayReplace: async (at) => isHanded && (await this.#current.runSaw(at)),
      writes: [],
      begin: (window) => recordWrite(ledgerFile, ledger, window),
    });
    if (outcome.kind === "stored") this.#isUnsaved = false;
    if (!rotated && outcome.kind === "stored") await this.#claims.giveBack(ownOf(held));
    if (outcome.kind === "stored") await this.#claims.tidy();
    return settleLedger(ledgerFile, { ledger, outcome, inHandoff, log });
  }

  /** With the whole login in the home, its generation is claimed for as long as the job lasts. */
  async #holdForJob<Outcome extends Extract<SectionOutcome, { kind: "refreshed" }>>(
    outcome: Outcome,
    { updatedAt }: Pick<Claimed, "updatedAt">,
  ): Promise<Outcome> {
    const { ledgerFile } = this.#services;
    const { ledger } = outcome;
    if (this.#request.claimFor === "refresh" || !ledger.stored) return outcome;
    this.#holder = this.#newHolder();
    const name = this.#claims.nameOf(ledger.document);
    // Nothing is left in the private home that post could need.
    saveCriticalSection(this.#services.channel, {
      directory: null,
      process: null,
      claim: { name, holder: this.#holder },
    });
    const taking = await this.#claims.take(name, {
      holder: this.#holder,
      state: "open",
      before: ledger.before,
      wholeJob: true,
    });
    if (taking.kind === "theirs") throw busy();
    const holding: Ledger = { ...ledger, claim: ownOf(taking.held) };
    try {
      // Where our write was confirmed, a later time of the secret says that somebody has used this login meanwhile.
      const isConfirmed = ledger.before.getTime() !== updatedAt.getTime();
      if (isConfirmed && (await this.#updatedAt()).getTime() > ledger.before.getTime()) throw busy();
      await ledgerFile.save(holding).catch((error: unknown) => {
        throw noRoom(error);
      });
    } catch (error) {
      await this.#claims.giveBack(ownOf(taking.held));
      throw error;
    }
    return { ...outcome, ledger: holding };
  }

  /** An earlier job could not write what it had rotated; the handoff has it. */
  async #repair(position: Extract<Position, { kind: "to-repair" }>): Promise<Position | Blocked> {
    const { log } = this.#services;
    const { document, predecessor, updatedAt, takeover, origin } = position;
    log.info(
      `An earlier run could not store generation ${document.generation}. Storing it now from the handoff.`,
    );
    const outcome = await this.#write(document, {
      before: updatedAt,
      spent: origin.claim && { name: origin.name, claim: origin.claim },
      held: null,
      takeover,
      mayReplace: async () => false,
      writes: [],
      begin: async () => {},
    });
    switch (outcome.kind) {
      case "stored":
        if (outcome.updatedAt === null) return this.#find(document, "known");
        return {
          kind: "current",
          document,
          predecessor,
          updatedAt: outcome.updatedAt,
          takeover,
          origin,
        };
      case "settled":
        return this.#find(document, "known");
      case "pending":
      case "refused":
        return { kind: "blocked", newest: document, failure: outcome.failure };
    }
  }

  async #finishPending(ledger: Ledger): Promise<StoreOutcome> {
    const { ledgerFile, handoff, log, clock } = this.#services;
    const { handed } = this.#request;
    const { claim, document, predecessor, before } = ledger;
    const seen = claim && (await this.#claims.isHeld(claim));
    const savedAt = await this.#session.serverClock.now().catch(() => clock.now());
    const inHandoff = await saveNotes(handoff, {
      under: [predecessor ?? handed, handed],
      document,
      savedAt,
      log,
    });
    const outcome = await this.#write(document, {
      before,
      spent: seen?.claim ? { name: seen.name, claim: seen.claim } : null,
      held: null,
      mayReplace: async () => false,
      writes: ledger.writes,
      begin: (window) => recordWrite(ledgerFile, ledger, window),
    });
    return settleLedger(ledgerFile, { ledger, outcome, inHandoff, log });
  }

  #write(
    document: AuthJson,
    request: Pick<
      Parameters<typeof writeBack>[1],
      "before" | "spent" | "held" | "takeover" | "mayReplace" | "writes" | "begin"
    >,
  ): Promise<WriteBack> {
    const { writer, box, clock, log, place, cancellation } = this.#services;
    const { handed } = this.#request;
    return writeBack(
      {
        session: this.#session,
        claims: this.#claims,
        writer: writer.kind,
        box,
        clock,
        log,
        place,
        holder: this.#holder,
        cancelled: () => cancellation.requested(),
      },
      { ...request, document, encoding: handed.encoding, key: this.#key, patienceMs: WRITE_PATIENCE_MS },
    );
  }

  /**
   * Codex does not say why a refresh that it was asked for was refused; it does when it refreshes an expired access
   * token by itself. The refresh token is dead by then; should it not be, this is one more try.
   */
  async #askForTheCause(
    before: AuthJson,
    held: HeldClaim,
    {
      outcome: refused,
      ...tools
    }: {
      refresher: CodexRefresher;
      timeLeft: () => boolean;
      place: PrivateHome;
      started: StartedProcess;
      outcome: RefreshOutcome;
    },
  ): Promise<RefreshOutcome> {
    const document = before.withExpiredAccessToken();
    return this.#inPrivateHome(document, held, async (place, started) => {
      const outcome = await this.#tryRefresh(document, { ...tools, place, started });
      return outcome.kind === "failed" && outcome.failed.kind === "transient" ? refused : outcome;
    });
  }

  #tryRefresh(
    document: AuthJson,
    {
      refresher,
      ...request
    }: {
      refresher: CodexRefresher;
      timeLeft: () => boolean;
      place: PrivateHome;
      started: StartedProcess;
    },
  ): Promise<RefreshOutcome> {
    const { files, clock, log } = this.#services;
    const { environment } = this.#request;
    const fallback = this.#standing(document);
    return refresh({ refresher, files, clock, log }, { ...request, document, environment, fallback });
  }

  /** Runs an act on a whole login in a private home that post knows of, and wipes it: here, or in post. */
  async #inPrivateHome<Result>(
    document: AuthJson,
    held: HeldClaim,
    act: (place: PrivateHome, started: StartedProcess) => Promise<Result>,
  ): Promise<Result> {
    const { files, randomness, channel, log, handoff } = this.#services;
    const { handed, base } = this.#request;
    const claim = ownOf(held);
    const place = await makePrivateHome(files, randomness, { base, document, handed });
    const { directory } = place;
    const wipe = async (): Promise<void> => {
      await files
        .remove(directory)
        .catch(() => log.warning("A private directory of the refresh could not be removed."));
      saveCriticalSection(channel, null);
    };
    try {
      saveCriticalSection(channel, { directory, process: null, claim });
      const result = await act(place, async (process) => {
        saveCriticalSection(channel, { directory, process, claim });
        handoff.prepare();
      });
      if (!this.#isUnsaved) await wipe();
      return result;
    } catch (error) {
      // What may hold the only copy of a rotated login is left for post.
      if (isForeseen(error) && !this.#isUnsaved) await wipe();
      throw error;
    }
  }

  /** A token that is called dead may only be an old one: the secret is asked once more. */
  async #afterFailedRefresh(ledger: Ledger, failed: FailedRefresh): Promise<SectionOutcome> {
    const { place } = this.#services;
    const updatedAt = await this.#updatedAt();
    if (updatedAt.getTime() !== ledger.before.getTime()) {
      return this.#borrow(ledger.document, explainMissingProof("secret-is-newer"));
    }
    const failure = explainFailedRefresh(failed, reseedHint(place));
    const standing = { ...this.#standing(ledger.document), triesLeft: 0 };
    if (consequenceOf(failed, standing) === "stop") throw failure;
    return { kind: "borrowed", document: ledger.document, because: failure };
  }

  #borrow(document: AuthJson, because: Failure): SectionOutcome {
    maskTokens(document, this.#services.log);
    return borrow(this.#services, this.#request, document, because);
  }

  #standing(document: AuthJson): Omit<Standing, "triesLeft"> {
    return standingOf(this.#services, this.#request, document);
  }
}

export function borrow(
  services: Pick<RefreshServices, "clock">,
  request: Pick<SectionRequest, "insistence" | "minimumLifetimeMs">,
  document: AuthJson,
  because: Failure,
): SectionOutcome {
  if (!mayBorrow(standingOf(services, request, document)) || SET_UP_FAULTS.has(because.code)) throw because;
  return { kind: "borrowed", document, because };
}

function standingOf(
  { clock }: Pick<RefreshServices, "clock">,
  { insistence, minimumLifetimeMs }: Pick<SectionRequest, "insistence" | "minimumLifetimeMs">,
  document: AuthJson,
): Omit<Standing, "triesLeft"> {
  return { accessToken: vitality(document, { now: clock.now(), minimumLifetimeMs }), insistence };
}

/** Faults of the set-up: a job that went on would hide them until the access token is over. */
const SET_UP_FAULTS = new Set<Failure["code"]>([
  "write-token-rejected",
  "write-token-revoked",
  "write-token-forbidden",
  "write-token-cannot-reach-repository",
  "app-invalid",
  "app-not-installed",
  "app-permission-missing",
  "secret-not-found",
  "secret-limit",
  "claim-limit",
  "secret-mismatch",
  "login-shared",
  "codex-missing",
  "home-unwritable",
]);

function ownOf({ name, claim }: HeldClaim): OwnClaim {
  return { name, holder: claim.holder };
}

function isForeseen(error: unknown): boolean {
  return error instanceof Failure || error instanceof GitHubError;
}

function explain(error: unknown, writer: WriteCredential["kind"], place: Place): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof GitHubError) return explainStoreError(error, { place, writer, workedEarlier: false });
  throw error;
}

function isRejection(outcome: RefreshOutcome): boolean {
  return (
    outcome.kind === "failed" &&
    outcome.failed.kind === "permanent" &&
    outcome.failed.code === "refresh-rejected"
  );
}

function busy(): Failure {
  return new Failure(
    "claim-busy",
    "Another job has claimed this login to refresh it, and has not finished. This job did not refresh it.",
    "Start a new run when that job is over. The claim of a job that has died is taken over after ten minutes, if this job has `actions: read`, or with `refresh: force`.",
  );
}

function cancelled(): Failure {
  return new Failure("cancelled", "The job was cancelled before anything was refreshed.", "Run it again.");
}

/** The failure for a job that can neither refresh nor go on: why it does not know the newest login, and what helps. */
export function explainMissingProof(missing: MissingProof): Failure {
  switch (missing) {
    case "secret-is-newer":
      return new Failure(
        "copy-stale",
        "The secret has been written since this run read it, so its login may be an old one. Nothing was refreshed.",
        "Start a new run (not a re-run): it gets the present secret.",
      );
    case "handoff-not-answered":
      return new Failure(
        "freshness-unproven",
        "An earlier job has refreshed this login, and the Actions cache does not tell the result. Nothing was refreshed.",
        "Start a new run when the cache service works again (githubstatus.com).",
      );
    case "in-doubt":
      return new Failure(
        "freshness-unproven",
        `${MAXIMUM_TAKEOVERS} jobs have died while they refreshed this login, one after the other, so nobody knows whether it is spent. Nothing was refreshed.`,
        "Find out why they die, then log in again and seed the login; or delete the variables `CODEX_AUTH_CLAIM_…_R1` to `_R9` to try this one again.",
      );
    case "successor-not-found":
      return new Failure(
        "write-back-pending",
        "An earlier run has refreshed this login and could not store it, and this run finds it nowhere: the note is gone from the Actions cache, or was left on another branch. Nothing was refreshed.",
        "Dispatch maintenance on that run's branch, or use the command that its log shows (`status --repo` names the run). If both fail, log in again.",
      );
    case "run-time-permission":
      return new Failure(
        "freshness-unproven",
        "This job cannot ask when its run was created, so it cannot know whether its login is what the secret holds. Nothing was refreshed.",
        "Grant `actions: read` in the job's `permissions:`, then start a new run. Only the first refresh after a `gh secret set`, and a refresh after a job that died, need it.",
      );
    case "run-time-unknown":
      return new Failure(
        "freshness-unproven",
        "GitHub did not say when this run was created, so this job cannot know whether its login is what the secret holds. Nothing was refreshed.",
        "Start a new run.",
      );
  }
}
