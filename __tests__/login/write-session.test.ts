import { beforeEach, describe, expect, test } from "@jest/globals";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { explainRefusal, timeOf, withWriteToken } from "../../src/login/write-session.ts";
import type { WriteCredential } from "../../src/ports/secrets.ts";
import { PLACE, RefreshJobs } from "../action/refresh-jobs.ts";
import { openJob } from "./open-job.ts";

const FAULT = new TypeError("a fault");

let jobs: RefreshJobs;

beforeEach(() => {
  jobs = new RefreshJobs();
});

/** What an act is given that needs the write token. */
async function given(writeCredential: WriteCredential | null, workedEarlier = false): Promise<unknown> {
  const services = { ...jobs.services(), writeCredential };
  return withWriteToken(services, { workedEarlier, insistence: "when-due" }, async (open) =>
    open instanceof Failure ? open.code : "open",
  );
}

/** Fails with these errors, one after the other, before it opens. */
function openAfter(errors: readonly Error[]): WriteCredential {
  const left = [...errors];
  const open: WriteCredential["open"] = async () => {
    const error = left.shift();
    if (error) throw error;
    return jobs.store.open();
  };
  return { kind: "token", open };
}

describe("a write token", () => {
  test("is open for one act, and closed after it", async () => {
    const services = jobs.services();

    const answer = await withWriteToken(
      services,
      { workedEarlier: false, insistence: "forced" },
      async (open) => {
        if (open instanceof Failure) throw open;
        expect(jobs.store.openSessions).toBe(1);
        expect(open.claims.nameOf(jobs.login)).toMatch(/^CODEX_AUTH_CLAIM_/);
        expect(open.session.store).toBe(jobs.store);
        return open.place;
      },
    );

    expect(answer).toEqual(PLACE);
    expect(jobs.store.openSessions).toBe(0);
  });

  test("is closed also where the act fails", async () => {
    const services = jobs.services();

    const act = withWriteToken(services, { workedEarlier: false, insistence: "forced" }, async () => {
      throw FAULT;
    });

    await expect(act).rejects.toBe(FAULT);
    expect(jobs.store.openSessions).toBe(0);
  });

  test.each([
    ["is not there", null, false, "write-token-missing"],
    ["is refused", openAfter([new GitHubError("No.", { status: 401 })]), false, "write-token-rejected"],
    [
      "worked, and is refused now",
      openAfter([new GitHubError("No.", { status: 401 })]),
      true,
      "write-token-revoked",
    ],
    [
      "is an App's that is not installed",
      openAfter([new Failure("app-not-installed", "a", "b")]),
      false,
      "app-not-installed",
    ],
  ] as const)("that %s is told to the act", async (_, writeCredential, workedEarlier, code) => {
    expect(await given(writeCredential, workedEarlier)).toBe(code);
  });

  test("is opened at the second try where GitHub does not answer the first", async () => {
    expect(await given(openAfter([new GitHubError("No.", { status: null })]))).toBe("open");
  });

  test("hides no fault of ours", async () => {
    await expect(given(openAfter([FAULT]))).rejects.toBe(FAULT);
  });
});

describe("GitHub's refusal", () => {
  test.each([
    ["token", /^Give the token in `secret-write-token`/],
    ["app", /^Give the GitHub App/],
  ] as const)("is told with what cures it for a write credential that is: %s", (kind, hint) => {
    const writeCredential: WriteCredential = { kind, open: () => Promise.reject(FAULT) };
    const error = new GitHubError("No.", { status: 403 });

    expect(explainRefusal({ place: PLACE, writeCredential }, error, { workedEarlier: false }).hint).toMatch(
      hint,
    );
  });

  test("is told as that of a token where it is not known which it was", () => {
    const error = new GitHubError("No.", { status: 403 });
    const { hint } = explainRefusal({ place: PLACE, writeCredential: null }, error, { workedEarlier: false });

    expect(hint).toMatch(/^Give the token in `secret-write-token`/);
  });
});

test("the time is GitHub's, and the machine's where GitHub does not tell it", async () => {
  jobs.clock.wrongByMs = 60_000;
  const job = openJob(jobs);
  expect(await timeOf(job)).toEqual(jobs.clock.rightNow());

  jobs.store.tellsDate = false;
  expect(await timeOf(job)).toEqual(jobs.clock.now());
});

test("a phase that was given no write token is told why that may be", async () => {
  const services = { ...jobs.services(), writeCredential: null };

  await withWriteToken(services, { workedEarlier: false, insistence: "forced" }, async (open) => {
    expect(open).toMatchObject({
      message: "The refreshed login cannot be written: this phase has no write token.",
      hint: expect.stringContaining("nested composite actions"),
    });
  });
});
