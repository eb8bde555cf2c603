import sodium from "libsodium-wrappers";
import { GitHubError } from "../../core/failure/github-error.ts";
import type { SealedBox } from "../../ports/secrets.ts";

/** libsodium's `crypto_box_seal`, which GitHub's secrets are sent in. */
export const sodiumSealedBox: SealedBox = {
  seal: async (content, { id, key }) => {
    await sodium.ready;
    try {
      const sealed = sodium.crypto_box_seal(Buffer.from(content.reveal(), "utf8"), key);
      return { keyId: id, encryptedValue: Buffer.from(sealed).toString("base64") };
    } catch {
      // Not 32 bytes, or a point for which anybody could open the box.
      throw new GitHubError("GitHub's API names a public key that is none.", { status: null });
    }
  },
};
