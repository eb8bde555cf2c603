import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Inputs, mayRefresh, secretValues } from "../../src/action/inputs.ts";
import { refusalOf, stepInputs } from "./step-inputs.ts";

const HOUR_MS = 3_600_000;
const HOST = { "home-lifetime": "persistent", "codex-home": "/opt/svc/.codex" };
const APP = { "client-id": "Iv1.app", "private-key": "CANARY-private-key" };
const TOKEN = { "secret-write-token": "CANARY-token" };

describe("a step that says nothing", () => {
  test("is a refresh job of the repository secret CODEX_AUTH_JSON that refreshes when it must", () => {
    const inputs = stepInputs();

    expect(inputs).toMatchObject({
      secret: null,
      secretName: "CODEX_AUTH_JSON",
      environment: null,
      writeCredential: { kind: "none" },
      githubToken: null,
      refresh: "auto",
      refreshWindowMs: 72 * HOUR_MS,
      minimumLifetimeMs: 6 * HOUR_MS,
    });
  });

  test("keeps the login from the job in every way there is", () => {
    const inputs = stepInputs();

    expect(inputs).toMatchObject({
      refreshToken: "withheld",
      protectAuth: "profile",
      sandbox: "workspace-write",
      homeLifetime: "ephemeral",
      codexHome: null,
      codexEnvironment: {},
      allowPublicRepository: false,
      allowUsers: [],
      allowBots: false,
    });
  });

  test("starts nothing, asks nobody, and hands over by the cache", () => {
    const inputs = stepInputs();

    expect(inputs).toMatchObject({
      run: null,
      shell: "bash",
      prompt: null,
      workingDirectory: null,
      codexVersion: null,
      handoff: "cache",
      concurrencyCheck: "warn",
      alertIssue: false,
      reseed: false,
      expectedAccountId: null,
    });
  });
});

describe("an input", () => {
  test.each<[string, string, Partial<Inputs>]>([
    ["secret-name", "OTHER_1", { secretName: "OTHER_1" }],
    ["environment", "codex", { environment: "codex" }],
    ["refresh", "force", { refresh: "force" }],
    ["refresh", "never", { refresh: "never" }],
    ["refresh", "auto", { refresh: "auto" }],
    ["refresh-window", "30m", { refreshWindowMs: HOUR_MS / 2 }],
    ["minimum-lifetime", "90s", { minimumLifetimeMs: 90_000 }],
    ["refresh-token", "present", { refreshToken: "present" }],
    ["refresh-token", "withheld", { refreshToken: "withheld" }],
    ["run", "codex exec hello", { run: "codex exec hello" }],
    ["shell", "sh", { shell: "sh" }],
    ["sandbox", "read-only", { sandbox: "read-only" }],
    ["sandbox", "workspace-write", { sandbox: "workspace-write" }],
    ["sandbox", "danger-full-access", { sandbox: "danger-full-access" }],
    ["working-directory", "packages/app", { workingDirectory: "packages/app" }],
    ["codex-home", "/opt/home", { codexHome: "/opt/home" }],
    ["codex-env", "RUST_LOG=debug\nA=b", { codexEnvironment: { RUST_LOG: "debug", A: "b" } }],
    ["protect-auth", "enforced", { protectAuth: "enforced" }],
    ["protect-auth", "off", { protectAuth: "off" }],
    ["protect-auth", "profile", { protectAuth: "profile" }],
    ["handoff", "off", { handoff: "off" }],
    ["handoff", "cache", { handoff: "cache" }],
    ["concurrency-check", "fail", { concurrencyCheck: "fail" }],
    ["concurrency-check", "off", { concurrencyCheck: "off" }],
    ["concurrency-check", "warn", { concurrencyCheck: "warn" }],
    ["home-lifetime", "ephemeral", { homeLifetime: "ephemeral" }],
    ["allow-public-repository", "true", { allowPublicRepository: true }],
    ["allow-public-repository", "false", { allowPublicRepository: false }],
    ["allow-users", "ann, octo-bot[bot],,ann_corp ", { allowUsers: ["ann", "octo-bot[bot]", "ann_corp"] }],
    ["allow-users", "*", { allowUsers: ["*"] }],
    ["allow-bots", "true", { allowBots: true }],
    ["alert-issue", "true", { alertIssue: true }],
    ["reseed", "true", { reseed: true }],
    ["expected-account-id", "account-1", { expectedAccountId: "account-1" }],
  ])("%s: %j is meant as it is written", (name, value, meant) => {
    expect(stepInputs({ [name]: value })).toMatchObject(meant);
  });

  test("that is a secret is read, and shown to nobody who prints the inputs", () => {
    const given = { "codex-auth-json": "CANARY-document", "github-token": "CANARY-of-the-job" };

    const inputs = stepInputs({ ...given, ...TOKEN });

    expect(inputs.secret?.reveal()).toBe("CANARY-document");
    expect(inputs.githubToken?.reveal()).toBe("CANARY-of-the-job");
    expect(JSON.stringify(inputs)).not.toContain("CANARY");
  });

  test.each([
    ["refresh", "auto, force, never"],
    ["refresh-token", "withheld, present"],
    ["sandbox", "workspace-write, read-only, danger-full-access"],
    ["protect-auth", "profile, enforced, off"],
    ["handoff", "cache, off"],
    ["concurrency-check", "warn, fail, off"],
    ["home-lifetime", "ephemeral, persistent"],
    ["allow-public-repository", "false, true"],
    ["allow-bots", "false, true"],
    ["alert-issue", "false, true"],
    ["reseed", "false, true"],
  ])("%s with a word it does not know is refused, and told what it knows", (name, words) => {
    expect(refusalOf({ [name]: "CANARY" })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining(`\`${name}\``),
      hint: expect.stringContaining(words),
    });
  });

  test("has no other words for its choices: no capitals, no parts, no blanks", () => {
    const nearly = fc.constantFrom("Never", "FORCE", "nev", "nevers", " never", "never,");
    const words = fc.oneof(nearly, fc.string({ minLength: 1 }));

    fc.assert(
      fc.property(words, (refresh) => {
        fc.pre(!["auto", "force", "never"].includes(refresh));
        expect(() => stepInputs({ refresh })).toThrow(expect.objectContaining({ code: "input-invalid" }));
      }),
    );
  });

  test.each(["refresh-window", "minimum-lifetime"])(
    "%s that is no duration is refused by its name",
    (name) => {
      expect(refusalOf({ [name]: "soon" })).toMatchObject({
        code: "input-invalid",
        message: expect.stringContaining(`\`${name}\``),
        hint: expect.stringContaining("72h"),
      });
    },
  );
});

