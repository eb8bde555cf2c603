import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { LoginRules } from "../../../src/core/codex/login-rules.ts";
import {
  type ConfigurationAnswer,
  classifyRefusal,
  type RefreshSymptoms,
  type Refusal,
} from "../../../src/core/codex/refusal.ts";

/** What `codex app-server` 0.169.0 always says in a home below the temporary directory. */
const NOISE =
  "WARNING: proceeding, even though we could not create PATH aliases: Refusing to create helper binaries under temporary dir";
/** Its log, without colours, as it stood on standard error when the issuer answered so. */
const said = (status: string): string =>
  `${NOISE}\n2026-11-22T10:25:59.474622Z ERROR codex_login::auth::manager: Failed to refresh token status=${status}\n`;
/** A dead login makes its list of models fail as well. */
const NO_MODELS =
  "2026-11-22T10:25:59.948801Z ERROR codex_models_manager::manager: failed to refresh available models: unexpected status 401 Unauthorized: Provided authentication token is expired or revoked. Please try signing in again.\n";

/** It is kept from asking for it anyway. */
const MODELS_NOWHERE =
  "2026-11-22T11:44:22.445693Z ERROR codex_models_manager::manager: failed to refresh available models: Connection failed: error sending request\n";

type Case = readonly [what: string, account: RefreshSymptoms["account"], words: string, verdict: object];
const permanent = (code: string): object => ({ kind: "permanent", code });
const transient = { kind: "transient" };

describe("a refresh that changed nothing, as app-server 0.169.0 tells it", () => {
  test.each<Case>([
    ["401 for a dead token", "absent", said("401 Unauthorized"), permanent("refresh-rejected")],
    ["400 invalid_grant", "absent", said("400 Bad Request"), permanent("refresh-rejected")],
    ["a revoked login", "absent", NO_MODELS + said("401 Unauthorized"), permanent("refresh-rejected")],
    ["500", "error", said("500 Internal Server Error"), transient],
    ["429", "error", said("429 Too Many Requests"), transient],
    ["500 that its answer hides", "present", said("500 Internal Server Error"), transient],
    ["a list of models alone that failed", "present", NO_MODELS, transient],
    ["nothing but its usual noise", "present", NOISE, transient],
    ["an end before any answer", "no-answer", NOISE, { kind: "answer-lost" }],
    ["an end without a word", "no-answer", "", { kind: "answer-lost" }],
    ["no answer of the issuer within Codex's 45 s", "late-error", NOISE, { kind: "answer-lost" }],
    [
      "no answer of the issuer, beside a list of models that was not to be had",
      "late-error",
      MODELS_NOWHERE,
      { kind: "answer-lost" },
    ],
    ["a 503 that took so long", "late-error", said("503 Service Unavailable"), transient],
    ["a connection that was cut", "error", NOISE, transient],
    ["an end after a logged 503", "no-answer", said("503 Service Unavailable"), transient],
  ])("after %s", (_what, account, stderr, verdict) => {
    expect(classifyRefusal({ account, stderr }, "account")).toEqual(verdict);
  });
});

describe("a refresh that changed nothing, in the words of codex exec", () => {
  const lead = "Your access token could not be refreshed because your refresh token";

  test.each<Case>([
    ["has expired", "absent", `${lead} has expired.`, permanent("refresh-token-expired")],
    ["was already used", "absent", `${lead} was already used.`, permanent("refresh-token-reused")],
    ["was revoked", "absent", `${lead} was revoked.`, permanent("refresh-token-revoked")],
    ["is dead", "error", "Your access token could not be refreshed.", permanent("refresh-rejected")],
    ["was used, by its code", "error", '"code": "refresh_token_reused"', permanent("refresh-token-reused")],
    [
      "is over, by its code",
      "no-answer",
      '"code": "refresh_token_expired"',
      permanent("refresh-token-expired"),
    ],
    [
      "is no more, by its code",
      "absent",
      '"code": "refresh_token_invalidated"',
      permanent("refresh-token-revoked"),
    ],
    ["met a server error", "error", "Failed to refresh token: 503 Service Unavailable", transient],
    ["met no server", "error", "error sending request for url", transient],
    ["met no server, and no answer came", "no-answer", "error sending request for url", transient],
  ])("that %s", (_what, account, stderr, verdict) => {
    expect(classifyRefusal({ account, stderr }, "account")).toEqual(verdict);
  });
});

