import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

test("the README says of the chart what the chart shows", () => {
  const shown = readFileSync("docs/logins-alive.svg", "utf8").match(
    /alive after a year: (.+)\.<\/desc>/,
  )?.[1];
  const told = readFileSync("README.md", "utf8").match(/logins-alive\.svg".* alt="([^"]+)"/)?.[1];

  const shares = (text = "", order: RegExp) => text.match(order) ?? [];
  expect(shares(told, /\d+ %/g).sort()).toEqual(shares(shown, /\d+ %/g).sort());
  expect(shown).toMatch(/^this action \d+ %/);
  expect(told).toContain(`with this action ${shown?.match(/\d+ %/)?.[0]}`);
});
