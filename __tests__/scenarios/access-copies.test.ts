import { afterEach, describe, expect, test } from "@jest/globals";
import type { Repository } from "../../lab/github/github.ts";
import { DAY_SECONDS, failureCodes, onlyJob, Stage } from "./stage.ts";

const COPY = "CODEX_ACCESS_JSON";

let stage: Stage;
afterEach(() => stage.strike());

/** The document that a copy holds. */
function copyIn(repository: Repository, environment?: string): { tokens: Record<string, string> } {
  const secret = repository.secret(COPY, environment === undefined ? {} : { environment });
  return JSON.parse(secret?.value ?? "{}");
}

/** As a person creates it, an hour ago. */
function create(repository: Repository, environment?: string): void {
  const place = environment === undefined ? {} : { environment };
  repository.setSecret(COPY, "new", place);
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(repository.secret(COPY, place) ?? {}, { createdAt: anHourAgo, updatedAt: anHourAgo });
}

describe("access copies", () => {
  test("of this repository and of an environment are written after a refresh, and Codex works on them", async () => {
    stage = await Stage.set({
      expiresInSeconds: 2 * DAY_SECONDS,
      writeTokenPermissions: { secrets: "write", variables: "write", environments: "write" },
    });
    stage.repository.createEnvironment("prod/eu west");
    create(stage.repository);
    create(stage.repository, "prod/eu west");
    const destinations = `secret ${COPY}\r\n\tenvironment  prod/eu west ${COPY}   # the deployment\n\n# done`;

    const result = await stage.run(stage.refreshJob({ with: { "access-copies": destinations } }));

    expect(failureCodes(result)).toEqual([]);
    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
    for (const copy of [copyIn(stage.repository), copyIn(stage.repository, "prod/eu west")]) {
      expect(copy.tokens.refresh_token).toBe("");
      expect(copy.tokens.access_token).toBe(stage.stored.tokens.access_token);
      expect(JSON.stringify(copy)).not.toContain("somebody@example.com");
    }
    expect(onlyJob(result).log).toContain("Access copies: 2 written.");
    expect(onlyJob(result).summary).toContain("5-hour limit 12 % used (resets 2026-12-01 10:00 UTC)");
    expect(onlyJob(result).summary).toContain("The access token from before this refresh still works.");
  });
});
