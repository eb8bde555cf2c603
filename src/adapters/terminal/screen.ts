import type { Environment } from "../../core/environment/scrub.ts";
import type { Screen } from "../../ports/doctor.ts";

const PROGRESS_AFTER_MS = 2_000;

/** The terminal, or what replaces it. */
export function terminalScreen(environment: Environment): Screen {
  const { stdout, stderr } = process;
  return {
    look: {
      columns: stdout.isTTY ? stdout.columns || 80 : null,
      unicode: speaksUnicode(environment),
      colour: Boolean(stdout.isTTY) && !environment.NO_COLOR && environment.TERM !== "dumb",
    },
    write: (text) => void stdout.write(text),
    watch: () => {
      let current = "";
      let shown = "";
      const timer = setInterval(() => {
        if (current !== shown) stderr.write(`${current}\n`);
        shown = current;
      }, PROGRESS_AFTER_MS);
      return {
        now: (sentence) => {
          current = sentence;
        },
        end: () => clearInterval(timer),
      };
    },
  };
}

/** Windows has no such variables; its modern terminals name themselves. */
export function speaksUnicode(environment: Environment): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || "";
  if (locale !== "") return /utf-?8/i.test(locale);
  return Boolean(environment.WT_SESSION || environment.TERM_PROGRAM);
}
