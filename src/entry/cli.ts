#!/usr/bin/env node
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { examples } from "virtual:examples";
import { Command, CommanderError } from "commander";
import { appServerRefresher } from "../adapters/codex/app-server.ts";
import { locateCodex } from "../adapters/codex/locator.ts";
import { codexLogin } from "../adapters/codex/person-login.ts";
import { tinyCodexExec } from "../adapters/codex/tiny-exec.ts";
import { githubRepository } from "../adapters/github/administration.ts";
import { GitHubClient } from "../adapters/github/client.ts";
import { findGitHubToken } from "../adapters/github/user-token.ts";
import { appWriter, tokenWriter } from "../adapters/github/write-credential.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { createFile } from "../adapters/machine/create-file.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { hostDisk, readAsItsOwner } from "../adapters/machine/host-disk.ts";
import { useProxy } from "../adapters/machine/proxy.ts";
import { hostSystemd } from "../adapters/machine/systemd.ts";
import { makeTemporaryHome } from "../adapters/machine/temporary-home.ts";
import { sodiumSealedBox } from "../adapters/sodium/sealed-box.ts";
import { watchInterruption } from "../adapters/terminal/interruption.ts";
import { reporterFor } from "../adapters/terminal/reporter.ts";
import { exitCodeOf, WRONG_USAGE } from "../cli/exit-code.ts";
import { hostCommand } from "../cli/host/command.ts";
import { installTimer } from "../cli/host/install-timer.ts";
import { refreshHost } from "../cli/host/refresh.ts";
import { seedHost } from "../cli/host/seed.ts";
import { demandToken, parseApiUrl } from "../cli/options.ts";
import { redact } from "../cli/redact.ts";
import { seedCommand } from "../cli/seed/command.ts";
import type { LoginCollaborators } from "../cli/seed/obtain-login.ts";
import { seed } from "../cli/seed/seed.ts";
import { statusCommand } from "../cli/status/command.ts";
import { scrubEnvironment } from "../core/environment/scrub.ts";
import { Failure } from "../core/failure/failure.ts";
import type { Secret } from "../core/login/secret.ts";
import type { Log } from "../ports/action.ts";
import type { Reporter } from "../ports/cli.ts";
import { wireDoctor } from "./wire-doctor.ts";

const withoutProxy = useProxy(process.env);
if (withoutProxy !== null) process.stderr.write(`Warning: ${withoutProxy}\n`);
const signal = watchInterruption();
const reporter = (options: { json: boolean }): Reporter => reporterFor({ ...options, signal });
const silentLog: Log = {
  info: () => {},
  warning: () => {},
  error: () => {},
  debug: () => {},
  group: () => {},
  endGroup: () => {},
  mask: () => {},
};

const program = new Command("codex-auth-roundtrip")
  .description("Looks after one ChatGPT login of Codex for ephemeral runners and persistent hosts.")
  .addHelpText(
    "after",
    "\nExit codes: 0 done or healthy, 1 something failed or a check failed, 2 wrong usage.",
  );

program.addCommand(
  seedCommand({
    environment: process.env,
    files: diskFiles,
    directory: process.cwd(),
    reporter,
    seed: async (request, { apiUrl, reporter }) => {
      const api = parseApiUrl(apiUrl);
      const token = demandToken(await findGitHubToken(process.env, api));
      const { writer } = request;
      const secrets = [
        token,
        ...(writer === null || writer === "ask"
          ? []
          : [writer.kind === "token" ? writer.token : writer.privateKey]),
      ];
      return seed(
        {
          ...loginCollaborators(reporter, secrets),
          administration: githubRepository(
            new GitHubClient({ apiUrl: api, token, clock: machineClock }),
            request,
          ),
          box: sodiumSealedBox,
          writer: (stored, place) => {
            const surroundings = { apiUrl: api, place, clock: machineClock, log: silentLog };
            return stored.kind === "token"
              ? tokenWriter(stored.token, surroundings)
              : appWriter(stored.clientId, stored.privateKey, surroundings);
          },
          examples,
          createFile,
        },
        request,
      );
    },
  }),
);
program.addCommand(
  statusCommand({
    environment: process.env,
    userHome: homedir(),
    disk: hostDisk,
    clock: machineClock,
    examples,
    reporter,
    administration: async (repository, apiUrl) => {
      const api = parseApiUrl(apiUrl);
      const token = demandToken(await findGitHubToken(process.env, api));
      return githubRepository(new GitHubClient({ apiUrl: api, token, clock: machineClock }), repository);
    },
    exit,
  }),
);
program.addCommand(wireDoctor({ signal, log: silentLog }));
program.addCommand(
  hostCommand({
    disk: hostDisk,
    clock: machineClock,
    reporter,
    seedHost: (request, reporter) => {
      const files = { ...diskFiles, read: readAsItsOwner };
      return seedHost({ ...loginCollaborators(reporter, []), files, disk: hostDisk }, request);
    },
    refreshHost: (request, reporter) =>
      refreshHost(
        {
          disk: hostDisk,
          files: diskFiles,
          clock: machineClock,
          reporter: reporter,
          refresher: async () => appServerRefresher(await findCodex()),
          exec: async () => tinyCodexExec(await findCodex()),
          environment: (document) => scrubEnvironment(process.env, document.tokens),
        },
        request,
      ),
    installTimer: async (request, reporter) =>
      installTimer(
        { systemd: hostSystemd, reporter: reporter },
        { ...request, node: process.execPath, cli: fileURLToPath(import.meta.url), codex: await findCodex() },
      ),
    exit,
  }),
);

await run();

function loginCollaborators(reporter: Reporter, secrets: readonly Secret[]): LoginCollaborators {
  return {
    reporter: reporter,
    files: diskFiles,
    clock: machineClock,
    login: async () => codexLogin(await findCodex()),
    temporaryHome: makeTemporaryHome,
    environment: scrubEnvironment(process.env, secrets),
    readStandardInput,
    signal,
  };
}

async function findCodex(): Promise<string> {
  const command = await locateCodex(process.env.PATH ?? "");
  if (command) return command;
  throw new Failure(
    "codex-missing",
    "There is no `codex` on PATH.",
    "Install it: `npm install --global @openai/codex`.",
  );
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

async function run(): Promise<void> {
  for (const command of everyCommand(program)) {
    command.exitOverride().configureOutput({ writeErr: (text) => void process.stderr.write(redact(text)) });
    if (command.commands.length === 0) command.allowExcessArguments(command.registeredArguments.length > 0);
    command.configureHelp({ helpWidth: Math.min(process.stdout.columns || 100, 110) });
    command.showHelpAfterError("(add --help for what it understands)");
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

function exit(code: number): void {
  process.exitCode = code;
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
  const { code, message, hint } =
    error instanceof Failure
      ? error
      : {
          code: "bug",
          message: `This is a bug of codex-auth-roundtrip: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          hint: "Please report it.",
        };
  process.stderr.write(`Error: ${message}\n  ${hint}\n  [${code}]\n`);
  if (process.argv.includes("--json"))
    process.stdout.write(`${JSON.stringify({ error: { code, message, hint } }, null, 2)}\n`);
}
