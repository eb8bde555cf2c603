import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";

const FORMS = ".github/ISSUE_TEMPLATE";

test("action.yml has what GitHub's Marketplace asks for", () => {
  const action = parse(readFileSync("action.yml", "utf8"));

  expect(action.name.length).toBeLessThanOrEqual(50);
  expect(action.description.length).toBeLessThanOrEqual(125);
  expect(action.author).toBeTruthy();
  expect(action.branding).toEqual({ icon: "refresh-cw", color: "gray-dark" });
});

test.each(readdirSync(FORMS).filter((name) => name !== "config.yml"))(
  "the issue form %s asks for each thing once, and for no login",
  (name) => {
    const text = readFileSync(join(FORMS, name), "utf8");
    const { body } = parse(text) as { body: { id?: string; type: string }[] };
    const ids = body.flatMap(({ id }) => id ?? []);

    expect(new Set(ids).size).toBe(ids.length);
    expect(body.filter(({ id, type }) => type !== "markdown" && id === undefined)).toEqual([]);
    expect(text).toMatch(/never post .*auth\.json/i);
  },
);
