import { Failure, hasMark } from "../core/failure/failure.ts";
import { AuthJson } from "../core/login/auth-json.ts";
import type { Accepted } from "../core/login/auth-json-fields.ts";
import { looksLikeCredential } from "../core/login/credential-like.ts";
import { alignedForms, lineForms, partsOf } from "../core/login/encodings.ts";
import { Secret } from "../core/login/secret.ts";
import type { Log } from "../ports/runner.ts";

interface Reading {
  readonly accepted?: Accepted;
  /** What of it is hidden. */
  readonly hidden?: (login: AuthJson) => readonly Secret[];
}

/**
 * Reads the login that the secret gives to us, and hides every token of it.
 *
 * @throws {Failure} `secret-empty`, `login-…`
 */
export function readHanded(
  secret: Secret | null,
  log: Log,
  { accepted = "login", hidden = secretsOf }: Reading = {},
): AuthJson {
  if (secret === null) {
    throw new Failure(
      "secret-empty",
      "The input `codex-auth-json` is empty.",
      "Likely causes: the job does not name the `environment:` that holds the secret; the secret has another name, or " +
        "stands where this job does not look; or it has not been seeded yet.",
    );
  }
  try {
    const login = AuthJson.parse(secret.reveal(), accepted);
    log.mask(...linesOf(secret), ...hidden(login));
    return login;
  } catch (error) {
    const login =
      error instanceof Failure && hasMark(error.code, "tolerated")
        ? AuthJson.read(secret.reveal(), accepted)
        : null;
    if (!(error instanceof Failure) || login === null) {
      log.mask(...linesOf(secret));
      throw accepted === "login-or-copy" && isTooShort(secret) ? noCopyYet() : error;
    }
    log.mask(...linesOf(secret), ...hidden(login));
    log.warning(
      `The login is written in a form that this version does not know: ${error.message} It is used as it is.`,
    );
    return login;
  }
}

/**
 * The runner hides each line of a value by itself. Those that say nothing of a login, a brace or a word, would be taken
 * out of every sentence of the log.
 */
function linesOf(secret: Secret): readonly Secret[] {
  const lines = secret.reveal().split(/[\r\n]+/);
  return lines.filter(looksLikeCredential).map((line) => new Secret(line.trim()));
}

/** A person creates a copy's secret with a word or a date; one token alone is longer. */
function isTooShort(secret: Secret): boolean {
  const text = secret.reveal().trim();
  return text.length < 100 && !text.startsWith("{");
}

function noCopyYet(): Failure {
  return new Failure(
    "access-copy-missing",
    "There is no access copy in this secret: it holds only a short text, as it does when it was just created.",
    "Run the maintenance workflow, which writes a copy if its `access-copies` names this secret; then start a new run.",
  );
}

/** As {@link readHanded}, where an earlier phase of the job has hidden every form of it: masks last as long as the job. */
export function readHandedAgain(secret: Secret | null, log: Log, accepted: Accepted): AuthJson {
  return readHanded(secret, log, { accepted, hidden: ({ tokens }) => tokens });
}

/** Shorter text is part of harmless text, whatever it is called in the file. */
const SHORTEST_TOKEN = 8;

/** A token that is no part of a login any more is told from other text by its length. */
const TOKEN = /[\w.~+/-]{40,}/g;

/** As {@link readHanded}, for a secret that may be empty or broken. @returns `null` for one that is */
export function readWhatIsLeft(secret: Secret | null, log: Log): AuthJson | null {
  if (secret === null) return null;
  try {
    return readHanded(secret, log);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.mask(...[...secret.reveal().matchAll(TOKEN)].map(([token]) => new Secret(token)));
    log.info(`The secret holds no usable login: ${error.message}`);
    return null;
  }
}

/** Hides each token, in base64 too, and the form in which the whole login goes into the secret. */
export function maskTokens(login: AuthJson, log: Log): void {
  log.mask(...secretsOf(login));
}

function maskableTokens({ tokens }: AuthJson): readonly Secret[] {
  return tokens.filter((token) => token.reveal().length >= SHORTEST_TOKEN);
}

function secretsOf(login: AuthJson): readonly Secret[] {
  const tokens = login.tokens.map((token) => token.reveal());
  const files = [login.withheld().reveal(), login.whole().reveal(), ...tokens];
  const forms = [
    ...alignedForms(tokens),
    ...files.flatMap((file) => lineForms(file, tokens)),
    ...tokens.flatMap(partsOf),
  ];
  return [
    ...maskableTokens(login),
    login.content("base64"),
    ...[...new Set(forms)].map((form) => new Secret(form)),
  ];
}
