import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName, seedMarkerName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { recover, storePending } from "../../src/login/finish-killed-main.ts";
import { type ReseedServices, reseed } from "../../src/login/reseed.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import type { Services } from "../../src/login/services.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
import type { DeviceLogin } from "../../src/ports/codex.ts";
import { MemoryLedger, PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";

const FRESH = loginNamed("fresh");

let jobs: RefreshJobs;
let ledgerFile: MemoryLedger;
let services: ReseedServices;

beforeEach(() => {
  jobs = new RefreshJobs();
  ledgerFile = new MemoryLedger();
  services = {
    ...jobs.services(),
    ledgerFile: () => ledgerFile,
    deviceLogin: async () => ({
      run: async ({ home }) => {
        await jobs.files.write(`${home}/auth.json`, FRESH.whole().reveal());
        return { exitCode: 0 };
      },
    }),
  };
});

function logIn(): Promise<StoreOutcome> {
  const { login: handed } = jobs;
  return reseed(services, { handed, expectedAccountId: null, visibility: "private" });
}

/** Post of that job: what its first step has left behind is stored. */
async function post(): Promise<StoreOutcome | null> {
  const phase: Services = { ...jobs.services(), ledgerFile, handed: jobs.login };
  jobs.channel.nextPhase();
  const section = loadCriticalSection(jobs.channel, { base: phase.base });
  return (section && (await recover(phase, section))) ?? storePending(phase);
}

describe("a person's fresh login", () => {
  test("is stored, and leaves no claim but the mark of a seed; post has nothing to finish", async () => {
    expect(await logIn()).toMatchObject({ kind: "stored", ledger: { login: FRESH, stored: true } });

    expect(jobs.stored.isSameGeneration(FRESH)).toBe(true);
    expect(jobs.claim(FRESH)).toBeNull();
    const marks = jobs.store.variables.kept.values().map(({ value }) => JSON.parse(value));
    expect(marks).toMatchObject([{ run: "seed", state: "stored", next: claimName(FRESH, PLACE) }]);
    expect(await post()).toBeNull();
  });

  test.each(["before", "after"] as const)(
    "is stored by post where main was killed just %s its write had been applied",
    async (when) => {
      const { put } = jobs.store;
      let isKilled = (): void => {};
      const killed = new Promise<void>((resolve) => {
        isKilled = resolve;
      });
      jobs.store.put = async (name, sealed) => {
        if (name !== SECRET) return put(name, sealed);
        if (when === "after") await put(name, sealed);
        isKilled();
        return new Promise<never>(() => {});
      };
      void logIn();
      await killed;
      jobs.store.put = put;
      jobs.clock.advance(5000);

      expect(await post()).toMatchObject({ kind: "stored" });

      expect(jobs.stored.isSameGeneration(FRESH)).toBe(true);
      expect(jobs.claim(FRESH)).toBeNull();
    },
  );

  test("bears no mark of a seed where it is not known since when the secret holds it", async () => {
    jobs.store.interfere = (request, name) => {
      if (request === "PUT answer" && name === SECRET) throw new GitHubError("No.", { status: 502 });
    };

    expect(await logIn()).toMatchObject({ kind: "stored" });
    expect(jobs.store.variables.kept.size).toBe(0);
  });

  test("is stored although the mark of a seed cannot be made, which is told when debugging", async () => {
    jobs.store.variables.interfere = (request, name) => {
      if (request === "POST" && name === seedMarkerName(FRESH, PLACE))
        throw new GitHubError("No.", { status: 403 });
    };

    expect(await logIn()).toMatchObject({ kind: "stored" });
    expect(jobs.log.debugged).toContain("The seed's marker could not be made. No.");
  });

  test("is of nobody's post to finish where the secret held no login: only that could open the ledger", async () => {
    let known: unknown = null;
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET)
        known = jobs.channel.saved.get("critical-section") ?? "nothing";
    };

    await reseed(services, { handed: null, expectedAccountId: "account-1", visibility: "private" });

    expect(known).toBe("nothing");
    expect(jobs.stored.isSameGeneration(FRESH)).toBe(true);
  });

  test("is stored by post where GitHub did not take it, and is in the handoff until then", async () => {
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("No.", { status: 403 });
    };

    expect(await logIn()).toMatchObject({ kind: "pending", inHandoff: true });
    expect(jobs.store.variables.kept.size).toBe(0);
    jobs.store.interfere = () => {};

    expect(await post()).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(FRESH)).toBe(true);
  });
});

describe("a person is asked for nothing", () => {
  test.each([
    ["in a repository that is not known to be private", { visibility: "unknown" }, "public-repository", /./],
    [
      "where nobody knows whose login it must be",
      { handed: null },
      "input-invalid",
      /^The secret holds no login, so this job cannot know whose a fresh one must be\.$/,
    ],
  ] as const)("%s", async (_, change, code, message) => {
    const runInformation = { ...services.runInformation, visibility: async () => null };
    services = { ...services, runInformation };
    const request = {
      handed: jobs.login,
      expectedAccountId: null,
      visibility: "private",
      ...change,
    } as const;

    await expect(reseed(services, request)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
    expect(jobs.log.lines).toEqual([]);
  });
});

describe("a person who has not logged in", () => {
  function leave(exitCode: number | null, act: (home: string) => Promise<void> = async () => {}): void {
    const run: DeviceLogin["run"] = async ({ home }) => {
      await act(home);
      return { exitCode };
    };
    services = { ...services, deviceLogin: async () => ({ run }) };
  }

  test("is told, with what to do, and that the secret is as it was", async () => {
    leave(1);

    await expect(logIn()).rejects.toMatchObject({
      code: "reseed-failed",
      message: expect.stringMatching(/^Nobody has logged in: .* The secret is as it was\.$/),
      hint: expect.stringContaining("use its code within 15 minutes"),
    });
    expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
  });

  test("since the job was cancelled is told as that", async () => {
    let isCancelled = false;
    services = { ...services, cancellation: { requested: () => isCancelled } };
    leave(null, async () => {
      isCancelled = true;
    });

    await expect(logIn()).rejects.toMatchObject({
      code: "cancelled",
      message: "The job was cancelled before anybody had logged in.",
      hint: "Run it again.",
    });
  });
});

test("a login of another account is not stored: that is told", async () => {
  const request = { handed: jobs.login, expectedAccountId: "account-2", visibility: "private" } as const;

  await expect(reseed(services, request)).rejects.toMatchObject({
    code: "reseed-other-account",
    message: expect.stringMatching(
      /^Somebody has logged in with another ChatGPT account .* Nothing was stored\.$/,
    ),
  });
  expect(jobs.stored.isSameGeneration(jobs.login)).toBe(true);
});
