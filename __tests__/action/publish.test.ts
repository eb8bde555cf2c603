import { beforeEach, describe, expect, test } from "@jest/globals";
import { SECRET } from "./keepers.ts";
import { RotatedJob } from "./rotated-job.ts";

let job: RotatedJob;

beforeEach(() => {
  job = new RotatedJob();
});

function inStore(): string | undefined {
  return job.keepers.store.secrets.get(SECRET)?.value;
}

describe("a document that was rotated", () => {
  test("is in the store, and whoever was handed its predecessor finds it in the hand-over", async () => {
    const { handover, login } = job.keepers;

    const outcome = await job.publish();

    expect(inStore()).toBe(job.next.line().reveal());
    expect(outcome).toMatchObject({
      kind: "published",
      ledger: { published: true, expectedUpdatedAt: job.updatedAt(), attempts: [{ outcome: "written" }] },
    });
    expect(job.ledgerFile.ledger).toEqual(outcome.ledger);
    expect(handover.under(login)).toMatchObject([
      { kind: "successor", witness: { kind: "confirmed", updatedAt: job.updatedAt() } },
    ]);
    expect(handover.under(job.next)).toMatchObject([{ kind: "confirmation", updatedAt: job.updatedAt() }]);
  });

  test("stays base64 where the secret was base64", async () => {
    await job.publish({}, { encoding: "base64" });

    expect(inStore()).toBe(Buffer.from(job.next.line().reveal()).toString("base64"));
  });

  test("is sealed with the key that is known already, although GitHub does not tell it again", async () => {
    const { key } = job.keepers.store;
    job.breakDown(["KEY"], 502);

    const outcome = await job.publish({ key, patienceMs: 0 });

    expect(outcome.kind).toBe("published");
  });

  test("is announced in the ledger, by the server's clock, before GitHub is asked to write it", async () => {
    const { clock, store } = job.keepers;
    clock.wrongByMs = -86_400_000;
    let announced: unknown;
    let askedAt = new Date(0);
    store.interfere = (request) => {
      if (request !== "PUT") return;
      announced = job.ledgerFile.ledger?.attempts;
      askedAt = clock.rightNow();
    };

    const outcome = await job.publish();

    const startedAt = new Date(askedAt.getTime() - 100);
    expect(announced).toEqual([{ startedAt, endedAt: null, updatedAt: null, outcome: "unanswered" }]);
    expect(outcome.ledger.attempts).toEqual([
      { startedAt, endedAt: askedAt, updatedAt: job.updatedAt(), outcome: "written" },
    ]);
  });

  test("is stored although the ledger cannot be written", async () => {
    const save = async (): Promise<void> => {
      throw new Error("ENOSPC");
    };

    const outcome = await job.publish({}, { ledgerFile: { load: async () => null, save } });

    expect(outcome).toMatchObject({ kind: "published", ledger: { attempts: [{ outcome: "written" }] } });
    expect(inStore()).toBe(job.next.line().reveal());
    expect(job.keepers.log.lines).toContain("The ledger of this job could not be written to disk.");
  });

  test("that is stored already is not written again", async () => {
    const { ledger } = await job.publish();
    const writtenAt = job.updatedAt();
    job.keepers.clock.advance(60_000);

    const again = await job.publish({ ledger: { ...ledger, expectedUpdatedAt: job.seededAt } });

    expect(again.kind).toBe("published");
    expect(job.updatedAt()).toEqual(writtenAt);
  });

  test("follows another one of this job under which its own write moved the expectation", async () => {
    const { ledger } = await job.publish();
    job.keepers.clock.advance(60_000);
    const document = job.keepers.issuer.rotate();

    const outcome = await job.publish({
      ledger: { ...ledger, document, predecessor: job.next, published: false },
    });

    expect(outcome).toMatchObject({ kind: "published", ledger: { expectedUpdatedAt: job.updatedAt() } });
    expect(outcome.ledger.attempts).toHaveLength(2);
    expect(outcome.ledger.attempts[0]).toEqual(ledger.attempts[0]);
    expect(inStore()).toBe(document.line().reveal());
  });
});

