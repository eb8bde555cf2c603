import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Seeding } from "../../../src/cli/seed/seed-request.ts";
import { chooseWriteCredential } from "../../../src/cli/seed/write-credential.ts";
import { Secret } from "../../../src/core/login/secret.ts";

let said: string[];
let stored: string[];
beforeEach(() => {
  said = [];
  stored = [];
});

/** A person who answers in this order: `true` or `false` to a question, a text to a request for a token. */
function seeding(answers: (boolean | string)[], writeCredential: "ask" | null = "ask", asks = true): Seeding {
  const answer = (question: string): boolean | string => {
    said.push(question);
    const next = answers.shift();
    if (next === undefined) throw new Error(`nobody answers: ${question}`);
    return next;
  };
  return {
    request: { writeCredential, dryRun: false, copies: [] },
    place: { owner: "octo", repository: "app", repositoryId: "1", environment: null, secretName: "X" },
    administration: {
      secrets: () => ({ metadata: async (name: string) => (stored.includes(name) ? {} : null) }),
    },
    services: {
      reporter: {
        asks,
        say: (sentence: string) => said.push(sentence),
        warn: (sentence: string) => said.push(`warning: ${sentence}`),
        confirm: async (question: string, enter = "yes") => answer(`${question} [${enter}]`),
        askSecret: async (question: string) => new Secret(String(answer(question))),
      },
    },
  } as unknown as Seeding;
}

describe("Enter in place of the write token", () => {
  test("says what follows, and goes on only when the person says so; Enter alone does not", async () => {
    expect(await chooseWriteCredential(seeding(["", true]))).toBeNull();

    expect(said[1]).toMatch(/^warning: Nothing was pasted. Without a write token no job can refresh/);
    expect(said[2]).toBe("Go on without a write token? [no]");
  });

  test("is asked again of who does not want to go on without", async () => {
    const chosen = await chooseWriteCredential(seeding(["", false, "", false, "github_pat_CANARY"]));

    expect(chosen?.kind).toBe("token");
    expect(said.filter((line) => line.startsWith("Paste"))).toHaveLength(3);
  });

  test.each(["CODEX_SECRET_WRITE_TOKEN", "CODEX_APP_CLIENT_ID"])(
    "keeps the %s of an earlier seed, and says so",
    async (name) => {
      stored = [name];

      expect(await chooseWriteCredential(seeding(["", true]))).toBeNull();

      expect(said).toContain(`${name} is stored there already, and stays.`);
      expect(said.at(-1)).toBe("Keep the stored one? [yes]");
      expect(said.join()).not.toContain("no job can refresh");
    },
  );
});

describe("no write token at all", () => {
  test.each([
    ["by a person who has none", [false], true],
    ["where nobody is asked", [], false],
  ])("%s is not passed over in silence", async (_, answers, asks) => {
    expect(await chooseWriteCredential(seeding(answers, null, asks))).toBeNull();

    expect(said.at(-1)).toMatch(/^warning: Without a write token no job can refresh this login/);
  });
});
