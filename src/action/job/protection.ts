import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import {
  anchorsOf,
  type CodexRules,
  type Guarded,
  isBelow,
  renderConfig,
  renderRequirements,
} from "../../core/codex/config.ts";
import type { Environment } from "../../core/environment/scrub.ts";
import { Failure } from "../../core/failure/failure.ts";
import { readConfig, realpathOfNearest, writeConfig } from "../../login/home.ts";
import type { Files } from "../../ports/files.ts";
import type { MachinePolicy } from "../../ports/machine.ts";
import type { Log } from "../../ports/runner.ts";
import type { Inputs } from "../inputs.ts";
import type { RunContext } from "../run-context.ts";

export interface Protected {
  readonly inputs: CodexRules;
  readonly files: Files;
  readonly log: Log;
}

/**
 * The places that the model's commands are kept from, with the links in them resolved. Held in place are also the
 * programs that are given the login: this action, and Codex, wherever a sandbox may write around them.
 *
 * @param more directories below which its sandbox may write, beside the workspace and the temporary directories
 */
export async function guardedPlaces(
  {
    inputs,
    context,
    files,
    environment,
  }: {
    inputs: Pick<Inputs, "workingDirectory" | "codexEnvironment">;
    context: Pick<RunContext, "workspace">;
    files: Files;
    environment: Environment;
  },
  {
    home,
    base,
    loginPath,
    programs = [],
  }: { home: string; base: string; loginPath: string; programs?: readonly string[] },
  more: readonly string[] = [],
): Promise<Guarded> {
  const known = new Map<string, Promise<string>>();
  const real = (path: string): Promise<string> => {
    const found = known.get(path) ?? realpathOfNearest(files, path);
    known.set(path, found);
    return found;
  };
  const root = context.workspace ?? process.cwd();
  const directory = resolve(root, inputs.workingDirectory ?? "");
  const temporary = inputs.codexEnvironment.TMPDIR ?? environment.TMPDIR;
  const named = [root, directory, "/tmp", ...(temporary ? [temporary] : []), ...more];
  const roots = await Promise.all(named.map((path) => real(resolve(directory, path))));
  const realRoot = await real(root);
  // What lies in the workspace is never used as Codex, and is the model's to build.
  const isTool = (path: string): boolean =>
    isAbsolute(path) && !isBelow(realRoot, path) && roots.some((writable) => isBelow(writable, path));
  const tools = (environment.PATH ?? "").split(delimiter).filter(isTool);
  // Where Codex is installed: see the adapter of its program.
  const { RUNNER_TOOL_CACHE: cache = base, RUNNER_TEMP: temp } = environment;
  const installed = [cache, temp === undefined ? base : join(temp, "codex-auth-roundtrip")];
  // What the runner obeys, and what it says of the event.
  const ofRunner = [environment.GITHUB_STATE, environment.GITHUB_EVENT_PATH].filter(
    (path) => path !== undefined,
  );
  const held = [base, home, ...installed, ...programs, ...tools, ...ofRunner.map((path) => dirname(path))];
  return {
    loginDirectory: await real(loginPath),
    anchors: anchorsOf([...(await Promise.all(held.map(real))), ...(await ownFiles(files, realRoot))], roots),
  };
}

/** This action's own directory; where it is the workspace itself (`uses: ./`), the files of it that the runner goes by. */
async function ownFiles(files: Files, workspace: string): Promise<readonly string[]> {
  const own = await files.realpath(dirname(dirname(process.argv[1] ?? "")));
  if (own === null) return [];
  if (!isBelow(own, workspace)) return [own];
  const parts = ["action.yml", "action.yaml", "dist", "package.json"].map((name) =>
    files.realpath(join(own, name)),
  );
  return (await Promise.all(parts)).filter((path) => path !== null);
}

/**
 * Writes a config.toml that keeps the model's commands out of the login, for later steps and for `run` as well.
 * One that is there already is not rewritten: see {@link inspectOwnConfig}.
 *
 * @returns whether it was written
 */
export async function protectByConfig(
  { inputs, files }: Pick<Protected, "inputs" | "files">,
  { home, guarded }: { home: string; guarded: Guarded },
): Promise<boolean> {
  if ((await readConfig(files, home)) !== null) return false;
  await writeConfig(files, home, renderConfig(inputs, guarded));
  return true;
}

/**
 * The PATH of the model's commands, of which a part lies where the model may write: Codex starts the sandbox itself,
 * bubblewrap, from there, unless the command runs beside it (measured with 0.169.0). One that nobody has replaced
 * comes first.
 *
 * @param command Codex, beside which lies a bubblewrap of its own
 * @param trusted what of the PATH nobody could have replaced; all there is where no bubblewrap is to be had
 */
export async function pathOfCommands(
  files: Pick<Files, "realpath" | "makePrivateDirectory" | "link">,
  { base, command, path, trusted }: { base: string; command: string; path: string; trusted: string },
): Promise<string> {
  if (path === trusted) return path;
  if (process.platform !== "linux") return path;
  const bundled = join(dirname(dirname(command)), "codex-resources", "bwrap");
  const inPath = trusted.split(delimiter).map((directory) => join(directory, "bwrap"));
  for (const candidate of [...inPath, bundled]) {
    const bubblewrap = await files.realpath(candidate);
    if (bubblewrap === null) continue;
    const directory = join(base, "sandbox");
    await files.makePrivateDirectory(directory);
    await files.link(bubblewrap, join(directory, "bwrap"));
    return [directory, path].join(delimiter);
  }
  return trusted;
}

const REQUIREMENTS = "/etc/codex/requirements.toml";

/** Before Codex runs in this step: what the machine must allow, and what `protect-auth` asks of it. */
export async function prepareMachine(
  { inputs, log }: Protected,
  { guarded, machine }: { guarded: Guarded; machine: MachinePolicy },
): Promise<{ readonly madeRequirements: boolean }> {
  if (inputs.sandbox === "danger-full-access") {
    log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
  } else {
    await machine.allowUserNamespaces();
  }
  if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
  const outcome = await machine.writeRequirements(
    REQUIREMENTS,
    renderRequirements(guarded.loginDirectory, inputs),
  );
  switch (outcome) {
    case "written":
      return { madeRequirements: true };
    case "exists":
      throw new Failure(
        "protection-impossible",
        `${REQUIREMENTS} exists already, and is not merged with ours.`,
        "Remove it, or use `protect-auth: profile`.",
      );
    case "impossible":
      throw new Failure(
        "protection-impossible",
        "`protect-auth: enforced` needs Linux and sudo without a password, as on GitHub's own runners.",
        "Use `protect-auth: profile` here.",
      );
  }
}

/** @param guarded a directory that ours name */
export async function removeRequirements(machine: MachinePolicy, guarded: string): Promise<void> {
  await machine.removeRequirements(REQUIREMENTS, guarded);
}
