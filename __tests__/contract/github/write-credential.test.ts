import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LabClock } from "../../../lab/clock.ts";
import {
  type AppCredentials,
  GitHub,
  type Permissions,
  type Repository,
} from "../../../lab/github/github.ts";
import { type Answer, DROP } from "../../../lab/loopback-server.ts";
import { appCredential, tokenCredential } from "../../../src/adapters/github/write-credential.ts";
import { sodiumSealedBox } from "../../../src/adapters/sodium/sealed-box.ts";
import { Failure } from "../../../src/core/failure/failure.ts";
import { GitHubError } from "../../../src/core/failure/github-error.ts";
import { Secret } from "../../../src/core/login/secret.ts";
import type { Clock } from "../../../src/ports/machine.ts";
import type { Log } from "../../../src/ports/runner.ts";
import type { WriteCredential, WriteSession } from "../../../src/ports/secrets.ts";

const NAME = "CODEX_AUTH_JSON";
/** What a repository's App needs. */
const BOTH: Permissions = { secrets: "write", variables: "write" };
const clock: Clock = { now: () => new Date(), monotonicMs: () => 0, sleep: async () => {} };

let github: GitHub;
let repository: Repository;
let masked: string[];

beforeEach(async () => {
  github = await GitHub.start(new LabClock());
  repository = github.repository("octo/app");
  repository.createEnvironment("codex");
  masked = [];
});
afterEach(() => github.stop());

function surroundings(environment: string | null = null, apiUrl = github.server.url) {
  const ignore = (): void => {};
  const log: Log = {
    info: ignore,
    warning: ignore,
    error: ignore,
    debug: ignore,
    group: ignore,
    endGroup: ignore,
    mask: (secret) => void masked.push(secret.reveal()),
  };
  const place = { owner: "octo", repository: "app", repositoryId: "7", environment, secretName: NAME };
  return { apiUrl, place, clock, log };
}

function app(
  credentials: Pick<AppCredentials, "clientId" | "privateKeyPem">,
  environment: string | null = null,
): WriteCredential {
  return appCredential(
    credentials.clientId,
    new Secret(credentials.privateKeyPem),
    surroundings(environment),
  );
}

const register = (permissions: Permissions): AppCredentials => github.app({ repository, permissions });

async function put(session: WriteSession, value: string): Promise<string> {
  const { store } = session;
  return store.put(NAME, await sodiumSealedBox.seal(new Secret(value), await store.publicKey()));
}

/** What was asked of the endpoint that mints tokens. */
function minted(): { permissions?: object; repositories?: string[] }[] {
  return github.server.requests
    .filter(({ path }) => path.endsWith("/access_tokens"))
    .map(({ body }) => JSON.parse(body.toString("utf8")));
}

