import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { DURATION_INPUTS, INPUT_CHOICES } from "../../../src/core/inputs/choices.ts";

const { inputs } = parse(readFileSync("action.yml", "utf8")) as {
  inputs: Record<string, { description: string; default?: string }>;
};

describe("the inputs that take only certain values", () => {
  test("take these, the default first", () => {
    const flag = ["false", "true"];

    expect(INPUT_CHOICES).toEqual({
      refresh: ["auto", "force", "never"],
      "when-missing": ["fail", "skip"],
      "refresh-token": ["withheld", "present"],
      sandbox: ["workspace-write", "read-only", "danger-full-access"],
      "protect-auth": ["profile", "enforced", "off"],
      "codex-apps": flag,
      handoff: ["cache", "off"],
      "concurrency-check": ["warn", "fail", "off"],
      "allow-public-repository": flag,
      "allow-bots": flag,
      "alert-issue": flag,
      "home-lifetime": ["ephemeral", "persistent"],
      reseed: flag,
      verify: ["usage", "exec", "off"],
    });
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

test("the inputs that are durations are those with a duration as the default", () => {
  const durations = Object.keys(inputs).filter((name) => /^\d+[smhd]$/.test(inputs[name]?.default ?? ""));

  expect([...DURATION_INPUTS].sort()).toEqual(durations.sort());
});
