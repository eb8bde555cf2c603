import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { GitHub, type Organization, type Permissions, type Repository } from "../../../lab/github/github.ts";
import { appCopyAccess, tokenCopyAccess } from "../../../src/adapters/github/copy-access.ts";
import { sodiumSealedBox } from "../../../src/adapters/sodium/sealed-box.ts";
import { parseDestinations } from "../../../src/core/copies/parse-destinations.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { CopyAccess, CopyReach, CopySecrets } from "../../../src/ports/copies.ts";
import type { Clock } from "../../../src/ports/machine.ts";
import type { Log } from "../../../src/ports/runner.ts";

const COPY = "CODEX_ACCESS_JSON";
const clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => {} };

let github: GitHub;
let app: Repository;
let widgets: Repository;
let acme: Organization;
let masked: string[];

beforeEach(async () => {
  github = await GitHub.start(new LabClock());
  app = github.repository("octo/app");
  widgets = github.repository("acme/widgets");
  acme = github.organization("acme");
  masked = [];
});
afterEach(() => github.stop());

function context() {
  const ignore = (): void => {};
  const log: Log = {
    ...{ info: ignore, warning: ignore, error: ignore, debug: ignore, group: ignore, endGroup: ignore },
    mask: (secret) => void masked.push(secret.reveal()),
  };
  return { apiUrl: github.server.url, clock, log };
}

function destinations(...lines: string[]) {
  const place = {
    owner: "octo",
    repository: "app",
    repositoryId: "1",
    environment: null,
    secretName: "LOGIN",
  };
  return parseDestinations(lines.join("\n"), place, "x");
}

async function open(
  access: CopyAccess,
  ...lines: string[]
): Promise<{ reach: CopyReach; all: CopySecrets[] }> {
  const reach = access.open(destinations(...lines));
  const all: CopySecrets[] = [];
  for (const { scope } of destinations(...lines)) all.push(await reach.secretsOf(scope));
  return { reach, all };
}

function withToken(permissions: Permissions, more: Parameters<GitHub["token"]>[2] = {}): CopyAccess {
  return tokenCopyAccess(new Secret(github.token(app, permissions, more)), context());
}

async function write(secrets: CopySecrets, value: string): Promise<"created" | "updated"> {
  const sealed = await sodiumSealedBox.seal(new Secret(value), await secrets.publicKey());
  return secrets.put(COPY, sealed, await secrets.audience(COPY));
}

function paths(): string[] {
  return github.server.requests.map(({ method, path }) => `${method} ${path}`);
}

