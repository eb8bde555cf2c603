import { describe, expect, test } from "@jest/globals";
import { readNote, writeNote } from "../../../src/core/handoff/note.ts";
import { generation } from "../login/documents.ts";

const savedAt = new Date("2026-11-22T09:48:01Z");
const TEXT = writeNote({ login: generation(1), savedAt });

function textWith(fields: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(TEXT), ...fields });
}

describe("a note", () => {
  test("is written under these names, and read as it was written", () => {
    const line = generation(1).line().reveal();
    expect(JSON.parse(TEXT)).toEqual({ document: line, saved_at: "2026-11-22T09:48:01.000Z" });

    const note = readNote(TEXT);

    expect(note?.login.line().reveal()).toBe(line);
    expect(note?.savedAt).toEqual(savedAt);
  });

  test.each([
    ["nothing", ""],
    ["half of it", TEXT.slice(0, 60)],
    ["null", "null"],
    ...[
      { document: undefined },
      { document: 1 },
      { document: "{}" },
      { saved_at: undefined },
      { saved_at: 1 },
      { saved_at: "yesterday" },
    ].map((fields) => [JSON.stringify(fields), textWith(fields)] as const),
  ])("is not read from %s", (_, text) => {
    expect(readNote(text)).toBeNull();
  });
});
