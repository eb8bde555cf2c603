import { isAbsolute, join, relative, sep } from "node:path";

/** As in `codex exec --sandbox`; here a permission profile stands behind the first two. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

/** Our permission profile's name in config.toml. */
export const PROFILE = "codex-auth-roundtrip";

const BASE_PROFILE = { "read-only": ":read-only", "workspace-write": ":workspace" } as const;

/** What commands that the model runs are kept from. Absolute paths without symbolic links. */
export interface Guarded {
  /** Not even to be read. */
  readonly loginDirectory: string;
  /** Not to be written: see {@link anchorsOf}. */
  readonly anchors: readonly string[];
}

/**
 * Where a sandbox may write all around our directories (a `RUNNER_TEMP` below `/tmp`, say), a command could move them
 * away and put others in their place: the next command's sandbox would close an empty directory, and the login would lie
 * open elsewhere. What lies directly below the writable root on the way to them is therefore made read-only, which holds
 * all that is in it in place; a workspace in it stays writable, since the longer path wins (measured with 0.169.0).
 */
export function anchorsOf(
  directories: readonly string[],
  writableRoots: readonly string[],
): readonly string[] {
  const anchors = directories.flatMap((directory) =>
    writableRoots.flatMap((root) => {
      const inside = relative(root, directory);
      if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return [];
      const [first = ""] = inside.split(sep);
      return [join(root, first)];
    }),
  );
  return [...new Set(anchors)].sort();
}

/**
 * A config.toml under which commands that the model runs cannot read the login's directory, nor see variables that are
 * named like secrets. `--sandbox` would silently switch the profile off (docs/facts.md §1).
 *
 * @returns `null` for `danger-full-access`, which nothing can protect
 */
export function renderConfig(sandbox: SandboxMode, guarded: Guarded): string | null {
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
    ...filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)} = ${quote(access)}`),
    "",
    "[shell_environment_policy]",
    "ignore_default_excludes = false",
    "",
  ].join("\n");
}

/** The same as flags, which win over any config.toml. */
export function protectionFlags(sandbox: SandboxMode, guarded: Guarded): readonly string[] {
  if (sandbox === "danger-full-access") return ["--sandbox", sandbox];
  const rules = filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)}=${quote(access)}`);
  const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${rules.join(",")}}}`;
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

/** Whether somebody's own config.toml keeps commands out of the login; `sandbox_mode` switches profiles off. */
export function configProtects(config: string, loginDirectory: string): boolean {
  if (/^\s*sandbox_mode\s*=/m.test(config)) return false;
  const denies = config.split("\n").some((line) => line.includes(loginDirectory) && /=\s*"deny"/.test(line));
  return denies && /^\s*default_permissions\s*=/m.test(config);
}

function filesystemRules(
  sandbox: SandboxMode,
  { loginDirectory, anchors }: Guarded,
): readonly (readonly [path: string, access: "read" | "deny"])[] {
  const kept = sandbox === "workspace-write" ? anchors : [];
  return [...kept.map((path) => [path, "read"] as const), [loginDirectory, "deny"]];
}

/** A TOML basic string; JSON's escapes are a part of its. */
function quote(text: string): string {
  return JSON.stringify(text);
}
