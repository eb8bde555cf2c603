import { mayGoOn, type Standing, vitality } from "../core/failure/failed-refresh.ts";
import { type Failure, hasMark } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { maskTokens } from "./read-login.ts";
import type { Section, SectionOutcome } from "./section.ts";

/** Goes on with an access token, if it lives and the job does not insist. @throws {Failure} why, if not */
export function goOnWithAccessToken(
  services: Pick<Section, "clock" | "log" | "insistence" | "minimumLifetimeMs">,
  login: AuthJson,
  because: Failure,
): SectionOutcome {
  maskTokens(login, services.log);
  if (!mayGoOn(standingOf(services, login)) || hasMark(because.code, "stops-job")) throw because;
  return { kind: "not-refreshed", login, because };
}

/** What the job can go on with when there is no refresh. */
export function standingOf(
  { clock, insistence, minimumLifetimeMs }: Pick<Section, "clock" | "insistence" | "minimumLifetimeMs">,
  login: AuthJson,
): Omit<Standing, "attemptsLeft"> {
  return { accessToken: vitality(login, { now: clock.now(), minimumLifetimeMs }), insistence };
}
