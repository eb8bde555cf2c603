import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "./refresh-jobs.ts";
import { BASE, codeOf, DONE, HOUR_MS, loginNamed, Step } from "./step.ts";

const MINUTE_MS = 60_000;

let step: Step;
const fresh = loginNamed("fresh", { issuedAt: new Date("2026-11-22T11:05:00.000Z") });
/** What the user's command finds in the home. */
let during: string | null;

beforeEach(() => {
  step = new Step(24 * HOUR_MS, { reseed: "true" });
  step.context = { ...step.context, eventName: "workflow_dispatch" };
  step.deviceLogin.leaves = fresh.whole().reveal();
  during = null;
  step.command = () => {
    during = step.auth;
    return DONE;
  };
});

describe("a fresh login that the store does not take", () => {
  test("is kept for post, and handed over", async () => {
    step.deviceLogin.meanwhile = () => {
      step.store.interfere = (request, name) => {
        if (request === "PUT" && name === SECRET) throw new GitHubError("no", { status: 502 });
      };
    };
    await step.pre();

    const main = await step.main();
    step.store.interfere = () => {};
    const post = await step.post();

    expect(main).toBe("success");
    expect(during).toBe(fresh.withheld().reveal());
    expect(step.said(/^warning: .*post tries again/)).toHaveLength(1);
    expect(post).toBe("success");
    expect(step.stored.isSameGeneration(fresh)).toBe(true);
  });

  test("is not stored over what somebody has stored while the person logged in", async () => {
    const foreign = loginNamed("foreign");
    step.deviceLogin.meanwhile = () => {
      step.clock.advance(MINUTE_MS);
      step.store.set(SECRET, foreign.line().reveal());
    };

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("secret-changed-elsewhere");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(during).toBeNull();
  });

  test("is stored all the same where this machine's disk is full", async () => {
    step.files.full.add(`${BASE}/ledger`);

    const ends = await step.play();

    expect(ends.main).toBe("success");
    expect(step.stored.isSameGeneration(fresh)).toBe(true);
    expect(step.said("The ledger of this job could not be written")).not.toEqual([]);
    expect(step.handedOver()?.isSameGeneration(fresh)).toBe(true);
  });

  test("is left to post in a cancelled job, without further attempts", async () => {
    step.deviceLogin.meanwhile = () => {
      step.store.interfere = (request, name) => {
        if (request !== "PUT" || name !== SECRET) return;
        step.isCancelled = true;
        throw new GitHubError("no", { status: 502 });
      };
    };
    await step.pre();
    const beganMs = step.clock.monotonicMs();

    await step.main();

    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(2 * MINUTE_MS);
    expect((await step.loadLedger())?.stored).toBe(false);
    expect(step.handedOver()?.isSameGeneration(fresh)).toBe(true);
  });
});
