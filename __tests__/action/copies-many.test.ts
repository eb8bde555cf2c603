import { describe, expect, test } from "@jest/globals";
import type { CopyScope } from "../../src/core/copies/destination.ts";
import type { Failure } from "../../src/core/failure/failure.ts";
import { GitHubError } from "../../src/core/failure/github-error.ts";
import { HOUR_MS, Step } from "./step.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;
const OWN: CopyScope = { kind: "repository", owner: "octo", repository: "app", environment: null };
const ACME: CopyScope = { kind: "organization", organization: "acme" };

function refusedBy(status: number, said: string, retryAfterMs: number | null = null): GitHubError {
  return new GitHubError(`GitHub's API answered ${status}: \`${said}\`.`, { status, said, retryAfterMs });
}

describe("a hundred destinations", () => {
  const names = Array.from({ length: 100 }, (_, index) => `COPY_${index}`);

  function hundred(): Step {
    const step = new Step(24 * HOUR_MS, {
      run: "",
      "access-copies": names.map((name) => `secret ${name}`).join("\n"),
    });
    for (const name of names) step.copies.create(OWN, name);
    step.clock.advance(HOUR_MS);
    return step;
  }

  const copiesOf = (step: Step): number =>
    names.filter((name) => step.copies.at(OWN, name).value.includes(step.stored.accessToken.reveal())).length;

  test("are written within five minutes, with progress that is told", async () => {
    const step = hundred();
    const beganMs = step.clock.monotonicMs();

    expect(await step.play()).toEqual({ main: "success", post: "success" });

    expect(copiesOf(step)).toBe(100);
    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(5 * MINUTE_MS);
    expect(step.said(/^Access copies: \d+ of 100 done\.$/).length).toBeGreaterThan(3);
  });

  test.each([
    ["403", refusedBy(403, "Resource not accessible by personal access token")],
    ["403 of an archived repository", refusedBy(403, "Repository was archived so is read-only.")],
    ["404", refusedBy(404, "Not Found")],
    ["429 that lasts", refusedBy(429, "You have exceeded a secondary rate limit", 60_000)],
    ["500", refusedBy(500, "Server Error")],
  ])(
    "of which one is answered %s: ninety-nine are written, it is named, and the login is safe",
    async (_, error) => {
      const step = hundred();
      step.copies.interfere = (request, __, name) => {
        if (name === "COPY_57" && request === "PUT") throw error;
      };

      const { main, post } = await step.play();

      expect(main).toMatchObject({ code: "access-copy-failed" });
      expect((main as Failure).message).toContain(`\`secret COPY_57\` was not written. ${error.message}`);
      expect(post).toBe("success");
      expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
      expect(step.copies.at(OWN, "COPY_57").value).toBe("new");
      step.copies.interfere = () => {};
      expect(copiesOf(step)).toBe(99);
    },
  );

  test("that all run into a lasting limit end within a quarter of an hour and a few minutes", async () => {
    const step = hundred();
    step.copies.interfere = (request) => {
      if (request === "PUT") throw refusedBy(429, "Slow down", 60_000);
    };
    const beganMs = step.clock.monotonicMs();

    const { main } = await step.play();

    expect(main).toMatchObject({ code: "access-copy-failed" });
    expect(step.clock.monotonicMs() - beganMs).toBeLessThan(20 * MINUTE_MS);
    expect(step.said("There was no time left for it").length).toBeGreaterThan(10);
  });
});

describe("ten weeks of maintenance twice a week", () => {
  /** Repeatable: one number after another for a seed. */
  function numbers(seed: number): () => number {
    let state = seed;
    return () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
  }

  interface Weeks {
    /** The shortest time that any copy had left at any moment. */
    readonly leastLeftMs: number;
    readonly ran: number;
    readonly missed: number;
  }

  /**
   * Monday and Thursday at 05:00, up to twenty minutes early or late. A run may be dropped, or die between the login and
   * its copies, though never two in a row.
   */
  async function live(seed: number): Promise<Weeks> {
    const next = numbers(seed);
    const step = new Step(240 * HOUR_MS, {
      ...{ run: "", refresh: "force", verify: "off" },
      "access-copies": "secret COPY\norganization acme COPY",
    });
    step.copies.create(OWN, "COPY");
    step.copies.create(ACME, "COPY", { visibility: "selected", repositories: [3, 5] });
    const monday = Date.parse("2026-11-23T05:00:00Z");
    let leastLeftMs = Number.POSITIVE_INFINITY;
    let [ran, missed, missedBefore] = [0, 0, true];
    const leftMs = (): number => {
      const ends = ([OWN, ACME] as const).map((scope) => {
        const [, payload = ""] = (step.copies.read(scope, "COPY").tokens.access_token ?? "").split(".");
        return (JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { exp: number }).exp * 1000;
      });
      return Math.min(...ends) - step.clock.rightNow().getTime();
    };
    for (let run = 0; run < 20; run++) {
      const at = monday + Math.floor(run / 2) * 7 * DAY_MS + (run % 2) * 3 * DAY_MS;
      const jitterMs = (next() - 0.5) * 40 * MINUTE_MS;
      const until = at + jitterMs - step.clock.rightNow().getTime();
      if (until > 0) step.clock.advance(until);
      // A copy only loses time between two writes: right before the next one it has the least.
      if (ran > 0) leastLeftMs = Math.min(leastLeftMs, leftMs());
      const fate = next();
      const mayMiss = !missedBefore;
      missedBefore = mayMiss && fate < 0.4;
      if (missedBefore) missed += 1;
      if (mayMiss && fate < 0.2) continue;
      step.inputs["codex-auth-json"] = step.stored.line().reveal();
      step.files.contents.clear();
      step.channel.saved.clear();
      let left = 1;
      step.copies.interfere = (request) => {
        if (missedBefore && request === "PUT" && left-- > 0) throw new Error("killed");
      };
      const { main } = await step.play();
      if (!missedBefore) expect(main).toBe("success");
      ran += 1;
    }
    expect(step.stored.refreshToken.reveal()).toBe(step.issuer.living);
    expect(step.copies.at(ACME, "COPY").audience).toEqual({ visibility: "selected", repositories: [3, 5] });
    return { leastLeftMs, ran, missed };
  }

  test("with runs dropped and killed leave no minute without a living copy", async () => {
    const all: Weeks[] = [];
    for (let seed = 1; seed <= 10; seed++) all.push(await live(seed));

    const least = Math.min(...all.map(({ leastLeftMs }) => leastLeftMs));
    expect(least).toBeGreaterThan(2 * DAY_MS);
    expect(all.reduce((sum, { missed }) => sum + missed, 0)).toBeGreaterThan(20);
  });
});
