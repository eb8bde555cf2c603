import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, BASE, codeOf, HOUR_MS, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const PRESENT = { "refresh-token": "present" };
const MADE_AT = new Date("2026-11-22T11:30:00.000Z");

/** `codex login` in a later step leaves a whole login in the home; or something else does. */
async function jobThatLeaves(step: Step, text: string): Promise<void> {
  await step.pre();
  await step.main();
  step.clock.advance(HOUR_MS);
  step.files.overwrite(AUTH, text);
}

describe("a login that came into a home with the refresh token present", () => {
  let step: Step;
  const made = loginNamed("made", { issuedAt: MADE_AT });
  beforeEach(() => {
    step = new Step(QUIET_MS, PRESENT);
  });

  test("is stored in post, proven and handed over", async () => {
    await jobThatLeaves(step, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
    expect(step.log.masked).toContain(made.refreshToken.reveal());
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
    expect(step.channel.summaries[0]).toContain("2026-12-02 11:30 UTC");
    expect(step.said("The login in the home has changed")).toHaveLength(1);
    expect(step.openSessions).toBe(0);
  });

  test("is stored after a rotation of main's, on the ledger's word", async () => {
    step = new Step(24 * HOUR_MS, PRESENT);
    await jobThatLeaves(step, made.whole().reveal());
    const rotated = step.stored;

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
    expect(step.handedOver(rotated)?.isSameGeneration(made)).toBe(true);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
  });

  test("is not stored over what somebody else has stored since the secret was read", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    const foreign = loginNamed("foreign");
    step.store.set(SECRET, foreign.line().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("secret-changed-elsewhere");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(step.openSessions).toBe(0);
  });

  test("goes into the handoff where post cannot write, and the job fails", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.beforeOpen = () => {
      throw new GitHubError("It answered 401.", { status: 401 });
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({ cause: { code: "write-token-revoked" } });
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("is tried again where the write token cannot be opened just now", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    const healsMs = step.clock.monotonicMs() + 3_000;
    step.beforeOpen = () => {
      if (step.clock.monotonicMs() < healsMs) throw new GitHubError("It answered 502.", { status: 502 });
    };

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
  });

  /** GitHub does not say when the store was written, for so long. */
  function hideStore(ms: number, status = 502): void {
    const untilMs = step.clock.monotonicMs() + ms;
    step.store.interfere = (request, name) => {
      if (request === "GET" && name === SECRET && step.clock.monotonicMs() < untilMs)
        throw new GitHubError(`It answered ${status}.`, { status });
    };
  }

  test("is proven again where GitHub fails just then", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    hideStore(3_000);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
  });

  test.each([
    { status: 502, code: "github-unreachable" },
    { status: 401, code: "write-token-revoked" },
  ])(
    "is handed over where GitHub answers $status throughout, and the job fails",
    async ({ status, code }) => {
      await jobThatLeaves(step, made.whole().reveal());
      hideStore(HOUR_MS, status);

      const end = await step.post();

      expect(end).toMatchObject({ code: "write-back-pending", cause: { code } });
      expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
      expect(step.stored.isSameGeneration(step.login)).toBe(true);
      expect(step.openSessions).toBe(0);
    },
  );

  test("goes into the handoff where the write token cannot be opened for a while", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.beforeOpen = () => {
      throw new GitHubError("It answered 502.", { status: 502 });
    };
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({ cause: { code: "github-unreachable" } });
    expect(step.clock.monotonicMs() - beganMs).toBe(3_000);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
  });

  test.each([
    {
      what: "is another account's",
      text: loginNamed("x", { account: "account-2", issuedAt: MADE_AT }).whole().reveal(),
      code: "write-back-refused",
    },
    {
      what: "has an older access token than the job's",
      text: loginNamed("old", { issuedAt: new Date("2026-11-20T00:00:00.000Z") })
        .whole()
        .reveal(),
      code: "write-back-refused",
    },
  ])("is refused where it $what", async ({ text, code }) => {
    await jobThatLeaves(step, text);

    const end = await step.post();

    expect(codeOf(end)).toBe(code);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("is refused where it is the secret's, put back over main's rotation", async () => {
    step = new Step(24 * HOUR_MS, PRESENT);
    await jobThatLeaves(step, step.login.whole().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-refused");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is refused where it has the refresh token that main has spent, under a new access token", async () => {
    step = new Step(24 * HOUR_MS, PRESENT);
    const json = JSON.parse(made.whole().reveal());
    json.tokens.refresh_token = step.login.refreshToken.reveal();
    await jobThatLeaves(step, JSON.stringify(json));

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-refused");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is not stored by a step that never had the login in main", async () => {
    await step.pre();
    step.files.overwrite(AUTH, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
  });

  test("is no news where a later step of ours has put it there", async () => {
    step = new Step(QUIET_MS, PRESENT);
    await step.pre();
    await step.main();
    const earlier = step.beginAnother({ refresh: "force", "refresh-token": "present" });
    await step.pre();
    await step.main();
    await step.post();
    const before = step.store.secrets.get(SECRET);
    step.channel = earlier;
    Object.assign(step.inputs, { refresh: "auto", "refresh-token": "" });

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.store.secrets.get(SECRET)).toBe(before);
  });
});

describe("a login that somebody made in a job from which the refresh token is withheld", () => {
  let step: Step;
  const made = loginNamed("made", { issuedAt: MADE_AT });
  beforeEach(() => {
    step = new Step(QUIET_MS);
  });

  test("is told and not stored, and nobody is asked", async () => {
    await jobThatLeaves(step, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("is told and not stored after a rotation of main's", async () => {
    step = new Step();
    await jobThatLeaves(step, made.whole().reveal());
    const rotated = step.stored;

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(rotated)).toBe(true);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
  });

  test.each([
    ["the withheld copy of a login", () => made.withheld().reveal()],
    ["no login at all", () => "{}"],
    ["nothing that can be read", () => "spoilt"],
  ])("is not seen in %s", async (_, text) => {
    await jobThatLeaves(step, text());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^warning:/)).toEqual([]);
  });

  test("is not seen where the file is gone", async () => {
    await jobThatLeaves(step, "");
    await step.files.remove(AUTH);
    await step.files.remove(`${BASE}/login/auth.json`);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.said(/^warning:/)).toEqual([]);
  });

  test("is told in a job that never refreshes, too", async () => {
    Object.assign(step.inputs, { refresh: "never" });
    await jobThatLeaves(step, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
  });
});
