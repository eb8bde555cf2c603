import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CopyScope } from "../../src/core/copies/destination.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { Audience } from "../../src/ports/copies.ts";
import { SECRET } from "./refresh-jobs.ts";
import { HOUR_MS, loginNamed, Step } from "./step.ts";

const OWN: CopyScope = { kind: "repository", owner: "octo", repository: "app", environment: null };
const WIDGETS: CopyScope = { kind: "repository", owner: "acme", repository: "widgets", environment: null };
const ACME: CopyScope = { kind: "organization", organization: "acme" };
const COPY = "CODEX_ACCESS_JSON";
const DESTINATIONS = [
  `secret ${COPY}`,
  `environment codex ${COPY}`,
  `repository acme/widgets ${COPY}`,
  `organization acme ${COPY}`,
].join("\n");
const SELECTED: Audience = { visibility: "selected", repositories: [3, 5, 8] };
const SCOPES = [OWN, { ...OWN, environment: "codex" }, WIDGETS, ACME] as const;

let step: Step;

function play(inputs: Record<string, string> = {}, validMs = 24 * HOUR_MS): void {
  step = new Step(validMs, { run: "", "access-copies": DESTINATIONS, ...inputs });
  for (const scope of SCOPES) step.copies.create(scope, COPY, scope === ACME ? SELECTED : null);
  step.clock.advance(HOUR_MS);
}

beforeEach(() => play());

function expectCopies(of = step.stored): void {
  for (const scope of SCOPES) {
    const { tokens } = step.copies.read(scope, COPY);
    expect(tokens).toMatchObject({ access_token: of.accessToken.reveal(), refresh_token: "" });
  }
}

function writes(): number {
  return step.copies.requests.filter((request) => request.startsWith("PUT")).length;
}

/** Fails so many requests of a kind at one scope. */
function failAt(scope: CopyScope, kind: string, error: GitHubError, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  step.copies.interfere = (request, at) => {
    if (request !== kind || at.kind !== scope.kind || JSON.stringify(at) !== JSON.stringify(scope)) return;
    if (left-- > 0) throw error;
  };
}

function answered(
  status: number,
  said: string | null = null,
  retryAfterMs: number | null = null,
): GitHubError {
  const words = said === null ? "" : `: \`${said}\``;
  return new GitHubError(`GitHub's API answered ${status}${words}.`, { status, said, retryAfterMs });
}

