import { fieldsOf } from "../../core/text/json.ts";
import { orNull } from "./answers.ts";
import type { GitHubClient } from "./client.ts";

/** @returns when an organization's secret was last written; `null` for none that the token sees. @throws {GitHubError} */
export async function organizationSecretUpdatedAt(
  client: GitHubClient,
  organization: string,
  name: string,
): Promise<Date | null> {
  const path = `/orgs/${encodeURIComponent(organization)}/actions/secrets/${encodeURIComponent(name)}`;
  const answer = await orNull(() => client.request(`GET ${path}`));
  const date = new Date(String(fieldsOf(answer?.data).updated_at));
  return Number.isNaN(date.getTime()) ? null : date;
}
