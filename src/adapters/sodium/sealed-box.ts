import sodium from "libsodium-wrappers";
import type { SealedBox } from "../../ports/action.ts";

/** libsodium's `crypto_box_seal`, which GitHub's secrets are sent in. */
export const sodiumSealedBox: SealedBox = {
  seal: async (content, { id, key }) => {
    await sodium.ready;
    const sealed = sodium.crypto_box_seal(Buffer.from(content.reveal(), "utf8"), key);
    return { keyId: id, encryptedValue: Buffer.from(sealed).toString("base64") };
  },
};
