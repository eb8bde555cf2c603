import { afterEach, describe, expect, test } from "@jest/globals";
import { REFUSALS } from "../../lab/github/refusals.ts";
import { apiError } from "../../lab/github/wire.ts";
import { DAY_SECONDS, failureCodes, fromSecret, JOB, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

describe("a GitHub that refuses for a reason of its own", () => {
  test.each(["ipAllowList", "archived", "lifetime"] as const)(
    "%s: nothing is spent, and its sentence is told",
    async (name) => {
      stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
      const [status, said] = REFUSALS[name];
      stage.world.github.server.intercept((request, next) =>
        request.headers.authorization?.includes(stage.writeToken) ? apiError(status, said) : next(),
      );

      const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

      expect(failureCodes(result)).toEqual(["github-refused"]);
      expect(
        onlyJob(result)
          .annotations.map(({ message }) => message)
          .join(),
      ).toContain(said.replaceAll("`", "'"));
      stage.expectNothingSpent();
    },
  );

  test("a server that answers with web pages is told as what it is", async () => {
    stage = await Stage.set({ expiresInSeconds: 3600 });
    const page = "<!doctype html><html><head><title>Sign in to the proxy</title></head></html>";
    stage.world.github.server.intercept(() => ({
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: page,
    }));

    const result = await stage.run(stage.refreshJob({ with: { run: JOB } }));

    expect(failureCodes(result)).toEqual(["github-unreachable"]);
    expect(result.log).toContain("`Sign in to the proxy`");
    stage.expectNothingSpent();
  });
});

describe("a secret that holds no login", () => {
  test.each([
    ["-", "login-placeholder"],
    ["a", "login-placeholder"],
    ["/", "login-is-a-path"],
    ["true", "login-placeholder"],
    ["node", "login-placeholder"],
    ["~/.codex/auth.json", "login-is-a-path"],
  ])("%j is named, and takes no variable and no line of the log along", async (content, code) => {
    stage = await Stage.set();
    stage.repository.setSecret("STORED_INSTEAD", content);

    const result = await stage.run(
      stage.refreshJob({ with: { "codex-auth-json": fromSecret("STORED_INSTEAD"), run: JOB } }),
    );

    // As it left our process: GitHub itself hides such a secret in every line that it stands in.
    expect(onlyJob(result).rawLog).toMatch(new RegExp(`::error::In place of a login .*\\[${code}\\]`));
    expect(onlyJob(result).rawLog).not.toContain(`::add-mask::${content}\n`);
    stage.expectNothingSpent();
  });
});
