import { beforeEach, describe, expect, test } from "@jest/globals";
import { raiseAlert, settleAlert } from "../../src/action/alert.ts";
import type { AlertServices } from "../../src/action/services.ts";
import { type AlertIssue, alertMarker } from "../../src/core/failure/alert-text.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import type { SecretLocation } from "../../src/core/github/secret-location.ts";
import type { AlertBoard } from "../../src/ports/github.ts";
import { FakeClock } from "./ports/clock.ts";
import { MemoryLog } from "./ports/log.ts";
import { PLACE } from "./refresh-jobs.ts";

const DEAD = { code: "refresh-token-reused", message: "It was used.", hint: "Log in again." };
const FORBIDDEN = { code: "write-token-forbidden", message: "It may not write.", hint: "Grant it." };
const RUN_URL = "https://github.com/octo/app/actions/runs/1";
const OTHER_PLACE: SecretLocation = { ...PLACE, environment: "codex" };
const DAY_MS = 86_400_000;

interface Issue extends AlertIssue {
  readonly since: Date;
  readonly state: "open" | "closed";
  readonly comments: readonly string[];
}

/** The issues of one repository. */
class MemoryBoard implements AlertBoard {
  readonly issues = new Map<number, Issue>();
  /** What every request meets. */
  trouble: Error | null = null;
  readonly #clock: FakeClock;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async find(marker: string): Promise<{ number: number; since: Date } | null> {
    this.#serve();
    for (const [number, { state, body, since }] of this.issues)
      if (state === "open" && body.includes(marker)) return { number, since };
    return null;
  }

  async open(issue: AlertIssue): Promise<void> {
    this.#serve();
    const since = this.#clock.now();
    this.issues.set(this.issues.size + 1, { ...issue, since, state: "open", comments: [] });
  }

  async update(number: number, issue: AlertIssue): Promise<void> {
    this.#change(number, issue);
  }

  async close(number: number, comment: string): Promise<void> {
    this.#change(number, { state: "closed", comments: [comment] });
  }

  #change(number: number, instead: Partial<Issue>): void {
    this.#serve();
    const issue = this.issues.get(number);
    if (!issue) throw new GitHubError("There is no such issue.", { status: 404 });
    this.issues.set(number, { ...issue, ...instead });
  }

  #serve(): void {
    if (this.trouble) throw this.trouble;
  }
}

let clock: FakeClock;
let board: MemoryBoard;
let log: MemoryLog;

beforeEach(() => {
  clock = new FakeClock();
  board = new MemoryBoard(clock);
  log = new MemoryLog();
});

function services(place: SecretLocation = PLACE): AlertServices {
  return { board, place, runUrl: RUN_URL, clock, log };
}

describe("an alert", () => {
  test("opens an issue that says what is wrong, where and since when, and tells the log", async () => {
    await raiseAlert(DEAD, services());

    const issue = board.issues.get(1);
    expect(board.issues.size).toBe(1);
    expect(issue?.body).toContain(alertMarker(PLACE));
    expect(issue?.body).toContain(
      "**It was used.** ([`refresh-token-reused`](https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#refresh-token-reused))",
    );
    expect(issue?.body).toContain("Since: 2026-11-22 10:00 UTC. Last seen: 2026-11-22 10:00 UTC");
    expect(issue?.body).toContain(RUN_URL);
    expect(log.lines).toEqual(["Opened an issue about the login."]);
  });

  test("that is raised again brings the one issue up to date, and keeps when it began", async () => {
    await raiseAlert(DEAD, services());
    clock.advance(DAY_MS);

    await raiseAlert(FORBIDDEN, services());

    expect(board.issues.size).toBe(1);
    expect(board.issues.get(1)).toMatchObject({ state: "open", comments: [] });
    expect(board.issues.get(1)?.body).toContain(
      "([`write-token-forbidden`](https://github.com/codex-auth-roundtrip/codex-auth-roundtrip/blob/main/docs/troubleshooting.md#write-token-forbidden))",
    );
    expect(board.issues.get(1)?.body).toContain(
      "Since: 2026-11-22 10:00 UTC. Last seen: 2026-11-23 10:00 UTC",
    );
    expect(log.lines.at(-1)).toBe("Updated issue #1 about the login.");
  });

  test("about another login has an issue of its own", async () => {
    await raiseAlert(DEAD, services());

    await raiseAlert(DEAD, services(OTHER_PLACE));

    expect(board.issues.size).toBe(2);
  });

  test("that comes back after it was settled is a new issue", async () => {
    await raiseAlert(DEAD, services());
    await settleAlert(services());

    await raiseAlert(DEAD, services());

    expect([...board.issues.values()].map(({ state }) => state)).toEqual(["closed", "open"]);
  });
});

describe("an alert that is settled", () => {
  test("closes its issue with the run that proved it, and tells the log", async () => {
    await raiseAlert(DEAD, services());

    await settleAlert(services());

    expect(board.issues.get(1)).toMatchObject({
      state: "closed",
      comments: [expect.stringContaining(RUN_URL)],
    });
    expect(log.lines.at(-1)).toBe("Closed issue #1: the login is well again.");
  });

  test("leaves another login's issue open", async () => {
    await raiseAlert(DEAD, services(OTHER_PLACE));

    await settleAlert(services());

    expect(board.issues.get(1)?.state).toBe("open");
  });

  test("is not worth a word where there was none", async () => {
    await settleAlert(services());

    expect(board.issues.size).toBe(0);
    expect(log.lines).toEqual([]);
  });
});

describe.each([
  ["raising", () => raiseAlert(DEAD, services())],
  ["settling", () => settleAlert(services())],
])("%s an alert", (_what, act) => {
  test.each([401, 403, 404])(
    "that GitHub refuses with %d fails no job, and names the permission",
    async (status) => {
      board.trouble = new GitHubError("no", { status });

      await act();

      expect(log.lines).toEqual([expect.stringMatching(/`issues: write`.*`permissions:`/)]);
    },
  );

  test.each([
    ["no answer", { status: null }],
    ["a server's error", { status: 502 }],
    ["too many requests", { status: 429 }],
    ["too many requests, in GitHub's other words", { status: 403, retryAfterMs: 60_000 }],
    ["issues that are switched off", { status: 410 }],
  ])("that meets %s fails no job, and blames no permission", async (_what, answer) => {
    board.trouble = new GitHubError("no", answer);

    await act();

    expect(log.lines).toEqual(["The alert issue could not be written just now."]);
  });

  test("does not hide a bug", async () => {
    board.trouble = new TypeError("a bug");

    await expect(act()).rejects.toThrow("a bug");
  });
});
