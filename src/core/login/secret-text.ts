import { Failure, type FailureCode } from "../failure/failure.ts";

type JsonObject = Readonly<Record<string, unknown>>;

/** How the login stood in the secret; kept when it is written back. */
export type Encoding = "json" | "base64";

/** GitHub stores 48 KB a secret, and a login written back must fit in base64 of a sealed box. */
export const MAXIMUM_SECRET_BYTES = 45_000;

/** For where nobody knows which secret it is. `gh secret set` is no advice: Codex's file has many lines (docs/setup.md, "By hand"). */
export const LOGIN_AGAIN =
  "Seed again: `npx codex-auth-roundtrip seed --reseed`, with this secret's `--environment` and `--secret-name`.";

/**
 * Reads a secret's content, or a file: raw JSON (pretty or compact), or base64 of it (wraps and a trailing newline allowed).
 *
 * @throws {Failure} `login-…`; no message quotes the input. {@link ./stored-instead.ts} says more of what it is.
 */
export function readSecretText(content: string): { json: JsonObject; encoding: Encoding } {
  if (content.trim() === "") throw new Failure("login-empty", "The login is empty.", LOGIN_AGAIN);
  if (Buffer.byteLength(content) > MAXIMUM_SECRET_BYTES) {
    throw new Failure(
      "login-too-large",
      `The login is larger than ${MAXIMUM_SECRET_BYTES} bytes, more than a secret can hold when it is written back.`,
      `An auth.json has 4 to 6 kB. ${LOGIN_AGAIN}`,
    );
  }
  // UTF-16 that was read as UTF-8 begins with two replacement characters, or has a zero in every other place.
  if (/^(\uFEFF|\uFFFE|\uFFFD\uFFFD)|^\s*\u00EF\u00BB\u00BF|^\s*\S?\0/.test(content)) throw byteOrderMark();
  const trimmed = content.trim();
  if (trimmed.startsWith("{")) return { json: parseJson(trimmed), encoding: "json" };
  const bytes = readBase64(trimmed);
  if (bytes === null) throw notJson("login-not-json", "The login is neither JSON nor base64 of JSON.");
  if (/^(efbbbf|fffe|feff)|^(..)?00/.test(bytes.subarray(0, 3).toString("hex"))) throw byteOrderMark();
  const text = bytes.toString("utf8").trim();
  if (!text.startsWith("{")) throw notJson("login-not-json", "The login is neither JSON nor base64 of JSON.");
  return { json: parseJson(text), encoding: "base64" };
}

/** @returns `null` for what is no base64 */
export function readBase64(text: string): Buffer | null {
  const compact = text.replace(/\s/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, "base64") : null;
}

function byteOrderMark(): Failure {
  return new Failure(
    "login-byte-order-mark",
    "The login is UTF-16, or begins with a byte order mark, and Codex can read neither.",
    LOGIN_AGAIN,
  );
}

function notJson(code: FailureCode, message: string): Failure {
  return new Failure(code, message, LOGIN_AGAIN);
}

/**
 * The parser's own message quotes the input, so it is neither shown nor kept as the cause.
 *
 * @param text begins with a brace: if it is JSON at all, it is an object
 */
function parseJson(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    if (text.endsWith("}")) throw notJson("login-not-json", "The login is not valid JSON.");
    throw new Failure("login-truncated", "The login breaks off before its end.", LOGIN_AGAIN);
  }
}
