import { Argument, Command } from "commander";
import type { CliServices } from "./services.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

/** Every command by the words that lead to it, with what may follow. */
interface Completable {
  readonly words: readonly string[];
  readonly next: readonly { readonly word: string; readonly about: string }[];
}

export function completionCommand(services: Pick<CliServices, "reporterFor">): Command {
  return new Command("completion")
    .summary("print a shell's completion of this command")
    .description("Prints what makes a shell complete the commands and options of `codex-auth-roundtrip`.")
    .addArgument(new Argument("<shell>", "which shell").choices(SHELLS))
    .addHelpText(
      "after",
      "\nExamples:\n  codex-auth-roundtrip completion bash >> ~/.bashrc\n" +
        '  codex-auth-roundtrip completion zsh > "$' +
        '{fpath[1]}/_codex-auth-roundtrip"\n' +
        "  codex-auth-roundtrip completion fish > ~/.config/fish/completions/codex-auth-roundtrip.fish",
    )
    .action((shell: Shell, _options: object, command: Command) => {
      const text = completionOf(shell, command.parent ?? command);
      services.reporterFor({}).result({ json: { shell, text }, title: text.trimEnd(), lines: [] });
    });
}

/** @returns a script for that shell */
export function completionOf(shell: Shell, program: Command): string {
  const name = program.name();
  const known = completables(program, []);
  const wordsOf = ({ next }: Completable): string => next.map(({ word }) => word).join(" ");
  const cases = known.map((at) => `    "${at.words.join(" ")}") words="${wordsOf(at)}" ;;`).join("\n");
  // Only what leads to a command counts: not an option, nor its value.
  const paths = known.flatMap(({ words }) => (words.length === 0 ? [] : [`"${words.join(" ")}"`]));
  const path = `  local at="" word
  for word in "\${before[@]}"; do
    case "\${at:+$at }$word" in ${paths.join("|")}) at="\${at:+$at }$word" ;; esac
  done
  case "$at" in
${cases}
  esac`;
  switch (shell) {
    case "bash":
      return `_${ident(name)}() {
  local words=""
  local before=("\${COMP_WORDS[@]:1:COMP_CWORD-1}")
${path}
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${ident(name)} ${name}
`;
    case "zsh":
      return `#compdef ${name}
_${ident(name)}() {
  local wanted=""
  local before=("\${(@)words[2,CURRENT-1]}")
${path.replaceAll("words=", "wanted=")}
  compadd -- \${=wanted}
  _files
}
compdef _${ident(name)} ${name}
`;
    case "fish":
      return known
        .flatMap(({ words, next }) =>
          next.map(({ word, about }) => {
            const place = words.length === 0 ? "__fish_use_subcommand" : seen(words);
            const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
            return `complete -c ${name} -n '${place}' ${what} -d '${about.replaceAll(/['\\]/g, "")}'\n`;
          }),
        )
        .join("");
  }
}

function seen(words: readonly string[]): string {
  return words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
}

function completables(command: Command, words: readonly string[]): Completable[] {
  const commands = command.commands.map((sub) => ({ word: sub.name(), about: sub.summary() }));
  const options = command.options.flatMap(({ long, description }) =>
    long ? [{ word: long, about: description }] : [],
  );
  return [
    { words, next: [...commands, ...options, { word: "--help", about: "show help" }] },
    ...command.commands.flatMap((sub) => completables(sub, [...words, sub.name()])),
  ];
}

function ident(name: string): string {
  return name.replaceAll("-", "_");
}
