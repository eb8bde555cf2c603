import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { GitHub, type Repository } from "../../../lab/github/github.ts";
import type { Answer } from "../../../lab/loopback-server.ts";
import { githubAlertBoard } from "../../../src/adapters/github/alert-issues.ts";
import { GitHubClient } from "../../../src/adapters/github/client.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { AlertBoard } from "../../../src/ports/github.ts";
import type { Clock } from "../../../src/ports/machine.ts";

const MARKER = "<!-- codex-auth-roundtrip alert: secret X -->";
const ISSUE = { title: "It needs a person", body: `${MARKER}\nDo this.` };
const clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => {} };

let github: GitHub;
let repository: Repository;
beforeEach(async () => {
  github = await GitHub.start(new LabClock());
  repository = github.repository("octo/app");
});
afterEach(() => github.stop());

/** @param viewer what GraphQL says of the token, which the lab does not know */
function board(viewer?: Answer): AlertBoard {
  if (viewer !== undefined)
    github.server.intercept((request, next) => (request.path === "/graphql" ? viewer : next()));
  const apiUrl = github.server.url;
  const token = new Secret(github.token(repository, { issues: "write" }));
  const client = new GitHubClient({ apiUrl, token, clock, log: { debug: () => {} } });
  return githubAlertBoard(client, { owner: "octo", repository: "app", apiUrl });
}

function says(login: unknown): Answer {
  return { status: 200, body: { data: { viewer: { login } } } };
}

function openedBy(author: string, body = ISSUE.body): void {
  const [issue] = repository.issues;
  if (!issue) throw new Error("there is no issue to copy");
  repository.issues.push({ ...issue, number: repository.issues.length + 1, author, body });
}

describe("the alert", () => {
  test("is the one that a workflow's token has opened, where GraphQL says nothing else", async () => {
    await board().open(ISSUE);
    openedBy("stranger");
    openedBy("other-app[bot]");

    expect((await board().find(MARKER))?.number).toBe(1);
    expect((await board(says(null)).find(MARKER))?.number).toBe(1);
  });

  test.each(["octo-maintainer", "octo-alerts[bot]"])("is the one of %s, whose token it is", async (login) => {
    await board().open(ISSUE);
    openedBy(login);

    expect((await board(says(login)).find(MARKER))?.number).toBe(2);
  });

  test("begins with the marker: an issue of ours that quotes it is none", async () => {
    await board().open({ ...ISSUE, body: `Somebody wrote:\n${ISSUE.body}` });

    expect(await board().find(MARKER)).toBeNull();
  });

  test("is not looked for while GitHub does not say who we are", async () => {
    await expect(board({ status: 502, body: {} }).find(MARKER)).rejects.toMatchObject({ status: 502 });
  });
});
