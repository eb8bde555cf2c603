import { Failure } from "../../core/failure/failure.ts";
import { accountOf } from "../../core/login/account.ts";
import type { AuthJson } from "../../core/login/auth-json.ts";
import { remainingMs } from "../../core/login/due.ts";
import type { Secret } from "../../core/login/secret.ts";
import { parseLogin } from "../../core/login/stored-instead.ts";
import { describeDuration } from "../../core/text/duration.ts";
import { foreign } from "../../core/text/escape.ts";
import { authPath } from "../../login/home-layout.ts";
import type { LoginMethod, Reporter } from "../../ports/cli.ts";
import { explainKeychain } from "../explain-keychain.ts";
import type { Reporting } from "../services.ts";
import { lastLine, readLoginPrompt } from "./login-prompt.ts";

/** Where the login comes from. */
export type LoginSource =
  | { readonly kind: "fresh"; readonly method: LoginMethod }
  /** `-` is standard input. */
  | { readonly kind: "file"; readonly path: string };

export type LoginServices = Reporting<
  "clock" | "codex" | "codexEnvironment" | "files" | "readStandardInput" | "signal" | "temporaryHome"
>;

const REMINDER_MS = 60_000;

/**
 * A whole login: fresh, from a temporary home that is gone before this returns, or from a file, which stays.
 *
 * @param given.command the one that is running, to be pasted with another `--from`
 * @param given.secrets what Codex's environment must not hold
 * @throws {Failure} `login-failed`, `file-unreadable`, `login-…`, `cancelled`
 */
export async function obtainLogin(
  services: LoginServices,
  source: LoginSource,
  { command, secrets = [] }: { command: string; secrets?: readonly Secret[] },
): Promise<AuthJson> {
  const { reporter, clock } = services;
  const login =
    source.kind === "fresh"
      ? await logIn(services, source.method, secrets)
      : await readLogin(services, source.path, command);
  const left = remainingMs(login, clock.now());
  const expiry = login.accessTokenExpiresAt.toISOString().slice(0, 16).replace("T", " ");
  reporter.say(
    `Login of ${whoseIs(login)}; its access token is ${left > 0 ? `valid ${describeDuration(left)}` : "expired, so the first job refreshes it"} (until ${expiry} UTC).`,
  );
  return login;
}

async function logIn(
  { reporter, files, codex, codexEnvironment, temporaryHome, signal }: LoginServices,
  method: LoginMethod,
  secrets: readonly Secret[],
): Promise<AuthJson> {
  const { login } = await codex();
  signal.throwIfAborted();
  const home = temporaryHome();
  try {
    const listener = listen(reporter, method);
    const environment = codexEnvironment(secrets);
    const { exitCode } = await login
      .run({ method, home: home.path, environment, output: listener.hear, signal })
      .finally(listener.stop);
    signal.throwIfAborted();
    const text = exitCode === 0 ? await files.read(authPath(home.path)) : null;
    if (text === null) throw loginFailed(exitCode, lastLine(listener.output()));
    return parseLogin(text);
  } finally {
    home.shred();
  }
}

function whoseIs(login: AuthJson): string {
  const { email, plan } = accountOf(login);
  const words = [email === null ? null : foreign(email), plan === null ? null : `ChatGPT ${foreign(plan)}`];
  const known = words.filter((word) => word !== null).join(", ");
  return known === "" ? `account ${login.accountId}` : `${known} (account ${login.accountId})`;
}

/** Shows the link and the code as soon as Codex has said them, and reminds a person who is slow. */
function listen(reporter: Reporter, method: LoginMethod) {
  let output = "";
  let shown = false;
  reporter.say("Starting a fresh login in a temporary home: the login you use yourself stays as it is.");
  const reminder = setInterval(
    () => reporter.say("Still waiting for the login in the browser."),
    REMINDER_MS,
  );
  return {
    output: () => output,
    hear: (text: string): void => {
      output = (output + text).slice(-20_000);
      const prompt = shown ? null : readLoginPrompt(method, output);
      if (prompt === null) return;
      shown = true;
      reporter.show(prompt.title, prompt.lines);
      reporter.say("Waiting for the login in the browser. Ctrl-C gives up, and keeps nothing of this login.");
    },
    stop: () => clearInterval(reminder),
  };
}

function loginFailed(exitCode: number | null, lastOutput: string): Failure {
  return new Failure(
    "login-failed",
    `\`codex login\` did not log in (${exitCode === null ? "it was ended" : `exit code ${exitCode}`}). Its last line: ${lastOutput}`,
    "Try again. Where device codes are switched off (ChatGPT → Settings → Security), use `--browser`.",
  );
}

async function readLogin(
  { files, readStandardInput }: LoginServices,
  path: string,
  command: string,
): Promise<AuthJson> {
  let text: string | null;
  try {
    text = path === "-" ? await readStandardInput() : await files.read(path);
  } catch (error) {
    throw await notRead({ files, command }, path, error);
  }
  if (text === null) throw await notRead({ files, command }, path, undefined);
  try {
    return parseLogin(text);
  } catch (error) {
    throw error instanceof Failure ? forFile(error) : error;
  }
}

/** What helps a job, whose secret holds the wrong thing, is no help to who has just passed a file. */
function forFile({ code, message, hint }: Failure): Failure {
  const isForJob = /secret|codex-auth-json|CODEX_HOME|standard input/i.test(hint);
  const here =
    "Pass the whole auth.json of a ChatGPT login with `--from`, unchanged, or leave `--from` out for a fresh login.";
  return new Failure(code, message, isForJob ? here : hint);
}

/** A file that is not there may be in the keychain, and a home is easily named in place of the file. */
async function notRead(
  { files: { read }, command }: Pick<LoginServices, "files"> & { command: string },
  path: string,
  cause: unknown,
): Promise<Failure> {
  const code = cause instanceof Error && "code" in cause ? cause.code : "ENOENT";
  const isDirectory = code === "EISDIR";
  if (isDirectory && (await read(authPath(path)).catch(() => null)) !== null) return isAHome(path);
  const isMissing = isDirectory || code === "ENOENT" || code === "ENOTDIR";
  return (
    (isMissing && path !== "-" ? await explainKeychain(path, read, command) : null) ?? unreadable(path, cause)
  );
}

function isAHome(path: string): Failure {
  return new Failure(
    "file-unreadable",
    `${path} is a directory.`,
    `Name the file in it: --from ${authPath(path)}. A copy of a login that you use yourself stops working as soon as one of both is refreshed.`,
  );
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
