import { Console } from "node:console";
import { Writable } from "node:stream";
import { inspect } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { fingerprint, Secret } from "../../../src/core/login/secret.ts";

const secret = new Secret("CANARY");

describe("a secret", () => {
  test.each([
    ["turned into a string", String(secret)],
    ["in a template", `${secret}`],
    ["added to a string", `${secret}`],
    ["in JSON", JSON.stringify({ secret })],
    ["inspected", inspect(secret, { depth: 9, showHidden: true })],
    ["inspected within an object", inspect({ deep: { er: [secret] } }, { depth: 9, showHidden: true })],
    ["joined", [secret].join()],
    ["in an error", String(new Error(`about ${secret}`, { cause: secret }).cause)],
  ])("shows its fingerprint and not itself %s", (_how, shown) => {
    expect(shown).not.toContain("CANARY");
    expect(shown).toContain(`[secret ${fingerprint("CANARY")}]`);
  });

  test("is not printed by console.log of an object that holds it", () => {
    const printed: string[] = [];
    const stream = new Writable({
      write: (chunk, _encoding, done) => {
        printed.push(String(chunk));
        done();
      },
    });

    new Console(stream).log("%o %O %s %j", secret, { secret }, secret, secret, secret);

    expect(printed.join("").split(`[secret ${fingerprint("CANARY")}]`)).toHaveLength(6);
    expect(printed.join("")).not.toContain("CANARY");
  });

  test("has no field that anybody could copy", () => {
    expect({ ...secret }).toEqual({});
    expect(Object.getOwnPropertyNames(secret)).toEqual([]);
    expect(structuredClone({ ...secret })).toEqual({});
  });

  test("is revealed to whoever asks, and compared by its value", () => {
    expect(secret.reveal()).toBe("CANARY");
    expect(secret.equals(new Secret("CANARY"))).toBe(true);
    expect(secret.equals(new Secret("CANARY "))).toBe(false);
    expect([secret.isEmpty, new Secret("").isEmpty]).toEqual([false, true]);
  });

  test("has a fingerprint that is its 32-bit FNV-1a", () => {
    // Vectors of the hash's authors.
    expect([fingerprint(""), fingerprint("a"), fingerprint("foobar")]).toEqual([
      "811c9dc5",
      "e40c292c",
      "bf9cf968",
    ]);
    expect(String(new Secret("foobar"))).toBe("[secret bf9cf968]");
  });

  test("has a fingerprint of eight digits, whatever its hash begins with", () => {
    for (let index = 0; index < 100; index++) expect(fingerprint(String(index))).toMatch(/^[0-9a-f]{8}$/);
  });
});
