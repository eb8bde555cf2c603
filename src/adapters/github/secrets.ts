import { GitHubError } from "../../core/failure/github-error.ts";
import { type SecretLocation, secretsPath } from "../../core/github/secret-location.ts";
import type { SecretStore } from "../../ports/action.ts";
import type { GitHubClient } from "./client.ts";

/** The secrets of a repository, or of one of its environments. */
export function githubSecretStore(client: GitHubClient, place: SecretLocation): SecretStore {
  const path = secretsPath(place);
  return {
    metadata: async (name) => {
      try {
        const { data } = await client.request(`GET ${path}/${name}`);
        const { created_at, updated_at } = demandFields(data);
        const metadata = { createdAt: dateOf(created_at), updatedAt: dateOf(updated_at) };
        client.log.debug(
          `The secret ${name} was created ${metadata.createdAt.toISOString()}, last written ${metadata.updatedAt.toISOString()}.`,
        );
        return metadata;
      } catch (error) {
        if (!(error instanceof GitHubError && error.status === 404)) throw error;
        client.log.debug(`The secret ${name} does not exist, as far as the token can see.`);
        return null;
      }
    },
    publicKey: async () => {
      const { key_id, key } = demandFields((await client.request(`GET ${path}/public-key`)).data);
      return { id: String(key_id), key: new Uint8Array(Buffer.from(String(key), "base64")) };
    },
    put: async (name, sealed) => {
      const { status } = await client.request(`PUT ${path}/${name}`, {
        encrypted_value: sealed.encryptedValue,
        key_id: sealed.keyId,
      });
      return status === 201 ? "created" : "updated";
    },
    remove: async (name) => {
      try {
        await client.request(`DELETE ${path}/${name}`);
      } catch (error) {
        if (!(error instanceof GitHubError && error.status === 404)) throw error;
      }
    },
    count: async () =>
      Number(demandFields((await client.request(`GET ${path}?per_page=1`)).data).total_count),
  };
}

function demandFields(data: unknown): Record<string, unknown> {
  if (typeof data !== "object" || data === null)
    throw new GitHubError("GitHub's answer has no fields.", { status: null });
  return data as Record<string, unknown>;
}

function dateOf(value: unknown): Date {
  const date = new Date(String(value));
  if (Number.isNaN(date.getTime())) throw new GitHubError("GitHub's answer has no date.", { status: null });
  return date;
}
