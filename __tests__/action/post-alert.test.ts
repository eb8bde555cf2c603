import { beforeEach, describe, expect, test } from "@jest/globals";
import { alertMarker } from "../../src/core/failure/alert-text.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { AUTH, codeOf, HOUR_MS, loginNamed, Step } from "./step.ts";

const QUIET_MS = 240 * HOUR_MS;
const OPEN = {
  title: "The Codex login needs manual action",
  body: alertMarker(PLACE),
  state: "open",
} as const;

let step: Step;
beforeEach(() => {
  step = new Step(24 * HOUR_MS, { "alert-issue": "true" });
});

describe("the alert issue", () => {
  test("is opened by what only a person can repair, although the job itself went on", async () => {
    step.issuer.living = "rotated by somebody else";

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.board.unsettled).toHaveLength(1);
    expect(step.board.unsettled[0]?.body).toMatch(/refresh-token-reused|refresh-rejected/);
  });

  test("is opened by that all the same where the job then fails of something else", async () => {
    step = new Step(24 * HOUR_MS, { "alert-issue": "true", run: "false" });
    step.issuer.living = "rotated by somebody else";
    step.command = () => ({ exitCode: 1, signal: null });

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("run-failed");
    expect(step.board.unsettled[0]?.body).toMatch(/refresh-token-reused|refresh-rejected/);
  });

  test("is opened by what main has failed of", async () => {
    step.store.secrets.clear();

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("secret-not-found");
    expect(step.board.unsettled[0]?.body).toContain("secret-not-found");
  });

  test.each([
    ["secret-empty", { "codex-auth-json": "" }],
    ["login-placeholder", { "codex-auth-json": "no login at all" }],
    ["write-token-missing", { "secret-write-token": "" }],
  ])("is opened by %s, with which nothing was even restored", async (code, inputs) => {
    Object.assign(step.inputs, inputs);

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe(code);
    expect(ends.post).toBe("success");
    expect(step.board.unsettled[0]?.body).toContain(code);
  });

  test.each([
    ["nobody asked for it", { "alert-issue": "false", "codex-auth-json": "" }],
    ["nobody needs to do anything", { "codex-home": "/work/app/home" }],
  ])("is not opened where nothing was restored, and %s", async (_, inputs) => {
    Object.assign(step.inputs, inputs);

    const ends = await step.play();

    expect(codeOf(ends.main)).toMatch(/^(secret-empty|home-in-workspace)$/);
    expect(step.board.unsettled).toEqual([]);
  });

  test("is opened by what post fails of", async () => {
    step.store.interfere = (request, name) => {
      if (request === "PUT" && name === SECRET) throw new GitHubError("no", { status: 502 });
    };

    await step.play();

    expect(step.board.unsettled[0]?.body).toContain("write-back-pending");
  });

  test("is brought up to date while it is open", async () => {
    step.board.issues.push({ ...OPEN });
    step.store.secrets.clear();

    await step.play();

    expect(step.board.unsettled).toHaveLength(1);
    expect(step.board.unsettled[0]?.body).toContain("secret-not-found");
  });

  test("is opened by a write token that is about to end, while all is well", async () => {
    const soon = new Date(step.clock.now().getTime() + 48 * HOUR_MS);
    const { writeCredential } = step.store;
    Object.defineProperty(step.store, "writeCredential", {
      value: {
        ...writeCredential,
        open: async () => ({ ...(await writeCredential.open()), expiresAt: () => soon }),
      },
    });

    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.board.unsettled[0]?.body).toContain("write-token-expires-soon");
    expect(step.board.unsettled[0]?.body).toMatch(/stored it with the new token\.$/);
    expect(step.channel.summaries.join()).toContain(
      "**Next:** Make a new fine-grained token before that day",
    );
  });

  test("is closed when the login was refreshed and stored", async () => {
    step.board.issues.push({ ...OPEN });

    await step.play();

    expect(step.board.unsettled).toEqual([]);
  });

  test.each([
    ["nothing was due", QUIET_MS, {}],
    ["this job never refreshes", 24 * HOUR_MS, { refresh: "never" }],
  ])("is left as it is where %s", async (_, validMs, inputs) => {
    step = new Step(validMs, { ...inputs, "alert-issue": "true" });
    step.board.issues.push({ ...OPEN });

    await step.play();

    expect(step.board.issues).toEqual([OPEN]);
  });

  test("is left as it is where the login was renewed and did not rotate", async () => {
    step.board.issues.push({ ...OPEN });
    step.refresher = {
      refresh: async ({ home }) => {
        const renewed = JSON.parse(loginNamed("0").whole().reveal());
        renewed.tokens.refresh_token = step.login.refreshToken.reveal();
        await step.files.write(`${home}/auth.json`, JSON.stringify(renewed));
        return { account: "present", stderr: "" };
      },
    };

    await step.play();

    expect(step.channel.outputs.get("stored")).toBe("true");
    expect(step.board.issues).toEqual([OPEN]);
  });

  test("is neither opened nor closed by what passes by itself", async () => {
    step.board.issues.push({ ...OPEN });
    step.command = () => ({ exitCode: 1, signal: null });
    step.inputs["refresh-window"] = "1h";

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("run-failed");
    expect(step.board.issues).toEqual([OPEN]);
  });

  test("is left as it is by a job whose main never began", async () => {
    step.board.issues.push({ ...OPEN });
    await step.pre();

    const end = await step.post();

    expect(end).toBe("success");
    expect(step.board.issues).toEqual([OPEN]);
  });

  test("is not opened by what nobody foresaw", async () => {
    step = new Step(QUIET_MS, { "alert-issue": "true", "refresh-token": "present" });
    await step.pre();
    await step.main();
    const issuedAt = new Date(step.clock.now().getTime() + HOUR_MS);
    step.files.overwrite(AUTH, loginNamed("made", { issuedAt }).whole().reveal());
    step.beforeOpen = () => {
      throw new TypeError("a bug");
    };

    const end = await step.post();

    expect(end).toEqual(new TypeError("a bug"));
    expect(step.board.issues).toEqual([]);
  });

  test("is nobody's business unless it is asked for", async () => {
    step.inputs["alert-issue"] = "false";
    step.store.secrets.clear();

    await step.play();

    expect(step.board.issues).toEqual([]);
  });
});
