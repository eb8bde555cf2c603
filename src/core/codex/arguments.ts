import { Failure } from "../failure/failure.ts";

/** What `codex exec` is asked to do. Paths are absolute. */
export interface ExecQuestion {
  readonly model: string | null;
  readonly effort: string | null;
  readonly outputSchemaPath: string | null;
  readonly finalMessagePath: string;
  /** Flags of our protection; empty when it is off. */
  readonly protection: readonly string[];
  /** The user's own, last: later flags win. */
  readonly extra: readonly string[];
}

/** The arguments of `codex exec`; the prompt comes on standard input, and is never an argument. Progress comes as events. */
export function execArguments(question: ExecQuestion): readonly string[] {
  const { model, effort, outputSchemaPath, finalMessagePath, protection, extra } = question;
  return [
    "exec",
    "--skip-git-repo-check",
    // A config.toml of the home's owner may say otherwise; so does the default of some systems.
    ...["-c", 'cli_auth_credentials_store="file"'],
    // Codex does not accept it twice.
    ...(wantsEvents(extra) ? [] : ["--json"]),
    ...(model ? ["--model", model] : []),
    ...(effort ? ["-c", `model_reasoning_effort=${JSON.stringify(effort)}`] : []),
    ...(outputSchemaPath ? ["--output-schema", outputSchemaPath] : []),
    "--output-last-message",
    finalMessagePath,
    ...protection,
    ...extra,
    "-",
  ];
}

/** Whether the user's own arguments ask for Codex's events, to see them as they are. */
export function wantsEvents(extra: readonly string[]): boolean {
  return extra.includes("--json") || extra.includes("--experimental-json");
}

/**
 * What `codex-args` may never touch: whom the login is sent to (providers, addresses), authentication itself, and
 * features, of which some act for the account (the input `codex-apps`). `--profile` lays another config.toml over all.
 */
const NEVER = {
  flags:
    /^--(enable|disable|oss|local-provider|profile|ignore-user-config|.*(auth|login|credential|access-token|api-key|provider|remote|-url).*)$/,
  shortFlags: /^-p/,
  settings:
    /auth|login|credential|token_env|bearer|forced|provider|profile|feature|plugin|marketplace|connector|_url$|endpoint|^(apps?|apps_.*|orchestrator|cloud|otel|experimental_thread_store)$/,
} as const;

/** What they may not touch while the model's commands are to be kept out of the login. */
const UNPROTECTING = {
  flags:
    /^--(full-auto|yolo|ignore-rules|.*(sandbox|dangerous|permission|approv|trust|hook|mcp|unsafe|escalat).*)$/,
  shortFlags: /^-[sa]/,
  settings:
    /permission|sandbox|approv|trust|guardian|auto_review|hook|notify|mcp|^(shell_.*|projects|agents|skills|network.*|windows|requirements|rules|zsh_path|js_repl_.*)$/,
} as const;

/** `protected`: the model's commands are to be kept out of the login. */
export type ArgumentScope = "protected" | "unprotected";

/**
 * Refuses by kind, for a Codex of any version: flags by the words in their names, settings by those in the first part of
 * their keys. Whatever else there is passes; Codex itself refuses what it does not know. It takes no shortened flags
 * (measured with 0.169.0).
 *
 * @throws {Failure} `input-invalid`
 */
export function refuseArguments(extra: readonly string[], scope: ArgumentScope): void {
  for (const [index, word] of extra.entries()) {
    if (touches(NEVER, word, extra[index - 1])) {
      throw new Failure(
        "input-invalid",
        "`codex-args` holds a flag or a setting that touches authentication, providers or Codex's features.",
        "Remove it. For the account's connected apps and plugins there is the input `codex-apps`.",
      );
    }
    if (scope === "protected" && touches(UNPROTECTING, word, extra[index - 1])) {
      throw new Failure(
        "input-invalid",
        "`codex-args` holds a flag or a setting that touches permissions, approvals or trust: the model's commands could read the login.",
        "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.",
      );
    }
  }
}

function touches(
  kind: typeof NEVER | typeof UNPROTECTING,
  word: string,
  before: string | undefined,
): boolean {
  const setting = settingIn(word, before);
  if (setting !== null) {
    const key = rootOf(setting);
    // A key that is written in a way of its own is not read by us as it is by Codex.
    return key === null || kind.settings.test(key);
  }
  const flag = word.replace(/=.*/s, "").toLowerCase();
  return kind.flags.test(flag) || kind.shortFlags.test(word);
}

/** The `key=value` of a word, if it is one: `-c key=value`, `--config key=value`, `--config=key=value`, `-ckey=value`. */
function settingIn(word: string, before: string | undefined): string | null {
  if (before === "-c" || before === "--config") return word;
  if (word.startsWith("--config=")) return word.slice("--config=".length);
  return /^-c./s.test(word) ? word.slice(2).replace(/^=/, "") : null;
}

/** The first part of a setting's dotted key, in lower case. @returns `null` where it is not written plainly */
function rootOf(setting: string): string | null {
  return /^\s*([\w-]+)\s*[.=]/.exec(setting)?.[1]?.toLowerCase() ?? null;
}

/** Directories in the user's own arguments below which the sandbox lets commands write. */
export function writableRootsIn(extra: readonly string[]): readonly string[] {
  return extra.flatMap((word, index) => {
    if (/^(--add-dir|--cd|-C)$/.test(extra[index - 1] ?? "")) return [word];
    const joined = /^(?:--add-dir=|--cd=|-C=?)(.+)/s.exec(word)?.[1];
    return joined === undefined ? [] : [joined];
  });
}

/** Whether one of Codex's arguments gives it a sandbox, or permissions, in the place of our profile (docs/facts.md §1). */
export function turnsProfileOff(words: readonly string[]): boolean {
  return words.some((word, index) => {
    const setting = settingIn(word, words[index - 1]);
    if (setting !== null) return /^(sandbox_mode|(default_)?permissions)$/.test(rootOf(setting) ?? "");
    return /^(-s|(--sandbox|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(=|$))/.test(word);
  });
}

/**
 * Whether a script of the user's gives Codex a sandbox by flag, which switches every permission profile off
 * (docs/facts.md §1). Not every way to write that is seen.
 */
export function switchesProfileOff(script: string): boolean {
  const commands = script.replaceAll(/\\\r?\n/g, "");
  return /\bcodex\b[^\n]*\s((--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)|(-c|--config)[\s=]*["']?sandbox_mode\b)/m.test(
    commands,
  );
}
