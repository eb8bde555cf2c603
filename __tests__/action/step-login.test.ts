import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "./refresh-jobs.ts";
import { AUTH, codeOf, HOUR_MS, loginNamed, Step, watchHome } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

describe("a step that never refreshes", () => {
  test.each([{ inputs: { refresh: "never", "secret-write-token": "" } }, { inputs: { refresh: "never" } }])(
    "uses the access token while it is valid for long enough: $inputs",
    async ({ inputs }) => {
      const step = new Step(24 * HOUR_MS, inputs);
      const seen = watchHome(step);

      const ends = await step.play();

      expect(ends).toEqual({ main: "success", post: "success" });
      expect(seen.auth).toBe(step.login.withheld().reveal());
      expect(step.wentOnline).toBe(false);
      expect(step.report?.job).toBe("codex");
      expect(step.said("valid for 23 h 0 min")).not.toEqual([]);
    },
  );

  test.each([
    { lives: "too short", validMs: 6 * HOUR_MS, words: "valid for only 5 h 0 min" },
    { lives: "no more", validMs: HOUR_MS, words: "has expired" },
    { lives: "no more, for long", validMs: HOUR_MS / 2, words: "has expired" },
  ])("stops when the access token lives $lives", async ({ validMs, words }) => {
    const step = new Step(validMs, { refresh: "never" });
    const seen = watchHome(step);
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("access-token-expiring");
    expect(end).toMatchObject({ message: expect.stringContaining(words) });
    expect(seen.auth).toBeNull();
    expect(step.report).toMatchObject({ alert: { code: "access-token-expiring" } });
  });

  test("goes on with an access token that lives exactly `minimum-lifetime`", async () => {
    const step = new Step(7 * HOUR_MS, { refresh: "never" });

    const ends = await step.play();

    expect(ends.main).toBe("success");
  });
});

describe("a Codex job that is handed an access copy", () => {
  function jobWithCopy(validMs: number, inputs: Record<string, string> = {}): Step {
    const step = new Step(validMs, { refresh: "never", "secret-write-token": "", ...inputs });
    step.inputs["codex-auth-json"] = step.login.withheld().reveal();
    return step;
  }

  test("runs on it, needs no write token, and asks nobody", async () => {
    const step = jobWithCopy(QUIET_MS);
    const seen = watchHome(step);

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(seen.auth).toBe(step.login.withheld().reveal());
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^(warning|error)/)).toEqual([]);
    expect(step.said("The access copy is valid for 9 days 23 h.")).toHaveLength(1);
    expect(step.log.masked).not.toContain("");
  });

  test.each([
    { leftMs: 96 * HOUR_MS, warns: 0 },
    { leftMs: 96 * HOUR_MS - 1000, warns: 1 },
    { leftMs: 6 * HOUR_MS, warns: 1 },
  ])("warns under four days that maintenance is overdue: $leftMs ms", async ({ leftMs, warns }) => {
    const step = jobWithCopy(leftMs + HOUR_MS, { "maintenance-workflow": "maintenance.yml of acme/ops" });

    const ends = await step.play();

    expect(ends.main).toBe("success");
    expect(step.said(/^warning: Maintenance is overdue: .*`maintenance.yml of acme\/ops`/)).toHaveLength(
      warns,
    );
  });

  test.each([
    { leftMs: 6 * HOUR_MS - 1000, words: /ends at 2026-11-22 1\d:\d\d UTC, in less than `minimum-lifetime`/ },
    { leftMs: -1000, words: /has ended: its access token was valid until 2026-11-22 \d\d:\d\d UTC/ },
  ])(
    "stops when it has ended, and says when, and where new ones come from: $leftMs ms",
    async ({ leftMs, words }) => {
      const step = jobWithCopy(leftMs + HOUR_MS, { "maintenance-workflow": "maintenance.yml of acme/ops" });
      const seen = watchHome(step);

      const { main } = await step.play();

      expect(main).toMatchObject({
        code: "access-copy-ended",
        message: expect.stringMatching(words),
        hint: expect.stringContaining("`maintenance.yml of acme/ops`"),
      });
      expect(`${main}`).not.toMatch(/log in/i);
      expect(seen.auth).toBeNull();
      expect(step.channel.outputs.get("available")).toBe("false");
    },
  );

  test.each(["Thu Nov 26 05:03:53 UTC 2026", "new\n", "no-copy-yet"])(
    "that is not there yet says who writes it, and nothing of logging in: %j",
    async (content) => {
      const step = new Step(QUIET_MS, { refresh: "never", "secret-write-token": "" });
      step.inputs["codex-auth-json"] = content;

      const { main } = await step.play();

      expect(main).toMatchObject({
        code: "access-copy-missing",
        hint: expect.stringContaining("maintenance"),
      });
      expect(`${main}`).not.toMatch(/log in/i);
    },
  );

  test("is told that a refresh is due, and not that maintenance is overdue, where it is handed the login", async () => {
    const step = new Step(73 * HOUR_MS, { refresh: "never" });

    await step.play();

    expect(step.said(/overdue/)).toEqual([]);
    expect(step.said(/A refresh is due/)).toHaveLength(1);
  });
});

