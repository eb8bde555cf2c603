import { describe, expect, test } from "@jest/globals";
import { rescueCommand } from "../../src/login/rescue-command.ts";
import { PLACE } from "../action/refresh-jobs.ts";

const SEALED = { keyId: "568250167242549743", encryptedValue: "c2VhbGVkIGJveA==" };
const UPDATED_AT = new Date("2026-11-22T10:00:00Z");

describe("the command that stores by hand", () => {
  test("first compares when the secret was written with what we saw, as GitHub writes it", () => {
    const [condition] = rescueCommand(PLACE, SEALED, UPDATED_AT).split("\n");

    expect(condition).toBe(
      `if test "$(gh api 'repos/octo/app/actions/secrets/CODEX_AUTH_JSON' --jq .updated_at)" = '2026-11-22T10:00:00Z'; then`,
    );
  });

  test("then writes what only GitHub can open", () => {
    const words = rescueCommand(PLACE, SEALED, UPDATED_AT).replace(/\s*\\\n\s*/g, " ");

    expect(words).toContain(
      "\n  gh api --method PUT 'repos/octo/app/actions/secrets/CODEX_AUTH_JSON' -f key_id='568250167242549743' -f encrypted_value='c2VhbGVkIGJveA=='\n",
    );
  });

  test("else says that nothing was changed, and fails", () => {
    const lines = rescueCommand(PLACE, SEALED, UPDATED_AT).split("\n");

    const [otherwise, words, end, ...rest] = lines.slice(lines.indexOf("else"));
    expect(otherwise).toBe("else");
    expect(words).toMatch(/^ {2}echo 'Nothing was changed: .+' >&2; false$/);
    expect(end).toBe("fi");
    expect(rest).toEqual([]);
  });

  test("reads and writes an environment's secret in one quoted path, whatever its name", () => {
    const command = rescueCommand({ ...PLACE, environment: "prod's eu" }, SEALED, UPDATED_AT);

    const paths = command.match(/'repos\/[^']+'/g);
    const path = "'repos/octo/app/environments/prod%27s%20eu/secrets/CODEX_AUTH_JSON'";
    expect(paths).toEqual([path, path]);
  });
});
