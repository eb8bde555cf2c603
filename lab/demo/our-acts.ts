import { type Act, left, rotatedAndNotStored, rotatedAndStored, rotatedNothing, worked } from "./scene.ts";
import { breakWrites, cancelInMidRefresh } from "./troubles.ts";

export function quiet(text: string): Act {
  return async (side) => {
    const machineBefore = side.runs.at(-1)?.machine;
    const facts = await side.run();
    const points = {
      ...worked(facts),
      ...rotatedNothing(facts),
      "it asked nobody but the model": facts.requests === 0,
      "the machine is a new one": facts.machine !== machineBefore,
    };
    return [{ facts, text: `${left(facts)} ${text}`, points }];
  };
}

export function refreshes(text: string): Act {
  return async (side) => {
    const facts = await side.run();
    const points = {
      ...worked(facts),
      ...rotatedAndStored(facts),
      "the access token had not expired": facts.daysLeft > 0,
      "it was stored before the job ran": facts.storedFirst,
    };
    return [{ facts, text: `${left(facts)} ${text}`, points }];
  };
}

export const twoAtOnce: Act = async (side) => {
  const runs = [side.dispatch(), side.dispatch()] as const;
  const first = await side.finish(runs[0]);
  const second = await side.finish(runs[1]);
  return [
    {
      facts: first,
      text: `${left(first)} Rotated, stored, then the job ran.`,
      points: {
        ...worked(first),
        ...rotatedAndStored(first),
        "it was stored before the job ran": first.storedFirst,
      },
    },
    {
      facts: second,
      text: "Was handed its secret when its turn came: the new one. Nothing due.",
      points: {
        ...worked(second),
        ...rotatedNothing(second),
        "the second run asked nobody but the model": second.requests === 0,
      },
    },
  ];
};

export const cancelled: Act = async (side) => {
  const run = side.dispatch();
  const restore = cancelInMidRefresh(side.world, run);
  const facts = await side.finish(run);
  restore();
  const points = {
    ...rotatedAndStored(facts),
    "the run was cancelled": facts.conclusion === "cancelled",
    "the job was not run any more": !facts.answered,
  };
  return [
    { facts, text: `${left(facts)} It stopped when the rotated login was stored, not before.`, points },
  ];
};

/** The write fails, and while it is tried again the machine dies. */
export const unwritten: Act = async (side) => {
  const run = side.dispatch();
  const restore = breakWrites(side.world, (count) => {
    if (count === 2) void run.loseMachine();
  });
  const facts = await side.finish(run);
  restore();
  const told =
    "Rotated, not stored; handed over, encrypted, through the Actions cache. At its second try the machine dies.";
  const points = { ...rotatedAndNotStored(facts), "the machine was lost": facts.conclusion === "lost" };
  return [{ facts, text: `${left(facts)} ${told}`, points }];
};

export const repairs: Act = async (side) => {
  const facts = await side.run();
  const points = {
    ...worked(facts),
    "nothing was rotated": facts.rotations === 0,
    "the secret was repaired": facts.after === facts.before + 1,
    "it was repaired before the job ran": facts.storedFirst,
  };
  return [
    { facts, text: "Took the login from the handoff, repaired the secret with it, ran the job.", points },
  ];
};
