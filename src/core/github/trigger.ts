import { fieldsOf, isObject } from "../text/json.ts";

/**
 * Who can have caused a run.
 *
 * | event | who causes it |
 * |---|---|
 * | the events in `NEED_WRITE_ACCESS` | the clock, or somebody who may write to the repository |
 * | `pull_request` from a branch of this repository | its code was pushed by somebody who may write |
 * | `workflow_run` after one of the above, on code of this repository | as above |
 * | everything else: comments, issues, discussions, reviews, forks' pull requests, stars, `pull_request_target`, … | anybody |
 *
 * An event that is not known here is one that anybody can cause.
 */
export type StartedBy =
  | { readonly kind: "with-access" }
  /** Everybody whom the runner or the event names, each once; empty where they name nobody. */
  | { readonly kind: "anybody"; readonly actors: readonly string[] };

const NEED_WRITE_ACCESS = new Set([
  "schedule",
  "push",
  "workflow_dispatch",
  "repository_dispatch",
  "merge_group",
  "release",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "registry_package",
  "branch_protection_rule",
]);

/** Whether only somebody who may write to the repository, or the clock, can cause every run on this event. */
export function needsWriteAccess(eventName: string): boolean {
  return NEED_WRITE_ACCESS.has(eventName);
}

/**
 * @param repository `owner/name` of this one
 * @param actors of this run and of its re-run, from the runner
 * @param payload the event, parsed; anything where it is none
 */
export function whoStarted({
  eventName,
  repository,
  actors,
  payload,
}: {
  eventName: string;
  repository: string;
  actors: readonly (string | undefined)[];
  payload: unknown;
}): StartedBy {
  const event = fieldsOf(payload);
  const run = fieldsOf(event.workflow_run);
  const isHere = (where: unknown): boolean =>
    String(fieldsOf(where).full_name).toLowerCase() === repository.toLowerCase();
  const ours = (name: unknown, head: unknown): boolean =>
    NEED_WRITE_ACCESS.has(String(name)) || (name === "pull_request" && isHere(head));
  const byAccess =
    eventName === "workflow_run"
      ? isHere(run.head_repository) && ours(run.event, run.head_repository)
      : ours(eventName, fieldsOf(fieldsOf(event.pull_request).head).repo);
  if (byAccess) return { kind: "with-access" };
  const named = [event.sender, run.actor, run.triggering_actor].map((who) => fieldsOf(who).login);
  const logins = [...actors, ...named].filter((login) => typeof login === "string" && login !== "");
  return { kind: "anybody", actors: [...new Set(logins as string[])] };
}

/** Events of a pull request that GitHub runs with the fork's rights. */
const FORK_EVENTS = new Set(["pull_request", "pull_request_review", "pull_request_review_comment"]);
/** With Dependabot's own secrets instead. `pull_request_target` only on its own pull requests. */
const DEPENDABOT_EVENTS = new Set([...FORK_EVENTS, "push", "create", "deployment", "deployment_status"]);
const DEPENDABOT = "dependabot[bot]";

/**
 * Why GitHub gives a run none of the secrets of Actions; `null` where it gives them.
 *
 * @param actor of the run, not of a re-run: a re-run by a person changes nothing
 * @see docs/facts.md §2, "Runs without secrets"
 */
export function secretsWithheldFrom({
  eventName,
  repository,
  actor,
  payload,
}: {
  eventName: string;
  repository: string;
  actor: string | undefined;
  payload: unknown;
}): "fork" | "dependabot" | null {
  const { head, user } = fieldsOf(fieldsOf(payload).pull_request);
  // The repository of a fork that is gone is `null`.
  const from = String(fieldsOf(fieldsOf(head).repo).full_name);
  const isFork = isObject(head) && from.toLowerCase() !== repository.toLowerCase();
  if (FORK_EVENTS.has(eventName) && isFork) return "fork";
  if (actor !== DEPENDABOT) return null;
  const isItsOwn = eventName === "pull_request_target" && fieldsOf(user).login === DEPENDABOT;
  return DEPENDABOT_EVENTS.has(eventName) || isItsOwn ? "dependabot" : null;
}

/** GitHub's own accounts that start runs; any other bot is asked about like a person. As in openai/codex-action. */
const TRUSTED_BOTS = new Set([DEPENDABOT, "github-actions[bot]"]);

/** Whether somebody may have a login used without being asked about: the inputs `allow-users` and `allow-bots`. */
export function isAllowed(
  actor: string,
  { allowUsers, allowBots }: { readonly allowUsers: readonly string[]; readonly allowBots: boolean },
): boolean {
  const login = actor.toLowerCase();
  if (allowBots && TRUSTED_BOTS.has(login)) return true;
  return allowUsers.some((allowed) => allowed === "*" || allowed.toLowerCase() === login);
}
