import { afterEach, describe, expect, test } from "@jest/globals";
import type { LabRequest } from "../../lab/loopback-server.ts";
import { DAY_SECONDS, onlyJob, outputsOf, SECRET, Stage } from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

function writes({ method, path }: LabRequest, secret: string): boolean {
  return method === "PUT" && path.endsWith(`/secrets/${secret}`);
}

/** A refresh job whose login is due, and nothing else. */
async function refreshDue(inputs: Record<string, string> = {}): Promise<ReturnType<Stage["run"]>> {
  return stage.run(stage.refreshJob({ with: { run: "echo JOB-RAN", ...inputs } }));
}

describe("a write that does not succeed at once", () => {
  test("a public key that was rotated between GET and PUT is fetched again, and the login stored", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const answers: number[] = [];
    stage.world.github.server.intercept(async (request, next) => {
      if (!writes(request, SECRET)) return next();
      if (answers.length === 0) stage.repository.rotatePublicKey();
      const answer = await next();
      if (typeof answer === "object") answers.push(answer.status);
      return answer;
    });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    expect(answers).toEqual([422, 204]);
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    stage.expectLoginAlive();
  });

  test("a GitHub that answers 500 twice is asked a third time, and the job goes on", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    let broken = 2;
    stage.world.github.server.intercept((request, next) => {
      if (!writes(request, SECRET) || broken === 0) return next();
      broken -= 1;
      return { status: 500, body: { message: "Server Error" } };
    });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    expect(onlyJob(result).rawLog).toContain("JOB-RAN");
    expect(
      stage.requests.filter((request) => request === `PUT /repos/octo/app/actions/secrets/${SECRET}`),
    ).toHaveLength(3);
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });

  test("a write whose answer was a 500 although it happened is recognized, and not made again", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const stop = stage.world.github.server.intercept(async (request, next) => {
      if (!writes(request, SECRET)) return next();
      stop();
      await next();
      return { status: 500, body: { message: "Server Error" } };
    });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.secret.writes).toBe(2);
    stage.expectLoginAlive();
  });
});

describe("a write token that may not write", () => {
  test.each([
    ["a repository secret", undefined, { secrets: "read", variables: "write" }, "Secrets: read and write"],
    ["a repository secret, without Variables", undefined, { secrets: "write" }, "Variables: read and write"],
    ["an environment secret", "codex", { environments: "read" }, "Environments: read and write"],
    [
      "an environment secret, with the permission for the other kind",
      "codex",
      { secrets: "write" },
      "Environments: read and write",
    ],
  ] as const)(
    "%s: the job fails, names the permission, and OpenAI hears nothing",
    async (_, environment, writeTokenPermissions, permission) => {
      stage = await Stage.set({
        expiresInSeconds: 2 * DAY_SECONDS,
        writeTokenPermissions,
        ...(environment ? { environment } : {}),
      });
      const before = { ...stage.secret };

      const result = await refreshDue();

      expect(result.conclusion).toBe("failure");
      expect(onlyJob(result).log).toContain("[write-token-forbidden]");
      expect(onlyJob(result).log).toContain(`the repository permission "${permission}"`);
      expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
      expect(stage.world.openai.server.requests).toEqual([]);
      expect(stage.secret).toEqual(before);
      stage.expectLoginAlive();
    },
  );

  test("GITHUB_TOKEN as the write token: the job fails and says that it cannot", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await refreshDue({ "secret-write-token": "$" + "{{ github.token }}" });

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toMatch(
      /GITHUB_TOKEN cannot have it\. This step refreshed nothing, so no new login is needed for that\. See \S+ \[write-token-forbidden\]/,
    );
    expect(stage.world.openai.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });

  test("a token that GitHub does not know: the job fails and OpenAI hears nothing", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.world.github.revokeToken(stage.writeToken);

    const result = await refreshDue();

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[write-token-rejected]");
    expect(stage.world.openai.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });
});
