import { beforeEach, describe, expect, test } from "@jest/globals";
import { readClaim } from "../../src/core/claim/claim.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { AUTH, BASE, codeOf, DONE, HOME, HOUR_MS, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

describe("`refresh-token: present`", () => {
  let step: Step;
  beforeEach(() => {
    step = new Step(QUIET_MS, { "refresh-token": "present" });
  });

  /** Codex rotates in the home. */
  async function rotate(): Promise<void> {
    step.clock.advance(60_000);
    await step.issuer.refresh({ home: HOME });
  }

  test("the command has the whole login, proven, though nothing is due", async () => {
    const seen: (string | null)[] = [];
    step.command = () => {
      seen.push(step.auth);
      return DONE;
    };
    await step.pre();
    seen.push(step.auth);

    const end = await step.main();

    expect(end).toBe("success");
    expect(seen).toEqual([step.login.withheld().reveal(), step.login.whole().reveal()]);
    expect(await step.loadLedger()).toMatchObject({ stored: true });
    expect(step.channel.outputs.get("rotated")).toBe("false");
  });

  test("the command has the access token alone where another refresh job is at it", async () => {
    const seen: (string | null)[] = [];
    step.command = () => {
      seen.push(step.auth);
      return DONE;
    };
    await step.claimElsewhere();
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(seen).toEqual([step.login.withheld().reveal()]);
    expect(step.report?.job).toBe("codex");
  });

  test("the command has nothing where another refresh job is at it and the access token is over", async () => {
    step = new Step(HOUR_MS, { "refresh-token": "present" });
    let hasRun = false;
    step.command = () => {
      hasRun = true;
      return DONE;
    };
    await step.claimElsewhere();
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("claim-busy");
    expect(hasRun).toBe(false);
  });

  test("a job in which nothing was rotated leaves no doubt behind", async () => {
    step.command = () => DONE;
    await step.pre();
    await step.main();
    const { variables } = step.store;
    const during = (await variables.list()).map(({ value }) => readClaim(value)?.state);

    await step.post();

    expect(during).toEqual(["open"]);
    expect(await variables.list()).toEqual([]);
  });

  test("what Codex rotates in the command is stored in post, and main asks nobody after the command", async () => {
    step.command = async () => {
      await rotate();
      step.wentOnline = false;
      return { exitCode: 1, signal: null };
    };
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe("run-failed");
    expect(step.wentOnline).toBe(false);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(await step.post()).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
  });

  test("what Codex rotates in the command is stored in post although the disk takes no ledger", async () => {
    step.command = async () => {
      await rotate();
      step.files.full.add(`${BASE}/ledger`);
      return DONE;
    };
    await step.pre();
    await step.main();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
  });

  test("the withheld copy of a main that could not prove anything is nothing to store", async () => {
    await step.claimElsewhere();
    await step.pre();
    await step.main();
    const earlier = step.beginAnother();
    await step.pre();
    await step.main();

    const later = await step.post();
    step.channel = earlier;
    const first = await step.post();

    expect([later, first]).toEqual(["success", "success"]);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("post waits 50 s at most for a Codex that does not end", async () => {
    await step.pre();
    await step.main();
    step.processes.start(HOME, HOUR_MS);
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.clock.monotonicMs() - beganMs).toBe(50_200);
  });

  test("what Codex rotates in a later step is stored in post", async () => {
    await step.pre();
    await step.main();
    await rotate();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-1");
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("what Codex rotates after the command has rotated is stored as well", async () => {
    step.command = async () => {
      await rotate();
      return DONE;
    };
    await step.pre();
    await step.main();
    await rotate();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe("rt-CANARY-2");
    expect(step.handedOver()?.refreshToken.reveal()).toBe("rt-CANARY-2");
  });

  test("post waits for a Codex that still uses the home", async () => {
    await step.pre();
    await step.main();
    step.clock.advance(60_000);
    const late = loginNamed("late", { issuedAt: step.clock.now() });
    step.processes.start(HOME, 20_000, () => step.files.overwrite(AUTH, late.whole().reveal()));

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.isSameGeneration(late)).toBe(true);
  });

  test.each([
    {
      where: "no write token can be opened and the handoff does not take it",
      happen: () => {
        step.beforeOpen = () => {
          throw new GitHubError("no", { status: 401 });
        };
        step.handoff.save = async () => "failed" as never;
      },
      code: "write-token-revoked",
    },
  ])("what Codex rotates fails post where $where, without a command to give", async ({ happen, code }) => {
    step.command = async () => {
      await rotate();
      happen();
      return DONE;
    };
    await step.pre();
    await step.main();

    const end = await step.post();

    expect(end).toMatchObject(
      code === "write-token-revoked" ? { code: "write-back-pending", cause: { code } } : { code },
    );
    expect(step.said("gh api")).toEqual([]);
    expect(step.said("To store this job's login")).toEqual([]);
  });

  test("without inputs post hands over what Codex has rotated, and fails saying so", async () => {
    await step.pre();
    await step.main();
    await rotate();

    const end = await step.post({});

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({ cause: { code: "write-token-missing" } });
    expect(step.handedOver()?.refreshToken.reveal()).toBe("rt-CANARY-1");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("without inputs post waits for Codex, too", async () => {
    await step.pre();
    await step.main();
    step.clock.advance(60_000);
    const late = loginNamed("late", { issuedAt: step.clock.now() });
    step.processes.start(HOME, 20_000, () => step.files.overwrite(AUTH, late.whole().reveal()));

    await step.post({});

    expect(step.handedOver()?.isSameGeneration(late)).toBe(true);
  });

  test("without inputs post has nothing to say of a login that stayed as it was", async () => {
    await step.pre();
    await step.main();

    expect(await step.post({})).toBe("success");
  });

  test.each([
    {
      group: "no",
      ends: "stops",
      concurrency: { groups: [], otherRunsInProgress: 0 },
      code: "concurrency-unguarded",
    },
    { group: "an unknown", ends: "goes on", concurrency: null, code: null },
    {
      group: "a",
      ends: "goes on",
      concurrency: { groups: ["codex-auth"], otherRunsInProgress: 3 },
      code: null,
    },
  ])("with $group concurrency group main $ends", async ({ concurrency, code }) => {
    step.concurrency = concurrency;
    await step.pre();

    const end = await step.main();

    expect(codeOf(end)).toBe(code);
    expect(step.auth).toBe((code ? step.login.withheld() : step.login.whole()).reveal());
  });
});
