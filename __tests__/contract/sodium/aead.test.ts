import { describe, expect, test } from "@jest/globals";
import sodium from "libsodium-wrappers";
import { systemRandomness } from "../../../src/adapters/machine/randomness.ts";
import { envelopeCipher, sodiumAead } from "../../../src/adapters/sodium/aead.ts";
import { sodiumSealedBox } from "../../../src/adapters/sodium/sealed-box.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import { generation } from "../../core/login/documents.ts";

const place = {
  owner: "octo",
  repository: "app",
  repositoryId: "7",
  environment: null,
  secretName: "CODEX_AUTH_JSON",
};
const hex = (text: string): Buffer => Buffer.from(text, "hex");

describe("XChaCha20-Poly1305", () => {
  // draft-irtf-cfrg-xchacha-03, A.3.1
  const vector = {
    key: hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"),
    nonce: hex("404142434445464748494a4b4c4d4e4f5051525354555657"),
    associated: hex("50515253c0c1c2c3c4c5c6c7"),
    plaintext: Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ),
  };
  const sealed = hex(
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39" +
      "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9" +
      "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
  );

  test("is the one of the stored vector", async () => {
    const aead = await sodiumAead();

    expect(Buffer.from(aead.seal(vector))).toEqual(sealed);
    expect(Buffer.from(aead.open({ ...vector, sealed }) ?? [])).toEqual(vector.plaintext);
  });

  test("opens nothing under other associated data", async () => {
    const aead = await sodiumAead();

    expect(aead.open({ ...vector, sealed, associated: Buffer.from("other") })).toBeNull();
  });
});

describe("an envelope for a holder", () => {
  const cipher = envelopeCipher(place, systemRandomness);

  test("opens for the same document, in whatever encoding it was handed", async () => {
    const envelope = await cipher.seal(generation(0), "note", "CANARY");

    expect(await cipher.open(generation(0), "note", envelope)).toBe("CANARY");
    expect(Buffer.from(envelope).toString("latin1")).not.toContain("CANARY");
  });

  test("opens for no other document, label or place", async () => {
    const envelope = await cipher.seal(generation(0), "note", "CANARY");
    const elsewhere = envelopeCipher({ ...place, repositoryId: "8" }, systemRandomness);

    expect(await cipher.open(generation(1), "note", envelope)).toBeNull();
    expect(await cipher.open(generation(0), "ledger", envelope)).toBeNull();
    expect(await elsewhere.open(generation(0), "note", envelope)).toBeNull();
  });

  test("is never the same twice", async () => {
    const [first, second] = [
      await cipher.seal(generation(0), "note", "x"),
      await cipher.seal(generation(0), "note", "x"),
    ];

    expect(Buffer.from(first).equals(second)).toBe(false);
  });
});

describe("a sealed box", () => {
  test("opens with the key pair of the store and says which it was sealed to", async () => {
    await sodium.ready;
    const { publicKey, privateKey } = sodium.crypto_box_keypair();

    const sealed = await sodiumSealedBox.seal(new Secret("CANARY ✓"), { id: "1234", key: publicKey });

    expect(sealed.keyId).toBe("1234");
    const opened = sodium.crypto_box_seal_open(
      Buffer.from(sealed.encryptedValue, "base64"),
      publicKey,
      privateKey,
    );
    expect(Buffer.from(opened).toString("utf8")).toBe("CANARY ✓");
  });
});
