import { describe, expect, test } from "@jest/globals";
import {
  isAllowed,
  needsWriteAccess,
  type StartedBy,
  secretsWithheldFrom,
  whoStarted,
} from "../../../src/core/github/trigger.ts";

const HERE = { full_name: "octo/app" };
const FORK = { full_name: "stranger/app", fork: true };

function started(eventName: string, payload: unknown = {}, actors: (string | undefined)[] = []): StartedBy {
  return whoStarted({ eventName, repository: "octo/app", actors, payload });
}

describe("a run is started by people with write access", () => {
  test.each(["schedule", "push", "workflow_dispatch", "repository_dispatch", "merge_group", "release"])(
    "on %s, whoever is named",
    (eventName) => {
      expect(started(eventName, { sender: { login: "ann" } }, ["ann"])).toEqual({ kind: "with-access" });
    },
  );

  test("on a pull request from a branch of this repository", () => {
    const head = { repo: { full_name: "Octo/App" } };

    expect(started("pull_request", { pull_request: { head } }).kind).toBe("with-access");
  });

  test.each(["push", "schedule", "pull_request"])(
    "on a workflow_run after a %s on this repository's code",
    (event) => {
      expect(started("workflow_run", { workflow_run: { event, head_repository: HERE } }).kind).toBe(
        "with-access",
      );
    },
  );
});

describe("an event by its name alone", () => {
  test.each([
    ...["schedule", "push", "workflow_dispatch", "repository_dispatch", "merge_group", "release", "create"],
    ...["delete", "deployment", "deployment_status", "registry_package", "branch_protection_rule"],
  ])("needs write access: %s", (eventName) => {
    expect(needsWriteAccess(eventName)).toBe(true);
  });

  test.each([
    ...["pull_request", "pull_request_target", "workflow_run", "issue_comment", "issues", "watch", "fork"],
    ...["an event of tomorrow", "PUSH", ""],
  ])("may be anybody's: %j", (eventName) => {
    expect(needsWriteAccess(eventName)).toBe(false);
  });
});

describe("a run can be started by anybody", () => {
  test.each([
    ...["issue_comment", "issues", "discussion", "discussion_comment", "pull_request_target"],
    ...["pull_request_review", "pull_request_review_comment", "watch", "fork", "gollum", "workflow_run"],
    ...["pull_request", "an event of tomorrow", ""],
  ])("on %j", (eventName) => {
    expect(started(eventName).kind).toBe("anybody");
  });

  test.each([
    ["a fork's pull request", "pull_request", { pull_request: { head: { repo: FORK } } }],
    ["a pull request whose fork is gone", "pull_request", { pull_request: { head: { repo: null } } }],
    ["a workflow_run of a fork", "workflow_run", { workflow_run: { event: "push", head_repository: FORK } }],
    [
      "a workflow_run after a comment",
      "workflow_run",
      { workflow_run: { event: "issue_comment", head_repository: HERE } },
    ],
    [
      "a workflow_run after another",
      "workflow_run",
      { workflow_run: { event: "workflow_run", head_repository: HERE } },
    ],
    [
      "a pull request that names this repository elsewhere",
      "pull_request",
      { workflow_run: { event: "push", head_repository: HERE } },
    ],
    ["no payload", "pull_request", null],
    ["a payload of another shape", "workflow_run", { workflow_run: "push" }],
  ])("on %s", (_what, eventName, payload) => {
    expect(started(eventName, payload).kind).toBe("anybody");
  });

  test("and everybody who is named is told, each once", () => {
    const payload = {
      sender: { login: "sam" },
      workflow_run: { actor: { login: "ann" }, triggering_actor: { login: "tim" } },
    };

    expect(started("workflow_run", payload, ["ann", "rae"])).toEqual({
      kind: "anybody",
      actors: ["ann", "rae", "sam", "tim"],
    });
    expect(started("issues", { sender: { login: 7 } }, ["", undefined])).toEqual({
      kind: "anybody",
      actors: [],
    });
  });
});

