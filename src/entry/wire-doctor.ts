import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { GitHubClient } from "../adapters/github/client.ts";
import { githubRepositoryAnswers } from "../adapters/github/repository-settings.ts";
import { findGitHubToken } from "../adapters/github/user-token.ts";
import { appWriter, tokenWriter } from "../adapters/github/write-credential.ts";
import { checkoutFiles } from "../adapters/machine/checkout-files.ts";
import { machineClock } from "../adapters/machine/clock.ts";
import { diskFiles } from "../adapters/machine/files.ts";
import { sodiumSealedBox } from "../adapters/sodium/sealed-box.ts";
import { terminalScreen } from "../adapters/terminal/screen.ts";
import { doctorCommand } from "../cli/doctor/command.ts";
import { probeWriter } from "../cli/doctor/probe.ts";
import { demandToken, parseApiUrl } from "../cli/options.ts";
import type { Log } from "../ports/action.ts";

/** `doctor`, wired. @param signal ends it */
export function wireDoctor({ signal, log }: { signal: AbortSignal; log: Log }): Command {
  return doctorCommand({
    environment: process.env,
    files: diskFiles,
    checkout: async (directory) => {
      const status = await stat(directory).catch(() => null);
      return status?.isDirectory() ? checkoutFiles(directory) : null;
    },
    answers: async (repository, { apiUrl }) => {
      const api = parseApiUrl(apiUrl);
      const token = demandToken(await findGitHubToken(process.env, api));
      return githubRepositoryAnswers(
        new GitHubClient({ apiUrl: api, token, clock: machineClock }),
        repository,
      );
    },
    probe: (writer, place, { apiUrl }) => {
      const surroundings = { apiUrl: parseApiUrl(apiUrl), place, clock: machineClock, log };
      const opened =
        writer.kind === "token"
          ? tokenWriter(writer.token, surroundings)
          : appWriter(writer.clientId, writer.privateKey, surroundings);
      return probeWriter(opened, { place, box: sodiumSealedBox, clock: machineClock, log });
    },
    screen: terminalScreen(process.env),
    signal,
    exitWith: (code) => {
      process.exitCode = code;
    },
  });
}
