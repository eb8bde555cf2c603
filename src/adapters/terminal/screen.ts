import type { Environment } from "../../core/environment/scrub.ts";
import type { Screen } from "../../ports/doctor.ts";

const PATIENCE_MS = 2_000;

/** The terminal, or what stands in its place. */
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
      let told = "";
      const timer = setInterval(() => {
        if (current !== told) stderr.write(`${current}\n`);
        told = current;
      }, PATIENCE_MS);
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
