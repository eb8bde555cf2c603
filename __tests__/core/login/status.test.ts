import { expect, test } from "@jest/globals";
import { redactedStatus } from "../../../src/core/login/status.ts";
import { generation } from "./documents.ts";

test("a status says what there is of a login, and shows nothing of it", () => {
  const status = redactedStatus(generation(0));

  expect(status).toEqual({
    auth_mode: "chatgpt",
    last_refresh: "2026-11-20T00:00:00.123456789Z",
    has_access_token: true,
    has_id_token: true,
    has_refresh_token: true,
  });
  expect(JSON.stringify(status)).not.toContain("CANARY");
});
