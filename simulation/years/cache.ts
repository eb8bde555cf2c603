import { type Lookup, readNote, writeNote } from "../../src/core/handoff/note.ts";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import type { HandoffCache } from "../../src/ports/action.ts";
import { outages } from "./github.ts";
import { generationOf } from "./issuer.ts";
import type { Process } from "./machine.ts";
import { exchange, type Wire } from "./network.ts";
import { DAY_MS, SECOND_MS } from "./units.ts";
import type { World } from "./world.ts";

interface Entry {
  readonly holder: string;
  readonly ref: string;
  readonly text: string;
  usedAtMs: number;
}

const KEPT_UNUSED_MS = 7 * DAY_MS;

/** The Actions cache: own ref, then the default branch; the newest match; forgotten after seven unused days. */
export class CacheService {
  readonly #world: World;
  #entries: Entry[] = [];
  readonly #outages: readonly (readonly [number, number])[];
  #downUntilMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.#outages = outages(world, world.climate.cacheOutagesPerYear);
  }

  downUntil(ms: number): void {
    this.#downUntilMs = ms;
  }

  evictAll(): void {
    this.#entries = [];
    this.#world.story.tell("the cache is evicted");
  }

  /** Every document in a note, wherever it is kept. */
  everyGeneration(): { login: number; number: number }[] {
    this.#forget();
    return this.#entries.flatMap(({ text }) => {
      const { document } = JSON.parse(text) as { document?: string };
      return document === undefined ? [] : [generationOf(document)];
    });
  }

  handoff(process: Process, ref: string, mode: "cache" | "off"): HandoffCache {
    const { story, autopsy, random, climate } = this.#world;
    if (mode === "off")
      return { prepare: () => {}, look: async () => ({ kind: "none" }), save: async () => "off" };
    return {
      prepare: () => {},
      look: async (login): Promise<Lookup> => {
        const answer = await exchange(process, this.#wire(10 * SECOND_MS), () =>
          this.#find(holderOf(login), ref),
        );
        if (answer.kind !== "answered" || random.chance(climate.unansweredLooks)) {
          story.tell(`${process.name}: handoff not answered`);
          return { kind: "not-answered" };
        }
        const note = answer.value === null ? null : readNote(answer.value);
        story.tell(
          `${process.name}: handoff ${note === null ? "has nothing" : `says ${describeNote(note)}`}`,
        );
        return note ? { kind: "note", note } : { kind: "none" };
      },
      save: async (under, note) => {
        const text = writeNote(note);
        const answer = await exchange(process, this.#wire(15 * SECOND_MS), () => {
          this.#entries.push({ holder: holderOf(under), ref, text, usedAtMs: this.#world.scheduler.nowMs });
          autopsy.savedIn(ref === "main" ? "cache" : "branch-cache", note.login.line().reveal());
        });
        story.tell(`${process.name}: handoff save ${describeNote(note)} → ${answer.kind}`);
        if (answer.kind !== "answered") autopsy.saveFailed("cache");
        return answer.kind === "answered" ? "saved" : "failed";
      },
    };
  }

  #wire(patienceMs: number): Wire {
    const { climate, random, scheduler } = this.#world;
    return {
      weather: climate.cache,
      random,
      patienceMs,
      isDown: () => {
        const { nowMs } = scheduler;
        return nowMs < this.#downUntilMs || this.#outages.some(([from, to]) => from <= nowMs && nowMs < to);
      },
    };
  }

  #find(holder: string, ref: string): string | null {
    this.#forget();
    for (const scope of ref === "main" ? ["main"] : [ref, "main"]) {
      const found = this.#entries.findLast((entry) => entry.holder === holder && entry.ref === scope);
      if (!found) continue;
      found.usedAtMs = this.#world.scheduler.nowMs;
      return found.text;
    }
    return null;
  }

  #forget(): void {
    const oldest = this.#world.scheduler.nowMs - KEPT_UNUSED_MS;
    this.#entries = this.#entries.filter(({ usedAtMs }) => usedAtMs >= oldest);
  }
}

function describeNote({ login }: NonNullable<ReturnType<typeof readNote>>): string {
  const { login: name, number } = generationOf(login.line().reveal());
  return `successor ${name}.${number}`;
}

/** Whoever holds both tokens, and nobody else. */
export function holderOf(login: AuthJson): string {
  return `${login.refreshToken.reveal()}\n${login.accessToken.reveal()}`;
}
