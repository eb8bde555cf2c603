import type { OwnClaim } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { saveCriticalSection } from "./open-section.ts";
import { makePrivateHome, type PrivateHome } from "./private-home.ts";
import type { StartedProcess } from "./refresh.ts";
import type { Section } from "./section.ts";

/** A private home at work. */
export interface HomeInUse {
  readonly place: PrivateHome;
  readonly started: StartedProcess;
  /** Whether a rotated login may be nowhere else: then the home is left for post. */
  holdsOnlyCopy: boolean;
}

/** Runs an act on a whole login in a private home that post knows of, and wipes it: here, or in post. */
export async function usePrivateHome<Result>(
  {
    files,
    randomness,
    channel,
    log,
    handoff,
    handed,
    base,
  }: Pick<Section, "files" | "randomness" | "channel" | "log" | "handoff" | "handed" | "base">,
  { login, claim }: { login: AuthJson; claim: OwnClaim },
  act: (home: HomeInUse) => Promise<Result>,
): Promise<Result> {
  const place = await makePrivateHome(files, randomness, { base, login, handed });
  const { directory } = place;
  const home: HomeInUse = {
    place,
    holdsOnlyCopy: false,
    started: async (process) => {
      saveCriticalSection(channel, { directory, process, claim });
      handoff.prepare();
    },
  };
  const wipe = async (): Promise<void> => {
    if (home.holdsOnlyCopy) return;
    await files
      .remove(directory)
      .catch(() => log.warning("A private directory of the refresh could not be removed."));
    saveCriticalSection(channel, null);
  };
  try {
    saveCriticalSection(channel, { directory, process: null, claim });
    const result = await act(home);
    await wipe();
    return result;
  } catch (error) {
    if (isExpected(error)) await wipe();
    throw error;
  }
}

/** Whether an error says what went wrong, and is no bug, after which post must look at everything. */
export function isExpected(error: unknown): boolean {
  return error instanceof Failure || error instanceof GitHubError;
}
