import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  parseCodexEnvironment,
  repetitionsOf,
  scrubEnvironment,
} from "../../../src/core/environment/scrub.ts";
import { Secret } from "../../../src/core/login/secret.ts";

const REDIRECTING = [
  "CODEX_API_KEY",
  "CODEX_ACCESS_TOKEN",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_REFRESH_TOKEN_URL_OVERRIDE",
  "CODEX_REVOKE_TOKEN_URL_OVERRIDE",
  "CODEX_APP_SERVER_LOGIN_ISSUER",
  "CODEX_APP_SERVER_LOGIN_ANYTHING",
  "CODEX_APP_SERVER_CHATGPT_BASE_URL",
  "CODEX_AUTHAPI_BASE_URL",
  "CODEX_EXEC_SERVER_URL",
  "CODEX_EXEC_SERVER_NOISE_REGISTRY_URL",
  "CODEX_AGENT_IDENTITY_AUTHAPI_BASE_URL",
  "OPENAI_FEDERATION_RULE_ID",
  "OPENAI_IDENTITY_TOKEN_FILE",
];
const CHANNELS = [
  "INPUT_CODEX-AUTH-JSON",
  "STATE_home",
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
];

describe("the environment of what we start", () => {
  test.each([...REDIRECTING, ...CHANNELS])("has no %s, in no case", (name) => {
    const scrubbed = scrubEnvironment({ [name]: "x", [name.toLowerCase()]: "x", PATH: "/bin" }, []);

    expect(scrubbed).toEqual({ PATH: "/bin" });
  });

  test.each([
    "CODEX_SQLITE_HOME",
    "CODEX_ROLLOUT_TRACE_ROOT",
    "CODEX_EXEC_SERVER_NOISE_REGISTRY_URL",
    "OPENAI_ORGANIZATION",
    "CHATGPT_OF_TOMORROW",
    "CODEX_HOMES",
    "CODEX_CA_CERTIFICATES",
  ])("has no %s but from `codex-env`: what steers Codex is the author's to say", (name) => {
    expect(scrubEnvironment({ [name]: "/w", [name.toLowerCase()]: "/w", MY_CODEX_HOME: "/m" }, [])).toEqual({
      MY_CODEX_HOME: "/m",
    });
    expect(parseCodexEnvironment(`${name}=http://127.0.0.1`)).toEqual({ [name]: "http://127.0.0.1" });
  });

  test("has the certificate that Codex trusts, which is held to what it was before the first step", () => {
    expect(scrubEnvironment({ CODEX_CA_CERTIFICATE: "/ca.pem" }, [])).toEqual({
      CODEX_CA_CERTIFICATE: "/ca.pem",
    });
  });

  test("has no RUST_LOG, which a workflow may give Codex on purpose", () => {
    expect(scrubEnvironment({ RUST_LOG: "trace", rust_log: "trace", MY_RUST_LOG: "x" }, [])).toEqual({
      MY_RUST_LOG: "x",
    });
    expect(parseCodexEnvironment("RUST_LOG=debug")).toEqual({ RUST_LOG: "debug" });
  });

  test("has no variable that holds a secret, under whatever name, whole or in part", () => {
    const scrubbed = scrubEnvironment(
      {
        MY_LOGIN: "CANARY-1",
        HEADER: "Bearer CANARY-1",
        LINES: "first\nCANARY-2\nlast",
        NEAR: "CANARY-",
        GONE: undefined,
        PATH: "/bin",
      },
      [new Secret("CANARY-1"), new Secret(" CANARY-2\n")],
    );

    expect(scrubbed).toEqual({ NEAR: "CANARY-", PATH: "/bin" });
  });

  test("keeps everything beside an empty secret", () => {
    expect(
      scrubEnvironment({ A: "1", EMPTY: "", GONE: undefined }, [new Secret(""), new Secret(" ")]),
    ).toEqual({
      A: "1",
      EMPTY: "",
    });
  });

  test("keeps what only resembles a redirection", () => {
    const kept = {
      CODEX_HOME: "/h",
      CODEXES: "x",
      MY_CODEX_X: "x",
      MY_INPUT_X: "x",
      GITHUB_ACTIONS: "true",
    };

    expect(scrubEnvironment(kept, [])).toEqual(kept);
  });

  test("never holds a secret, wherever it stood", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ""),
        fc.string(),
        (environment, secret, around) => {
          const scrubbed = scrubEnvironment({ ...environment, LEAK: around + secret }, [new Secret(secret)]);
          expect(Object.values(scrubbed).filter((value) => value.includes(secret.trim()))).toEqual([]);
        },
      ),
    );
  });
});

