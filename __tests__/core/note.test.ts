import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Note, readNote, writeNote } from "../../src/core/note.ts";
import { authJson, generation } from "./documents.ts";

const updatedAt = new Date("2026-11-22T09:48:00Z");
const savedAt = new Date("2026-11-22T09:48:01.250Z");
const document = JSON.stringify(authJson());
const successor = {
  kind: "successor",
  document,
  store: "confirmed",
  updated_at: "2026-11-22T09:48:00.000Z",
  saved_at: "2026-11-22T09:48:01.250Z",
};
const confirmation = {
  kind: "confirmation",
  updated_at: "2026-11-22T09:48:00.000Z",
  saved_at: "2026-11-22T09:48:01.250Z",
};

describe("a note", () => {
  test.each(["confirmed", "replaces"] as const)(
    "of a successor that says %s is read as it was written",
    (kind) => {
      const text = writeNote({
        kind: "successor",
        document: generation(1),
        witness: { kind, updatedAt },
        savedAt,
      });

      const note = readNote(text);

      expect(note).toMatchObject({ kind: "successor", witness: { kind, updatedAt }, savedAt });
      if (note?.kind !== "successor") throw new Error("expected a successor");
      expect(note.document.whole().reveal()).toBe(generation(1).whole().reveal());
    },
  );

  test("of a confirmation is read as it was written", () => {
    const note: Note = { kind: "confirmation", updatedAt, savedAt };

    expect(readNote(writeNote(note))).toEqual(note);
  });

  test("has the format that other releases read", () => {
    expect(JSON.parse(writeNote({ kind: "confirmation", updatedAt, savedAt }))).toEqual(confirmation);
    const line = generation(0).line().reveal();
    const witness = { kind: "replaces" as const, updatedAt };
    expect(JSON.parse(writeNote({ kind: "successor", document: generation(0), witness, savedAt }))).toEqual({
      ...successor,
      store: "replaces",
      document: line,
    });
    expect(readNote(JSON.stringify(successor))).not.toBeNull();
  });

  test("keeps every time to the millisecond", () => {
    const dates = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });

    fc.assert(
      fc.property(dates, dates, (updatedAt, savedAt) => {
        const note: Note = { kind: "confirmation", updatedAt, savedAt };
        expect(readNote(writeNote(note))).toEqual(note);
      }),
    );
  });

  test.each([
    ["nothing", ""],
    ["no JSON", "CANARY"],
    ["a cut note", JSON.stringify(successor).slice(0, -9)],
    ["null", "null"],
    ["a number", "1"],
    ["an array", "[]"],
    ["an empty object", "{}"],
    ["another kind", JSON.stringify({ ...successor, kind: "ledger" })],
    ["no kind", JSON.stringify({ ...confirmation, kind: undefined })],
    ["no document", JSON.stringify({ ...successor, document: undefined })],
    ["a document that is no text", JSON.stringify({ ...successor, document: authJson() })],
    ["a document that is cut", JSON.stringify({ ...successor, document: document.slice(0, 200) })],
    [
      "a working copy",
      JSON.stringify({ ...successor, document: JSON.stringify(authJson({ refresh_token: "" })) }),
    ],
    [
      "a document of a foreign issuer",
      JSON.stringify({
        ...successor,
        document: JSON.stringify(authJson({ oauth_provenance: { issuer: "https://CANARY.example" } })),
      }),
    ],
    ["no word on the store", JSON.stringify({ ...successor, store: undefined })],
    ["another word on the store", JSON.stringify({ ...successor, store: "written" })],
    ["no updated_at", JSON.stringify({ ...confirmation, updated_at: undefined })],
    ["an updated_at in seconds", JSON.stringify({ ...confirmation, updated_at: 1_795_000_000 })],
    [
      "an updated_at of another format",
      JSON.stringify({ ...confirmation, updated_at: "2026-11-22T09:48:00Z" }),
    ],
    ["an updated_at on no day", JSON.stringify({ ...confirmation, updated_at: "2026-13-22T09:48:00.000Z" })],
    ["no saved_at", JSON.stringify({ ...successor, saved_at: undefined })],
    ["a saved_at in words", JSON.stringify({ ...confirmation, saved_at: "now" })],
  ])("is not read from %s", (_what, text) => {
    expect(readNote(text)).toBeNull();
  });
});
