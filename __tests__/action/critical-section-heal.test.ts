import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Document } from "../../src/core/document.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { Keepers, MemoryLedger, SECRET } from "./keepers.ts";

let keepers: Keepers;

beforeEach(() => {
  keepers = new Keepers();
});

function storedAt(): Date | undefined {
  return keepers.store.secrets.get(SECRET)?.updatedAt;
}

/** A run before ours has rotated the login, and only the hand-over knows. */
async function leaveUnstored(): Promise<Document> {
  const { clock, handover, issuer, login } = keepers;
  const document = issuer.rotate();
  const witness = { kind: "replaces", updatedAt: storedAt() ?? clock.now() } as const;
  await handover.save(login, { kind: "successor", document, witness, savedAt: clock.now() });
  return document;
}

function refuseWrites(status: number): void {
  keepers.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("no", { status });
  };
}

describe("a document that an earlier run could not store", () => {
  test("is stored from the hand-over, and is the job's", async () => {
    const { issuer, log, login, handover } = keepers;
    const document = await leaveUnstored();
    const ledgerFile = new MemoryLedger();

    const outcome = await keepers.newRun("auto", { ledgerFile })();

    expect(outcome).toMatchObject({ kind: "kept", ledger: { published: true, attempts: [{}] } });
    expect(keepers.stored.generation).toBe(document.generation);
    expect(ledgerFile.ledger?.predecessor?.generation).toBe(login.generation);
    expect(handover.under(document)).toMatchObject([{ kind: "confirmation", updatedAt: storedAt() }]);
    expect(log.lines).toEqual([expect.stringMatching(`could not store generation ${document.generation}`)]);
    expect(log.masked).toContain(issuer.living);
  });

  test("is announced as not stored while it is on its way", async () => {
    await leaveUnstored();
    const ledgerFile = new MemoryLedger();
    let announced = ledgerFile.ledger;
    keepers.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) announced = ledgerFile.ledger;
    };

    await keepers.newRun("auto", { ledgerFile })();

    expect(announced).toMatchObject({ published: false, attempts: [{ outcome: "unanswered" }] });
    expect(announced?.attempts).toHaveLength(1);
  });

  test("is borrowed where it cannot be stored now either, and not rotated again", async () => {
    const { issuer } = keepers;
    const document = await leaveUnstored();
    refuseWrites(502);

    const outcome = await keepers.newRun("auto", {}, { due: () => true })();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "github-unreachable" } });
    expect(outcome.kind === "borrowed" && outcome.document.generation).toBe(document.generation);
    expect(issuer.presented).toEqual([]);
    expect([...keepers.store.secrets.keys()]).toEqual([SECRET]);
  });
});

describe("a document that an earlier step of this job could not store", () => {
  async function pendingLedger(): Promise<MemoryLedger> {
    const expectedUpdatedAt = storedAt() ?? new Date(0);
    const document = await leaveUnstored();
    const predecessor = keepers.login;
    return new MemoryLedger({ document, predecessor, expectedUpdatedAt, published: false, attempts: [] });
  }

  test("is stored first", async () => {
    const ledgerFile = await pendingLedger();

    const outcome = await keepers.newRun("auto", { ledgerFile })();

    expect(outcome).toMatchObject({ kind: "kept", ledger: { published: true, predecessor: {} } });
    expect(keepers.stored.refreshToken.reveal()).toBe(keepers.issuer.living);
    expect(ledgerFile.ledger).toMatchObject({ published: true, expectedUpdatedAt: storedAt() });
    expect(keepers.log.lines.join("\n")).not.toContain("An earlier run");
  });

  test("is borrowed when it cannot be stored now either", async () => {
    const ledgerFile = await pendingLedger();
    refuseWrites(502);

    const outcome = await keepers.newRun("auto", { ledgerFile })();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "github-unreachable" } });
    expect(outcome.kind === "borrowed" && outcome.document.refreshToken.reveal()).toBe(keepers.issuer.living);
    expect(keepers.issuer.presented).toEqual([]);
  });

  test("is not stored over somebody else's write", async () => {
    const ledgerFile = await pendingLedger();
    const run = keepers.newRun("auto", { ledgerFile });
    keepers.store.set(SECRET, "of somebody else");

    const outcome = await run();

    expect(outcome).toMatchObject({ kind: "borrowed", because: { code: "secret-changed-elsewhere" } });
    expect(keepers.store.secrets.get(SECRET)?.value).toBe("of somebody else");
  });

  test("that has been stored meanwhile is not stored again", async () => {
    const ledgerFile = new MemoryLedger();
    await keepers.newRun("auto", { ledgerFile })();
    const before = storedAt();
    keepers.clock.advance(60_000);

    const outcome = await keepers.newRun("auto", { ledgerFile })();

    expect(outcome).toMatchObject({ kind: "kept", ledger: { attempts: [] } });
    expect(storedAt()).toEqual(before);
  });
});
