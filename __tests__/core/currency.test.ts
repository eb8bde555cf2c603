import { describe, expect, test } from "@jest/globals";
import type { Chain } from "../../src/core/chain.ts";
import { judgeCurrency, type ReadTime } from "../../src/core/currency.ts";
import type { StoreWitness } from "../../src/core/note.ts";
import { generation } from "./documents.ts";

const U = new Date("2026-11-22T10:00:00Z");
const EARLIER = new Date("2026-11-22T09:59:59Z");
const at = (time: string): ReadTime => ({ kind: "known", at: new Date(`2026-11-22T${time}Z`) });
const unknown = (because: "permission" | "unreachable" | "ambiguous"): ReadTime => ({
  kind: "unknown",
  because,
});
const LONG_AFTER = at("23:00:00");
const LONG_BEFORE = at("01:00:00");

const confirmed = (updatedAt: Date): StoreWitness => ({ kind: "confirmed", updatedAt });
const replaces = (updatedAt: Date): StoreWitness => ({ kind: "replaces", updatedAt });
const [handed, next] = [generation(0), generation(1)];
const alone = (witnesses: StoreWitness[] = [], complete = true): Chain => {
  return { newest: handed, predecessor: null, witnesses, complete };
};
const led = (witnesses: StoreWitness[], complete = true): Chain => {
  return { newest: next, predecessor: handed, witnesses, complete };
};

const byHandover = (document = next) => ({ kind: "current", document, witness: "handover" });
const byClock = { kind: "current", document: handed, witness: "clock" };
const heal = { kind: "heal", document: next, predecessor: handed };
const stale = (missing: string, newest = next) => ({ kind: "stale", newest, missing });

type Row = readonly [what: string, chain: Chain, readTime: ReadTime, verdict: object];

describe("a document without a known successor", () => {
  test.each<Row>([
    ["read the second after the store was written", alone(), at("10:00:01.000"), byClock],
    ["read long after", alone(), LONG_AFTER, byClock],
    ["read in the very second of the write", alone(), at("10:00:00.000"), stale("store-is-newer", handed)],
    ["read at the end of that second", alone(), at("10:00:00.999"), stale("store-is-newer", handed)],
    ["read before the write", alone(), LONG_BEFORE, stale("store-is-newer", handed)],
    ["read before the write, and confirmed to be it", alone([confirmed(U)]), LONG_BEFORE, byHandover(handed)],
    ["confirmed, with no read time at all", alone([confirmed(U)]), unknown("permission"), byHandover(handed)],
    ["confirmed for an earlier write, read after this one", alone([confirmed(EARLIER)]), LONG_AFTER, byClock],
    [
      "confirmed for an earlier write, read before this one",
      alone([confirmed(EARLIER)]),
      LONG_BEFORE,
      stale("store-is-newer", handed),
    ],
    [
      "with a read time that nobody may see",
      alone(),
      unknown("permission"),
      stale("read-time-permission", handed),
    ],
    [
      "with a read time that nobody told",
      alone(),
      unknown("unreachable"),
      stale("read-time-unknown", handed),
    ],
    ["with two read times", alone(), unknown("ambiguous"), stale("read-time-unknown", handed)],
  ])("%s", (_what, chain, readTime, verdict) => {
    expect(judgeCurrency({ chain, updatedAt: U, readTime })).toEqual(verdict);
  });
});

describe("a document with a successor", () => {
  test.each<Row>([
    ["that was written at U", led([confirmed(U)]), LONG_BEFORE, byHandover()],
    [
      "that was written at U, as the confirmation says",
      led([replaces(EARLIER), confirmed(U)]),
      LONG_BEFORE,
      byHandover(),
    ],
    ["that was to replace U and never was", led([replaces(U)]), LONG_BEFORE, heal],
    ["that was to replace U, read after it", led([replaces(U)]), LONG_AFTER, heal],
    ["that was to replace U, without a read time", led([replaces(U)]), unknown("permission"), heal],
    ["that was to replace an earlier write", led([replaces(EARLIER)]), LONG_AFTER, stale("store-is-newer")],
    [
      "that was written once, and then somebody else wrote",
      led([confirmed(EARLIER)]),
      LONG_AFTER,
      stale("store-is-newer"),
    ],
    [
      "that was to replace U and was confirmed at another time",
      led([replaces(U), confirmed(EARLIER)]),
      LONG_AFTER,
      stale("store-is-newer"),
    ],
    ["of which nothing is said", led([]), LONG_AFTER, stale("store-is-newer")],
  ])("%s", (_what, chain, readTime, verdict) => {
    expect(judgeCurrency({ chain, updatedAt: U, readTime })).toEqual(verdict);
  });
});

describe("a hand-over that was not learnt", () => {
  test.each<Row>([
    ["leaves the clock without a say", alone([], false), LONG_AFTER, stale("handover-not-learnt", handed)],
    [
      "leaves a confirmation without a say",
      alone([confirmed(U)], false),
      LONG_AFTER,
      stale("handover-not-learnt", handed),
    ],
    ["heals nothing", led([replaces(U)], false), LONG_AFTER, stale("handover-not-learnt")],
    ["proves nothing", led([confirmed(U)], false), LONG_AFTER, stale("handover-not-learnt")],
  ])("%s", (_what, chain, readTime, verdict) => {
    expect(judgeCurrency({ chain, updatedAt: U, readTime })).toEqual(verdict);
  });
});
