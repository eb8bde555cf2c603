import { afterEach, describe, expect, test } from "@jest/globals";
import { DAY_SECONDS, onlyJob, outputsOf, SECRET, Stage, WRITE_TOKEN } from "./stage.ts";

const PROBE = "CODEX_AUTH_WRITE_PROBE";

let stage: Stage;
afterEach(() => stage.strike());

/** A refresh job whose login is due, and nothing else. */
async function refreshDue(inputs: Record<string, string> = {}): Promise<ReturnType<Stage["run"]>> {
  return stage.run(stage.refreshJob({ with: { run: "echo JOB-RAN", ...inputs } }));
}

describe("where a login is stored", () => {
  test("an environment secret is stored in its environment, whose name has a slash and a space", async () => {
    stage = await Stage.set({ environment: "prod/eu west", expiresInSeconds: 2 * DAY_SECONDS });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    expect(outputsOf(result)).toMatchObject({ rotated: "true", stored: "true" });
    expect(stage.secret.writes).toBe(2);
    expect(stage.repository.environment("prod/eu west")?.all.map(({ name }) => name)).toEqual([SECRET]);
    expect(stage.repository.secrets.all.map(({ name }) => name)).toEqual([WRITE_TOKEN]);
    expect(stage.requests).toContain(`PUT /repos/octo/app/environments/prod%2Feu%20west/secrets/${SECRET}`);
    stage.expectLoginAlive();
  });

  test("a secret under another name is stored under that name", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const { value } = stage.secret;
    stage.repository.setSecret("MY_LOGIN", value);
    const mine = stage.repository.secret("MY_LOGIN");
    Object.assign(mine ?? {}, { createdAt: stage.secret.createdAt, updatedAt: stage.secret.updatedAt });

    const result = await refreshDue({
      "codex-auth-json": "$" + "{{ secrets.MY_LOGIN }}",
      "secret-name": "MY_LOGIN",
    });

    expect(result.conclusion).toBe("success");
    expect(mine?.value).toContain(stage.world.openai.livingRefreshToken(stage.login.account));
    expect(stage.secret.value).toBe(value);
  });

  test("a secret that is not at the given place stops the job before anything is created or refreshed", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });

    const result = await refreshDue({ "secret-name": "ELSEWHERE" });

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[secret-not-found]");
    expect(onlyJob(result).rawLog).not.toContain("JOB-RAN");
    expect(stage.repository.secrets.all.map(({ name }) => name)).toEqual([SECRET, WRITE_TOKEN]);
    expect(stage.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
    expect(stage.world.openai.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });

  test("a secret that is deleted while Codex refreshes is not created again, and its login is offered by hand", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    stage.world.openai.server.intercept((request, next) => {
      if (request.path === "/oauth/token") stage.repository.deleteSecret(SECRET);
      return next();
    });

    const result = await refreshDue();

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[secret-not-found]");
    expect(stage.repository.secret(SECRET)).toBeUndefined();
    expect(onlyJob(result).log).toContain(`gh api --method PUT 'repos/octo/app/actions/secrets/${SECRET}'`);
  });

  test("an environment that does not exist stops the job before anything is created or refreshed", async () => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
    const writeToken = stage.world.github.token(stage.repository, { environments: "write" });
    stage.repository.setSecret(WRITE_TOKEN, writeToken);

    const result = await refreshDue({ environment: "nowhere" });

    expect(result.conclusion).toBe("failure");
    expect(onlyJob(result).log).toContain("[write-token-cannot-reach-repository]");
    expect(onlyJob(result).log).toContain("Check the name in `environment`");
    expect(stage.repository.environments).toEqual([]);
    expect(stage.world.openai.server.requests).toEqual([]);
    stage.expectLoginAlive();
  });
});

describe("the form in which a login is stored", () => {
  test.each([
    ["base64 on one line", (document: string) => base64(document)],
    ["base64 in wrapped lines", (document: string) => `${base64(document).replace(/.{76}/g, "$&\n")}\n`],
  ])("%s stays base64, on one line", async (_, encode) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS, encode });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    const { value } = stage.secret;
    expect(Buffer.from(value, "base64").toString("base64")).toBe(value);
    expect(Object.keys(stage.stored)).toEqual(Object.keys(JSON.parse(stage.login.document)));
    stage.expectLoginAlive();
  });

  test.each([
    ["pretty JSON", (document: string) => `${document}\n`],
    ["compact JSON", (document: string) => JSON.stringify(JSON.parse(document))],
  ])("%s becomes Codex's document on one line, and nothing else", async (_, encode) => {
    stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS, encode });

    const result = await refreshDue();

    expect(result.conclusion).toBe("success");
    expect(stage.secret.value).toBe(JSON.stringify(stage.stored));
    expect(Object.keys(stage.stored)).toEqual(Object.keys(JSON.parse(stage.login.document)));
    expect(Object.keys(stage.stored.tokens).sort()).toEqual(
      Object.keys(JSON.parse(stage.login.document).tokens).sort(),
    );
    stage.expectLoginAlive();
  });
});

test("beside the login stand a probe and the claim, which says what became of it", async () => {
  stage = await Stage.set({ expiresInSeconds: 2 * DAY_SECONDS });
  const during: string[][] = [];
  stage.world.openai.server.intercept((request, next) => {
    if (request.path === "/oauth/token")
      during.push([
        ...stage.repository.secrets.all.map(({ name }) => name),
        ...stage.claims.map(({ state }) => state),
      ]);
    return next();
  });

  await refreshDue();

  expect(during).toEqual([[SECRET, PROBE, WRITE_TOKEN, "open"]]);
  expect(stage.repository.secrets.all.map(({ name }) => name).sort()).toEqual(
    [SECRET, WRITE_TOKEN, PROBE].sort(),
  );
  expect(stage.claims).toMatchObject([
    { state: "stored", after: stage.secret.updatedAt.toISOString(), secret: SECRET },
  ]);
});

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
