import { describe, expect, test } from "@jest/globals";
import {
  isWithin,
  type Ledger,
  ledgerOf,
  readLedger,
  windowOf,
  writeLedger,
} from "../../../src/core/claim/ledger.ts";
import { generation } from "../login/documents.ts";

const from = new Date("2026-11-22T09:48:00Z");
const to = new Date("2026-11-22T09:48:10Z");
const LEDGER: Ledger = {
  login: generation(1),
  predecessor: generation(0),
  claim: { name: "CODEX_AUTH_CLAIM_0123456789ABCDEF0123", holder: "0123456789abcdef0123456789abcdef" },
  before: from,
  stored: true,
  writes: [{ from, to }],
};

function textWith(fields: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(writeLedger(LEDGER)), ...fields });
}

function linesOf(ledger: Ledger | null): unknown {
  const { login, predecessor, ...rest } = ledger ?? LEDGER;
  return { ...rest, login: login.line().reveal(), predecessor: predecessor?.line().reveal() };
}

describe("a ledger", () => {
  test.each<Partial<Ledger>>([
    {},
    { predecessor: null },
    { claim: null },
    { stored: false },
    { writes: [] },
    {
      writes: [
        { from, to },
        { from: to, to },
      ],
    },
  ])("is read as it was written with %j", (fields) => {
    const ledger = { ...LEDGER, ...fields };

    const read = readLedger(writeLedger(ledger));

    expect(read).not.toBeNull();
    expect(linesOf(read)).toEqual(linesOf(ledger));
    expect(read?.predecessor === null).toBe(ledger.predecessor === null);
  });

  test.each([
    ["nothing", ""],
    ["half of it", writeLedger(LEDGER).slice(0, 60)],
    ["null", "null"],
    ...[
      { document: undefined },
      { document: 1 },
      { document: "{}" },
      { before: undefined },
      { before: 1 },
      { before: "yesterday" },
      { stored: undefined },
      { stored: "true" },
    ].map((fields) => [JSON.stringify(fields), textWith(fields)] as const),
  ])("is not read from %s", (_, text) => {
    expect(readLedger(text)).toBeNull();
  });

  test.each([{ predecessor: 1 }, { predecessor: "{}" }, { predecessor: undefined }])(
    "without a predecessor that it can read, as %j, has none",
    (fields) => {
      expect(readLedger(textWith(fields))).toMatchObject({ predecessor: null });
    },
  );

  test.each([
    undefined,
    null,
    "NAME",
    1,
    {},
    { name: "NAME" },
    { holder: "holder" },
    { name: 1, holder: "h" },
  ])("has no claim of ours in %j", (claim) => {
    expect(readLedger(textWith({ claim }))).toMatchObject({ claim: null });
  });

  test.each([
    [undefined],
    [1],
    [[null]],
    [[{ from: from.toISOString() }]],
    [[{ to: to.toISOString() }]],
    [[{ from: "yesterday", to: to.toISOString() }]],
  ])("knows no time of a write in %j", (writes) => {
    expect(readLedger(textWith({ writes }))).toMatchObject({ writes: [] });
  });
});

describe("the seconds in which a write may have landed", () => {
  const window = windowOf(from, 10_000);

  test("begin three seconds before it, and end three after it, because GitHub's servers need not agree", () => {
    expect(window).toEqual({
      from: new Date("2026-11-22T09:47:57Z"),
      to: new Date("2026-11-22T09:48:13Z"),
    });
  });

  test.each([
    ["2026-11-22T09:47:56.999Z", false],
    ["2026-11-22T09:47:57Z", true],
    ["2026-11-22T09:48:13Z", true],
    ["2026-11-22T09:48:13.001Z", false],
  ])("are these at %s: %s", (at, isIn) => {
    expect(isWithin(window, new Date(at))).toBe(isIn);
  });
});

test("a new ledger has no claim, and nothing is stored or written", () => {
  const facts = { login: generation(1), predecessor: null, before: from };

  expect(ledgerOf(facts)).toEqual({ ...facts, claim: null, stored: false, writes: [] });
  expect(ledgerOf({ ...facts, stored: true })).toMatchObject({ stored: true });
});
