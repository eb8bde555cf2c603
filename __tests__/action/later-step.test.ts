import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, codeOf, HOME, HOUR_MS, loginNamed, Step, watchHome } from "./step.ts";

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

describe("an earlier step, whose post runs after that of a later one", () => {
  /** @returns the channel of the earlier step, which withholds the refresh token */
  async function refreshedByLater(step: Step, inputs: Record<string, string>) {
    const earlier = step.beginAnother(inputs);
    await step.pre();
    expect(await step.main()).toBe("success");
    expect(await step.post()).toBe("success");
    step.channel = earlier;
    Object.assign(step.inputs, { refresh: "auto", "refresh-token": "withheld" });
    return earlier;
  }

  test("tells what the later one has refreshed, and until when it is valid", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.clock.advance(24 * HOUR_MS);
    const { summaries } = await refreshedByLater(step, { refresh: "force" });

    const end = await step.post();

    expect(end).toBe("success");
    expect(summaries).toEqual([
      expect.stringContaining("- A later step of this job has refreshed the login."),
    ]);
    expect(summaries[0]).toContain(step.stored.accessTokenExpiresAt.toISOString());
    expect(summaries[0]).toContain(step.stored.lastRefresh);
    expect(step.said(/^warning/)).toEqual([]);
  });

  test("has no news where the later one has put the whole login there, and nothing else", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    const { summaries } = await refreshedByLater(step, { "refresh-token": "present" });
    expect(step.auth).toBe(step.login.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).not.toContain("A later step");
    expect(step.said(/^warning/)).toEqual([]);
    expect(step.auth).toBeNull();
  });

  test("has nothing to tell where its own main never began", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    const { summaries } = await refreshedByLater(step, { refresh: "force" });

    const end = await step.post();

    expect(end).toBe("success");
    expect(summaries).toEqual([]);
    expect(step.auth).toBeNull();
  });
});

test("a step whose main comes after another's refresh goes by that, although it has made the home", async () => {
  const step = new Step();
  await step.pre();
  const maker = step.beginAnother({ refresh: "force" });
  await step.main();
  const rotated = step.stored;
  step.channel = maker;
  step.inputs.refresh = "auto";
  step.wentOnline = false;

  const end = await step.main();

  expect(end).toBe("success");
  expect(step.wentOnline).toBe(false);
  expect(step.auth).toBe(rotated.withheld().reveal());
  expect(step.channel.outputs.get("access-token-expires-at")).toBe(
    rotated.accessTokenExpiresAt.toISOString(),
  );
});

test("with the refresh token present, a later step goes on with a login that nobody has rotated since", async () => {
  const step = new Step(QUIET_MS, { "refresh-token": "present" });
  await step.pre();
  await step.main();
  step.beginAnother();
  const seen = watchHome(step);
  await step.pre();

  const end = await step.main();

  expect(end).toBe("success");
  expect(seen.auth).toBe(step.login.whole().reveal());
  expect(step.channel.outputs.get("rotated")).toBe("false");
  expect(step.issuer.presented).toEqual([]);
});

describe("with the refresh token present, what Codex has rotated since an earlier step", () => {
  let step: Step;
  let byCodex: AuthJson;
  beforeEach(async () => {
    step = new Step(QUIET_MS, { "refresh-token": "present" });
    await step.pre();
    await step.main();
    step.clock.advance(60_000);
    await step.issuer.refresh({ home: HOME });
    byCodex = AuthJson.parse((await step.files.read(AUTH)) ?? "");
  });

  test("is stored before the later one goes on", async () => {
    step.beginAnother();
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(byCodex)).toBe(true);
    expect(await step.files.read(AUTH)).toBe(byCodex.whole().reveal());
    expect(Object.fromEntries(step.channel.outputs)).toMatchObject({ rotated: "true", stored: "true" });
    expect(step.report).toMatchObject({ rotated: true, stored: true, alert: null });
  });

  test("is what the later one refreshes, and nothing that was spent is presented again", async () => {
    step.issuer.presented.length = 0;
    step.beginAnother({ refresh: "force" });
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.issuer.presented).toEqual([byCodex.refreshToken.reveal()]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is not lost where neither the secret nor the handoff takes it: the later one stops", async () => {
    step.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
    };
    step.handoff.save = async () => "failed" as never;
    step.beginAnother();
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("github-unreachable");
    expect(await step.files.read(AUTH)).toBe(byCodex.whole().reveal());
    expect(step.report).toMatchObject({ rotated: true, stored: false });
  });
});
