import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { actionInputs } from "virtual:action-inputs";
import { examples } from "virtual:examples";
import { version } from "virtual:package";
import { Command, CommanderError } from "commander";
import { refuseInputs } from "../action/refuse-inputs.ts";
import { appServerRefresher } from "../adapters/codex/app-server.ts";
import { locateCodex } from "../adapters/codex/locator.ts";
import { codexLogin } from "../adapters/codex/person-login.ts";
import { tinyCodexExec } from "../adapters/codex/tiny-exec.ts";
import { unreachableCodex } from "../adapters/codex/unreachable.ts";
import { githubRepository } from "../adapters/github/administration.ts";
import { GitHubClient } from "../adapters/github/client.ts";
import { appCopyAccess, tokenCopyAccess } from "../adapters/github/copy-access.ts";
import { githubRepositoryAnswers } from "../adapters/github/repository-settings.ts";
import { findGitHubToken } from "../adapters/github/user-token.ts";
import { appCredential, tokenCredential } from "../adapters/github/write-credential.ts";
import { checkoutFiles } from "../adapters/machine/checkout-files.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { createFile, tryDirectory } from "../adapters/machine/file-operations.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { gitOrigin } from "../adapters/machine/git-origin.ts";
import { hostDisk, readAsItsOwner } from "../adapters/machine/host-disk.ts";
import { hostUsers } from "../adapters/machine/host-users.ts";
import { useProxy } from "../adapters/machine/proxy.ts";
import { hostSystemd } from "../adapters/machine/systemd.ts";
import { makeTemporaryHome } from "../adapters/machine/temporary-home.ts";
import { sodiumSealedBox } from "../adapters/sodium/sealed-box.ts";
import { watchInterruption } from "../adapters/terminal/interruption.ts";
import { reporterFor } from "../adapters/terminal/reporter.ts";
import { terminalScreen } from "../adapters/terminal/screen.ts";
import { completionCommand } from "../cli/completion.ts";
import { doctorCommand } from "../cli/doctor/command.ts";
import { exitCodeOf, WRONG_USAGE } from "../cli/exit-code.ts";
import { hostCommand } from "../cli/host/command.ts";
import { redact } from "../cli/redact.ts";
import { silentLog } from "../cli/reporter-log.ts";
import { seedCommand } from "../cli/seed/command.ts";
import type { CliServices } from "../cli/services.ts";
import { statusCommand } from "../cli/status/command.ts";
import { scrubEnvironment } from "../core/environment/scrub.ts";
import { Failure } from "../core/failure/failure.ts";
import { explainSystemError, systemCodeOf } from "../core/failure/system-error.ts";
import type { Log } from "../ports/runner.ts";

// Also what happens before, after and beside the command: a current directory that is gone, a pipe that nobody reads.
process.on("uncaughtException", (error: unknown) => {
  if (systemCodeOf(error) !== "EPIPE") fail(error);
  process.exit();
});
const withoutProxy = useProxy(process.env);
if (withoutProxy !== null) process.stderr.write(`Warning: ${withoutProxy}\n`);
const signal = watchInterruption();
const isDebugging = process.argv.includes("--debug");
/** The adapters speak only where somebody asked what they do. */
const log: Log = {
  ...silentLog,
  debug: (sentence) => void (isDebugging && process.stderr.write(`debug: ${redact(sentence)}\n`)),
};

const program = new Command("codex-auth-roundtrip")
  .version(version)
  .description("Looks after one ChatGPT login of Codex for ephemeral runners and persistent hosts.")
  .addHelpText(
    "after",
    "\nExit codes: 0 done or healthy, 1 something failed or a check failed, 2 wrong usage, 130 interrupted.",
  );