describe("no account, and nothing that shows that the issuer has answered", () => {
  const read = (...layers: LoginRules[]): ConfigurationAnswer => ({ kind: "read", layers });
  const because = (configuration: ConfigurationAnswer | null, stderr = NOISE): Refusal =>
    classifyRefusal({ account: "absent", stderr, configuration }, "account");

  test.each<[what: string, rules: LoginRules, setting: string]>([
    [
      "another way to log in",
      { source: "/etc/codex/managed_config.toml", forced_login_method: "api" },
      'forced_login_method = "api"',
    ],
    [
      "another account",
      { source: "/etc/codex/config.toml", forced_chatgpt_workspace_id: "other" },
      'forced_chatgpt_workspace_id = "other"',
    ],
    [
      "other accounts",
      { source: "a -c flag", forced_chatgpt_workspace_id: ["other", "another"] },
      'forced_chatgpt_workspace_id = ["other","another"]',
    ],
    [
      "the keychain",
      { source: "/etc/codex/managed_config.toml", cli_auth_credentials_store: "keyring" },
      'cli_auth_credentials_store = "keyring"',
    ],
  ])("is a setting that wants %s", (_what, rules, setting) => {
    const file = { source: "/home/config.toml", cli_auth_credentials_store: "file" };

    expect(because(read(rules, file))).toEqual({ kind: "forbidden", setting, source: rules.source });
  });

  test.each<[what: string, configuration: ConfigurationAnswer | null]>([
    ["no configuration", null],
    ["an empty one", read()],
    ["one that wants ChatGPT", read({ source: "x", forced_login_method: "chatgpt" })],
    ["one that wants this account", read({ source: "x", forced_chatgpt_workspace_id: ["other", "account"] })],
    ["one that wants nobody", read({ source: "x", forced_chatgpt_workspace_id: " " })],
    ["an empty list of accounts", read({ source: "x", forced_chatgpt_workspace_id: [] })],
    ["a list of none", read({ source: "x", forced_chatgpt_workspace_id: ["", " "] })],
    ["blanks around this account", read({ source: "x", forced_chatgpt_workspace_id: " account\t" })],
    [
      "one that wins over a foreign one",
      read({ source: "x", forced_login_method: "chatgpt" }, { source: "y", forced_login_method: "api" }),
    ],
  ])("with %s is not explained, and no verdict of OpenAI's", (_what, configuration) => {
    expect(because(configuration)).toEqual({ kind: "unexplained", output: NOISE });
  });

  test("shows what Codex printed, without blanks around it and without its list of models", () => {
    expect(because(null, `\n${NO_MODELS}${NOISE}\n${NO_MODELS}`)).toEqual({
      kind: "unexplained",
      output: NOISE,
    });
  });

  test("of a Codex that ended before it said anything is its own matter, whatever it printed", () => {
    const stderr = `${said("401 Unauthorized")}refresh token was revoked`;

    expect(classifyRefusal({ account: "unstarted", stderr }, "account")).toEqual({
      kind: "unstarted",
      output: stderr,
    });
  });

  test("with a configuration that Codex cannot read is explained by that, also as an error", () => {
    const configuration = {
      kind: "unreadable",
      because: "failed to parse /etc/codex/requirements.toml",
    } as const;
    const unexplained = { kind: "unexplained", output: configuration.because };

    expect(because(configuration)).toEqual(unexplained);
    expect(classifyRefusal({ account: "error", stderr: "", configuration }, "account")).toEqual(unexplained);
  });

  test.each([
    "error: certificate has expired",
    "the cache entry was already used",
    "the plugin's permission was revoked",
    "error trying to connect: invalid peer certificate: Expired",
  ])("is no verdict of OpenAI's for a word that resembles one: %s", (stderr) => {
    expect(because(null, stderr)).toEqual({ kind: "unexplained", output: stderr });
  });

  test("whatever is printed and configured: only the issuer's refusal, as Codex logs it, is permanent", () => {
    const anyValue = fc.oneof(fc.string(), fc.array(fc.string()), fc.integer(), fc.constant(null));
    const layer = fc.record({
      source: fc.string(),
      forced_login_method: anyValue,
      forced_chatgpt_workspace_id: anyValue,
      cli_auth_credentials_store: anyValue,
    });

    fc.assert(
      fc.property(fc.string(), fc.array(layer, { maxLength: 4 }), (stderr, layers) => {
        fc.pre(!/refresh.token|could not be refreshed/i.test(stderr));

        expect(["forbidden", "unexplained", "transient"]).toContain(because(read(...layers), stderr).kind);
      }),
    );
  });
});

describe("an older Codex's log", () => {
  test.each<Case>([
    [
      "401",
      "absent",
      "ERROR codex_login::auth::manager: Failed to refresh token: 401 Unauthorized: {}",
      permanent("refresh-rejected"),
    ],
    [
      "400 with an account",
      "present",
      'ERROR codex_login::auth::manager: Failed to refresh token: 400 Bad Request: {"error":"invalid_grant"}',
      transient,
    ],
    [
      "403",
      "present",
      "ERROR codex_login::auth::manager: Failed to refresh token: 403 Forbidden: Country not supported",
      transient,
    ],
  ])("that tells of %s is understood", (_what, account, stderr, verdict) => {
    expect(classifyRefusal({ account, stderr }, "account")).toEqual(verdict);
  });
});
