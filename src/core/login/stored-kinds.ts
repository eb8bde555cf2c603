import type { FailureCode } from "../failure/failure.ts";
import { LOGIN_AGAIN } from "./secret-text.ts";

export const DECRYPT = `GitHub encrypts secrets itself. ${LOGIN_AGAIN}`;
const PRODUCED = `Look at what has produced the secret. ${LOGIN_AGAIN}`;
export const ONCE = `The secret holds the auth.json, or base64 of it, encoded once. ${LOGIN_AGAIN}`;

type Kind = readonly [is: (text: string) => boolean, code: FailureCode, what: string, hint: string];

const like = (pattern: RegExp) => (text: string) => pattern.test(text);
/** One line, one word. */
const word = (pattern: RegExp) => (text: string) => !/\s/.test(text) && pattern.test(text);
const everyLine = (pattern: RegExp) => (text: string) =>
  text.split(/\r?\n/).every((line) => /^\s*(#|$)/.test(line) || pattern.test(line));

/** What people and programs have stored in a login's place. The first that fits counts; none is ever quoted. */
export const KINDS: readonly Kind[] = [
  // Before paths: `$(cat …)` has one in it.
  [
    like(/^\$\{\{.*\}\}$|^\$\{?\w+\}?$|^%\w+%$|^\$env:\w+$/is),
    "login-placeholder",
    "the name of a variable, or an expression, that nothing has replaced by its value",
    LOGIN_AGAIN,
  ],
  [
    word(
      /^(op|vault|doppler|bws|keychain|secretref|gcp-?sm|awssm|azkv|ref\+\w+):\/\/|^vault:[\w/.-]+#|^arn:aws[\w-]*:|^projects\/[\w-]+\/secrets\/|^@Microsoft\.KeyVault\(/i,
    ),
    "login-is-a-path",
    "the name of an entry in a secret manager, which nothing has replaced by its value",
    LOGIN_AGAIN,
  ],
  [
    like(/^(\$\(|`|<\s|<<<|@|cat\s|type\s|gh\s|codex\s|base64\s|Get-Content\s)[^\n]*$/i),
    "login-is-a-path",
    "a command or the name of a file, and not the file's content",
    LOGIN_AGAIN,
  ],
  [
    like(
      /^["']?(~|\.{1,2}[\\/]|\/(?![\w+/]{60})|[A-Za-z]:[\\/]|\$\{?(HOME|CODEX_HOME)\}?[\\/]|%\w+%[\\/]|file:\/\/)[^\n{]*$|^["']?[\w .\\/-]{0,200}\.(json|toml|ya?ml|txt|b64|base64)["']?$/i,
    ),
    "login-is-a-path",
    "a path, and not the content of the file",
    LOGIN_AGAIN,
  ],
  [word(/^https?:\/\//i), "login-is-a-path", "an address, and not what is found there", LOGIN_AGAIN],
  [word(/^["']?sk-ant-/), "login-is-a-token", "an API key of Anthropic's", LOGIN_AGAIN],
  [
    word(/^["']?sk-[\w-]+["']?$/),
    "login-api-key",
    "an API key, which has nothing to refresh",
    `Pass the API key to openai/codex-action instead. Or log in with ChatGPT. ${LOGIN_AGAIN}`,
  ],
  [
    word(/^(gh[a-z]_|github_pat_)\w+$/),
    "login-is-a-token",
    "a token of GitHub's",
    "The write token belongs in the input `secret-write-token`, from a secret of its own. `codex-auth-json` takes the auth.json.",
  ],
  [word(/^rt[_.][\w.-]+$/), "login-is-a-token", "a refresh token by itself", LOGIN_AGAIN],
  [word(/^(Bearer)?eyJ[\w-]+\.[\w-]+\.[\w-]*$/i), "login-is-a-token", "a single token (a JWT)", LOGIN_AGAIN],
  [like(/^Bearer\s+\S+$/i), "login-is-a-token", "an Authorization header", LOGIN_AGAIN],
  [
    word(/^(glpat-|xox[a-z]-|npm_|hf_|AKIA|ASIA|pypi-|dop_v1_|AIza)[\w-]{8,}$/),
    "login-is-a-token",
    "a token of another service",
    LOGIN_AGAIN,
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
    (text) => /^[\w-]{20,}={0,2}$/.test(text) && fromBase64Url(text).startsWith("{"),
    "login-encoded-twice",
    "base64 for addresses (base64url, with `-` and `_`)",
    ONCE,
  ],
  [
    (text) => /(…|\.{3})$/.test(text) && fromBase64Url(text).startsWith("{"),
    "login-truncated",
    "base64 that breaks off: somebody has copied it from where it was cut with dots",
    LOGIN_AGAIN,
  ],
  [
    like(/^"[\w-]+"\s*:\s*["{[\w-]/),
    "login-truncated",
    "JSON that lacks its beginning: the first brace is gone",
    LOGIN_AGAIN,
  ],
  [
    (text) => /^7b([0-9a-f]{2}){19,}$/i.test(text.replace(/\s/g, "")),
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
    LOGIN_AGAIN,
  ],
  [
    like(/^(<!doctype|<!--|<html|<\?xml|<head|<body|<[a-z]+[\s>])/i),
    "login-not-json",
    "a web page or XML",
    PRODUCED,
  ],
  [
    like(
      /(no such file|not found|permission denied|bad credentials|is not recognized|traceback \(most recent|an error occurred|unauthorized|could not |not logged in|^logged in|^\[?(error|warning)\b|^fatal:|^usage:|^cat:)/i,
    ),
    "login-not-json",
    "what a command has printed, an error message perhaps",
    PRODUCED,
  ],
  [like(/^\s*\[\s*([{["\d\]]|$)/), "login-not-json", "a JSON array", LOGIN_AGAIN],
  [like(/^```/), "login-not-json", "a block of Markdown (three backticks)", LOGIN_AGAIN],
  [
    (text) =>
      /=\s*[^\s=]/.test(text) &&
      everyLine(/^\s*(\[[\w."-]+\]|((export|set)\s+)?[\w."-]{1,100}\s*=.*)$/i)(text),
    "login-not-json",
    "a list of assignments: an .env file, or a config.toml",
    LOGIN_AGAIN,
  ],
  [everyLine(/^\s*(---|(- )?[\w."'-]+\s*:(\s.*)?|- .*)$/), "login-not-json", "YAML", LOGIN_AGAIN],
];

function fromBase64Url(text: string): string {
  return Buffer.from(text, "base64url").toString("utf8").trim();
}
