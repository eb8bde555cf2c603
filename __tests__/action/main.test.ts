import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Inputs } from "../../src/action/inputs.ts";
import { keepFailure } from "../../src/action/main.ts";
import type { StepLogin } from "../../src/action/step-login.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { readWorkingCopy } from "../../src/core/login/auth-json.ts";
import { MemoryChannel } from "./ports/channel.ts";
import { systemError } from "./ports/files.ts";
import { MemoryLog } from "./ports/log.ts";
import { AUTH, BASE, codeOf, DONE, HOME, HOUR_MS, LOGIN, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

describe("a refresh job whose login is not due", () => {
  let step: Step;
  let during: string | null;
  beforeEach(() => {
    step = new Step(QUIET_MS);
    during = null;
    step.command = () => {
      during = step.auth;
      return DONE;
    };
  });

  test("runs the user's command on a working copy without the refresh token, and asks nobody", async () => {
    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(during).toBe(step.login.withheld().reveal());
    expect(step.wentOnline).toBe(false);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.said("Nothing is due: the access token is valid for 9 days 23 h.")).toHaveLength(1);
    expect(step.report).toMatchObject({ events: [], alert: null, rescue: null });
  });

  test("tells later steps about its login", async () => {
    await step.pre();
    await step.main();

    expect(Object.fromEntries(step.channel.outputs)).toEqual({
      available: "true",
      "codex-home": HOME,
      "restored-from": "secret",
      rotated: "false",
      stored: "false",
      "access-token-expires-at": "2026-12-02T10:00:00.000Z",
      "last-refresh": "2026-11-22T10:00:00.000Z",
    });
    expect(step.channel.variables.get("CODEX_HOME")).toBe(HOME);
  });

  test("is restored in main where pre did not", async () => {
    const end = await step.main();

    expect(end).toBe("success");
    expect(during).toBe(step.login.withheld().reveal());
  });

  test("is filled in main where pre made the home and could not", async () => {
    step.files.full.add(LOGIN);
    expect(codeOf(await step.pre())).toBe("home-unwritable");
    step.files.full.clear();

    const end = await step.main();

    expect(end).toBe("success");
    expect(during).toBe(step.login.withheld().reveal());
    expect(step.session?.written).toBe(await step.files.stamp(AUTH));
    expect(await step.post()).toBe("success");
  });

  test("is not written again in main where pre has filled the home", async () => {
    await step.pre();
    const stamp = await step.files.stamp(AUTH);

    await step.main();

    expect(await step.files.stamp(AUTH)).toBe(stamp);
  });

  test("hides every token", async () => {
    await step.play();

    expect(step.log.masked).toEqual(
      expect.arrayContaining([
        step.login.refreshToken.reveal(),
        step.login.accessToken.reveal(),
        step.login.idToken.reveal(),
        step.login.line().reveal(),
        step.login.content("base64").reveal(),
      ]),
    );
  });

  test("keeps the variables of main for post, not those of pre", async () => {
    await step.pre();
    step.environment.PATH = "/installed/since:/bin";

    await step.main();

    expect(step.session?.environment.PATH).toBe("/installed/since:/bin");
  });
});

describe("a refresh job whose login is due", () => {
  test("runs the user's command on the login that it has refreshed and stored", async () => {
    const step = new Step();
    let during: string | null = null;
    let storedMeanwhile = "";
    step.command = () => {
      during = step.auth;
      storedMeanwhile = step.stored.refreshToken.reveal();
      return DONE;
    };

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(storedMeanwhile).toBe(step.issuer.living);
    expect(during).toBe(step.stored.withheld().reveal());
    expect(step.handedOver()?.isSameGeneration(step.stored)).toBe(true);
    expect(step.channel.outputs.get("rotated")).toBe("true");
    expect(step.channel.outputs.get("stored")).toBe("true");
    expect(step.said(`Stored login ${step.stored.generation}.`)).toHaveLength(1);
    expect(step.openSessions).toBe(0);
  });

  test("leaves no refresh token on the machine while the user's command runs", async () => {
    const step = new Step();
    let holders: readonly string[] = [];
    step.command = () => {
      holders = [...step.files.contents]
        .filter(([path, content]) => path !== `${BASE}/ledger` && /rt-CANARY/.test(String(content)))
        .map(([path]) => path);
      return DONE;
    };

    await step.play();

    expect(step.issuer.living).toBe("rt-CANARY-1");
    expect(holders).toEqual([]);
  });

  test("does not store a login that was made between pre and main, says so, and refreshes its own", async () => {
    const step = new Step();
    await step.pre();
    const made = loginNamed("made", { issuedAt: step.clock.now() });
    step.files.overwrite(AUTH, made.whole().reveal());

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.issuer.presented).toEqual([step.login.refreshToken.reveal()]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
  });

  test("records no alert for what nobody foresaw", async () => {
    const step = new Step(QUIET_MS);
    step.command = () => {
      throw new TypeError("a bug");
    };
    await step.pre();

    const end = await step.main();

    expect(end).toEqual(new TypeError("a bug"));
    expect(step.report?.alert).toBeNull();
  });

  test.each([["run"], ["nothing"]])("refreshes before a step with %s to do", async (what) => {
    const step = new Step(24 * HOUR_MS, { run: what === "run" ? "codex exec" : "" });

    await step.play();

    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
  });

  test("does not run the user's command when main has failed before, and keeps the failure for post", async () => {
    const step = new Step();
    let hasRun = false;
    step.command = () => {
      hasRun = true;
      return DONE;
    };
    step.store.secrets.clear();
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("secret-not-found");
    expect(hasRun).toBe(false);
    expect(step.report?.alert?.code).toBe("secret-not-found");
  });
});

