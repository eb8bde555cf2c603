import { Claims, type HeldClaim, newHolder } from "../../src/login/claims.ts";
import { openSection, type Section, type SectionRequest } from "../../src/login/section.ts";
import type { Services } from "../../src/login/services.ts";
import type { OpenServices } from "../../src/login/write-session.ts";
import type { RefreshJobs } from "../action/refresh-jobs.ts";

/** What a job works with once it has opened its write token. */
export function openJob(jobs: RefreshJobs, instead: Partial<Services> = {}): OpenServices {
  let byte = 100;
  // No two of its claims have one holder.
  const randomness = { bytes: (count: number) => new Uint8Array(count).fill(byte++) };
  const services = { ...jobs.services(), randomness, ...instead };
  const session = jobs.store.open();
  return { ...services, session, claims: new Claims(services, session, "when-due") };
}

/** The same, in a job for which a refresh is due. */
export function openSectionOf(
  jobs: RefreshJobs,
  instead: Partial<Services> = {},
  request: Partial<SectionRequest> = {},
): Section {
  const due = { due: () => true, insistence: "when-due", claimFor: "refresh", minimumLifetimeMs: 0 } as const;
  return openSection({ ...openJob(jobs, instead), ...due, ...request });
}

/** Claims the login that the job was handed. */
export async function claimHanded({ claims, handed, randomness }: OpenServices): Promise<HeldClaim> {
  const draft = { holder: newHolder(randomness), state: "open", before: null } as const;
  const taking = await claims.take(claims.nameOf(handed), draft);
  if (taking.kind === "theirs") throw new Error("the login is claimed already");
  return taking.held;
}
