import { turnsProfileOff } from "../../../core/codex/arguments.ts";
import { commandsIn } from "../workflow/script.ts";
import { jobOf, type Use } from "../workflow/use.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, type Position, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** What keeps the model's commands from reading the login. */
export const sandboxChecks: readonly Check<Subject>[] = [
  {
    id: "sandbox-flag",
    title: "No flag switches the login's protection off",
    find: ({ uses }) =>
      scriptsOf(uses.filter((use) => ["", "profile"].includes(use.input("protect-auth")?.text ?? "")))
        .flatMap((script) => offendersIn(script))
        .map((at) =>
          warn(
            "With `--sandbox`, `--yolo`, `-c sandbox_mode=…` or the like, Codex does not use the profile that keeps the model's commands out of the login.",
            "Remove the flag: the config.toml in `CODEX_HOME` sets the sandbox. To choose another one, use the input `sandbox`.",
            at,
          ),
        ),
    passed: () => "no `--sandbox`, no `--yolo`",
  },
];

const FLAG =
  /(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+|sandbox_mode|permissions)(?=\W|$)/;

/** Where Codex is given such a flag, itself or by a variable of the same script. */
function offendersIn(script: Value): readonly Position[] {
  const commands = commandsIn(script.text ?? "");
  const set = commands.flatMap(({ words, runs }) =>
    (runs ? words : []).map((word) => /^(\w+)=([\s\S]*)$/.exec(word)),
  );
  const variables = new Map(set.map((match) => [`$${match?.[1]}`, match?.[2] ?? ""]));
  const lines = script.lines();
  return commands.flatMap(({ words, line }) => {
    const codex = words.findIndex((word) => /(^|[/\\])codex(@\S+)?$/.test(word));
    const given = words.slice(codex + 1).flatMap((word) => variables.get(word)?.split(/\s+/) ?? word);
    if (codex < 0 || !turnsProfileOff(given)) return [];
    return [(lines.slice(line).find(({ text }) => FLAG.test(text)) ?? lines[line] ?? script).at];
  });
}

/** Of our own steps, and of those after the first of them, which find the login by `CODEX_HOME`. */
function scriptsOf(uses: readonly Use[]): readonly Value[] {
  const ours = new Set(uses.flatMap(({ jobStep, step }) => [jobStep, step]));
  const lists = new Set(
    uses.flatMap((use) => [jobOf(use).steps, ...use.composites.map(({ steps }) => steps)]),
  );
  const later = [...lists].flatMap((steps) => steps.slice(steps.findIndex((step) => ours.has(step)) + 1));
  const own = uses.flatMap((use) => use.input("run") ?? []);
  return [...own, ...later.flatMap(({ value }) => value.get("run") ?? [])];
}
