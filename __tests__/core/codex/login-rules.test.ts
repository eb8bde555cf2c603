import { describe, expect, test } from "@jest/globals";
import { CHANGE_SETTING, forbiddingSetting, tellForbidden } from "../../../src/core/codex/login-rules.ts";
import { WHOLE_SENTENCES } from "../sentences.ts";

describe("a setting of Codex's", () => {
  test.each([
    ["forced_login_method", "chatgpt"],
    ["forced_chatgpt_workspace_id", "account"],
    ["forced_chatgpt_workspace_id", [7, "account"]],
    ["cli_auth_credentials_store", "file"],
    ["cli_auth_credentials_store", "auto"],
  ])("allows the login: %s = %j", (name, value) => {
    expect(forbiddingSetting([{ source: "x", [name]: value }], "account")).toBeNull();
  });

  test.each([
    ["forced_login_method", "api", '"api"'],
    ["forced_chatgpt_workspace_id", "other", '"other"'],
    ["forced_chatgpt_workspace_id", 7, "7"],
    ["cli_auth_credentials_store", "keyring", '"keyring"'],
    ["cli_auth_credentials_store", "ephemeral", '"ephemeral"'],
    ["cli_auth_credentials_store", "", '""'],
  ])("forbids the login: %s = %j", (name, value, shown) => {
    expect(forbiddingSetting([{ source: "x", [name]: value }], "account")).toEqual({
      setting: `${name} = ${shown}`,
      source: "x",
    });
  });

  test("that forbids the login is told with its place, and what to do about it", () => {
    const sentence = tellForbidden({ setting: "a = 1", source: "/etc/codex/config.toml" });

    expect(sentence).toMatch(
      /does not allow this login: `a = 1` in `\/etc\/codex\/config\.toml`\. The login itself/,
    );
    expect(sentence).toMatch(WHOLE_SENTENCES);
    expect(CHANGE_SETTING).toMatch(WHOLE_SENTENCES);
    expect(CHANGE_SETTING).toContain("Do not log in again");
  });
});
