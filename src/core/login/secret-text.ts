import { Failure } from "../failure/failure.ts";
import { describeBrokenJson } from "./broken-json.ts";
import { describeInstead, instead, LOGIN_AGAIN } from "./stored-instead.ts";

/** How the login stood in the secret; kept when it is written back. */
export type Encoding = "json" | "base64";

/** GitHub stores 48 KB a secret, and a login written back must fit in base64 of a sealed box. */
export const MAXIMUM_SECRET_BYTES = 45_000;

/**
 * Reads a secret's content, or a file: raw JSON (pretty or compact), or base64 of it (wraps and a trailing newline allowed).
 *
 * @throws {Failure} `login-…`, which says what it is instead; no message quotes the input
 */
export function readSecretText(content: string): { json: unknown; encoding: Encoding } {
  if (content.trim() === "") throw new Failure("login-empty", "The login is empty.", LOGIN_AGAIN);
  if (Buffer.byteLength(content) > MAXIMUM_SECRET_BYTES) {
    throw new Failure(
      "login-too-large",
      `The login is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`,
      "An auth.json has 4 to 6 kB: check that the secret holds this file and nothing else.",
    );
  }
  // UTF-16 that was read as UTF-8 begins with two replacement characters, or has a zero in every other place.
  if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)|^\s*\S?\0/.test(content)) throw byteOrderMark();
  const trimmed = content.trim();
  if (trimmed.startsWith("{")) return { json: parseJson(trimmed), encoding: "json" };
  const compact = trimmed.replace(/\s+/g, "");
  const bytes = /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : null;
  if (bytes === null) throw describeInstead(trimmed);
  if (/^(efbbbf|fffe|feff)|^(..)?00/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
  const text = bytes.toString("utf8").trim();
  if (text.startsWith("{")) return { json: parseJson(text), encoding: "base64" };
  throw describeBase64(trimmed, bytes, text);
}

/** `Salted__` */
const OPENSSL = "53616c7465645f5f";
/** gzip, zip, bzip2, xz, zstd */
const COMPRESSED = /^(1f8b|504b0304|425a68|fd377a58|28b52ffd)/;
const ONCE = "Store the file as it is, or base64 of it, encoded once.";

/** What it is that somebody has encoded, if it is text at all. */
function describeBase64(content: string, bytes: Buffer, text: string): Failure {
  const magic = bytes.subarray(0, 8).toString("hex");
  if (magic === OPENSSL) {
    return instead(
      "login-encrypted",
      "something that OpenSSL has encrypted",
      "Decrypt it before it is stored: GitHub encrypts secrets itself.",
    );
  }
  if (COMPRESSED.test(magic)) return instead("login-encoded-twice", "base64 of a compressed file", ONCE);
  const isText =
    text !== "" &&
    [...text].every((character) => (character >= " " ? character !== "\uFFFD" : /\s/.test(character)));
  if (!isText) return describeInstead(content);
  if (/^ey[A-Za-z0-9+/\s]+={0,2}$/.test(text) && Buffer.from(text, "base64").toString("utf8").startsWith("{"))
    return instead("login-encoded-twice", "base64 of base64", ONCE);
  const { code, message, hint } = describeInstead(text);
  return new Failure(code, message.replace("there is ", "there is, in base64, "), hint);
}

function byteOrderMark(): Failure {
  return new Failure(
    "login-byte-order-mark",
    "The login is UTF-16, or begins with a byte order mark, and Codex can read neither.",
    "Store the file again as UTF-8 without BOM (in PowerShell, `Set-Content -Encoding utf8NoBOM`).",
  );
}

/** The parser's own message quotes the input, so it is neither shown nor kept as the cause. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw describeBrokenJson(text);
  }
}
