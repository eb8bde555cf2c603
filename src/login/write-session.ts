import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import { explainSecretError } from "../core/failure/secret-error.ts";
import type { WriteSession } from "../ports/action.ts";
import { type ClaimServices, Claims, type Insistence } from "./claims.ts";
import { insist } from "./retry.ts";
import type { Services } from "./services.ts";

/** The services with the write token opened: the secret, and the claims beside it. */
export interface OpenServices extends Services {
  readonly session: WriteSession;
  readonly claims: Claims;
}

const OPEN_WITHIN_MS = 15_000;

/** @returns why the write token cannot be opened, as a failure */
export async function openSession(
  { writeCredential, clock, log, place }: Pick<Services, "writeCredential" | "clock" | "log" | "place">,
  { workedEarlier }: { workedEarlier: boolean },
): Promise<WriteSession | Failure> {
  if (writeCredential === null) return noWriteToken();
  try {
    return await insist({ clock, log }, { withinMs: OPEN_WITHIN_MS }, () => writeCredential.open());
  } catch (error) {
    if (error instanceof Failure) return error;
    if (!(error instanceof GitHubError)) throw error;
    return explainSecretError(error, { place, credential: writeCredential.kind, workedEarlier });
  }
}

/** @param insistence whether a claim of a run that GitHub tells nothing of is taken over */
export function withSession<Given extends ClaimServices>(
  services: Given,
  session: WriteSession,
  insistence: Insistence,
): Given & Pick<OpenServices, "session" | "claims"> {
  return { ...services, session, claims: new Claims(services, session, insistence) };
}

/** GitHub's time; the machine's where GitHub does not tell. */
export function timeOf({ session, clock }: Pick<OpenServices, "session" | "clock">): Promise<Date> {
  return session.serverClock.now().catch(() => clock.now());
}

/** For a phase that was given no write token. */
export function noWriteToken(): Failure {
  return new Failure(
    "write-token-missing",
    "The refreshed login cannot be written: this phase has no write token.",
    "Inside nested composite actions GitHub gives post no inputs: use this action directly in the job's steps.",
  );
}
