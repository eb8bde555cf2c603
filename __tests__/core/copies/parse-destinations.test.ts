import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { creatingCommand } from "../../../src/core/copies/destination.ts";
import { MAXIMUM_DESTINATIONS, parseDestinations } from "../../../src/core/copies/parse-destinations.ts";
import { Failure } from "../../../src/core/failure/failure.ts";

const PLACE = {
  owner: "octo",
  repository: "app",
  repositoryId: "7000001",
  environment: null,
  secretName: "MY_LOGIN",
};

function parse(text: string, place: Parameters<typeof parseDestinations>[1] = PLACE) {
  return parseDestinations(text, place, "`access-copies`");
}

function refusal(text: string, place = PLACE): string {
  try {
    parse(text, place);
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error("not refused");
}

describe("destinations of access copies", () => {
  test("are read with comments, empty lines, tabs and any line ends", () => {
    const lines = [
      "# where Codex jobs read theirs",
      "secret CODEX_ACCESS_JSON                        # of this repository",
      "",
      "\tenvironment\tprod/eu  west\tCODEX_ACCESS_JSON\t",
      "repository acme/widgets X\t# another one",
      "organization acme X #",
    ];

    for (const end of ["\n", "\r\n", "\r"])
      expect(parse(lines.join(end)).map(({ text }) => text)).toEqual([
        "secret CODEX_ACCESS_JSON",
        "environment prod/eu west CODEX_ACCESS_JSON",
        "repository acme/widgets X",
        "organization acme X",
      ]);
  });

  test("are in these scopes", () => {
    const text = "secret X\nenvironment a/b X\nrepository acme/widgets X\norganization acme X";

    expect(parse(text).map(({ scope }) => scope)).toEqual([
      { kind: "repository", owner: "octo", repository: "app", environment: null },
      { kind: "repository", owner: "octo", repository: "app", environment: "a/b" },
      { kind: "repository", owner: "acme", repository: "widgets", environment: null },
      { kind: "organization", organization: "acme" },
    ]);
  });

  test("are created by these commands", () => {
    const text = "secret X\nenvironment it's X\nrepository acme/widgets X\norganization acme X";

    expect(parse(text).map((destination) => creatingCommand(destination, PLACE))).toEqual([
      `gh secret set X --repo octo/app --body "$(date)"`,
      `gh secret set X --repo octo/app --env 'it'\\''s' --body "$(date)"`,
      `gh secret set X --repo acme/widgets --body "$(date)"`,
      `gh secret set X --org acme --visibility selected --repos app --body "$(date)"`,
    ]);
  });

  test.each([
    ["nothing", ""],
    ["blanks", " \n\t\r\n"],
    ["comments", "# secret X\n  # more"],
  ])("may be none: %s", (_, text) => {
    expect(parse(text)).toEqual([]);
  });

  test.each([
    ["another kind", "secrets X", "line 1: `secrets` is no kind of destination"],
    ["a name from the prototype", "constructor X", "`constructor` is no kind"],
    ["a kind in capitals", "\n\nSECRET X", "line 3: `SECRET` is no kind"],
    ["no name", "secret", "`secret` is not `secret NAME`"],
    ["one word too many", "secret X Y", "`secret X Y` is not `secret NAME`"],
    ["an environment without a name", "environment codex", "is not `environment ENV NAME`"],
    ["a repository without an owner", "repository widgets X", "`widgets` is not OWNER/REPO"],
    ["a path with dots", "repository octo/.. X", "`octo/..` is not OWNER/REPO"],
    ["an environment of dots", "environment .. X", "`..` is not the name of an environment"],
    ["an environment of one dot", "environment . X", "`.` is not the name of an environment"],
    ["a repository as git has it", "repository octo/app.git X", "`octo/app.git` is not OWNER/REPO"],
    ["a repository's address", "repository https://github.com/octo/app X", "is not OWNER/REPO"],
    ["an organization with a slash", "organization acme/x X", "`acme/x` is not the name of an organization"],
    ["a name that begins with a digit", "secret 1X", "`1X` is not the name of a secret"],
    ["a name of GitHub's", "secret github_token", "`github_token` is not the name of a secret"],
    ["a name with a dash", "secret MY-COPY", "`MY-COPY` is not the name of a secret"],
    ["a comment that touches the name", "secret X#Y", "`X#Y` is not the name of a secret"],
    ["a command in a name", "secret ::set-env::", "is not the name of a secret"],
  ])("are refused with their line: %s", (_, text, message) => {
    expect(refusal(text)).toContain(`input-invalid: \`access-copies\`, line `);
    expect(refusal(text)).toContain(message);
  });

  test.each([
    "secret MY_LOGIN",
    "secret my_login",
    "repository octo/app MY_LOGIN",
    "repository OCTO/App My_Login",
    "repository octo/old-name MY_LOGIN",
    "environment codex MY_LOGIN",
    "environment CODEX my_login",
    "organization acme MY_LOGIN",
    "secret CODEX_AUTH_JSON",
    "repository acme/widgets codex_auth_json",
    "organization acme CODEX_AUTH_JSON",
    "environment a/b CODEX_SECRET_WRITE_TOKEN",
    "secret CODEX_AUTH_JSON_2",
    "repository acme/widgets team_auth_json",
  ])("never name a login: %s", (text) => {
    expect(refusal(`secret FINE\n${text}`)).toMatch(/line 2: .+ has (a|the) name/);
  });

  test.each([
    ["secret X", "secret x"],
    ["secret X", "repository Octo/APP X"],
    ["environment Codex X", "environment codex x"],
    ["environment a b X", "environment  a\tB  X"],
    ["organization acme X", "organization ACME x"],
    ["repository acme/widgets X", "repository Acme/Widgets X"],
  ])("are not named twice: %s and %s", (one, other) => {
    expect(refusal(`${one}\n\n${other}`)).toContain("line 3:");
    expect(refusal(`${one}\n\n${other}`)).toContain("is the secret of line 1");
  });

  test("are a hundred at most", () => {
    const lines = (count: number) =>
      Array.from({ length: count }, (_, index) => `secret X${index}`).join("\n");

    expect(parse(lines(MAXIMUM_DESTINATIONS))).toHaveLength(100);
    expect(refusal(lines(MAXIMUM_DESTINATIONS + 1))).toContain("101 destinations, more than 100");
  });

  test("are what they say again, whatever stands there", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom("secret", "environment", "repository", "organization"),
        (text, kind) => {
          try {
            for (const destination of parse(`${kind} ${text}`))
              expect(parse(destination.text)).toEqual([destination]);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            expect((error as Failure).message).not.toContain("\n");
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
