import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { recover, storePending } from "../../src/login/finish-killed-main.ts";
import { type ReseedServices, reseed } from "../../src/login/reseed.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import type { Services } from "../../src/login/services.ts";
import type { StoreOutcome } from "../../src/login/store-outcome.ts";
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

  test("is stored by post where GitHub did not take it, and is in the handoff until then", async () => {
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("No.", { status: 403 });
    };

    expect(await logIn()).toMatchObject({ kind: "pending", inHandoff: true });
    jobs.store.interfere = () => {};

    expect(await post()).toMatchObject({ kind: "stored" });
    expect(jobs.stored.isSameGeneration(FRESH)).toBe(true);
  });
});
