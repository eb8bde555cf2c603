import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Organization, Repository } from "../../../lab/github/github.ts";
import { Desk } from "../command-line.ts";

const SEED = ["seed", "--repo", "octo/app", "--json"];
const COPY = "CODEX_ACCESS_JSON";

let desk: Desk;
let widgets: Repository;
let octo: Organization;
beforeEach(async () => {
  desk = await Desk.set();
  widgets = desk.world.github.repository("acme/widgets");
  octo = desk.world.github.organization("octo");
});
afterEach(() => desk.clear());

/** The person's token: an administrator of more than the one repository. */
function person(): Record<string, string> {
  const { github } = desk.world;
  const ofRepository = { secrets: "write", variables: "write", environments: "write" } as const;
  const permissions = { ...ofRepository, organization_secrets: "write" } as const;
  return {
    GH_TOKEN: github.token(desk.repository, permissions, { alsoOn: [widgets], organizations: [octo] }),
  };
}

function to(...destinations: string[]): string[] {
  return destinations.flatMap((destination) => ["--copy-to", destination]);
}

function expectCopy(value: string | undefined): void {
  const { tokens } = JSON.parse(value ?? "{}") as { tokens: Record<string, string> };
  const stored = JSON.parse(desk.repository.secret("CODEX_AUTH_JSON")?.value ?? "{}");
  expect(tokens).toMatchObject({ refresh_token: "", access_token: stored.tokens.access_token });
}

describe("seed --copy-to", () => {
  test("creates what is missing, an organization's for the seeded repository alone", async () => {
    desk.repository.createEnvironment("a/b");
    const destinations = [
      `secret ${COPY}`,
      `environment a/b ${COPY}`,
      `repository acme/widgets ${COPY}`,
      `organization octo ${COPY}`,
    ];

    const ended = await desk.runAndLogIn([...SEED, ...to(...destinations)], { environment: person() });

    expect(ended.exitCode).toBe(0);
    expectCopy(desk.repository.secret(COPY)?.value);
    expectCopy(desk.repository.secret(COPY, { environment: "a/b" })?.value);
    expectCopy(widgets.secret(COPY)?.value);
    expectCopy(octo.secrets.get(COPY)?.value);
    expect(octo.audienceOf(COPY)).toEqual({ visibility: "selected", repositories: [desk.repository.id] });
    const { access_copies, events } = JSON.parse(ended.stdout);
    expect(access_copies).toEqual(destinations);
    expect(events.join(" ")).toContain(
      `Created organization octo ${COPY} with an access copy, visible to octo/app only: add the others`,
    );
    expect(
      JSON.parse(desk.repository.secret("CODEX_AUTH_JSON")?.value ?? "{}").tokens.refresh_token,
    ).not.toBe("");
  });

  test("leaves an organization's audience as it is", async () => {
    octo.setSecret(COPY, "no-copy-yet", "all");

    const ended = await desk.runAndLogIn([...SEED, ...to(`organization octo ${COPY}`)], {
      environment: person(),
    });

    expect(ended.exitCode).toBe(0);
    expectCopy(octo.secrets.get(COPY)?.value);
    expect(octo.audienceOf(COPY).visibility).toBe("all");
  });

  test("does not widen an organization's audience that somebody narrows while it tries again", async () => {
    const others = ["octo/a", "octo/b"].map((name) => desk.world.github.repository(name));
    octo.setSecret(COPY, "no-copy-yet", others);
    const stop = desk.world.github.server.intercept((request, next) => {
      if (request.method !== "PUT" || !request.path.endsWith(`/orgs/octo/actions/secrets/${COPY}`))
        return next();
      stop();
      octo.setSecret(COPY, "no-copy-yet", others.slice(1));
      return { status: 502, body: {} };
    });

    const ended = await desk.runAndLogIn([...SEED, ...to(`organization octo ${COPY}`)], {
      environment: person(),
    });

    expect(ended.exitCode).toBe(0);
    expect(octo.audienceOf(COPY).repositories).toEqual([others[1]?.id]);
  });

  test.each([
    [`secret codex_auth_json`, "has the name of the login's secret"],
    [`secrets ${COPY}`, "is no kind of destination"],
  ])("refuses `%s` before anything is asked", async (destination, words) => {
    const ended = await desk.run([...SEED, ...to(destination)], { environment: person() });

    expect(ended.exitCode).toBe(2);
    expect(ended.stderr).toContain(words);
    expect(desk.world.github.server.requests).toEqual([]);
  });

  test("asks nobody to log in for a destination that the token does not reach", async () => {
    const ended = await desk.run([...SEED, ...to(`repository acme/nowhere ${COPY}`)], {
      environment: person(),
    });

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("[access-copy-failed]");
    expect(ended.stderr).toContain("The login has not been stored.");
    expect(ended.stderr).toContain("Your token needs");
    expect(desk.world.openai.pendingDeviceCodes).toEqual([]);
    expect(desk.repository.secret("CODEX_AUTH_JSON")).toBeUndefined();
  });

  test("asks nobody to log in for a destination that the write token does not reach", async () => {
    desk.repository.createEnvironment("codex");
    const writeToken = desk.world.github.token(desk.repository, { environments: "write" });

    const ended = await desk.run(
      [...SEED, "--environment", "codex", "--write-token", ...to(`secret ${COPY}`)],
      { environment: { ...person(), CODEX_SECRET_WRITE_TOKEN: writeToken } },
    );

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("[access-copy-failed]");
    expect(ended.stderr).toContain(
      'The write token needs the repository permission "Secrets: read and write" for octo/app.',
    );
    expect(desk.world.openai.pendingDeviceCodes).toEqual([]);
    expect(desk.repository.secret("CODEX_AUTH_JSON", { environment: "codex" })).toBeUndefined();
  });

  test("asks nobody to log in for a destination that the App does not reach", async () => {
    const { clientId, privateKeyPem } = await desk.world.github.app({
      repository: desk.repository,
      permissions: { secrets: "write", variables: "write" },
    });
    const key = await desk.file("app.pem", privateKeyPem);

    const ended = await desk.run(
      [
        ...[...SEED, "--client-id", clientId, "--private-key-file", key],
        ...to(`repository acme/widgets ${COPY}`),
      ],
      { environment: person() },
    );

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("The GitHub App is not installed on acme/widgets");
    expect(desk.world.openai.pendingDeviceCodes).toEqual([]);
  });

  test("stores the login and the other copies where one fails", async () => {
    desk.world.github.server.intercept((request, next) =>
      request.method === "PUT" && request.path.endsWith(`/widgets/actions/secrets/${COPY}`)
        ? { status: 403, body: { message: "Repository was archived so is read-only." } }
        : next(),
    );

    const ended = await desk.runAndLogIn(
      [...SEED, ...to(`repository acme/widgets ${COPY}`, `secret ${COPY}`)],
      { environment: person() },
    );

    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain("Repository was archived so is read-only.");
    expect(ended.stderr).toContain("The login itself is stored.");
    expectCopy(desk.repository.secret(COPY)?.value);
  });

  test("is told by a rehearsal, which writes nothing", async () => {
    const ended = await desk.run([...SEED, "--dry-run", ...to(`secret ${COPY}`)], { environment: person() });

    expect(JSON.parse(ended.stdout).would).toContain(`write an access copy to secret ${COPY}`);
    expect(desk.repository.secret(COPY)).toBeUndefined();
  });
});
