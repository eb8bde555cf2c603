import { beforeEach, describe, expect, test } from "@jest/globals";
import { type RefreshOutcome, refresh } from "../../src/login/refresh.ts";
import type { CodexRefresher, RefreshRequest } from "../../src/ports/codex.ts";
import { RefreshJobs } from "../action/refresh-jobs.ts";

const HOUR_MS = 3_600_000;
const HOME = "/temp/critical-1/home";

let jobs: RefreshJobs;
let passedMs: () => number;

beforeEach(() => {
  jobs = new RefreshJobs();
  const { clock } = jobs;
  const startMs = clock.monotonicMs();
  passedMs = () => clock.monotonicMs() - startMs;
});

/** Lets Codex refresh the login of an hour ago, which is valid for 23 hours more. */
async function refreshLogin(
  instead: {
    refresher?: CodexRefresher;
    started?: RefreshRequest["started"];
    timeLeft?: () => boolean;
    fallback?: Parameters<typeof refresh>[1]["fallback"];
  } = {},
): Promise<RefreshOutcome> {
  const { clock, files, issuer, log, login } = jobs;
  await files.write(`${HOME}/auth.json`, login.whole().reveal());
  const { refresher = issuer, ...rest } = instead;
  return refresh(
    { refresher, files, clock, log },
    {
      login: login,
      home: HOME,
      environment: { PATH: "/bin" },
      started: async () => {},
      fallback: { accessToken: "lives", insistence: "when-due" },
      timeLeft: () => true,
      ...rest,
    },
  );
}

/** Until the access token is about to end. */
function almostEnd(): void {
  jobs.clock.advance(23 * HOUR_MS - 60_000);
}

describe("a refresh", () => {
  test("brings the document that holds the living refresh token, and hides it", async () => {
    const { issuer, log } = jobs;

    const outcome = await refreshLogin();

    expect(outcome.kind === "rotated" && outcome.login.refreshToken.reveal()).toBe(issuer.living);
    expect(log.masked).toContain(issuer.living);
    expect(issuer.presented).toEqual(["rt-CANARY-0"]);
    expect(passedMs()).toBeLessThan(1_000);
  });

  test("that keeps the refresh token brings new tokens, and hides them", async () => {
    const { issuer, log, login: before } = jobs;
    issuer.interfere = () => "renews";

    const outcome = await refreshLogin();

    const login = outcome.kind === "renewed" ? outcome.login : before;
    expect(login.refreshToken.equals(before.refreshToken)).toBe(true);
    expect(login.accessToken.equals(before.accessToken)).toBe(false);
    expect(log.masked).toContain(login.accessToken.reveal());
    expect(issuer.presented).toHaveLength(1);
  });

  test("says which process Codex is before the token is spent, and gives it the environment", async () => {
    const { issuer } = jobs;
    let spentBefore: number | null = null;
    let environment: unknown;
    const refresher: CodexRefresher = {
      refresh: async (request) => {
        environment = request.environment;
        return issuer.refresh(request);
      },
    };

    await refreshLogin({
      refresher,
      started: async () => {
        spentBefore = issuer.presented.length;
      },
    });

    expect(spentBefore).toBe(0);
    expect(environment).toEqual({ PATH: "/bin" });
  });
});

describe("a refresh that the issuer does not decide", () => {
  /** Decides at the given time of asking. */
  function decideAt(asking: number): void {
    let asked = 0;
    jobs.issuer.interfere = () => (++asked < asking ? "unavailable" : "decides");
  }

  test.each([
    [1, 200, []],
    [2, 2_200, [/attempt 1 of 3.* 2 s\.$/]],
    [3, 6_200, [/attempt 1 of 3.* 2 s\.$/, /attempt 2 of 3.* 4 s\.$/]],
  ])("before it is asked %i times succeeds after %i ms, and says why it waits", async (asking, ms, says) => {
    decideAt(asking);

    const outcome = await refreshLogin();

    expect(outcome.kind).toBe("rotated");
    expect(passedMs()).toBe(ms);
    expect(jobs.log.lines).toEqual(says.map((words) => expect.stringMatching(words)));
  });

  test("when it is asked three times has failed, and the login is still good", async () => {
    decideAt(4);

    const outcome = await refreshLogin();

    expect(outcome).toEqual({ kind: "failed", failed: { kind: "transient" } });
    expect(jobs.issuer.living).toBe(jobs.login.refreshToken.reveal());
    expect(passedMs()).toBe(6_000);
  });

  test.each([
    ["lives", "forced"],
    ["dying", "when-due"],
  ] as const)(
    "is tried again also where the access token is %s and it is %s",
    async (accessToken, insistence) => {
      decideAt(2);

      const outcome = await refreshLogin({ fallback: { accessToken, insistence } });

      expect(outcome.kind).toBe("rotated");
    },
  );

  test("is not tried again when the time is over", async () => {
    decideAt(3);

    const outcome = await refreshLogin({ timeLeft: () => passedMs() < 1_000 });

    expect(outcome).toEqual({ kind: "failed", failed: { kind: "transient" } });
    expect(passedMs()).toBe(2_000);
  });
});

describe("a refresh that failed for good", () => {
  test("because the token is dead is not tried again", async () => {
    const { issuer } = jobs;
    issuer.living = "somebody else's";

    const outcome = await refreshLogin();

    expect(outcome).toEqual({ kind: "failed", failed: { kind: "permanent", code: "refresh-token-reused" } });
    expect(issuer.presented).toHaveLength(1);
  });

  test("because the answer was lost is not tried again: the token may be spent", async () => {
    const { issuer } = jobs;
    issuer.interfere = () => "is not heard";

    const outcome = await refreshLogin();

    expect(outcome).toEqual({ kind: "failed", failed: { kind: "answer-lost" } });
    expect(issuer.presented).toHaveLength(1);
  });

  test("is a rotation where Codex left half a file with the new token in it", async () => {
    const { issuer } = jobs;
    issuer.interfere = () => "spoils";

    const outcome = await refreshLogin();

    expect(outcome).toMatchObject({ kind: "failed", failed: { kind: "broken" } });
    expect(issuer.presented).toHaveLength(1);
  });
});

describe("an access token that is about to end", () => {
  test("makes Codex rotate by itself: once, not twice", async () => {
    const { issuer } = jobs;
    almostEnd();

    const outcome = await refreshLogin();

    expect(outcome.kind).toBe("rotated");
    expect(issuer.presented).toEqual(["rt-CANARY-0"]);
  });

  test("is refreshed at the last try by an older Codex that has to be told", async () => {
    const { issuer } = jobs;
    issuer.refreshesByItself = false;
    almostEnd();

    const outcome = await refreshLogin();

    expect(outcome.kind).toBe("rotated");
    expect(issuer.presented).toEqual(["rt-CANARY-0"]);
  });
});