describe("who may without being asked about", () => {
  test.each([
    ["ann", ["Ann"], false, true],
    ["ann", ["*"], false, true],
    ["ann", ["bob", "anna"], false, false],
    ["ann", [], true, false],
    ["dependabot[bot]", [], true, true],
    ["github-actions[bot]", [], true, true],
    ["dependabot[bot]", [], false, false],
    ["dependabot[bot]", ["dependabot[bot]"], false, true],
    ["stranger[bot]", [], true, false],
  ])("%s with allow-users %j and allow-bots %s: %s", (actor, allowUsers, allowBots, expected) => {
    expect(isAllowed(actor, { allowUsers, allowBots })).toBe(expected);
  });
});

describe("GitHub gives a run no secrets", () => {
  const pullRequest = (repo: unknown, author = "ann"): unknown => ({
    pull_request: { head: { repo }, user: { login: author } },
  });
  const withheld = (eventName: string, payload: unknown, actor: string | undefined = "ann") =>
    secretsWithheldFrom({ eventName, repository: "octo/app", actor, payload });

  test.each(["pull_request", "pull_request_review", "pull_request_review_comment"])(
    "on %s of a fork, whoever has started it",
    (eventName) => {
      for (const actor of ["stranger", "ann", "dependabot[bot]"])
        expect(withheld(eventName, pullRequest(FORK), actor)).toBe("fork");
      expect(withheld(eventName, pullRequest(null))).toBe("fork");
    },
  );

  test.each([
    ...["pull_request", "pull_request_review", "pull_request_review_comment"],
    ...["push", "create", "deployment", "deployment_status"],
  ])("on %s by Dependabot", (eventName) => {
    expect(withheld(eventName, pullRequest(HERE), "dependabot[bot]")).toBe("dependabot");
  });

  test("on pull_request_target by Dependabot, for its own pull request only", () => {
    const event = "pull_request_target";

    expect(withheld(event, pullRequest(HERE, "dependabot[bot]"), "dependabot[bot]")).toBe("dependabot");
    expect(withheld(event, pullRequest(HERE), "dependabot[bot]")).toBeNull();
    expect(withheld(event, pullRequest(HERE, "dependabot[bot]"))).toBeNull();
  });

  test.each([
    ["a push by a person", "push", {}, "ann"],
    [
      "a person's push to Dependabot's pull request",
      "pull_request",
      pullRequest(HERE, "dependabot[bot]"),
      "ann",
    ],
    [
      "a pull request of this repository, in other letters",
      "pull_request",
      pullRequest({ full_name: "Octo/App" }),
      "ann",
    ],
    ["pull_request_target of a fork", "pull_request_target", pullRequest(FORK), "stranger"],
    [
      "a workflow_run after a fork's",
      "workflow_run",
      { workflow_run: { head_repository: FORK } },
      "stranger",
    ],
    ["a comment on a fork's pull request", "issue_comment", { issue: { pull_request: {} } }, "stranger"],
    ["a dispatch by Dependabot", "workflow_dispatch", {}, "dependabot[bot]"],
    ["a schedule", "schedule", {}, "dependabot[bot]"],
    [
      "an event of tomorrow on Dependabot's pull request",
      "pull_request_tomorrow",
      pullRequest(HERE, "dependabot[bot]"),
      "dependabot[bot]",
    ],
    ["a user who is called like Dependabot", "pull_request", pullRequest(HERE), "dependabot"],
    ["a pull request without a payload", "pull_request", null, "ann"],
    [
      "a title that says so",
      "pull_request",
      { ...(pullRequest(HERE) as object), title: "fork dependabot[bot]" },
      "ann",
    ],
    ["nobody", "push", {}, undefined],
  ])("but gives them to %s", (_what, eventName, payload, actor) => {
    expect(withheld(eventName, payload, actor)).toBeNull();
  });
});
