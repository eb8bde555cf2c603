import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { refreshDue, remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import type { StepServices } from "./services.ts";

type Expiring = Pick<AuthJson, "accessTokenExpiresAt">;

export function isDue(
  { inputs, context, clock }: Pick<StepServices, "inputs" | "context" | "clock">,
  login: Expiring,
): boolean {
  const { refresh: policy, refreshWindowMs, minimumLifetimeMs } = inputs;
  const { branch } = context;
  return refreshDue({ policy, login, now: clock.now(), refreshWindowMs, minimumLifetimeMs, branch });
}

/** For a job that does not refresh. @throws {Failure} `access-token-expiring` */
export function demandLifetime(
  { inputs, clock, log }: Pick<StepServices, "inputs" | "clock" | "log">,
  login: Expiring,
): void {
  const leftMs = remainingMs(login, clock.now());
  if (leftMs < inputs.minimumLifetimeMs) {
    throw new Failure(
      "access-token-expiring",
      leftMs > 0
        ? `The access token is valid for only ${describeDuration(leftMs)}, less than \`minimum-lifetime\`, and this job does not refresh.`
        : "The access token has expired, and this job does not refresh.",
      "Run the maintenance workflow, then start a new run of this one.",
    );
  }
  log.info(`The access token is valid for ${describeDuration(leftMs)}; this job never refreshes.`);
}
