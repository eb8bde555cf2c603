import type { Ledger } from "../core/claim/ledger.ts";
import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { codexWouldRefresh } from "../core/login/due.ts";
import { judge, type Verdict } from "../core/login/judge-change.ts";
import { lastWritten } from "./home.ts";
import { authPath } from "./home-layout.ts";
import { maskTokens } from "./read-login.ts";
import type { Services } from "./services.ts";
import { letGoOf, storeLate } from "./store-late.ts";
import type { StoreOutcome } from "./store-outcome.ts";

/** A home into which this job has put the whole login; `written` is the stamp of the file as this step has written it. */
type WholeHome = Readonly<{ home: string; base: string; written: string | null }>;

/**
 * Stores what Codex has rotated in the home, where the whole login stands in it and is claimed for the job.
 *
 * @param until `job-ends`: nobody of this job uses the login any more, and the claim is let go
 * @returns `null` when it is what we put there
 * @throws {Failure} what was left is unusable
 */
export async function storeChangedHome(
  services: Services,
  place: WholeHome,
  until: "job-goes-on" | "job-ends",
): Promise<StoreOutcome | null> {
  const isUntouched = await isAsWritten(services, place, until);
  const text = isUntouched ? null : await services.files.read(authPath(place.home));
  const ledger = await services.ledgerFile.load();
  // Without a claim the whole login was never put there, and what stands there is nobody's.
  if (ledger === null || ledger.claim === null) return null;
  const { login: before, claim } = ledger;
  const verdict: Verdict = isUntouched ? { kind: "unchanged" } : judge(before, text);
  if (verdict.kind === "unchanged" || verdict.kind === "broken") {
    if (until === "job-ends") {
      // Codex asks for new tokens only when the access token is about to end, and then writes what it is given.
      const isSure = isUntouched && !codexWouldRefresh(before, services.clock.now());
      await letGoOf(services, claim, { sent: isSure ? "nothing" : "perhaps" });
    }
    if (verdict.kind === "broken") throw verdict.failure;
    return null;
  }
  return storeChanged(services, ledger, verdict.login);
}

async function storeChanged(
  services: Services,
  { login: before, predecessor, claim, before: updatedAt }: Ledger,
  login: AuthJson,
): Promise<StoreOutcome> {
  const { handed, log } = services;
  maskTokens(login, log);
  const isBack = [handed, predecessor].some((earlier) => earlier?.refreshToken.equals(login.refreshToken));
  const isOlder =
    (isBack && !login.refreshToken.equals(before.refreshToken)) ||
    login.accessTokenIssuedAt.getTime() < before.accessTokenIssuedAt.getTime();
  if (isOlder || login.isOfOtherAccount(before))
    throw new Failure(
      "write-back-refused",
      "The login in the home is older than the one that this job was given, or of another account, so it was not stored. The secret is as it was.",
      "Remove the step that writes an auth.json into CODEX_HOME: this action has restored the login already.",
    );
  log.info(`The login in the home has changed: ${before.generation} became ${login.generation}.`);
  return storeLate(services, { login, predecessor: before, claim, before: updatedAt });
}

/** Whether the home is as we wrote it, and will stay so: who still uses it may write it a moment later. */
async function isAsWritten(
  { files, processes }: Pick<Services, "files" | "processes">,
  place: WholeHome,
  until: "job-goes-on" | "job-ends",
): Promise<boolean> {
  const stamp = await files.stamp(authPath(place.home));
  if (stamp === null) return false;
  if (stamp !== place.written && stamp !== (await lastWritten(files, place))) return false;
  return until === "job-goes-on" || (await processes.usingHome(place.home)).length === 0;
}