describe("a refresh with access copies", () => {
  test("writes every destination, after the login is stored, with a second between two writes", async () => {
    const before: string[] = [];
    const at: number[] = [];
    step.copies.interfere = (request) => {
      if (request !== "PUT") return;
      before.push(step.stored.refreshToken.reveal());
      at.push(step.clock.monotonicMs());
    };

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expectCopies();
    expect(before).toEqual(Array(4).fill("rt-CANARY-1"));
    for (const [index, ms] of at.slice(1).entries())
      expect(ms - (at[index] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(step.channel.summaries[0]).toContain("- Access copies: 4 written.");
    expect(step.said("Access copies: 4 written.")).toHaveLength(1);
    expect([step.copies.openReaches, step.openSessions]).toEqual([0, 0]);
  });

  test("sends an organization's audience unchanged", async () => {
    await step.play();

    expect(step.copies.at(ACME, COPY).audience).toEqual(SELECTED);
    expect(step.said("Access copies: 4 written.")).toHaveLength(1);
  });

  test("says so where the audience is another one afterwards", async () => {
    step.copies.interfere = (request, scope) => {
      if (request === "PUT answer" && scope.kind === "organization")
        step.copies.at(ACME, COPY).audience = { visibility: "all", repositories: null };
    };

    const { main } = await step.play();

    expect(main).toMatchObject({ code: "access-copy-failed" });
    expect((main as Failure).message).toContain("`selected`, 3 repositories before, `all` now");
  });

  test.each([
    [403, "Repository was archived so is read-only.", "PUT"],
    [403, "Resource not accessible by personal access token", "GET"],
    [404, "Not Found", "KEY"],
    [500, null, "PUT"],
    [429, null, "PUT"],
  ])("goes on after a %s (%s) at one %s, names it, and fails at its end", async (status, said, kind) => {
    if (kind === "KEY") step.copies.delete(WIDGETS, COPY);
    failAt(WIDGETS, kind, answered(status, said));

    const { main, post } = await step.play();

    expect(main).toBeInstanceOf(Failure);
    expect(main).toMatchObject({ code: "access-copy-failed" });
    const { message } = main as Failure;
    expect(message).toContain(`\`repository acme/widgets ${COPY}\``);
    expect(message).toContain(String(status));
    if (said !== null) expect(message).toContain(said);
    expect(post).toBe("success");
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.said("Access copies: 3 written, 1 failed.")).toHaveLength(1);
    expect(step.said(/^warning: Access copy/)).toEqual([
      expect.stringContaining(`Access copy \`repository acme/widgets ${COPY}\`: `),
    ]);
    expect(step.report).toMatchObject({ stored: true, alert: { code: "access-copy-failed" } });
  });

  test("tells the command that creates a secret that is not there, and creates none", async () => {
    step.copies.delete(WIDGETS, COPY);

    const { main } = await step.play();

    expect(main).toMatchObject({ code: "access-copy-failed" });
    expect((main as Failure).hint).toContain(`gh secret set ${COPY} --repo acme/widgets --body "$(date)"`);
    expect(() => step.copies.at(WIDGETS, COPY)).toThrow();
  });

  test("takes a secret away again that was deleted in the last moment", async () => {
    step.copies.interfere = (request, scope) => {
      if (request === "PUT" && scope === WIDGETS) return;
      if (request === "KEY" && scope.kind === "repository" && scope.repository === "widgets")
        step.copies.delete(WIDGETS, COPY);
    };

    const { main } = await step.play();

    expect(main).toMatchObject({ code: "access-copy-failed" });
    expect(() => step.copies.at(WIDGETS, COPY)).toThrow();
  });

  test("waits for a rate limit", async () => {
    failAt(WIDGETS, "PUT", answered(403, "You have exceeded a secondary rate limit", 60_000), 1);

    expect(await step.play()).toMatchObject({ main: "success" });

    expectCopies();
  });

  test("seals again where GitHub has replaced a key: once", async () => {
    let keys = 0;
    step.copies.interfere = (request, scope) => {
      if (request === "PUT" && scope.kind === "repository" && scope.repository === "widgets" && keys++ === 0)
        step.copies.key = { ...step.copies.key, id: "2" };
    };

    expect(await step.play()).toMatchObject({ main: "success" });

    expectCopies();
  });

  test("stops where another job has claimed the new login", async () => {
    step.copies.interfere = (request) => {
      if (request === "PUT answer" && writes() === 2) void step.claimElsewhere(step.stored);
    };

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.said("Access copies: 2 written, 2 left to another run.")).toHaveLength(1);
  });

  test("writes nothing where another job has claimed the new login before the first copy", async () => {
    step.verifier.answer = () => {
      void step.claimElsewhere(step.stored);
      return { kind: "accepted", usage: null };
    };

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(writes()).toBe(0);
    expect(step.said("Access copies: 4 left to another run.")).toHaveLength(1);
  });

  test("ends a cancelled job without further writes", async () => {
    step.copies.interfere = (request) => {
      if (request === "PUT answer") step.isCancelled = true;
    };

    await step.play();

    expect(writes()).toBe(1);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("refuses a repository that is called otherwise by now, and the login's own before all", async () => {
    step.copies.renamed.set("acme/widgets", { id: "99", owner: "evil", repository: "widgets" });

    const { main } = await step.play();

    expect((main as Failure).message).toContain("The repository is now called `evil/widgets`.");
    expect(step.copies.at(WIDGETS, COPY).writes).toBe(0);
  });

  test("runs the user's job before it fails for a copy", async () => {
    play({ run: "codex exec" });
    step.copies.delete(WIDGETS, COPY);
    let ran = false;
    step.command = () => {
      ran = true;
      return { exitCode: 0, signal: null };
    };

    const { main } = await step.play();

    expect(ran).toBe(true);
    expect(main).toMatchObject({ code: "access-copy-failed" });
  });
});

describe("a job with nothing due", () => {
  beforeEach(async () => {
    play();
    await step.play();
    // The next run of the workflow, a day later, on the login that is stored now.
    step.clock.advance(24 * HOUR_MS);
    const next = step.stored.line().reveal();
    step.files.contents.clear();
    step.copies.requests.length = 0;
    step.inputs["codex-auth-json"] = next;
    step.channel.saved.clear();
  });

  test("asks once for each destination, and nothing else", async () => {
    const requests: string[] = [];
    step.store.interfere = (request) => void requests.push(request);
    step.store.variables.interfere = (request) => void requests.push(request);

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(step.copies.requests).toHaveLength(4);
    expect(step.copies.requests.every((request) => request.startsWith("GET"))).toBe(true);
    expect(step.said("Access copies: 4 up to date already.")).toHaveLength(1);
    expect(requests).toEqual([]);
  });

  test("writes what a person has created since", async () => {
    step.copies.create(WIDGETS, COPY);

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expectCopies();
    expect(step.said("Access copies: 3 up to date already, 1 written.")).toHaveLength(0);
    expect(step.said("Access copies: 1 written, 3 up to date already.")).toHaveLength(1);
  });

  test("writes nothing where its login is not known to be current", async () => {
    const newer = step.issuer.rotate();
    await step.settleElsewhere(newer, step.stored);
    step.handoff.forget();
    step.copies.create(WIDGETS, COPY);

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(writes()).toBe(0);
    expect(step.said("No access copies were written")).toHaveLength(1);
  });

  test("that is stale writes the login that the handoff leads to", async () => {
    const newer = step.issuer.rotate();
    await step.settleElsewhere(newer, step.stored);
    step.copies.create(WIDGETS, COPY);

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.read(WIDGETS, COPY).tokens.access_token).toBe(newer.accessToken.reveal());
  });
});

describe("a job killed between login and copies", () => {
  test.each(["GET", "KEY", "PUT", "PUT answer", "AUDIENCE"])(
    "at the %s: the next run writes",
    async (kind) => {
      let count = 0;
      step.copies.interfere = (request, scope) => {
        if (request !== kind || scope.kind !== (kind === "AUDIENCE" ? "organization" : "repository")) return;
        if (kind !== "AUDIENCE" && count++ < 1) return;
        throw new Error("killed");
      };
      await step.play();
      expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);

      step.copies.interfere = () => {};
      step.clock.advance(HOUR_MS);
      step.inputs["codex-auth-json"] = step.stored.line().reveal();
      step.files.contents.clear();
      step.channel.saved.clear();
      expect(await step.play()).toEqual({ main: "success", post: "success" });

      expectCopies();
      expect(step.issuer.presented).toHaveLength(1);
    },
  );
});

