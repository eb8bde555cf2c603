import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import type { SectionOutcome } from "../../src/login/section.ts";
import { RefreshJobs, SECRET } from "../action/refresh-jobs.ts";

const HOUR_MS = 3_600_000;
let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

function expectWell(): void {
  expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
}

function rotated(outcome: SectionOutcome): boolean {
  return outcome.kind === "refreshed" && outcome.rotated && outcome.storing.kind === "stored";
}

/** Fails so many of the next requests of a kind. */
function failNext(request: string, error: GitHubError, times = 1): void {
  let left = times;
  const interfere = (seen: string): void => {
    if (seen !== request || left === 0) return;
    left -= 1;
    throw error;
  };
  jobs.store.interfere = interfere;
  jobs.store.variables.interfere = interfere;
}

const NO_ANSWER = new GitHubError("GitHub's API did not answer.", { status: null });
const BROKEN = new GitHubError("GitHub's API answered 502.", { status: 502 });

describe("a refresh", () => {
  test("rotates once, stores, and leaves a claim that says what the secret holds", async () => {
    const outcome = await jobs.newRun("force")();

    expect(rotated(outcome)).toBe(true);
    expectWell();
    expect(jobs.claim()).toMatchObject({
      state: "stored",
      after: jobs.store.secrets.get(SECRET)?.updatedAt,
    });
  });

  test("the next run goes by that claim, without asking when it was created", async () => {
    await jobs.newRun("force")();
    jobs.clock.advance(HOUR_MS);
    const next = jobs.newRun("force", {
      runInformation: {
        isRerun: false,
        readTime: async () => ({ kind: "unknown", because: "permission" }),
        statusOf: async () => "unknown",
        concurrency: async () => null,
        visibility: async () => "private",
        mayWrite: async () => null,
      },
    });

    expect(rotated(await next())).toBe(true);
    expectWell();
  });

  test("a run that was queued before it takes what the handoff has, and rotates that", async () => {
    const queued = jobs.newRun("force");
    jobs.clock.advance(1000);
    await jobs.newRun("force")();

    expect(rotated(await queued())).toBe(true);
    expectWell();
    expect(jobs.issuer.presented).toEqual(["rt-CANARY-0", "rt-CANARY-1"]);
  });

  test("a queued run for which nothing is due any more keeps what the handoff has", async () => {
    const queued = jobs.newRun();
    jobs.clock.advance(1000);
    await jobs.newRun()();

    expect((await queued()).kind).toBe("kept");
    expectWell();
  });

  test("is not made where the cache refuses the second copy", async () => {
    jobs.handoff.state = "denied";

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "handoff-denied" });
    expect(jobs.issuer.presented).toEqual([]);
    expect(await jobs.newRun()()).toMatchObject({
      kind: "not-refreshed",
      because: { code: "handoff-denied" },
    });
    expectWell();
  });

  test("stops where the cache does not say what an earlier refresh came to", async () => {
    const queued = jobs.newRun("force");
    await jobs.newRun("force")();
    jobs.handoff.state = "down";

    await expect(queued()).rejects.toMatchObject({ code: "freshness-unproven" });
    expect(jobs.issuer.presented).toHaveLength(1);
  });

  test.each(["GET", "LIST", "KEY", "PUT", "POST", "PATCH", "POST answer", "PATCH answer", "PUT answer"])(
    "one %s that GitHub breaks down at costs nothing",
    async (request) => {
      failNext(request, BROKEN);

      const outcome = await jobs.newRun("force")();

      expect(rotated(outcome)).toBe(true);
      expectWell();
      expect(jobs.issuer.presented).toHaveLength(1);
      jobs.clock.advance(HOUR_MS);
      expect(rotated(await jobs.newRun("force")())).toBe(true);
      expectWell();
    },
  );

  test.each(["PUT", "PUT answer", "POST answer"])(
    "a %s that is never answered costs nothing",
    async (request) => {
      failNext(request, NO_ANSWER);

      const outcome = await jobs.newRun("force")();

      expect(rotated(outcome)).toBe(true);
      expectWell();
      jobs.clock.advance(HOUR_MS);
      expect(rotated(await jobs.newRun("force")())).toBe(true);
    },
  );

  test("a person's login of that moment stays", async () => {
    let looks = 0;
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) return;
      looks += 1;
      if (jobs.issuer.presented.length === 1) {
        jobs.store.interfere = () => {};
        jobs.clock.advance(2000);
        jobs.store.set(SECRET, "a person's login CANARY");
      }
    };

    const outcome = await jobs.newRun("force")();

    expect(looks).toBeGreaterThan(0);
    expect(outcome).toMatchObject({
      kind: "refreshed",
      storing: { kind: "refused", failure: { code: "secret-changed-elsewhere" } },
    });
    expect(jobs.store.secrets.get(SECRET)?.value).toBe("a person's login CANARY");
  });
});

