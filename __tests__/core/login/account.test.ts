import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { accountOf } from "../../../src/core/login/account.ts";
import { Secret } from "../../../src/core/login/secret.ts";

const idToken = (claims: unknown): { idToken: Secret } => ({
  idToken: new Secret(`e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.x`),
});

describe("whose login it is", () => {
  test("is what the id token says", () => {
    expect(
      accountOf(
        idToken({ email: "é@example.org", "https://api.openai.com/auth": { chatgpt_plan_type: "plus" } }),
      ),
    ).toEqual({ email: "é@example.org", plan: "plus" });
  });

  test.each([[{}], [{ email: "" }], [{ email: 3, "https://api.openai.com/auth": null }], [null], [[]]])(
    "is not said by %j",
    (claims) => {
      expect(accountOf(idToken(claims))).toEqual({ email: null, plan: null });
    },
  );

  test("any text names nobody, and is never an error", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(Object.keys(accountOf({ idToken: new Secret(`a.${text}.b`) }))).toEqual(["email", "plan"]);
      }),
    );
  });
});
