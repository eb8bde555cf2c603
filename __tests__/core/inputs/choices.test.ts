import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { INPUT_CHOICES } from "../../../src/core/inputs/choices.ts";

const { inputs } = parse(readFileSync("action.yml", "utf8")) as {
  inputs: Record<string, { description: string; default?: string }>;
};

describe("the inputs that take only certain values", () => {
  test.each(Object.entries(INPUT_CHOICES))("have action.yml's default first: %s", (name, [first]) => {
    expect(inputs[name]?.default).toBe(first);
  });

  test.each(Object.entries(INPUT_CHOICES))(
    "are explained in action.yml, value by value: %s",
    (name, choices) => {
      for (const choice of choices)
        if (choice !== "false") expect(inputs[name]?.description).toContain(`\`${choice}\``);
    },
  );

  test("are flags wherever action.yml has one of their values as the default", () => {
    const flags = Object.keys(inputs).filter((name) => /^(true|false)$/.test(inputs[name]?.default ?? ""));

    expect(
      Object.keys(INPUT_CHOICES)
        .filter((name) => flags.includes(name))
        .sort(),
    ).toEqual(flags.sort());
  });
});
