import { steers } from "../core/environment/steering.ts";
import { inputVariables } from "./step-variables.ts";

/** An argument and no variable: those any step can set. The runner gives none. */
const AGAIN = "begun-again";

/**
 * Begins this phase again, in the variables that steer requests as they were for pre: taking them out of the environment
 * of a process that has started changes nothing. Returns where that cannot be done (Windows; Node before 24; it was done
 * already).
 *
 * @param captured of the session
 */
export function restartSteeredAs(captured: Readonly<Record<string, string | null>>): void {
  if (process.platform === "win32" || process.argv.includes(AGAIN)) return;
  if (typeof process.execve !== "function") return;
  const { argv, execArgv, execPath } = process;
  const kept = Object.entries(process.env).filter(([name]) => !steers(name));
  const steering = Object.entries(captured).filter(([name, value]) => steers(name) && value !== null);
  const variables = [...kept, ...steering, ...Object.entries(inputVariables())];
  const environment = Object.fromEntries(variables) as Record<string, string>;
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1), AGAIN], environment);
}
