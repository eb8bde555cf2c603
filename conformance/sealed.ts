import sodium from "libsodium-wrappers";
import { type Answer, type Api, need } from "./api.ts";

export interface PublicKey {
  readonly key_id: string;
  readonly key: string;
}

/** @param list path of the secrets' list */
export async function publicKey(api: Api, list: string): Promise<PublicKey> {
  const { body } = need(await api.get(`${list}/public-key`), [200], "GET of the public key");
  return { key_id: String(body.key_id), key: String(body.key) };
}

/** The body of a PUT of a secret. */
export async function sealed(value: string, { key, key_id }: PublicKey): Promise<object> {
  await sodium.ready;
  const box = sodium.crypto_box_seal(
    sodium.from_string(value),
    sodium.from_base64(key, sodium.base64_variants.ORIGINAL),
  );
  return { encrypted_value: sodium.to_base64(box, sodium.base64_variants.ORIGINAL), key_id };
}

/** A public key that nobody has. */
export async function otherKey(): Promise<string> {
  await sodium.ready;
  return sodium.to_base64(sodium.crypto_box_keypair().publicKey, sodium.base64_variants.ORIGINAL);
}

/** Stores a secret, as the first request to it or a later one. */
export async function putSecret(api: Api, list: string, name: string, value: string): Promise<Answer> {
  return api.write("PUT", `${list}/${name}`, await sealed(value, await publicKey(api, list)));
}
