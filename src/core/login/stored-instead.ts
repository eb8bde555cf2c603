import { Failure, type FailureCode } from "../failure/failure.ts";
import { isObject } from "../text/json.ts";
import { AuthJson } from "./auth-json.ts";
import { describeBrokenJson } from "./broken-json.ts";
import { describeOtherProgram } from "./other-program.ts";
import { isPlaceholder } from "./placeholder.ts";
import { LOGIN_AGAIN, readBase64 } from "./secret-text.ts";
import { DECRYPT, KINDS, ONCE } from "./stored-kinds.ts";

/** `Salted__` */
const OPENSSL = "53616c7465645f5f";
/** gzip, zip, bzip2, xz, zstd, 7z, lz4, rar */
const COMPRESSED = /^(1f8b|504b0304|425a68|fd377a58|28b52ffd|377abcaf|04224d18|52617221)/;

const FILE_AGAIN =
  "Log in with `codex login` (ChatGPT) in a new CODEX_HOME, and use the whole auth.json there.";

/**
 * As {@link AuthJson.parse}; but of what is no login it says what it is. For a file, where a person reads it: it costs more to load.
 *
 * @throws {Failure} `login-…`, quoting nothing
 */
export function parseLogin(content: string): AuthJson {
  try {
    return AuthJson.parse(content);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, hint } = nameStored(content, error);
    throw new Failure(code, message, hint.replace(LOGIN_AGAIN, FILE_AGAIN), { cause: error.cause });
  }
}

/** Codes that leave open what it is. */
const NAMED: readonly FailureCode[] = [
  "login-not-json",
  "login-truncated",
  "login-not-codex",
  "login-tokens-missing",
];

/** What {@link AuthJson.parse} could not read, by its name; the failure as it is, where it says all there is to say. */
export function nameStored(content: string, failure: Failure): Failure {
  if (!NAMED.includes(failure.code)) return failure;
  const text = content.trim();
  const bytes = readBase64(text);
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
  const kind = KINDS.find(([is]) => is(beginning));
  const isGuess = kind === undefined || GUESSED.includes(kind[1]);
  if (isGuess && isPlaceholder(text)) return placeholder();
  if (kind !== undefined) return instead(kind[1], kind[2], kind[3]);
  if (text.length < SHORT && !/[{}]/.test(text))
    return instead("login-placeholder", "a short text, a placeholder perhaps", LOGIN_AGAIN);
  return embedded(text) ?? unknown(text);
}

function placeholder(): Failure {
  return instead("login-placeholder", "a placeholder", LOGIN_AGAIN);
}

function embedded(text: string): Failure | null {
  const begin = text.indexOf("{");
  if (begin < 0 || !text.includes('"tokens"', begin)) return null;
  return instead("login-not-json", "a longer text with an auth.json somewhere in it", LOGIN_AGAIN);
}

function unknown(text: string): Failure {
  if (/\s/.test(text))
    return new Failure("login-not-json", "The login is neither JSON nor base64 of JSON.", LOGIN_AGAIN);
  return new Failure(
    "login-not-json",
    "The login is neither JSON nor base64 of JSON: it is one long word, a token perhaps, or something encrypted or compressed.",
    LOGIN_AGAIN,
  );
}

/** What it is that somebody has encoded, if it is text at all. */
function describeBase64(content: string, bytes: Buffer, text: string): Failure {
  const magic = bytes.subarray(0, 8).toString("hex");
  if (magic === OPENSSL) return instead("login-encrypted", "something that OpenSSL has encrypted", DECRYPT);
  if (bytes.subarray(257, 262).toString("latin1") === "ustar")
    return instead("login-encoded-twice", "base64 of an archive (tar)", ONCE);
  if (COMPRESSED.test(magic)) return instead("login-encoded-twice", "base64 of a compressed file", ONCE);
  const isShown = (character: string): boolean =>
    character >= " " ? character !== "\uFFFD" : /\s/.test(character);
  if (text === "" || ![...text].every(isShown)) return describeInstead(content);
  if (readBase64(text)?.toString("utf8").trim().startsWith("{"))
    return instead("login-encoded-twice", "base64 of base64", ONCE);
  const { code, message, hint } = describeInstead(text);
  return new Failure(code, message.replace("there is ", "there is, in base64, "), hint);
}
