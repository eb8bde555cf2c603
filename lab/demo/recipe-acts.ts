import {
  type Act,
  left,
  type Points,
  rotatedAndNotStored,
  rotatedAndStored,
  rotatedNothing,
  worked,
} from "./scene.ts";
import type { RunFacts } from "./side.ts";
import { breakWrites, cancelInMidRefresh } from "./troubles.ts";

export function quiet(text: string): Act {
  return async (side) => {
    const facts = await side.run();
    return [
      { facts, text: `${left(facts)} ${text}`, points: { ...worked(facts), ...rotatedNothing(facts) } },
    ];
  };
}

export function refreshes(text: string): Act {
  return async (side) => {
    const facts = await side.run();
    return [{ facts, text: `${left(facts)} ${text}`, points: rotatedInMidJob(facts) }];
  };
}

export const twoAtOnce: Act = async (side) => {
  const runs = [side.dispatch(), side.dispatch()] as const;
  const first = await side.finish(runs[0]);
  const second = await side.finish(runs[1]);
  return [
    {
      facts: first,
      text: `${left(first)} Rotated in mid-job, written back.`,
      points: rotatedInMidJob(first),
    },
    {
      facts: second,
      text: "Was handed its secret when its turn came: the new one. Nothing rotated.",
      points: { ...worked(second), ...rotatedNothing(second) },
    },
  ];
};

export const cancelled: Act = async (side) => {
  const run = side.dispatch();
  const restore = cancelInMidRefresh(side.world, run);
  const facts = await side.finish(run);
  restore();
  const points = { ...rotatedAndStored(facts), "the run was cancelled": facts.conclusion === "cancelled" };
  const told = "The signal reached only the shell: Codex finished, and always() wrote the login back.";
  return [{ facts, text: `${left(facts)} ${told}`, points }];
};

export const unwritten: Act = async (side) => {
  const restore = breakWrites(side.world, () => {});
  const facts = await side.run();
  restore();
  const points = { ...rotatedAndNotStored(facts), "the run failed": facts.conclusion === "failure" };
  return [{ facts, text: `${left(facts)} Rotated, not stored: the one copy went with the machine.`, points }];
};

export const bereft: Act = async (side) => {
  const facts = await side.run();
  return [{ facts, text: "OpenAI: refresh_token_reused.", points: died(facts), loginLost: true }];
};

function rotatedInMidJob(facts: RunFacts): Points {
  return {
    ...worked(facts),
    ...rotatedAndStored(facts),
    "the access token had expired": facts.daysLeft <= 0,
    "it was stored after the job had run": !facts.storedFirst,
  };
}

function died(facts: RunFacts): Points {
  return {
    "the run failed": facts.conclusion === "failure",
    "OpenAI answered refresh_token_reused": facts.reuses > 0,
    "Codex said so": /refresh token was already used/i.test(facts.log),
    "Codex did not answer": !facts.answered,
    "nobody holds the living login": !facts.alive,
  };
}
