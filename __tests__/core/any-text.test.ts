import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readInputs } from "../../src/action/inputs.ts";
import { type Claim, readClaim, writeClaim } from "../../src/core/claim/claim.ts";
import { readLedger, writeLedger } from "../../src/core/claim/ledger.ts";
import { refuseArguments, switchesProfileOff, writableRootsIn } from "../../src/core/codex/arguments.ts";
import { classifyRefusal } from "../../src/core/codex/refusal.ts";
import { readOwnConfig } from "../../src/core/codex/user-config.ts";
import { parseCodexEnvironment } from "../../src/core/environment/scrub.ts";
import { Failure } from "../../src/core/failure/failure.ts";
import { parseCron } from "../../src/core/github/cron.ts";
import { readNote, writeNote } from "../../src/core/handoff/note.ts";
import { judgeLiveLogin } from "../../src/core/host/live-login.ts";
import { parseHostRecord } from "../../src/core/host/record.ts";
import { AuthJson, readWorkingCopy } from "../../src/core/login/auth-json.ts";
import { judge } from "../../src/core/login/judge-change.ts";
import { parseDurationMs } from "../../src/core/text/duration.ts";
import { authJson, generation } from "./login/documents.ts";

const before = generation(0);
const at = new Date("2026-11-22T09:48:00Z");
const ledger = { login: before, predecessor: null, claim: null, before: at, stored: false, writes: [] };

const CLAIM: Claim = {
  holder: "0123456789abcdef0123456789abcdef",
  run: "1",
  attempt: 1,
  secret: "CODEX_AUTH_JSON",
  ref: "default",
  state: "open",
  before: at,
  next: null,
  after: null,
  released: false,
  wholeJob: false,
};

/** Everything that reads text from outside, with a text that it takes. */
const READERS: readonly [what: string, taken: string, read: (text: string) => unknown][] = [
  ["a document", JSON.stringify(authJson()), (text) => AuthJson.parse(text)],
  [
    "a document in base64",
    JSON.stringify(authJson()),
    (text) => AuthJson.parse(Buffer.from(text).toString("base64")),
  ],
  ["a working copy", JSON.stringify(authJson({ refresh_token: "" })), readWorkingCopy],
  ["what Codex left", JSON.stringify(authJson()), (text) => judge(before, text)],
  ["a host's login", JSON.stringify(authJson()), (text) => judgeLiveLogin(text, null)],
  ["a host's record", '{"lastProof":null,"dead":{"at":"x","code":"y","generation":"z"}}', parseHostRecord],
  ["a note", writeNote({ login: before, savedAt: at }), readNote],
  ["a claim", writeClaim(CLAIM), readClaim],
  ["a ledger", writeLedger(ledger), readLedger],
  ["a cron", "17 4 * * 1-5", parseCron],
  ["a duration", "72h", (text) => parseDurationMs(text, "refresh-window")],
  ["codex-env", "A=1\n# no\nB=2", parseCodexEnvironment],
  [
    "a config.toml",
    'default_permissions = "x"\n[permissions.x.filesystem]\n"/a" = "deny"',
    (text) => readOwnConfig(text, "/a"),
  ],
  [
    "Codex's standard error",
    "Failed to refresh token: refresh_token_reused",
    (stderr) => classifyRefusal({ account: "absent", stderr }, "account"),
  ],
  ["a script", 'codex exec -s read-only "$PROMPT"', switchesProfileOff],
  [
    "codex-args",
    "--json -c model_verbosity=low",
    (text) => [refuseArguments(text.split(" "), "protected"), writableRootsIn(text.split(" "))],
  ],
  ...[
    "secret-name",
    "refresh",
    "refresh-window",
    "codex-version",
    "codex-env",
    "reseed",
    "prompt",
    "shell",
  ].map((input): [string, string, (text: string) => unknown] => [
    `the input ${input}`,
    "auto",
    (text) => readInputs((name) => (name === input ? text.trim() : "")),
  ]),
];

/** One character of any kind, halves of some included; fast-check's own `binary` makes a table of all of them first. */
const character = fc.oneof(
  fc.string({ minLength: 1, maxLength: 1 }),
  fc.nat(0x10ffff).map((code) => String.fromCodePoint(code)),
);

/** Any text at all, and the taken one cut, or with something else in the place of some characters. */
function texts(taken: string): fc.Arbitrary<string> {
  const places = fc.tuple(fc.nat(taken.length), fc.nat(20), fc.string({ maxLength: 12, unit: character }));
  return fc.oneof(
    fc.string({ unit: character }),
    fc.json(),
    fc.nat(taken.length).map((length) => taken.slice(0, length)),
    places.map(([place, count, other]) => taken.slice(0, place) + other + taken.slice(place + count)),
  );
}

describe.each(READERS)("%s", (_what, taken, read) => {
  test("is read or refused, whatever it is, and never quoted", () => {
    fc.assert(
      fc.property(texts(taken), fc.nat(), (text, place) => {
        const cut = place % (text.length + 1);
        for (const given of [text, `${text.slice(0, cut)}CANARY-x${text.slice(cut)}`]) {
          try {
            read(given);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
            const { message, hint, cause } = error as Failure;
            expect(`${message} ${hint} ${String(cause)}`).not.toContain("CANARY-x");
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
