import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/github-error.ts";
import { SECRET } from "./keepers.ts";
import { AUTH, BASE, codeOf, HOME, HOUR_MS, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const MADE_AT = new Date("2026-11-22T11:30:00.000Z");

/** `codex login` in a later step leaves a whole login in the home; or something else does. */
async function jobThatLeaves(step: Step, text: string): Promise<void> {
  await step.pre();
  await step.main();
  step.clock.advance(HOUR_MS);
  step.files.overwrite(AUTH, text);
}

describe("a login that somebody made in the job", () => {
  let step: Step;
  const made = loginNamed("made", { issuedAt: MADE_AT });
  beforeEach(() => {
    step = new Step(QUIET_MS);
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
    step = new Step();
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

    expect(codeOf(end)).toBe("copy-stale");
    expect(step.stored.isSameGeneration(foreign)).toBe(true);
    expect(step.openSessions).toBe(0);
  });

  test("is not stored where the hand-over cannot be asked whether the job's own is current", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.handover.look = async () => ({ kind: "not-learnt" }) as never;

    const end = await step.post();

    expect(codeOf(end)).toBe("currency-unproven");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("is not stored where the store holds a successor of the job's own login", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    const next = loginNamed("next");
    step.store.set(SECRET, next.line().reveal());
    const updatedAt = step.store.secrets.get(SECRET)?.updatedAt ?? new Date(0);
    const savedAt = step.clock.now();
    const witness = { kind: "confirmed", updatedAt } as const;
    await step.handover.save(step.login, { kind: "successor", document: next, witness, savedAt });

    const end = await step.post();

    expect(codeOf(end)).toBe("copy-stale");
    expect(step.stored.isSameGeneration(next)).toBe(true);
  });

  test("is handed over where post cannot write, and the job fails", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.beforeOpen = () => {
      throw new GitHubError("It answered 401.", { status: 401 });
    };

    const end = await step.post();

    expect(codeOf(end)).toBe("publish-pending");
    expect(end).toMatchObject({ cause: { code: "writer-revoked" } });
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("is tried again where the writer cannot be opened just now", async () => {
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
    { status: 401, code: "writer-revoked" },
  ])(
    "is handed over where GitHub answers $status throughout, and the job fails",
    async ({ status, code }) => {
      await jobThatLeaves(step, made.whole().reveal());
      hideStore(HOUR_MS, status);

      const end = await step.post();

      expect(end).toMatchObject({ code: "publish-pending", cause: { code } });
      expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
      expect(step.stored.isSameGeneration(step.login)).toBe(true);
      expect(step.openSessions).toBe(0);
    },
  );

  test("is not handed over where the secret is gone", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.store.secrets.clear();

    const end = await step.post();

    expect(codeOf(end)).toBe("secret-not-found");
    expect(step.handedOver()).toBeNull();
  });

  test("is handed over where the writer cannot be opened for a while", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.beforeOpen = () => {
      throw new GitHubError("It answered 502.", { status: 502 });
    };
    const beganMs = step.clock.monotonicMs();

    const end = await step.post();

    expect(codeOf(end)).toBe("publish-pending");
    expect(end).toMatchObject({ cause: { code: "github-unreachable" } });
    expect(step.clock.monotonicMs() - beganMs).toBe(6_000);
    expect(step.handedOver()?.isSameGeneration(made)).toBe(true);
  });

  test.each([
    {
      what: "is another account's",
      text: loginNamed("x", { account: "account-2", issuedAt: MADE_AT }).whole().reveal(),
      code: "document-other-account",
    },
    {
      what: "has an older access token than the job's",
      text: loginNamed("old", { issuedAt: new Date("2026-11-20T00:00:00.000Z") })
        .whole()
        .reveal(),
      code: "publish-refused",
    },
  ])("is refused where it $what", async ({ text, code }) => {
    await jobThatLeaves(step, text);

    const end = await step.post();

    expect(codeOf(end)).toBe(code);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("is refused where it is the secret's, put back over main's rotation", async () => {
    step = new Step();
    await jobThatLeaves(step, step.login.whole().reveal());

    const end = await step.post();

    expect(codeOf(end)).toBe("publish-refused");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is refused where it has the refresh token that main has spent, under a new access token", async () => {
    step = new Step();
    const json = JSON.parse(made.whole().reveal());
    json.tokens.refresh_token = step.login.refreshToken.reveal();
    await jobThatLeaves(step, JSON.stringify(json));

    const end = await step.post();

    expect(codeOf(end)).toBe("publish-refused");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test.each([
    ["the very document of the secret", (login: Step["login"]) => login.whole().reveal()],
    ["a working copy without a refresh token", () => made.withheld().reveal()],
    ["no login at all", () => "{}"],
    ["nothing that can be read", () => "spoilt"],
  ])("is not seen in %s", async (_, text) => {
    await jobThatLeaves(step, text(step.login));
    const before = step.store.secrets.get(SECRET);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.store.secrets.get(SECRET)).toBe(before);
    expect(step.said("has changed")).toEqual([]);
  });

  test("is not looked for where the file is gone, and nobody is asked", async () => {
    await jobThatLeaves(step, "");
    await step.files.remove(AUTH);
    await step.files.remove(`${BASE}/login/auth.json`);

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
  });

  test("is not a borrower's to store", async () => {
    step.inputs.role = "borrower";
    await jobThatLeaves(step, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
  });

  test("is not stored by a step that never had the login in main", async () => {
    await step.pre();
    step.files.overwrite(AUTH, made.whole().reveal());

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.wentOnline).toBe(false);
  });

  test("is stored by the step that owns the home, not by one that attached", async () => {
    await step.pre();
    await step.main();
    const earlier = step.beginAnother();
    await step.pre();
    await step.main();
    step.clock.advance(HOUR_MS);
    step.files.overwrite(AUTH, made.whole().reveal());

    await step.post();
    const afterAttached = step.stored;
    step.channel = earlier;
    await step.post();

    expect(afterAttached.isSameGeneration(step.login)).toBe(true);
    expect(step.stored.isSameGeneration(made)).toBe(true);
  });

  test("is not waited for: with the token withheld no Codex can be about to rotate", async () => {
    await jobThatLeaves(step, made.whole().reveal());
    step.processes.start(HOME, HOUR_MS);
    const beganMs = step.clock.monotonicMs();

    await step.post();

    expect(step.stored.isSameGeneration(made)).toBe(true);
    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(5_000);
  });

  test("is no news where a later step of ours has put it there", async () => {
    step = new Step(QUIET_MS);
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
