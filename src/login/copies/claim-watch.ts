import type { SeenClaim } from "../../core/claim/claim.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { Services } from "../services.ts";
import { openSession, withSession } from "../write-session.ts";

/** Tells whether another job has begun to replace a login. */
export interface ClaimWatch {
  /** Asks GitHub. @throws {GitHubError} */
  isUnclaimed(): Promise<boolean>;
  close(): Promise<void>;
}

/** @returns a failure where the write token cannot be opened */
export async function watchClaim(services: Services, login: AuthJson): Promise<ClaimWatch | Failure> {
  const session = await openSession(services, { workedEarlier: true });
  if (session instanceof Failure) return session;
  const { claims } = withSession(services, session, "when-due");
  const name = claims.nameOf(login);
  let first: { readonly seen: SeenClaim | null } | null = null;
  return {
    isUnclaimed: async () => {
      const seen = await claims.read(name);
      first ??= { seen };
      if (isAtWork(seen)) return false;
      // A claim in doubt from an earlier job may stand there. A new one is a new job.
      return (
        seen?.claim?.holder === first.seen?.claim?.holder && seen?.claim?.state === first.seen?.claim?.state
      );
    },
    close: () => session.close(),
  };
}

/** A claim whose holder has given it up is in doubt, and the secret still holds the login. */
function isAtWork(seen: SeenClaim | null): boolean {
  if (seen === null) return false;
  return seen.claim === null || seen.claim.state !== "open" || !seen.claim.released;
}
