import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { DeadAccessTokenWatch } from "../../src/core/dead-access-token.ts";

const REPORT =
  "ERROR: Your access token could not be refreshed because your refresh token was revoked. Please log out and sign in again.\n";

describe("a watch for Codex's report of a dead access token", () => {
  test("sees it, however the output is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: REPORT.length }), { maxLength: 8 }), (cuts) => {
        const watch = new DeadAccessTokenWatch();
        const places = [0, ...cuts.sort((a, b) => a - b), REPORT.length];

        for (const [index, from] of places.entries()) watch.read(REPORT.slice(from, places[index + 1]));

        expect(watch.seen).toBe(true);
      }),
    );
  });

  test("is not misled by a job that talks of tokens", () => {
    const watch = new DeadAccessTokenWatch();

    watch.read("The access token was refreshed.\nIt could not be refreshed any faster.\n");

    expect(watch.seen).toBe(false);
  });

  test("begins anew for the next try", () => {
    const watch = new DeadAccessTokenWatch();
    watch.read(REPORT);

    watch.reset();
    watch.read("refreshed because");

    expect(watch.seen).toBe(false);
  });
});
