import { isSameTime, type SeenClaim } from "../core/claim/claim.ts";
import type { Ledger, OwnClaim, WriteWindow } from "../core/claim/ledger.ts";
import { claimName } from "../core/claim/name.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainStoreError, GitHubError } from "../core/failure/github-error.ts";
import { describePlace, type Place } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { judge, type Verdict } from "../core/login/compare.ts";
import { codexWouldRefresh } from "../core/login/due.ts";
import type { WriteCredential, WriteSession } from "../ports/action.ts";
import { Claims } from "./claims.ts";
import { saveNotes } from "./handoff.ts";
import type { OpenCriticalSection } from "./open-section.ts";
import { privateHomeAt, readPrivateHome } from "./private-home.ts";
import { maskTokens } from "./read-login.ts";
import type { RefreshServices } from "./refresh-section.ts";
import { insist, poll } from "./retry.ts";
import { recordWrite, type StoreOutcome, settleLedger } from "./store-outcome.ts";
import { writeBack } from "./write-back.ts";

export interface PostServices extends Omit<RefreshServices, "writer" | "refresher"> {
  /** `null` in a post that got no inputs. */
  readonly writer: WriteCredential | null;
}

const WITHIN_MS = 15_000;
const WRITE_PATIENCE_MS = 60_000;
/** An old answer of GitHub's about a variable lasts for seconds at most. */
const STALE_MS = 10_000;
const HOLDER_BYTES = 16;

/** Stores in post what main has rotated and not stored. Each act goes by what GitHub's claim says, and not by state alone. */
export class PostStore {
  readonly #services: PostServices;
  readonly #handed: AuthJson;

  constructor(services: PostServices, handed: AuthJson) {
    this.#services = services;
    this.#handed = handed;
  }

