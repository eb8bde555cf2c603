import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import { GitHub, type Permissions, type Repository, type TokenOptions } from "../../../lab/github/github.ts";
import { DROP } from "../../../lab/loopback-server.ts";
import { GitHubClient, readExpiry } from "../../../src/adapters/github/client.ts";
import { githubSecretStore } from "../../../src/adapters/github/secrets.ts";
import { sodiumSealedBox } from "../../../src/adapters/sodium/sealed-box.ts";
import { canRepair, GitHubError } from "../../../src/core/failure/github-error.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { Clock } from "../../../src/ports/machine.ts";
import type { SecretStore } from "../../../src/ports/secrets.ts";

const NAME = "CODEX_AUTH_JSON";
const SECOND = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/;

/** Moves when it is told to. */
const clock: Clock & { ms: number } = {
  ms: 1_000,
  now: () => new Date(0),
  monotonicMs: () => clock.ms,
  sleep: async () => {},
};

let labClock: LabClock;
let github: GitHub;
let repository: Repository;

beforeEach(async () => {
  labClock = new LabClock();
  github = await GitHub.start(labClock);
  repository = github.repository("octo/app");
});
afterEach(() => github.stop());

function client(token: string, apiUrl = github.server.url): GitHubClient {
  return new GitHubClient({ apiUrl, token: new Secret(token), clock, log: { debug: () => {} } });
}

function storeAs(
  permissions: Permissions,
  environment: string | null = null,
  options: TokenOptions = {},
): { store: SecretStore; client: GitHubClient } {
  const http = client(github.token(repository, permissions, options));
  const place = { owner: "octo", repository: "app", repositoryId: "7", environment, secretName: NAME };
  return { store: githubSecretStore(http, place), client: http };
}

async function put(store: SecretStore, value: string, name = NAME): Promise<"created" | "updated"> {
  return store.put(name, await sodiumSealedBox.seal(new Secret(value), await store.publicKey()));
}

describe.each([
  ["a repository", null, { secrets: "write" }],
  ["an environment", "codex", { environments: "write" }],
  ["an environment of an awkward name", "a/b c%é", { environments: "write" }],
] as const)("the secrets of %s", (_whose, environment, permissions) => {
  const place = environment === null ? {} : { environment };
  beforeEach(() => {
    if (environment !== null) repository.createEnvironment(environment);
  });

  test("are created once and updated from then on, and only GitHub can open them", async () => {
    const { store } = storeAs(permissions, environment);

    expect([await put(store, "CANARY-1"), await put(store, "CANARY-2 ✓")]).toEqual(["created", "updated"]);

    expect(repository.secret(NAME, place)).toMatchObject({ value: "CANARY-2 ✓", writes: 2 });
    const wire = github.server.requests.map(({ path, body }) => path + body.toString("latin1")).join();
    expect(wire).not.toContain("CANARY");
  });

  test("tell when they were written, in whole seconds", async () => {
    const { store } = storeAs(permissions, environment);
    await put(store, "x");
    labClock.advance(90_000);
    await put(store, "y");

    const metadata = await store.metadata(NAME);

    const secret = repository.secret(NAME, place);
    expect(metadata).toEqual({ createdAt: secret?.createdAt, updatedAt: secret?.updatedAt });
    expect(metadata?.updatedAt.toISOString()).toMatch(SECOND);
    expect(
      (metadata?.updatedAt.getTime() ?? 0) - (metadata?.createdAt.getTime() ?? 0),
    ).toBeGreaterThanOrEqual(90_000);
  });

  test("are counted, and are gone when they are removed, which may be said twice", async () => {
    const { store } = storeAs(permissions, environment);
    await put(store, "x");
    await put(store, "x", "OTHER");
    expect(await store.count()).toBe(2);

    await store.remove(NAME);
    await store.remove(NAME);

    expect(await store.count()).toBe(1);
    expect(await store.metadata(NAME)).toBeNull();
    expect(repository.secret("OTHER", place)).toBeDefined();
  });
});

describe("what a client tells the debug log", () => {
  test("is each request, and never a token, a query or a body", async () => {
    const told: string[] = [];
    const apiUrl = github.server.url;
    const token = github.token(repository, { secrets: "write" });
    const log = { debug: (sentence: string): void => void told.push(sentence) };
    const client = new GitHubClient({ apiUrl, token: new Secret(token), clock, log });
    const place = {
      owner: "octo",
      repository: "app",
      repositoryId: "1",
      environment: null,
      secretName: NAME,
    };

    await githubSecretStore(client, place).count();
    await githubSecretStore(client, place).metadata(NAME);

    expect(told).toEqual([
      expect.stringMatching(
        /^GitHub: GET \/repos\/octo\/app\/actions\/secrets: 200, request \S+.*, \d+ ms\.$/,
      ),
      expect.stringMatching(/^GitHub: GET \/repos\/octo\/app\/actions\/secrets\/\S+: 404, /),
      `The secret ${NAME} does not exist, as far as the token can see.`,
    ]);
    expect(told.join()).not.toContain(token);
  });

  test("is also that nobody answered", async () => {
    const told: string[] = [];
    const log = { debug: (sentence: string): void => void told.push(sentence) };
    const client = new GitHubClient({ apiUrl: "http://127.0.0.1:9", token: new Secret("t"), clock, log });

    await client.request("GET /zen?a=secret").catch(() => {});

    expect(told).toEqual([expect.stringMatching(/^GitHub: GET \/zen: no answer \(\w+\), \d+ ms\.$/)]);
  });
});

