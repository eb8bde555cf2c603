import type { SecretLocation } from "../../core/github/secret-location.ts";
import type { SecretStore } from "../../ports/secrets.ts";
import { dateOf, orNull, publicKeyOf } from "./answers.ts";
import type { GitHubClient } from "./client.ts";
import { scopeOf } from "./scope.ts";

/** The secrets of a repository, or of one of its environments. */
export function githubSecretStore(client: GitHubClient, place: SecretLocation): SecretStore {
  const { routes, scope } = scopeOf(place);
  return {
    metadata: async (name) => {
      const found = await orNull(() =>
        client.ask(`GET ${routes}/secrets/{secret_name}`, { ...scope, secret_name: name }),
      );
      if (found === null) {
        client.log.debug(`The secret ${name} does not exist, as far as the token can see.`);
        return null;
      }
      const { created_at, updated_at } = found.data;
      const metadata = { createdAt: dateOf(created_at), updatedAt: dateOf(updated_at) };
      client.log.debug(
        `The secret ${name} was created ${metadata.createdAt.toISOString()}, last written ${metadata.updatedAt.toISOString()}.`,
      );
      return metadata;
    },
    publicKey: async () => publicKeyOf((await client.ask(`GET ${routes}/secrets/public-key`, scope)).data),
    put: async (name, { encryptedValue, keyId }) => {
      const { status } = await client.ask(`PUT ${routes}/secrets/{secret_name}`, {
        ...{ ...scope, secret_name: name },
        ...{ encrypted_value: encryptedValue, key_id: keyId },
      });
      return status === 201 ? "created" : "updated";
    },
    remove: async (name) => {
      await orNull(() =>
        client.ask(`DELETE ${routes}/secrets/{secret_name}`, { ...scope, secret_name: name }),
      );
    },
    count: async () =>
      (await client.ask(`GET ${routes}/secrets`, { ...scope, per_page: 1 })).data.total_count,
  };
}
