import { beforeEach, describe, expect, test } from "@jest/globals";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { SECRET } from "../action/refresh-jobs.ts";
import { AUTH, BASE, codeOf, DONE, HOME, HOUR_MS, LOGIN, loginNamed, Step } from "../action/step.ts";

const MINUTE_MS = 60_000;
const PLACE_OF_LOGIN = `${LOGIN}/reseed-000000000000`;

let step: Step;
const fresh = loginNamed("fresh", { issuedAt: new Date("2026-11-22T11:05:00.000Z") });
/** What the user's command finds in the home. */
let during: string | null;

beforeEach(() => {
  step = new Step(24 * HOUR_MS, { reseed: "true" });
  step.context = { ...step.context, eventName: "workflow_dispatch" };
  step.deviceLogin.leaves = fresh.whole().reveal();
  during = null;
  step.command = () => {
    during = step.auth;
    return DONE;
  };
});

/** Whether the place in which the person logs in is still there. */
function leftOver(): readonly string[] {
  return step.files.paths.filter((path) => path.startsWith(PLACE_OF_LOGIN));
}

describe("a reseed", () => {
  test("stores the fresh login, and the job lives on it", async () => {
    const ends = await step.play();

    expect(ends).toEqual({ main: "success", post: "success" });
    expect(step.stored.isSameGeneration(fresh)).toBe(true);
    expect(during).toBe(fresh.withheld().reveal());
    expect(step.handedOver()?.isSameGeneration(fresh)).toBe(true);
    expect(step.log.masked).toContain(fresh.refreshToken.reveal());
    expect(step.openSessions).toBe(0);
    expect(Object.fromEntries(step.channel.outputs)).toMatchObject({
      "restored-from": "secret",
      rotated: "false",
      stored: "true",
      "access-token-expires-at": "2026-12-02T11:05:00.000Z",
    });
    expect(step.channel.summaries[0]).toContain("Somebody has logged in again.");
    expect(step.channel.summaries[0]).toContain("**stored**");
  });

  test("shows the link and the code, and says what to do", async () => {
    await step.play();

    expect(step.said(`Logged in: login ${fresh.generation}.`)).toHaveLength(1);
    expect(step.said("enter ABCD-1234")).toHaveLength(1);
    expect(step.said("within 15 minutes")).toHaveLength(1);
  });

  test("happens in a fresh home, in which no login is that Codex could revoke, and which is wiped", async () => {
    const seen: { home: string; held: readonly string[]; environment: unknown }[] = [];
    step.deviceLogin.meanwhile = ({ home, environment }) => {
      const held = [...step.files.contents.keys()].filter((path) => path.startsWith(`${home}/`));
      seen.push({ home, held, environment });
    };

    await step.play();

    expect(seen).toEqual([{ home: PLACE_OF_LOGIN, held: [], environment: { PATH: "/bin" } }]);
    expect(step.files.removed.slice(0, 1)).toEqual([PLACE_OF_LOGIN]);
  });

  test("keeps the encoding of the secret", async () => {
    step.inputs["codex-auth-json"] = step.login.content("base64").reveal();

    await step.play();

    expect(step.store.secrets.get(SECRET)?.value).toBe(fresh.content("base64").reveal());
  });

  test.each([
    ["broken", "spoilt-CANARY"],
    ["empty", ""],
  ])("replaces a secret that is %s where the account is named", async (_, secret) => {
    Object.assign(step.inputs, { "codex-auth-json": secret, "expected-account-id": "account-1" });
    await step.pre();

    const end = await step.main();

    expect(end).toBe("success");
    expect(step.store.secrets.get(SECRET)?.value).toBe(fresh.line().reveal());
    expect(during).toBe(fresh.withheld().reveal());
    expect(step.channel.variables.get("CODEX_HOME")).toBe(HOME);
    expect(step.channel.outputs.get("access-token-expires-at")).toBe("2026-12-02T11:05:00.000Z");
    expect(await step.post({ ...step.inputs })).toBe("success");
    expect(step.files.paths.filter((path) => path.startsWith(BASE))).toEqual([]);
  });

  test("restores in main where pre did not, and keeps main's variables for post", async () => {
    step.environment.PATH = "/installed/since:/bin";
    let sessionMeanwhile: unknown = null;
    let authMeanwhile: string | null = null;
    step.deviceLogin.meanwhile = () => {
      authMeanwhile = step.auth;
      sessionMeanwhile = step.session;
    };

    const end = await step.main();

    expect(end).toBe("success");
    expect(authMeanwhile).toBe(step.login.withheld().reveal());
    expect(sessionMeanwhile).toMatchObject({ home: HOME, environment: { PATH: "/installed/since:/bin" } });
    expect(step.session?.written).toBe(await step.files.stamp(AUTH));
  });

  test("attaches to what pre has made", async () => {
    await step.pre();
    const began = step.session?.beganMonotonicMs;
    step.clock.advance(MINUTE_MS);

    await step.main();

    expect(step.session?.beganMonotonicMs).toBe(began);
  });
});

