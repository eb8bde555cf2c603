import { isSpent, MAXIMUM_TAKEOVERS } from "../../core/claim/claim.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { OpenServices } from "../write-session.ts";

/** Tells whether another job has begun to replace a login. */
export interface ClaimWatch {
  /** Asks GitHub. @throws {GitHubError} */
  isUnclaimed(): Promise<boolean>;
}

export function watchClaim({ claims }: Pick<OpenServices, "claims">, login: AuthJson): ClaimWatch {
  // Claims in doubt, of jobs that do nothing any more, are passed over for good. Whoever takes one over makes the next.
  let takeover = 0;
  return {
    isUnclaimed: async () => {
      for (; takeover <= MAXIMUM_TAKEOVERS; takeover++) {
        const seen = await claims.read(claims.nameOf(login, takeover));
        if (seen === null) return true;
        if (isSpent(seen.claim) || !(await claims.isGone(seen))) return false;
      }
      return false;
    },
  };
}
