import { commandsIn } from "../workflow/script.ts";

/** A command that sets or deletes a secret. */
export interface SecretCommand {
  readonly verb: "writes" | "deletes";
  /** Every word after `set` or `delete`. */
  readonly words: readonly string[];
  /** `null`: only a run knows. */
  readonly name: string | null;
  readonly line: number;
  /** Whether it is GitHub's command line, and the script runs it. */
  readonly isCertain: boolean;
}

/** `gh secret set`, with its flags anywhere. */
export function secretCommandsIn(script: string): readonly SecretCommand[] {
  return commandsIn(script).flatMap(({ words, line, runs }) => {
    const at = words.findIndex((word) => /^secrets?$/i.test(word));
    const rest = at < 0 ? [] : words.slice(at + 1);
    const verb = rest.findIndex((word) => /^(set|delete|remove)$/i.test(word));
    if (verb < 0) return [];
    const after = [...rest.slice(0, verb), ...rest.slice(verb + 1)];
    const isGh = words.slice(0, at).some((word) => /(^|[/\\`(])gh(\.exe)?$/i.test(word));
    // Without a program that is known, only what a variable stands for.
    if (!isGh && !(verb === 0 && words.slice(0, at).some((word) => word.includes("$")))) return [];
    return [
      {
        verb: /^set$/i.test(rest[verb] ?? "") ? ("writes" as const) : ("deletes" as const),
        words: after,
        name: nameIn(after),
        line,
        isCertain: isGh && runs,
      },
    ];
  });
}

/** Flags of `gh secret` whose value is the next word. */
const WITH_VALUE = /^(-[abeorRv]|--(app|body|env|org|repo|repos|visibility))$/;
/** A file whose names are set. */
const FILE = /^(-u?f|--env-file)/;

function nameIn(words: readonly string[]): string | null {
  if (words.some((word) => FILE.test(word))) return null;
  const name = words.find((word, index) => !word.startsWith("-") && !WITH_VALUE.test(words[index - 1] ?? ""));
  return name !== undefined && /^\w+$/.test(name) ? name : null;
}
