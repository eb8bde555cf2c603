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

function failure(text: string): Failure {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("not refused");
}

function refusal(text: string): string {
  const { code, message, hint } = failure(text);
  return `${code}: ${message} ${hint}`;
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
    [
      "secrets X",
      /^Write one of: secret NAME; environment ENV NAME; repository OWNER\/REPO NAME; organization /,
    ],
    ["secret", /^Write `secret NAME`\.$/],
    ["environment .. X", /^Check the name in the repository's settings\.$/],
    ["repository widgets X", /^Write it as in the repository's address, for example `octo\/app`\.$/],
    ["organization a/b X", /^Write it as in the organization's address, for example `acme`\.$/],
    ["secret 1X", /^Use letters, digits and underscores; it must not begin with a digit or with GITHUB_\.$/],
    ["secret MY_LOGIN", /^Give access copies a name of their own, for example `CODEX_ACCESS_JSON`\.$/],
    ["secret X\nsecret x", /^Keep one of the two lines\. GitHub ignores case in the names of secrets, /],
  ])("are refused with what to write instead: %j", (text, hint) => {
    expect(failure(text).hint).toMatch(hint);
  });

  test.each([
    ["a folder after the repository", "repository octo/app/x X"],
    ["a repository in two words", "repository octo/app y X"],
    ["an organization in two words", "organization acme corp X"],
    ["dots before .git", "repository octo/..git X"],
    ["an owner that begins with a dash", "repository -octo/app X"],
    ["an organization that begins with a dash", "organization -acme X"],
    ["an escape in an environment", "environment a\u001bb X"],
    ["an environment of 256 characters", `environment ${"e".repeat(256)} X`],
  ])("have names as GitHub allows them, not %s", (_, text) => {
    expect(refusal(text)).toContain("`access-copies`, line 1: ");
  });

  test("of a repository in two words are refused by their shape, not by a name", () => {
    expect(refusal("repository octo/app y X")).toContain(
      "`repository octo/app y X` is not `repository OWNER/REPO NAME`",
    );
  });

  test.each([
    "secret MY_GITHUB_TOKEN",
    "secret MY_CODEX_APP_CLIENT_ID",
    "secret CODEX_APP_CLIENT_ID_2",
    "secret _x9",
    "repository octo/.github X",
    "repository octo/octo.github.io X",
    "repository octo/v1. X",
    "repository 0-c_t/a X",
    "organization 0-c_t X",
    "environment v1.. X",
    "environment ..staging X",
    `environment ${"e".repeat(255)} X`,
  ])("may have names that only look odd: %s", (text) => {
    expect(parse(text).map((destination) => destination.text)).toEqual([text]);
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
    "secret CODEX_AUTH_WRITE_PROBE",
    "secret codex_app_client_id",
    "organization acme CODEX_APP_PRIVATE_KEY",
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
    expect(refusal(lines(MAXIMUM_DESTINATIONS + 1))).toBe(
      "input-invalid: `access-copies` has 101 destinations, more than 100. Use an organization secret, which is one destination for any number of repositories.",
    );
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
