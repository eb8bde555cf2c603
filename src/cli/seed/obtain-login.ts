import { Failure } from "../../core/failure/failure.ts";
import { AuthJson } from "../../core/login/auth-json.ts";
import { remainingMs } from "../../core/login/due.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { authPath } from "../../login/home.ts";
import type { Clock, Files } from "../../ports/action.ts";
import type { LoginMethod, PersonLogin, Reporter, TemporaryHome } from "../../ports/cli.ts";
import { lastWords, readLoginPrompt } from "./login-prompt.ts";

/** Where the login comes from. */
export type LoginSource =
  | { readonly kind: "fresh"; readonly method: LoginMethod }
  /** `-` is standard input. */
  | { readonly kind: "file"; readonly path: string };

export interface LoginCollaborators {
  readonly reporter: Reporter;
  readonly files: Files;
  readonly clock: Clock;
  /** @throws {Failure} `codex-missing` */
  readonly login: () => Promise<PersonLogin>;
  readonly temporaryHome: () => TemporaryHome;
  /** Of Codex: scrubbed. */
  readonly environment: Readonly<Record<string, string>>;
  readonly readStandardInput: () => Promise<string>;
  readonly signal: AbortSignal;
}

const REMINDER_MS = 60_000;

/**
 * A whole login: fresh, from a home of its own that is gone before this returns, or from a file, which stays.
 *
 * @throws {Failure} `login-failed`, `file-unreadable`, `login-…`, `cancelled`
 */
export async function obtainLogin(collaborators: LoginCollaborators, source: LoginSource): Promise<AuthJson> {
  const { reporter, clock } = collaborators;
  const document =
    source.kind === "fresh"
      ? await logInAfresh(collaborators, source.method)
      : await readLogin(collaborators, source.path);
  const left = remainingMs(document, clock.now());
  reporter.say(
    `Login of account ${document.accountId}; its access token is ${left > 0 ? `valid ${describeDuration(left)}` : "expired, so the first job refreshes it"} (until ${document.accessTokenExpiresAt.toISOString().slice(0, 16).replace("T", " ")} UTC).`,
  );
  return document;
}

async function logInAfresh(collaborators: LoginCollaborators, method: LoginMethod): Promise<AuthJson> {
  const { reporter, files, environment, signal } = collaborators;
  const login = await collaborators.login();
  signal.throwIfAborted();
  const home = collaborators.temporaryHome();
  try {
    const listener = listen(reporter, method);
    const { exitCode } = await login
      .run({ method, home: home.path, environment, output: listener.hear, signal })
      .finally(listener.stop);
    signal.throwIfAborted();
    const text = exitCode === 0 ? await files.read(authPath(home.path)) : null;
    if (text === null) throw loginFailed(exitCode, lastWords(listener.words()));
    return AuthJson.parse(text);
  } finally {
    home.shred();
  }
}

/** Shows the link and the code as soon as Codex has said them, and reminds a person who is slow. */
function listen(reporter: Reporter, method: LoginMethod) {
  let words = "";
  let shown = false;
  reporter.say("Starting a fresh login, in a home of its own: the login you use yourself stays as it is.");
  const reminder = setInterval(
    () => reporter.say("Still waiting for the login in the browser."),
    REMINDER_MS,
  );
  return {
    words: () => words,
    hear: (text: string): void => {
      words = (words + text).slice(-20_000);
      const prompt = shown ? null : readLoginPrompt(method, words);
      if (prompt === null) return;
      shown = true;
      reporter.show(prompt.title, prompt.lines);
      reporter.say("Waiting for the login in the browser. Ctrl-C gives up and leaves nothing behind.");
    },
    stop: () => clearInterval(reminder),
  };
}

function loginFailed(exitCode: number | null, words: string): Failure {
  return new Failure(
    "login-failed",
    `\`codex login\` did not log in (${exitCode === null ? "it was ended" : `exit code ${exitCode}`}). Its last words: ${words}`,
    "Try again. Where device codes are switched off (ChatGPT → Settings → Security), use `--browser`.",
  );
}

async function readLogin({ files, readStandardInput }: LoginCollaborators, path: string): Promise<AuthJson> {
  let text: string | null;
  try {
    text = path === "-" ? await readStandardInput() : await files.read(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  if (text === null) throw unreadable(path, undefined);
  return AuthJson.parse(text);
}

function unreadable(path: string, cause: unknown): Failure {
  const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
  return new Failure(
    "file-unreadable",
    `${path} cannot be read${code}.`,
    "Pass the auth.json of a login that nobody else uses, or leave `--from` out for a fresh login.",
    { cause },
  );
}
