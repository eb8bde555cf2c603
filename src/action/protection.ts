import { join, resolve } from "node:path";
import {
  anchorsOf,
  configProtects,
  type Guarded,
  protectionFlags,
  renderConfig,
  renderRequirements,
} from "../core/codex-config.ts";
import type { Environment } from "../core/environment.ts";
import { Failure } from "../core/failure.ts";
import type { CodexProgram, Files, Log, MachinePolicy } from "../ports.ts";
import { readConfig, realpathOfNearest, writeConfig } from "./home.ts";
import type { Inputs } from "./inputs.ts";
import type { Surroundings } from "./surroundings.ts";

interface Protected {
  readonly inputs: Pick<Inputs, "protectAuth" | "sandbox">;
  readonly files: Files;
  readonly log: Log;
}

/**
 * The places that the model's commands are kept from, with the links in them resolved.
 *
 * @param more directories below which its sandbox may write, beside the workspace and the temporary directories
 */
export async function guardedPlaces(
  {
    inputs,
    surroundings,
    files,
    environment,
  }: {
    inputs: Pick<Inputs, "workingDirectory" | "codexEnvironment">;
    surroundings: Pick<Surroundings, "workspace">;
    files: Files;
    environment: Environment;
  },
  { home, base, loginPath }: { home: string; base: string; loginPath: string },
  more: readonly string[] = [],
): Promise<Guarded> {
  const real = (path: string): Promise<string> => realpathOfNearest(files, path);
  const root = surroundings.workspace ?? process.cwd();
  const directory = resolve(root, inputs.workingDirectory ?? "");
  const temporary = inputs.codexEnvironment.TMPDIR ?? environment.TMPDIR;
  const roots = [root, directory, "/tmp", ...(temporary ? [temporary] : []), ...more];
  return {
    loginDirectory: await real(loginPath),
    anchors: anchorsOf(
      await Promise.all([base, home].map(real)),
      await Promise.all(roots.map((path) => real(resolve(directory, path)))),
    ),
  };
}

/**
 * Writes a config.toml that keeps the model's commands out of the login, for later steps and for `run` as well.
 * One that is there already is not rewritten; what it lacks is said.
 *
 * @returns whether it was written
 */
export async function protectByConfig(
  { inputs, files, log }: Protected,
  { home, guarded }: { home: string; guarded: Guarded },
): Promise<boolean> {
  if (inputs.protectAuth === "off") return false;
  const { loginDirectory: login } = guarded;
  const existing = await readConfig(files, home);
  const config = renderConfig(inputs.sandbox, guarded);
  if (existing === null) {
    if (config !== null) await writeConfig(files, home, config);
    return config !== null;
  }
  if (config !== null && !configProtects(existing, login)) {
    log.warning(
      `The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. ` +
        `Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`,
    );
  }
  return false;
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
  const outcome = await machine.writeRequirements(REQUIREMENTS, renderRequirements(guarded.loginDirectory));
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

/** Tries the sandbox out, in a home without the login: nearly every sub-command of Codex may refresh one (docs/facts.md §1). */
export async function warnUnlessSandboxed(
  { inputs, files, log, program }: Protected & { readonly program: CodexProgram },
  probe: {
    readonly command: string;
    readonly home: string;
    readonly directory: string;
    readonly guarded: Guarded;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<void> {
  if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") return;
  const { command, directory, guarded, environment } = probe;
  // Inside the home: Codex refuses to put its helpers below a temporary directory, and then no sandbox works.
  const home = join(probe.home, ".sandbox-probe");
  await files.makePrivateDirectory(home);
  const flags = protectionFlags(inputs.sandbox, guarded);
  const works = await program.canSandbox(command, { home, directory, flags, environment });
  await files.remove(home);
  if (works) return;
  log.warning(
    "This machine cannot run Codex's sandbox (user namespaces or bubblewrap are missing, or the Codex home lies below the temporary directory), and without it Codex does not answer a protected prompt. With `protect-auth: off` it would, and the model could read the login.",
  );
}

/** @param guarded a directory that ours name */
export async function removeRequirements(machine: MachinePolicy, guarded: string): Promise<void> {
  await machine.removeRequirements(REQUIREMENTS, guarded);
}
