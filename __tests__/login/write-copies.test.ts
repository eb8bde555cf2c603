import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CopyDestination, CopyScope } from "../../src/core/copies/destination.ts";
import { parseDestinations } from "../../src/core/copies/parse-destinations.ts";
import type { CopyResult } from "../../src/core/copies/result.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { type CopyServices, surveyCopies, writeCopies } from "../../src/login/copies/write-copies.ts";
import type { Audience, CopyReach } from "../../src/ports/copies.ts";
import { MemoryCopies } from "../action/ports/copies.ts";
import { PLACE, RefreshJobs, SECRET } from "../action/refresh-jobs.ts";
import { Chain } from "./chain.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const COPY = "CODEX_ACCESS_JSON";
const OWN: CopyScope = { kind: "repository", owner: "octo", repository: "app", environment: null };
const WIDGETS: CopyScope = { kind: "repository", owner: "acme", repository: "widgets", environment: null };
const ACME: CopyScope = { kind: "organization", organization: "acme" };
const SELECTED: Audience = { visibility: "selected", repositories: [3, 5, 8] };
const FAULT = new TypeError("a fault");

let jobs: RefreshJobs;
let chain: Chain;
let copies: MemoryCopies;
let services: CopyServices;
let isCancelled: boolean;
let storedAt: Date;

beforeEach(() => {
  jobs = new RefreshJobs();
  chain = new Chain(jobs);
  copies = new MemoryCopies(jobs.clock);
  isCancelled = false;
  services = {
    ...jobs.services(),
    copyAccess: copies,
    cancellation: { requested: () => isCancelled },
  };
  storedAt = jobs.store.secrets.get(SECRET)?.updatedAt ?? new Date(Number.NaN);
  for (const scope of [OWN, WIDGETS, ACME]) copies.create(scope, COPY, scope === ACME ? SELECTED : null);
  jobs.clock.advance(MINUTE_MS);
});

function destinationsOf(text: string): readonly CopyDestination[] {
  return parseDestinations(text, PLACE, "x");
}

const ALL = `secret ${COPY}\nrepository acme/widgets ${COPY}\norganization acme ${COPY}`;

function write(text = ALL): Promise<readonly CopyResult[]> {
  return writeCopies(services, { login: chain.at(0), storedAt }, destinationsOf(text));
}

async function kinds(text = ALL): Promise<readonly string[]> {
  return (await write(text)).map(({ kind }) => kind);
}

/** The one result for one destination that failed. */
async function failureOf(text: string): Promise<Failure> {
  const [result] = await write(text);
  if (result?.kind !== "failed") throw new Error(`it is ${result?.kind}`);
  expect(result.destination.text).toBe(text);
  return result.failure;
}

function refuse(status: number, request: string, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  copies.interfere = (seen) => {
    if (seen === request && left-- > 0) throw new GitHubError(`GitHub's API answered ${status}.`, { status });
  };
}

/** Gives so many destinations in one repository, each with a secret that is there. */
function many(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `COPY_${index}`);
  for (const name of names) copies.create(OWN, name);
  jobs.clock.advance(MINUTE_MS);
  return names.map((name) => `secret ${name}`).join("\n");
}

