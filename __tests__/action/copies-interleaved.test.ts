import { beforeEach, describe, expect, test } from "@jest/globals";
import { type Claim, writeClaim } from "../../src/core/claim/claim.ts";
import { claimName } from "../../src/core/claim/name.ts";
import type { CopyScope } from "../../src/core/copies/destination.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { Audience } from "../../src/ports/copies.ts";
import { PLACE, SECRET } from "./refresh-jobs.ts";
import { HOUR_MS, Step } from "./step.ts";

const OWN: CopyScope = { kind: "repository", owner: "octo", repository: "app", environment: null };
const ACME: CopyScope = { kind: "organization", organization: "acme" };
const SELECTED: Audience = { visibility: "selected", repositories: [3, 5, 8] };
const NARROWER: Audience = { visibility: "selected", repositories: [3] };
const COPY = "CODEX_ACCESS_JSON";
const LIMIT = new GitHubError("GitHub's API answered 403: `secondary rate limit`.", {
  status: 403,
  said: "You have exceeded a secondary rate limit",
  retryAfterMs: 60_000,
});
const LOST = new GitHubError("GitHub's API did not answer.", { status: null });

let step: Step;

beforeEach(() => {
  step = new Step(24 * HOUR_MS, {
    run: "",
    "access-copies": `secret ${COPY}\norganization acme ${COPY}`,
  });
  step.copies.create(OWN, COPY);
  step.copies.create(ACME, COPY, SELECTED);
  step.clock.advance(HOUR_MS);
});

/** Once, at a request of a kind at a scope. */
function once(kind: string, scope: CopyScope, act: () => void): void {
  let isOver = false;
  step.copies.interfere = (request, at) => {
    if (isOver || request !== kind || at.kind !== scope.kind) return;
    isOver = true;
    act();
  };
}

/** What another job, or a person, has put there in the meantime. */
function overwrite(scope: CopyScope, value: string): void {
  step.clock.advance(2000);
  Object.assign(step.copies.at(scope, COPY), { value, updatedAt: step.clock.rightNow() });
}

function putsAt(scope: CopyScope): number {
  return step.copies.requests.filter((request) => request.startsWith(`PUT ${scope.kind}`)).length;
}

describe("a copy that another job has replaced", () => {
  test.each([
    ["a rate limit is waited for", LIMIT],
    ["a lost answer is waited for", LOST],
  ])("while %s is not written over: the claim is asked for again", async (_, error) => {
    once("PUT", OWN, () => {
      void step.claimElsewhere(step.stored);
      overwrite(OWN, "newer");
      throw error;
    });

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.at(OWN, COPY).value).toBe("newer");
    expect(putsAt(OWN)).toBe(1);
    expect(putsAt(ACME)).toBe(0);
  });

  test("by a person's seed is not written over, though nobody has claimed the login", async () => {
    once("PUT", OWN, () => {
      overwrite(OWN, "of another login");
      throw LIMIT;
    });

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.at(OWN, COPY).value).toBe("of another login");
  });

  test("is older than the login it was rotated to, though it was written after that was issued", async () => {
    const { refresh } = step.refresher;
    step.refresher = {
      refresh: async (request) => {
        const answer = await refresh.call(step.issuer, request);
        // A job whose PUT was on its way lands it before this one stores the new login.
        overwrite(OWN, "older");
        step.clock.advance(1000);
        return answer;
      },
    };

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.read(OWN, COPY).tokens.access_token).toBe(step.stored.accessToken.reveal());
    expect(step.said("Access copies: 2 written.")).toHaveLength(1);
  });
});

describe("an organization's audience that somebody narrows", () => {
  test.each([
    ["KEY", null],
    ["PUT", LIMIT],
    ["PUT", LOST],
  ])("at the %s of a copy (%s) stays as narrow", async (kind, error) => {
    once(kind, ACME, () => {
      step.copies.at(ACME, COPY).audience = NARROWER;
      if (error !== null) throw error;
    });

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.copies.at(ACME, COPY).audience).toEqual(NARROWER);
    expect(step.said("Access copies: 2 written.")).toHaveLength(1);
  });
});

describe("a login whose claim is in doubt", () => {
  const DEAD: Claim = {
    holder: "d".repeat(32),
    run: "98",
    attempt: 1,
    secret: SECRET,
    ref: "default",
    state: "open",
    before: null,
    next: null,
    after: null,
    released: true,
    wholeJob: false,
  };

  /** The copies of a login are due, and the login itself is not; an earlier job has left a claim on it. */
  async function inDoubt(claim: Partial<Claim>): Promise<void> {
    await step.play();
    step.clock.advance(HOUR_MS);
    const before = step.store.secrets.get(SECRET)?.updatedAt ?? null;
    const value = writeClaim({ ...DEAD, before, ...claim });
    await step.store.variables.create(claimName(step.stored, PLACE), value);
    step.clock.advance(HOUR_MS);
    for (const scope of [OWN, ACME]) step.copies.create(scope, COPY, scope === ACME ? SELECTED : null);
    step.files.contents.clear();
    step.inputs["codex-auth-json"] = step.stored.line().reveal();
    step.channel.saved.clear();
  }

  test("is copied, until another job takes the claim over", async () => {
    await inDoubt({});
    once("PUT answer", OWN, () => {
      const taken = writeClaim({ ...DEAD, holder: "e".repeat(32), released: false });
      void step.store.variables.create(claimName(step.stored, PLACE, 1), taken);
    });

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.said("Access copies: 1 written, 1 left to another run.")).toHaveLength(1);
    expect(step.copies.at(ACME, COPY).value).toBe("new");
  });

  test("of a job that is known to be over is copied", async () => {
    await inDoubt({ released: false });
    step.runStatus = "ended";

    expect(await step.play()).toMatchObject({ main: "success" });

    expect(step.said("Access copies: 2 written.")).toHaveLength(2);
  });
});
