import { expect, test } from "@jest/globals";
import { askLab, check, usesJobs } from "./ask.ts";
import { DEVIATIONS } from "./deviations.ts";

const byJobs = Object.entries(DEVIATIONS).filter(([number]) => usesJobs(check(number)));

test.each(byJobs)("%s is refuted where the lab contradicts it", async (number, deviation) => {
  const { rows } = await askLab([check(number)], deviation);

  expect(rows).toMatchObject([{ number, answer: "refuted" }]);
});
