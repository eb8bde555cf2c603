import { describe, expect, test } from "@jest/globals";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, BASE, codeOf, HOUR_MS, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const SECOND_MS = 1_000;

function refuseWrites(step: Step): void {
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
  };
}

describe("before a refresh, the context", () => {
  test.each([
    { visibility: "public", allowed: false, code: "public-repository" },
    { visibility: "public", allowed: true, code: null },
    { visibility: "private", allowed: false, code: null },
    { visibility: null, allowed: false, code: "public-repository" },
  ] as const)(
    "turn out to be $visibility (allowed: $allowed): $code",
    async ({ visibility, allowed, code }) => {
      const step = new Step(24 * HOUR_MS, { "allow-public-repository": String(allowed) });
      step.context = { ...step.context, visibility: "unknown" };
      step.visibility = visibility;
      await step.pre();

      const end = await step.main();

      expect(codeOf(end)).toBe(code);
      expect(step.issuer.living).toBe(code ? "rt-CANARY-0" : "rt-CANARY-1");
    },
  );

  test("that are known to be private are not asked about", async () => {
    const step = new Step();
    step.visibility = "public";

    expect((await step.play()).main).toBe("success");
  });

  test.each([
    { check: "warn", groups: [], others: 0, warned: "nothing keeps two refresh jobs", code: null },
    {
      check: "warn",
      groups: [],
      others: 2,
      warned: "another run of this workflow is in progress",
      code: null,
    },
    { check: "fail", groups: [], others: 0, warned: null, code: "concurrency-unguarded" },
    { check: "off", groups: [], others: 2, warned: null, code: null },
    { check: "warn", groups: ["codex-auth"], others: 2, warned: null, code: null },
    { check: "fail", groups: ["codex-auth"], others: 2, warned: null, code: null },
  ])(
    "$check of $groups.length groups beside $others runs",
    async ({ check, groups, others, warned, code }) => {
      const step = new Step(24 * HOUR_MS, { "concurrency-check": check });
      step.concurrency = { groups, otherRunsInProgress: others };
      await step.pre();

      const end = await step.main();

      expect(codeOf(end)).toBe(code);
      expect(step.said(/^warning: This run holds no concurrency group/)).toHaveLength(warned ? 1 : 0);
      expect(step.said(warned ?? "no concurrency group")).toHaveLength(warned ? 1 : 0);
      expect(step.issuer.living).toBe(code ? "rt-CANARY-0" : "rt-CANARY-1");
    },
  );

  test("are not a matter of failing where GitHub does not say", async () => {
    const step = new Step(24 * HOUR_MS, { "concurrency-check": "fail" });
    step.concurrency = null;

    expect((await step.play()).main).toBe("success");
  });
});

describe("what is pending", () => {
  test("is tried for a minute at most in post, and hidden there, too", async () => {
    const step = new Step();
    refuseWrites(step);
    await step.pre();
    await step.main();
    step.log.masked.length = 0;
    const beganMs = step.clock.monotonicMs();

    await step.post();

    const tookMs = step.clock.monotonicMs() - beganMs;
    expect(tookMs).toBeGreaterThan(30 * SECOND_MS);
    expect(tookMs).toBeLessThan(60 * SECOND_MS);
    expect(step.log.masked).toContain(step.issuer.living);
  });

  test("is stored by the first step's post that can, and once", async () => {
    const step = new Step();
    refuseWrites(step);
    await step.pre();
    await step.main();
    const earlier = step.beginAnother();
    await step.pre();
    await step.main();
    step.store.interfere = () => {};

    const later = await step.post();
    const written = step.store.secrets.get(SECRET);
    step.channel = earlier;
    const first = await step.post();

    expect([later, first]).toEqual(["success", "success"]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.store.secrets.get(SECRET)).toBe(written);
  });

  test("is nobody else's to read: a ledger that another document sealed says nothing", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    const login = loginNamed("foreign");
    await step
      .ledger(BASE, loginNamed("other"))
      .save({ login, predecessor: null, claim: null, before: new Date(), stored: false, writes: [] });

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });
});

const PRESENT = { "refresh-token": "present" };

describe("a login found in the home", () => {
  const made = loginNamed("made", { issuedAt: new Date("2026-11-22T11:30:00.000Z") });

  async function madeInTheJob(step: Step): Promise<void> {
    await step.pre();
    await step.main();
    step.clock.advance(HOUR_MS);
    step.files.overwrite(AUTH, made.whole().reveal());
  }

  test("is tried to be stored for a minute at most", async () => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    refuseWrites(step);
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    const tookMs = step.clock.monotonicMs() - beganMs;
    expect(codeOf(end)).toBe("write-back-pending");
    expect(tookMs).toBeGreaterThan(30 * SECOND_MS);
    expect(tookMs).toBeLessThan(65 * SECOND_MS);
  });

  test("is tried once in a cancelled job", async () => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    refuseWrites(step);
    step.isCancelled = true;
    const beganMs = step.clock.monotonicMs();

    await step.post();

    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(2 * SECOND_MS);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
  });

  test("is stored although the machine's disk takes no ledger", async () => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    step.files.full.add(`${BASE}/ledger`);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
    expect(step.said("The ledger of this job could not be written")).not.toEqual([]);
  });

  test.each([
    {
      why: "the write token is refused",
      error: new GitHubError("no", { status: 401 }),
      code: "write-token-revoked",
    },
    {
      why: "the App is not installed",
      error: new Failure("app-not-installed", "The App is not installed.", "Install it."),
      code: "app-not-installed",
    },
  ])("is only in the handoff where $why, at once", async ({ error, code }) => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    step.beforeOpen = () => {
      throw error;
    };
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    expect(end).toMatchObject({ code: "write-back-pending", cause: { code } });
    expect(step.clock.monotonicMs()).toBe(beganMs);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
    expect(step.channel.summaries[0]).not.toContain("gh api");
  });

  test("that could not be proven is proven by the next phase that has a write token", async () => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    const earlier = step.beginAnother({ refresh: "force" });
    step.beforeOpen = () => {
      throw new GitHubError("no", { status: 401 });
    };
    await step.pre();
    const main = await step.main();
    step.beforeOpen = () => {};
    await step.post();
    step.channel = earlier;

    const end = await step.post();

    expect(codeOf(main)).toBe("write-token-rejected");
    // Codex has refreshed the login in this job, and until post nobody knew whether it is lost.
    expect(main).toMatchObject({ hint: expect.not.stringContaining("no new login") });
    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
  });

  test("is the job's own where the store turns out to hold it", async () => {
    const step = new Step(QUIET_MS, PRESENT);
    await madeInTheJob(step);
    refuseWrites(step);
    const { interfere } = step.store;
    step.store.interfere = (request, name) => {
      // The answer is lost, and the write was applied.
      if (request === "PUT answer" && name === SECRET) interfere("PUT", name);
    };

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(made)).toBe(true);
  });
});
