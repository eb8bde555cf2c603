import { Failure } from "./failure.ts";

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

/** Flags that would switch the protection of the login off behind its back. */
const AGAINST_PROTECTION =
  /^(--sandbox(=.*)?|-s.*|--dangerously-bypass-.*|--full-auto|--yolo|--profile(=.*)?|-p.*|--approve-for-me)$/;
const SETTINGS_AGAINST_PROTECTION =
  /^[\s"']*(default_permissions|permissions|sandbox_mode|sandbox_workspace_write|shell_environment_policy|profiles?|projects)\b/;

/** @throws {Failure} `input-invalid` for `codex-args` that contradict `protect-auth` */
export function refuseUnprotectingArguments(extra: readonly string[]): void {
  for (const [index, word] of extra.entries()) {
    const setting = /^(-c|--config)$/.test(extra[index - 1] ?? "")
      ? word
      : word.replace(/^(-c|--config)=?/, "");
    const isSetting = setting !== word || /^(-c|--config)$/.test(extra[index - 1] ?? "");
    if (!AGAINST_PROTECTION.test(word) && !(isSetting && SETTINGS_AGAINST_PROTECTION.test(setting))) continue;
    throw new Failure(
      "input-invalid",
      "`codex-args` holds a flag that would let the model's commands read the login.",
      "Choose the sandbox with the input `sandbox`; to give up the protection on purpose, set `protect-auth: off`.",
    );
  }
}

/** Directories in the user's own arguments below which the sandbox lets commands write. */
export function writableRootsIn(extra: readonly string[]): readonly string[] {
  return extra.flatMap((word, index) => {
    if (/^(--add-dir|--cd|-C)$/.test(extra[index - 1] ?? "")) return [word];
    const joined = /^(?:--add-dir=|--cd=|-C=?)(.+)$/s.exec(word)?.[1];
    return joined === undefined ? [] : [joined];
  });
}

/**
 * Whether a script of the user's gives Codex a sandbox by flag, which switches every permission profile off
 * (docs/facts.md §1). Not every way to write that is seen.
 */
export function switchesProfileOff(script: string): boolean {
  const commands = script.replaceAll(/\\\r?\n/g, " ");
  return /\bcodex\b[^\n]*\s(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)/m.test(
    commands,
  );
}
