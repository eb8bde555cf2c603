import { expect, test } from "@jest/globals";
import { judgeCurrency } from "../../src/core/currency.ts";
import { NOT_LEARNT } from "../../src/core/note.ts";
import { generation } from "./documents.ts";

const U = new Date("2026-11-22T10:00:00Z");
const successor = (kind: "replaces" | "confirmed", updatedAt: Date) => ({
  newest: generation(1),
  predecessor: generation(0),
  witnesses: [{ kind, updatedAt }],
  complete: true,
});
const known = (time: string) => ({ kind: "known", at: new Date(`2026-11-22T${time}Z`) }) as const;

test.each([
  { what: "the store is as it was read", at: known("10:00:01.000"), kind: "heal" },
  { what: "it was written in the second of the read", at: known("10:00:00.999"), kind: "stale" },
  { what: "nobody knows when it was read", at: { kind: "unknown", because: "permission" }, kind: "stale" },
] as const)("a successor of what was handed heals the store where $what: $kind", ({ at, kind }) => {
  const chain = successor("replaces", NOT_LEARNT);

  expect(judgeCurrency({ chain, updatedAt: U, readTime: at })).toMatchObject({ kind });
});

test("a successor that was once stored does not heal the store by the clock", () => {
  const chain = successor("confirmed", NOT_LEARNT);

  expect(judgeCurrency({ chain, updatedAt: U, readTime: known("23:00:00.000") })).toMatchObject({
    kind: "stale",
  });
});
