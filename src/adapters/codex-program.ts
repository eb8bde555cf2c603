import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { getExecOutput } from "@actions/exec";
import { Failure } from "../core/failure.ts";
import type { CodexProgram, Log } from "../ports.ts";
import { locateCodex } from "./codex-locator.ts";

/**
 * Codex on the PATH, or from npm.
 *
 * @param environment for npm and Codex: scrubbed
 */
export function npmCodexProgram({
  environment,
  toolCache,
  log,
}: {
  environment: Readonly<Record<string, string>>;
  toolCache: string;
  log: Log;
}): CodexProgram {
  const versionOf = async (command: string): Promise<string | null> => {
    const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
    return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
  };
  const quietly = { silent: true, ignoreReturnCode: true, env: { ...environment } };
  return {
    locate: () => locateCodex(process.env.PATH ?? ""),
    install: async (version) => {
      const target = join(toolCache, "codex-auth-roundtrip", `codex-${version}-${platform()}-${arch()}`);
      const installed = await locateCodex(binOf(target));
      if (installed) return installed;
      log.info(`Installing @openai/codex ${version} with npm.`);
      await mkdir(join(toolCache, "codex-auth-roundtrip"), { recursive: true });
      const fresh = await mkdtemp(`${target}-`);
      try {
        const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];
        // npm's own patience is over a minute.
        const patience = ["--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "5000"];
        const { exitCode, stderr } = await getExecOutput(
          "npm",
          ["install", ...flags, ...patience, "--prefix", fresh, `@openai/codex@${version}`],
          quietly,
        ).catch(() => ({ exitCode: null, stderr: NO_NPM }));
        if (exitCode !== 0) throw installFailed(version, stderr);
        // The program itself is an optional dependency of the package, which npm leaves out when it cannot have it.
        const program = await locateCodex(binOf(fresh));
        if (!program || (await versionOf(program)) !== version) throw installFailed(version, NO_PROGRAM);
        // Another job on this machine may have been faster; its copy is as good.
        await rename(fresh, target).catch(() => {});
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
      const found = await locateCodex(binOf(target));
      if (!found) throw installFailed(version, "");
      return found;
    },
    version: versionOf,
    canSandbox: async (command, { home, directory, flags, environment: ofCodex }) => {
      const options = { ...quietly, cwd: directory, env: { ...ofCodex, CODEX_HOME: home } };
      const args = ["sandbox", ...flags, "--", "true"];
      const { exitCode } = await getExecOutput(command, args, options).catch(() => ({
        exitCode: 1,
      }));
      return exitCode === 0;
    },
  };
}

const NO_NPM = "npm was not found";
const NO_PROGRAM = "the program for this platform is missing";

function binOf(prefix: string): string {
  return join(prefix, "node_modules", ".bin");
}

function installFailed(version: string, stderr: string): Failure {
  const offline = /ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ETIMEDOUT|network/i.test(stderr);
  const unknown = /ETARGET|E404|No matching version/i.test(stderr);
  const why = offline
    ? "the npm registry cannot be reached"
    : unknown
      ? "there is no such version"
      : stderr === NO_NPM
        ? "there is no npm on this machine"
        : stderr === NO_PROGRAM
          ? "npm came without the program for this platform, or could not verify it"
          : "npm failed";
  return new Failure(
    "codex-install-failed",
    `Codex ${version} could not be installed: ${why}.`,
    "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.",
  );
}
