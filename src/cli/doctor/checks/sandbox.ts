import { switchesProfileOff } from "../../../core/codex/arguments.ts";
import { jobOf, type Use } from "../workflow/use.ts";
import type { Value } from "../workflow/yaml-value.ts";
import { type Check, warn } from "./check.ts";
import type { Subject } from "./subject.ts";

/** What keeps the model's commands from reading the login. */
export const sandboxChecks: readonly Check<Subject>[] = [
  {
    id: "sandbox-flag",
    title: "No flag switches the login's protection off",
    find: ({ uses }) =>
      scriptsOf(uses.filter((use) => ["", "profile"].includes(use.input("protect-auth")?.text ?? "")))
        .filter(({ text }) => switchesProfileOff(text ?? ""))
        .map((script) =>
          warn(
            "With `--sandbox`, `--yolo` or the like, Codex ignores the profile that keeps the model's commands out of the login.",
            "Remove the flag: the config.toml in `CODEX_HOME` sets the sandbox. To choose another one, use the input `sandbox`.",
            script.linesMatching(FLAG, [])[0] ?? script.at,
          ),
        ),
    passed: () => "no `--sandbox`, no `--yolo`",
  },
];

const FLAG = /(--sandbox|-s|--full-auto|--yolo|--dangerously-bypass-[a-z-]+)(?=[\s=]|$)/gm;

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