const services: CliServices = {
  environment: process.env,
  directory: process.cwd(),
  origin: gitOrigin,
  userHome: homedir(),
  program: { node: process.execPath, cli: fileURLToPath(import.meta.url) },
  signal,
  exitWith: (code) => {
    process.exitCode = code;
  },
  readStandardInput: () => text(process.stdin),
  reporterFor: (options) => reporterFor({ ...options, signal }),
  screen: terminalScreen(process.env),
  clock: machineClock,
  files: diskFiles,
  disk: hostDisk,
  users: hostUsers,
  systemd: hostSystemd,
  createFile,
  tryDirectory,
  readAsOwner: readAsItsOwner,
  temporaryHome: makeTemporaryHome,
  checkout: async (directory) => {
    const status = await stat(directory).catch(() => null);
    return status?.isDirectory() ? checkoutFiles(directory) : null;
  },
  examples,
  actionInputs: { known: actionInputs, refuse: refuseInputs },
  box: sodiumSealedBox,
  codex: async () => {
    const path = await findCodex();
    log.debug(`codex is ${path}.`);
    return {
      path,
      login: codexLogin(path, log),
      refresher: appServerRefresher(path, log),
      exec: tinyCodexExec(path, log),
    };
  },
  codexEnvironment: (secrets) => scrubEnvironment(process.env, secrets),
  github: async (apiUrl) => {
    const token = await findGitHubToken(process.env, apiUrl);
    if (token === null)
      throw new Failure(
        "token-missing",
        "There is no GitHub token.",
        "Run `gh auth login`, or set GH_TOKEN (or GITHUB_TOKEN) in the environment; a token has no place among the arguments.",
      );
    const client = new GitHubClient({ apiUrl, token, clock: machineClock, log });
    return {
      token,
      administration: (repository) => githubRepository(client, repository),
      answers: (repository) => githubRepositoryAnswers(client, repository),
      copyAccess: (source) => {
        const context = { apiUrl, clock: machineClock, log };
        return source?.kind === "app"
          ? appCopyAccess(source, context)
          : tokenCopyAccess(source?.token ?? token, context);
      },
      writeCredential: (source, place) => {
        const context = { apiUrl, place, clock: machineClock, log };
        return source.kind === "token"
          ? tokenCredential(source.token, context)
          : appCredential(source.clientId, source.privateKey, context);
      },
    };
  },
};

for (const commandOf of [seedCommand, statusCommand, doctorCommand, hostCommand, completionCommand])
  program.addCommand(commandOf(services));

await run();

async function findCodex(): Promise<string> {
  const command = await locateCodex(process.env.PATH ?? "");
  if (command) return command;
  const [closed] = await unreachableCodex(process.env.PATH ?? "");
  if (closed !== undefined)
    throw new Failure(
      "codex-missing",
      `This user may not reach or run ${closed}, and there is no other \`codex\` on PATH.`,
      "Install it where every user can run it, not in somebody's home, or correct the modes on the way to it.",
    );
  throw new Failure(
    "codex-missing",
    "There is no `codex` on PATH.",
    "Install it: `npm install --global @openai/codex`.",
  );
}

async function run(): Promise<void> {
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeErr: (text) => void process.stderr.write(redact(text)) });
    if (command.commands.length === 0)
      command
        .option("--debug", "print to stderr what is asked of GitHub and Codex, and how long it takes")
        .allowExcessArguments(command.registeredArguments.length > 0);
    command.configureHelp({ helpWidth: Math.min(process.stdout.columns || 100, 110) });
    command.showHelpAfterError("See --help.");
  }
  try {
    await program.parseAsync();
  } catch (error) {
    fail(error);
  }
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
  );
  // A connection that nobody waits for must not hold the command up.
  process.exit();
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

/** What is wrong, what to do, and the code under which docs/troubleshooting.md explains it. */
function fail(error: unknown): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    return;
  }
  process.exitCode = exitCodeOf(error);
  const failure = error instanceof Failure ? error : explainSystemError(error);
  const code = failure?.code ?? "bug";
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // It may quote an argument, and people paste a token where a name belongs.
  const message = redact(failure?.message ?? `This is a bug of codex-auth-roundtrip: ${stack}`);
  const hint = redact(failure?.hint ?? "Please report it.");
  process.stderr.write(`Error: ${message}\n  ${hint}\n  [${code}]\n`);
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
}
