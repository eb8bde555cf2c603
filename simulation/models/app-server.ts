import type { RefreshSymptoms } from "../../src/core/codex/refusal.ts";
import type { RefreshRequest } from "../../src/ports/codex.ts";

/** Codex refreshes by itself when the access token ends within five minutes. */
export const ALMOST_OVER_MS = 5 * 60_000;

/** How a request of Codex to the issuer ended. */
export type Refresh =
  | "saved"
  /** The refresh token is dead, and what was said of that. */
  | { readonly refused: string }
  | "unavailable"
  /** Codex never said how it ended. */
  | "no-answer"
  /** The issuer's answer is lost. */
  | "not-heard"
  /** It could not write the file to its end. */
  | "spoilt";

const SYMPTOMS = {
  saved: { account: "present", stderr: "" },
  unavailable: { account: "present", stderr: "Failed to refresh token: 503 Service Unavailable" },
  "no-answer": { account: "no-answer", stderr: "" },
  "not-heard": { account: "late-error", stderr: "" },
  spoilt: { account: "error", stderr: "" },
} as const satisfies Record<Exclude<Refresh, object>, RefreshSymptoms>;

/** What an app-server shows of a refresh (docs/facts.md §1, "Failures"). */
export function symptomsOf(refresh: Refresh): RefreshSymptoms {
  return typeof refresh === "object" ? { account: "absent", stderr: refresh.refused } : SYMPTOMS[refresh];
}

/**
 * `codex app-server` on a home: an access token that is almost over is refreshed once by itself, and once more if it is
 * told to.
 */
export async function runAppServer(
  { refreshes, accessTokenEndsInMs }: Pick<RefreshRequest, "refreshes"> & { accessTokenEndsInMs: number },
  refresh: (why: RefreshRequest["refreshes"]) => Promise<Refresh>,
): Promise<RefreshSymptoms> {
  let last: Refresh = "saved";
  if (accessTokenEndsInMs <= ALMOST_OVER_MS) last = await refresh("by-itself");
  if (refreshes === "on-request" && last === "saved") last = await refresh("on-request");
  return symptomsOf(last);
}
