import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { DAY_SECONDS, onlyJob, Stage, WRITE_TOKEN } from "../scenarios/stage.ts";
import { blocksOf } from "./markdown.ts";

const ENVIRONMENT = "codex";
const FILES = { "README.md": "# app\n" };

/** The README's workflows: maintenance, a Codex job, and a combined one. */
const [maintenance = "", codexJob = "", pasted = ""] = blocksOf(
  readFileSync("README.md", "utf8"),
  "yaml",
).filter((block) => "on" in (parse(block) as object));

let stage: Stage;
afterEach(() => stage.strike());

test("the split in the README refreshes a login that is due, and its Codex job runs on the copy and asks GitHub nothing", async () => {
  stage = await Stage.set({
    environment: ENVIRONMENT,
    expiresInSeconds: 2 * DAY_SECONDS,
    writeTokenPermissions: { environments: "write", secrets: "write" },
  });
  stage.repository.setSecret("CODEX_ACCESS_JSON", "no-copy-yet");
  const anHourAgo = new Date(Math.floor(stage.world.clock.now().getTime() / 1000) * 1000 - 3_600_000);
  Object.assign(stage.repository.secret("CODEX_ACCESS_JSON") ?? {}, {
    createdAt: anHourAgo,
    updatedAt: anHourAgo,
  });

  const maintained = await stage.run(maintenance);
  const { requests } = stage.world.github.server;
  const before = requests.length;
  const answered = await stage.run(codexJob, { files: FILES });

  expect([maintained.conclusion, answered.conclusion]).toEqual(["success", "success"]);
  expect([maintained, answered].map((result) => onlyJob(result).annotations)).toEqual([[], []]);
  expect(requests).toHaveLength(before);
  expect(stage.world.openai.responses).toBe(1);
  stage.expectRotatedOnce();
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
