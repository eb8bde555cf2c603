import { describe, expect, test } from "@jest/globals";
import { BROKEN_PROMISES, breakPromise } from "../../simulation/years/promises.ts";
import { isOnTheList } from "../../simulation/years/report.ts";

/** A year is enough to see these break; `npm run survival -- --check` breaks them all, for longer. */
const SOON = ["nothing is rotated without proof", "the handoff has", "the secret has"];

describe.each(BROKEN_PROMISES.filter(({ promise }) => SOON.some((words) => promise.startsWith(words))))(
  "the promise that $promise",
  (promise) => {
    test("is kept by the code as it is, and is what keeps logins alive", async () => {
      const { kept, broken } = await breakPromise(promise, 1);

      expect(kept.filter(({ grave }) => !isOnTheList(grave)).map(({ story }) => story)).toEqual([]);
      expect(broken.length).toBeGreaterThan(kept.length);
    });
  },
);
