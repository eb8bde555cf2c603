import { afterEach, describe, expect, test } from "@jest/globals";
import type { AppCredentials } from "../../lab/github/github.ts";
import {
  DAY_SECONDS,
  failureCodes,
  fromSecret,
  JOB,
  JOB_RAN,
  onlyJob,
  SECRET,
  Stage,
  WRITE_TOKEN,
} from "./stage.ts";

let stage: Stage;
afterEach(() => stage.strike());

/** What a repository's secret takes. */
const BOTH = { secrets: "write", variables: "write" } as const;
const due = { expiresInSeconds: 2 * DAY_SECONDS };

/** A refresh job whose write token is an App's. */
function appJob(app: Pick<AppCredentials, "clientId" | "privateKeyPem">): string {
  stage.repository.setSecret("APP_KEY", app.privateKeyPem);
  return stage.refreshJob({
    with: {
      "secret-write-token": "",
      "client-id": app.clientId,
      "private-key": fromSecret("APP_KEY"),
      run: JOB,
    },
  });
}

describe("a write token that cannot write is refused before the issuer hears of it:", () => {
  test("a token that can only read", async () => {
    stage = await Stage.set({ ...due, writeTokenPermissions: { secrets: "read", variables: "write" } });

    const result = await stage.run(stage.refreshJob());

    expect(failureCodes(result)).toEqual(["write-token-forbidden"]);
    expect(result.log).toContain('"Secrets: read and write"');
    stage.expectNothingSpent();
  });

  test("a token that has expired", async () => {
    stage = await Stage.set(due);
    const expiresAt = new Date(stage.world.clock.now().getTime() - 1000);
    const expired = stage.world.github.token(stage.repository, BOTH, { expiresAt });
    stage.repository.setSecret(WRITE_TOKEN, expired);

    const result = await stage.run(stage.refreshJob());

    expect(failureCodes(result)).toEqual(["write-token-rejected"]);
    expect(result.log).toContain("401");
    expect(result.log).toMatch(
      /This step refreshed nothing, so no new login is needed for that\. See \S+ \[write-token-rejected\]/,
    );
    stage.expectNothingSpent();
  });

  test("an App without the permission", async () => {
    stage = await Stage.set(due);
    const app = stage.world.github.app({
      repository: stage.repository,
      permissions: { secrets: "read", variables: "write", environments: "write" },
    });

    const result = await stage.run(appJob(app));

    expect(failureCodes(result)).toEqual(["app-permission-missing"]);
    expect(result.log).toContain("no new login is needed");
    expect(result.log).toContain('"Secrets: read and write"');
    stage.expectNothingSpent();
  });

  test("an App that is not installed on this repository", async () => {
    stage = await Stage.set(due);
    const elsewhere = stage.world.github.repository("octo/other");
    const app = stage.world.github.app({ repository: elsewhere, permissions: BOTH });

    const result = await stage.run(appJob(app));

    expect(failureCodes(result)).toEqual(["app-not-installed"]);
    stage.expectNothingSpent();
  });

  test("an App with another App's private key", async () => {
    stage = await Stage.set(due);
    const permissions = BOTH;
    const { clientId } = stage.world.github.app({ repository: stage.repository, permissions });
    const { privateKeyPem } = stage.world.github.app({ repository: stage.repository, permissions });

    const result = await stage.run(appJob({ clientId, privateKeyPem }));

    expect(failureCodes(result)).toEqual(["app-invalid"]);
    expect(result.log).toContain("belong to the same App");
    stage.expectNothingSpent();
  });

  test("an App whose private key is cut off", async () => {
    stage = await Stage.set(due);
    const app = stage.world.github.app({ repository: stage.repository, permissions: BOTH });

    const result = await stage.run(
      appJob({ ...app, privateKeyPem: app.privateKeyPem.split("\n").slice(0, 5).join("\n") }),
    );

    expect(failureCodes(result)).toEqual(["app-invalid"]);
    expect(result.log).toContain("the whole PEM file");
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectNothingSpent();
  });

  test("a refresh job without any write token, whatever is due", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });

    const result = await stage.run(stage.refreshJob({ with: { "secret-write-token": "", run: JOB } }));

    expect(failureCodes(result)).toEqual(["write-token-missing"]);
    expect(result.log).not.toContain(JOB_RAN);
    stage.expectNothingSpent();
  });
});