describe("a store's refusal", () => {
  const sealed = { keyId: "1", encryptedValue: "AAAA" };

  test.each<[string, Permissions, (store: SecretStore) => Promise<unknown>, number]>([
    ["to read the key without the permission", {}, (store) => store.publicKey(), 403],
    [
      "to tell of a secret without the permission",
      { actions: "write" },
      (store) => store.metadata(NAME),
      403,
    ],
    ["to write with the right to read", { secrets: "read" }, (store) => put(store, "x"), 403],
    ["to delete with the right to read", { secrets: "read" }, (store) => store.remove(NAME), 403],
    [
      "to write with the environments' permission",
      { environments: "write" },
      (store) => put(store, "x"),
      403,
    ],
    ["to take another key's box", { secrets: "write" }, (store) => store.put(NAME, sealed), 422],
    ["to take a name of GitHub's own", { secrets: "write" }, (store) => put(store, "x", "GITHUB_X"), 422],
  ])("%s is its status", async (_what, permissions, ask, status) => {
    const { store } = storeAs(permissions);

    const refusal = await ask(store).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(GitHubError);
    expect(refusal).toMatchObject({ status });
    expect(repository.secret(NAME)).toBeUndefined();
  });

  test("of a token that was revoked is 401, though it worked a moment ago", async () => {
    const token = github.token(repository, { secrets: "write" });
    const http = client(token);
    await http.request("GET /repos/octo/app/actions/secrets/public-key");
    github.revokeToken(token);

    await expect(http.request("GET /repos/octo/app/actions/secrets/public-key")).rejects.toMatchObject({
      status: 401,
    });
  });

  test("of a scope that is not there is 404, and for a secret's metadata nothing", async () => {
    const { store } = storeAs({ environments: "write" }, "missing");

    await expect(store.publicKey()).rejects.toMatchObject({ status: 404 });
    expect(await store.metadata(NAME)).toBeNull();
  });

  test("shows neither the token nor the body", async () => {
    const token = github.token(repository, {});

    const error = await client(token)
      .request("PUT /repos/octo/app/actions/secrets/X", { encrypted_value: "CANARY" })
      .catch((refusal: Error) => refusal);

    expect(error).toBeInstanceOf(GitHubError);
    const said = [
      String(error),
      (error as Error).stack,
      JSON.stringify(error),
      String((error as Error).cause),
    ];
    expect(said.join()).not.toContain("CANARY");
  });
});

