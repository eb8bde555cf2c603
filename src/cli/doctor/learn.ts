import { GitHubError } from "../../core/failure/github-error.ts";
import type { Known } from "../../ports/doctor.ts";

/** Turns an answer that did not come into a reason. */
export async function learn<Answer>(ask: () => Promise<Answer>): Promise<Known<Answer>> {
  try {
    return { known: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    return { known: false, why: explain(error.status) };
  }
}

function explain(status: number | null): string {
  if (status === null) return "GitHub did not answer";
  if (status === 401) return "GitHub does not accept the token";
  if (status === 403 || status === 404) return "the token may not ask";
  return `GitHub answered ${status}`;
}