describe("an App's token", () => {
  test("has exactly the two permissions, for this repository, and is revoked after the write", async () => {
    stage = await Stage.set(due);
    const { github } = stage.world;
    const app = github.app({
      repository: stage.repository,
      permissions: { ...BOTH, environments: "write", contents: "write" },
    });
    const mintedBefore = new Set(github.tokens);

    // Many secret stores keep a key on one line.
    const result = await stage.run(
      appJob({ ...app, privateKeyPem: app.privateKeyPem.trim().replaceAll("\n", "\\n") }),
    );

    expect(result.conclusion).toBe("success");
    stage.expectLoginAlive();
    expect(stage.world.openai.refreshes).toHaveLength(1);
    const asked = github.server.requests.filter(({ path }) => path.endsWith("/access_tokens"));
    // One for the refresh; and one for post's look whether the secret is as main left it.
    const asking = {
      repositories: ["app"],
      permissions: { secrets: "write", actions_variables: "write" },
    };
    expect(asked.map(({ body }) => JSON.parse(body.toString("utf8")))).toEqual([asking, asking]);
    const minted = github.tokens.filter((token) => !mintedBefore.has(token) && token.length === 520);
    expect(minted).toHaveLength(2);
    for (const token of minted) expect(await statusWith(token)).toBe(401);
  });

  test("is a new one in post, so that a job may last longer than a token", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    const { github, openai, clock } = stage.world;
    const app = github.app({ repository: stage.repository, permissions: BOTH });
    stage.repository.setSecret("APP_KEY", app.privateKeyPem);
    stage.rejectStoredAccessToken();

    const result = await stage.run(
      stage.refreshJob({
        with: {
          "secret-write-token": "",
          "client-id": app.clientId,
          "private-key": fromSecret("APP_KEY"),
          "refresh-token": "present",
        },
        after: ROTATING_STEP,
      }),
      // An hour and a half passes between main and the step that rotates.
      { beforePhase: ({ phase }) => (phase === "run" ? clock.advance(90 * 60_000) : undefined) },
    );

    expect(result.conclusion).toBe("success");
    expect(openai.refreshes.map(({ outcome }) => outcome)).toEqual(["rotated"]);
    stage.expectLoginAlive();
  });
});

/** Codex meets a 401 and rotates. */
const ROTATING_STEP =
  "      - run: codex exec --skip-git-repo-check --sandbox read-only 'Reply OK' </dev/null";

describe("a token's end", () => {
  test.each([
    { days: 13, header: "utc" },
    { days: 13, header: "offset" },
  ] as const)("within $days days is a warning with the date ($header header)", async ({ days, header }) => {
    stage = await Stage.set(due);
    const expiresAt = writeTokenEndingIn(days, header);

    const result = await stage.run(stage.refreshJob());

    const warnings = onlyJob(result).annotations.filter(({ level }) => level === "warning");
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining(`expires on ${expiresAt.toISOString().slice(0, 10)}`),
    ]);
    expect(result.conclusion).toBe("success");
  });

  test("further away is not mentioned", async () => {
    stage = await Stage.set(due);
    writeTokenEndingIn(15, "utc");

    const result = await stage.run(stage.refreshJob());

    expect(onlyJob(result).annotations).toEqual([]);
    expect(stage.world.openai.refreshes).toHaveLength(1);
    expect(result.conclusion).toBe("success");
  });

  function writeTokenEndingIn(days: number, expirationHeader: "utc" | "offset"): Date {
    const expiresAt = new Date(stage.world.clock.now().getTime() + days * DAY_SECONDS * 1000);
    const options = { expiresAt, expirationHeader };
    const token = stage.world.github.token(stage.repository, BOTH, options);
    stage.repository.setSecret(WRITE_TOKEN, token);
    return expiresAt;
  }
});

