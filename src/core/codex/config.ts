import { isAbsolute, join, relative, sep } from "node:path";
import { variablesOfCommands } from "./command-environment.ts";

/** As in `codex exec --sandbox`; here a permission profile stands behind the first two. */
export type SandboxMode = "read-only" | "workspace-write" | "danger-full-access";

/** Our permission profile's name in config.toml. */
export const PROFILE = "codex-auth-roundtrip";

const BASE_PROFILE = { "read-only": ":read-only", "workspace-write": ":workspace" } as const;

/**
 * Features of Codex that act for the account with its login, and not only for the prompt: the account's connected apps
 * (mail, files, calendars, …), and plugins, which can bring more of them. On by default in Codex (docs/facts.md §1).
 */
export const ACCOUNT_FEATURES = ["apps", "plugins", "remote_plugin"] as const;

/** What commands that the model runs are kept from. Absolute paths without symbolic links. */
export interface Guarded {
  /** Not even to be read. */
  readonly loginDirectory: string;
  /** Not to be written: see {@link anchorsOf}. */
  readonly anchors: readonly string[];
}

/** What Codex and the model's commands are allowed. */
export interface CodexRules {
  readonly sandbox: SandboxMode;
  readonly protectAuth: "profile" | "enforced" | "off";
  readonly codexApps: boolean;
  /** The workflow author's own variables, which the model's commands may see. */
  readonly codexEnvironment: Readonly<Record<string, string>>;
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
      if (!isBelow(root, directory)) return [];
      const [first = ""] = relative(root, directory).split(sep);
      return [join(root, first)];
    }),
  );
  return [...new Set(anchors)].sort();
}

/** Whether `path` is `root` or lies in it. Both absolute and without symbolic links. */
export function isBelow(root: string, path: string): boolean {
  const inside = relative(root, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}

/**
 * A config.toml under which commands that the model runs cannot read the login's directory, see ordinary variables only,
 * and reach none of the account's apps. `--sandbox` would silently switch the profile off (docs/facts.md §1).
 */
export function renderConfig(rules: CodexRules, guarded: Guarded): string {
  const { sandbox, protectAuth, codexApps } = rules;
  const profile =
    sandbox === "danger-full-access" || protectAuth === "off"
      ? []
      : [
          `[permissions.${PROFILE}]`,
          `extends = ${quote(BASE_PROFILE[sandbox])}`,
          "",
          `[permissions.${PROFILE}.filesystem]`,
          ...filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)} = ${quote(access)}`),
          "",
        ];
  const environment =
    protectAuth === "off"
      ? []
      : [
          "[shell_environment_policy]",
          "ignore_default_excludes = false",
          `include_only = ${variables(rules)}`,
          "",
        ];
  return [
    "# Written by codex-auth-roundtrip: what the model's commands may read and see, and what Codex may use.",
    'cli_auth_credentials_store = "file"',
    ...(profile.length > 0 ? [`default_permissions = ${quote(PROFILE)}`] : []),
    "",
    ...profile,
    ...environment,
    ...(codexApps ? [] : ["[features]", ...ACCOUNT_FEATURES.map((name) => `${name} = false`), ""]),
  ].join("\n");
}

/** The same as flags, which win over any config.toml. */
export function protectionFlags(rules: CodexRules, guarded: Guarded): readonly string[] {
  const { sandbox, protectAuth, codexApps } = rules;
  const isOff = protectAuth === "off";
  const unguarded = isOff || sandbox === "danger-full-access";
  const settings = [
    ...(unguarded ? [] : profileSettings(sandbox, guarded)),
    ...(isOff
      ? []
      : [
          "shell_environment_policy.ignore_default_excludes=false",
          `shell_environment_policy.include_only=${variables(rules)}`,
        ]),
    // Not --disable, which ends a Codex that does not know the feature.
    ...(codexApps ? [] : ACCOUNT_FEATURES.map((name) => `features.${name}=false`)),
  ];
  return [...(unguarded ? ["--sandbox", sandbox] : []), ...settings.flatMap((setting) => ["-c", setting])];
}

/** Gives the model's commands another PATH than Codex itself has. */
export function pathFlags(path: string): readonly string[] {
  return ["-c", `shell_environment_policy.set.PATH=${quote(path)}`];
}

function profileSettings(
  sandbox: Exclude<SandboxMode, "danger-full-access">,
  guarded: Guarded,
): readonly string[] {
  const rules = filesystemRules(sandbox, guarded).map(([path, access]) => `${quote(path)}=${quote(access)}`);
  const profile = `{extends=${quote(BASE_PROFILE[sandbox])},filesystem={${rules.join(",")}}}`;
  return [`default_permissions=${quote(PROFILE)}`, `permissions.${PROFILE}=${profile}`];
}

/** /etc/codex/requirements.toml: holds whatever flags say, and refuses `danger-full-access`. */
export function renderRequirements(
  loginDirectory: string,
  { codexApps }: Pick<CodexRules, "codexApps">,
): string {
  return [
    "# Written by codex-auth-roundtrip for one job, and removed after it.",
    "[permissions.filesystem]",
    `deny_read = [${quote(loginDirectory)}]`,
    "",
    ...(codexApps ? [] : ["[features]", ...ACCOUNT_FEATURES.map((name) => `${name} = false`), ""]),
  ].join("\n");
}

function filesystemRules(
  sandbox: SandboxMode,
  { loginDirectory, anchors }: Guarded,
): readonly (readonly [path: string, access: "read" | "deny"])[] {
  const kept = sandbox === "workspace-write" ? anchors : [];
  return [...kept.map((path) => [path, "read"] as const), [loginDirectory, "deny"]];
}

function variables({ codexEnvironment }: CodexRules): string {
  return `[${variablesOfCommands(Object.keys(codexEnvironment)).map(quote).join(",")}]`;
}

/** A TOML basic string; JSON's escapes are a part of its. */
function quote(text: string): string {
  return JSON.stringify(text);
}
