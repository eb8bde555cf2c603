import { expect, test } from "@jest/globals";
import { accessCopyOf } from "../../../src/core/login/access-copy.ts";
import { AuthJson } from "../../../src/core/login/auth-json.ts";
import { authJson, jwt } from "./documents.ts";

const AUTH = "https://api.openai.com/auth";

function copyOf(login: object) {
  return JSON.parse(accessCopyOf(AuthJson.parse(JSON.stringify(login))).reveal());
}

test("a copy holds what Codex needs, and can never refresh", () => {
  const login = AuthJson.parse(JSON.stringify(authJson()));
  const copy = copyOf(authJson());

  expect(copy).toEqual({
    auth_mode: "chatgpt",
    OPENAI_API_KEY: null,
    tokens: {
      id_token: expect.any(String),
      access_token: login.accessToken.reveal(),
      refresh_token: "",
      account_id: login.accountId,
    },
    last_refresh: login.lastRefresh,
  });
  expect(JSON.stringify(copy)).not.toContain(login.refreshToken.reveal());
});

test("its id token keeps only the claims that Codex reads", () => {
  const claims = {
    email: "somebody@example.com",
    name: "Some Body",
    [AUTH]: {
      chatgpt_plan_type: "pro",
      chatgpt_account_id: "account-1",
      chatgpt_user_id: "user-1",
      organizations: [{ title: "Personal" }],
    },
  };
  const login = authJson({ id_token: jwt(claims) });

  const [, payload = ""] = copyOf(login).tokens.id_token.split(".");

  expect(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).toEqual({
    [AUTH]: { chatgpt_plan_type: "pro", chatgpt_account_id: "account-1", chatgpt_user_id: "user-1" },
  });
});

test("no field that a later Codex adds is lent", () => {
  const later = { refresh_token_2: "CANARY-later" };
  const login = authJson(later, { OPENAI_API_KEY: "sk-CANARY", session: later });

  expect(JSON.stringify(copyOf(login))).not.toMatch(/later|sk-/);
});

test("an id token that cannot be read becomes one that says nothing", () => {
  const login = authJson({ id_token: "not.a-token" });

  const [header = "", payload = "", signature = ""] = copyOf(login).tokens.id_token.split(".");

  expect(JSON.parse(Buffer.from(payload, "base64url").toString("utf8"))).toEqual({ [AUTH]: {} });
  expect(JSON.parse(Buffer.from(header, "base64url").toString("utf8"))).toEqual({ alg: "none", typ: "JWT" });
  expect(signature).not.toBe("");
});