describe("a secret that cannot be written", () => {
  test("is repaired by the next run, from the handoff", async () => {
    failNext("PUT", new GitHubError("GitHub's API answered 403.", { status: 403 }), 0);
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET)
        throw new GitHubError("GitHub's API answered 403.", { status: 403 });
    };
    const outcome = await jobs.newRun("force")();
    jobs.store.interfere = () => {};

    expect(outcome).toMatchObject({ storing: { kind: "pending", inHandoff: true } });
    jobs.clock.advance(HOUR_MS);
    jobs.runStatus = "ended";
    expect(rotated(await jobs.newRun("force")())).toBe(true);
    expectWell();
    expect(jobs.issuer.presented).toEqual(["rt-CANARY-0", "rt-CANARY-1"]);
  });

  test("keeps the next run waiting as long as its job may still write", async () => {
    jobs.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw BROKEN;
    };
    await jobs.newRun("force")();
    jobs.store.interfere = () => {};

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "claim-busy" });
    expect(jobs.issuer.presented).toHaveLength(1);
  });
});

describe("a login that another secret keeps as well", () => {
  test("is refused", async () => {
    jobs.store.set("OTHER_AUTH", jobs.login.line().reveal());
    jobs.clock.advance(HOUR_MS);
    await jobs.newRun("force", { place: PLACE_OF_ANOTHER })();

    await expect(jobs.newRun("force")()).rejects.toMatchObject({ code: "login-shared" });
    expect(jobs.issuer.presented).toHaveLength(1);
  });
});

const PLACE_OF_ANOTHER = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "OTHER_AUTH",
};

describe("two secrets of one name", () => {
  test("are told before anything is rotated a second time", async () => {
    const handed = jobs.login;
    await jobs.newRun("force")();
    jobs.clock.advance(HOUR_MS);

    const run = jobs.newRun("force", { handed });

    await expect(run()).rejects.toMatchObject({ code: "secret-mismatch" });
    expect(jobs.issuer.presented).toHaveLength(1);
  });
});

describe("an older login put back into the secret", () => {
  test("is replaced by the living one", async () => {
    const old = jobs.login;
    await jobs.newRun("force")();
    jobs.clock.advance(HOUR_MS);
    jobs.store.set(SECRET, old.line().reveal());
    jobs.clock.advance(HOUR_MS);

    expect(rotated(await jobs.newRun("force")())).toBe(true);
    expectWell();
  });
});

describe("what a Codex of tomorrow writes", () => {
  test.each([
    [
      "another name for the account",
      (json: Json) => ({ ...json, tokens: { ...json.tokens, account_id: undefined, chatgpt_account: "a" } }),
    ],
    ["a further field", (json: Json) => ({ ...json, schema: 2 })],
    ["another mode", (json: Json) => ({ ...json, auth_mode: "chatgpt-v2" })],
    [
      "another issuer",
      (json: Json) => ({
        ...json,
        tokens: { ...json.tokens, oauth_provenance: { issuer: "https://login.openai.com" } },
      }),
    ],
  ])("is stored as it is: %s", async (_, change) => {
    const outcome = await jobs.newRun("force", {
      refresher: async () => ({
        refresh: async (request) => {
          const symptoms = await jobs.issuer.refresh(request);
          const path = `${request.home}/auth.json`;
          const json = JSON.parse(String(jobs.files.contents.get(path))) as Json;
          await jobs.files.write(path, JSON.stringify(change(json)));
          return symptoms;
        },
      }),
    })();

    expect(rotated(outcome)).toBe(true);
    const stored = AuthJson.read(jobs.store.secrets.get(SECRET)?.value ?? "");
    expect(stored?.refreshToken.reveal()).toBe(jobs.issuer.living);
  });
});

interface Json {
  tokens: Record<string, unknown>;
  [field: string]: unknown;
}
