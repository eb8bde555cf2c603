import type { SeenClaim } from "../../core/claim/claim.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { OpenServices } from "../write-session.ts";

/** Tells whether another job has begun to replace a login. */
export interface ClaimWatch {
  /** Asks GitHub. @throws {GitHubError} */
  isUnclaimed(): Promise<boolean>;
}

export function watchClaim({ claims }: Pick<OpenServices, "claims">, login: AuthJson): ClaimWatch {
  const name = claims.nameOf(login);
  let first: { readonly seen: SeenClaim | null } | null = null;
  return {
    isUnclaimed: async () => {
      const seen = await claims.read(name);
      first ??= { seen };
      if (isAtWork(seen)) return false;
      // A claim in doubt from an earlier job may stand there. A new one is a new job.
      return seen?.claim?.holder === first.seen?.claim?.holder;
    },
  };
}

/** A claim whose holder has given it up is in doubt, and the secret still holds the login. */
function isAtWork(seen: SeenClaim | null): boolean {
  return seen !== null && (seen.claim?.state !== "open" || !seen.claim.released);
}
