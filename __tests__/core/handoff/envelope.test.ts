import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sodiumAead } from "../../../src/adapters/sodium/aead.ts";
import {
  type Aead,
  MAXIMUM_ENVELOPE_BYTES,
  openEnvelope,
  sealEnvelope,
} from "../../../src/core/handoff/envelope.ts";

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const nonce = Uint8Array.from({ length: 24 }, (_, index) => 100 + index);
const HEADER = "codex-auth-roundtrip envelope v1 note\n";
/** "Grüße" under that key and nonce. */
const FROZEN = [
  Buffer.from(HEADER).toString("hex"),
  "6465666768696a6b6c6d6e6f707172737475767778797a7b",
  "3b013a0c3cb1ec",
  "238e18f996d1dee53d1885d6d6010580",
].join("");

let aead: Aead;
beforeAll(async () => {
  aead = await sodiumAead();
});

const seal = (text: string, label: "note" | "ledger" = "note"): Uint8Array =>
  sealEnvelope(aead, { key, nonce, label, text });
const open = (envelope: Uint8Array, label: "note" | "ledger" = "note"): string | null =>
  openEnvelope(aead, { key, label, envelope });

describe("an envelope", () => {
  test("of today is an envelope of tomorrow", () => {
    expect(Buffer.from(seal("Grüße")).toString("hex")).toBe(FROZEN);
    expect(open(Buffer.from(FROZEN, "hex"))).toBe("Grüße");
  });

  test("gives back every text that was put in", () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const label = fc.constantFrom("note" as const, "ledger" as const);

    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), bytes(32), bytes(24), label, (text, key, nonce, label) => {
        const envelope = sealEnvelope(aead, { key, nonce, label, text });
        expect(openEnvelope(aead, { key, label, envelope })).toBe(text);
      }),
    );
  });

  test("shows nothing of its text but the length", () => {
    const envelope = Buffer.from(seal("CANARY CANARY"));

    expect(envelope.toString("latin1")).not.toContain("CANARY");
    expect(envelope.length).toBe(HEADER.length + 24 + 13 + 16);
  });

  test("does not open when any single bit of it is another", () => {
    const envelope = seal("CANARY");

    const opened = Array.from({ length: envelope.length * 8 }, (_, bit) => {
      const altered = Uint8Array.from(envelope);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return open(altered);
    });

    expect(opened).toHaveLength(envelope.length * 8);
    expect(opened.filter((text) => text !== null)).toEqual([]);
  });

  test("does not open cut, wherever it is cut, or with anything behind it", () => {
    const envelope = seal("CANARY");

    const pieces = Array.from({ length: envelope.length }, (_, end) => envelope.subarray(0, end));
    const tails = pieces.map((_, start) => envelope.subarray(start + 1));

    expect([...pieces, ...tails].map((piece) => open(piece)).filter((text) => text !== null)).toEqual([]);
    expect(open(Buffer.concat([envelope, Buffer.from("\0")]))).toBeNull();
  });

  test("does not stand in for one of the other label", () => {
    expect(open(seal("CANARY", "ledger"), "note")).toBeNull();
    expect(open(seal("CANARY", "note"), "ledger")).toBeNull();
  });

  test("does not open under another label that was written over its own", () => {
    const forged = Buffer.concat([Buffer.from(HEADER), seal("CANARY", "ledger").subarray(HEADER.length + 2)]);

    expect(open(forged, "note")).toBeNull();
  });

  test("does not open for another key", () => {
    const envelope = seal("CANARY");

    expect(openEnvelope(aead, { key: new Uint8Array(32), label: "note", envelope })).toBeNull();
  });

  test("does not open from another version, or from anything else", () => {
    const text = (words: string) => open(Buffer.from(words));

    expect(open(Buffer.from(FROZEN.replace("7631", "7632"), "hex"))).toBeNull();
    expect([text(""), text(HEADER), text("{}"), text(HEADER + "x".repeat(100))]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test("is as large as its limit and no larger", () => {
    const overhead = HEADER.length + 24 + 16;
    const largest = "x".repeat(MAXIMUM_ENVELOPE_BYTES - overhead);
    // One that somebody else's key-holder made without our limit.
    const { seal: raw } = aead;
    const associated = Buffer.from(HEADER);
    const oversize = Buffer.concat([
      associated,
      nonce,
      raw({ key, nonce, plaintext: Buffer.from(`${largest}x`), associated }),
    ]);

    expect(open(seal(largest))).toBe(largest);
    expect(() => seal(`${largest}x`)).toThrow(new RangeError("The envelope is too large."));
    expect(open(oversize)).toBeNull();
  });

  test("of a ledger has room for two logins, and no more", () => {
    const largest = "x".repeat(160 * 1024 - "codex-auth-roundtrip envelope v1 ledger\n".length - 24 - 16);

    expect(open(seal(largest, "ledger"), "ledger")).toBe(largest);
    expect(() => seal(`${largest}x`, "ledger")).toThrow(RangeError);
  });

  test("that has no room for a nonce and a tag is not tried", () => {
    const tried: number[] = [];
    const counting: Aead = {
      ...aead,
      open: ({ sealed }) => {
        tried.push(sealed.length);
        return null;
      },
    };

    for (let length = 0; length <= 24 + 16; length++)
      openEnvelope(counting, {
        key,
        label: "note",
        envelope: Buffer.concat([Buffer.from(HEADER), new Uint8Array(length)]),
      });

    expect(tried).toEqual([16]);
  });

  test.each([0, 12, 23, 25])("is not made with a nonce of %d bytes", (length) => {
    expect(() => sealEnvelope(aead, { key, nonce: new Uint8Array(length), label: "note", text: "" })).toThrow(
      new RangeError("A nonce has 24 bytes."),
    );
  });
});
