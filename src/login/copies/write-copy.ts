import { type CopyDestination, isRepository } from "../../core/copies/destination.ts";
import { Failure } from "../../core/failure/failure.ts";
import { GitHubError } from "../../core/failure/github-error.ts";
import { accessCopyOf } from "../../core/login/access-copy.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import type { Audience, CopySecrets } from "../../ports/copies.ts";
import { insist } from "../retry.ts";
import type { Services } from "../services.ts";
import type { ClaimWatch } from "./claim-watch.ts";
import { missingCopy } from "./explain-copy.ts";

type WritingServices = Pick<Services, "clock" | "log" | "box" | "place">;

interface Writing {
  readonly login: AuthJson;
  readonly destination: CopyDestination;
  readonly secrets: CopySecrets;
  readonly watch: Pick<ClaimWatch, "isUnclaimed">;
}

/**
 * Writes one copy.
 *
 * @returns what went wrong; `claimed`: another job is replacing the login
 * @throws {GitHubError}
 */
export async function writeCopy(
  services: WritingServices,
  writing: Writing,
): Promise<Failure | "claimed" | null> {
  const { place } = services;
  const { destination, secrets, watch } = writing;
  const ask = <Answer>(act: () => Promise<Answer>): Promise<Answer> => insist(services, act);
  const { scope } = destination;
  if (scope.kind === "repository" && !isRepository(scope, place)) {
    const moved = refuseMoved(destination, await ask(() => secrets.repository()), place);
    if (moved !== null) return moved;
  }
  const before = await ask(() => secrets.audience(destination.name));
  if (!(await watch.isUnclaimed())) return "claimed";
  const outcome = await put(services, writing, before);
  if (outcome === "created") {
    // Somebody has deleted it since we looked: that was meant.
    await ask(() => secrets.remove(destination.name));
    return missingCopy(destination, place);
  }
  const after = before && (await ask(() => secrets.audience(destination.name)));
  return before !== null && after !== null && !isSame(before, after) ? audienceChanged(before, after) : null;
}

/** Sealed again where GitHub has replaced the key: once. */
async function put(
  { clock, log, box }: WritingServices,
  { login, destination: { name }, secrets }: Writing,
  audience: Audience | null,
): Promise<"created" | "updated"> {
  const ask = <Answer>(act: () => Promise<Answer>): Promise<Answer> => insist({ clock, log }, act);
  const attempt = async (): Promise<"created" | "updated"> => {
    const sealed = await box.seal(accessCopyOf(login), await ask(() => secrets.publicKey()));
    return ask(() => secrets.put(name, sealed, audience));
  };
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    return attempt();
  }
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
      `It is the login's own secret: ${scope.owner}/${scope.repository} is now called ${now.owner}/${now.repository}.`,
      "Remove this destination, or give the copy a name of its own.",
    );
  if (isRepository(scope, now)) return null;
  return new Failure(
    "access-copy-failed",
    `The repository is now called ${now.owner}/${now.repository}.`,
    "Write its present name in `access-copies`.",
  );
}

function isSame(one: Audience, other: Audience): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function audienceChanged(before: Audience, after: Audience): Failure {
  const count = ({ visibility, repositories }: Audience): string =>
    repositories === null ? `\`${visibility}\`` : `\`${visibility}\`, ${repositories.length} repositories`;
  return new Failure(
    "access-copy-failed",
    `Written, but afterwards GitHub shows it to others than before: ${count(before)} before, ${count(after)} now.`,
    "Check who may read this secret in the organization's settings. Somebody may have changed it at the same moment.",
  );
}