describe("a reseed with another account", () => {
  const other = loginNamed("other", { account: "account-2" });

  test("is refused, and the secret stays", async () => {
    step.deviceLogin.leaves = other.whole().reveal();

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("reseed-other-account");
    expect(ends.main).toMatchObject({ hint: expect.stringContaining("`expected-account-id`") });
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(step.handedOver()).toBeNull();
    expect(leftOver()).toEqual([]);
  });

  test("is accepted where it is expected", async () => {
    step.deviceLogin.leaves = other.whole().reveal();
    step.inputs["expected-account-id"] = "account-2";

    const ends = await step.play();

    expect(ends.main).toBe("success");
    expect(step.stored.isSameGeneration(other)).toBe(true);
  });

  test("is refused where another one is expected than the account of before", async () => {
    step.inputs["expected-account-id"] = "account-2";

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("reseed-other-account");
  });

  test("cannot be told where the secret holds no login: nobody is asked", async () => {
    step.inputs["codex-auth-json"] = "";

    const end = await step.main();

    expect(codeOf(end)).toBe("input-invalid");
    expect(end).toMatchObject({ hint: expect.stringContaining("`expected-account-id`") });
    expect(step.said("ABCD-1234")).toEqual([]);
  });
});

describe("a reseed in which nobody logs in", () => {
  test.each([
    { how: "the code was not used", leaves: null, exitCode: 1 },
    { how: "Codex left nothing", leaves: null, exitCode: 0 },
    { how: "Codex failed after all", leaves: fresh.whole().reveal(), exitCode: 1 },
    { how: "what Codex left is no login", leaves: '{"auth_mode":', exitCode: 0 },
    { how: "Codex was ended", leaves: null, exitCode: null },
  ])("fails where $how, and the secret stays", async ({ leaves, exitCode }) => {
    Object.assign(step.deviceLogin, { leaves, exitCode });

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("reseed-failed");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(leftOver()).toEqual([]);
    expect(during).toBeNull();
  });

  test("says until when, and what the account must allow", async () => {
    step.deviceLogin.leaves = null;

    const ends = await step.play();

    expect(ends.main).toMatchObject({
      hint: expect.stringMatching(/within 15 minutes.*Device logins must be allowed/),
    });
  });

  test("tells what is wrong with what Codex left", async () => {
    step.deviceLogin.leaves = '{"auth_mode":';

    const ends = await step.play();

    expect(ends.main).toMatchObject({
      message: expect.stringContaining("The login breaks off before its end."),
      cause: { code: "login-truncated" },
    });
  });

  test("fails as cancelled where the job was", async () => {
    step.deviceLogin.meanwhile = () => {
      step.isCancelled = true;
    };

    const ends = await step.play();

    expect(codeOf(ends.main)).toBe("cancelled");
    expect(step.stored.isSameGeneration(step.login)).toBe(true);
    expect(leftOver()).toEqual([]);
  });
});

describe("a reseed asks a person for nothing", () => {
  test.each([
    { where: "in a public repository", visibility: "public", known: "public", code: "public-repository" },
    {
      where: "in one that turns out to be public",
      visibility: "unknown",
      known: "public",
      code: "public-repository",
    },
    {
      where: "in one of which that cannot be known",
      visibility: "unknown",
      known: null,
      code: "public-repository",
    },
  ] as const)("$where", async ({ visibility, known, code }) => {
    step.context = { ...step.context, visibility };
    step.visibility = known;

    const end = await step.main();

    expect(codeOf(end)).toBe(code);
    expect(step.said("ABCD-1234")).toEqual([]);
  });

  test("in a run that no person has started", async () => {
    step.context = { ...step.context, eventName: "schedule" };

    const end = await step.main();

    expect(codeOf(end)).toBe("input-invalid");
    expect(step.said("ABCD-1234")).toEqual([]);
  });

  test("without a write token", async () => {
    step.inputs["secret-write-token"] = "";

    expect(codeOf(await step.main())).toBe("write-token-missing");
    expect(step.said("ABCD-1234")).toEqual([]);
  });

  test.each([
    ["is refused", 401, "write-token-rejected"],
    ["may not write", 403, "write-token-forbidden"],
  ])("where the write token %s", async (_, status, code) => {
    step.store.interfere = (request) => {
      if (request === "PUT") throw new GitHubError("no", { status });
    };

    const end = await step.main();

    expect(codeOf(end)).toBe(code);
    expect(step.said("ABCD-1234")).toEqual([]);
    expect(step.openSessions).toBe(0);
  });

  test("where the write token cannot even be opened", async () => {
    step.beforeOpen = () => {
      throw new GitHubError("no", { status: 401 });
    };

    expect(codeOf(await step.main())).toBe("write-token-rejected");
    expect(step.said("ABCD-1234")).toEqual([]);
  });

  test("where there is no such secret: a refresh job never creates one", async () => {
    step.store.secrets.clear();

    expect(codeOf(await step.main())).toBe("secret-not-found");
    expect(step.said("ABCD-1234")).toEqual([]);
    expect(step.store.secrets.size).toBe(0);
  });
});

test("a reseed in a repository that is known to be private asks nobody whether it is", async () => {
  step.visibility = null;

  const ends = await step.play();

  expect(ends.main).toBe("success");
});

test("a reseed in a repository that turns out to be private goes on", async () => {
  step.context = { ...step.context, visibility: "unknown" };

  const ends = await step.play();

  expect(ends.main).toBe("success");
});

test("a bug is not explained away", async () => {
  step.beforeOpen = () => {
    throw new TypeError("a bug");
  };

  expect(await step.main()).toEqual(new TypeError("a bug"));
});