test.each([{}, { refresh: "force" }, { refresh: "never", "refresh-token": "present" }])(
  "a job that may refresh stops when it is handed an access copy: %j",
  async (inputs) => {
    const step = new Step(QUIET_MS, inputs);
    step.inputs["codex-auth-json"] = step.login.withheld().reveal();
    const seen = watchHome(step);

    const { main } = await step.play();

    expect(main).toMatchObject({
      code: "login-is-a-copy",
      hint: expect.stringContaining("`refresh: never`"),
    });
    expect(seen.auth).toBeNull();
    expect(step.wentOnline).toBe(false);
  },
);

describe("a login of which it is asked whether it is due", () => {
  test.each([
    { is: "is", when: "at the window's edge", leftMs: 72 * HOUR_MS },
    { is: "is not", when: "a second before it", leftMs: 72 * HOUR_MS + 1000 },
    { is: "is not", when: "at that edge on another branch", leftMs: 72 * HOUR_MS, branch: "other" },
    { is: "is", when: "on another branch at `minimum-lifetime`", leftMs: 6 * HOUR_MS, branch: "other" },
    { is: "is", when: "whenever it is forced", leftMs: QUIET_MS, inputs: { refresh: "force" } },
    {
      is: "is",
      when: "in a window of one's own",
      leftMs: 200 * HOUR_MS,
      inputs: { "refresh-window": "10d" },
    },
  ] as const)("it $is refreshed $when", async ({ is, leftMs, ...given }) => {
    const { inputs = {}, branch = "default" } = given as {
      inputs?: Record<string, string>;
      branch?: "other";
    };
    const step = new Step(leftMs + HOUR_MS, inputs);
    step.context = { ...step.context, branch };

    await step.play();

    expect(step.issuer.living).toBe(is === "is" ? "rt-CANARY-1" : "rt-CANARY-0");
  });
});

describe("a refresh job that cannot refresh just now", () => {
  test("goes on with the access token it has when another refresh job is at it", async () => {
    const step = new Step();
    const seen = watchHome(step);
    await step.claimElsewhere();

    await step.pre();
    const stamp = await step.files.stamp(AUTH);
    const end = await step.main();

    expect(end).toBe("success");
    expect(seen.auth).toBe(step.login.withheld().reveal());
    expect(await step.files.stamp(AUTH)).toBe(stamp);
    expect(step.report?.job).toBe("codex");
    expect(step.channel.outputs.get("restored-from")).toBe("secret");
    expect(step.report).toMatchObject({ rotated: false, rescue: null, alert: { code: "claim-busy" } });
    expect(step.report?.events).toEqual([step.report?.alert?.message]);
    expect(step.said(/^warning: .*expires in 22 h 59 min\..*\[claim-busy\]$/)).toHaveLength(1);
  });

  test("says as an error what only a person can repair", async () => {
    const step = new Step();
    step.issuer.living = "rotated by somebody else";

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.said(/^error: .*\[refresh-/)).toHaveLength(1);
    expect(step.channel.summaries.join()).toContain("CAUTION");
  });

  test("takes the handoff's login where its own copy is an old one", async () => {
    const step = new Step();
    const newer = loginNamed("newer", { validMs: 48 * HOUR_MS });
    const seen = watchHome(step);
    await step.settleElsewhere(newer);
    // A person has stored another one since.
    step.clock.advance(60_000);
    step.store.set(SECRET, loginNamed("newest").line().reveal());

    const ends = await step.play();

    expect(ends.main).toBe("success");
    expect(seen.auth).toBe(newer.withheld().reveal());
    expect(step.channel.outputs.get("restored-from")).toBe("handoff");
    expect(step.report?.job).toBe("codex");
    expect(step.log.masked).toContain(newer.refreshToken.reveal());
  });

  test("keeps the handoff's login as it is where that is current and not due", async () => {
    const step = new Step();
    const next = loginNamed("next");
    const seen = watchHome(step);
    await step.settleElsewhere(next);

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(seen.auth).toBe(next.withheld().reveal());
    expect(step.issuer.presented).toEqual([]);
    expect(Object.fromEntries(step.channel.outputs)).toMatchObject({
      "restored-from": "handoff",
      rotated: "false",
      stored: "false",
    });
  });
});

