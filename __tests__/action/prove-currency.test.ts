import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  askChain,
  explainMissingProof,
  type ProofCollaborators,
  type ProofRequest,
  proveCurrency,
  secretNotFound,
  storeUpdatedAt,
} from "../../src/action/prove-currency.ts";
import type { ReadTime } from "../../src/core/currency.ts";
import type { Ledger } from "../../src/core/ledger.ts";
import type { RunInformation } from "../../src/ports.ts";
import { Keepers, PLACE, SECRET } from "./keepers.ts";

const HOUR_MS = 3_600_000;
const ENVIRONMENT = { ...PLACE, environment: "codex" };
const NOT_ALLOWED: ReadTime = { kind: "unknown", because: "permission" };

let keepers: Keepers;
let storedAt: Date;

beforeEach(() => {
  keepers = new Keepers();
  storedAt = keepers.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
});

/** What GitHub says of the run; by default that it was created now. */
function runIs(told: Partial<RunInformation> = {}): RunInformation {
  const at = keepers.clock.rightNow();
  return {
    isRerun: false,
    readTime: async () => ({ kind: "known", at }),
    concurrency: async () => null,
    visibility: async () => null,
    mayWrite: async () => null,
    ...told,
  };
}

function prove(
  instead: Partial<ProofCollaborators> = {},
  request: Partial<ProofRequest> = {},
): ReturnType<typeof proveCurrency> {
  const { clock, handover, login, store } = keepers;
  return proveCurrency(
    { handover, runInformation: runIs(), clock, place: PLACE, ...instead },
    {
      handed: login,
      ledger: null,
      session: store.open(),
      beganMonotonicMs: clock.monotonicMs(),
      ...request,
    },
  );
}

function ledgerOf(change: Partial<Ledger>): Ledger {
  const { login } = keepers;
  return {
    document: login,
    predecessor: null,
    expectedUpdatedAt: storedAt,
    published: true,
    attempts: [],
    ...change,
  };
}

describe("the document that a run was handed", () => {
  test("is current when the store was written before the run read it", async () => {
    const proof = await prove();

    expect(proof.currency).toMatchObject({ kind: "current", witness: "clock" });
    expect(proof.updatedAt).toEqual(storedAt);
    expect(proof.chain).toMatchObject({ newest: keepers.login, complete: true });
  });

  test("is stale when the store was written after that", async () => {
    const runInformation = runIs();
    keepers.clock.advance(HOUR_MS);
    keepers.store.set(SECRET, "of somebody else");

    const { currency } = await prove({ runInformation });

    expect(currency).toMatchObject({ kind: "stale", missing: "store-is-newer" });
  });

  test("is current when the hand-over confirms it, whatever the run's age", async () => {
    const { handover, login } = keepers;
    await handover.save(login, { kind: "confirmation", updatedAt: storedAt, savedAt: storedAt });

    const { currency } = await prove({
      runInformation: runIs({ readTime: async () => ({ kind: "unknown", because: "unreachable" }) }),
    });

    expect(currency).toMatchObject({ kind: "current", witness: "handover" });
  });

  test("is stale where the hand-over did not answer", async () => {
    keepers.handover.state = "down";

    const { currency } = await prove();

    expect(currency).toMatchObject({ kind: "stale", missing: "handover-not-learnt" });
  });

  test("is to be healed where the store still holds what its successor replaces", async () => {
    const { handover, issuer, login } = keepers;
    const document = issuer.rotate();
    const witness = { kind: "replaces", updatedAt: storedAt } as const;
    await handover.save(login, { kind: "successor", document, witness, savedAt: storedAt });

    const { currency } = await prove();

    expect(currency).toEqual({ kind: "heal", document, predecessor: login });
  });

  test("proves nothing about a secret that is gone", async () => {
    keepers.store.secrets.clear();

    await expect(prove()).rejects.toMatchObject({ code: "secret-not-found" });
  });
});

