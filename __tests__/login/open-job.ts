import { Claims, type HeldClaim, newHolder } from "../../src/login/claims.ts";
import type { Services } from "../../src/login/services.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import type { RefreshJobs } from "../action/refresh-jobs.ts";

/** What a job works with once it has opened its write token. */
export function openJob(jobs: RefreshJobs, instead: Partial<Services> = {}): OpenServices {
  const services = { ...jobs.services(), ...instead };
  const session = jobs.store.open();
  return { ...services, session, claims: new Claims(services, session, "when-due") };
}

/** Claims the login that the job was handed. */
export async function claimHanded({ claims, handed, randomness }: OpenServices): Promise<HeldClaim> {
  const draft = { holder: newHolder(randomness), state: "open", before: null } as const;
  const taking = await claims.take(claims.nameOf(handed), draft);
  if (taking.kind === "theirs") throw new Error("the login is claimed already");
  return taking.held;
}
