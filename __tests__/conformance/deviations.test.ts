import { expect, test } from "@jest/globals";
import { CHECKS } from "../../conformance/checks/all.ts";
import { unaskedChecks } from "../../conformance/checks/unasked.ts";
import { askLab, check } from "./ask.ts";
import { DEVIATIONS } from "./deviations.ts";

test("for each fact that is asked, the lab can be made to contradict it", () => {
  const unasked = unaskedChecks.map(({ number }) => number);

  const asked = CHECKS.map(({ number }) => number).filter((number) => !unasked.includes(number));

  expect(Object.keys(DEVIATIONS).sort()).toEqual(asked.sort());
});

const byRequests = Object.entries(DEVIATIONS).filter(([number]) => check(number).by === "requests");

test.each(byRequests)("%s is refuted where the lab contradicts it", async (number, deviation) => {
  const { rows } = await askLab([check(number)], deviation);

  expect(rows).toMatchObject([{ number, answer: "refuted" }]);
});
