import { describe, expect, test } from "@jest/globals";
import { mayRefresh } from "../../src/action/inputs.ts";
import {
  environmentChange,
  eventOf,
  guard,
  refusePublic,
  withoutRefresh,
} from "../../src/action/preflight.ts";
import type { RunContext } from "../../src/action/run-context.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { refusePublicReseed } from "../../src/core/failure/public-reseed.ts";
import { stepInputs } from "./step-inputs.ts";

const TOKEN = { "secret-write-token": "CANARY-token" };
const APP = { "client-id": "Iv1.app", "private-key": "CANARY-private-key" };
const CODEX_JOB = { refresh: "never" };
const RESEED = { ...TOKEN, reseed: "true" };
const HOST = { "home-lifetime": "persistent", "codex-home": "/opt/svc/.codex" };

const SCHEDULED: RunContext = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  runId: "1",
  runAttempt: 1,
  job: "maintain",
  trackingId: "github_1",
  runnerName: "runner",
  eventName: "schedule",
  startedBy: { kind: "with-access" },
  secretsWithheld: null,
  branch: "default",
  ref: "default",
  visibility: "private",
  workspace: "/work",
  temporaryDirectory: "/temp",
  apiUrl: "https://api.github.com",
  serverUrl: "https://github.com",
};
const DISPATCHED = { eventName: "workflow_dispatch" } as const;
const PUBLIC = { visibility: "public" } as const;
const TARGET = { eventName: "pull_request_target" } as const;

/** What a step with these inputs meets there; `null` when it may go on. */
function met(given: Record<string, string>, there: Partial<RunContext> = {}): Failure | null {
  return failureOf(() => guard(stepInputs(given), { ...SCHEDULED, ...there }));
}

function failureOf(act: () => void): Failure | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

describe("a step goes on", () => {
  test.each<[string, Record<string, string>, Partial<RunContext>]>([
    ["as a refresh job with a token", TOKEN, {}],
    ["as a refresh job with an App", APP, {}],
    ["as a Codex job, without a write token", CODEX_JOB, {}],
    ["on a persistent host, without a write token", HOST, {}],
    ["where nobody says how public the repository is", TOKEN, { visibility: "unknown" }],
    ["in a public repository that is allowed", { ...TOKEN, "allow-public-repository": "true" }, PUBLIC],
    ["as a Codex job on pull_request_target", CODEX_JOB, TARGET],
    ["as a refresh job on a pull request", TOKEN, { eventName: "pull_request" }],
    ["with a reseed that a person has started", RESEED, DISPATCHED],
    ["with a reseed where nobody says how public it is", RESEED, { ...DISPATCHED, visibility: "unknown" }],
  ])("%s", (_how, given, there) => {
    expect(met(given, there)).toBeNull();
  });
});

describe("a public repository", () => {
  test.each([
    ["a refresh job", TOKEN],
    ["a Codex job", CODEX_JOB],
    ["a persistent host", HOST],
  ])("is refused to %s, with what to use instead and what overrides it", (_what, given) => {
    expect(met(given, PUBLIC)).toMatchObject({
      code: "public-repository",
      message: expect.stringContaining("public"),
      hint: expect.stringMatching(/API key with openai\/codex-action.*`allow-public-repository: true`/),
    });
  });

  test("that is known of later is refused and allowed by the same input", () => {
    expect(failureOf(() => refusePublic({ allowPublicRepository: false }))?.code).toBe("public-repository");
    expect(failureOf(() => refusePublic({ allowPublicRepository: true }))).toBeNull();
  });
});

