import { beforeEach, describe, expect, test } from "@jest/globals";
import { LOCK_NAME } from "../../src/action/lock.ts";
import { Document } from "../../src/core/document.ts";
import { Failure } from "../../src/core/failure.ts";
import { GitHubError } from "../../src/core/github-error.ts";
import { Keepers, MemoryLedger, SECRET } from "./keepers.ts";

const DAY_MS = 86_400_000;

let keepers: Keepers;

beforeEach(() => {
  keepers = new Keepers();
});

function storedAt(): Date | undefined {
  return keepers.store.secrets.get(SECRET)?.updatedAt;
}

/** What is left of a critical section: the note to post, files on disk, the lock, a session of the writer. */
function left(): {
  readonly state: unknown;
  readonly files: readonly string[];
  readonly lock: boolean;
  readonly sessions: number;
} {
  const { channel, files, store } = keepers;
  const state = channel.saved.get("critical-section");
  return {
    state: state ? JSON.parse(state) : null,
    files: [...files.contents.keys()].filter((path) => path.includes("critical-")),
    lock: store.secrets.has(LOCK_NAME),
    sessions: store.openSessions,
  };
}

const NOTHING = { state: null, files: [], lock: false, sessions: 0 };

function refuseWrites(status: number): void {
  keepers.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("no", { status });
  };
}

describe("a critical section", () => {
  test("rotates the login, stores it twice, and leaves nothing behind", async () => {
    const { handover, issuer, log, login, stored } = keepers;
    const ledgerFile = new MemoryLedger();

    const outcome = await keepers.newRun("auto", { ledgerFile })();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: true, publication: { kind: "published" } });
    expect(keepers.stored.refreshToken.reveal()).toBe(issuer.living);
    expect(stored.generation).toBe(login.generation);
    expect(handover.under(login)).toMatchObject([{ witness: { kind: "confirmed" } }]);
    expect(ledgerFile.ledger).toMatchObject({ published: true, expectedUpdatedAt: storedAt() });
    expect(ledgerFile.ledger?.predecessor?.generation).toBe(login.generation);
    expect(log.lines).toEqual([
      `Codex rotated generation ${login.generation} to ${keepers.stored.generation} in 0 s (access token valid 9 days 23 h).`,
    ]);
    expect(log.masked).toContain(issuer.living);
    expect(left()).toEqual(NOTHING);
  });

  test("publishes new tokens under the same refresh token too, which is no rotation", async () => {
    const { issuer, log, login } = keepers;
    issuer.interfere = () => "renews";

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: false, publication: { kind: "published" } });
    expect(keepers.stored.accessToken.equals(login.accessToken)).toBe(false);
    expect(log.lines.join("\n")).toContain("kept the refresh token");
  });

  test("keeps a document that is current, and for which nothing is due after all", async () => {
    const { issuer, login, log } = keepers;
    const ledgerFile = new MemoryLedger();

    const outcome = await keepers.newRun("auto", { ledgerFile }, { due: () => false })();

    const ledger = {
      document: login,
      predecessor: null,
      expectedUpdatedAt: storedAt(),
      published: true,
      attempts: [],
    };
    expect(outcome).toMatchObject({ kind: "kept", ledger: { ...ledger, document: expect.anything() } });
    expect(ledgerFile.ledger?.document.generation).toBe(login.generation);
    expect(issuer.presented).toEqual([]);
    expect(log.lines).toEqual([]);
    expect(left()).toEqual(NOTHING);
  });

  test("takes the hand-over where the run's own secret is older", async () => {
    const { log } = keepers;
    const queued = keepers.newRun();
    await keepers.newRun()();
    log.lines.length = 0;

    const outcome = await queued();

    expect(outcome).toMatchObject({ kind: "kept", ledger: { published: true } });
    expect(outcome.kind === "kept" && outcome.ledger.document.generation).toBe(keepers.stored.generation);
    expect(log.lines).toEqual([
      expect.stringContaining(`Took generation ${keepers.stored.generation} from the hand-over`),
    ]);
  });

  test("tells post of the private home and of Codex before the token is spent", async () => {
    const { channel, files, issuer, login, store } = keepers;
    await files.write("/temp/home/config.toml", 'model = "gpt"');
    let lockAskedMs = Number.NaN;
    store.interfere = (request, name) => {
      if (request === "GET" && name === LOCK_NAME) lockAskedMs = keepers.clock.monotonicMs() - 100;
    };
    const states: unknown[] = [];
    const { saveState } = channel;
    channel.saveState = (name, value) => {
      saveState(name, value);
      if (issuer.presented.length === 0) states.push(value && JSON.parse(value));
    };
    let disk = new Map<string, string | Uint8Array>();
    issuer.interfere = () => {
      disk = new Map(files.contents);
      return "decides";
    };

    await keepers.newRun()();

    const directory = "/temp/base/login/critical-000000000000";
    const known = { directory, expectedUpdatedAt: "2026-11-22T10:00:00.000Z", lockTakenMs: lockAskedMs };
    expect(states).toEqual([
      { ...known, process: null },
      { ...known, process: { pid: 4711, startedAt: "1000" } },
    ]);
    for (const file of ["predecessor.json", "handed.json", "home/auth.json"])
      expect(Document.parse(String(disk.get(`${directory}/${file}`))).generation).toBe(login.generation);
    expect(disk.has(`${directory}/home/config.toml`)).toBe(false);
  });

  test("writes down that the new document is not stored yet before it is sent to GitHub", async () => {
    const { issuer, login, store } = keepers;
    const ledgerFile = new MemoryLedger();
    let announced = ledgerFile.ledger;
    store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && issuer.presented.length > 0)
        announced ??= ledgerFile.ledger;
    };
    const expectedUpdatedAt = storedAt();

    await keepers.newRun("auto", { ledgerFile })();

    expect(announced).toMatchObject({ published: false, expectedUpdatedAt, attempts: [] });
    expect(announced?.document.refreshToken.reveal()).toBe(issuer.living);
    expect(announced?.predecessor?.generation).toBe(login.generation);
  });

  test("warns of a private home that could not be removed, and goes on", async () => {
    const { files, log } = keepers;
    const remove = files.remove.bind(files);
    files.remove = async (path) => {
      if (/critical-\w+$/.test(path)) throw new Error("EBUSY");
      await remove(path);
    };

    const outcome = await keepers.newRun()();

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "published" } });
    expect(log.lines.join("\n")).toMatch(/warning: .*could not be removed/);
  });

  test("keeps post's note about the private home when something unforeseen happens", async () => {
    keepers.handover.save = async () => {
      throw new TypeError("a bug");
    };

    await expect(keepers.newRun()()).rejects.toThrow("a bug");

    expect(left()).toMatchObject({ state: { process: { pid: 4711 } }, lock: true, sessions: 0 });
  });
});

