import { describe, expect, test } from "@jest/globals";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, codeOf, HOUR_MS, loginNamed, Step, watchHome } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

describe("a later step of the same job", () => {
  test("goes by what the earlier one has refreshed", async () => {
    const step = new Step();
    await step.pre();
    await step.main();
    const rotated = step.stored;
    step.wentOnline = false;
    step.beginAnother();
    const seen = watchHome(step);

    await step.pre();
    const end = await step.main();

    expect(end).toBe("success");
    expect(seen.auth).toBe(rotated.withheld().reveal());
    expect(step.wentOnline).toBe(false);
    expect(step.channel.outputs.get("restored-from")).toBe("home");
    expect(step.said("Nothing is due: the access token is valid for 9 days 23 h.")).toHaveLength(1);
  });

  test("refreshes what the earlier one has left due", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.beginAnother({ refresh: "force" });
    const seen = watchHome(step);

    await step.pre();
    const end = await step.main();

    expect(end).toBe("success");
    expect(seen.auth).toBe(step.stored.withheld().reveal());
    expect(step.channel.outputs.get("restored-from")).toBe("home");
    expect(step.channel.outputs.get("rotated")).toBe("true");
  });

  test.each([
    { what: "nothing that can be read", text: "spoilt" },
    { what: "nothing at all", text: null },
  ])("goes by the secret where the home holds $what", async ({ text }) => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.beginAnother();
    await step.pre();
    if (text === null) await step.files.remove(AUTH);
    else step.files.overwrite(AUTH, text);

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.said("Nothing is due")).toHaveLength(2);
  });

  test("does not store a login that somebody made between the two, and says so", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.files.overwrite(AUTH, loginNamed("by-hand", { issuedAt: step.clock.now() }).whole().reveal());
    step.beginAnother({ refresh: "force" });
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.issuer.presented).toEqual([step.login.refreshToken.reveal()]);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
    expect(step.auth).toBe(step.stored.withheld().reveal());
  });

  test("that withholds the refresh token is refused where the earlier one put the whole login there", async () => {
    const step = new Step(QUIET_MS, { "refresh-token": "present" });
    await step.pre();
    await step.main();
    step.beginAnother({ refresh: "force", "refresh-token": "withheld" });
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("input-invalid");
    expect(step.issuer.presented).toEqual([]);
    expect(step.auth).toBe(step.login.whole().reveal());
  });

  test("writes over a home that was spoilt between the two", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.files.overwrite(AUTH, "spoilt");
    step.beginAnother({ refresh: "force" });
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.auth).toBe(step.stored.withheld().reveal());
  });

  test("does not store the withheld copy that the earlier one left", async () => {
    const step = new Step();
    await step.pre();
    await step.main();
    const stored = step.store.secrets.get(SECRET);
    step.beginAnother();

    await step.pre();
    await step.main();
    await step.post();

    expect(step.store.secrets.get(SECRET)).toBe(stored);
    expect(AuthJson.parse(stored?.value ?? "").isSameGeneration(step.login)).toBe(false);
  });
});
