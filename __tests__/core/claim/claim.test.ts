import { describe, expect, test } from "@jest/globals";
import {
  CLAIM_LIFETIME_MS,
  CLAIM_WORK_MS,
  type Claim,
  isClaimName,
  isGone,
  isOld,
  isSameTime,
  isSpent,
  readClaim,
  type SeenClaim,
  writeClaim,
} from "../../../src/core/claim/claim.ts";

const CLAIM: Claim = {
  holder: "0123456789abcdef0123456789abcdef",
  run: "12345",
  attempt: 2,
  secret: "CODEX_AUTH_JSON",
  ref: "refs/heads/topic",
  state: "stored",
  before: new Date("2026-11-22T09:48:00Z"),
  next: `CODEX_AUTH_CLAIM_${"0123456789".repeat(2)}`,
  after: new Date("2026-11-22T09:49:00Z"),
  released: true,
  wholeJob: true,
};
/** As a variable holds it. */
const TEXT =
  '{"v":1,"holder":"0123456789abcdef0123456789abcdef","run":"12345","attempt":2,"secret":"CODEX_AUTH_JSON",' +
  '"ref":"refs/heads/topic","state":"stored","before":"2026-11-22T09:48:00.000Z",' +
  '"next":"CODEX_AUTH_CLAIM_01234567890123456789","after":"2026-11-22T09:49:00.000Z","released":true,"wholeJob":true}';

function textWith(fields: Record<string, unknown>): string {
  return JSON.stringify({ ...JSON.parse(TEXT), ...fields });
}

describe("a claim", () => {
  test("is written as this line, and read from it", () => {
    expect(writeClaim(CLAIM)).toBe(TEXT);
    expect(readClaim(TEXT)).toEqual(CLAIM);
  });

  test.each<Partial<Claim>>([
    { state: "open", before: null, next: null, after: null },
    { state: "write" },
    { state: "rotated", released: false },
    { wholeJob: false },
    { run: "seed", ref: "default" },
    { next: "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R9" },
  ])("is read as it was written with %j", (fields) => {
    expect(readClaim(writeClaim({ ...CLAIM, ...fields }))).toEqual({ ...CLAIM, ...fields });
  });

  test.each([
    ["nothing", ""],
    ["half of it", TEXT.slice(0, 60)],
    ["null", "null"],
    ["a number", "1"],
    ["a text", '"text"'],
    ["a list", "[]"],
    ...[
      { v: 2 },
      { v: "1" },
      { holder: null },
      { holder: 1 },
      { holder: [CLAIM.holder] },
      { holder: CLAIM.holder.slice(1) },
      { holder: `${CLAIM.holder}0` },
      { holder: CLAIM.holder.toUpperCase() },
      { run: 12345 },
      { attempt: "2" },
      { attempt: 1.5 },
      { attempt: null },
      { secret: null },
      { ref: null },
      { state: "spent" },
      { state: null },
      { next: undefined },
      { next: 1 },
      { next: [CLAIM.next] },
      { next: "CODEX_AUTH_JSON" },
      { before: "yesterday" },
      { before: 0 },
      { before: undefined },
      { after: "yesterday" },
      { after: 0 },
      { after: undefined },
    ].map((fields) => [JSON.stringify(fields), textWith(fields)] as const),
  ])("is not read from %s", (_, text) => {
    expect(readClaim(text)).toBeNull();
  });

  test.each([undefined, null, "true", 1])("says neither `released` nor `wholeJob` with %j", (value) => {
    expect(readClaim(textWith({ released: value, wholeJob: value }))).toMatchObject({
      released: false,
      wholeJob: false,
    });
  });
});

describe("the name of a claim", () => {
  test.each([
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123",
    "codex_auth_claim_0123456789abcdef0123",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R1",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R9",
  ])("is %s", (name) => {
    expect(isClaimName(name)).toBe(true);
  });

  test.each([
    "",
    "CODEX_AUTH_CLAIM_",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF012",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF01234",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF012G",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R0",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R10",
    "CODEX_AUTH_CLAIM_0123456789ABCDEF0123_R",
    "MY_CODEX_AUTH_CLAIM_0123456789ABCDEF0123",
  ])("is not %j", (name) => {
    expect(isClaimName(name)).toBe(false);
  });
});

describe("a claim's holder", () => {
  const createdAt = new Date("2026-11-22T10:00:00Z");
  const young = new Date(createdAt.getTime() + CLAIM_LIFETIME_MS - 1);
  const old = new Date(createdAt.getTime() + CLAIM_LIFETIME_MS);
  const held: Claim = { ...CLAIM, state: "open", released: false, wholeJob: false };

  function seen(claim: Claim | null): SeenClaim {
    return { name: "CODEX_AUTH_CLAIM_0123456789ABCDEF0123", createdAt, claim };
  }

  test("stops two minutes before anybody takes over, after eight", () => {
    expect([CLAIM_WORK_MS, CLAIM_LIFETIME_MS]).toEqual([480_000, 600_000]);
  });

  test("may be at work for ten minutes to the millisecond", () => {
    expect(isOld(seen(held), young)).toBe(false);
    expect(isOld(seen(held), old)).toBe(true);
  });

  test.each<[gone: boolean, why: string, claim: Claim | null, now: Date, status: string, forced: boolean]>([
    [true, "that says so", { ...held, released: true }, young, "in-progress", false],
    [false, "of a young claim whose run has ended", held, young, "ended", true],
    [false, "of a young claim that cannot be read", null, young, "ended", true],
    [true, "of an old claim that cannot be read", null, old, "in-progress", false],
    [true, "whose run has ended", held, old, "ended", false],
    [true, "of a whole job whose run has ended", { ...held, wholeJob: true }, old, "ended", false],
    [false, "whose run is in progress", held, old, "in-progress", true],
    [false, "of whose run nothing is known", held, old, "unknown", false],
    [true, "of whose run nothing is known, for a forced refresh", held, old, "unknown", true],
    [false, "of a whole job of which nothing is known", { ...held, wholeJob: true }, old, "unknown", true],
  ])("is gone: %s, one %s", (gone, _, claim, now, status, forced) => {
    expect(isGone(seen(claim), { now, status: status as "ended", forced })).toBe(gone);
  });
});

test.each<[Claim["state"], boolean]>([
  ["open", false],
  ["write", false],
  ["rotated", true],
  ["stored", true],
])("a generation whose claim is `%s` is spent: %s", (state, spent) => {
  expect(isSpent({ ...CLAIM, state })).toBe(spent);
});

test("a generation without a claim is not spent", () => {
  expect(isSpent(null)).toBe(false);
});

test("two times are the same only if both are known", () => {
  const time = new Date("2026-11-22T10:00:00Z");

  expect(isSameTime(time, new Date(time))).toBe(true);
  expect(isSameTime(time, new Date(time.getTime() + 1000))).toBe(false);
  expect(isSameTime(time, null)).toBe(false);
  expect(isSameTime(null, time)).toBe(false);
  expect(isSameTime(null, null)).toBe(false);
});
