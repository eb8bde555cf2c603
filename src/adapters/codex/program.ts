import { mkdtemp, realpath, rename, rm } from "node:fs/promises";
import { arch, platform } from "node:os";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { getExecOutput } from "@actions/exec";
import { isBelow } from "../../core/codex/config.ts";
import { CODEX_FILES, TESTED_CODEX_VERSION } from "../../core/codex/integrity.ts";
import { npmFailure, npmNotStarted } from "../../core/codex/npm-failure.ts";
import { Failure } from "../../core/failure/failure.ts";
import type { CodexProgram } from "../../ports/codex.ts";
import type { Log } from "../../ports/runner.ts";
import { makeDirectories } from "../machine/file-operations.ts";
import { locateCodex } from "./locator.ts";
import { sessionTail } from "./session-file.ts";

/**
 * Codex on the PATH, or from npm. The tested version lies in the tool cache, which outlives the job, and is run only
 * while its files are those that were published. Of any other version we know no files: it is installed once a job, below
 * the runner's temporary directory, which the runner empties before each job.
 *
 * @param environment for npm and Codex: scrubbed
 * @param path the job's, which may lead to a Codex that is passed over
 * @param replaceable directories in which a model may have replaced programs: see {@link locateCodex}
 */
export function npmCodexProgram({
  environment,
  toolCache,
  temporaryDirectory,
  path,
  replaceable,
  log,
}: {
  environment: Readonly<Record<string, string>>;
  toolCache: string;
  temporaryDirectory: string;
  path: () => string;
  replaceable: readonly string[];
  log: Log;
}): CodexProgram {
  const ours = join(toolCache, OURS);
  const versionOf = async (command: string): Promise<string | null> => {
    const { stdout } = await getExecOutput(command, ["--version"], quietly).catch(() => ({ stdout: "" }));
    const version = /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? null;
    log.debug(`codex --version: ${version ?? "no version"} (${command}).`);
    return version;
  };
  const quietly = { silent: true, ignoreReturnCode: true, env: { ...environment } };
  const install = async (version: string): Promise<string> => {
    const parent = version === TESTED_CODEX_VERSION ? ours : join(temporaryDirectory, OURS);
    const target = join(parent, `codex-${version}-${platform()}-${arch()}`);
    const present = await locateCodex(binOf(target));
    if (present) {
      if (await isPublished(version, present)) return present;
      log.warning(
        `The Codex ${version} in this machine's tool cache is not the one that was published. It is not run; another takes its place.`,
      );
    }
    log.info(`Installing @openai/codex ${version} with npm.`);
    makeDirectories(parent);
    const fresh = await mkdtemp(`${target}-`);
    try {
      const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error"];
      // npm's own timeouts add up to over a minute.
      const timeouts = ["--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "5000"];
      const npm = await getExecOutput(
        "npm",
        ["install", ...flags, ...timeouts, "--prefix", fresh, `@openai/codex@${version}`],
        quietly,
      ).catch((error: unknown) => {
        throw npmNotStarted(version, error);
      });
      if (npm.exitCode !== 0) throw npmFailure(version, npm.stderr);
      // The program itself is an optional dependency of the package, which npm leaves out when it cannot have it.
      const program = await locateCodex(binOf(fresh));
      if (!program) throw installFailed(version, NO_PROGRAM);
      // Before it is run for the first time: npm believes whatever registry it is pointed at.
      if (!(await isPublished(version, program))) throw installFailed(version, NOT_PUBLISHED);
      if ((await versionOf(program)) !== version) throw installFailed(version, NO_PROGRAM);
      if (present) await rm(target, { recursive: true, force: true });
      const isInPlace = await rename(fresh, target).then(
        () => true,
        () => false,
      );
      const found = await locateCodex(binOf(target));
      if (found && (isInPlace || (await isPublished(version, found)))) return found;
      throw installFailed(version, "it could not be moved into place");
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  };
  return {
    locate: async () => {
      const found = await locateCodex(path(), replaceable, () =>
        log.info(
          "There is a `codex` inside the workspace on PATH. It is not used: a model could have replaced it, and the login is given to it.",
        ),
      );
      // Put there by an earlier step of this job.
      return found !== null && isBelow(ours, found) ? install(TESTED_CODEX_VERSION) : found;
    },
    install,
    version: versionOf,
    trySandbox: async (command, { home, directory, flags, environment: ofCodex, denied }) => {
      const options = { ...quietly, cwd: directory, env: { ...ofCodex, CODEX_HOME: home } };
      const args = ["sandbox", ...flags, "--", ...readingCommand(denied)];
      const { exitCode, stdout, stderr } = await getExecOutput(command, args, options).catch(
        (error: unknown) => ({ exitCode: null, stdout: "", stderr: String(error) }),
      );
      log.debug(`codex sandbox: exit code ${exitCode}.`);
      const words = stdout.split(/\s+/);
      if (words.includes(HAS_READ)) return { kind: "reads" };
      if (words.includes(HAS_RUN)) return { kind: "protects" };
      return { kind: "broken", output: stripVTControlCharacters(`${stdout}\n${stderr}`).trim() };
    },
    sessionTail,
  };
}

const HAS_RUN = "command-has-run";
const HAS_READ = "file-was-read";

/** Prints nothing of the file. By the shell alone: a program that is not found there would look like one that cannot read. */
function readingCommand(path: string): readonly string[] {
  if (platform() === "win32")
    return ["cmd.exe", "/d", "/c", `echo ${HAS_RUN}& type "${path}" >nul 2>nul && echo ${HAS_READ}`];
  const script = `echo ${HAS_RUN}; line=; { read -r line <"$1"; } 2>/dev/null; if [ -n "$line" ]; then echo ${HAS_READ}; fi`;
  return ["/bin/sh", "-c", script, "sh", path];
}

const OURS = "codex-auth-roundtrip";

/** Whether a Codex of the tested version is what was published. Of others nothing is known. */
async function isPublished(version: string, program: string): Promise<boolean> {
  if (version !== TESTED_CODEX_VERSION) return true;
  const expected = CODEX_FILES[`${platform()}-${arch()}`];
  const { digestOfFiles } = await import("./package-files.ts");
  return (
    expected !== undefined &&
    (await digestOfFiles(dirname(dirname(await realpath(program))))) === expected.files
  );
}

const NO_PROGRAM = "npm came without the program for this platform, or could not verify it";
const NOT_PUBLISHED =
  "what npm brought is not what OpenAI published; something replaces it between the registry and this machine";

function binOf(prefix: string): string {
  return join(prefix, "node_modules", ".bin");
}

function installFailed(version: string, why: string): Failure {
  return new Failure(
    "codex-install-failed",
    `Codex ${version} could not be installed: ${why}.`,
    "Install it in an earlier step, so that `codex` is on PATH, or choose another `codex-version`.",
  );
}
