import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Attempt, isOurAttempt, type Ledger, readLedger, writeLedger } from "../../src/core/ledger.ts";
import { generation } from "./documents.ts";

const at = (time: string): Date => new Date(`2026-11-22T${time}Z`);
const attempt = (rest: Partial<Attempt>): Attempt => ({
  startedAt: at("10:00:00.700"),
  endedAt: at("10:00:02.000"),
  updatedAt: null,
  outcome: "unanswered",
  ...rest,
});
const ledger: Ledger = {
  document: generation(1),
  predecessor: generation(0),
  expectedUpdatedAt: at("09:00:00"),
  published: false,
  attempts: [
    attempt({}),
    attempt({ endedAt: null }),
    attempt({ updatedAt: at("10:00:01"), outcome: "written" }),
  ],
};
const written = JSON.parse(writeLedger(ledger)) as Record<string, unknown>;

/** With the documents as texts, which can be compared. */
function readable(ledger: Ledger | null): unknown {
  if (!ledger) return null;
  const { document, predecessor } = ledger;
  return { ...ledger, document: document.line().reveal(), predecessor: predecessor?.line().reveal() ?? null };
}

describe("a ledger", () => {
  test.each([
    ["with everything", ledger],
    ["with nothing yet", { ...ledger, predecessor: null, attempts: [] }],
    ["of a published document", { ...ledger, published: true }],
  ])("%s is read as it was written", (_what, ledger) => {
    expect(readable(readLedger(writeLedger(ledger)))).toEqual(readable(ledger));
  });

  test("keeps every attempt", () => {
    const date = fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true });
    const attempts = fc.array(
      fc.record({
        startedAt: date,
        endedAt: fc.option(date),
        updatedAt: fc.option(date),
        outcome: fc.constantFrom("written" as const, "failed" as const, "unanswered" as const),
      }),
    );

    fc.assert(
      fc.property(attempts, date, fc.boolean(), (attempts, expectedUpdatedAt, published) => {
        const read = readLedger(writeLedger({ ...ledger, attempts, expectedUpdatedAt, published }));
        expect(read).toMatchObject({ attempts, expectedUpdatedAt, published });
      }),
    );
  });

  test.each<[string, unknown]>([
    ["null", null],
    ["a number", 1],
    ["an array", []],
    ["an empty object", {}],
    ["no document", { ...written, document: undefined }],
    ["a document that is no text", { ...written, document: {} }],
    ["a document that is cut", { ...written, document: '{"auth_mode":"chatgpt"' }],
    ["a predecessor that is cut", { ...written, predecessor: "{" }],
    ["no expectation", { ...written, expectedUpdatedAt: undefined }],
    ["an expectation of no date", { ...written, expectedUpdatedAt: "soon" }],
    ["an expectation in seconds", { ...written, expectedUpdatedAt: 1_795_000_000 }],
    ["no word on whether it is published", { ...written, published: "yes" }],
    ["no attempts", { ...written, attempts: {} }],
    ["an attempt that is null", { ...written, attempts: [null] }],
    ["an attempt of another outcome", { ...written, attempts: [{ ...attempt({}), outcome: "lost" }] }],
    ["an attempt that never started", { ...written, attempts: [{ ...attempt({}), startedAt: null }] }],
    ["an attempt that ended at no time", { ...written, attempts: [{ ...attempt({}), endedAt: "CANARY" }] }],
    ["an attempt without an end", { ...written, attempts: [{ ...attempt({}), endedAt: undefined }] }],
    ["an attempt confirmed at no time", { ...written, attempts: [{ ...attempt({}), updatedAt: 5 }] }],
  ])("is not read from %s", (_what, json) => {
    expect(readLedger(JSON.stringify(json))).toBeNull();
  });

  test.each(["", "CANARY", writeLedger(ledger).slice(0, -5)])(
    "is not read from what is no JSON (%#)",
    (text) => {
      expect(readLedger(text)).toBeNull();
    },
  );
});

describe("an updated_at is our own work", () => {
  test.each<[string, Attempt, string, boolean]>([
    ["in the whole second a lost answer began in", attempt({}), "10:00:00", true],
    ["five seconds after it was given up", attempt({}), "10:00:07", true],
    ["but not the second before it began", attempt({}), "09:59:59", false],
    ["but not later than that", attempt({}), "10:00:08", false],
    ["up to fifteen seconds after one we were killed in", attempt({ endedAt: null }), "10:00:15", true],
    ["but not in the sixteenth", attempt({ endedAt: null }), "10:00:16", false],
    ["but not before one we were killed in", attempt({ endedAt: null }), "09:59:59", false],
    ["when it was confirmed", attempt({ updatedAt: at("10:00:01"), outcome: "written" }), "10:00:01", true],
    [
      "but not beside a confirmed one, inside its window",
      attempt({ updatedAt: at("10:00:01"), outcome: "written" }),
      "10:00:02",
      false,
    ],
    ["but not inside the window of one that was refused", attempt({ outcome: "failed" }), "10:00:01", false],
    [
      "inside the window of a written one that nobody confirmed",
      attempt({ outcome: "written" }),
      "10:00:01",
      true,
    ],
  ])("%s", (_when, attempt, time, ours) => {
    expect(isOurAttempt([attempt], at(time))).toBe(ours);
  });

  test("when any attempt was it, and never without one", () => {
    const attempts = [attempt({ outcome: "failed" }), attempt({}), attempt({ outcome: "failed" })];

    expect(isOurAttempt(attempts, at("10:00:03"))).toBe(true);
    expect(isOurAttempt([], at("10:00:03"))).toBe(false);
  });
});
