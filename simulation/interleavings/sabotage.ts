import { type Claim, readClaim, writeClaim } from "../../src/core/claim/claim.ts";
import type { RunInformation } from "../../src/ports/github.ts";
import type { HandoffCache } from "../../src/ports/handoff.ts";
import type { Clock } from "../../src/ports/machine.ts";
import type { StepChannel } from "../../src/ports/runner.ts";
import type { WriteSession } from "../../src/ports/secrets.ts";
import type { Variable, Variables } from "../../src/ports/variables.ts";
import type { Job } from "./job.ts";

/** One rule of the protocol, switched off from outside: what the code is told, or what becomes of what it does. */
export interface Sabotage {
  readonly session?: (session: WriteSession, job: Job) => WriteSession;
  readonly handoff?: (handoff: HandoffCache, job: Job) => HandoffCache;
  readonly runInformation?: (information: RunInformation, job: Job) => RunInformation;
  readonly clock?: (clock: Clock, job: Job) => Clock;
  readonly channel?: (channel: StepChannel, job: Job) => StepChannel;
}

/** The rules of the protocol, each with what it is like without it, and the worlds that need it. */
export const RULES: readonly (readonly [string, Sabotage, ...string[]])[] = [
  [
    "A claim is created once",
    {
      session: withVariables((variables) => ({
        create: async (name, value) => {
          if ((await variables.create(name, value)) === "exists") await variables.update(name, value);
          return "created";
        },
      })),
    },
  ],
  [
    "A claim is busy until its holder is gone",
    { session: withClaims((claim) => ({ ...claim, released: true })) },
  ],
  [
    "`force` takes nothing over from a run in progress",
    { runInformation: (information) => ({ ...information, statusOf: async () => "ended" }) },
    "stall",
  ],
  [
    "The metadata is read again after the claim",
    {
      session: (session, job) => ({
        ...session,
        variables: {
          ...session.variables,
          create: async (name, value) => {
            if (readClaim(value)?.state === "open") job.memory.set("skip", true);
            return session.variables.create(name, value);
          },
        },
        store: {
          ...session.store,
          metadata: async (name) => {
            const known = job.memory.get("metadata") as Awaited<ReturnType<typeof session.store.metadata>>;
            if (job.memory.get("skip") === true && known) {
              job.memory.set("skip", false);
              return known;
            }
            const answer = await session.store.metadata(name);
            job.memory.set("metadata", answer);
            return answer;
          },
        },
      }),
    },
    "renewed",
    "reseed",
  ],
  [
    "A handed login is current only in a run that was created after the secret was written",
    {
      runInformation: (information) => ({
        ...information,
        readTime: async () => ({ kind: "known", at: new Date("2027-01-01T00:00:00Z") }),
      }),
    },
    "old",
    "reseed",
    "kill + reseed",
  ],
  [
    "No work begins under a claim of eight minutes",
    {
      clock: (clock, job) => {
        const stoppedMs = (): number => job.world.jumps * 10.5 * 60_000;
        return {
          now: () => new Date(clock.now().getTime() - stoppedMs()),
          monotonicMs: () => clock.monotonicMs() - stoppedMs(),
          sleep: (ms) => clock.sleep(ms),
        };
      },
    },
    "stall, without actions: read",
    "stall",
  ],
  [
    "The last request before a PUT is a look at the metadata",
    {
      session: (session, job) => ({
        ...session,
        variables: {
          ...session.variables,
          update: async (name, value) => {
            const claim = readClaim(value);
            if (claim?.state === "rotated") job.memory.set("before", claim.before);
            return session.variables.update(name, value);
          },
          create: async (name, value) => {
            const claim = readClaim(value);
            if (claim?.state === "write") job.memory.set("before", claim.before);
            return session.variables.create(name, value);
          },
        },
        store: {
          ...session.store,
          metadata: async (name) => {
            const before = job.memory.get("before");
            if (!(before instanceof Date)) return session.store.metadata(name);
            return { createdAt: before, updatedAt: before };
          },
          put: async (name, sealed) => {
            job.memory.delete("before");
            return session.store.put(name, sealed);
          },
        },
      }),
    },
    "reseed",
  ],
  [
    "A late PUT first claims what it writes",
    {
      session: withVariables((variables, job) => ({
        create: async (name, value) => {
          if (readClaim(value)?.state !== "write") return variables.create(name, value);
          job.memory.set(name, "imagined");
          return "created";
        },
        read: async (name) => (job.memory.has(name) ? null : variables.read(name)),
      })),
    },
    "refused",
    "lost",
    "late",
  ],
  [
    "A claim is given back only while nothing can have been sent",
    {
      channel: (channel) => ({
        ...channel,
        saveState: (name, value) =>
          channel.saveState(name, value.replace(/"process":\{[^}]*\}/, '"process":null')),
      }),
    },
    "kill + unheard, in one group",
  ],
  [
    "Post stores only while the claim names its holder",
    {
      session: (session, job) => {
        const [holder] = [...job.holders].slice(-1);
        if (job.phase !== "post" || holder === undefined) return session;
        return withClaims((claim) => ({ ...claim, holder, state: "open", next: null }))(session, job);
      },
    },
    "kill",
    "kill, without actions: read",
    "kill + stall",
  ],
  [
    "A write over another time of the secret than the claim's `before` is refused",
    {
      session: (session, job) =>
        withClaims((claim) => ({ ...claim, before: new Date(job.world.secret.atMs) }))(session, job),
    },
    "reseed",
    "refused + reseed",
    "kill + reseed",
  ],
  [
    "The note is the one that the claim speaks of",
    { session: withClaims((claim) => ({ ...claim, next: null })) },
  ],
  [
    "A DELETE is sent once",
    {
      session: withVariables((variables) => ({
        remove: async (name) => variables.remove(name).catch(() => variables.remove(name)),
      })),
    },
    "renewed + late + refused, in one group",
  ],
  [
    "Notes are saved before the PUT",
    {
      handoff: (handoff, job) => ({
        ...handoff,
        save: async (under, note) => {
          if (job.phase === "post") return handoff.save(under, note);
          const saves = (job.memory.get("saves") ?? []) as (() => Promise<unknown>)[];
          job.memory.set("saves", [...saves, () => handoff.save(under, note)]);
          return "saved";
        },
      }),
      session: (session, job) => ({
        ...session,
        store: {
          ...session.store,
          put: async (name, sealed) => {
            const outcome = await session.store.put(name, sealed);
            const saves = (job.memory.get("saves") ?? []) as (() => Promise<unknown>)[];
            job.memory.set("saves", []);
            for (const save of saves) await save();
            return outcome;
          },
        },
      }),
    },
    "die",
    "kill",
  ],
  [
    "A look that is not answered stops the refresh",
    {
      handoff: (handoff) => ({
        ...handoff,
        look: async (login) => {
          const lookup = await handoff.look(login);
          return lookup.kind === "not-answered" ? { kind: "none" } : lookup;
        },
      }),
    },
    "kill + note twice, in one group",
  ],
  [
    "A takeover looks at the handoff again before it presents",
    {
      handoff: (handoff, job) => ({
        ...handoff,
        look: async (login) => {
          const known = job.memory.get(`look ${login.generation}`);
          if (known !== undefined) return known as Awaited<ReturnType<typeof handoff.look>>;
          const lookup = await handoff.look(login);
          job.memory.set(`look ${login.generation}`, lookup);
          return lookup;
        },
      }),
    },
    "stall, without actions: read",
  ],
  [
    "A PUT whose answer was lost does not say since when the secret holds the login",
    {
      session: withVariables((variables, job) => ({
        update: async (name, value) => {
          const claim = readClaim(value);
          const isUnsure = claim?.state === "rotated" && claim.released && claim.after === null;
          if (!isUnsure) return variables.update(name, value);
          const after = new Date(job.world.secret.atMs);
          return variables.update(name, writeClaim({ ...claim, state: "stored", after }));
        },
      })),
    },
    "lost + reseed",
    "reseed",
  ],
  [
    "Our write is confirmed only in its own seconds",
    {
      session: (session, job) => ({
        ...session,
        store: {
          ...session.store,
          put: async (name, sealed) => {
            const outcome = await session.store.put(name, sealed);
            job.memory.set("late", true);
            return outcome;
          },
        },
        serverClock: {
          now: async () => {
            const now = await session.serverClock.now();
            const isLate = job.memory.get("late") === true;
            job.memory.set("late", false);
            return isLate ? new Date(now.getTime() + 3_600_000) : now;
          },
        },
      }),
    },
    "reseed",
    "old",
  ],
  [
    "A claim says `rotated` before the PUT",
    {
      session: withVariables((variables) => ({
        update: async (name, value) => {
          const claim = readClaim(value);
          return claim?.state === "rotated" && !claim.released ? true : variables.update(name, value);
        },
      })),
    },
    "kill + note, without actions: read",
  ],
];

function withVariables(
  change: (variables: Variables, job: Job) => Partial<Variables>,
): NonNullable<Sabotage["session"]> {
  return (session, job) => ({
    ...session,
    variables: { ...session.variables, ...change(session.variables, job) },
  });
}

/** Claims as they are read; what is `stored` stays. */
function withClaims(change: (claim: Claim) => Claim): NonNullable<Sabotage["session"]> {
  const changed = <Kept extends Variable>(variable: Kept): Kept => {
    const claim = readClaim(variable.value);
    if (claim === null || claim.state === "stored") return variable;
    return { ...variable, value: writeClaim(change(claim)) };
  };
  return withVariables((variables) => ({
    read: async (name) => {
      const variable = await variables.read(name);
      return variable && changed(variable);
    },
    list: async () => (await variables.list()).map(changed),
  }));
}