describe("secret-name", () => {
  test.each(["A", "_", "a1", "CODEX_AUTH_JSON_OF_HOST_1", "_9"])("may be %j", (name) => {
    expect(stepInputs({ "secret-name": name }).secretName).toBe(name);
  });

  test.each([
    "1A",
    "A-B",
    "A B",
    "A/B",
    "../A",
    "Ä",
    "A'; CANARY",
    `${"$"}{{ secrets.A }}`,
    "A\n",
    "A.B",
    "9",
    " A",
  ])("may not be %j, which would not stay one segment of a path", (name) => {
    expect(refusalOf({ "secret-name": name })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("`secret-name`"),
      hint: expect.stringMatching(/letters, digits and underscores/),
    });
  });
});

describe("codex-version", () => {
  test.each(["0.169.0", "10.20.30", "0.170.0-alpha.1", "1.2.3+build.5", "1.2.3-rc-1"])(
    "may be %s",
    (version) => {
      expect(stepInputs({ "codex-version": version }).codexVersion).toBe(version);
    },
  );

  test.each([
    "latest",
    "0.169",
    "0.169.x",
    "v0.169.0",
    "^0.169.0",
    "0.169.0 || 1",
    "0.169.0.1",
    "0.169.0-",
    "0.169.0-a b",
    "x0.169.0",
    "0.a.0",
    "a.1.0",
    "0.1.0\n",
    "npm:other@1.0.0",
  ])("may not be %j: what is installed is known beforehand", (version) => {
    expect(refusalOf({ "codex-version": version })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("`codex-version`"),
      hint: expect.stringContaining("exactly"),
    });
  });
});

describe("the write token", () => {
  test("is the token that is given", () => {
    const { writeCredential } = stepInputs(TOKEN);

    expect(writeCredential).toMatchObject({ kind: "token" });
    expect(writeCredential.kind === "token" && writeCredential.token.reveal()).toBe("CANARY-token");
  });

  test("is the GitHub App whose client ID and key are given", () => {
    const { writeCredential } = stepInputs(APP);

    expect(writeCredential).toMatchObject({ kind: "app", clientId: "Iv1.app" });
    expect(writeCredential.kind === "app" && writeCredential.privateKey.reveal()).toBe("CANARY-private-key");
  });

  test.each([
    ["a whole App", { ...TOKEN, ...APP }],
    ["a client ID", { ...TOKEN, "client-id": "Iv1.app" }],
    ["a private key", { ...TOKEN, "private-key": "CANARY-private-key" }],
  ])("is not a token beside %s", (_what, given) => {
    expect(refusalOf(given)).toMatchObject({
      code: "write-token-invalid",
      message: expect.stringContaining("Both `secret-write-token` and a GitHub App"),
      hint: expect.stringContaining("Keep one of them"),
    });
  });

  test.each([
    ["key", { "client-id": "Iv1.app" }, "lacks its `private-key`"],
    ["client ID", { "private-key": "CANARY-private-key" }, "lacks its `client-id`"],
  ])("is not an App without its %s, and is told why one may arrive empty", (_what, given, lack) => {
    expect(refusalOf(given)).toMatchObject({
      code: "write-token-invalid",
      message: expect.stringContaining(lack),
      hint: expect.stringMatching(/Pass both.*`environment:`/),
    });
  });
});

