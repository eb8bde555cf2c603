import { GitHubError } from "../../core/failure/github-error.ts";
import type { PublicKey } from "../../ports/secrets.ts";

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

/** A list that GitHub answers page by page, to its end or to the limit. @param enough ends it earlier */
export async function pages<Item>(
  { perPage, maximum }: { perPage: number; maximum: number },
  ask: (page: { per_page: number; page: number }) => Promise<readonly Item[]>,
  enough: (item: Item) => boolean = () => false,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  for (let page = 1; page <= maximum; page++) {
    const items = await ask({ per_page: perPage, page });
    found.push(...items);
    if (items.length < perPage || items.some(enough)) break;
  }
  return found;
}

/** A time of GitHub's, by which we judge who may write. @throws {GitHubError} for what is none, whatever sent it */
export function dateOf(value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) throw new GitHubError("GitHub's answer has no date.", { status: null });
  return date;
}

/** The key of a scope. What cannot be read as one seals nothing. */
export function publicKeyOf({ key_id: id, key }: { key_id: string; key: string }): PublicKey {
  return { id, key: new Uint8Array(Buffer.from(String(key), "base64")) };
}
