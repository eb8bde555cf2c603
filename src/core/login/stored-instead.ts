import { Failure, type FailureCode } from "../failure/failure.ts";
import { isObject } from "../text/json.ts";
import { AuthJson } from "./auth-json.ts";
import { describeBrokenJson } from "./broken-json.ts";
import { describeOtherProgram, RIGHT_FILE } from "./other-program.ts";
import { isPlaceholder } from "./placeholder.ts";
import { LOGIN_AGAIN, readBase64 } from "./secret-text.ts";

const PASS_THE_FILE =
  "Pass the file on standard input: `gh secret set CODEX_AUTH_JSON < auth.json` (with `--env NAME` for an environment secret).";
const DECRYPT = "Decrypt it before it is stored: GitHub encrypts secrets itself.";
/** `Salted__` */
const OPENSSL = "53616c7465645f5f";
/** gzip, zip, bzip2, xz, zstd */
const COMPRESSED = /^(1f8b|504b0304|425a68|fd377a58|28b52ffd)/;
const PRODUCED = `Look at what has produced the secret. ${RIGHT_FILE}`;
const ONCE = `Store the file as it is, or base64 of it, encoded once. ${PASS_THE_FILE}`;

/**
 * As {@link AuthJson.parse}; but of what is no login it says what it is. For where a person reads it: it costs more to load.
 *
 * @throws {Failure} `login-…`, quoting nothing
 */
export function parseLogin(content: string): AuthJson {
  try {
    return AuthJson.parse(content);
  } catch (error) {
    throw error instanceof Failure ? nameStored(content, error) : error;
  }
}

/** What {@link AuthJson.parse} could not read, by its name; the failure as it is, where it says all there is to say. */
export function nameStored(content: string, failure: Failure): Failure {
  if (!["login-not-json", "login-truncated", "login-not-codex"].includes(failure.code)) return failure;
  const text = content.trim();
  const bytes = text.startsWith("{") ? null : readBase64(text);
  const decoded = bytes?.toString("utf8").trim() ?? text;
  if (decoded.startsWith("{")) return nameJson(decoded) ?? failure;
  return bytes === null ? describeInstead(text) : describeBase64(text, bytes, decoded);
}

function nameJson(text: string): Failure | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return describeBrokenJson(text);
  }
  const other = isObject(json) ? describeOtherProgram(json) : null;
  return other && instead("login-not-codex", other.what, other.hint);
}

function instead(code: FailureCode, what: string, hint: string): Failure {
  return new Failure(code, `In place of a login there is ${what}.`, hint);
}

type Kind = readonly [is: (text: string) => boolean, code: FailureCode, what: string, hint: string];