  /** Ends a section whose main was ended in it. Codex is known to be done. @returns `null` when there is nothing to store */
  async recover(section: OpenCriticalSection): Promise<StoreOutcome | null> {
    const { files } = this.#services;
    const { claim, directory, process } = section;
    const found = directory === null ? null : await readPrivateHome(files, privateHomeAt(directory));
    const verdict: Verdict = found === null ? { kind: "unchanged" } : judge(found.predecessor, found.after);
    if (found === null || verdict.kind === "unchanged" || verdict.kind === "broken") {
      await this.#withSession(async (session) => {
        if (session instanceof Failure) return;
        // Nothing can have been sent before Codex was started; after that, somebody else must take the doubt over.
        if (process === null) await this.#claims(session).giveBack(claim);
        else await this.#leaveInDoubt(this.#claims(session), claim);
      });
      if (verdict.kind === "broken") throw verdict.failure;
      return null;
    }
    const { document } = verdict;
    maskTokens(document, this.#services.log);
    const rotated = verdict.kind === "rotated";
    const ledger = await this.#services.ledgerFile.load();
    const known = ledger?.document.isSameGeneration(document)
      ? { before: ledger.before, writes: ledger.writes }
      : {};
    return this.#store({ document, predecessor: found.predecessor, claim, rotated, ...known });
  }

  /** Stores what an earlier phase could not. @returns `null` when nothing is pending */
  async storePending(): Promise<StoreOutcome | null> {
    const ledger = await this.#services.ledgerFile.load();
    if (ledger === null || ledger.stored || ledger.predecessor === null) return null;
    const { document, predecessor, claim } = ledger;
    maskTokens(document, this.#services.log);
    const rotated = !document.refreshToken.equals(predecessor.refreshToken);
    return this.#store({
      document,
      predecessor,
      claim,
      rotated,
      before: ledger.before,
      writes: ledger.writes,
    });
  }

  /**
   * After a rotation that main has stored: a later step of the job may have written a copy over it.
   *
   * @throws {Failure} `secret-changed-elsewhere`
   */
  async demandUnmovedSecret(): Promise<void> {
    const { ledgerFile, place, clock, log } = this.#services;
    const ledger = await ledgerFile.load();
    if (ledger === null || !ledger.stored || ledger.before.getTime() === 0) return;
    await this.#withSession(async (session) => {
      if (session instanceof Failure) return;
      try {
        const metadata = await insist({ clock, log }, { withinMs: WITHIN_MS }, () =>
          session.store.metadata(place.secretName),
        );
        if (metadata === null || metadata.updatedAt.getTime() <= ledger.before.getTime()) return;
        // Another job that went on from this login, or a seed, says so; a write of ours that could not be confirmed, too.
        const claims = await this.#claims(session).list();
        const name = claimName(ledger.document, place);
        const isOurs = claims.some(
          ({ name: seen, claim }) =>
            seen === name ||
            isSameTime(claim?.after ?? null, metadata.updatedAt) ||
            (claim?.next === name && claim.state !== "stored"),
        );
        if (!isOurs) throw movedSince(place);
      } catch (error) {
        if (!(error instanceof GitHubError)) throw error;
        log.debug(`GitHub did not say whether the secret is as this job left it. ${error.message}`);
      }
    });
  }

  /**
   * With the whole login in the home, and claimed for the job, Codex may have rotated it there.
   *
   * @param until `job-ends`: nobody of this job uses the login any more, and the claim is let go
   * @returns `null` when it did not
   * @throws {Failure} what was left is unusable
   */
  async storeHome(
    home: "untouched" | { readonly text: string | null },
    until: "job-goes-on" | "job-ends",
  ): Promise<StoreOutcome | null> {
    const { log, ledgerFile } = this.#services;
    const ledger = await ledgerFile.load();
    // Without a claim the whole login was never put there, and what stands there is nobody's.
    if (ledger === null || ledger.claim === null) return null;
    const { document: before, claim } = ledger;
    const verdict: Verdict = home === "untouched" ? { kind: "unchanged" } : judge(before, home.text);
    if (verdict.kind === "unchanged" || verdict.kind === "broken") {
      if (until === "job-ends") {
        // Codex asks for new tokens only when the access token is about to end, and then writes what it is given.
        const isSure = home === "untouched" && !codexWouldRefresh(before, this.#services.clock.now());
        await this.#withSession(async (session) => {
          if (session instanceof Failure) return;
          if (isSure) await this.#claims(session).giveBack(claim);
          else await this.#leaveInDoubt(this.#claims(session), claim);
        });
      }
      if (verdict.kind === "broken") throw verdict.failure;
      return null;
    }
    const { document } = verdict;
    maskTokens(document, log);
    const isBack = [this.#handed, ledger.predecessor].some((earlier) =>
      earlier?.refreshToken.equals(document.refreshToken),
    );
    const isOlder =
      (isBack && !document.refreshToken.equals(before.refreshToken)) ||
      document.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime();
    if (isOlder || document.isOfOtherAccount(before)) throw notOurs();
    log.info(
      `The login in the home has changed: generation ${before.generation} became ${document.generation}.`,
    );
    return this.#store({
      document,
      predecessor: before,
      claim,
      rotated: verdict.kind === "rotated",
      before: ledger.before,
    });
  }

  async #store({
    document,
    predecessor,
    claim,
    rotated,
    before,
    writes = [],
  }: {
    document: AuthJson;
    predecessor: AuthJson;
    claim: OwnClaim | null;
    rotated: boolean;
    /** `null`: the claim says it. */
    before?: Date;
    writes?: readonly WriteWindow[];
  }): Promise<StoreOutcome> {
    const { ledgerFile, handoff, log } = this.#services;
    const ledger: Ledger = {
      document,
      predecessor,
      claim,
      before: before ?? new Date(0),
      stored: false,
      writes,
    };
    return this.#withSession(async (session) => {
      const claims = session instanceof Failure ? null : this.#claims(session);
      const seen = claims === null ? "not-answered" : await this.#ask(claims, claim);
      const settled = this.#settled(seen, ledger);
      if (settled !== null) return settled;
      const savedAt = await this.#now(session);
      const inHandoff = await saveNotes(handoff, {
        under: [predecessor, this.#handed],
        document,
        savedAt,
        log,
      });
      if (session instanceof Failure || claims === null)
        return {
          kind: "pending",
          ledger,
          failure: session instanceof Failure ? session : noWriter(),
          handedOver: inHandoff,
          rescue: null,
        };
      // The ledger is not there, so only the claim says what may be written over. The notes took a moment.
      const again = seen === "not-answered" && before === undefined ? await this.#ask(claims, claim) : seen;
      const settledSince = this.#settled(again, ledger);
      if (settledSince !== null) return settledSince;
      const known = again === "not-answered" ? null : (again?.claim ?? null);
      const spent = rotated && claim !== null && known !== null ? { name: claim.name, claim: known } : null;
      if (spent !== null)
        await claims.tell(spent.name, spent.claim, { state: "rotated", next: claims.nameOf(document) });
      const expected = before ?? known?.before ?? null;
      if (expected === null)
        return { kind: "pending", ledger, failure: noAnswer(), handedOver: inHandoff, rescue: null };
      const outcome = await writeBack(this.#writing(session, claims, claim), {
        document,
        encoding: this.#handed.encoding,
        before: expected,
        mayReplace: async () => false,
        spent: spent && { ...spent, claim: { ...spent.claim, state: "rotated" } },
        held: null,
        key: null,
        patienceMs: WRITE_PATIENCE_MS,
        writes,
        begin: (window) => recordWrite(ledgerFile, { ...ledger, before: expected }, window),
      });
      // Nobody of this job writes any more: the next one may repair at once.
      if (spent !== null && outcome.kind === "pending")
        await claims.tell(spent.name, spent.claim, {
          state: "rotated",
          next: claims.nameOf(document),
          released: true,
        });
      if (!rotated && claim !== null && outcome.kind === "stored") await claims.giveBack(claim);
      return settleLedger(ledgerFile, { ledger, outcome, inHandoff, log });
    });
  }

  /** What the claim says against storing a login. @returns `null` when it says nothing */
  #settled(seen: SeenClaim | null | "not-answered", ledger: Ledger): StoreOutcome | null {
    if (seen === "not-answered") return null;
    // State is only text on a machine where anybody's code has run: GitHub says that this is not ours to store.
    if (seen === null) return { kind: "refused", ledger, failure: notHeld(), rescue: null };
    if (seen.claim?.state === "stored") return { kind: "stored", ledger };
    const next = seen.claim?.next;
    if (next && next !== claimName(ledger.document, this.#services.place))
      return { kind: "refused", ledger, failure: notHeld(), rescue: null };
    return null;
  }

  /** @returns `null` where GitHub says that the claim is not ours; a login without a claim needs none */
  async #ask(claims: Claims, claim: OwnClaim | null): Promise<SeenClaim | null | "not-answered"> {
    if (claim === null) return "not-answered";
    try {
      // A claim that main has just made may not be shown yet, and this is the last chance of what it rotated.
      return await poll(
        this.#services.clock,
        { withinMs: STALE_MS },
        () => claims.isHeld(claim),
        (seen) => seen !== null,
      );
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      return "not-answered";
    }
  }

  async #leaveInDoubt(claims: Claims, claim: OwnClaim): Promise<void> {
    // The first claim stands for the doubt; a takeover that came to nothing adds none.
    if (/_R\d$/.test(claim.name)) return claims.giveBack(claim);
    const seen = await this.#ask(claims, claim);
    if (seen === null || seen === "not-answered" || seen.claim?.state !== "open") return;
    await claims.tell(claim.name, seen.claim, { released: true });
  }

  #writing(session: WriteSession, claims: Claims, claim: OwnClaim | null): Parameters<typeof writeBack>[0] {
    const { writer, box, clock, log, place, randomness, cancellation } = this.#services;
    return {
      session,
      claims,
      writer: writer?.kind ?? "token",
      box,
      clock,
      log,
      place,
      holder: claim?.holder ?? Buffer.from(randomness.bytes(HOLDER_BYTES)).toString("hex"),
      cancelled: () => cancellation.requested(),
    };
  }

  #claims(session: WriteSession): Claims {
    const { runInformation, clock, log, place, claimant } = this.#services;
    const { variables, serverClock } = session;
    return new Claims({
      variables,
      serverClock,
      runInformation,
      clock,
      log,
      place,
      claimant,
      insistence: "when-due",
    });
  }

  async #now(session: WriteSession | Failure): Promise<Date> {
    const { clock } = this.#services;
    if (session instanceof Failure) return clock.now();
    return session.serverClock.now().catch(() => clock.now());
  }

  /** Opens the write credential for one act; an act must also make sense without one, and is told why there is none. */
  async #withSession<Result>(act: (session: WriteSession | Failure) => Promise<Result>): Promise<Result> {
    const session = await this.#open();
    try {
      return await act(session);
    } finally {
      if (!(session instanceof Failure)) await session.close();
    }
  }

  async #open(): Promise<WriteSession | Failure> {
    const { writer, clock, log, place } = this.#services;
    if (writer === null) return noWriter();
    try {
      return await insist({ clock, log }, { withinMs: WITHIN_MS }, () => writer.open());
    } catch (error) {
      if (error instanceof Failure) return error;
      if (error instanceof GitHubError)
        return explainStoreError(error, { place, writer: writer.kind, workedEarlier: true });
      throw error;
    }
  }
}

function movedSince(place: Place): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody has written the ${describePlace(place)} after this job stored the refreshed login there.`,
    "If a step of this job does that (`gh secret set`), remove it: it has put a copy over the login, and the next job cannot refresh. Dispatch maintenance: it puts the login back from the handoff. If that was a fresh login on purpose, nothing is to be done.",
  );
}

/** For a phase that was handed no write token. */
export function noWriter(): Failure {
  return new Failure(
    "write-token-missing",
    "The refreshed login cannot be written: this phase has no write token.",
    "Inside nested composite actions GitHub hands post no inputs: use this action directly in the job's steps.",
  );
}

function noAnswer(): Failure {
  return new Failure(
    "github-unreachable",
    "GitHub's API did not answer.",
    "This usually passes: run the job again, and see githubstatus.com.",
  );
}

function notHeld(): Failure {
  return new Failure(
    "write-back-refused",
    "What this job left behind does not agree with the claim that GitHub holds, so nothing was stored. The secret is as it was.",
    "Run maintenance. If it says that the login is over, log in again; and look what else runs in this job.",
  );
}

function notOurs(): Failure {
  return new Failure(
    "write-back-refused",
    "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.",
    "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.",
  );
}
