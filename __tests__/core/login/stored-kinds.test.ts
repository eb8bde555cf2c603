import { describe, expect, test } from "@jest/globals";
import { KINDS } from "../../../src/core/login/stored-kinds.ts";

/** What the first kind that fits is called, in a word of it; `null` where none fits. */
function kindOf(text: string): string | null {
  return KINDS.find(([is]) => is(text))?.[2] ?? null;
}

/** So that no editor takes it for a template of ours. */
const DOLLAR = "$";
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const json = JSON.stringify({ auth_mode: "chatgpt", tokens: { access_token: "~~~???>>>" } });

const NAMED: Readonly<Record<string, readonly string[]>> = {
  "name of a variable": [
    ...[`${DOLLAR}{{ secrets.X }}`, `${DOLLAR}{{\n x }}`, "$X", `${DOLLAR}{X}`, "%X%", "$env:X", "$ENV:XY"],
  ],
  "secret manager": [
    ...[
      "op",
      "vault",
      "doppler",
      "bws",
      "keychain",
      "secretref",
      "gcpsm",
      "gcp-sm",
      "awssm",
      "azkv",
      "OP",
    ].map((scheme) => `${scheme}://a/b`),
    ...["ref+vault://a", "vault:a/b.c-d#e", "arn:aws:x", "arn:aws-cn:x", "projects/p-1/secrets/x"],
    "@Microsoft.KeyVault(x)",
  ],
  "a command": [
    ...[
      "$(x)",
      "`x`",
      "< x",
      "<<<x",
      "@x",
      "cat x",
      "TYPE x",
      "gh x",
      "codex x",
      "base64 x",
      "Get-Content x",
    ],
  ],
  "a path": [
    ...[
      "~",
      "~/x",
      "./x",
      ".\\x",
      "../x",
      "/x",
      "/a/b c",
      "C:\\x",
      "c:/x",
      "$HOME/x",
      `${DOLLAR}{CODEX_HOME}/x`,
    ],
    ...["$CODEX_HOME\\x", "%X%\\x", "%X%/x", "file://x", '"~/x"', "'./x'", "a b/x.json", '"x.json"'],
    ...["x.toml", "x.yaml", "x.yml", "x.txt", "x.b64", "x.base64", "X.JSON"],
  ],
  "an address": ["https://a.test/x", "HTTP://a.test"],
  "Anthropic's": ["sk-ant-x", '"sk-ant-x"', "'sk-ant-x"],
  "an API key, which": ["sk-x", "sk-proj-a_b-c", '"sk-x"', "'sk-x'"],
  "token of GitHub's": ["ghp_x", "gho_x", "ghs_x", "github_pat_x"],
  "a refresh token": ["rt_x", "rt.x", "rt_a.b-c"],
  "single token": ["eyJa.b.c", "eyJa.b.", "BearereyJa.b.c", "eyJa-_.b-_.c-_"],
  "Authorization header": ["Bearer x", "bearer  x.y"],
  "another service": [
    ...["glpat-", "xoxb-", "xoxp-", "npm_", "hf_", "AKIA", "ASIA", "pypi-", "dop_v1_", "AIza"].map(
      (prefix) => `${prefix}12345678`,
    ),
  ],
  "a key or a certificate": [
    ...["RSA PRIVATE KEY", "PRIVATE KEY", "PUBLIC KEY", "CERTIFICATE"].map(
      (what) => `-----BEGIN ${what}-----\nx`,
    ),
  ],
  "something encrypted": [
    ...[
      "age-encryption.org/v1",
      "$ANSIBLE_VAULT;1.1",
      "Salted__x",
      "vault:v12:x",
      "ENC[x]",
      "$sops x",
      "gpg: x",
    ],
    ...["AGE ENCRYPTED FILE", "PGP MESSAGE", "CMS", "PKCS7"].map((what) => `-----BEGIN ${what}-----`),
  ],
  "encoded for an address": ["%7Bx", "%7b", "%22x", "data:x", "DATA:x"],
  "base64 for addresses": [json, `\n${json}`].map((text) => Buffer.from(text).toString("base64url")),
  "breaks off: somebody": [`${base64(json).slice(0, 40)}...`, `${base64(json).slice(0, 41)}…`],
  "first brace is gone": ['"tokens": {', '"a-b" : "c', '"a":1', '"a":-1'],
  hexadecimal: [
    Buffer.from(json).toString("hex"),
    Buffer.from(json).toString("hex").toUpperCase(),
    `7b${"22".repeat(19)}`,
    // As `xxd -p` prints it.
    Buffer.from(json).toString("hex").replace(/.{60}/g, "$&\n"),
    `7b${"22".repeat(19)}\n`,
  ],
  "quotation marks": ['"x y"', "'x\ny'"],
  "an assignment": [
    ...[
      "X={",
      "x_y-z = {",
      "export X={",
      "set X={",
      "setx X={",
      "declare -x X={",
      "$env:X = {",
      "X='{",
      'X="{',
    ],
    ...["export  X={", "set  X={", "setx  X={", "declare  -x  X={"],
    ...["X=`{", `X=${"a1+/".repeat(10)}`, `X='${"a1+/".repeat(10)}'`],
  ],
  "web page": [
    "<!doctype x",
    "<!DOCTYPE x",
    "<!-- x",
    "<html",
    "<?xml",
    "<head",
    "<body",
    "<p>",
    "<a b",
    "<div>",
  ],
  "what a command has printed": [
    ...["x: No such file", "file not found", "Permission denied", "Bad credentials", "x is not recognized"],
    ...[
      "Traceback (most recent call last)",
      "An error occurred",
      "Unauthorized",
      "could not read",
      "not logged in",
    ],
    ...[
      "Logged in as x",
      "error x",
      "[error] x",
      "warning x",
      "[warning] x",
      "fatal: x",
      "usage: x",
      "cat: x",
    ],
  ],
  "JSON array": ["[", "[{", '["x"', "[[", "[1", "[]", " [ ]"],
  Markdown: ["```\nx"],
  "list of assignments": [
    ...["A=b", "A=b\n\n# c\nD=e", "[x]\na = b", "[x.y-z]\na=b", "export A=b\nset C=d", "a.b-c = d", 'a="b"'],
    ...["A=b\n  C=d", "export  A=b\nset  C=d", `X=${"a1+/".repeat(10)} y`],
  ],
  YAML: [
    "a: b",
    "---\na: b",
    "- a: b",
    "- a",
    "a:\n  b: c",
    "'a': b",
    "a.b-c: d",
    "# x\na:",
    "a : b",
    "- ab c",
  ],
};

