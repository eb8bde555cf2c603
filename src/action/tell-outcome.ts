import { isRenewal } from "../core/claim/ledger.ts";
import { cite, Failure, hasMark } from "../core/failure/failure.ts";
import { remainingMs } from "../core/login/due.ts";
import { describeDuration } from "../core/text/duration.ts";
import { tellRescue } from "../login/rescue-command.ts";
import type { SectionOutcome } from "../login/section.ts";
import type { StoreOutcome } from "../login/store-outcome.ts";
import type { Clock } from "../ports/machine.ts";
import type { Log } from "../ports/runner.ts";

/** Says what became of a login that was to be stored. @returns what the job must stop with */
export function tellStoring(log: Log, outcome: StoreOutcome): Failure | null {
  switch (outcome.kind) {
    case "stored":
      log.info(`Stored login ${outcome.ledger.login.generation}.`);
      return null;
    case "pending": {
      const { failure, rescue, inHandoff } = outcome;
      log.warning(
        `${failure.message} The refreshed login is not stored yet; post tries again. ${failure.hint} ${cite(failure.code)}`,
      );
      // Where nothing was spent, nothing can be lost.
      if (inHandoff || isRenewal(outcome.ledger)) return null;
      if (rescue) tellRescue(log, "To store this job's login by hand:", rescue);
      // Nobody may build on a login that exists on this machine alone.
      return failure;
    }
    case "refused":
      if (outcome.rescue) tellRescue(log, "To store this job's login all the same:", outcome.rescue);
      return outcome.failure;
  }
}

/** Says why a job goes on without a refresh. */
export function tellGoingOn(
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  { login, because }: Pick<Extract<SectionOutcome, { kind: "not-refreshed" }>, "login" | "because">,
): void {
  const left = describeDuration(remainingMs(login, clock.now()));
  const sentence = `${because.message} This job goes on with the access token it has, which expires in ${left}. ${because.hint} ${cite(because.code)}`;
  if (hasMark(because.code, "manual-action")) log.error(sentence);
  else log.warning(sentence);
}

/** Why `refresh: force` fails though Codex did renew the tokens. */
export function notRotated(): Failure {
  return new Failure(
    "refresh-not-rotated",
    "Codex renewed the tokens, but the refresh token did not change: `refresh: force` proves nothing this way.",
    "The renewed login is stored. Run again; if it stays so, see docs/troubleshooting.md.",
  );
}
