import { beforeEach, describe, expect, test } from "@jest/globals";
import { readClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { readPrivateHome } from "../../src/login/private-home.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { BASE, codeOf, HOUR_MS, LOGIN, loginNamed, Step } from "./step.ts";

const PRIVATE = `${LOGIN}/critical-000000000000`;

let step: Step;
beforeEach(async () => {
  step = new Step();
  await step.pre();
});

/** What GitHub holds about the generation that the job was handed. */
function claim() {
  const value = step.store.variables.kept.get(claimName(step.login, PLACE))?.value;
  return value === undefined ? null : readClaim(value);
}

/** Main is killed while Codex refreshes; Codex lives on for a while, and then leaves that in its home. */
async function killWhileCodexRefreshes(livesMs: number, leaves: string | null): Promise<void> {
  step.refresher = {
    refresh: async ({ home, started }) => {
      const process = step.processes.start(home, livesMs, () => {
        if (leaves !== null) step.files.overwrite(`${home}/auth.json`, leaves);
      });
      await started(process);
      return step.kill();
    },
  };
  expect(await step.main()).toBe("killed");
}

describe("post after a main that was killed in its critical section", () => {
  const next = loginNamed("next", { issuedAt: new Date("2026-11-22T11:00:05.000Z") });

  test("waits for Codex, stores what it leaves, wipes, and settles the claim", async () => {
    await killWhileCodexRefreshes(20_000, next.whole().reveal());
    expect(claim()).toMatchObject({ state: "open" });
    const sessions = step.openSessions;

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(next)).toBe(true);
    expect(step.handedOver()?.isSameGeneration(next)).toBe(true);
    expect(claim()).toMatchObject({ state: "stored" });
    expect(step.openSessions).toBe(sessions);
    expect(step.log.masked).toContain(next.refreshToken.reveal());
    expect(step.channel.summaries[0]).toContain("Restored from the secret; **refreshed and stored**");
    expect(step.report?.alert ?? null).toBeNull();
    expect(step.channel.summaries[0]).toMatch(/\n\n- Stored in post\.\n\n/);
    expect(step.files.removed).toContain(PRIVATE);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
    expect(step.said("Waiting for Codex to finish")).toHaveLength(1);
  });

  test("finds Codex by its process where the system does not tell whose home it is", async () => {
    await killWhileCodexRefreshes(20_000, next.whole().reveal());
    step.processes.hidesHomes = true;

    await step.post();

    expect(step.stored.isSameGeneration(next)).toBe(true);
  });

  test("finds Codex by its home where main was killed before it could say which process", async () => {
    step.refresher = {
      refresh: async ({ home }) => {
        step.processes.start(home, 20_000, () =>
          step.files.overwrite(`${home}/auth.json`, next.whole().reveal()),
        );
        return step.kill();
      },
    };
    await step.main();
    expect(step.openSection?.process).toBeNull();

    await step.post();

    expect(step.stored.isSameGeneration(next)).toBe(true);
  });

  test("stores nothing where GitHub no longer names this job as the holder", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    const held = claim();
    if (held === null) throw new Error("there is no claim");
    const name = claimName(step.login, PLACE);
    await step.store.variables.update(name, JSON.stringify({ v: 1, ...held, holder: "f".repeat(32) }));

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-refused");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.handedOver()).toBeNull();
  });

  test("stores nothing that is not the generation the claim speaks of", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    const held = claim();
    if (held === null) throw new Error("there is no claim");
    const name = claimName(step.login, PLACE);
    const told = { v: 1, ...held, state: "rotated", next: claimName(loginNamed("another"), PLACE) };
    await step.store.variables.update(name, JSON.stringify(told));

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-refused");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.handedOver()).toBeNull();
  });

  test("goes by the private home where the ledger is gone", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    await step.files.remove(`${BASE}/ledger`);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(next)).toBe(true);
  });

  test("does not wait for a Codex that has ended", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    const beganMs = step.clock.monotonicMs();

    await step.post();

    expect(step.stored.isSameGeneration(next)).toBe(true);
    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(2_000);
    expect(step.said("Waiting for Codex")).toEqual([]);
  });

  test("waits 50 s at most, and then goes by what there is", async () => {
    await killWhileCodexRefreshes(HOUR_MS, null);
    await step.files.write(`${PRIVATE}/home/auth.json`, next.whole().reveal());
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(next)).toBe(true);
    expect(step.clock.monotonicMs() - beganMs).toBeGreaterThanOrEqual(50_000);
    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(55_000);
    expect(step.said(/^warning: Codex still runs on the login/)).toHaveLength(1);
  });

  test("fails once where it cannot store what Codex left", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    step.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(step.handedOver()?.isSameGeneration(next)).toBe(true);
    expect(step.said(/^error/)).toEqual([]);
    expect(step.said("To store this job's login by hand:")).toHaveLength(1);
  });

  test("leaves the claim in doubt and stores nothing where Codex had not rotated", async () => {
    await killWhileCodexRefreshes(0, null);
    const before = step.store.secrets.get(SECRET);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.store.secrets.get(SECRET)).toBe(before);
    expect(claim()).toMatchObject({ state: "open", released: true });
    expect(step.files.removed).toContain(PRIVATE);
  });

  test.each([["breaks off", '{"tokens":', "refresh-broke-login"]])(
    "fails where what Codex left %s, stores nothing, and wipes it",
    async (_, text, code) => {
      await killWhileCodexRefreshes(0, text);

      const end = await step.post();

      expect(codeOf(end)).toBe(code);
      expect(step.stored.isSameGeneration(step.login)).toBe(true);
      expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
      expect(step.channel.summaries).toEqual([expect.stringContaining(code)]);
    },
  );

  test("has nothing to do where the private home was never finished", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    await step.files.remove(`${PRIVATE}/predecessor.json`);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.files.removed).toContain(PRIVATE);
  });

  test("without inputs still hands the new login over, and fails saying so", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());

    const end = await step.post({});

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({
      message: expect.stringContaining("The handoff in the Actions cache has it."),
      cause: { code: "write-token-missing" },
    });
    expect(step.handedOver()?.isSameGeneration(next)).toBe(true);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(await readPrivateHome(step.files, { directory: PRIVATE, home: `${PRIVATE}/home` })).toBeNull();
  });

  test("without inputs and without a private home says that it is blind", async () => {
    await killWhileCodexRefreshes(0, next.whole().reveal());
    await step.files.remove(PRIVATE);

    const end = await step.post({});

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({ message: expect.stringContaining("no inputs") });
  });
});

describe("post after a main that was killed in its write", () => {
  /** Main is killed before or after its write of the login is applied. */
  async function killInWrite(when: "applied" | "not applied"): Promise<void> {
    const put = step.store.put.bind(step.store);
    step.store.put = async (name, sealed) => {
      if (name !== SECRET) return put(name, sealed);
      if (when === "applied") await put(name, sealed);
      return step.kill();
    };
    expect(await step.main()).toBe("killed");
    step.store.put = put;
  }

  test("knows a write that was applied for its own, and does not write again", async () => {
    await killInWrite("applied");
    const written = step.store.secrets.get(SECRET);
    step.clock.advance(10_000);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.store.secrets.get(SECRET)).toBe(written);
    expect(claim()).toMatchObject({ state: "rotated", after: null, released: true });
  });

  test("makes a write that was not applied", async () => {
    await killInWrite("not applied");
    step.clock.advance(10_000);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
  });

  test("leaves a store alone that somebody else has written since", async () => {
    await killInWrite("not applied");
    step.clock.advance(HOUR_MS);
    const foreign = loginNamed("foreign");
    step.store.set(SECRET, foreign.line().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("secret-changed-elsewhere");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
  });
});
