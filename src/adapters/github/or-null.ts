import { GitHubError } from "../../core/failure/github-error.ts";

/** @returns `null` where GitHub answers with one of the statuses: there is no such thing, or none that the token may see */
export async function orNull<Answer>(
  ask: () => Promise<Answer>,
  statuses: readonly number[] = [404],
): Promise<Answer | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitHubError && error.status !== null && statuses.includes(error.status)) return null;
    throw error;
  }
}
