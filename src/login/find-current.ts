import { type Claim, isSameTime, MAXIMUM_TAKEOVERS, type SeenClaim } from "../core/claim/claim.ts";
import { Failure } from "../core/failure/failure.ts";
import { describeLocation } from "../core/github/secret-location.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import type { MissingProof, Origin, Position } from "./position.ts";
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
  const created = isMarked ? "after" : from === "known" ? "not-after" : await runCreated(services, updatedAt);
  if (created === "after")
    return { kind: "current", login, predecessor: null, updatedAt, takeover: 0, origin: null };
  // The list may be older than a claim that stands there.
  const seen = await claims.read(name);
  return seen === null ? stale(login, created) : followClaims(services, login, seen);
}

/** Goes on from a claim on the login. @throws {Failure} `secret-mismatch`, `login-shared` */
export async function followClaims(services: Finding, handed: AuthJson, first: SeenClaim): Promise<Position> {
  const { claims, log } = services;
  let login = handed;
  let predecessor: AuthJson | null = null;
  let origin: Origin | null = null;
  let seen = first;
  const known = [handed];
  for (let links = 0; links <= MAXIMUM_LINKS; ) {
    const { claim } = seen;
    if (await isBusy(services, seen)) return { kind: "busy", newest: login, seen };
    const isSpent = claim?.state === "stored" || claim?.state === "rotated";
    // Under `write` it was never presented to OpenAI: the secret may hold it already, or not yet.
    const found =
      claim?.state === "write"
        ? ({ kind: "none" } as const)
        : await successorOf(services, { login, seen, known });
    if (found.kind === "not-answered") return stale(login, "handoff-not-answered");
    if (found.kind === "none" && isSpent) return stale(login, await whyNoSuccessor(services, claim));
    // Only now: whoever took it over made a claim before there was a note.
    const taken = isSpent ? null : await claimAfter(services, seen);
    if (taken !== null) {
      seen = taken;
      continue;
    }
    if (found.kind === "none") return takeOver(services, { login, predecessor, origin, seen });
    if (found.kind === "busy") return { kind: "busy", newest: login, seen: found.seen };
    links += 1;
    const { successor } = found;
    known.push(successor);
    predecessor = login;
    login = successor;
    origin = found.origin;
    const following = await claims.read(claims.nameOf(successor));
    if (following === null) {
      log.debug(`The handoff leads to generation ${successor.generation}, which nobody has claimed.`);
      return judge(services, { login, predecessor, origin, handed });
    }
    seen = following;
  }
  return stale(login, "secret-is-newer");
}

/**
 * Asked again once the takeover is claimed: a job that only slept may have spent the login meanwhile.
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
    const { state = "open" } = seen?.claim ?? {};
    if (seen === null || state === "rotated" || state === "stored") return false;
    wasPresented ||= state === "open";
  }
  return !wasPresented || (await lookForNote(services, login)).kind === "none";
}

async function whyNoSuccessor(services: Finding, claim: Claim): Promise<MissingProof> {
  if (claim.state !== "rotated") return "secret-is-newer";
  return isSameTime(await updatedAtOf(services), claim.before) ? "successor-not-found" : "secret-is-newer";
}

/** Whether the secret holds the newest generation, is to be repaired, or holds something else. */
async function judge(
  services: Finding,
  {
    login,
    predecessor,
    origin,
    handed,
  }: { login: AuthJson; predecessor: AuthJson; origin: Origin; handed: AuthJson },
): Promise<Position> {
  const { state = "rotated", before = null, after = null } = origin.claim ?? {};
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
  {
    login,
    predecessor,
    origin,
    seen: { name, claim },
  }: { login: AuthJson; predecessor: AuthJson | null; origin: Origin | null; seen: SeenClaim },
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

function stale(newest: AuthJson, missing: "not-after" | MissingProof): Position {
  return { kind: "stale", newest, missing: missing === "not-after" ? "secret-is-newer" : missing };
}

/** The secret is as a refresh left it, and a run that began later was given an earlier login: it reads another secret. */
async function refuseMismatch(services: Finding, handed: AuthJson, updatedAt: Date): Promise<void> {
  if ((await runCreated(services, new Date(updatedAt.getTime() + LAG_MS))) !== "after") return;
  throw new Failure(
    "secret-mismatch",
    `The login in \`codex-auth-json\` (generation ${handed.generation}) is not what the ${describeLocation(services.place)} holds. Nothing was refreshed.`,
    "The step reads one secret and writes another: `secret-name` and `environment` must name the secret that `codex-auth-json` reads, and the job must name that `environment:` too.",
  );
}