describe("a token", () => {
  test("writes until its session is closed, and is left as it was", async () => {
    const credential = tokenCredential(
      new Secret(github.token(repository, { secrets: "write" })),
      surroundings(),
    );

    const session = await credential.open();
    await put(session, "CANARY-1");
    await session.close();

    expect(credential.kind).toBe("token");
    expect(repository.secret(NAME)?.value).toBe("CANARY-1");
    expect(github.server.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
    expect(await put(await credential.open(), "CANARY-2")).toBe("updated");
  });

  test("tells its end once it has been used", async () => {
    const expiresAt = new Date(Math.floor(Date.now() / 1000) * 1000 + 86_400_000);
    const token = github.token(repository, { secrets: "write" }, { expiresAt });
    const session = await tokenCredential(new Secret(token), surroundings()).open();
    expect(session.expiresAt()).toBeNull();

    await session.store.count();

    expect(session.expiresAt()).toEqual(expiresAt);
  });

  test("is not used before it is needed", async () => {
    await tokenCredential(new Secret("unknown"), surroundings()).open();

    expect(github.server.requests).toEqual([]);
  });
});

describe("an App", () => {
  test("writes with a token of its own, hidden from the log, and revokes it", async () => {
    const credential = app(register({ ...BOTH, contents: "write" }));

    const session = await credential.open();
    await put(session, "CANARY");
    await session.close();

    expect(credential.kind).toBe("app");
    expect(repository.secret(NAME)?.value).toBe("CANARY");
    expect(github.tokens).toEqual(masked);
    await expect(session.store.count()).rejects.toMatchObject({ status: 401 });
  });

  test.each<[Record<string, string>, string | null]>([
    [{ secrets: "write", actions_variables: "write" }, null],
    [{ environments: "write" }, "codex"],
  ])(
    "asks for the permissions %j and no other, on this repository and no other",
    async (permissions, environment) => {
      const everything = {
        secrets: "write",
        variables: "write",
        environments: "write",
        contents: "write",
        issues: "write",
      } as const;
      const session = await app(register(everything), environment).open();

      await put(session, "CANARY");

      expect(minted()).toMatchObject([{ repositories: ["app"] }]);
      expect(minted()[0]?.permissions).toEqual(permissions);
      await session.close();
    },
  );

  test("mints a token each time it is opened", async () => {
    const credential = app(register(BOTH));

    const first = await credential.open();
    await first.close();
    const second = await credential.open();

    expect(await put(second, "CANARY")).toBe("created");
    expect(new Set(github.tokens).size).toBe(2);
    await second.close();
  });

  test.each<[string, (pem: string) => string]>([
    ["with escaped newlines", (pem) => pem.replaceAll("\n", "\\n")],
    ["with escaped newlines and blanks around", (pem) => `  ${pem.replaceAll("\n", "\\n")}\n`],
    ["with CRLF", (pem) => pem.replaceAll("\n", "\r\n")],
    ["without its last newline", (pem) => pem.trimEnd()],
  ])("takes its key %s", async (_how, change) => {
    const { clientId, privateKeyPem } = register(BOTH);

    const session = await app({ clientId, privateKeyPem: change(privateKeyPem) }).open();

    expect(await put(session, "CANARY")).toBe("created");
  });

  test("takes its number for its client ID", async () => {
    const { appId, privateKeyPem } = register(BOTH);

    const session = await app({ clientId: String(appId), privateKeyPem }).open();

    expect(await put(session, "CANARY")).toBe("created");
  });

  test("is closed in peace even when its token cannot be revoked", async () => {
    const session = await app(register(BOTH)).open();
    github.server.intercept(() => DROP);

    await expect(session.close()).resolves.toBeUndefined();
  });
});

describe("an App that cannot write", () => {
  const otherKey = (): string =>
    generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs1", format: "pem" })
      .toString();

  test.each<[string, () => WriteCredential, string]>([
    [
      "because of another App's key",
      () => app({ ...register({}), privateKeyPem: otherKey() }),
      "app-invalid",
    ],
    [
      "because nobody knows its client ID",
      () => app({ ...register({}), clientId: "Iv23CANARY" }),
      "app-invalid",
    ],
    ["because its key is none", () => app({ ...register({}), privateKeyPem: "CANARY" }), "app-invalid"],
    [
      "because its key is cut",
      () => {
        const { clientId, privateKeyPem } = register(BOTH);
        return app({ clientId, privateKeyPem: privateKeyPem.slice(0, 400) });
      },
      "app-invalid",
    ],
    [
      "because it is installed elsewhere",
      () => app(github.app({ repository: github.repository("octo/other"), permissions: BOTH })),
      "app-not-installed",
    ],
    ["for want of the permission", () => app(register({ contents: "write" })), "app-permission-missing"],
    [
      "for want of the right to write",
      () => app(register({ ...BOTH, secrets: "read" })),
      "app-permission-missing",
    ],
    ["for want of Secrets", () => app(register({ variables: "write" })), "app-permission-missing"],
    ["for want of Variables", () => app(register({ secrets: "write" })), "app-permission-missing"],
    [
      "for want of the environments' permission",
      () => app(register(BOTH), "codex"),
      "app-permission-missing",
    ],
  ])("%s says so, and nothing of its key", async (_why, credential, code) => {
    const failure = await credential()
      .open()
      .catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ code });
    const { message, hint, stack, cause } = failure as Failure;
    if (code === "app-permission-missing")
      expect(message).toMatch(/"(Variables|Environments): read and write"/);
    expect([message, hint, stack, String(cause)].join()).not.toMatch(/CANARY|PRIVATE KEY/);
    expect(github.tokens).toEqual([]);
  });

  test.each([
    ["503", (): Answer => ({ status: 503 }), 503],
    ["429", (): Answer => ({ status: 429 }), 429],
    ["no answer", (): Answer => DROP, null],
  ] as const)("because of %s may be tried again", async (_what, answer, status) => {
    const credential = app(register(BOTH));
    github.server.intercept(answer);

    const error = await credential.open().catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(GitHubError);
    expect(error).toMatchObject({ status });
  });
});
