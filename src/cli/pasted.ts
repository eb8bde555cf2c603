import { placeOptions } from "../core/login/reseed-command.ts";
import { shellQuoted } from "../core/text/shell.ts";
import type { HostDisk, Owner } from "../ports/cli.ts";

/** Commands to be pasted where they are printed: for the same home and user, or the same repository and secret. */

const OURS = "npx codex-auth-roundtrip";

/** Who pastes it, and for whom. */
export interface OnBehalf {
  /** Before the command. */
  readonly before: "" | "sudo ";
  /** The user's name, where it is not the one who pastes. */
  readonly user: string | null;
}

/**
 * @param named with `--user`: by then this process may be that user, and the shell that it was started from is not
 */
export async function onBehalfOf(
  disk: Pick<HostDisk, "self" | "nameOf">,
  owner: Owner | null,
  named?: string,
): Promise<OnBehalf> {
  if (named !== undefined) return { before: "", user: named };
  const self = disk.self();
  if (self === null || owner === null || self.uid === owner.uid) return { before: "", user: null };
  return { before: self.uid === 0 ? "" : "sudo ", user: await disk.nameOf(owner) };
}

/** `host refresh` and `host seed`, for the login of a home. */
export function onHome(command: "refresh" | "seed", home: string, { before, user }: OnBehalf): string {
  const option = user === null ? "" : ` --user ${shellQuoted(user)}`;
  return `${before}${OURS} host ${command} --home ${shellQuoted(home)}${option}`;
}

export function seedOf(
  repository: string,
  place: { environment: string | null; secretName: string },
): string {
  return `${OURS} seed ${placeOptions(repository, place)}`;
}
