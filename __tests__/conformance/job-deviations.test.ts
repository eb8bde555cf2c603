import { expect, test } from "@jest/globals";
import { askLab, check } from "./ask.ts";
import { DEVIATIONS } from "./deviations.ts";

const byJobs = Object.entries(DEVIATIONS).filter(([number]) => check(number).by === "jobs");

test.each(byJobs)("%s is refuted where the lab contradicts it", async (number, deviation) => {
  const { rows } = await askLab([check(number)], deviation);

  expect(rows).toMatchObject([{ number, answer: "refuted" }]);
});
