import { needsWriteAccess } from "../../../core/github/trigger.ts";
import { foreign } from "../../../core/text/escape.ts";
import { refreshJobsOf } from "../workflow/use.ts";
import { type Check, fail, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** What starts the jobs. */
export const eventChecks: readonly Check<Subject>[] = [
  {
    id: "pull-request-target",
    title: "Untrusted events cannot start the job",
    find: ({ uses }) =>
      uses.flatMap(({ workflow, kind, at }) =>
        workflow.events
          .filter(({ name }) => name === "pull_request_target")
          .map((event) =>
            (kind === "read-only" ? warn : fail)(
              "On `pull_request_target` untrusted code can run next to the login.",
              "Start it by `push`, `schedule` or `workflow_dispatch`.",
              event.at,
              at,
            ),
          ),
      ),
    passed: () => "no `pull_request_target`",
  },
  {
    id: "refresh-on-anybody",
    title: "Only people with write access start a refresh",
    find: ({ uses }) =>
      refreshJobsOf(uses).flatMap(({ workflow, at }) =>
        workflow.events
          .filter(({ name }) => !needsWriteAccess(name) && !OTHERWISE.has(name))
          .map((event) =>
            warn(
              `Anybody can cause ${foreign(event.name)}, and in such a run this job does not refresh.`,
              "Refresh in a job of its own on `schedule`, and write `refresh: never` here, with an access copy.",
              event.at,
              at,
            ),
          ),
      ),
    passed: () => "no event that anybody can cause",
  },
];

/**
 * A workflow that is called starts with its caller, a fork's pull request gets no secrets, and the third has a check of its
 * own.
 */
const OTHERWISE: ReadonlySet<string> = new Set(["workflow_call", "pull_request", "pull_request_target", ""]);
