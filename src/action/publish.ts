import { followChain } from "../core/chain.ts";
import type { Document, Encoding } from "../core/document.ts";
import { Failure } from "../core/failure.ts";
import { canHeal, explainStoreError, GitHubError, type WriterKind } from "../core/github-error.ts";
import { type Attempt, isOurAttempt, type Ledger } from "../core/ledger.ts";
import type { StoreWitness } from "../core/note.ts";
import { describePlace, type Place } from "../core/place.ts";
import type {
  Clock,
  HandoverCache,
  Log,
  PublicKey,
  SealedBox,
  SealedPayload,
  WriterSession,
} from "../ports.ts";
import { maskTokens } from "./handed.ts";
import type { LedgerFile } from "./ledger-file.ts";
import { secretNotFound } from "./prove-currency.ts";
import { rescueCommand } from "./rescue.ts";

export interface PublishCollaborators {
  readonly writer: WriterKind;
  readonly box: SealedBox;
  readonly handover: HandoverCache;
  readonly ledgerFile: LedgerFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly place: Place;
  readonly encoding: Encoding;
  /** What the job was handed: the document under which other runs will look. */
  readonly handed: Document;
}

export interface PublishRequest {
  readonly ledger: Ledger;
  /** Why there is none, when no writer could be opened: then only the hand-over is saved. */
  readonly session: WriterSession | Failure;
  /** The scope's key, when it is known already. */
  readonly key: PublicKey | null;
  /** How long what can heal is tried again. */
  readonly patienceMs: number;
  /** Asked before every retry: a cancelled job leaves the rest to post. */
  readonly cancelled: () => boolean;
}

export type PublishOutcome =
  | { readonly kind: "published"; readonly ledger: Ledger }
  /** Not written, and still to be written. `copies`: where the document is meanwhile, beside this machine. */
  | {
      readonly kind: "pending";
      readonly ledger: Ledger;
      readonly failure: Failure;
      readonly handedOver: boolean;
      readonly rescue: string | null;
    }
  /** Not ours to write any more. */
  | {
      readonly kind: "refused";
      readonly ledger: Ledger;
      readonly failure: Failure;
      readonly rescue: string | null;
    };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Writes the ledger's document to the store and tells the hand-over. Idempotent: what an earlier call achieved is
 * recognized, and nothing is written over anybody else's write. See docs/design.md, "Publish".
 */
