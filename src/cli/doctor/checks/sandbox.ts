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
      uses
        .filter((use) => ["", "profile"].includes(use.input("protect-auth")?.text ?? ""))
        .flatMap(scriptsOf)
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

/** Of our own step, and of the steps after it, which find the login by `CODEX_HOME`. */
function scriptsOf(use: Use): readonly Value[] {
  const lists = [jobOf(use).steps, ...use.composites.map(({ steps }) => steps)];
  const later = lists.flatMap((steps) => {
    const ours = steps.findIndex((step) => step === use.jobStep || step === use.step);
    return ours < 0 ? [] : steps.slice(ours + 1);
  });
  const own = use.input("run");
  return [...(own ? [own] : []), ...later.flatMap(({ value }) => value.get("run") ?? [])];
}