describe("a connection", () => {
  const route = "GET /repos/octo/app/actions/secrets/public-key";

  test.each([[500], [502], [503], [429], [408]])(
    "that answers %d is tried once: who asks decides on more",
    async (status) => {
      github.server.intercept(() => ({ status, headers: { "retry-after": "7" }, body: "" }));

      await expect(client("t").request(route)).rejects.toMatchObject({ status, retryAfterMs: 7_000 });

      expect(github.server.requests).toHaveLength(1);
    },
  );

  test.each(["0", "-5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"])(
    "that says retry-after %j has no wait",
    async (value) => {
      github.server.intercept(() => ({ status: 503, headers: { "retry-after": value }, body: "" }));

      await expect(client("t").request(route)).rejects.toMatchObject({ retryAfterMs: null });
    },
  );

  const LIMITED = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  const inAMinute = (): string => String(Math.floor(Date.now() / 1000) + 90);
  test.each<[string, number, Record<string, string>, string, number | null]>([
    ["the secondary limit, in its message only", 403, {}, LIMITED, 60_000],
    ["the secondary limit, with a wait", 403, { "retry-after": "30" }, LIMITED, 30_000],
    ["the old name of it", 403, {}, "You have triggered an abuse detection mechanism.", 60_000],
    ["GITHUB_TOKEN's limit", 403, { "x-ratelimit-remaining": "0" }, "API rate limit exceeded", 60_000],
    ["too many requests", 429, {}, LIMITED, 60_000],
    ["a permission", 403, {}, "Resource not accessible by integration", null],
  ])("that answers by %s says how long to wait", async (_what, status, headers, message, waitMs) => {
    github.server.intercept(() => ({ status, headers, body: { message } }));

    const error = await client("t")
      .request(route)
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ status, said: message, retryAfterMs: waitMs });
    expect((error as Error).message).toBe(`GitHub's API answered ${status}: \`${message}\`.`);
    expect(canRepair(error as GitHubError)).toBe(waitMs !== null);
  });

  test("that says when a limit is filled again is waited for as long", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": inAMinute() };
    github.server.intercept(() => ({ status: 403, headers, body: {} }));

    const error = await client("t")
      .request(route)
      .catch((reason: GitHubError) => reason);

    expect((error as GitHubError).retryAfterMs).toBeGreaterThan(80_000);
    expect((error as GitHubError).retryAfterMs).toBeLessThan(95_000);
  });

  test("that is cut has no status", async () => {
    github.server.intercept(() => DROP);

    const error = await client("t")
      .request(route)
      .catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(GitHubError);
    expect(error).toMatchObject({ status: null, message: "GitHub's API did not answer." });
  });

  test("to nobody has no status", async () => {
    await expect(client("t", "http://127.0.0.1:9").request(route)).rejects.toMatchObject({ status: null });
  });

  test("whose answer is no object is no answer", async () => {
    const { store } = storeAs({ secrets: "write" });
    github.server.intercept(() => ({ status: 200, body: "<html>" }));

    await expect(store.metadata(NAME)).rejects.toBeInstanceOf(GitHubError);
    await expect(store.publicKey()).rejects.toBeInstanceOf(GitHubError);
  });

  test("whose answer has no dates is no answer", async () => {
    const { store } = storeAs({ secrets: "write" });
    github.server.intercept(() => ({ status: 200, body: { name: NAME } }));

    await expect(store.metadata(NAME)).rejects.toBeInstanceOf(GitHubError);
  });

  test("that never answers is given up after ten seconds", async () => {
    let release = (): void => {};
    const hanging = new Promise<void>((resolve) => {
      release = resolve;
    });
    github.server.intercept(async (_request, next) => {
      await hanging;
      return next();
    });

    const outcome = await client("t")
      .request(route)
      .catch((error: unknown) => error);
    release();

    expect(outcome).toMatchObject({ status: null });
  });
});

describe("the server's clock", () => {
  test("is known from an answer and goes on with our own, however wrong that is", async () => {
    labClock.advance(400 * 86_400_000);
    const { client: http, store } = storeAs({ secrets: "write" });
    await store.publicKey();
    const asked = github.server.requests.length;

    const first = await http.now();
    clock.ms += 5_000;
    const later = await http.now();

    expect(Math.abs(first.getTime() - labClock.now().getTime())).toBeLessThan(3_000);
    expect(later.getTime() - first.getTime()).toBe(5_000);
    expect(github.server.requests).toHaveLength(asked);
  });

  test("is known from a refusal, too", async () => {
    const { client: http, store } = storeAs({});
    await store.publicKey().catch(() => {});

    expect(Math.abs((await http.now()).getTime() - labClock.now().getTime())).toBeLessThan(3_000);
    expect(github.server.requests).toHaveLength(1);
  });

  test("is asked for where nothing was ever answered, and without an answer there is none", async () => {
    expect((await client("t").now()).getTime()).toBeGreaterThan(labClock.now().getTime() - 3_000);

    await expect(client("t", "http://127.0.0.1:9").now()).rejects.toBeInstanceOf(GitHubError);
  });
});

describe("the token's end", () => {
  const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 30 * 86_400_000);

  test.each(["utc", "offset"] as const)(
    "is read from the header in its form %s",
    async (expirationHeader) => {
      const { client: http, store } = storeAs({ secrets: "write" }, null, { expiresAt, expirationHeader });
      expect(http.tokenExpiresAt()).toBeNull();

      await store.publicKey();

      expect(http.tokenExpiresAt()).toEqual(expiresAt);
    },
  );

  test("is unknown where no header tells", async () => {
    const { client: http, store } = storeAs({ secrets: "write" }, null, {
      expiresAt,
      expirationHeader: "absent",
    });

    await store.publicKey();

    expect(http.tokenExpiresAt()).toBeNull();
  });

  test.each<[unknown, string | null]>([
    ["2026-12-01 10:00:00 UTC", "2026-12-01T10:00:00.000Z"],
    ["2026-12-01 10:00:00 +0200", "2026-12-01T08:00:00.000Z"],
    ["2026-12-01 10:00:00 -0730", "2026-12-01T17:30:00.000Z"],
    ["2026-12-01", null],
    ["2026-13-01 10:00:00 UTC", null],
    ["2026-12-01 10:00:00", null],
    ["2026-12-01 10:00:00 CET", null],
    ["2026-12-01T10:00:00Z", null],
    ["", null],
    [undefined, null],
    [1_795_000_000, null],
  ])("%j is %p", (header, date) => {
    expect(readExpiry(header)?.toISOString() ?? null).toBe(date);
  });
});
