import type { Lookup, Note } from "../../src/core/handoff/note.ts";
import type { HandoffCache } from "../../src/ports/handoff.ts";
import { HandoffNotes } from "../models/handoff-cache.ts";
import { outages } from "./github.ts";
import { generationOf } from "./issuer.ts";
import type { Process } from "./machine.ts";
import { exchange, type Wire } from "./network.ts";
import { SECOND_MS } from "./units.ts";
import { describe, type World } from "./world.ts";

/** The Actions cache, with its outages. */
export class CacheService {
  readonly #world: World;
  readonly #notes: HandoffNotes;
  readonly #outages: readonly (readonly [number, number])[];
  #downUntilMs = 0;

  constructor(world: World) {
    this.#world = world;
    this.#notes = new HandoffNotes(() => world.scheduler.nowMs);
    this.#outages = outages(world, world.climate.cacheOutagesPerYear);
  }

  downUntil(ms: number): void {
    this.#downUntilMs = ms;
  }

  evictAll(): void {
    this.#notes.evict();
    this.#world.story.tell("the cache is evicted");
  }

  /** Every login in a note, wherever it is kept. */
  everyGeneration(): { login: number; number: number }[] {
    return this.#notes.entries.map(({ note }) => generationOf(note.login.line().reveal()));
  }

  handoff(process: Process, ref: string, mode: "cache" | "off"): HandoffCache {
    const { story, autopsy, random, climate } = this.#world;
    if (mode === "off")
      return {
        prepare: () => {},
        refusesWrites: async () => null,
        look: async () => ({ kind: "none" }),
        save: async () => "off",
      };
    return {
      prepare: () => {},
      refusesWrites: async () => null,
      look: async (login): Promise<Lookup> => {
        const answer = await exchange(process, this.#wire(10 * SECOND_MS), () =>
          this.#notes.look(login, ref),
        );
        if (answer.kind !== "answered" || random.chance(climate.unansweredLooks)) {
          story.tell(`${process.name}: handoff not answered`);
          return { kind: "not-answered" };
        }
        const { value: lookup } = answer;
        story.tell(
          `${process.name}: handoff ${lookup.kind === "note" ? `says ${describeNote(lookup.note)}` : "has nothing"}`,
        );
        return lookup;
      },
      save: async (under, note) => {
        const answer = await exchange(process, this.#wire(15 * SECOND_MS), () => {
          this.#notes.save(under, note, ref);
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
}

function describeNote({ login }: Note): string {
  return `successor ${describe(login.line().reveal())}`;
}