describe("no copies", () => {
  test.each([
    ["with `refresh: never`", { refresh: "never" }],
    ["with `refresh-token: present`", { "refresh-token": "present" }],
    ["on a persistent host", { "home-lifetime": "persistent", "codex-home": "/opt/codex" }],
  ])("%s: the input is refused", async (_, inputs) => {
    play(inputs);

    const { main } = await step.play();

    expect(main).toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(
        /^`access-copies` (is for a job that refreshes|does not go with `refresh-token)/,
      ),
      hint: expect.stringContaining("maintenance workflow"),
    });
    expect(step.wentOnline).toBe(false);
  });

  test("where the login's own secret is named: nobody is asked", async () => {
    play({ "access-copies": "repository Octo/App codex_auth_json" });

    expect((await step.play()).main).toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(/^`access-copies`, line 1: /),
    });
    expect([step.wentOnline, step.copies.requests.length]).toEqual([false, 0]);
  });

  test("on an event that anybody can cause", async () => {
    play({}, 24 * HOUR_MS);
    step.context = { ...step.context, startedBy: { kind: "anybody", actors: ["ann"] } };
    step.mayWrite = ["ann"];

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.requests).toEqual([]);
    expect(step.issuer.presented).toEqual([]);
  });

  test("where the login could not be stored", async () => {
    step.store.interfere = (request, name) => {
      if (request === "PUT" && name === "CODEX_AUTH_JSON") throw answered(502);
    };

    await step.play();

    expect(step.copies.requests).toEqual([]);
  });
});

describe("the verification after a refresh", () => {
  const tokenOf = (file: string): string =>
    (JSON.parse(file) as { tokens: { access_token: string } }).tokens.access_token;

  test("uses the new token and the one before it, without a refresh token, and leaves no file", async () => {
    play({ "access-copies": "" });

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(step.verifier.tried.map(({ how, file }) => [how, tokenOf(file)])).toEqual([
      ["usage", step.stored.accessToken.reveal()],
      ["usage", step.login.accessToken.reveal()],
    ]);
    for (const { file } of step.verifier.tried) expect(file).toContain('"refresh_token":""');
    for (const sentence of [
      "OpenAI accepts the new access token.",
      "The access token from before this refresh still works.",
    ]) {
      expect(step.said(sentence)).toHaveLength(1);
      expect(step.channel.summaries[0]).toContain(`- ${sentence}`);
    }
    expect(step.said(/^(warning|error)/)).toEqual([]);
    expect(step.said("Access copies")).toEqual([]);
  });

  test("tells once to log in again where OpenAI refuses the new token, and leaves the older copies", async () => {
    step.verifier.answer = (token) =>
      token === step.stored.accessToken.reveal() ? { kind: "refused" } : { kind: "accepted", usage: null };

    const { main } = await step.play();

    expect(main).toMatchObject({ code: "new-token-refused" });
    expect((main as Failure).hint).toContain("Log in again");
    expect(step.copies.requests).toEqual([]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.report?.alert?.code).toBe("new-token-refused");
  });

  test("tells where the rotation has ended the older token", async () => {
    step.verifier.answer = (token) =>
      token === step.stored.accessToken.reveal() ? { kind: "accepted", usage: null } : { kind: "refused" };

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(step.said("This refresh has ended the access token from before it")).toHaveLength(1);
    expectCopies();
  });

  test("that learns nothing is a warning, and the copies are written", async () => {
    step.verifier.answer = () => ({ kind: "unknown", because: "Codex says `503`." });

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(step.said("The new access token could not be tried out. Codex says `503`.")).toEqual([
      expect.stringMatching(/^warning: /),
    ]);
    expectCopies();
  });

  test("runs a prompt where it is asked to, on the new token only", async () => {
    play({ verify: "exec" });

    await step.play();

    expect(step.verifier.tried.map(({ how }) => how)).toEqual(["exec", "usage"]);
  });

  test.each(["", DESTINATIONS])(
    "is left out where there is no Codex any more, which is a warning: %j",
    async (text) => {
      play({ "access-copies": text });
      step.verifier.missing = new Failure("codex-install-failed", "npm does not answer.", "Try again.");

      expect(await step.play()).toEqual({ main: "success", post: "success" });

      expect(step.said(/^(warning|error)/)).toEqual([
        "warning: The new access token was not tried out. npm does not answer.",
      ]);
      expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
      if (text !== "") expectCopies();
    },
  );

  test("does not hide a fault of ours", async () => {
    step.verifier.missing = new TypeError("a bug");

    expect((await step.play()).main).toEqual(new TypeError("a bug"));
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is left out in a job that was cancelled meanwhile", async () => {
    step.store.interfere = (request, name) => {
      if (request === "PUT answer" && name === SECRET) step.isCancelled = true;
    };

    await step.play();

    expect(step.verifier.tried).toEqual([]);
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
  });

  test("is left out where nothing was refreshed", async () => {
    play({}, 240 * HOUR_MS);

    await step.play();

    expect(step.verifier.tried).toEqual([]);
    expectCopies();
  });

  test("is left out where it is off", async () => {
    play({ verify: "off" });

    await step.play();

    expect(step.verifier.tried).toEqual([]);
    expectCopies();
  });

  test("does not ask for an older token that has ended by itself", async () => {
    play({ "access-copies": "" }, HOUR_MS);

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(step.verifier.tried).toHaveLength(1);
    expect(step.report?.events).toEqual(["OpenAI accepts the new access token."]);
    expect(step.said("from before this refresh")).toEqual([]);
  });
});

test("a copy that failed is told in the alert, though the user's job failed after it", async () => {
  play({ run: "codex exec", "alert-issue": "true" });
  step.copies.delete(WIDGETS, COPY);
  step.command = () => ({ exitCode: 1, signal: null });

  const { main } = await step.play();

  expect(main).toMatchObject({ code: "run-failed" });
  expect(step.report?.alert?.code).toBe("access-copy-failed");
  expect(step.board.issues).toHaveLength(1);
});

test("an alert is not closed by a refresh whose new token is refused, though the prompt failed after it", async () => {
  play({ run: "codex exec", "alert-issue": "true", "access-copies": "" });
  step.verifier.answer = () => ({ kind: "refused" });
  step.command = () => ({ exitCode: 1, signal: null });

  const { main } = await step.play();

  expect(main).toMatchObject({ code: "run-failed" });
  expect(step.board.unsettled.map(({ body }) => body)).toEqual([
    expect.stringContaining("([`new-token-refused`]("),
  ]);
});

describe("a reseed with access copies", () => {
  const fresh = loginNamed("fresh", { issuedAt: new Date("2026-11-22T12:05:00.000Z") });
  beforeEach(() => {
    play({ reseed: "true" });
    step.context = { ...step.context, eventName: "workflow_dispatch" };
    step.deviceLogin.leaves = fresh.whole().reveal();
  });

  test("writes them from the fresh login", async () => {
    expect((await step.play()).main).toBe("success");

    expectCopies(fresh);
    expect(step.channel.summaries[0]).toContain("- Somebody has logged in again.");
  });

  test("writes none where the fresh login is not stored yet", async () => {
    step.deviceLogin.meanwhile = () => {
      step.store.interfere = (request, name) => {
        if (request === "PUT" && name === SECRET) throw answered(502);
      };
    };
    await step.pre();

    expect(await step.main()).toBe("success");
    expect(writes()).toBe(0);
    expect(step.said(/^warning: No access copies were written/)).toHaveLength(1);
    expect(step.report).toMatchObject({ rotated: false, stored: false });
  });
});

test("destinations of which none is left but comments are none: nobody is asked", async () => {
  play({ "access-copies": "# secret CODEX_ACCESS_JSON" }, 240 * HOUR_MS);

  expect((await step.play()).main).toBe("success");
  expect(step.wentOnline).toBe(false);
});
