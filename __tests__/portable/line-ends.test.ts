import { expect, test } from "@jest/globals";
import { readOwnConfig } from "../../src/core/codex/user-config.ts";
import { parseCodexEnvironment } from "../../src/core/environment/scrub.ts";
import { AuthJson } from "../../src/core/login/auth-json.ts";
import { authJson } from "../core/login/documents.ts";

// Files, secrets and inputs that were written under Windows.
const crlf = (text: string): string => text.replaceAll("\n", "\r\n");

test("a login with CRLF is the same login, as JSON and as base64 in lines", () => {
  const pretty = JSON.stringify(authJson(), null, 2);
  const base64 = Buffer.from(pretty).toString("base64").replaceAll(/.{76}/g, "$&\n");
  const login = AuthJson.parse(pretty);

  for (const text of [crlf(pretty), `${crlf(pretty)}\r\n`, crlf(`${base64}\n`)]) {
    const read = AuthJson.parse(text);
    expect(read.accessToken?.reveal()).toBe(login.accessToken?.reveal());
    expect(read.refreshToken?.reveal()).toBe(login.refreshToken?.reveal());
  }
});

test("`codex-env` with CRLF has no CR in a value", () => {
  expect(parseCodexEnvironment(crlf("ONE=1\n\nTWO=a b\n"))).toEqual({ ONE: "1", TWO: "a b" });
});

test("a config.toml with CRLF is read", () => {
  const config = crlf(
    'sandbox_mode = "read-only"\n[features]\napps = false\nplugins = false\nremote_plugin = false\n',
  );

  expect(readOwnConfig(config, "/home/runner/login")).toMatchObject({ protects: false, appsAreOff: true });
});
