import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Ledger, ledgerOf, windowOf } from "../../src/core/claim/ledger.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { saveLedger, settleLedger } from "../../src/login/store-outcome.ts";
import type { WriteBack } from "../../src/login/write-back.ts";
import { MemoryLog } from "../action/ports/log.ts";
import { MemoryLedger } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const BEFORE = new Date("2026-11-22T10:00:00.000Z");
const AFTER = new Date("2026-11-22T11:00:00.000Z");
const FAILURE = new Failure("github-unreachable", "no", "no");
const LEDGER = ledgerOf({
  login: loginNamed("next"),
  predecessor: loginNamed("one"),
  claim: { name: "X", holder: "a" },
  before: BEFORE,
  writes: [windowOf(BEFORE, 1000)],
});

let ledgerFile: MemoryLedger;
let log: MemoryLog;

beforeEach(() => {
  ledgerFile = new MemoryLedger();
  log = new MemoryLog();
});

function settle(outcome: WriteBack): ReturnType<typeof settleLedger> {
  return settleLedger({ ledgerFile, log }, { ledger: LEDGER, outcome, inHandoff: true });
}

function settled(before: Date): Ledger {
  return { ...LEDGER, before, claim: null, stored: true, writes: [] };
}

describe("a login that is stored", () => {
  test.each([
    ["since a time that is known", AFTER, AFTER],
    ["since a time that is not known: the time before it stays", null, BEFORE],
  ])("%s", async (_, updatedAt, before) => {
    expect(await settle({ kind: "stored", updatedAt })).toEqual({ kind: "stored", ledger: settled(before) });

    expect(ledgerFile.ledger).toEqual(settled(before));
    expect(log.lines).toEqual([]);
  });

  test("by another job, which has gone on from it, is stored for this one, too", async () => {
    expect(await settle({ kind: "settled" })).toEqual({ kind: "stored", ledger: settled(BEFORE) });

    expect(ledgerFile.ledger).toEqual(settled(BEFORE));
    expect(log.lines).toEqual([
      "Another job has taken this login over from the handoff, and went on from there.",
    ]);
  });
});

describe("a login that is not stored", () => {
  test("stays as the ledger has it, for the next phase", async () => {
    const pending = { kind: "pending", failure: FAILURE, rescue: "gh api …" } as const;

    expect(await settle(pending)).toEqual({ ...pending, ledger: LEDGER, inHandoff: true });
    expect(ledgerFile.ledger).toBeNull();
  });

  test("since somebody else has written the secret, is not to be stored later", async () => {
    const refused = { kind: "refused", failure: FAILURE, rescue: null } as const;

    expect(await settle(refused)).toEqual({ ...refused, ledger: LEDGER });
    expect(ledgerFile.ledger).toBeNull();
  });
});

describe("a ledger", () => {
  test("that is saved is the next phase's", async () => {
    expect(await saveLedger({ ledgerFile, log }, LEDGER)).toBe(true);
    expect(ledgerFile.ledger).toEqual(LEDGER);
    expect(log.lines).toEqual([]);
  });

  test("that the disk does not take is no failure: that is said", async () => {
    ledgerFile.save = async () => {
      throw new Error("full");
    };

    expect(await saveLedger({ ledgerFile, log }, LEDGER)).toBe(false);
    expect(log.lines).toEqual(["The ledger of this job could not be written to disk."]);
  });
});
