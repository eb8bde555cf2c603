import { describe, expect, test } from "@jest/globals";
import {
  type CopyScope,
  copyPermission,
  isRepository,
  keyOf,
  scopeKeyOf,
} from "../../../src/core/copies/destination.ts";

const repository = (name: string, environment: string | null = null): CopyScope => {
  const [owner = "", itsName = ""] = name.split("/");
  return { kind: "repository", owner, repository: itsName, environment };
};
const organization = (name: string): CopyScope => ({ kind: "organization", organization: name });

describe("destinations", () => {
  test.each([
    [repository("octo/app"), repository("OCTO/App")],
    [repository("octo/app", "Prod"), repository("octo/APP", "pROD")],
    [organization("acme"), organization("ACME")],
  ])("are one without regard to case: %j and %j", (one, other) => {
    expect(scopeKeyOf(one)).toBe(scopeKeyOf(other));
    expect(keyOf({ scope: one, name: "COPY" })).toBe(keyOf({ scope: other, name: "copy" }));
  });

  test.each([
    [repository("octo/app"), repository("octo/other")],
    [repository("octo/app"), repository("acme/app")],
    [repository("octo/app"), repository("octo/app", "prod")],
    [repository("octo/app", "prod"), repository("octo/app", "test")],
    [organization("acme"), organization("octo")],
    [organization("acme"), repository("acme/acme")],
  ])("are two: %j and %j", (one, other) => {
    expect(scopeKeyOf(one)).not.toBe(scopeKeyOf(other));
    expect(keyOf({ scope: one, name: "COPY" })).not.toBe(keyOf({ scope: other, name: "COPY" }));
  });

  test("of one scope are two by their names", () => {
    expect(keyOf({ scope: organization("acme"), name: "A" })).not.toBe(
      keyOf({ scope: organization("acme"), name: "B" }),
    );
  });

  test.each([
    ["octo/app", true],
    ["OCTO/App", true],
    ["octo/other", false],
    ["acme/app", false],
  ])("are in the login's repository octo/app: %s %j", (name, same) => {
    const [owner = "", itsName = ""] = name.split("/");

    expect(isRepository({ owner: "octo", repository: "app" }, { owner, repository: itsName })).toBe(same);
    expect(isRepository({ owner, repository: itsName }, { owner: "octo", repository: "app" })).toBe(same);
  });

  test.each([
    [repository("octo/app"), `the repository permission "Secrets: read and write" for octo/app`],
    [repository("octo/app", "prod"), `the repository permission "Environments: read and write" for octo/app`],
    [organization("acme"), `the organization permission "Secrets: read and write" of acme`],
  ])("need a permission: %j", (scope, permission) => {
    expect(copyPermission(scope)).toBe(permission);
  });
});