describe("a secret that somebody else has written", () => {
  test("is left alone, and the document waits in the hand-over", async () => {
    const { handover, login } = job.keepers;
    const foreign = job.seedElsewhere();

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-changed-elsewhere" } });
    expect(outcome).toMatchObject({ failure: { message: expect.stringContaining("octo/app") } });
    expect(inStore()).toBe(foreign);
    expect(handover.under(login)).toMatchObject([
      { kind: "successor", witness: { kind: "replaces", updatedAt: job.seededAt } },
    ]);
    expect(handover.under(job.next)).toEqual([]);
  });

  test("while we waited to try again is left alone", async () => {
    const { clock } = job.keepers;
    const sleep = clock.sleep.bind(clock);
    let foreign = "";
    job.breakDown(["PUT"], 503, 60_000);
    clock.sleep = async (ms) => {
      await sleep(ms);
      foreign = job.seedElsewhere();
    };

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-changed-elsewhere" } });
    expect(inStore()).toBe(foreign);
  });

  test("in the moment of a write that GitHub refused us is not taken for ours", async () => {
    const standUp = job.breakDown(["PUT"], 403);
    const { ledger } = await job.publish();
    standUp();
    const foreign = job.seedElsewhere();

    const again = await job.publish({ ledger });

    expect(ledger.attempts).toMatchObject([{ outcome: "failed", updatedAt: null }]);
    expect(again).toMatchObject({ kind: "refused", failure: { code: "secret-changed-elsewhere" } });
    expect(inStore()).toBe(foreign);
  });
});

describe("a store that another keeper has healed from the hand-over", () => {
  test.each([
    ["our document", 0],
    ["a successor of ours", 1],
    ["the successor of a successor", 2],
  ])("with %s counts as published, and that document is the job's", async (_what, rotations) => {
    const { handover, issuer, log } = job.keepers;
    job.seedElsewhere();
    const confirmed = { kind: "confirmed", updatedAt: job.updatedAt() } as const;
    const savedAt = job.updatedAt();
    let [predecessor, newest] = [job.keepers.login, job.next];
    for (let rotation = 0; rotation < rotations; rotation++) {
      [predecessor, newest] = [newest, issuer.rotate()];
      await handover.save(predecessor, { kind: "successor", document: newest, witness: confirmed, savedAt });
    }
    await handover.save(newest, { kind: "confirmation", updatedAt: job.updatedAt(), savedAt });

    const outcome = await job.publish();

    expect(outcome).toMatchObject({
      kind: "published",
      ledger: { published: true, expectedUpdatedAt: job.updatedAt(), attempts: [] },
    });
    expect(outcome.ledger.document.generation).toBe(newest.generation);
    expect(outcome.ledger.predecessor?.generation).toBe(predecessor.generation);
    expect(job.ledgerFile.ledger).toEqual(outcome.ledger);
    expect(log.masked).toEqual(expect.arrayContaining(newest.tokens.map((token) => token.reveal())));
    expect(inStore()).toContain("somebody else's");
    expect(log.lines.join("\n")).toContain("Another keeper");
  });

  test.each([
    ["an earlier write of it", "confirmed", -1000],
    ["that it is still to be replaced", "replaces", 0],
  ] as const)("is not one of which the hand-over only says %s", async (_what, kind, offMs) => {
    const { handover, issuer } = job.keepers;
    const foreign = job.seedElsewhere();
    const updatedAt = new Date(job.updatedAt().getTime() + offMs);
    const note = { kind: "successor", document: issuer.rotate(), savedAt: updatedAt } as const;
    await handover.save(job.next, { ...note, witness: { kind, updatedAt } });

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-changed-elsewhere" } });
    expect(outcome.ledger.document.generation).toBe(job.next.generation);
    expect(inStore()).toBe(foreign);
  });
});

