import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { DAY_SECONDS, onlyJob, Stage, WRITE_TOKEN } from "../scenarios/stage.ts";
import { blocksOf } from "./markdown.ts";

const ENVIRONMENT = "codex";
const FILES = { "README.md": "# app\n" };

/** The README's workflows: a Codex job, and a combined one. */
const [codexJob = "", pasted = ""] = blocksOf(readFileSync("README.md", "utf8"), "yaml").filter(
  (block) => "on" in (parse(block) as object),
);

let stage: Stage;
afterEach(() => stage.strike());

test("the Codex job in the README runs on a copy, and asks GitHub nothing", async () => {
  stage = await Stage.set();
  const copy = JSON.parse(stage.login.document) as { tokens: { refresh_token: string } };
  copy.tokens.refresh_token = "";
  stage.repository.setSecret("CODEX_ACCESS_JSON", JSON.stringify(copy));

  const result = await stage.run(codexJob, { files: FILES });

  expect(result.conclusion).toBe("success");
  expect(onlyJob(result).annotations).toEqual([]);
  expect(stage.world.github.server.requests).toEqual([]);
  expect(stage.world.openai.responses).toBe(1);
  stage.expectNothingSpent();
});

describe("the combined workflow in the README, pasted as it is", () => {
  test("refreshes a login that is due, stores it, and asks Codex", async () => {
    stage = await Stage.set({ environment: ENVIRONMENT, expiresInSeconds: 2 * DAY_SECONDS });

    const result = await stage.run(pasted, { files: FILES });

    expect(result.conclusion).toBe("success");
    stage.expectRotatedOnce();
    expect(stage.world.openai.responses).toBe(1);
    expect(onlyJob(result).log).toContain("OK");
  });

  test("works on a login that is not due, and asks GitHub nothing", async () => {
    stage = await Stage.set({ environment: ENVIRONMENT, expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(pasted, { files: FILES });

    expect(result.conclusion).toBe("success");
    expect(stage.world.github.server.requests).toEqual([]);
    stage.expectNothingSpent();
  });

  test("fails with a code of the troubleshooting page when the write token may write nothing, and works again when it may", async () => {
    stage = await Stage.set({
      environment: ENVIRONMENT,
      expiresInSeconds: 2 * DAY_SECONDS,
      writeTokenPermissions: { environments: "read" },
    });

    const broken = await stage.run(pasted, { files: FILES });

    expect(broken.conclusion).toBe("failure");
    const [, code = ""] =
      /\[([a-z-]+)\]$/m.exec(
        onlyJob(broken)
          .annotations.map(({ message }) => message)
          .join("\n"),
      ) ?? [];
    expect(code).toBe("write-token-forbidden");
    expect(readFileSync("docs/troubleshooting.md", "utf8")).toContain(`### ${code}\n`);
    stage.expectNothingSpent();

    const { github } = stage.world;
    stage.repository.setSecret(WRITE_TOKEN, github.token(stage.repository, { environments: "write" }));
    const repaired = await stage.run(pasted, { files: FILES });

    expect(repaired.conclusion).toBe("success");
    stage.expectRotatedOnce();
  });
});
