import { Failure } from "../core/failure/failure.ts";
import { GitHubError } from "../core/failure/github-error.ts";
import { explainSecretError } from "../core/failure/secret-error.ts";
import type { WriteSession } from "../ports/secrets.ts";
import { type ClaimServices, Claims, type Insistence } from "./claims.ts";
import { insist } from "./retry.ts";
import type { Services } from "./services.ts";

/** The services with the write token opened: the secret, and the claims beside it. */
export interface OpenServices extends Services {
  readonly session: WriteSession;
  readonly claims: Claims;
}

type Opening = Pick<Services, "writeCredential"> & ClaimServices;

/**
 * Opens the write token for one act, which is told why there is none, and closes it.
 *
 * @param insistence whether a claim of a run that GitHub tells nothing of is taken over
 */
export async function withWriteToken<Given extends Opening, Result>(
  services: Given,
  { workedEarlier, insistence }: { workedEarlier: boolean; insistence: Insistence },
  act: (open: (Given & Pick<OpenServices, "session" | "claims">) | Failure) => Promise<Result>,
): Promise<Result> {
  const session = await openSession(services, workedEarlier);
  if (session instanceof Failure) return act(session);
  try {
    return await act({ ...services, session, claims: new Claims(services, session, insistence) });
  } finally {
    await session.close();
  }
}

async function openSession(services: Opening, workedEarlier: boolean): Promise<WriteSession | Failure> {
  const { writeCredential } = services;
  if (writeCredential === null) return noWriteToken();
  try {
    return await insist(services, () => writeCredential.open());
  } catch (error) {
    if (error instanceof GitHubError) return explainRefusal(services, error, { workedEarlier });
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** What GitHub's refusal means, and what to do. @param options.workedEarlier whether the token was accepted before */
export function explainRefusal(
  { place, writeCredential }: Pick<Services, "place" | "writeCredential">,
  error: GitHubError,
  { workedEarlier }: { workedEarlier: boolean },
): Failure {
  const credential = writeCredential?.kind ?? "token";
  return explainSecretError(error, { place, credential, workedEarlier });
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