describe("a secret that is not there", () => {
  test("is not created", async () => {
    const { store, handover, login } = job.keepers;
    store.secrets.clear();

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-not-found" } });
    expect([...store.secrets.keys()]).toEqual([]);
    expect(handover.under(login)).toHaveLength(1);
  });

  test("because it was deleted while we looked is deleted again", async () => {
    const { store, handover, login } = job.keepers;
    store.interfere = (request) => {
      if (request === "PUT") store.secrets.clear();
    };

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-not-found" } });
    expect(outcome.ledger.published).toBe(false);
    expect([...store.secrets.keys()]).toEqual([]);
    expect(handover.under(login)).toMatchObject([{ witness: { kind: "replaces" } }]);
  });

  test("because it was deleted right after our write stays deleted", async () => {
    const { store } = job.keepers;
    store.interfere = (request) => {
      if (request === "PUT answer") store.secrets.clear();
    };

    const outcome = await job.publish();

    expect(outcome).toMatchObject({ kind: "refused", failure: { code: "secret-not-found" } });
    expect(outcome.ledger.published).toBe(false);
    expect([...store.secrets.keys()]).toEqual([]);
  });
});

describe("something that nobody foresaw", () => {
  test.each(["GET", "KEY", "PUT"])("in a %s comes out as it is", async (where) => {
    job.keepers.store.interfere = (request) => {
      if (request === where) throw new TypeError("a bug");
    };

    await expect(job.publish()).rejects.toThrow("a bug");
  });

  test("while GitHub was asked to write leaves the attempt open, because it may have been made", async () => {
    job.keepers.store.interfere = (request) => {
      if (request === "PUT answer") throw new TypeError("a bug");
    };

    await job.publish().catch(() => {});

    expect(job.ledgerFile.ledger?.attempts).toMatchObject([{ outcome: "unanswered" }]);
    expect(await job.publish({ ledger: job.ledgerFile.ledger ?? job.ledger })).toMatchObject({
      kind: "published",
    });
  });
});

/** Kills the job at the given event: from then on nothing that it asks for happens. */
function killAt(event: number): { readonly killed: boolean } {
  const { store, handover } = job.keepers;
  const fate = { killed: false, events: 0 };
  const happen = (): void => {
    fate.killed ||= fate.events++ === event;
    if (fate.killed) throw new Error("killed");
  };
  const [saveNote, saveLedger] = [handover.save.bind(handover), job.ledgerFile.save];
  store.interfere = happen;
  handover.save = async (under, note) => {
    happen();
    return saveNote(under, note);
  };
  job.ledgerFile.save = async (ledger) => {
    happen();
    return saveLedger(ledger);
  };
  return fate;
}

test.each(Array.from({ length: 10 }, (_, event) => event))(
  "a job that dies at event %i of a publish is finished by its post",
  async (event) => {
    const { clock, store, handover, login } = job.keepers;
    const { save } = job.ledgerFile;
    const saveNote = handover.save.bind(handover);
    const fate = killAt(event);
    await job.publish().catch(() => {});
    clock.advance(2_000);
    store.interfere = () => {};
    handover.save = saveNote;
    job.ledgerFile.save = save;

    const post = await job.publish({ ledger: job.ledgerFile.ledger ?? job.ledger });

    expect(fate.killed).toBe(true);
    expect(post.kind).toBe("published");
    expect(inStore()).toBe(job.next.line().reveal());
    expect(handover.under(login).at(-1)).toMatchObject({
      kind: "successor",
      witness: { kind: "confirmed", updatedAt: job.updatedAt() },
    });
    expect(handover.under(job.next).at(-1)).toMatchObject({
      kind: "confirmation",
      updatedAt: job.updatedAt(),
    });
  },
);