describe("with a token", () => {
  test("a repository, an environment and another repository are written", async () => {
    app.createEnvironment("a/b");
    for (const place of [{}, { environment: "a/b" }]) app.setSecret(COPY, "new", place);
    widgets.setSecret(COPY, "new");
    const access = withToken({ secrets: "write", environments: "write" }, { alsoOn: [widgets] });

    const { all } = await open(
      access,
      `secret ${COPY}`,
      `environment a/b ${COPY}`,
      `repository acme/widgets ${COPY}`,
    );
    for (const secrets of all) expect(await write(secrets, "copy CANARY")).toBe("updated");

    for (const secret of [app.secret(COPY), app.secret(COPY, { environment: "a/b" }), widgets.secret(COPY)])
      expect(secret?.value).toBe("copy CANARY");
    expect(paths()).toContain(`PUT /repos/octo/app/environments/a%2Fb/secrets/${COPY}`);
  });

  test("dates are told, and `null` for a secret that is not there", async () => {
    app.setSecret(COPY, "new");
    const [secrets] = (await open(withToken({ secrets: "read" }), `secret ${COPY}`)).all;

    const at = app.secret(COPY)?.updatedAt;
    expect(await secrets?.metadata(COPY)).toEqual({ createdAt: at, updatedAt: at });
    expect(await secrets?.metadata("OTHER")).toBeNull();
  });

  test("an organization's secret keeps its hundred and fifty repositories", async () => {
    const many = Array.from({ length: 150 }, (_, index) => github.repository(`acme/r${index}`));
    acme.setSecret(COPY, "new", many);
    const before = [...acme.audienceOf(COPY).repositories];
    const access = withToken({ organization_secrets: "write" }, { organizations: [acme] });
    const [secrets] = (await open(access, `organization acme ${COPY}`)).all;
    if (!secrets) throw new Error("no secrets");

    const audience = await secrets.audience(COPY);
    expect(await write(secrets, "copy")).toBe("updated");

    expect(audience?.repositories).toHaveLength(150);
    expect(acme.audienceOf(COPY)).toEqual({
      visibility: "selected",
      repositories: before.sort((a, b) => a - b),
    });
    expect(await secrets.audience(COPY)).toEqual(audience);
    expect(await secrets.repository()).toBeNull();
  });

  test.each(["all", "private"] as const)(
    "an organization's secret stays visible to %s",
    async (visibility) => {
      acme.setSecret(COPY, "new", visibility);
      const access = withToken({ organization_secrets: "write" }, { organizations: [acme] });
      const [secrets] = (await open(access, `organization acme ${COPY}`)).all;
      if (!secrets) throw new Error("no secrets");

      await write(secrets, "copy");

      expect(acme.audienceOf(COPY).visibility).toBe(visibility);
      expect(acme.secrets.get(COPY)?.value).toBe("copy");
    },
  );

  test("an organization whose list has holes is not believed", async () => {
    acme.setSecret(COPY, "new", [widgets]);
    github.server.intercept(async (request, next) =>
      request.path.endsWith("/repositories")
        ? { status: 200, body: { total_count: 2, repositories: [{ id: widgets.id }] } }
        : next(),
    );
    const access = withToken({ organization_secrets: "write" }, { organizations: [acme] });
    const [secrets] = (await open(access, `organization acme ${COPY}`)).all;

    await expect(secrets?.audience(COPY)).rejects.toMatchObject({
      message: "GitHub's API names 1 of the 2 repositories that the secret is visible to.",
    });
  });

  test("a repository is told under its present name, and not written under its former one", async () => {
    widgets.setSecret(COPY, "new");
    const access = withToken({ secrets: "write" }, { alsoOn: [widgets] });
    const [secrets] = (await open(access, `repository acme/widgets ${COPY}`)).all;
    if (!secrets) throw new Error("no secrets");
    github.rename(widgets, "other/gadgets");

    expect(await secrets.repository()).toEqual({
      id: String(widgets.id),
      owner: "other",
      repository: "gadgets",
    });
    expect(await secrets.metadata(COPY)).not.toBeNull();
    await expect(write(secrets, "copy")).rejects.toMatchObject({ status: 307 });
    await expect(secrets.remove(COPY)).rejects.toMatchObject({ status: 307 });

    expect(widgets.secret(COPY)?.value).toBe("new");
  });

  test("an archived repository says so itself", async () => {
    widgets.setSecret(COPY, "new");
    widgets.archived = true;
    const access = withToken({ secrets: "write" }, { alsoOn: [widgets] });
    const [secrets] = (await open(access, `repository acme/widgets ${COPY}`)).all;
    if (!secrets) throw new Error("no secrets");

    await expect(write(secrets, "copy")).rejects.toMatchObject({
      status: 403,
      said: "Repository was archived so is read-only.",
    });
  });

  test("a secret that is taken away again is gone", async () => {
    app.setSecret(COPY, "new");
    const [secrets] = (await open(withToken({ secrets: "write" }), `secret ${COPY}`)).all;

    await secrets?.remove(COPY);
    await secrets?.remove(COPY);

    expect(app.secret(COPY)).toBeUndefined();
  });
});

describe("an answer that lacks what GitHub always says", () => {
  test.each<[string, (secrets: CopySecrets) => Promise<unknown>]>([
    ["dates", (secrets) => secrets.metadata(COPY)],
    ["a key", (secrets) => write(secrets, "copy")],
    ["a name", (secrets) => secrets.repository()],
    ["a list", (secrets) => secrets.audience(COPY)],
  ])("such as %s, is told as one that did not come", async (what, act) => {
    github.server.intercept(async ({ path }) => ({
      status: 200,
      body: path.endsWith(`/orgs/acme/actions/secrets/${COPY}`) ? { visibility: "selected" } : {},
    }));
    const destination = what === "a list" ? `organization acme ${COPY}` : `secret ${COPY}`;
    const [secrets] = (await open(withToken({ secrets: "write" }), destination)).all;
    if (!secrets) throw new Error("no secrets");

    await expect(act(secrets)).rejects.toBeInstanceOf(GitHubError);
  });
});

