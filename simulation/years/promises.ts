import { readClaim } from "../../src/core/claim/claim.ts";
import { PROBE_NAME } from "../../src/login/prove-write.ts";
import type { HandoffCache } from "../../src/ports/handoff.ts";
import type { SecretMetadata, WriteSession } from "../../src/ports/secrets.ts";
import type { Variable, Variables } from "../../src/ports/variables.ts";
import type { Death } from "./autopsy.ts";
import type { Climate } from "./faults.ts";
import type { Job } from "./job.ts";
import type { OurSettings, Sabotage } from "./ours.ts";
import { SECRET } from "./place.ts";
import { ours, type Policy } from "./policies.ts";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "./units.ts";
import { liveYear } from "./week.ts";

/** Puts something in place of each session of the write token. */
function withSession(replace: (session: WriteSession, job: Job) => WriteSession): Sabotage {
  return (services, job) => {
    const { writeCredential } = services;
    if (writeCredential === null) return services;
    const open: typeof writeCredential.open = async () => replace(await writeCredential.open(), job);
    return { ...services, writeCredential: { ...writeCredential, open } };
  };
}

function withVariables(replace: (variables: Variables) => Partial<Variables>): Sabotage {
  return withSession((session) => ({
    ...session,
    variables: { ...session.variables, ...replace(session.variables) },
  }));
}

function withHandoff(replace: (handoff: HandoffCache) => Partial<HandoffCache>): Sabotage {
  return (services) => ({
    ...services,
    handoff: { ...services.handoff, ...replace(services.handoff) },
  });
}

function all(...sabotages: readonly Sabotage[]): Sabotage {
  return (services, job) => sabotages.reduce((sabotaged, sabotage) => sabotage(sabotaged, job), services);
}

/** Claims that are in one of these states are not seen, and making one beside them succeeds. */
function blindTo(...states: readonly string[]): Sabotage {
  const isHidden = ({ value }: Variable): boolean => states.includes(readClaim(value)?.state ?? "");
  return withVariables((variables) => ({
    list: async () => (await variables.list()).filter((variable) => !isHidden(variable)),
    read: async (name) => {
      const variable = await variables.read(name);
      return variable && isHidden(variable) ? null : variable;
    },
    create: async (name, value) => {
      const outcome = await variables.create(name, value);
      return states.includes(readClaim(value)?.state ?? "") ? "created" : outcome;
    },
  }));
}

const ALWAYS_NEWER: Sabotage = (services) => ({
  ...services,
  runInformation: {
    ...services.runInformation,
    readTime: async () => ({ kind: "known", at: new Date("2100-01-01T00:00:00.000Z") }),
  },
});

/** What each job was told first of the secret. */
const FIRST_SEEN = new WeakMap<Job, SecretMetadata>();

/** A promise of ours, broken on purpose in a climate in which it is needed. */
export interface BrokenPromise extends OurSettings {
  readonly promise: string;
  /** In which our code, as it is, loses nothing. */
  readonly climate: Partial<Climate>;
}

/** Several jobs at once, in the same seconds. */
const CROWD: Partial<Climate> = { queue: "none", burstMs: 10 * SECOND_MS };

/** That a repair first claims what it writes needs orders that no year of chance has: see `simulation/interleavings/sabotage.ts`. */
export const BROKEN_PROMISES: readonly BrokenPromise[] = [
  {
    promise: "nothing is rotated without proof that the write token can write",
    climate: { writeTokenExpiriesPerYear: 30, handoff: "off" },
    sabotage: withSession(({ store, variables, ...session }, job) => ({
      ...session,
      store: {
        ...store,
        metadata: async (name) => {
          const updatedAt = job.world.github.updatedAt(name);
          return updatedAt && { createdAt: updatedAt, updatedAt };
        },
        publicKey: async () => ({ id: "1", key: new Uint8Array(32) }),
        put: async (name, sealed) => (name === PROBE_NAME ? "created" : store.put(name, sealed)),
      },
      variables: {
        ...variables,
        list: async () => [],
        read: async () => null,
        create: async () => "created",
      },
    })),
  },
  {
    promise: "only the job that made the claim spends a generation",
    climate: {
      ...CROWD,
      reuseRevokes: true,
      issuer: { errors: 0, lostAnswers: 0, latencyMs: [10_000, 40_000] },
    },
    sabotage: blindTo("open"),
  },
  {
    promise: "a claim is taken over only when its holder is known to do nothing any more",
    climate: {
      queue: "none",
      reuseRevokes: true,
      issuer: { errors: 0, lostAnswers: 0, latencyMs: [10_000, 40_000] },
    },
    sabotage: all(
      withSession((session) => ({
        ...session,
        serverClock: { now: async () => new Date((await session.serverClock.now()).getTime() + HOUR_MS) },
      })),
      (services) => ({
        ...services,
        runInformation: { ...services.runInformation, statusOf: async () => "ended" },
      }),
    ),
  },
  {
    promise: "the handoff has the new login before the job starts",
    climate: { writesFailAfterRotation: 0.5, writesFailForMs: [HOUR_MS, 2 * HOUR_MS] },
    sabotage: withHandoff(() => ({ save: async () => "saved" })),
  },
  {
    promise: "the secret has the new login before the job starts",
    climate: { evictionsPerYear: 200 },
    sabotage: withSession(({ store, ...session }) => ({
      ...session,
      store: {
        ...store,
        put: async (name, sealed) => (name === SECRET ? "updated" : store.put(name, sealed)),
      },
    })),
  },
  {
    promise: "post finishes a refresh that main was killed in",
    climate: { strokes: { "kill-main": 0.7 } },
    forgottenState: "critical-section",
  },
  {
    promise: "post tries a pending write again",
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
    promise: "a look at the secret comes before every write of it",
    climate: {
      writesFailAfterRotation: 1,
      writesFailForMs: [30_000, 3 * MINUTE_MS],
      reseedsInJobs: 0.2,
      jobMs: [MINUTE_MS, 2 * MINUTE_MS],
    },
    inputs: { refresh: "force" },
    sabotage: withSession(({ store, ...session }, job) => ({
      ...session,
      store: {
        ...store,
        metadata: async (name) => {
          const present = await store.metadata(name);
          if (name !== SECRET || present === null) return present;
          const first = FIRST_SEEN.get(job) ?? present;
          FIRST_SEEN.set(job, first);
          return first;
        },
      },
    })),
  },
  {
    promise: "what the cache does not answer counts as a reason to stop",
    climate: {
      reuseRevokes: true,
      unansweredLooks: 0.6,
      writesFailAfterRotation: 0.5,
      writesFailForMs: [2 * HOUR_MS, 9 * HOUR_MS],
    },
    sabotage: withHandoff((handoff) => ({
      look: async (login) => {
        const answer = await handoff.look(login);
        return answer.kind === "not-answered" ? { kind: "none" } : answer;
      },
    })),
  },
  {
    promise: "a generation that a claim calls spent is never presented again",
    climate: { reuseRevokes: true },
    sabotage: all(blindTo("open", "rotated", "stored"), ALWAYS_NEWER),
  },
  {
    promise: "a login from before the last write of the secret never refreshes",
    climate: { reseedsPerYear: 40, reseedsInJobs: 0.2, markedSeeds: 0 },
    inputs: { refresh: "force" },
    sabotage: ALWAYS_NEWER,
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
