import { beforeEach, describe, expect, test } from "@jest/globals";
import type { SectionOutcome } from "../../src/login/section.ts";
import type { CodexRefresher } from "../../src/ports/codex.ts";
import { RefreshJobs, SECRET } from "../action/refresh-jobs.ts";

const HOUR_MS = 3_600_000;
const DYING = { minimumLifetimeMs: 48 * HOUR_MS };

let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

/** The run leaves no session, no note to post and no login on the machine, and its claim waits for nobody. */
function expectNothingLeft(): void {
  const { channel, files, store } = jobs;
  expect(store.openSessions).toBe(0);
  const claim = jobs.claim();
  expect(claim === null || claim.released).toBe(true);
  expect(channel.saved.get("critical-section")).toBe("");
  expect([...files.contents.keys()].filter((path) => path.includes("critical-"))).toEqual([]);
}

function wentOnWith(outcome: SectionOutcome): string | null {
  return outcome.kind === "not-refreshed" ? outcome.login.generation : null;
}

/** Something happens after Codex has been told that the refresh token is dead. */
function afterRefusal(happen: () => Promise<void>): () => Promise<CodexRefresher> {
  const { issuer } = jobs;
  issuer.living = "somebody else's";
  return async () => ({
    refresh: async (request) => {
      const symptoms = await issuer.refresh(request);
      await happen();
      return symptoms;
    },
  });
}

describe("a login that is dead", () => {
  test("lets the job go on, and a person is told how to log in again", async () => {
    jobs.issuer.living = "somebody else's";

    const outcome = await jobs.newRun()();

    expect(outcome).toMatchObject({
      kind: "not-refreshed",
      because: {
        code: "refresh-token-reused",
        hint: expect.stringContaining("npx codex-auth-roundtrip seed --repo octo/app --reseed"),
      },
    });
    expect(wentOnWith(outcome)).toBe(jobs.login.generation);
    expect(jobs.issuer.presented).toHaveLength(1);
    expect(jobs.stored.generation).toBe(jobs.login.generation);
    expectNothingLeft();
  });

  test.each([
    ["was told to refresh", "force", {}],
    ["has an access token that ends", "auto", DYING],
  ] as const)("ends a job that %s", async (_what, policy, request) => {
    jobs.issuer.living = "somebody else's";

    await expect(jobs.newRun(policy, {}, request)()).rejects.toMatchObject({
      code: "refresh-token-reused",
    });
    expectNothingLeft();
  });

  test("was only an old copy where the store has been written by now", async () => {
    const refresher = afterRefusal(async () => {
      jobs.clock.advance(1000);
      jobs.store.set(SECRET, "of somebody else");
    });

    const outcome = await jobs.newRun("auto", { refresher })();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code: "copy-stale" } });
    expect(wentOnWith(outcome)).toBe(jobs.login.generation);
    expect(jobs.store.secrets.get(SECRET)?.value).toBe("of somebody else");
    expectNothingLeft();
  });
});

describe("a refresh that failed otherwise", () => {
  test.each([
    ["is not heard", "refresh-answer-lost"],
    ["unavailable", "refresh-unavailable"],
  ] as const)("(%s) lets the job go on with what it has, and says so", async (decision, code) => {
    jobs.issuer.interfere = () => decision;

    const outcome = await jobs.newRun()();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code } });
    expect(wentOnWith(outcome)).toBe(jobs.login.generation);
    expect(jobs.stored.generation).toBe(jobs.login.generation);
    expectNothingLeft();
  });

  test("is not asked again for its cause", async () => {
    jobs.issuer.interfere = () => "unavailable";

    await jobs.newRun()();

    expect(jobs.issuer.presented).toHaveLength(3);
    expectNothingLeft();
  });
});

describe("a refusal for which Codex gives no cause", () => {
  test("is asked for the cause with an access token that looks expired", async () => {
    const { issuer } = jobs;
    issuer.living = "somebody else's";
    issuer.explains = "by-itself";

    const outcome = await jobs.newRun()();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code: "refresh-token-reused" } });
    expect(wentOnWith(outcome)).toBe(jobs.login.generation);
    expectNothingLeft();
  });

  test("stays what it is where Codex does not say it then either", async () => {
    const { issuer } = jobs;
    issuer.living = "somebody else's";
    issuer.explains = "never";

    const outcome = await jobs.newRun()();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code: "refresh-rejected" } });
    expectNothingLeft();
  });

  test("stays what it is where the issuer does not decide then", async () => {
    const { issuer } = jobs;
    issuer.explains = "never";
    let isDown = false;
    const refuse = await afterRefusal(async () => {
      isDown = true;
    })();
    const refresher: CodexRefresher = {
      refresh: async (request) =>
        isDown ? { account: "present", stderr: "error sending request" } : refuse.refresh(request),
    };

    const outcome = await jobs.newRun("auto", { refresher: async () => refresher })();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code: "refresh-rejected" } });
    expectNothingLeft();
  });

  test("that was none brings the new login, and it is stored", async () => {
    const { issuer, login } = jobs;
    const refresher: CodexRefresher = {
      refresh: async (request) =>
        request.refreshes === "on-request" ? { account: "absent", stderr: "" } : issuer.refresh(request),
    };

    const outcome = await jobs.newRun("auto", { refresher: async () => refresher })();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: true, storing: { kind: "stored" } });
    expect(outcome.kind === "refreshed" && outcome.ledger.predecessor?.generation).toBe(login.generation);
    expect(jobs.stored.refreshToken.reveal()).toBe(issuer.living);
    expectNothingLeft();
  });

  test("is not asked for it when there is no time left", async () => {
    const { clock, issuer } = jobs;
    issuer.explains = "by-itself";
    const refresher = afterRefusal(async () => clock.advance(6 * 60_000));

    const outcome = await jobs.newRun("auto", { refresher })();

    expect(outcome).toMatchObject({ kind: "not-refreshed", because: { code: "refresh-rejected" } });
    expect(issuer.presented).toHaveLength(1);
    expectNothingLeft();
  });
});
