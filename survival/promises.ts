import { LOCK_NAME } from "../src/action/lock.ts";
import type { SecretMetadata, SecretStore } from "../src/ports.ts";
import type { Death } from "./autopsy.ts";
import type { Climate } from "./faults.ts";
import type { Job } from "./job.ts";
import type { OurSettings, Sabotage } from "./ours.ts";
import { ours, type Policy } from "./policies.ts";
import { liveYear } from "./week.ts";
import { SECRET } from "./world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Puts something in place of the store that each session of the writer sees. */
function withStore(replace: (store: SecretStore) => SecretStore): Sabotage {
  return (collaborators) => {
    const { writer } = collaborators;
    if (writer === null) return collaborators;
    const open: typeof writer.open = async () => {
      const session = await writer.open();
      return { ...session, store: replace(session.store) };
    };
    return { ...collaborators, writer: { ...writer, open } };
  };
}

/** What each job was told first of the store. */
const FIRST_SEEN = new WeakMap<Job, SecretMetadata>();

/** A promise of ours, broken on purpose in a climate in which it is needed. */
export interface BrokenPromise extends OurSettings {
  readonly promise: string;
  /** In which our code, as it is, loses nothing. */
  readonly climate: Partial<Climate>;
}

export const BROKEN_PROMISES: readonly BrokenPromise[] = [
  {
    promise: "nothing is rotated without proof that the writer can write",
    climate: { writerExpiriesPerYear: 30, handover: "off" },
    sabotage: (collaborators, job) =>
      withStore((store) => ({
        ...store,
        metadata: async (name) => {
          const updatedAt = job.world.github.updatedAt(name);
          return name === LOCK_NAME || updatedAt === null ? null : { createdAt: updatedAt, updatedAt };
        },
        publicKey: async () => ({ id: "1", key: new Uint8Array(32) }),
        put: async (name, sealed) => (name === LOCK_NAME ? "created" : store.put(name, sealed)),
      }))(collaborators, job),
  },
  {
    promise: "only one keeper refreshes at a time",
    climate: {
      queue: "none",
      reuseRevokes: true,
      issuer: { errors: 0, lostAnswers: 0, latencyMs: [10_000, 40_000] },
    },
    sabotage: withStore((store) => ({
      ...store,
      metadata: async (name) => (name === LOCK_NAME ? null : store.metadata(name)),
      put: async (name, sealed) => (name === LOCK_NAME ? "created" : store.put(name, sealed)),
    })),
  },
  {
    promise: "the hand-over has the new document before the job starts",
    climate: { writesFailAfterRotation: 0.5, writesFailForMs: [HOUR_MS, 2 * HOUR_MS] },
    sabotage: (collaborators) => ({
      ...collaborators,
      handover: { ...collaborators.handover, save: async () => "saved" },
    }),
  },
  {
    promise: "the store has the new document before the job starts",
    climate: { evictionsPerYear: 200 },
    sabotage: withStore((store) => ({
      ...store,
      put: async (name, sealed) => (name === SECRET ? "updated" : store.put(name, sealed)),
    })),
  },
  {
    promise: "post finishes a critical section that main was killed in",
    climate: { strokes: { "kill-main": 0.7 } },
    forgottenState: "critical-section",
  },
  {
    promise: "post tries a pending publish again",
    climate: {
      writesFailAfterRotation: 0.7,
      writesFailForMs: [5 * MINUTE_MS, 6 * MINUTE_MS],
      jobMs: [10 * MINUTE_MS, 20 * MINUTE_MS],
      queue: "single",
      evictionsPerYear: 2000,
    },
    withoutPost: true,
  },
  {
    promise: "nothing is written over what somebody else has written since",
    climate: {
      writesFailAfterRotation: 1,
      writesFailForMs: [30_000, 3 * MINUTE_MS],
      reseedsInJobs: 0.2,
      jobMs: [MINUTE_MS, 2 * MINUTE_MS],
    },
    inputs: { refresh: "force" },
    sabotage: (collaborators, job) =>
      withStore((store) => ({
        ...store,
        metadata: async (name) => {
          const present = await store.metadata(name);
          if (name !== SECRET || present === null) return present;
          const first = FIRST_SEEN.get(job) ?? present;
          FIRST_SEEN.set(job, first);
          return first;
        },
      }))(collaborators, job),
  },
  {
    promise: "a stale copy never refreshes",
    climate: { reuseRevokes: true },
    sabotage: (collaborators) => ({
      ...collaborators,
      handover: { ...collaborators.handover, look: async () => ({ kind: "none" }) },
      runInformation: {
        ...collaborators.runInformation,
        readTime: async () => ({ kind: "known", at: new Date("2100-01-01T00:00:00.000Z") }),
      },
    }),
  },
];

/** What dies in so many years of a promise's worst weather: of our code as it is, and of our code without the promise. */
export async function breakPromise(
  { promise, climate, ...settings }: BrokenPromise,
  years: number,
): Promise<{ readonly kept: readonly Death[]; readonly broken: readonly Death[] }> {
  const asItIs = ours("as it is", settings.inputs ? { inputs: settings.inputs } : {});
  return {
    kept: await deathsIn(asItIs, climate, years),
    broken: await deathsIn(ours(`without: ${promise}`, settings), climate, years),
  };
}

async function deathsIn(policy: Policy, climate: Partial<Climate>, years: number): Promise<Death[]> {
  const deaths: Death[] = [];
  for (let year = 0; year < years; year++)
    deaths.push(...(await liveYear(policy, { name: "", dose: "", climate }, `promise ${year}`)).deaths);
  return deaths;
}
