import { configProtects, renderConfig, renderRequirements } from "../core/codex-config.ts";
import { Failure } from "../core/failure.ts";
import type { Files, Log, MachinePolicy } from "../ports.ts";
import { loginDirectory, readConfig, writeConfig } from "./home.ts";
import type { Inputs } from "./inputs.ts";

interface Protected {
  readonly inputs: Pick<Inputs, "protectAuth" | "sandbox">;
  readonly files: Files;
  readonly log: Log;
}

/**
 * Writes a config.toml that keeps the model's commands out of the login, for later steps and for `run` as well.
 * One that is there already is not rewritten; what it lacks is said.
 *
 * @returns whether it was written
 */
export async function protectByConfig(
  { inputs, files, log }: Protected,
  { home, base }: { home: string; base: string },
): Promise<boolean> {
  if (inputs.protectAuth === "off") return false;
  const login = loginDirectory(base);
  const existing = await readConfig(files, home);
  const config = renderConfig(inputs.sandbox, login);
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
  { base, machine }: { base: string; machine: MachinePolicy },
): Promise<{ readonly madeRequirements: boolean }> {
  if (inputs.sandbox === "danger-full-access") {
    log.warning("With `sandbox: danger-full-access` nothing keeps the model's commands away from the login.");
  } else {
    await machine.allowUserNamespaces();
  }
  if (inputs.protectAuth !== "enforced") return { madeRequirements: false };
  const outcome = await machine.writeRequirements(REQUIREMENTS, renderRequirements(loginDirectory(base)));
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

export async function removeRequirements(machine: MachinePolicy): Promise<void> {
  await machine.removeRequirements(REQUIREMENTS);
}