describe("with an App", () => {
  function minted(): { permissions: object; repositories?: string[] }[] {
    return github.server.requests
      .filter(({ path }) => path.endsWith("/access_tokens"))
      .map(({ body }) => JSON.parse(body.toString("utf8")));
  }

  function register(
    permissions: Permissions,
    alsoOn: Repository[],
    organizations: Organization[] = [],
  ): CopyAccess {
    const { clientId, privateKeyPem } = github.app({ repository: app, permissions, alsoOn, organizations });
    return appCopyAccess({ clientId, privateKey: new Secret(privateKeyPem) }, context());
  }

  test("one token for each owner and permission is minted, used, masked and revoked", async () => {
    const gadgets = github.repository("acme/gadgets");
    app.createEnvironment("codex");
    app.setSecret(COPY, "new", { environment: "codex" });
    for (const repository of [app, widgets, gadgets]) repository.setSecret(COPY, "new");
    acme.setSecret(COPY, "new", [widgets]);
    const access = register(
      { secrets: "write", environments: "write", organization_secrets: "write", variables: "write" },
      [widgets, gadgets],
      [acme],
    );

    const { reach, all } = await open(
      access,
      `secret ${COPY}`,
      `environment codex ${COPY}`,
      `repository acme/widgets ${COPY}`,
      `repository acme/gadgets ${COPY}`,
      `organization acme ${COPY}`,
    );
    for (const secrets of all) await write(secrets, "copy");
    await reach.close();

    expect(minted()).toEqual([
      { repositories: ["app"], permissions: { secrets: "write" } },
      { repositories: ["app"], permissions: { environments: "write" } },
      { repositories: ["widgets", "gadgets"], permissions: { secrets: "write" } },
      { permissions: { organization_secrets: "write" } },
    ]);
    expect(masked).toHaveLength(4);
    expect(paths().filter((path) => path === "DELETE /installation/token")).toHaveLength(4);
    expect(gadgets.secret(COPY)?.value).toBe("copy");
    expect(acme.secrets.get(COPY)?.value).toBe("copy");
    for (const token of masked) {
      const used = tokenCopyAccess(new Secret(token), context());
      const [secrets] = (await open(used, `secret ${COPY}`)).all;
      await expect(secrets?.metadata(COPY)).rejects.toMatchObject({ status: 401 });
    }
  });

  test("a repository on which it is not installed fails alone", async () => {
    const gadgets = github.repository("acme/gadgets");
    widgets.setSecret(COPY, "new");
    const access = register({ secrets: "write" }, [widgets]);

    const reach = access.open(
      destinations(
        `repository acme/gadgets ${COPY}`,
        `repository acme/widgets ${COPY}`,
        `repository nobody/x ${COPY}`,
      ),
    );
    const [missing, there, nowhere] = destinations(
      `repository acme/gadgets ${COPY}`,
      `repository acme/widgets ${COPY}`,
      `repository nobody/x ${COPY}`,
    ).map(({ scope }) => scope);
    if (!missing || !there || !nowhere) throw new Error("no scopes");

    expect(await write(await reach.secretsOf(there), "copy")).toBe("updated");
    for (const scope of [missing, nowhere])
      await expect(reach.secretsOf(scope)).rejects.toMatchObject({ code: "app-not-installed" });
    expect(gadgets.secret(COPY)).toBeUndefined();
  });

  test("a permission that it lacks is told in GitHub's words", async () => {
    acme.setSecret(COPY, "new");
    const access = register({ secrets: "write" }, [widgets], [acme]);
    const [scope] = destinations(`organization acme ${COPY}`).map((destination) => destination.scope);
    if (!scope) throw new Error("no scope");

    const reach = access.open(destinations(`organization acme ${COPY}`));

    await expect(reach.secretsOf(scope)).rejects.toMatchObject({
      code: "app-permission-missing",
      message: expect.stringMatching(
        /lacks the organization permission "Secrets: read and write" of acme \(422: `.*not granted to this installation/,
      ),
    });
  });

  test("a key that cannot be read fails at each destination", async () => {
    const { clientId } = github.app({ repository: app, permissions: { secrets: "write" } });
    const access = appCopyAccess({ clientId, privateKey: new Secret("no key") }, context());
    const [scope] = destinations(`secret ${COPY}`).map((destination) => destination.scope);
    if (!scope) throw new Error("no scope");

    const reach = access.open(destinations(`secret ${COPY}`));

    await expect(reach.secretsOf(scope)).rejects.toThrow("private key cannot be read");
  });
});
