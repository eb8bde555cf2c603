import { beforeEach, describe, expect, test } from "@jest/globals";
import { SECRET } from "./keepers.ts";
import { AUTH, codeOf, HOUR_MS, loginNamed, Step } from "./step.ts";

const made = loginNamed("made", { issuedAt: new Date("2026-11-22T11:30:00.000Z") });

/** A job in which somebody logged in, and whose post had no writer: only the hand-over has that login. */
async function leaveHandedOver(step: Step): Promise<void> {
  await step.pre();
  await step.main();
  step.clock.advance(HOUR_MS);
  step.files.overwrite(AUTH, made.whole().reveal());
  step.inputs["secret-write-token"] = "";
  expect(codeOf(await step.post())).toBe("publish-pending");
  step.inputs["secret-write-token"] = "writer-CANARY";
  step.issuer.living = made.refreshToken.reveal();
}

describe("a login that was handed over by a job which could not ask what the store held", () => {
  let step: Step;
  beforeEach(async () => {
    step = new Step(240 * HOUR_MS);
    await leaveHandedOver(step);
    step.beginAnother({ refresh: "force" });
  });

  test("is stored by the next keeper that refreshes, which goes on from it", async () => {
    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.issuer.presented).toEqual([made.refreshToken.reveal()]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.handedOver(made)?.isSameGeneration(step.stored)).toBe(true);
  });

  test("is not stored over what somebody else has stored since", async () => {
    const foreign = loginNamed("foreign");
    step.store.set(SECRET, foreign.line().reveal());

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("copy-stale");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(step.issuer.presented).toEqual([]);
  });
});