describe("in a run that anybody can start", () => {
  const anybody = { eventName: "issue_comment", startedBy: { kind: "anybody", actors: ["ann"] } } as const;

  test.each<[Record<string, string>, RegExp]>([
    [{ refresh: "force" }, /`issue_comment`.*anybody.*`refresh: force` is for runs/],
    [{ "refresh-token": "present" }, /`issue_comment`.*anybody.*`refresh-token: present` is for runs/],
  ])("a refresh job that insists is refused (%j)", (given, message) => {
    expect(met({ ...TOKEN, ...given }, anybody)).toMatchObject({
      code: "event-untrusted",
      message: expect.stringMatching(message),
      hint: expect.stringContaining("`schedule`"),
    });
  });

  test("an event is named, where it has a name", () => {
    expect([eventOf({ eventName: "issues" }), eventOf({ eventName: "" })]).toEqual([
      "`issues`",
      "an event without a name",
    ]);
  });

  test("any other refresh job goes on, without refreshing", () => {
    const inputs = stepInputs(TOKEN);

    expect(met(TOKEN, anybody)).toBeNull();
    expect(mayRefresh(withoutRefresh(inputs, anybody))).toBe(false);
    expect(withoutRefresh(inputs, SCHEDULED)).toBe(inputs);
  });
});

describe("a reseed", () => {
  test.each<Record<string, string>>([{}, { "allow-public-repository": "true" }])(
    "in a public repository is refused, and nothing overrides that (%j)",
    (allowed) => {
      expect(met({ ...RESEED, ...allowed }, { ...DISPATCHED, ...PUBLIC })).toMatchObject({
        code: "public-repository",
        message: expect.stringMatching(/`reseed: true`.*one-time code/),
        hint: expect.stringContaining("`npx codex-auth-roundtrip seed --reseed`"),
      });
    },
  );

  test("in a repository that is known to be public later is refused in the same way", () => {
    expect(failureOf(refusePublicReseed)).toMatchObject({
      code: "public-repository",
      message: expect.stringContaining("`reseed: true`"),
    });
  });

  test.each(["schedule", "push", "pull_request_target", "workflow_call", ""])(
    "on %j, where no person waits for it, is refused",
    (eventName) => {
      expect(met(RESEED, { eventName })).toMatchObject({
        code: "input-invalid",
        message: expect.stringMatching(/`reseed: true`.*person/),
        hint: expect.stringContaining("`workflow_dispatch`"),
      });
    },
  );

  test("needs a write token", () => {
    expect(met({ reseed: "true" }, DISPATCHED)?.code).toBe("write-token-missing");
  });
});

describe("a refresh job", () => {
  test("on pull_request_target is refused, and told where it belongs", () => {
    expect(met(TOKEN, TARGET)).toMatchObject({
      code: "pull-request-target",
      message: expect.stringContaining("`pull_request_target`"),
      hint: expect.stringMatching(/`schedule`.*`refresh: never`/),
    });
  });

  test.each<Record<string, string>>([
    {},
    { refresh: "force" },
    { refresh: "never", "refresh-token": "present" },
  ])("without a write token is refused, and told why one may arrive empty (%j)", (given) => {
    expect(met(given)).toMatchObject({
      code: "write-token-missing",
      message: expect.stringContaining("write token"),
      hint: expect.stringMatching(
        /`secret-write-token`.*`client-id` and `private-key`.*`refresh: never`.*`environment:`/,
      ),
    });
  });
});

describe("a step that has changed where requests go", () => {
  test("keeps this phase from sending any: it is told by the variables' names, never by a value", () => {
    const session = { environment: { PATH: "/bin", HTTPS_PROXY: null } };
    const now = { PATH: "/bin", HTTPS_PROXY: "http://CANARY@evil", NODE_EXTRA_CA_CERTS: "/evil.pem" };

    const change = environmentChange(session, now);

    expect(change).toMatchObject({
      code: "environment-changed",
      message: expect.stringMatching(/none was sent: (HTTPS_PROXY, NODE_EXTRA|NODE_EXTRA_CA_CERTS, HTTPS)/),
      hint: expect.stringMatching(/GITHUB_ENV.*run the maintenance workflow now\.$/),
    });
    expect(`${change?.message} ${change?.hint}`).not.toContain("CANARY");
  });

  test("is not one that changed anything else", () => {
    expect(environmentChange({ environment: { PATH: "/bin" } }, { PATH: "/bin", TEAM: "blue" })).toBeNull();
  });
});
