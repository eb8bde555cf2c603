import { changedSteering } from "../core/environment/steering.ts";
import { Failure } from "../core/failure/failure.ts";
import { refusePublicReseed } from "../core/failure/public-reseed.ts";
import { type Inputs, mayRefresh } from "./inputs.ts";
import type { Session } from "./phase-state.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Where a login does not belong.
 *
 * @throws {Failure} `public-repository`, `pull-request-target`, `event-untrusted`, `write-token-missing`, `input-invalid`
 */
export function guard(inputs: Inputs, context: RunContext): void {
  if (inputs.reseed) guardReseed(context);
  if (context.visibility === "public") refusePublic(inputs);
  if (context.eventName === "pull_request_target" && mayRefresh(inputs)) {
    throw new Failure(
      "pull-request-target",
      "A refresh job does not run on `pull_request_target`: strangers' code would run beside the write token.",
      "Refresh on `push`, `schedule` or `workflow_dispatch`, or set `refresh: never`.",
    );
  }
  const insists = inputs.refresh === "force" || inputs.refreshToken === "present";
  if (mayRefresh(inputs) && insists && context.startedBy.kind === "anybody") {
    const input = inputs.refresh === "force" ? "`refresh: force`" : "`refresh-token: present`";
    throw new Failure(
      "event-untrusted",
      `This run was started by ${eventOf(context)}, which anybody can cause, and ${input} is for runs that only people with write access can start.`,
      "Refresh on `schedule`, `push` or `workflow_dispatch`; remove the input here.",
    );
  }
  if (mayRefresh(inputs) && inputs.writeCredential.kind === "none") {
    throw new Failure(
      "write-token-missing",
      "A refresh job needs a write token, and this step has none.",
      "Pass `secret-write-token`, or `client-id` and `private-key`; in a job that only runs Codex, set `refresh: never`. " +
        "If you pass one, it arrived empty: check the secret's name, and that the job names its `environment:`.",
    );
  }
}

/**
 * What is left of the inputs in a run that anybody can start: it refreshes nothing and writes nothing, and goes on with
 * the login it was given.
 */
export function withoutRefresh(inputs: Inputs, { startedBy }: Pick<RunContext, "startedBy">): Inputs {
  return startedBy.kind === "anybody" && mayRefresh(inputs) ? { ...inputs, refresh: "never" } : inputs;
}

/** An event's name, from GitHub's list of a few dozen. */
export function eventOf({ eventName }: Pick<RunContext, "eventName">): string {
  return eventName === "" ? "an event without a name" : `\`${eventName}\``;
}

function guardReseed({ eventName, visibility }: RunContext): void {
  if (visibility === "public") refusePublicReseed();
  if (eventName === "workflow_dispatch") return;
  throw new Failure(
    "input-invalid",
    "`reseed: true` waits for a person, so it needs a run that a person has started.",
    "Use it in a workflow of its own, whose only event is `workflow_dispatch`.",
  );
}

/** @throws {Failure} `public-repository` unless it is allowed */
export function refusePublic(inputs: Pick<Inputs, "allowPublicRepository">): void {
  if (inputs.allowPublicRepository) return;
  throw new Failure(
    "public-repository",
    "This repository is public, and OpenAI says: do not use a ChatGPT login in public repositories.",
    "Use an API key with openai/codex-action, or set `allow-public-repository: true` if you know who can run this workflow.",
  );
}

/**
 * Nothing of the login may go where a step of this job has sent it. Asked before a phase's first request: what a process
 * has begun with it keeps, so such variables cannot be undone.
 *
 * @returns why this phase must send nothing; `null` when it may
 */
export function environmentChange(
  { environment: before }: Pick<Session, "environment">,
  now: NodeJS.ProcessEnv,
): Failure | null {
  const names = changedSteering(before, now);
  if (names.length === 0) return null;
  return new Failure(
    "environment-changed",
    // Names only: a proxy's value may hold a password.
    `A step of this job has changed where requests go, or whom they trust, so none was sent: ${names.join(", ")}.`,
    "Set such variables in the job's `env:`, where they stand before the first step, and not through GITHUB_ENV; or use this action before the step that sets them, as actions/setup-python does with LD_LIBRARY_PATH. " +
      "If this job has refreshed the login and could not store it, run the maintenance workflow now.",
  );
}

/** @throws {Failure} `environment-changed` */
export function demandSameEnvironment(session: Pick<Session, "environment">, now: NodeJS.ProcessEnv): void {
  const change = environmentChange(session, now);
  if (change) throw change;
}
