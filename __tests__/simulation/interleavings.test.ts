import { describe, expect, test } from "@jest/globals";
import { type Exploration, explore, explorePart } from "../../simulation/interleavings/explore.ts";
import { RULES } from "../../simulation/interleavings/sabotage.ts";
import { BY_LOT, planOf, WORLDS } from "../../simulation/interleavings/worlds.ts";

/** `npm run interleavings` runs them all; here is what twenty seconds of a processor can do. */
const WHOLE = ["calm", "note", "unheard"];
const LOTS = 6;
const SECONDS = 30;

function stories({ violations }: Exploration): readonly string[] {
  return [...violations].map(([violation, story]) => [violation, ...story].join("\n"));
}

describe("Two refresh jobs, in every order", () => {
  const worlds = WORLDS.filter(([name]) => WHOLE.includes(name));

  test.each(worlds)("%s", async (_, change) => {
    const found = await explore(planOf(change), { seconds: SECONDS, states: 100_000 });
    expect(stories(found)).toEqual([]);
    expect(found.isComplete).toBe(true);
  });
});

describe("Orders drawn by lot", () => {
  const worlds = [...WORLDS.filter(([name]) => !WHOLE.includes(name)), ...BY_LOT];

  test.each(worlds)("%s", async (_, change) => {
    const found = await explorePart(planOf(change), { seed: 7, orders: LOTS, seconds: SECONDS });
    expect(stories(found)).toEqual([]);
  });
});

describe("A rule of the claims broken on purpose", () => {
  const quick = [
    "A claim is created once",
    "A claim is busy until its holder is gone",
    "A DELETE is sent once",
  ];
  const rules = RULES.filter(([rule]) => quick.includes(rule));

  test.each(rules)("%s", async (_, sabotage, hint = "calm") => {
    const [, change] = WORLDS.find(([name]) => name === hint) ?? [];
    const found = await explore(
      { ...planOf(change ?? {}), sabotage },
      { seconds: SECONDS, states: 100_000, first: true },
    );
    expect(stories(found)).not.toEqual([]);
  });
});
