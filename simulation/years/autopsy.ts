import { type Generation, generationOf, type Issuer } from "./issuer.ts";
import type { World } from "./world.ts";

export type Grave =
  | "answer lost"
  | "revoked"
  | "secret and cache down"
  | "branch"
  | "cache forgot"
  | "machine died before the first save"
  | "main and post both killed before the first save"
  | "copied"
  | "foreign write"
  /** Of ours: a bug. Of the others: how they are. */
  | "lost";

export interface Death {
  readonly grave: Grave;
  readonly atMs: number;
  readonly story: readonly string[];
}

/** The living generation of the newest login: where it came from, and where it has been. */
interface Life {
  readonly login: number;
  readonly number: number;
  readonly rotatedBy: { readonly isLost: boolean; readonly postWasKilled: boolean } | null;
  readonly bornAtMs: number;
  /** When the store was given another one, after it had this. */
  overwrittenAtMs: number | null;
  readonly savedIn: Set<"store" | "cache" | "branch-cache">;
  readonly failedIn: Set<"store" | "cache">;
  /** Seeded in the seconds of a write of ours, or of one that was not answered well: it cannot be told from that. */
  beside: "our attempt" | null;
  copied: boolean;
  answerLost: boolean;
}

/** From the look at the store to the write: two requests of at most ten seconds, and what is served late. */
const ATTEMPT_MS = 25_000;

/** Knows everything that happened, and tells of what a login died. */
export class Autopsy {
  readonly #world: World;
  #life: Life = born({ login: -1, number: -1 }, null, 0);

  #attemptedAtMs = 0;

  constructor(world: World) {
    this.#world = world;
  }

  seeded(): void {
    const { issuer, scheduler } = this.#world;
    this.#life = born({ login: issuer.newestLogin, number: 0 }, null, scheduler.nowMs);
    this.#life.savedIn.add("store");
    this.#life.beside = scheduler.nowMs - this.#attemptedAtMs < ATTEMPT_MS ? "our attempt" : null;
  }

  /** @param machine that asked; `null` for a copy of the login somewhere else */
  rotated(document: string, machine: Life["rotatedBy"]): void {
    const generation = generationOf(document);
    if (generation.login !== this.#world.issuer.newestLogin) return;
    this.#life = born(generation, machine, this.#world.scheduler.nowMs);
    this.#life.copied = machine === null;
  }

  answerLost(): void {
    this.#life.answerLost = true;
  }

  savedIn(place: "store" | "cache" | "branch-cache", document: string): void {
    const { login, number } = generationOf(document);
    const { nowMs } = this.#world.scheduler;
    if (login === this.#life.login && number === this.#life.number) this.#life.savedIn.add(place);
    else if (place === "store" && this.#life.savedIn.has("store")) this.#life.overwrittenAtMs ??= nowMs;
  }

  /** Somebody's job is about to write the store. */
  attempted(): void {
    this.#attemptedAtMs = this.#world.scheduler.nowMs;
  }

  /** A save that the network, and nobody else, made fail. */
  saveFailed(place: "store" | "cache"): void {
    this.#life.failedIn.add(place);
  }

  /** Whether the issuer has gone further than the store. */
  isUnstored(issuer: Issuer): boolean {
    const { login, savedIn } = this.#life;
    return login === issuer.newestLogin && !savedIn.has("store");
  }

  /** Why nobody can get at the living token any more. */
  grave(): Grave {
    const { issuer, climate, cache } = this.#world;
    const {
      login,
      number,
      savedIn,
      failedIn,
      rotatedBy,
      beside,
      copied,
      answerLost,
      bornAtMs,
      overwrittenAtMs,
    } = this.#life;
    if (issuer.isRevokedByOpenAI(issuer.newestLogin)) return "revoked";
    if (copied) return "copied";
    if (answerLost) return "answer lost";
    // The store held it, and then another one.
    if (savedIn.has("store") || login !== issuer.newestLogin)
      return beside !== null || (overwrittenAtMs !== null && overwrittenAtMs - bornAtMs <= ATTEMPT_MS)
        ? "foreign write"
        : "lost";
    if (savedIn.size === 0) {
      if (rotatedBy?.isLost) return "machine died before the first save";
      if (rotatedBy?.postWasKilled) return "main and post both killed before the first save";
      const handoffIsDown = failedIn.has("cache") || climate.handoff === "off";
      return failedIn.has("store") && handoffIsDown ? "secret and cache down" : "lost";
    }
    if (!savedIn.has("cache")) return "branch";
    const isStillThere = cache
      .everyGeneration()
      .some((generation) => generation.login === login && generation.number === number);
    return isStillThere ? "lost" : "cache forgot";
  }
}

function born({ login, number }: Generation, rotatedBy: Life["rotatedBy"], bornAtMs: number): Life {
  return {
    login,
    number,
    rotatedBy,
    savedIn: new Set(),
    failedIn: new Set(),
    copied: false,
    answerLost: false,
    beside: null,
    bornAtMs,
    overwrittenAtMs: null,
  };
}