const like = (pattern: RegExp) => (text: string) => pattern.test(text);
/** One line, one word. */
const word = (pattern: RegExp) => (text: string) => !/\s/.test(text) && pattern.test(text);
const everyLine = (pattern: RegExp) => (text: string) =>
  text.split(/\r?\n/).every((line) => /^\s*(#|$)/.test(line) || pattern.test(line));

/** What people and programs have stored in a login's place. The first that fits counts; none is ever quoted. */
const KINDS: readonly Kind[] = [
  // Before paths: `$(cat …)` has one in it.
  [
    like(/^\$\{\{.*\}\}$|^\$\{?\w+\}?$|^%\w+%$|^\$env:\w+$/is),
    "login-placeholder",
    "the name of a variable, or an expression, that nothing has replaced by its value",
    RIGHT_FILE,
  ],
  [
    like(/^(\$\(|`|<\s|<<<|@|cat\s|type\s|gh\s|codex\s|base64\s|Get-Content\s)[^\n]*$/i),
    "login-is-a-path",
    "a command or the name of a file, and not the file's content",
    PASS_THE_FILE,
  ],
  [
    like(
      /^["']?(~|\.{1,2}[\\/]|\/(?![\w+/]{60})|[A-Za-z]:[\\/]|\$\{?(HOME|CODEX_HOME)\}?[\\/]|%\w+%[\\/]|file:\/\/)[^\n{]*$|^["']?[\w .\\/-]{0,200}\.(json|toml|ya?ml|txt|b64|base64)["']?$/i,
    ),
    "login-is-a-path",
    "a path, and not the content of the file",
    PASS_THE_FILE,
  ],
  [word(/^https?:\/\//i), "login-is-a-path", "an address, and not what is found there", PASS_THE_FILE],
  [word(/^["']?sk-ant-/), "login-is-a-token", "an API key of Anthropic's", RIGHT_FILE],
  [
    word(/^["']?sk-[\w-]+["']?$/),
    "login-api-key",
    "an API key, which has nothing to refresh",
    "Pass the API key to openai/codex-action instead, or log in with ChatGPT and store that auth.json.",
  ],
  [
    word(/^(gh[a-z]_|github_pat_)\w+$/),
    "login-is-a-token",
    "a token of GitHub's",
    "The write token belongs in the input `secret-write-token`, from a secret of its own. `codex-auth-json` takes the auth.json.",
  ],
  [word(/^rt[_.][\w.-]+$/), "login-is-a-token", "a refresh token by itself", RIGHT_FILE],
  [word(/^(Bearer)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/i), "login-is-a-token", "a single token (a JWT)", RIGHT_FILE],
  [like(/^Bearer\s+\S+$/i), "login-is-a-token", "an Authorization header", RIGHT_FILE],
  [
    word(/^(glpat-|xox[a-z]-|npm_|hf_|AKIA|ASIA|pypi-|dop_v1_|AIza)[\w-]{8,}$/),
    "login-is-a-token",
    "a token of another service",
    RIGHT_FILE,
  ],
  [
    like(/^-----BEGIN [A-Z ]*(PRIVATE|PUBLIC) KEY-----|^-----BEGIN CERTIFICATE-----/),
    "login-is-a-token",
    "a key or a certificate (PEM)",
    "A GitHub App's key belongs in the input `private-key`. `codex-auth-json` takes the auth.json.",
  ],
  [
    like(
      /^(age-encryption\.org\/|-----BEGIN (AGE ENCRYPTED FILE|PGP MESSAGE|CMS|PKCS7)|\$ANSIBLE_VAULT|Salted__|vault:v\d+:|ENC\[|\$sops|gpg:)/,
    ),
    "login-encrypted",
    "something encrypted",
    DECRYPT,
  ],
  [
    word(/^(%7B|%22|data:)/i),
    "login-encoded-twice",
    "text that is encoded for an address (percent signs, or a data URL)",
    ONCE,
  ],
  [
    (text) => text.length % 2 === 0 && /^7b([0-9a-f]{2}){19,}$/i.test(text.replace(/\s+/g, "")),
    "login-encoded-twice",
    "the file in hexadecimal",
    ONCE,
  ],
  [
    like(/^".*"$|^'.*'$/s),
    "login-encoded-twice",
    "a text in quotation marks (JSON that was encoded as JSON again, perhaps)",
    ONCE,
  ],
  [
    like(
      /^(export\s+|set\s+|setx\s+|declare\s+-x\s+|\$env:)?[A-Za-z_][\w-]*\s*=\s*["'`]?(\{|[A-Za-z0-9+/]{40}\S*$)/i,
    ),
    "login-not-json",
    "an assignment (`NAME=…`), and not only its value",
    RIGHT_FILE,
  ],
  [
    like(/^(<!doctype|<html|<\?xml|<head|<body|<[a-z]+[\s>])/i),
    "login-not-json",
    "a web page or XML",
    PRODUCED,
  ],
  [
    like(
      /(no such file|not found|permission denied|bad credentials|is not recognized|traceback \(most recent|^error\b|^fatal:|^usage:|^cat:)/i,
    ),
    "login-not-json",
    "an error message of a command",
    PRODUCED,
  ],
  [like(/^\s*\[\s*([{["\d\]]|$)/), "login-not-json", "a JSON array", RIGHT_FILE],
  [like(/^```/), "login-not-json", "a block of Markdown (three backticks)", RIGHT_FILE],
  [
    everyLine(/^\s*(\[[\w."-]+\]|[\w."-]+\s*=\s*\S.*)$/),
    "login-not-json",
    "a list of assignments: an .env file, or a config.toml",
    RIGHT_FILE,
  ],
  [everyLine(/^\s*(---|(- )?[\w."'-]+\s*:(\s.*)?|- .*)$/), "login-not-json", "YAML", RIGHT_FILE],
];

/** Shorter text is no token, and nothing that is encoded. */
const SHORT = 20;
/** What is no more than a guess by the form of the text. */
const GUESSED: readonly FailureCode[] = ["login-not-json", "login-encoded-twice"];

/**
 * What it is that was stored in a login's place: text that is neither JSON nor base64 of text.
 *
 * @param text without surrounding blanks, and not empty
 */
function describeInstead(text: string): Failure {
  // Nothing of it is looked for in all of a long text.
  const beginning = text.slice(0, 2_000);
  const [, code, what, hint] = KINDS.find(([is]) => is(beginning)) ?? [];
  const isKnown = code !== undefined && !GUESSED.includes(code);
  if (!isKnown && isPlaceholder(text)) return placeholder();
  if (code !== undefined && what !== undefined && hint !== undefined) return instead(code, what, hint);
  if (text.length < SHORT && !/[{}]/.test(text)) return placeholder();
  return embedded(text) ?? unknown(text);
}

function placeholder(): Failure {
  return instead("login-placeholder", "a placeholder", LOGIN_AGAIN);
}

function embedded(text: string): Failure | null {
  const tokens = text.indexOf('"tokens"', text.indexOf("{"));
  if (!text.includes("{") || tokens < 0) return null;
  return instead("login-not-json", "a longer text with an auth.json somewhere in it", RIGHT_FILE);
}

function unknown(text: string): Failure {
  if (/\s/.test(text))
    return new Failure("login-not-json", "The login is neither JSON nor base64 of JSON.", LOGIN_AGAIN);
  return new Failure(
    "login-not-json",
    "The login is neither JSON nor base64 of JSON: it is one long word, a token perhaps, or something encrypted or compressed.",
    PASS_THE_FILE,
  );
}

/** What it is that somebody has encoded, if it is text at all. */
function describeBase64(content: string, bytes: Buffer, text: string): Failure {
  const magic = bytes.subarray(0, 8).toString("hex");
  if (magic === OPENSSL) return instead("login-encrypted", "something that OpenSSL has encrypted", DECRYPT);
  if (COMPRESSED.test(magic)) return instead("login-encoded-twice", "base64 of a compressed file", ONCE);
  const isShown = (character: string): boolean =>
    character >= " " ? character !== "\uFFFD" : /\s/.test(character);
  if (text === "" || ![...text].every(isShown)) return describeInstead(content);
  if (/^ey/.test(text) && readBase64(text)?.toString("utf8").startsWith("{"))
    return instead("login-encoded-twice", "base64 of base64", ONCE);
  const { code, message, hint } = describeInstead(text);
  return new Failure(code, message.replace("there is ", "there is, in base64, "), hint);
}