describe("before anything is spent", () => {
  test("a disk on which the ledger cannot be written ends the job", async () => {
    const save = async (): Promise<void> => {
      throw new Error("ENOSPC");
    };

    const run = keepers.newRun("auto", { ledgerFile: { load: async () => null, save } });

    await expect(run()).rejects.toMatchObject({ code: "home-unwritable" });
    expect(keepers.issuer.presented).toEqual([]);
    expect(left()).toEqual(NOTHING);
  });

  test("a cancelled job stops", async () => {
    const run = keepers.newRun("auto", { cancellation: { requested: () => true } });

    await expect(run()).rejects.toMatchObject({
      code: "cancelled",
      message: expect.stringContaining("before anything was refreshed"),
      hint: "Run it again.",
    });
    expect(keepers.issuer.presented).toEqual([]);
    expect(left()).toEqual(NOTHING);
  });

  test("a Codex that is missing ends the job, although its access token lives", async () => {
    const refresher = async (): Promise<never> => {
      throw new Failure("codex-missing", "There is no Codex.", "Install it.");
    };

    await expect(keepers.newRun("auto", { refresher })()).rejects.toMatchObject({ code: "codex-missing" });

    expect(left()).toEqual(NOTHING);
  });

  test.each([
    ["just enough", 330_000, "refreshed"],
    ["too little", 330_001, "borrowed"],
  ])("there must be time for a refresh and a write; with %s the job has %s", async (_what, sinceMs, kind) => {
    const { clock, issuer, store } = keepers;
    let takenMs = Number.NaN;
    store.interfere = (request, name) => {
      if (request === "GET" && name === LOCK_NAME) takenMs = clock.monotonicMs() - 100;
    };
    const refresher = async (): Promise<typeof issuer> => {
      clock.advance(takenMs + sinceMs - clock.monotonicMs());
      return issuer;
    };

    const outcome = await keepers.newRun("auto", { refresher })();

    expect(outcome.kind).toBe(kind);
    if (outcome.kind !== "borrowed") return;
    expect(outcome.because.message).toContain("no time left");
    expect(outcome.because.hint).toContain("run the job again");
  });
});

describe("after the rotation", () => {
  test("a ledger that cannot be written keeps nothing from being stored", async () => {
    const { issuer } = keepers;
    const save = async (): Promise<void> => {
      if (issuer.presented.length > 0) throw new Error("ENOSPC");
    };

    const outcome = await keepers.newRun("auto", { ledgerFile: { load: async () => null, save } })();

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "published" } });
    expect(keepers.stored.refreshToken.reveal()).toBe(issuer.living);
  });

  test("a job that is cancelled leaves further tries to post", async () => {
    const { clock, issuer } = keepers;
    const startMs = clock.monotonicMs();
    refuseWrites(502);
    const cancellation = { requested: () => issuer.presented.length > 0 };

    const outcome = await keepers.newRun("auto", { cancellation })();

    expect(outcome).toMatchObject({ kind: "refreshed", publication: { kind: "pending", handedOver: true } });
    expect(clock.monotonicMs() - startMs).toBeLessThan(5_000);
    expect(left()).toEqual(NOTHING);
  });
});

describe("a writer's token that ends soon", () => {
  test.each([
    ["by GitHub's clock", true, 30 * DAY_MS],
    ["by the machine's where GitHub does not tell", false, 0],
  ])("is told to the log and to post, %s", async (_what, tellsDate, wrongByMs) => {
    const { channel, clock, log, store } = keepers;
    store.tellsDate = tellsDate;
    store.tokenExpiresAt = new Date("2026-11-25T12:00:00Z");
    clock.wrongByMs = wrongByMs;

    const outcome = await keepers.newRun("auto", {}, { due: () => false, minimumLifetimeMs: 0 })();

    expect(outcome.kind).toBe("kept");
    expect(log.lines).toEqual([expect.stringMatching(/^warning: .*expires on 2026-11-25.* Make a new one/)]);
    expect(JSON.parse(channel.saved.get("notice") ?? "")).toMatchObject({ code: "writer-expires-soon" });
  });

  test("is not mentioned while there is time", async () => {
    const { channel, store } = keepers;
    store.tokenExpiresAt = new Date("2027-11-25T12:00:00Z");

    await keepers.newRun()();

    expect(channel.saved.has("notice")).toBe(false);
  });
});