test("a refresh job refreshes the handoff's login where that is current, and due as well", async () => {
  const step = new Step();
  const next = loginNamed("next", { validMs: 48 * HOUR_MS });
  step.issuer.living = next.refreshToken.reveal();
  await step.settleElsewhere(next);

  const ends = await step.play();

  expect(ends).toEqual({ main: "success", post: "success" });
  expect(step.issuer.presented).toEqual([next.refreshToken.reveal()]);
  expect(step.handedOver(next)?.isSameGeneration(step.stored)).toBe(true);
  expect(step.channel.outputs.get("restored-from")).toBe("handoff");
});

describe("`refresh: force`", () => {
  let step: Step;
  beforeEach(() => {
    step = new Step(QUIET_MS, { refresh: "force" });
    const renewed = loginNamed("0", { issuedAt: new Date("2026-11-22T11:00:01.000Z") });
    // The refresh token stays, and the access token is new.
    step.refresher = {
      refresh: async ({ home }) => {
        const json = JSON.parse(renewed.whole().reveal());
        json.tokens.refresh_token = step.login.refreshToken.reveal();
        await step.files.write(`${home}/auth.json`, JSON.stringify(json));
        return { account: "present", stderr: "" };
      },
    };
  });

  test("fails when Codex kept the refresh token, and stores what it renewed", async () => {
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("refresh-not-rotated");
    expect(step.stored.accessToken.equals(step.login.accessToken)).toBe(false);
    expect(step.stored.refreshToken.equals(step.login.refreshToken)).toBe(true);
    expect(step.report).toMatchObject({ rotated: false, stored: true });
  });

  test("says of renewed tokens that could not be stored why, and not that they are stored", async () => {
    step.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("It answered 502.", { status: 502 });
    };
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("github-unreachable");
    expect(step.report).toMatchObject({ rotated: false, stored: false });
    expect(step.said("is stored")).toEqual([]);
  });

  test("alone demands a rotation: a renewed login is fine when a refresh was only due", async () => {
    Object.assign(step.inputs, { refresh: "auto", "refresh-window": "20d" });

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.channel.outputs.get("stored")).toBe("true");
  });

  test("takes over the old claim of a run of which GitHub tells nothing, as no other refresh does", async () => {
    Object.assign(step.inputs, { "refresh-window": "20d" });
    step.refresher = step.issuer;
    await step.claimElsewhere();
    step.clock.advance(HOUR_MS);
    step.runStatus = "unknown";
    step.inputs.refresh = "auto";
    await step.pre();
    expect(await step.main()).toBe("success");
    expect(step.report).toMatchObject({ rotated: false, alert: { code: "claim-busy" } });

    step.inputs.refresh = "force";
    const end = await step.main();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
  });

  test("stops the job when nothing could be refreshed, however long the access token lives", async () => {
    step.refresher = step.issuer;
    step.issuer.interfere = () => "unavailable";
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("refresh-unavailable");
  });
});

describe("a step that leaves the refresh to Codex (`refresh: never`, `refresh-token: present`)", () => {
  const LEFT_TO_CODEX = { refresh: "never", "refresh-token": "present" };

  test("says so where the access token ends soon, puts the whole login there, and goes on", async () => {
    const step = new Step(6 * HOUR_MS, LEFT_TO_CODEX);
    const seen = watchHome(step);

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(seen.auth).toBe(step.login.whole().reveal());
    expect(step.said(/valid for only .*only Codex itself can, in this job/)).toHaveLength(1);
    expect(step.said(/^(warning|error)/)).toEqual([]);
  });

  test.each([
    ["it lives for long", QUIET_MS, LEFT_TO_CODEX],
    ["a refresh is only not due", 24 * HOUR_MS, { "refresh-token": "present", "refresh-window": "1h" }],
  ])("has nothing to say of it where %s", async (_, validMs, inputs) => {
    const step = new Step(validMs, inputs);

    await step.play();

    expect(step.said("only Codex itself can")).toEqual([]);
  });
});
