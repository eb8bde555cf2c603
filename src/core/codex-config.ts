/** As in `codex exec --sandbox`; here a permission profile stands behind the first two. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

/** Our permission profile's name in config.toml. */
export const PROFILE = "codex-auth-roundtrip";

const BASE_PROFILE = { "read-only": ":read-only", "workspace-write": ":workspace" } as const;

/**
 * A config.toml under which commands that the model runs cannot read the login's directory, nor see variables that are
 * named like secrets. `--sandbox` would silently switch the profile off (docs/facts.md §1).
 *
 * @returns `null` for `danger-full-access`, which nothing can protect
 */
export function renderConfig(sandbox: SandboxMode, loginDirectory: string): string | null {
  if (sandbox === "danger-full-access") return null;
  return [
    "# Written by codex-auth-roundtrip: commands that the model runs cannot read the login.",
    'cli_auth_credentials_store = "file"',
    `default_permissions = ${quote(PROFILE)}`,
    "",
    `[permissions.${PROFILE}]`,
    `extends = ${quote(BASE_PROFILE[sandbox])}`,
    "",
    `[permissions.${PROFILE}.filesystem]`,
    `${quote(loginDirectory)} = "deny"`,
    "",
    "[shell_environment_policy]",
    "ignore_default_excludes = false",
    "",
  ].join("\n");
}

/** The same as flags, which win over any config.toml. */
export function protectionFlags(sandbox: SandboxMode, loginDirectory: string): readonly string[] {
  if (sandbox === "danger-full-access") return ["--sandbox", sandbox];
  const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${quote(loginDirectory)}="deny"}}`;
  return [
    `default_permissions=${quote(PROFILE)}`,
    `permissions.${PROFILE}=${profile}`,
    "shell_environment_policy.ignore_default_excludes=false",
  ].flatMap((setting) => ["-c", setting]);
}

/** /etc/codex/requirements.toml: holds whatever flags say, and refuses `danger-full-access`. */
export function renderRequirements(loginDirectory: string): string {
  return [
    "# Written by codex-auth-roundtrip for one job, and removed after it.",
    "[permissions.filesystem]",
    `deny_read = [${quote(loginDirectory)}]`,
    "",
  ].join("\n");
}

/** Whether somebody's own config.toml keeps commands out of the login. */
export function configProtects(config: string, loginDirectory: string): boolean {
  const denies = config.split("\n").some((line) => line.includes(loginDirectory) && /=\s*"deny"/.test(line));
  return denies && /^\s*default_permissions\s*=/m.test(config);
}

/** A TOML basic string; JSON's escapes are a part of its. */
function quote(text: string): string {
  return JSON.stringify(text);
}
