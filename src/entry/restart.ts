import { steers } from "../core/steering.ts";
import { inputVariables } from "./own-variables.ts";

const MARK = "CODEX_AUTH_ROUNDTRIP_RESTARTED";

/**
 * Begins this phase again, in the variables that steer requests as they were for pre: taking them out of the environment
 * of a process that has started changes nothing. Returns where that cannot be done (Windows; Node before 24; it was done
 * already).
 *
 * @param captured of the session
 */
export function restartSteeredAs(captured: Readonly<Record<string, string | null>>): void {
  if (process.platform === "win32" || process.env[MARK] !== undefined) return;
  if (typeof process.execve !== "function") return;
  const { argv, execArgv, execPath } = process;
  const kept = Object.entries(process.env).filter(([name]) => !steers(name));
  const steering = Object.entries(captured).filter(([name, value]) => steers(name) && value !== null);
  const environment = Object.fromEntries([...kept, ...steering]) as Record<string, string>;
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], {
    ...environment,
    ...inputVariables(),
    [MARK]: "1",
  });
}
