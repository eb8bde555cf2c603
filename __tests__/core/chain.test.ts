import { describe, expect, test } from "@jest/globals";
import { followChain, type Lookup, MAXIMUM_LINKS } from "../../src/core/chain.ts";
import type { Document } from "../../src/core/document.ts";
import type { StoreWitness } from "../../src/core/note.ts";
import { generation } from "./documents.ts";

const savedAt = new Date("2026-11-22T10:00:00Z");
const second = (n: number): Date => new Date(Date.UTC(2026, 10, 22, 9, 0, n));
const confirmed = (n: number): StoreWitness => ({ kind: "confirmed", updatedAt: second(n) });
const replaces = (n: number): StoreWitness => ({ kind: "replaces", updatedAt: second(n) });

const successor = (document: Document, witness: StoreWitness): Lookup => ({
  kind: "note",
  note: { kind: "successor", document, witness, savedAt },
});
const confirmation = (n: number): Lookup => ({
  kind: "note",
  note: { kind: "confirmation", updatedAt: second(n), savedAt },
});
const notLearnt: Lookup = { kind: "not-learnt" };

/** Notes by the document they are filed under; where there is none, a miss is answered. */
function follow(notes: readonly (readonly [Document, Lookup])[], handed = generation(0)) {
  const filed = new Map(notes.map(([document, lookup]) => [document.generation, lookup]));
  return followChain(handed, async (document) => filed.get(document.generation) ?? { kind: "none" });
}

/** generation 0 → 1 → … → n */
function links(n: number): [Document, Lookup][] {
  return Array.from({ length: n }, (_, i) => [generation(i), successor(generation(i + 1), confirmed(i))]);
}

const shape = async (chain: ReturnType<typeof follow>) => {
  const { newest, predecessor, witnesses, complete } = await chain;
  return {
    newest: newest.refreshToken.reveal(),
    predecessor: predecessor?.refreshToken.reveal() ?? null,
    witnesses,
    complete,
  };
};
const rt = (n: number): string => `rt_CANARY-${n}`;

describe("the chain of notes", () => {
  test("without a note ends where it began", async () => {
    expect(await shape(follow([]))).toEqual({
      newest: rt(0),
      predecessor: null,
      witnesses: [],
      complete: true,
    });
  });

  test("with a confirmation under the handed document ends there, confirmed", async () => {
    expect(await shape(follow([[generation(0), confirmation(5)]]))).toEqual({
      newest: rt(0),
      predecessor: null,
      witnesses: [confirmed(5)],
      complete: true,
    });
  });

  test("leads over successors to the newest and keeps only what is said of that one", async () => {
    const notes: [Document, Lookup][] = [
      [generation(0), successor(generation(1), confirmed(1))],
      [generation(1), successor(generation(2), replaces(2))],
    ];

    expect(await shape(follow(notes))).toEqual({
      newest: rt(2),
      predecessor: rt(1),
      witnesses: [replaces(2)],
      complete: true,
    });
  });

  test("adds the confirmation under the newest to what its own note says", async () => {
    const notes: [Document, Lookup][] = [
      [generation(0), successor(generation(1), replaces(1))],
      [generation(1), confirmation(7)],
    ];

    expect(await shape(follow(notes))).toEqual({
      newest: rt(1),
      predecessor: rt(0),
      witnesses: [replaces(1), confirmed(7)],
      complete: true,
    });
  });

  test.each([
    ["to itself", 0, 0],
    ["back to the beginning", 2, 0],
    ["back to the middle", 3, 1],
  ])("does not follow a note that leads %s", async (_where, last, back) => {
    const notes = [...links(last), [generation(last), successor(generation(back), confirmed(9))] as const];

    expect(await shape(follow(notes))).toMatchObject({ newest: rt(last), complete: true });
  });

  test.each([0, 2])("does not follow a successor of another account (after %d links)", async (at) => {
    const notes = [
      ...links(at),
      [generation(at), successor(generation(at + 1, "account-2"), confirmed(9))] as const,
    ];

    expect(await shape(follow(notes))).toMatchObject({ newest: rt(at), complete: true });
    expect((await follow(notes)).witnesses).not.toContainEqual(confirmed(9));
  });

  test.each([0, 1, 2, 7, 8])("is incomplete where a look-up failed after %d links", async (at) => {
    const notes = [...links(at), [generation(at), notLearnt] as const];

    expect(await shape(follow(notes))).toMatchObject({
      newest: rt(at),
      predecessor: at === 0 ? null : rt(at - 1),
      complete: false,
    });
  });

  test("may have eight links, and the eighth document's own confirmation is read", async () => {
    const notes = [...links(MAXIMUM_LINKS), [generation(MAXIMUM_LINKS), confirmation(9)] as const];

    expect(MAXIMUM_LINKS).toBe(8);
    expect(await shape(follow(notes))).toEqual({
      newest: rt(8),
      predecessor: rt(7),
      witnesses: [confirmed(7), confirmed(9)],
      complete: true,
    });
  });

  test("is incomplete with nine", async () => {
    expect(await shape(follow(links(9)))).toMatchObject({ newest: rt(8), complete: false });
    expect(await shape(follow(links(40)))).toMatchObject({ newest: rt(8), complete: false });
  });
});
