import { join } from "node:path";
import { type Guarded, renderConfig } from "../../core/codex/config.ts";
import type { OwnConfig } from "../../core/codex/user-config.ts";
import { Failure } from "../../core/failure/failure.ts";
import { readConfig } from "../../login/home.ts";
import { homeDirectory } from "../../login/home-layout.ts";
import type { Files } from "../../ports/files.ts";
import type { Protected } from "./protection.ts";

/**
 * Main's part of {@link protectByConfig}, where there was a config.toml: what it lacks is said. Pre loads no parser.
 *
 * @throws {Failure} `config-refused`
 */
export async function inspectOwnConfig(
  { inputs, files, log }: Protected,
  place: { home: string; guarded: Guarded },
): Promise<void> {
  const own = await refuseForeignConfig({ inputs, files }, place);
  if (own !== null) warnOfOwnConfig({ inputs, log }, own, place.guarded);
}

/** Says what somebody's own config.toml leaves open in `run` and in later steps. */
function warnOfOwnConfig(
  { inputs, log }: Pick<Protected, "inputs" | "log">,
  own: OwnConfig,
  { loginDirectory: login }: Guarded,
): void {
  if (inputs.protectAuth !== "off" && inputs.sandbox !== "danger-full-access" && !own.protects) {
    log.warning(
      `The Codex home has a config.toml of its own, which does not keep the model's commands out of the login. ` +
        `Give it a permission profile with \`filesystem = { "${login}" = "deny" }\` as \`default_permissions\`, or use \`prompt\`, which brings its own.`,
    );
  }
  if (!inputs.codexApps && !own.appsAreOff) {
    log.warning(
      "The Codex home has a config.toml of its own, which does not switch off the account's connected apps and plugins: a model that runs in `run` or in a later step can use them. " +
        "Add `[features]` with `apps = false`, `plugins = false` and `remote_plugin = false`, or set `codex-apps: true` if you want them.",
    );
  }
}

/**
 * Before Codex is given the login in this home: a config.toml that would have it sent to anybody but OpenAI or this
 * machine is refused.
 *
 * @returns what it says, `null` where it is ours or there is none
 * @throws {Failure} `config-refused`
 */
export async function refuseForeignConfig(
  { inputs, files }: Pick<Protected, "inputs" | "files">,
  { home, guarded }: { home: string; guarded: Guarded },
): Promise<OwnConfig | null> {
  const existing = await readConfig(files, home);
  if (existing === null || existing === renderConfig(inputs, guarded)) return null;
  const own = await readOwn(existing, guarded);
  const [first] = own.sendsLoginTo;
  if (first === undefined) return own;
  throw new Failure(
    "config-refused",
    `The config.toml in the Codex home would send the login to somebody else: ${JSON.stringify(first)} is neither an address of OpenAI's nor of this machine.`,
    "Find out who wrote it, and remove the setting. A provider with a key of its own (without `requires_openai_auth`) gets no login and is accepted.",
  );
}

/** Codex takes variables from the one, proxies among them, and from the other where commands run (measured with 0.169.0). */
const STEERING_FILES = [".env", "environments.toml"];

/**
 * In a home that this job made there is nothing of anybody's own, and neither we nor Codex write these.
 *
 * @throws {Failure} `config-refused`
 */
export async function refusePlantedSettings(
  files: Pick<Files, "stamp">,
  { home, base }: { home: string; base: string },
): Promise<void> {
  if (home !== homeDirectory(null, base)) return;
  for (const name of STEERING_FILES) {
    if ((await files.stamp(join(home, name))) === null) continue;
    throw new Failure(
      "config-refused",
      `A step of this job has put ${name} into the Codex home, by which Codex would send the login, or what it does, elsewhere.`,
      "Find out which step wrote it. Variables for Codex belong into `codex-env`; for a home with settings of your own there is `codex-home`.",
    );
  }
}

async function readOwn(text: string, { loginDirectory }: Guarded): Promise<OwnConfig> {
  const { readOwnConfig } = await import("../../core/codex/user-config.ts");
  return readOwnConfig(text, loginDirectory);
}
