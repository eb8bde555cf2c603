import { Failure } from "../core/failure/failure.ts";
import type { AuthJson } from "../core/login/auth-json.ts";
import { COPY_OVERDUE_MS, refreshDue, remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import { foreign } from "../core/text/escape.ts";
import type { Unrefreshed } from "./job-report.ts";
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

/** Why a login that nobody has refreshed is as it was, if nothing goes wrong. */
export function unrefreshedBecause(
  services: Pick<StepServices, "inputs" | "context" | "clock">,
  login: Expiring,
): Unrefreshed {
  const { inputs, context, clock } = services;
  const { refreshWindowMs, minimumLifetimeMs } = inputs;
  // A job that was given a write token would have refreshed.
  if (inputs.refresh === "never")
    return context.startedBy.kind === "anybody" && inputs.writeCredential.kind !== "none"
      ? "untrusted"
      : "never";
  const isInWindow = remainingMs(login, clock.now()) <= Math.max(refreshWindowMs, minimumLifetimeMs);
  return isInWindow && context.branch === "other" ? "branch-waits" : "not-due";
}

export function tellNotDue(
  { inputs, clock, log }: Pick<StepServices, "inputs" | "clock" | "log">,
  login: Expiring,
  unrefreshed: Unrefreshed,
): void {
  const left = describeDuration(remainingMs(login, clock.now()));
  log.info(
    unrefreshed === "branch-waits"
      ? `The login is due, and is not refreshed here: the access token is valid for ${left}, and off the default branch \`refresh: auto\` waits until less than ${describeDuration(inputs.minimumLifetimeMs)} is left.`
      : `Nothing is due: the access token is valid for ${left}.`,
  );
}

/** With the refresh token in the home, Codex itself is what refreshes: said, and no warning. */
export function tellLifetime(
  { inputs, clock, log }: Pick<StepServices, "inputs" | "clock" | "log">,
  login: Expiring,
): void {
  const leftMs = remainingMs(login, clock.now());
  if (leftMs >= inputs.minimumLifetimeMs) return;
  const left = leftMs > 0 ? `is valid for only ${describeDuration(leftMs)}` : "has expired";
  log.info(
    `The access token ${left}, and this step does not refresh it (\`refresh: never\`): only Codex itself can, in this job.`,
  );
}

/**
 * For a job that does not refresh.
 *
 * @param handed the secret's: a login or an access copy
 * @throws {Failure} `access-token-expiring`, `access-copy-ended`
 */
export function demandLifetime(
  services: Pick<StepServices, "inputs" | "clock" | "log">,
  present: Expiring,
  handed: Pick<AuthJson, "isAccessCopy">,
): void {
  const { inputs, clock, log } = services;
  const leftMs = remainingMs(present, clock.now());
  const left = describeDuration(leftMs);
  if (handed.isAccessCopy) {
    demandLivingCopy(services, present);
    return;
  }
  if (leftMs < inputs.minimumLifetimeMs) {
    throw new Failure(
      "access-token-expiring",
      leftMs > 0
        ? `The access token is valid for only ${left}, less than \`minimum-lifetime\`, and this job does not refresh.`
        : "The access token has expired, and this job does not refresh.",
      `Run ${maintenanceIn(inputs)}, then start a new run of this one.`,
    );
  }
  const isDue = leftMs <= inputs.refreshWindowMs;
  log.info(
    `The access token is valid for ${left}; this job never refreshes.${isDue ? " A refresh is due: it is the next refresh job's." : ""}`,
  );
}

function demandLivingCopy(
  { inputs, clock, log }: Pick<StepServices, "inputs" | "clock" | "log">,
  { accessTokenExpiresAt }: Expiring,
): void {
  const leftMs = remainingMs({ accessTokenExpiresAt }, clock.now());
  const end = `${accessTokenExpiresAt.toISOString().slice(0, 16).replace("T", " ")} UTC`;
  const maintenance = maintenanceIn(inputs);
  if (leftMs < inputs.minimumLifetimeMs) {
    throw new Failure(
      "access-copy-ended",
      leftMs > 0
        ? `The access copy ends at ${end}, in less than \`minimum-lifetime\`.`
        : `The access copy has ended: its access token was valid until ${end}.`,
      `Run ${maintenance}, which writes a new copy, then start a new run of this one.`,
    );
  }
  const left = describeDuration(leftMs);
  if (leftMs < COPY_OVERDUE_MS)
    log.warning(
      `Maintenance is overdue: the access copy is valid for only ${left}, until ${end}. Run ${maintenance}, which writes a new one, and find out why it did not run.`,
    );
  else log.info(`The access copy is valid for ${left}.`);
}

/** As the workflow names it. */
function maintenanceIn({
  maintenanceWorkflow: name,
}: Pick<StepServices["inputs"], "maintenanceWorkflow">): string {
  return name === null ? "the maintenance workflow" : `the maintenance workflow ${foreign(name)}`;
}