describe("access copies", () => {
  test("are written to all destinations, without a refresh token, with a second between two writes", async () => {
    const at: number[] = [];
    copies.interfere = (request) => {
      if (request === "PUT") at.push(jobs.clock.monotonicMs());
    };

    expect(await write()).toEqual(
      destinationsOf(ALL).map((destination) => ({ kind: "written", destination })),
    );

    for (const scope of [OWN, WIDGETS, ACME])
      expect(copies.read(scope, COPY).tokens).toMatchObject({
        access_token: chain.at(0).accessToken.reveal(),
        refresh_token: "",
      });
    for (const [index, ms] of at.slice(1).entries())
      expect(ms - (at[index] ?? Number.NaN)).toBeGreaterThanOrEqual(SECOND_MS);
    expect([copies.openReaches, jobs.store.openSessions]).toEqual([0, 0]);
  });

  test("that are newer than the login are left as they are", async () => {
    await write();
    jobs.clock.advance(MINUTE_MS);

    expect(await kinds()).toEqual(["newer", "newer", "newer"]);
    expect(copies.at(OWN, COPY).writes).toBe(1);
  });

  test("are left to another job from the moment on in which that claims the login", async () => {
    copies.interfere = (request) => {
      if (request === "PUT answer") chain.claim(0, {}, { ageMs: 0 });
    };

    expect(await kinds()).toEqual(["written", "left", "left"]);

    // Nobody is asked about the rest.
    const widgets = copies.requests.findIndex((request) => request.includes("widgets"));
    expect(copies.requests.slice(widgets).some((request) => request.includes("organization"))).toBe(false);
  });

  test("are left where the job is cancelled", async () => {
    copies.interfere = (request) => {
      if (request === "PUT answer") isCancelled = true;
    };

    const [, second, third] = await write();

    const [, widgets, acme] = destinationsOf(ALL);
    expect([second, third]).toEqual([
      { kind: "left", destination: widgets },
      { kind: "left", destination: acme },
    ]);
  });

  test("that fail do not keep the others from being written", async () => {
    copies.delete(WIDGETS, COPY);

    expect(await kinds()).toEqual(["written", "failed", "written"]);
  });

  test("fail together where there is no write token any more", async () => {
    services = { ...services, writeCredential: null };

    const results = await write();

    expect(results).toMatchObject(
      destinationsOf(ALL).map((destination) => ({
        kind: "failed",
        destination,
        failure: { code: "write-token-missing" },
      })),
    );
  });

  test("are refused with a token that was accepted a moment ago: that is told", async () => {
    const open = async (): Promise<never> => {
      throw new GitHubError("No.", { status: 401 });
    };
    services = { ...services, writeCredential: { kind: "token", open } };

    expect((await failureOf(`secret ${COPY}`)).code).toBe("write-token-revoked");
  });

  test("hide no fault of ours, and everything is closed", async () => {
    copies.interfere = (request) => {
      if (request === "PUT") throw FAULT;
    };

    await expect(write()).rejects.toBe(FAULT);
    expect([copies.openReaches, jobs.store.openSessions]).toEqual([0, 0]);
  });

  test("that take long tell how far they are: after two seconds, and each quarter of a minute", async () => {
    const told: [number, string][] = [];
    const beganMs = jobs.clock.monotonicMs() + MINUTE_MS;
    jobs.log.info = (sentence) => void told.push([jobs.clock.monotonicMs() - beganMs, sentence]);

    await write(many(40));

    const counts = told.map(([, sentence]) => /^Access copies: (\d+) of 40 done\.$/.exec(sentence)?.[1]);
    expect(counts[0]).toBe("2");
    expect(counts).toHaveLength(4);
    const [first = 0, second = 0, third = 0] = told.map(([ms]) => ms);
    expect(first).toBeGreaterThanOrEqual(2 * SECOND_MS);
    expect(first).toBeLessThan(4 * SECOND_MS);
    for (const ms of [second - first, third - second]) {
      expect(ms).toBeGreaterThanOrEqual(15 * SECOND_MS);
      expect(ms).toBeLessThan(17 * SECOND_MS);
    }
  });

  test("are not written any more after a quarter of an hour: the next run goes on", async () => {
    copies.interfere = (request, scope) => {
      if (request === "PUT answer" && scope.kind === "repository") jobs.clock.advance(15 * MINUTE_MS);
    };

    const [first, second] = await write();

    expect(first?.kind).toBe("written");
    expect(second).toMatchObject({
      kind: "failed",
      failure: {
        code: "access-copy-failed",
        message: "There was no time left for it: access copies may take 15 minutes.",
        hint: "Run the maintenance workflow again: it goes on where this run stopped.",
      },
    });
  });
});

describe("an access copy that GitHub does not take", () => {
  test.each([
    ["is sealed again once, for a key that was replaced", 1, "written"],
    ["is not sealed a third time", 2, "failed"],
  ])("%s", async (_, times, kind) => {
    refuse(422, "PUT", times);

    expect(await kinds(`secret ${COPY}`)).toEqual([kind]);
  });

  test("is not sealed again where it is refused", async () => {
    refuse(403, "PUT", 1);

    expect(await kinds(`secret ${COPY}`)).toEqual(["failed"]);
  });

  test("since the secret was deleted in the last moment is taken away again", async () => {
    let left = 1;
    copies.interfere = (request) => {
      if (request === "PUT" && left-- > 0) copies.delete(OWN, COPY);
    };

    const failure = await failureOf(`secret ${COPY}`);

    expect(failure).toMatchObject({
      code: "access-copy-failed",
      message: "There is no such secret.",
      hint: expect.stringContaining(`gh secret set ${COPY} --repo octo/app`),
    });
    expect(() => copies.at(OWN, COPY)).toThrow();
  });
});

describe("an access copy of an organization", () => {
  test("goes with the audience that it had, and is well where that has stayed", async () => {
    expect(await kinds(`organization acme ${COPY}`)).toEqual(["written"]);
    expect(copies.at(ACME, COPY).audience).toEqual(SELECTED);
  });

  test.each<[string, Audience, string]>([
    ["all", { visibility: "all", repositories: null }, "`selected`, 3 repositories before, `all` now"],
    [
      "others",
      { visibility: "selected", repositories: [3] },
      "`selected`, 3 repositories before, `selected`, 1 repositories now",
    ],
  ])("is shown to %s afterwards: that is told", async (_, audience, words) => {
    copies.interfere = (request) => {
      if (request === "PUT answer") copies.at(ACME, COPY).audience = audience;
    };

    expect(await failureOf(`organization acme ${COPY}`)).toMatchObject({
      code: "access-copy-failed",
      message: `Written, but afterwards GitHub shows it to others than before: ${words}.`,
      hint: expect.stringContaining("Check who may read this secret"),
    });
  });

  test("is not asked about where it is in a repository", async () => {
    expect(await kinds(`secret ${COPY}\nrepository acme/widgets ${COPY}`)).toEqual(["written", "written"]);
    expect(copies.requests.filter((request) => /^AUDIENCE/.test(request))).toHaveLength(2);
  });
});

