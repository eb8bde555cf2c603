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
        const { exitCode, stderr } = await getExecOutput(
          "npm",
          ["install", ...flags, "--prefix", fresh, `@openai/codex@${version}`],
          quietly,
        ).catch(() => ({ exitCode: null, stderr: "npm was not found" }));
        if (exitCode !== 0) throw installFailed(version, stderr);
        // Another job on this machine may have been faster; its copy is as good.
        await rename(fresh, target).catch(() => {});
      } finally {
        await rm(fresh, { recursive: true, force: true });
      }
      const found = await locateCodex(binOf(target));
      if (!found) throw installFailed(version, "");
      return found;
    },
    version: async (command) => {
      const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
      return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
    },
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
      : stderr.includes("npm was not found")
        ? "there is no npm on this machine"
        : "npm failed";
  return new Failure(
    "codex-install-failed",
    `Codex ${version} could not be installed: ${why}.`,
    "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.",
  );
}