describe("a Codex job", () => {
  test("cannot reseed, because it never writes the secret", () => {
    expect(refusalOf({ refresh: "never", reseed: "true" })).toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(/`refresh: never`.*`reseed: true`/),
      hint: expect.stringContaining("`refresh: never`"),
    });
  });
});

describe("an enforced protection", () => {
  test("is refused where there is no sandbox to enforce it in", () => {
    expect(refusalOf({ "protect-auth": "enforced", sandbox: "danger-full-access" })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("`protect-auth: enforced`"),
      hint: expect.stringContaining("`sandbox: workspace-write`"),
    });
  });

  test.each<Record<string, string>>([
    { "protect-auth": "enforced", sandbox: "read-only" },
    { "protect-auth": "enforced" },
    { "protect-auth": "profile", sandbox: "danger-full-access" },
    { "protect-auth": "off", sandbox: "danger-full-access" },
  ])("leaves %j alone", (given) => {
    expect(stepInputs(given)).toMatchObject({ protectAuth: given["protect-auth"] });
  });
});

describe("a persistent host", () => {
  test("needs a directory that outlives the job, and is shown one", () => {
    expect(refusalOf({ "home-lifetime": "persistent" })).toMatchObject({
      code: "input-invalid",
      message: expect.stringMatching(/`home-lifetime: persistent`.*`codex-home`/),
      hint: expect.stringContaining("`codex-home: /"),
    });
  });

  test.each([
    ["reseed", { reseed: "true" }, "host seed"],
    ["refresh: force", { refresh: "force" }, "host refresh"],
  ])("does not go with `%s`, which is the command line's there", (words, given, command) => {
    expect(refusalOf({ ...HOST, ...given })).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining(`\`${words}\``),
      hint: expect.stringContaining(`codex-auth-roundtrip ${command}`),
    });
  });

  test("takes everything else as it is", () => {
    expect(stepInputs({ ...HOST, prompt: "Say hello." })).toMatchObject({
      homeLifetime: "persistent",
      codexHome: "/opt/svc/.codex",
    });
  });
});

describe("a step may refresh", () => {
  test.each<[string, Record<string, string>, boolean]>([
    ["as a refresh job", {}, true],
    ["as a refresh job that is told to", { refresh: "force" }, true],
    [
      "as a refresh job whose Codex may rotate, although we are told not to",
      { refresh: "never", "refresh-token": "present" },
      true,
    ],
    ["as a refresh job whose Codex may rotate", { "refresh-token": "present" }, true],
    ["but not as a Codex job", { refresh: "never" }, false],
    ["but not on a persistent host", HOST, false],
    [
      "but not on a persistent host that holds the refresh token",
      { ...HOST, "refresh-token": "present" },
      false,
    ],
  ])("%s", (_when, given, may) => {
    expect(mayRefresh(stepInputs(given))).toBe(may);
  });
});

describe("what nothing that we start may find", () => {
  const document = { "codex-auth-json": "CANARY-document" };

  test.each<[string, Record<string, string>, string[]]>([
    ["the document and the write token", { ...document, ...TOKEN }, ["CANARY-document", "CANARY-token"]],
    ["the document and the App's key", { ...document, ...APP }, ["CANARY-document", "CANARY-private-key"]],
    ["the document alone", document, ["CANARY-document"]],
    ["the write token alone", TOKEN, ["CANARY-token"]],
    ["nothing, where nothing was given", {}, []],
  ])("is %s", (_what, given, values) => {
    expect(secretValues(stepInputs(given)).map((secret) => secret.reveal())).toEqual(values);
  });
});

test.each(["@ann", "ann bob", "ann;bob", "*.corp", "ann, ](x)", "ann, *", "*, ann"])(
  "allow-users: %j is no list of logins",
  (list) => {
    expect(refusalOf({ "allow-users": list })).toMatchObject({
      code: "input-invalid",
      message: "The input `allow-users` is no list of GitHub logins.",
      hint: expect.stringContaining("or `*` alone for everybody"),
    });
  },
);
