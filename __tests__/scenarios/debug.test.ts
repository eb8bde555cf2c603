import { afterEach, expect, test } from "@jest/globals";
import { CODEX_EXEC, DAY_SECONDS, onlyJob, Stage } from "./stage.ts";

let stage: Stage;
// Searches what was printed, debug lines included, for the login and the tokens.
afterEach(() => stage.strike());

/** What the runner shows with step debug logging only. */
function debugLines(rawLog: string): readonly string[] {
  return rawLog.split("\n").filter((line) => line.startsWith("::debug::"));
}

test("a refresh tells step debug logging what it asked of GitHub, the cache and Codex, and how long each took", async () => {
  stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

  const result = await stage.run(stage.refreshJob({ with: { run: CODEX_EXEC } }));

  const { rawLog, log } = onlyJob(result);
  const lines = debugLines(rawLog);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(
        /^::debug::GitHub: GET \/repos\/\S+\/secrets\/public-key: 200, request \S+, \d+ ms\.$/,
      ),
      expect.stringMatching(/^::debug::GitHub: PUT \/repos\/\S+\/secrets\/CODEX_AUTH_JSON: 204, /),
      expect.stringMatching(/^::debug::The secret CODEX_AUTH_JSON was created \S+Z, last written \S+Z\.$/),
      expect.stringMatching(/^::debug::Cache: save codex-auth-handoff-v1-[0-9a-f]{8}…: saved, \d+ ms\.$/),
      expect.stringMatching(/^::debug::codex app-server says that it is `[^`]*\d+\.\d+\.\d+[^`]*`\.$/),
      expect.stringMatching(
        /^::debug::codex app-server \(account\/read, refresh on-request\): exit code 0, \d+ ms\.$/,
      ),
    ]),
  );
  expect(lines.filter((line) => /[?]|[0-9a-f]{32}/.test(line) && !/CODEX_AUTH_CLAIM_/.test(line))).toEqual(
    [],
  );
  expect(log).not.toContain("GitHub: GET");
});

test("a quiet job asks nobody, so it has nothing to tell", async () => {
  stage = await Stage.set({ expiresInSeconds: 4 * DAY_SECONDS });

  const result = await stage.run(stage.refreshJob({ with: { run: "true" } }));

  expect(debugLines(onlyJob(result).rawLog).filter((line) => !line.includes("codex --version"))).toEqual([]);
});
