import { beforeEach, describe, expect, test } from "@jest/globals";
import { claimName } from "../../src/core/claim/name.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { saveCriticalSection } from "../../src/login/section-state.ts";
import { systemError } from "./ports/files.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { AUTH, BASE, codeOf, DONE, HOME, HOUR_MS, LOGIN, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;

function refuseWrites(step: Step, status = 502): void {
  step.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw new GitHubError(`It answered ${status}.`, { status });
  };
}

describe("post after a quiet job", () => {
  test("asks nobody, removes everything, the login first, and writes one summary", async () => {
    const step = new Step(QUIET_MS);
    const ends = await step.play();

    expect(ends.post).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.files.removed.slice(-3)).toEqual([LOGIN, HOME, BASE]);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
    expect(step.channel.summaries).toHaveLength(1);
    expect(step.channel.summaries[0]).toContain("**not due**");
    expect(step.channel.summaries[0]).toContain("refresh due     2026-11-29 10:00 UTC");
  });

  test("leaves out the summary where main never began", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.channel.summaries).toEqual([]);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test.each([
    [LOGIN, [HOME]],
    [HOME, [LOGIN]],
  ])("removes the rest where %s cannot be removed, and says so", async (stuck, gone) => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.files.stuck.add(stuck);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.files.removed).toEqual(expect.arrayContaining([...gone, BASE]));
    expect(step.said(/^warning: .*could not be removed completely/)).toHaveLength(1);
  });

  test("tells what the system refuses it as that, goes on with the rest, and removes nothing unseen", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.files.interfere = (operation, path) => {
      if (operation === "stamp" && path === `${BASE}/ledger`) throw systemError("EACCES");
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("system-error");
    expect(step.files.removed).not.toContain(BASE);
    expect(step.channel.summaries).toEqual([expect.stringContaining("EACCES")]);
  });

  test("cleans up all the same where only the home cannot be read", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.files.interfere = (operation, path) => {
      if (operation === "stamp" && path === AUTH) throw systemError("EIO");
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("system-error");
    expect(step.files.removed.slice(-3)).toEqual([LOGIN, HOME, BASE]);
  });

  test("calls a summary that cannot be written what it is", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.channel.writeSummary = async () => {
      throw systemError("ENOSPC");
    };

    expect(codeOf(await step.post())).toBe("system-error");
  });

  test("leaves everything in the home of an earlier step to that step", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    const earlier = step.beginAnother();
    await step.pre();
    await step.main();

    await step.post();
    const left = step.auth;
    step.channel = earlier;
    await step.post();

    expect(left).toBe(step.login.withheld().reveal());
    expect(step.auth).toBeNull();
  });

  test("removes the machine's requirements also where the home is an earlier step's", async () => {
    const step = new Step(QUIET_MS);
    await step.pre();
    await step.main();
    step.beginAnother({ "protect-auth": "enforced" });
    await step.pre();
    await step.main();
    expect(step.machine.requirements).not.toBeNull();

    await step.post();

    expect(step.machine.requirements).toBeNull();
  });

  test("leaves requirements that are not ours", async () => {
    const step = new Step(QUIET_MS);
    step.machine.requirements = "the administrator's";

    await step.play();

    expect(step.machine.requirements).toBe("the administrator's");
  });
});

describe("post after a renewal, with the same refresh token, that main could not store", () => {
  let step: Step;
  beforeEach(async () => {
    step = new Step();
    step.issuer.interfere = () => "renews";
    refuseWrites(step);
    await step.pre();
    await step.main();
  });

  test("stores it, and calls it no rotation", async () => {
    step.store.interfere = () => {};

    expect(await step.post()).toBe("success");
    expect(step.stored.accessToken.equals(step.login.accessToken)).toBe(false);
    expect(step.stored.refreshToken.equals(step.login.refreshToken)).toBe(true);
    expect(step.channel.summaries[0]).toContain("Stored in post.");
    expect(step.channel.summaries[0]).not.toContain("**refreshed and stored**");
  });

  test("says that nothing is lost where it still cannot, and of no handoff", async () => {
    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({
      message: expect.stringContaining("Nothing is lost"),
      hint: expect.stringContaining("the next refresh job refreshes the login again"),
    });
    expect(step.channel.summaries[0]).not.toMatch(/handoff/i);
  });
});