export async function publish(
  collaborators: PublishCollaborators,
  request: PublishRequest,
): Promise<PublishOutcome> {
  const { log, clock } = collaborators;
  const publication = new Publication(collaborators, request);
  const deadlineMs = clock.monotonicMs() + request.patienceMs;
  let pauseMs = FIRST_PAUSE_MS;
  let handedOver = false;
  const handOver = async (): Promise<void> => {
    handedOver ||= await publication.tellHandover({
      kind: "replaces",
      updatedAt: publication.ledger.expectedUpdatedAt,
    });
  };

  for (let tries = 1; ; tries++) {
    const step = await publication.attempt();
    if (step.kind === "written") {
      await publication.tellHandover({ kind: "confirmed", updatedAt: publication.ledger.expectedUpdatedAt });
      return { kind: "published", ledger: publication.ledger };
    }
    if (step.kind === "stored-by-another") {
      log.info(
        "Another keeper has taken this document over from the hand-over, and stored it or its successor.",
      );
      return { kind: "published", ledger: publication.ledger };
    }
    // Before anything is tried again: from now on two places know the new document.
    if (tries === 1) await handOver();
    if (step.kind === "refused") {
      return {
        kind: "refused",
        ledger: publication.ledger,
        failure: step.failure,
        rescue: await publication.rescue(),
      };
    }
    const waitMs = Math.max(pauseMs, step.retryAfterMs ?? 0);
    const givenUp = !step.canHeal || request.cancelled() || clock.monotonicMs() + waitMs > deadlineMs;
    if (givenUp) {
      await handOver();
      const { ledger } = publication;
      return {
        kind: "pending",
        ledger,
        failure: step.failure,
        handedOver,
        rescue: await publication.rescue(),
      };
    }
    log.info(
      `${step.failure.message} Trying again in ${Math.round(waitMs / 1000)} s (attempt ${tries} failed).`,
    );
    await clock.sleep(waitMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

type Step =
  | { readonly kind: "written" }
  /** By a keeper that healed the store while this job still ran. */
  | { readonly kind: "stored-by-another" }
  | { readonly kind: "refused"; readonly failure: Failure }
  | {
      readonly kind: "failed";
      readonly failure: Failure;
      readonly canHeal: boolean;
      readonly retryAfterMs: number | null;
    };

/** One document on its way into the store. */
class Publication {
  ledger: Ledger;
  readonly #collaborators: PublishCollaborators;
  readonly #session: WriterSession | Failure;
  #key: PublicKey | null;
  #keyRefetched = false;
  #sealed: SealedPayload | null = null;
  /** The store's `updated_at` when we last looked: what the rescue command compares with. */
  #seenUpdatedAt: Date | null = null;

  constructor(collaborators: PublishCollaborators, { ledger, session, key }: PublishRequest) {
    this.#collaborators = collaborators;
    this.#session = session;
    this.#key = key;
    this.ledger = ledger;
  }

  /** Steps 1, 2 and 4 of "Publish": look, write once, confirm. */
  async attempt(): Promise<Step> {
    const { place, writer } = this.#collaborators;
    const session = this.#session;
    if (session instanceof Failure) return this.#failed(session, null);
    try {
      const present = await session.store.metadata(place.secretName);
      if (present === null) return { kind: "refused", failure: secretNotFound(place) };
      const { updatedAt } = present;
      this.#seenUpdatedAt = updatedAt;
      if (updatedAt.getTime() !== this.ledger.expectedUpdatedAt.getTime()) {
        if (!isOurAttempt(this.ledger.attempts, updatedAt)) {
          return (await this.#isStoredByAnother(updatedAt))
            ? { kind: "stored-by-another" }
            : { kind: "refused", failure: changedElsewhere(place) };
        }
        await this.#confirm(updatedAt);
        return { kind: "written" };
      }
      return await this.#write(session);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      return this.#failed(explainStoreError(error, { place, writer, workedEarlier: true }), error);
    }
  }

  /** Whether the hand-over confirms that what was written is our document or one after it, which then is the job's. */
  async #isStoredByAnother(updatedAt: Date): Promise<boolean> {
    const { handover, log } = this.#collaborators;
    const { newest, predecessor, witnesses } = await followChain(this.ledger.document, (document) =>
      handover.look(document),
    );
    const isConfirmed = witnesses.some(
      (witness) => witness.kind === "confirmed" && witness.updatedAt.getTime() === updatedAt.getTime(),
    );
    if (!isConfirmed) return false;
    maskTokens(newest, log);
    await this.#save({
      ...this.ledger,
      document: newest,
      predecessor: predecessor ?? this.ledger.predecessor,
      expectedUpdatedAt: updatedAt,
      published: true,
    });
    return true;
  }

  async #write(session: WriterSession): Promise<Step> {
    const { place } = this.#collaborators;
    const sealed = await this.#seal(session);
    const startedAt = await session.serverClock.now();
    await this.#record({ startedAt, endedAt: null, updatedAt: null, outcome: "unanswered" });
    try {
      const outcome = await session.store.put(place.secretName, sealed);
      await this.#amend({ endedAt: await session.serverClock.now() });
      if (outcome === "created") {
        // It was deleted in the moment since we looked; whoever did that meant it.
        await session.store.remove(place.secretName);
        return { kind: "refused", failure: secretNotFound(place) };
      }
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      // A server that broke down, or never answered, may have written all the same.
      await this.#amend({
        endedAt: await session.serverClock.now(),
        outcome: canHeal(error) ? "unanswered" : "failed",
      });
      if (error.status !== 422 || this.#keyRefetched) throw error;
      this.#keyRefetched = true;
      this.#key = null;
      this.#sealed = null;
      return this.#write(session);
    }
    const written = await session.store.metadata(place.secretName);
    if (written === null) return { kind: "refused", failure: secretNotFound(place) };
    await this.#confirm(written.updatedAt);
    return { kind: "written" };
  }

  /** Files the successor under everything that other runs may have been handed, and the confirmation under itself. */
  async tellHandover(witness: StoreWitness): Promise<boolean> {
    const { handover, handed } = this.#collaborators;
    const { document, predecessor } = this.ledger;
    const session = this.#session;
    const now = session instanceof Failure ? null : await session.serverClock.now().catch(() => null);
    const savedAt = now ?? new Date(witness.updatedAt.getTime() + 1000);
    const candidates = predecessor?.isSameGeneration(handed) === false ? [predecessor, handed] : [handed];
    const holders = candidates.filter((candidate) => !candidate.isSameGeneration(document));
    let saved = holders.length > 0;
    for (const holder of holders) {
      const outcome = await handover.save(holder, { kind: "successor", document, witness, savedAt });
      if (outcome === "off") return false;
      saved &&= outcome === "saved";
    }
    if (witness.kind === "confirmed")
      await handover.save(document, { kind: "confirmation", updatedAt: witness.updatedAt, savedAt });
    if (!saved && holders.length > 0)
      this.#collaborators.log.info("The hand-over could not be saved in the Actions cache.");
    return saved;
  }

  /** The command that a person may run instead of us; `null` when nothing could be sealed. */
  async rescue(): Promise<string | null> {
    const { place } = this.#collaborators;
    const session = this.#session;
    if (session instanceof Failure) return null;
    try {
      const seenUpdatedAt = this.#seenUpdatedAt ?? this.ledger.expectedUpdatedAt;
      return rescueCommand(place, await this.#seal(session), seenUpdatedAt);
    } catch (error) {
      if (error instanceof GitHubError) return null;
      throw error;
    }
  }

  async #seal({ store }: WriterSession): Promise<SealedPayload> {
    const { box, encoding } = this.#collaborators;
    this.#key ??= await store.publicKey();
    this.#sealed ??= await box.seal(this.ledger.document.content(encoding), this.#key);
    return this.#sealed;
  }

  #failed(failure: Failure, error: GitHubError | null): Step {
    return {
      kind: "failed",
      failure,
      canHeal: error !== null && canHeal(error),
      retryAfterMs: error?.retryAfterMs ?? null,
    };
  }

  async #confirm(updatedAt: Date): Promise<void> {
    const attempts = this.ledger.attempts.map((attempt, index, all) =>
      index === all.length - 1 ? { ...attempt, updatedAt, outcome: "written" as const } : attempt,
    );
    await this.#save({ ...this.ledger, attempts, expectedUpdatedAt: updatedAt, published: true });
  }

  async #record(attempt: Attempt): Promise<void> {
    await this.#save({ ...this.ledger, attempts: [...this.ledger.attempts, attempt] });
  }

  async #amend(change: Partial<Attempt>): Promise<void> {
    const attempts = this.ledger.attempts.map((attempt, index, all) =>
      index === all.length - 1 ? { ...attempt, ...change } : attempt,
    );
    await this.#save({ ...this.ledger, attempts });
  }

  async #save(ledger: Ledger): Promise<void> {
    this.ledger = ledger;
    try {
      await this.#collaborators.ledgerFile.save(ledger);
    } catch {
      // The write to the store matters more than our notes about it.
      this.#collaborators.log.info("The ledger of this job could not be written to disk.");
    }
  }
}

/** For a phase that was handed no writer. */
export function noWriter(): Failure {
  return new Failure(
    "writer-missing",
    "The refreshed login cannot be written: this phase has no writer.",
    "Inside nested composite actions GitHub hands post no inputs: use this action directly in the job's steps.",
  );
}

function changedElsewhere(place: Place): Failure {
  return new Failure(
    "secret-changed-elsewhere",
    `Somebody else has written the ${describePlace(place)} while this job held the login. It is left alone.`,
    "If that was a fresh login on purpose, nothing is to be done: the next run uses it. If not, run the printed command to store this job's document instead.",
  );
}