describe("codex-env", () => {
  test("is one NAME=VALUE a line, with blank lines and comments between", () => {
    const text =
      "A=1\r\n\n  \n  # a comment = here\n  B=two = 2 \n_c3=\nOPENAI_BASE_URL=http://127.0.0.1:9\n";

    expect(parseCodexEnvironment(text)).toEqual({
      A: "1",
      B: "two = 2 ",
      _c3: "",
      OPENAI_BASE_URL: "http://127.0.0.1:9",
    });
    expect(parseCodexEnvironment("")).toEqual({});
  });

  test.each([
    ["no equals sign", "A=1\nCANARY"],
    ["no name", "A=1\n=CANARY"],
    ["a name with a blank", "A=1\nmy name=CANARY"],
    ["a name that begins with a digit", "A=1\n1A=CANARY"],
    ["a name with a hyphen", "A=1\nMY-NAME=CANARY"],
    ["a line end that is none here", "A=1\nB=1\u2028CANARY"],
  ])("with %s is refused, naming the line and not quoting it", (_what, text) => {
    expect(() => parseCodexEnvironment(text)).toThrow(
      expect.objectContaining({
        code: "input-invalid",
        message: "Line 2 of `codex-env` is not NAME=VALUE.",
        hint: "Write one NAME=VALUE a line.",
      }),
    );
  });

  test.each(REDIRECTING)("may set %s to this machine only", (name) => {
    const refused = expect.objectContaining({
      code: "input-invalid",
      message: expect.stringMatching(/^`codex-env` sets \w+, which redirects authentication, (?!.*CANARY)/),
      hint: expect.stringContaining("loopback"),
    });

    expect(parseCodexEnvironment(`${name}=http://127.0.0.1:1/x`)).toEqual({ [name]: "http://127.0.0.1:1/x" });
    expect(() => parseCodexEnvironment(`${name}=https://CANARY.example`)).toThrow(refused);
    expect(() => parseCodexEnvironment(`${name.toLowerCase()}=http://127.0.0.1@CANARY.example`)).toThrow(
      refused,
    );
    expect(() => parseCodexEnvironment(`${name}=sk-CANARY`)).toThrow(refused);
  });

  test.each(["INPUT_X", "state_home", "ACTIONS_RESULTS_URL"])("may not set the runner's %s", (name) => {
    expect(() => parseCodexEnvironment(`${name}=http://127.0.0.1:1`)).toThrow(
      expect.objectContaining({
        code: "input-invalid",
        message: `\`codex-env\` may not set ${name}.`,
        hint: "INPUT_, STATE_ and ACTIONS_ belong to the runner.",
      }),
    );
  });
});

describe("a variable that repeats a secret", () => {
  const repeats = repetitionsOf([
    new Secret(" CANARY-of-thirty-three-characters\n"),
    new Secret(""),
    new Secret("short"),
  ]);

  test.each([
    ["holds the whole of it", "CANARY-of-thirty-three-characters"],
    ["holds it among other things", "Bearer CANARY-of-thirty-three-characters;"],
    ["holds 24 characters of it", "CANARY-of-thirty-three-c"],
    ["holds them between blanks", "  CANARY-of-thirty-three-c\n"],
    ["holds a short one whole", "a short one"],
  ])("is one that %s", (_, value) => {
    expect(repeats(value)).toBe(true);
  });

  test.each([
    ["is empty", ""],
    ["is blank", "   "],
    ["holds 23 characters of it", "CANARY-of-thirty-three-"],
    ["holds a part of a short one", "shor"],
    ["has nothing to do with it", "/usr/local/bin:/usr/bin:/bin"],
  ])("is none that %s", (_, value) => {
    expect(repeats(value)).toBe(false);
  });

  test("is none where there are no secrets", () => {
    expect(repetitionsOf([new Secret(""), new Secret(" \n")])("anything at all, of any length")).toBe(false);
  });
});