describe("the time when the secret was read", () => {
  test.each([
    ["repository", PLACE],
    ["environment", ENVIRONMENT],
  ])("is asked for a secret of the %s", async (scope, place) => {
    const readTime = async (asked: string): Promise<ReadTime> =>
      asked === scope ? { kind: "known", at: keepers.clock.rightNow() } : NOT_ALLOWED;

    const { currency } = await prove({ place, runInformation: runIs({ readTime, isRerun: true }) });

    expect(currency.kind).toBe("current");
  });

  test.each([
    ["a minute and a second", 61_000, "current"],
    ["a minute", 60_000, "stale"],
    ["a moment", 0, "stale"],
  ])(
    "of an environment is a minute before our first phase where GitHub may not say; stored %s before: %s",
    async (_what, beforeMs, kind) => {
      const { clock, login, store } = keepers;
      clock.wrongByMs = -5 * HOUR_MS;
      store.set(SECRET, login.line().reveal());
      clock.advance(beforeMs);
      const beganMonotonicMs = clock.monotonicMs();
      clock.advance(HOUR_MS);
      const runInformation = runIs({ readTime: async () => NOT_ALLOWED });

      const { currency } = await prove({ place: ENVIRONMENT, runInformation }, { beganMonotonicMs });

      expect(currency.kind).toBe(kind);
    },
  );

  test.each([
    ["a repository's secret", PLACE, false, "permission", "read-time-permission"],
    ["a re-run", ENVIRONMENT, true, "permission", "read-time-permission"],
    ["an answer that did not come", ENVIRONMENT, false, "unreachable", "read-time-unknown"],
    ["jobs of the same name", ENVIRONMENT, false, "ambiguous", "read-time-unknown"],
  ] as const)("is not guessed for %s", async (_what, place, isRerun, because, missing) => {
    const runInformation = runIs({ isRerun, readTime: async () => ({ kind: "unknown", because }) });

    const { currency } = await prove({ place, runInformation });

    expect(currency).toMatchObject({ kind: "stale", missing });
  });
});

describe("the ledger of an earlier step", () => {
  test("is a witness for the document that it has stored", async () => {
    const { issuer, login, store, clock } = keepers;
    const runInformation = runIs();
    const document = issuer.rotate();
    clock.advance(HOUR_MS);
    store.set(SECRET, document.line().reveal());
    const expectedUpdatedAt = store.secrets.get(SECRET)?.updatedAt ?? storedAt;
    const ledger = ledgerOf({ document, predecessor: login, expectedUpdatedAt });

    const { currency, chain } = await prove({ runInformation }, { ledger });

    expect(currency).toEqual({ kind: "current", document, witness: "handover" });
    expect(chain.predecessor).toBe(login);
  });

  test("says of a document that it has not stored what it is to replace", async () => {
    const { issuer, login } = keepers;
    const document = issuer.rotate();

    const { currency } = await prove(
      {},
      { ledger: ledgerOf({ document, predecessor: login, published: false }) },
    );

    expect(currency).toEqual({ kind: "heal", document, predecessor: login });
  });

  test("is overtaken by a successor that the hand-over names", async () => {
    const { handover, issuer, login } = keepers;
    const [document, successor] = [issuer.rotate(), issuer.rotate()];
    const confirmed = { kind: "confirmed", updatedAt: new Date(0) } as const;
    await handover.save(document, {
      kind: "successor",
      document: successor,
      witness: confirmed,
      savedAt: storedAt,
    });

    const chain = await askChain(
      { handed: login, ledger: ledgerOf({ document, predecessor: login }) },
      handover,
    );

    expect(chain).toEqual({
      newest: successor,
      predecessor: document,
      witnesses: [confirmed],
      complete: true,
    });
  });

  test("joins what the hand-over says of the same document", async () => {
    const { handover, login } = keepers;
    const updatedAt = new Date(0);
    await handover.save(login, { kind: "confirmation", updatedAt, savedAt: storedAt });

    const chain = await askChain({ handed: login, ledger: ledgerOf({}) }, handover);

    expect(chain.witnesses).toEqual([
      { kind: "confirmed", updatedAt },
      { kind: "confirmed", updatedAt: storedAt },
    ]);
  });

  test("does not make up for a hand-over that was not learnt", async () => {
    const { handover, login } = keepers;
    handover.state = "down";

    const chain = await askChain({ handed: login, ledger: ledgerOf({}) }, handover);

    expect(chain.complete).toBe(false);
  });
});

describe("a person is told", () => {
  test("which secret is missing, and which inputs name it", async () => {
    const failure = secretNotFound(ENVIRONMENT);

    expect(failure).toMatchObject({
      code: "secret-not-found",
      message: expect.stringMatching(/CODEX_AUTH_JSON of environment codex.*never creates/),
      hint: expect.stringMatching(/`secret-name`.*`environment`.*Seed/),
    });
    keepers.store.secrets.clear();
    await expect(storeUpdatedAt(keepers.store.open(), ENVIRONMENT)).rejects.toEqual(failure);
  });

  test.each([
    ["store-is-newer", "copy-stale", /new run \(not a re-run\)/],
    ["handover-not-learnt", "currency-unproven", /new run when the cache service is well/],
    ["read-time-permission", "currency-unproven", /Grant `actions: read`.*new run/],
    ["read-time-unknown", "currency-unproven", /Start a new run/],
  ] as const)("what to do where the proof is missing because of %s", (missing, code, hint) => {
    const failure = explainMissingProof(missing);

    expect(failure.code).toBe(code);
    expect(failure.hint).toMatch(hint);
    expect(failure.message).toContain("Nothing was refreshed");
  });
});