describe("a step whose context forbid a login", () => {
  test.each([
    { where: "in a public repository", visibility: "public", eventName: "push", code: "public-repository" },
    {
      where: "on pull_request_target",
      visibility: "private",
      eventName: "pull_request_target",
      code: "pull-request-target",
    },
  ] as const)("stops main $where before anything is done", async ({ visibility, eventName, code }) => {
    const step = new Step();
    step.context = { ...step.context, visibility, eventName };

    const end = await step.main();

    expect(codeOf(end)).toBe(code);
    expect(step.auth).toBeNull();
    expect(step.wentOnline).toBe(false);
  });
});

describe("a step without anything to run", () => {
  test("leaves the login for later steps, and sets up no Codex", async () => {
    const step = new Step(QUIET_MS, { run: "" });
    step.codex = null;
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.channel.paths).toEqual([]);
    expect(readWorkingCopy(step.auth ?? "")?.refreshToken.isEmpty).toBe(true);
  });

  test("installs Codex for later steps when a version is asked for", async () => {
    const step = new Step(QUIET_MS, {
      run: "",
      "codex-version": "0.169.0",
      "protect-auth": "enforced",
    });
    let hasRun = false;
    step.command = () => {
      hasRun = true;
      return DONE;
    };
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.channel.paths).toEqual(["/tools/0.169.0/bin"]);
    expect(hasRun).toBe(false);
    expect(step.machine.requirements).toBeNull();
  });

  test("is a bare file system of its own after post: nothing of ours is left", async () => {
    const step = new Step(QUIET_MS, { run: "" });
    await step.pre();
    await step.main();
    expect(step.files.paths.some((path) => path.startsWith(BASE))).toBe(true);

    await step.post();

    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });
});

describe("what main fails of", () => {
  const revoked = new Failure("write-token-revoked", "It is revoked.", "Make a new one.");
  const NO_NEW_LOGIN = "This step refreshed nothing, so no new login is needed for that.";

  const keep = (
    refreshToken: "present" | "withheld" | null,
    login: StepLogin | null = null,
    channel = new MemoryChannel(),
    log = new MemoryLog(),
  ): Promise<unknown> =>
    keepFailure(
      {
        channel,
        log,
        inputs: refreshToken === null ? null : ({ secret: null, refreshToken } as unknown as Inputs),
      },
      revoked,
      login,
    );
  /** Main's login, of which it is only asked whether it was refreshed. */
  const loginThat = (hasRefreshed: boolean) =>
    ({ hasRefreshed, recordFailure: () => {} }) as unknown as StepLogin;

  test.each<[string, "present" | "withheld" | null, StepLogin | null, boolean]>([
    ["before there were inputs", null, null, true],
    ["before there was a login", "withheld", null, true],
    ["with a login that it has not refreshed", "withheld", loginThat(false), true],
    ["with a login that it has refreshed", "withheld", loginThat(true), false],
    ["where Codex may refresh the login itself", "present", loginThat(false), false],
    ["before there was a login for Codex to refresh", "present", null, false],
  ])("%s: whether it says that no new login is needed", async (_, refreshToken, login, says) => {
    const error = await keep(refreshToken, login);

    expect(String((error as Failure).hint).includes(NO_NEW_LOGIN)).toBe(says);
  });

  test("is told all the same where nothing of it can be kept", async () => {
    const log = new MemoryLog();
    const channel = new MemoryChannel();
    channel.writeSummary = async () => {
      throw systemError("ENOSPC");
    };

    expect(await keep("withheld", null, channel, log)).toMatchObject({ code: "write-token-revoked" });
    expect(log.lines).toEqual([
      "warning: What this step fails of could not be written into the job's summary and state.",
    ]);
  });
});