describe("what is stored in a login's place", () => {
  test.each(Object.entries(NAMED).flatMap(([what, texts]) => texts.map((text) => [what, text] as const)))(
    "is known as %s: %j",
    (what, text) => {
      expect(kindOf(text)).toContain(what);
    },
  );

  test.each([
    ...["x $env:X", "xop://a/b", "xvault:a/b#c", "xarn:aws:x", "xprojects/p/secrets/x"],
    ...[
      "x@Microsoft.KeyVault(x)",
      "/x {y",
      "xsk-ant-x",
      "xsk-x",
      "sk-x!",
      "xghp_x",
      "ghp_x!",
      "xrt_x",
      "rt_x!",
    ],
    ...[
      "x -----BEGIN PRIVATE KEY-----",
      "x%7Bx",
      "it-is_a-long-word-with-marks",
      "itisalongwordwithoutmarks",
    ],
    `${Buffer.from(json).toString("base64url")}!`,
    ...["...x", "."].map((end) => `${base64(json).slice(0, 40)}${end}`),
    ...[`x7b${"22".repeat(19)}`, `7b${"22".repeat(19)}zz`, '"x" y', "a b={", "[x] y\na=b"],
    ...["x logged in", "x error", "x [warning]", "x fatal: y", "x usage: y", "x cat: y"],
    ...["xeyJa.b.c", "eyJa.b.c!", "x Bearer y", "glpat-12345678!"],
    ...["x", "two words", `x ${DOLLAR}{{ y }}`, `${DOLLAR}{{ y }} x`, "x$Y", "$X y", "%X% y", "x %X%"],
    ...["op:x", "x op://a", "op://a b", "arn:x", "projects/p/x", "cats and dogs", "cat x\ny", "x cat y"],
    ...[
      "x.jsonl",
      "x.json y",
      "rt-x",
      "rt_a b",
      "eyJa.b",
      "x eyJa.b.c",
      "Bearer x y",
      "glpat-1",
      "xglpat-12345678",
    ],
    ...["sk_x", "sk-x y", "gh_x", "ghp-x", "ghp_x y", "x -----BEGIN CERTIFICATE-----", "-----BEGIN X-----"],
    ...["x Salted__", "7b22", "7c".repeat(40), `7b${"22".repeat(18)}`, "X=", "x <html", "<1", "x [", "[x"],
    ...["x ```", "a b = c d", "a: b\nc", "a:b", "---x", "-a", `/${"a1".repeat(40)}`],
  ])("is not known: %j", (text) => {
    expect(kindOf(text)).toBeNull();
  });

  test.each(KINDS.map(([, code, what, hint]) => [what, code, hint] as const))(
    "has a code, and advice in a sentence: %s",
    (_, code, hint) => {
      expect(code).toMatch(/^login-/);
      expect(hint).toMatch(/^[A-Z].*\.$/);
    },
  );
});