describe("an access copy of a repository", () => {
  const LINE = `repository acme/widgets ${COPY}`;

  test("that has its name still is written", async () => {
    copies.renamed.set("acme/widgets", { id: "99", owner: "Acme", repository: "Widgets" });

    expect(await kinds(LINE)).toEqual(["written"]);
  });

  test("that is called otherwise by now is not written: it may be somebody else's", async () => {
    copies.renamed.set("acme/widgets", { id: "99", owner: "evil", repository: "widgets" });

    expect(await failureOf(LINE)).toMatchObject({
      code: "access-copy-failed",
      message: "The repository is now called `evil/widgets`.",
      hint: "Write its present name in `access-copies`.",
    });
    expect(copies.at(WIDGETS, COPY).writes).toBe(0);
  });

  test.each([SECRET, SECRET.toLowerCase()])(
    "that has become the login's own is not written over it (%s)",
    async (name) => {
      services = { ...services, place: { ...PLACE, owner: "new", repository: "home", secretName: name } };
      copies.renamed.set("acme/widgets", { id: PLACE.repositoryId, owner: "new", repository: "home" });
      copies.create(WIDGETS, SECRET);
      jobs.clock.advance(MINUTE_MS);
      const destination = { scope: WIDGETS, name: SECRET, text: "the line" };

      const [result] = await writeCopies(services, { login: chain.at(0), storedAt }, [destination]);

      expect(result).toMatchObject({
        kind: "failed",
        failure: {
          code: "access-copy-failed",
          message: "It is the login's own secret: acme/widgets is now called `new/home`.",
          hint: "Remove this destination, or give the copy a name of its own.",
        },
      });
      expect(copies.at(WIDGETS, SECRET).writes).toBe(0);
    },
  );

  test("that is the login's by now is called otherwise, where it is another secret", async () => {
    copies.renamed.set("acme/widgets", { id: PLACE.repositoryId, owner: "octo", repository: "app" });

    expect((await failureOf(LINE)).message).toBe("The repository is now called `octo/app`.");
  });

  test("that bears the name of the login's secret, in another repository, is written", async () => {
    copies.create(WIDGETS, SECRET);
    jobs.clock.advance(MINUTE_MS);
    const destination = { scope: WIDGETS, name: SECRET, text: "the line" };

    const [result] = await writeCopies(services, { login: chain.at(0), storedAt }, [destination]);

    expect(result?.kind).toBe("written");
  });

  test("that is the login's own is not asked what it is called", async () => {
    await write(`secret ${COPY}`);

    expect(copies.requests.some((request) => request.startsWith("REPOSITORY"))).toBe(false);
  });
});

describe("what is looked at first, and not written,", () => {
  test("is due or settled, each destination by one question", async () => {
    copies.create(OWN, "NEWER");
    jobs.clock.advance(MINUTE_MS);
    await writeCopies(services, { login: chain.at(0), storedAt }, destinationsOf("secret NEWER"));
    copies.requests.length = 0;
    const destinations = destinationsOf(`secret ${COPY}\nsecret NEWER\nsecret MISSING`);

    const { due, settled } = await surveyCopies(services, chain.at(0), destinations);

    expect(due).toEqual(destinations.slice(0, 1));
    expect(settled).toMatchObject([{ kind: "newer" }, { kind: "failed" }]);
    expect(copies.requests.filter((request) => request.startsWith("PUT"))).toEqual([]);
  });

  test("tells how far it is, and is asked again where GitHub does not answer", async () => {
    const text = many(30);
    refuse(502, "GET", 2);

    const { due } = await surveyCopies(services, chain.at(0), destinationsOf(text));

    expect(due).toHaveLength(30);
    expect(jobs.log.lines.at(-1)).toMatch(/^Access copies: \d+ of 30 looked at\.$/);
  });

  test("needs no second where nothing takes long", async () => {
    await surveyCopies(services, chain.at(0), destinationsOf(ALL));

    expect(jobs.log.lines).toEqual([]);
  });

  test("tells what an App says that has no token for it", async () => {
    const because = new Failure("app-not-installed", "The App is not installed.", "Install it.");
    const reach: CopyReach = {
      secretsOf: () => Promise.reject(because),
      close: async () => {},
    };
    services = { ...services, copyAccess: { open: () => reach } };

    const { settled } = await surveyCopies(services, chain.at(0), destinationsOf(`secret ${COPY}`));

    expect(settled).toMatchObject([
      {
        kind: "failed",
        failure: { code: "access-copy-failed", message: because.message, hint: because.hint, cause: because },
      },
    ]);
  });
});

test("a job whose claim of the login is in doubt does not keep copies of it from being written", async () => {
  chain.claim(0);
  jobs.runStatus = "ended";

  expect(await kinds(`secret ${COPY}`)).toEqual(["written"]);
});
