import { type Claim, isSpent, type SeenClaim } from "../core/claim/claim.ts";
import { Failure } from "../core/failure/failure.ts";
import { describeLocation, type SecretLocation } from "../core/github/secret-location.ts";
import type { Lookup } from "../core/handoff/note.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { poll } from "./retry.ts";
import type { OpenServices } from "./write-session.ts";

const LOOK_WITHIN_MS = 15_000;
const PAUSE_MS = 4_000;
/** So many rotations may lie between what a queued run was given and what its note leads to. */
const MAXIMUM_CLAIMS = 200;

export type Successor =
  | { readonly kind: "found"; readonly successor: AuthJson; readonly origin: SeenClaim }
  /** Somebody is at work on the way there. */
  | { readonly kind: "busy"; readonly seen: SeenClaim }
  /** The handoff answers that there is none. */
  | { readonly kind: "none" }
  | { readonly kind: "not-answered" };

/**
 * The generation after this one, from the handoff, or a later one: notes are also filed under what their job was given.
 *
 * @param known which generations lead here
 * @throws {Failure} `login-shared`
 */
export async function successorOf(
  services: Pick<OpenServices, "claims" | "handoff" | "clock" | "place">,
  { login, seen, known }: { login: AuthJson; seen: SeenClaim; known: readonly AuthJson[] },
): Promise<Successor> {
  const { claims } = services;
  const lookup = await lookForNote(services, login);
  if (lookup.kind !== "note") return lookup;
  const { login: successor } = lookup.note;
  if (known.some((earlier) => earlier.refreshToken.equals(successor.refreshToken)))
    return { kind: "not-answered" };
  // A note that the claims do not lead to was put there by somebody else.
  const target = claims.nameOf(successor);
  let origin = seen;
  for (let links = 0; origin.claim?.next && origin.claim.next !== target; links++) {
    const next = await claims.read(origin.claim.next);
    if (next === null || links === MAXIMUM_CLAIMS) return { kind: "not-answered" };
    for (let taken: SeenClaim | null = next; taken !== null; ) {
      origin = taken;
      if (await isBusy(services, taken)) return { kind: "busy", seen: taken };
      taken = isSpent(taken.claim) ? null : await claimAfter(services, taken);
    }
  }
  return { kind: "found", successor, origin };
}

/** Whether somebody may still act under a claim. @throws {Failure} `login-shared` */
export async function isBusy(
  { claims, place }: Pick<OpenServices, "claims" | "place">,
  seen: SeenClaim,
): Promise<boolean> {
  if (seen.claim !== null) refuseOtherSecret(seen.claim, place);
  return seen.claim?.state !== "stored" && !(await claims.isGone(seen));
}

/** The claim of who took over this one, which is in doubt; after the ninth there is none. */
export async function claimAfter(
  { claims }: Pick<OpenServices, "claims">,
  { name }: SeenClaim,
): Promise<SeenClaim | null> {
  return claims.read(`${name.replace(/_R\d$/, "")}_R${takeoverOf(name) + 1}`);
}

/** Which attempt to take over a claim in doubt bears this name. */
export function takeoverOf(name: string): number {
  return Number(/_R([1-9])$/.exec(name)?.[1] ?? 0);
}

/** What may be asked twice is: a moment's silence is no reason to stop. */
export async function lookForNote(
  { handoff, clock }: Pick<OpenServices, "handoff" | "clock">,
  login: AuthJson,
): Promise<Lookup> {
  return poll(
    clock,
    { withinMs: LOOK_WITHIN_MS, everyMs: PAUSE_MS },
    () => handoff.look(login),
    ({ kind }) => kind !== "not-answered",
  );
}

/** A login whose generations are claimed for another secret is kept twice: each refresh would end the other copy. */
function refuseOtherSecret({ secret }: Claim, place: SecretLocation): void {
  if (secret.toUpperCase() === place.secretName.toUpperCase()) return;
  throw new Failure(
    "login-shared",
    `This login is also kept in the secret ${secret} beside the ${describeLocation(place)}. Nothing was refreshed.`,
    "Give each secret a login of its own: log in again, and seed one of the two.",
  );
}
