import { beforeEach, describe, expect, test } from "@jest/globals";
import type { AuthJson } from "../../src/core/login/auth-json.ts";
import { saveNotes } from "../../src/login/handoff.ts";
import type { HandoffCache } from "../../src/ports/handoff.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const NOT_SAVED = "The handoff could not be saved in the Actions cache.";
const [ONE, OTHER, NEXT] = [loginNamed("one"), loginNamed("other"), loginNamed("next")];
const savedAt = new Date("2026-11-22T11:00:00.000Z");

let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

function save(
  under: readonly AuthJson[],
  answers: Partial<Record<string, "failed" | "off">> = {},
): Promise<boolean> {
  const handoff: HandoffCache = {
    prepare: () => {},
    look: (login) => jobs.handoff.look(login),
    refusesWrites: async () => null,
    save: async (holder, note) => answers[holder.generation] ?? jobs.handoff.save(holder, note),
  };
  return saveNotes({ handoff, log: jobs.log }, { under, login: NEXT, savedAt });
}

function notes(): readonly number[] {
  return [ONE, OTHER, NEXT].map((login) => jobs.handoff.under(login).length);
}

describe("a login in the handoff", () => {
  test("is filed once under each of those that other runs may have been handed", async () => {
    expect(await save([ONE, OTHER, ONE])).toBe(true);

    expect(notes()).toEqual([1, 1, 0]);
    expect(jobs.handoff.under(ONE)).toEqual([{ login: NEXT, savedAt }]);
    expect(jobs.log.lines).toEqual([]);
  });

  test("is not filed under itself: it is nowhere if that was all, and nothing has failed", async () => {
    expect(await save([NEXT, ONE])).toBe(true);
    expect(await save([NEXT])).toBe(false);

    expect(notes()).toEqual([1, 0, 0]);
    expect(jobs.log.lines).toEqual([]);
  });

  test.each([
    ["first", ONE, [0, 1, 0]],
    ["second", OTHER, [1, 0, 0]],
  ])("is not all there if the %s could not be saved, which is said", async (_, failing, expected) => {
    expect(await save([ONE, OTHER], { [failing.generation]: "failed" })).toBe(false);

    expect(notes()).toEqual(expected);
    expect(jobs.log.lines).toEqual([NOT_SAVED]);
  });

  test("is not there where the workflow has switched it off, of which nothing is said", async () => {
    expect(await save([ONE, OTHER], { [ONE.generation]: "off" })).toBe(false);

    expect(notes()).toEqual([0, 0, 0]);
    expect(jobs.log.lines).toEqual([]);
  });
});