describe("a token from actions/create-github-app-token, revoked before our post", () => {
  test("fails the job with both remedies, and the next refresh job repairs the secret", async () => {
    stage = await Stage.set({ expiresInSeconds: 9 * DAY_SECONDS });
    const { openai, github } = stage.world;
    const app = github.app({ repository: stage.repository, permissions: BOTH });
    stage.repository.setSecret("APP_KEY", app.privateKeyPem);
    stage.rejectStoredAccessToken();

    const result = await stage.run(
      stage.refreshJob({
        before: [
          "      - uses: actions/create-github-app-token@v3",
          "        id: token",
          "        with:",
          `          client-id: ${app.clientId}`,
          `          private-key: ${fromSecret("APP_KEY")}`,
        ].join("\n"),
        with: { "secret-write-token": `\${{ steps.token.outputs.token }}`, "refresh-token": "present" },
        after: ROTATING_STEP,
      }),
    );
    const pending = stage.stored.tokens.refresh_token;
    // Nobody could say in the claim that the job is over.
    stage.world.clock.advance(11 * 60_000);
    const next = await stage.run(stage.refreshJob({ with: { refresh: "force" } }));

    expect(failureCodes(result)).toEqual(["write-back-pending"]);
    expect(result.log).toContain("actions/create-github-app-token is revoked before our post step");
    expect(result.log).toContain("`client-id` and `private-key`");
    expect(result.log).toContain("`skip-token-revoke: true`");
    expect(openai.generationOf(pending)).toBe(0);
    expect(next.conclusion).toBe("success");
    expect(openai.refreshes.map(({ outcome, generation }) => [outcome, generation])).toEqual([
      ["rotated", 0],
      ["rotated", 1],
    ]);
    stage.expectLoginAlive();
  });
});

describe("a wrong `environment`", () => {
  test("that does not exist: nothing is created anywhere", async () => {
    stage = await Stage.set({ ...due, writeTokenPermissions: { ...BOTH, environments: "write" } });

    const result = await stage.run(stage.refreshJob({ with: { environment: "codxe" } }));

    expect(failureCodes(result)).toEqual(["write-token-cannot-reach-repository"]);
    expect(result.log).toContain("Check the name in `environment`");
    expectNothingCreated([]);
  });

  test("that does not hold the secret: nothing is created in it", async () => {
    stage = await Stage.set({ ...due, writeTokenPermissions: { ...BOTH, environments: "write" } });
    stage.repository.createEnvironment("production");

    const result = await stage.run(stage.refreshJob({ with: { environment: "production" } }));

    expect(failureCodes(result)).toEqual(["secret-not-found"]);
    expectNothingCreated(["production"]);
    expect(stage.repository.environment("production")?.all).toEqual([]);
  });

  function expectNothingCreated(environments: string[]): void {
    const { requests } = stage.world.github.server;
    expect(requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(stage.repository.environments.map(({ name }) => name)).toEqual(environments);
    expect(stage.repository.secrets.all.map(({ name }) => name)).toEqual([SECRET, WRITE_TOKEN]);
    stage.expectNothingSpent();
  }
});

/** How GitHub answers the token that reads the metadata of the secret. */
async function statusWith(token: string): Promise<number> {
  const { url } = stage.world.github.server;
  const response = await fetch(`${url}/repos/octo/app/actions/secrets/${SECRET}`, {
    headers: { authorization: `Bearer ${token}`, "user-agent": "test", "x-github-api-version": "2022-11-28" },
  });
  await response.text();
  return response.status;
}
