import { beforeEach, describe, expect, test } from "@jest/globals";
import { ledgerOf } from "../../src/core/claim/ledger.ts";
import type { RefreshSymptoms } from "../../src/core/codex/refusal.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { type Claimed, claimLogin } from "../../src/login/claim-login.ts";
import { recover } from "../../src/login/finish-killed-main.ts";
import { rotate } from "../../src/login/rotate.ts";
import type { Section, SectionOutcome, SectionRequest } from "../../src/login/section.ts";
import { loadCriticalSection } from "../../src/login/section-state.ts";
import type { Services } from "../../src/login/services.ts";
import type { CodexRefresher } from "../../src/ports/codex.ts";
import { MemoryLedger, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { loginNamed } from "../action/step.ts";
import { openSectionOf } from "./open-job.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const REFUSED = new GitHubError("GitHub's API answered 403.", { status: 403 });

let jobs: RefreshJobs;
let codex: CodexRefresher;
let section: Section;

beforeEach(() => {
  jobs = new RefreshJobs();
  codex = jobs.issuer;
  section = open();
});

function open(request: Partial<SectionRequest> = {}, instead: Partial<Services> = {}): Section {
  const refresher: CodexRefresher = { refresh: (asked) => codex.refresh(asked) };
  return openSectionOf(jobs, { refresher: async () => refresher, ...instead }, request);
}

async function claimed(takeover = 0): Promise<Claimed> {
  const updatedAt = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  const where = { kind: "current", login: jobs.login, predecessor: null, updatedAt, origin: null } as const;
  const outcome = await claimLogin(section, { ...where, takeover });
  if (outcome.kind !== "claimed") throw new Error(`it is ${outcome.kind}`);
  return outcome;
}

async function rotateClaimed(by?: Claimed): Promise<SectionOutcome> {
  const own = by ?? (await claimed());
  const { login, updatedAt: before } = own;
  return rotate(section, ledgerOf({ login, predecessor: null, before, stored: true }), own);
}

function refuseWrites(): void {
  jobs.store.interfere = (request, name) => {
    if (request === "PUT" && name === SECRET) throw REFUSED;
  };
}

/** Codex says of the first attempt, which is told to refresh, nothing that explains why there is no new login. */
function explainNothingAtFirst(): void {
  codex = {
    refresh: async (request) => {
      if (request.refreshes === "by-itself") return jobs.issuer.refresh(request);
      await request.started({ pid: 1, startedAt: null });
      return { account: "absent", stderr: "" };
    },
  };
}

/** Private homes on the disk, and what is in them. */
function privateFiles(): readonly string[] {
  return [...jobs.files.contents.keys()].filter((path) => path.includes("/critical-"));
}

describe("a rotation", () => {
  test("is stored, and told with how long it took and how long the new access token is valid", async () => {
    const { interfere } = jobs.issuer;
    jobs.issuer.interfere = () => {
      jobs.clock.advance(12 * SECOND_MS);
      return interfere();
    };

    const outcome = await rotateClaimed();

    expect(outcome).toMatchObject({ kind: "refreshed", rotated: true, storing: { kind: "stored" } });
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    expect(jobs.log.lines).toContain(
      `Codex rotated login ${jobs.login.generation} to ${jobs.stored.generation} in 12 s (access token valid 9 days 23 h).`,
    );
    expect(privateFiles()).toEqual([]);
    expect(jobs.channel.saved.get("critical-section")).toBe("");
  });

  test("that left the refresh token as it was is told as that", async () => {
    jobs.issuer.interfere = () => "renews";

    expect(await rotateClaimed()).toMatchObject({ kind: "refreshed", rotated: false });
    expect(jobs.log.lines).toContain(
      "Codex renewed the tokens and kept the refresh token (access token valid 9 days 23 h).",
    );
  });

  test("for a whole job is followed by a claim on what came of it, of which the next steps know", async () => {
    section = open({ claimFor: "whole-job" });

    const outcome = await rotateClaimed();

    const own = jobs.claim(jobs.stored);
    expect(own).toMatchObject({ state: "open", wholeJob: true });
    expect(outcome).toMatchObject({ ledger: { claim: { holder: own?.holder } } });
    expect(jobs.channel.saved.get("critical-section")).toBe("");
  });

  test.each([
    ["for a whole job that could not be stored", "whole-job", refuseWrites],
    ["for a refresh", "refresh", () => {}],
  ] as const)("%s is not followed by one", async (_, claimFor, act) => {
    section = open({ claimFor });
    act();

    const outcome = await rotateClaimed();

    expect(outcome.kind).toBe("refreshed");
    const next = outcome.kind === "refreshed" ? outcome.ledger.login : jobs.login;
    expect(next.refreshToken.reveal()).toBe(jobs.issuer.living);
    expect(jobs.claim(next)).toBeNull();
  });

  test("for a whole job whose new login is another's by now is stored all the same, and leaves post nothing to finish", async () => {
    section = open({ claimFor: "whole-job" });
    const own = await claimed();
    jobs.store.variables.create = async () => "exists";

    expect(await rotateClaimed(own)).toMatchObject({
      storing: { kind: "stored" },
      ledger: { claim: null, stored: true },
      unclaimed: { code: "claim-busy" },
    });
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    expect(jobs.channel.saved.get("critical-section")).toBe("");
    expect(privateFiles()).toEqual([]);
  });
});

describe("a rotated login that neither the ledger nor the handoff nor the secret has", () => {
  test.each([
    ["at once", () => {}],
    ["when it was asked once more, with an access token that looks expired", explainNothingAtFirst],
  ])("stays in the private home for post, which stores it: rotated %s", async (_, act) => {
    act();
    const ledgerFile = new MemoryLedger();
    section = open({}, { ledgerFile });
    const own = await claimed();
    const { save } = ledgerFile;
    ledgerFile.save = async () => {
      throw new Error("full");
    };
    jobs.handoff.state = "read-only";
    refuseWrites();

    expect(await rotateClaimed(own)).toMatchObject({
      kind: "refreshed",
      storing: { kind: "pending", inHandoff: false },
    });

    jobs.channel.nextPhase();
    const left = loadCriticalSection(jobs.channel, { base: "/temp/base" });
    if (left === null) throw new Error("post is told of nothing");
    ledgerFile.save = save;
    jobs.store.interfere = () => {};
    expect(await recover({ ...section, ledgerFile }, left)).toMatchObject({ kind: "stored" });
    expect(jobs.stored.refreshToken.reveal()).toBe(jobs.issuer.living);
    expect(privateFiles()).toEqual([]);
  });
});

test("a rotated login stays in the private home, too, where something fails before anything else has it", async () => {
  const own = await claimed();
  jobs.handoff.save = async () => {
    throw REFUSED;
  };

  await expect(rotateClaimed(own)).rejects.toBe(REFUSED);

  expect(privateFiles().some((path) => path.endsWith("/home/auth.json"))).toBe(true);
  expect(jobs.channel.saved.get("critical-section")).toContain("critical-");
  // Whoever took it over would present a token that is spent.
  expect(jobs.claim()).toMatchObject({ released: false });
});

test("between two attempts, post knows that the login was presented", async () => {
  explainNothingAtFirst();
  const own = await claimed();
  const known: unknown[] = [];
  jobs.files.interfere = (operation, path) => {
    if (operation !== "makePrivateDirectory") return;
    if (path.includes("/critical-"))
      known.push(JSON.parse(jobs.channel.saved.get("critical-section") || "null"));
  };

  await rotateClaimed(own);

  const second = known.slice(known.length / 2);
  expect(second.length).toBeGreaterThan(1);
  for (const section of second)
    expect(section).toMatchObject({ process: { pid: 1 }, claim: { name: own.held.name } });
});

describe("a refresh that brought nothing", () => {
  async function notRefreshed(by?: Claimed): Promise<string> {
    const outcome = await rotateClaimed(by);
    if (outcome.kind !== "not-refreshed") throw new Error(`it is ${outcome.kind}`);
    expect(privateFiles()).toEqual([]);
    expect(jobs.channel.saved.get("critical-section")).toBe("");
    return outcome.because.code;
  }

  test("leaves a claim that the next job takes over as one in doubt, where Codex was asked", async () => {
    jobs.issuer.living = "somebody else's";

    expect(await notRefreshed()).toBe("refresh-token-reused");
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test("is told in the claim while post still knows of the private home", async () => {
    jobs.issuer.living = "somebody else's";
    let known: unknown = null;
    jobs.store.variables.interfere = (request) => {
      if (request === "PATCH") known = jobs.channel.saved.get("critical-section");
    };

    await rotateClaimed();

    expect(known).toContain("critical-");
  });

  test("leaves no further claim where it was a takeover: the first claim stands for the doubt", async () => {
    const first = await claimed();
    await section.claims.tell(first.held.name, first.held.claim, { released: true });
    const own = await claimed(1);
    jobs.issuer.living = "somebody else's";

    expect(await notRefreshed(own)).toBe("refresh-token-reused");
    expect(jobs.claim(jobs.login, 1)).toBeNull();
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test.each<[string, RefreshSymptoms, string]>([
    ["did not start", { account: "unstarted", stderr: "no such command" }, "codex-outdated"],
    [
      "may not use the login",
      {
        account: "absent",
        stderr: "",
        configuration: { kind: "read", layers: [{ source: "a file", forced_login_method: "api" }] },
      },
      "login-forbidden",
    ],
  ])("leaves no claim where Codex %s: nothing was sent", async (_, symptoms, code) => {
    codex = {
      refresh: async ({ started }) => {
        await started({ pid: 1, startedAt: null });
        return symptoms;
      },
    };

    expect(await notRefreshed()).toBe(code);
    expect(jobs.claim()).toBeNull();
  });

  const REFUSED_TOKEN = { account: "absent", stderr: "Failed to refresh token: 401 Unauthorized" } as const;
  const SILENT = { account: "absent", stderr: "" } as const;
  const NOT_STARTED = { account: "unstarted", stderr: "no such command" } as const;
  const FORBIDDEN = {
    account: "absent",
    stderr: "",
    configuration: { kind: "read", layers: [{ source: "a file", forced_login_method: "api" }] },
  } as const;
  const OVERLOADED = { account: "error", stderr: "Failed to refresh token: 500" } as const;
  test.each<[string, readonly RefreshSymptoms[], string]>([
    ["refused, and then did not start", [REFUSED_TOKEN, NOT_STARTED], "refresh-rejected"],
    ["refused, and then may not use the login", [REFUSED_TOKEN, FORBIDDEN], "refresh-rejected"],
    ["refused, and then says nothing", [REFUSED_TOKEN, SILENT], "refresh-rejected"],
    ["said nothing, and then did not start", [SILENT, NOT_STARTED], "refresh-unexplained"],
    ["said nothing, and then was refused", [SILENT, REFUSED_TOKEN], "refresh-rejected"],
    ["was told of an overload, and then did not start", [OVERLOADED, NOT_STARTED], "refresh-unavailable"],
  ])("leaves the doubt, and says the most that was seen, where Codex %s", async (_, symptoms, code) => {
    let asked = 0;
    codex = {
      refresh: async ({ started }) => {
        await started({ pid: 1, startedAt: null });
        return symptoms[Math.min(asked++, symptoms.length - 1)] ?? SILENT;
      },
    };

    expect(await notRefreshed()).toBe(code);
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test("is told as an old copy where the secret was written meanwhile", async () => {
    jobs.issuer.living = "somebody else's";
    jobs.issuer.interfere = () => "decides";
    codex = {
      refresh: async (request) => {
        jobs.clock.advance(MINUTE_MS);
        jobs.store.set(SECRET, loginNamed("person").line().reveal());
        return jobs.issuer.refresh(request);
      },
    };

    expect(await notRefreshed()).toBe("copy-stale");
  });

  test.each([
    ["the access token ends", { minimumLifetimeMs: 48 * HOUR_MS }],
    ["a refresh was demanded", { insistence: "forced" }],
  ] as const)("ends the job where %s", async (_, request) => {
    section = open(request);
    jobs.issuer.interfere = () => "unavailable";

    await expect(rotateClaimed()).rejects.toMatchObject({ code: "refresh-unavailable" });
    expect(jobs.issuer.presented).toHaveLength(3);
    expect(jobs.claim()).toMatchObject({ state: "open", released: true });
  });

  test.each([
    ["is asked once more two and a half minutes before its time ends", 8 * MINUTE_MS - 150 * SECOND_MS, 2],
    ["is not asked once more when there is less", 8 * MINUTE_MS - 150 * SECOND_MS + 1, 1],
  ])("and is not explained %s", async (_, ageMs, attempts) => {
    const own = await claimed();
    let asked = 0;
    codex = {
      refresh: async ({ started }) => {
        await started({ pid: 1, startedAt: null });
        asked += 1;
        if (asked === 1) jobs.clock.advance(own.held.since.monotonicMs + ageMs - jobs.clock.monotonicMs());
        return { account: "absent", stderr: "" };
      },
    };
    expect(await notRefreshed(own)).toBe("refresh-unexplained");
    expect(asked).toBe(attempts);
  });
});

describe("a refresh that ends with an error", () => {
  const FAILURE = new Failure("home-unwritable", "no", "no");
  const FAULT = new TypeError("a fault");

  /** Codex ends with an error, before or after it may have sent the token. */
  function failWith(error: Error, isSent: boolean): void {
    codex = {
      refresh: async ({ started }) => {
        if (isSent) await started({ pid: 1, startedAt: null });
        throw error;
      },
    };
  }

  test.each([
    ["that says what went wrong", FAILURE],
    ["that is a fault of ours", FAULT],
  ])("%s, before anything was sent, leaves no claim", async (_, error) => {
    failWith(error, false);

    await expect(rotateClaimed()).rejects.toBe(error);
    expect(jobs.claim()).toBeNull();
  });

  test.each([
    ["that says what went wrong leaves a claim that nobody waits for", FAILURE, true],
    ["of GitHub's leaves a claim that nobody waits for", REFUSED, true],
    ["that is a fault of ours leaves everything to post", FAULT, false],
  ])("%s: after Codex was started", async (_, error, released) => {
    failWith(error, true);

    await expect(rotateClaimed()).rejects.toBe(error);
    expect(jobs.claim()).toMatchObject({ state: "open", released });
    expect(privateFiles().length === 0).toBe(released);
  });
});
