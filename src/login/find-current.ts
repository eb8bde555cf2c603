import { type Claim, isSameTime, isSpent, MAXIMUM_TAKEOVERS, type SeenClaim } from "../core/claim/claim.ts";
import { Failure } from "../core/failure/failure.ts";
import { describeLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { CurrentPosition, MissingProof, Position, UnstoredPosition } from "./position.ts";
import { runCreated, updatedAtOf, updatedAtUnlessOutdated } from "./secret-time.ts";
import { claimAfter, isBusy, lookForNote, successorOf, takeoverOf } from "./successor.ts";
import type { OpenServices } from "./write-session.ts";

const MAXIMUM_LINKS = 20;
/** A run that was created so long after a write has seen it: nobody has observed secrets to lag by as much. */
const LAG_MS = 60_000;

type Finding = Pick<
  OpenServices,
  "session" | "claims" | "handoff" | "runInformation" | "clock" | "log" | "place" | "claimant"
>;

/** How far the claims have led. */
type Reached = Pick<CurrentPosition, "login" | "predecessor" | "origin">;

/**
 * Finds the newest generation from one that a run was given. See docs/design.md, "Which generation is current".
 *
 * @param start.updatedAt of the secret
 * @param start.from `handed`: read from the secret; `known`: an earlier step of this job has put it there
 * @throws {Failure} `secret-mismatch`, `login-shared`
 * @throws {GitHubError}
 */
export async function findCurrent(
  services: Finding,
  login: AuthJson,
  { updatedAt, from }: { updatedAt: Date; from: "handed" | "known" },
): Promise<Position> {
  const { claims } = services;
  const name = claims.nameOf(login);
  const all = await claims.list();
  const own = all.find((seen) => seen.name === name) ?? null;
  if (own !== null) return followClaims(services, login, own);
  const isMarked = all.some(({ claim }) => claim?.next === name && isSameTime(claim.after, updatedAt));
  const created = isMarked
    ? "after"
    : from === "known"
      ? "secret-is-newer"
      : await runCreated(services, updatedAt);
  if (created === "after")
    return { kind: "current", login, predecessor: null, updatedAt, takeover: 0, origin: null };
  // The list may be older than a claim that stands there.
  const seen = await claims.read(name);
  return seen === null ? stale(login, created) : followClaims(services, login, seen);
}

/** Goes on from a claim on the login. @throws {Failure} `secret-mismatch`, `login-shared` */
export async function followClaims(services: Finding, handed: AuthJson, first: SeenClaim): Promise<Position> {
  const { claims, log } = services;
  let reached: Reached = { login: handed, predecessor: null, origin: null };
  let seen = first;
  const known = [handed];
  for (let links = 0; links <= MAXIMUM_LINKS; ) {
    const { login } = reached;
    const { claim } = seen;
    if (await isBusy(services, seen)) return { kind: "busy", newest: login, seen };
    // Under `write` it was never presented to OpenAI: the secret may hold it already, or not yet.
    const found =
      claim?.state === "write"
        ? ({ kind: "none" } as const)
        : await successorOf(services, { login, seen, known });
    if (found.kind === "not-answered") return stale(login, "handoff-not-answered");
    if (found.kind === "none" && isSpent(claim)) return stale(login, await whyNoSuccessor(services, claim));
    // Only now: whoever took it over made a claim before there was a note.
    const taken = isSpent(claim) ? null : await claimAfter(services, seen);
    if (taken !== null) {
      seen = taken;
      continue;
    }
    if (found.kind === "none") return takeOver(services, reached, seen);
    if (found.kind === "busy") return { kind: "busy", newest: login, seen: found.seen };
    links += 1;
    const { successor, origin } = found;
    known.push(successor);
    reached = { login: successor, predecessor: login, origin };
    const following = await claims.read(claims.nameOf(successor));
    if (following === null) {
      log.debug(`The handoff leads to login ${successor.generation}, which nobody has claimed.`);
      return judge(services, handed, { login: successor, predecessor: login, origin });
    }
    seen = following;
  }
  return stale(reached.login, "secret-is-newer");
}

/**
 * Asked again once the takeover is claimed: a job that only slept may have spent the login meanwhile. The first claim
 * takes nothing over: nobody is asked then.
 *
 * @param of.takeover whose claim is ours
 * @throws {GitHubError}
 */
export async function isStillInDoubt(
  services: Finding,
  { login, takeover }: { login: AuthJson; takeover: number },
): Promise<boolean> {
  const { claims } = services;
  let wasPresented = false;
  for (let earlier = 0; earlier < takeover; earlier++) {
    const seen = await claims.read(claims.nameOf(login, earlier));
    if (seen === null || isSpent(seen.claim)) return false;
    wasPresented ||= seen.claim?.state !== "write";
  }
  return !wasPresented || (await lookForNote(services, login)).kind === "none";
}

async function whyNoSuccessor(services: Finding, claim: Claim | null): Promise<MissingProof> {
  if (claim?.state !== "rotated") return "secret-is-newer";
  return isSameTime(await updatedAtOf(services), claim.before) ? "successor-not-found" : "secret-is-newer";
}

/** Whether the secret holds the newest generation, is to be repaired, or holds something else. */
async function judge(
  services: Finding,
  handed: AuthJson,
  { login, predecessor, origin }: Pick<UnstoredPosition, "login" | "predecessor" | "origin">,
): Promise<Position> {
  const { state, before = null, after = null } = origin.claim ?? {};
  const updatedAt = await updatedAtUnlessOutdated(services, (at) => after === null || isSameTime(at, after));
  const found = { login, predecessor, updatedAt, takeover: 0, origin };
  if (isSameTime(updatedAt, after)) {
    await refuseMismatch(services, handed, updatedAt);
    return { kind: "current", ...found };
  }
  const isUnwritten = state !== "stored" && isSameTime(updatedAt, before);
  const created = isUnwritten ? "after" : await runCreated(services, updatedAt);
  return created === "after" ? { kind: "to-repair", ...found } : stale(login, created);
}

/** In doubt, or never presented: who takes the claim over may go on where its holder stopped. */
async function takeOver(
  services: Finding,
  { login, predecessor, origin }: Reached,
  { name, claim }: SeenClaim,
): Promise<Position> {
  const takeover = takeoverOf(name);
  if (takeover === MAXIMUM_TAKEOVERS) return stale(login, "in-doubt");
  if (claim?.state === "open" && claim.ref !== "default" && claim.ref !== services.claimant.ref)
    return stale(login, "handoff-not-answered");
  const before = claim?.before ?? null;
  const updatedAt = await updatedAtUnlessOutdated(services, (at) => isSameTime(at, before));
  if (!isSameTime(updatedAt, before) && !isSameTime(updatedAt, origin?.claim?.after ?? null)) {
    const created = await runCreated(services, updatedAt);
    if (created !== "after") return stale(login, created);
  }
  const found = { login, updatedAt, takeover: takeover + 1 };
  const isUnwritten = claim?.state === "write" && isSameTime(updatedAt, before);
  if (isUnwritten && predecessor !== null && origin !== null && origin.claim?.state !== "stored")
    return { kind: "to-repair", predecessor, origin, ...found };
  return { kind: "current", predecessor, origin, ...found };
}

function stale(newest: AuthJson, missing: MissingProof): Position {
  return { kind: "stale", newest, missing };
}

/** The secret is as a refresh left it, and a run that began later was given an earlier login: it reads another secret. */
async function refuseMismatch(services: Finding, handed: AuthJson, updatedAt: Date): Promise<void> {
  if ((await runCreated(services, new Date(updatedAt.getTime() + LAG_MS))) !== "after") return;
  throw new Failure(
    "secret-mismatch",
    `The login in \`codex-auth-json\` (fingerprint ${handed.generation}) is not what the ${describeLocation(services.place)} holds. Nothing was refreshed.`,
    "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.",
  );
}
