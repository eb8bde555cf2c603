import { type CopyDestination, isRepository } from "../../core/copies/destination.ts";
import type { CopyResult } from "../../core/copies/result.ts";
import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { accessCopyOf } from "../../core/login/access-copy.ts";
import { foreign } from "../../core/text/escape.ts";
import type { Audience, CopyReach, CopySecrets } from "../../ports/copies.ts";
import { insist } from "../retry.ts";
import type { Services } from "../services.ts";
import type { ClaimWatch } from "./claim-watch.ts";
import { missingCopy } from "./explain-copy.ts";
import { type Copying, look } from "./look.ts";

type WritingServices = Pick<Services, "clock" | "log" | "box" | "place">;

interface Writing extends Copying {
  readonly reach: CopyReach;
  readonly watch: Pick<ClaimWatch, "isUnclaimed">;
}

/** What GitHub has taken. */
interface Put {
  readonly kind: "put";
  readonly secrets: CopySecrets;
  readonly audience: Audience | null;
  readonly outcome: "created" | "updated";
}

/**
 * Writes one copy, if it is due.
 *
 * @returns `left`: another job is replacing the login
 * @throws {Failure} `app-…`; @throws {GitHubError}
 */
export async function writeCopy(services: WritingServices, writing: Writing): Promise<CopyResult> {
  const { place } = services;
  const { destination } = writing;
  const put = await sealedOnceAgain(() => insist(services, () => attempt(services, writing)));
  if (put.kind !== "put") return put;
  const { secrets, audience, outcome } = put;
  if (outcome === "created") {
    // Somebody has deleted it since we looked: that was meant.
    await insist(services, () => secrets.remove(destination.name));
    return { kind: "failed", destination, failure: missingCopy(destination, place) };
  }
  const after = audience && (await insist(services, () => secrets.audience(destination.name)));
  return audience !== null && after !== null && !isSame(audience, after)
    ? { kind: "failed", destination, failure: audienceChanged(audience, after) }
    : { kind: "written", destination };
}

/** GitHub may have replaced the key. */
async function sealedOnceAgain<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    return act();
  }
}

/** Everything is asked each time: while a rate limit is waited for, others go on. Nothing is waited for in between. */
async function attempt(
  services: WritingServices,
  { reach, watch, ...copying }: Writing,
): Promise<CopyResult | Put> {
  const { box, place } = services;
  const { login, destination } = copying;
  const { scope, name } = destination;
  const secrets = await reach.secretsOf(scope);
  const looked = await look(secrets, copying, services);
  if (looked !== null) return looked;
  if (scope.kind === "repository" && !isRepository(scope, place)) {
    const failure = refuseMoved(destination, await secrets.repository(), place);
    if (failure !== null) return { kind: "failed", destination, failure };
  }
  const sealed = await box.seal(accessCopyOf(login), await secrets.publicKey());
  if (!(await watch.isUnclaimed())) return { kind: "left", destination };
  // The last question: whoever has been taken out of the audience must not come back.
  const audience = await secrets.audience(name);
  return { kind: "put", secrets, audience, outcome: await secrets.put(name, sealed, audience) };
}

/**
 * A repository that has been renamed or transferred answers under its old name, too, and may be somebody else's by now, or
 * the login's own.
 */
function refuseMoved(
  { scope, name }: CopyDestination,
  now: Awaited<ReturnType<CopySecrets["repository"]>>,
  place: WritingServices["place"],
): Failure | null {
  if (scope.kind === "organization" || now === null) return null;
  if (now.id === place.repositoryId && name.toUpperCase() === place.secretName.toUpperCase())
    return new Failure(
      "access-copy-failed",
      `It is the login's own secret: ${scope.owner}/${scope.repository} is now called ${foreign(`${now.owner}/${now.repository}`)}.`,
      "Remove this destination, or give the copy a name of its own.",
    );
  if (isRepository(scope, now)) return null;
  return new Failure(
    "access-copy-failed",
    `The repository is now called ${foreign(`${now.owner}/${now.repository}`)}.`,
    "Write its present name in `access-copies`.",
  );
}

function isSame(one: Audience, other: Audience): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function audienceChanged(before: Audience, after: Audience): Failure {
  const count = ({ visibility, repositories }: Audience): string =>
    repositories === null
      ? foreign(visibility)
      : `${foreign(visibility)}, ${repositories.length} repositories`;
  return new Failure(
    "access-copy-failed",
    `Written, but afterwards GitHub shows it to others than before: ${count(before)} before, ${count(after)} now.`,
    "Check who may read this secret in the organization's settings. Somebody may have changed it at the same moment.",
  );
}