describe("post after a rotation that main could not store", () => {
  let step: Step;
  beforeEach(async () => {
    step = new Step();
    refuseWrites(step);
    await step.pre();
    await step.main();
  });

  test("stores it, tells the handoff, and the job is well", async () => {
    step.store.interfere = () => {};

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
    expect(step.channel.summaries[0]).toContain("Stored in post.");
    expect(step.channel.summaries[0]).not.toContain("gh api");
    expect(step.said(`Stored login ${step.stored.generation}.`)).toHaveLength(1);
    expect(step.openSessions).toBe(0);
    expect(step.said(/^error/)).toEqual([]);
  });

  test("fails the job when it still cannot, and leaves the login in the handoff", async () => {
    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({
      message: expect.stringContaining("The handoff in the Actions cache has it."),
      hint: expect.stringContaining("dispatch maintenance now"),
      cause: { code: "github-unreachable" },
    });
    expect(step.handedOver()?.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.channel.summaries[0]).toContain("**refreshed, but not stored yet**");
    expect(step.channel.summaries[0]).toContain("gh api --method PUT");
    expect(step.said("To store this job's login by hand:")).toHaveLength(1);
    expect(step.said("gh api --method PUT")).toHaveLength(1);
    expect(step.said(/^error/)).toEqual([]);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("sends nothing, and fails, where a step has changed since where requests go", async () => {
    step.store.interfere = () => {};
    step.wentOnline = false;
    step.environment.HTTPS_PROXY = "http://evil.example";

    const end = await step.post();

    expect(codeOf(end)).toBe("environment-changed");
    expect(step.wentOnline).toBe(false);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.channel.summaries[0]).toContain("HTTPS_PROXY");
  });

  test("stores it although main was ended in another refresh, which had not begun", async () => {
    step.store.interfere = () => {};
    const claim = { name: claimName(step.handedOver() ?? step.login, PLACE), holder: "a".repeat(32) };
    saveCriticalSection(step.channel, { directory: null, process: null, claim });

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("takes nothing from the home with it, where the refresh token is withheld", async () => {
    const made = loginNamed("made", { issuedAt: step.clock.now() });
    step.files.overwrite(`${HOME}/auth.json`, made.whole().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(step.handedOver()?.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.said(/^warning: .*It is not stored/)).toHaveLength(1);
    expect(step.said(/^error/)).toEqual([]);
  });

  test("says that nothing else has it where the handoff does not", async () => {
    step.handoff.save = async () => "failed" as never;

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({
      message: expect.stringContaining("The handoff could not be saved either."),
    });
  });

  test("says where the login came from that it has stored", async () => {
    step = new Step();
    const next = loginNamed("next", { validMs: 48 * HOUR_MS });
    step.issuer.living = next.refreshToken.reveal();
    await step.settleElsewhere(next);
    refuseWrites(step);
    await step.pre();
    await step.main();
    step.store.interfere = () => {};

    await step.post();

    expect(step.channel.summaries[0]).toContain("Restored from the handoff of an earlier run");
    expect(step.channel.summaries[0]).toContain("**refreshed and stored**");
  });

  test("leaves a store alone that somebody else has written meanwhile, and fails", async () => {
    step.store.interfere = () => {};
    step.clock.advance(HOUR_MS);
    const foreign = loginNamed("foreign");
    step.store.set(SECRET, foreign.line().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("secret-changed-elsewhere");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(step.said("gh api --method PUT")).toHaveLength(1);
    expect(step.said(/^error/)).toEqual([]);
    expect(step.channel.summaries[0]).toMatch(/CAUTION[\s\S]*`secret-changed-elsewhere`/);
  });

  test("tells no command where none could be sealed", async () => {
    step.store.publicKey = async () => {
      throw new GitHubError("It answered 502.", { status: 502 });
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(step.said("by hand")).toEqual([]);
  });

  test("says that it is blind where GitHub hands it no inputs, and cleans up", async () => {
    const end = await step.post({});

    expect(codeOf(end)).toBe("write-back-pending");
    expect(end).toMatchObject({
      message: expect.stringContaining("no inputs"),
      hint: expect.stringContaining("nested composite actions"),
    });
    expect(step.wentOnline).toBe(true);
    expect(step.channel.summaries[0]).toContain("this phase got no inputs to try again");
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("says so where the secret was spoilt since main", async () => {
    const end = await step.post({ ...step.inputs, "codex-auth-json": "spoilt-CANARY" });

    expect(codeOf(end)).toBe("write-back-pending");
  });
});

describe("post without inputs", () => {
  test("has nothing to say where main never began, and cleans up", async () => {
    const step = new Step();
    await step.pre();

    const end = await step.post({});

    expect(end).toBe("success");
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test.each([
    ["nothing was due", QUIET_MS],
    ["main has stored what it refreshed", 24 * HOUR_MS],
  ])("has nothing to say where %s", async (_, validMs) => {
    const step = new Step(validMs);
    await step.pre();
    await step.main();
    step.wentOnline = false;

    const end = await step.post({});

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.channel.summaries).toHaveLength(1);
  });
});

test("post without inputs has nothing to say where main has left only a claim that GitHub did not take back", async () => {
  const step = new Step(24 * HOUR_MS);
  step.store.variables.interfere = (request) => {
    if (request === "DELETE") throw new GitHubError("GitHub's API did not answer.", { status: null });
  };
  step.refresher = {
    refresh: async ({ started }) => {
      await started({ pid: 1, startedAt: null });
      return { account: "unstarted", stderr: "no such command" };
    },
  };
  await step.pre();
  await step.main();
  expect(step.openSection).toMatchObject({ directory: null, process: null });

  expect(await step.post({})).toBe("success");
});

describe("post in which several things go wrong", () => {
  test("throws the first, logs the others, and still removes the login", async () => {
    const step = new Step(24 * HOUR_MS, { "refresh-token": "present" });
    refuseWrites(step);
    step.command = () => {
      step.files.overwrite(
        `${HOME}/auth.json`,
        loginNamed("other", { account: "account-2" }).whole().reveal(),
      );
      return DONE;
    };
    await step.pre();
    await step.main();

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
    expect(
      step.said(/^error: The login in the home is older than the one .* or of another account/),
    ).toHaveLength(1);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("still removes the login when something fails that nobody foresaw", async () => {
    const step = new Step();
    refuseWrites(step);
    await step.pre();
    await step.main();
    step.beforeOpen = () => {
      throw new TypeError("a bug");
    };

    const end = await step.post();

    expect(end).toEqual(new TypeError("a bug"));
    expect(step.said(/^error/)).toEqual([]);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
    expect(step.channel.summaries).toHaveLength(1);
    expect(step.channel.summaries[0]).not.toContain("a bug");
  });

  test("says in words what the system has refused", async () => {
    const step = new Step();
    refuseWrites(step);
    await step.pre();
    await step.main();
    step.beforeOpen = () => {
      throw Object.assign(new Error("EMFILE: CANARY"), { code: "EMFILE", syscall: "open", path: "/x" });
    };

    const end = await step.post();

    expect(end).toMatchObject({ code: "system-error", message: expect.stringContaining("EMFILE") });
    expect(step.channel.summaries[0]).toContain("The operating system refused");
    expect(step.channel.summaries[0]).not.toContain("CANARY");
  });
});

describe("post whose files on the machine are gone", () => {
  async function emptyTemp(step: Step): Promise<void> {
    await step.pre();
    await step.main();
    await step.files.remove(BASE);
  }

  test("has nothing to do in a quiet job, and says why", async () => {
    const step = new Step(240 * HOUR_MS);
    await emptyTemp(step);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.said(/^warning: .*not borne out by this machine/)).toHaveLength(1);
  });

  test("has nothing to do where main never began, either", async () => {
    const step = new Step();
    await step.pre();
    await step.files.remove(BASE);

    expect(await step.post()).toBe("success");
    expect(step.channel.summaries).toEqual([]);
  });

  test("fails where main has not stored what it refreshed, and says so in the summary", async () => {
    const step = new Step();
    refuseWrites(step);
    await emptyTemp(step);

    const end = await step.post();

    expect(end).toMatchObject({
      code: "write-back-pending",
      message: expect.stringContaining("may not be stored, and this phase cannot tell"),
      hint: expect.stringMatching(/Dispatch the maintenance workflow now\..*RUNNER_TEMP/),
    });
    expect(step.channel.summaries).toEqual([expect.stringContaining("may not be stored")]);
  });

  test("fails where main was killed while it refreshed", async () => {
    const step = new Step();
    step.refresher = { refresh: () => step.kill() };
    await emptyTemp(step);

    const end = await step.post();

    expect(codeOf(end)).toBe("write-back-pending");
  });
});

test("post of a step that restored nothing says so, and raises no alert where nothing is known to be wrong", async () => {
  const step = new Step(QUIET_MS, { "alert-issue": "true" });

  expect(await step.post()).toBe("success");
  expect(step.log.lines).toEqual(["No login was restored; nothing to clean up."]);
  expect(step.board.issues).toEqual([]);
});
