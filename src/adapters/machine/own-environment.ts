import { constants, readFileSync, readSync, writeSync } from "node:fs";
import { withOpen } from "./file-operations.ts";

/** Positions after the command's name in `/proc/self/stat` (proc(5): env_start is field 50, env_end field 51). */
const ENV_START = 47;
const ENV_END = 48;

/**
 * Takes variables out of what `/proc/PID/environ` shows of this process, which is the memory that it was started with:
 * whatever runs as the same user could read them there as long as we live. Where there is no `/proc`, they stay.
 *
 * @param forgotten also taken out of this process's own environment
 * @param hidden kept there, in memory that nobody is shown
 */
export function concealVariables({
  forgotten,
  hidden,
}: {
  forgotten: readonly string[];
  hidden: readonly string[];
}): void {
  const values = hidden.map((name) => process.env[name]);
  try {
    const names = [...forgotten, ...hidden].map((name) => Buffer.from(name).toString("latin1"));
    overwrite(new Set(names));
  } catch {
    // No /proc, or one that does not let us: docs/threat-model.md says what that means.
  }
  for (const name of forgotten) delete process.env[name];
  hidden.forEach((name, index) => {
    const value = values[index];
    if (value !== undefined) process.env[name] = value;
  });
}

function overwrite(names: ReadonlySet<string>): void {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = Number(fields[ENV_START]);
  const region = Buffer.alloc(Number(fields[ENV_END]) - start);
  withOpen("/proc/self/mem", constants.O_RDWR, (memory) => {
    readSync(memory, region, 0, region.length, start);
    // One character a byte, so that lengths are places.
    let at = start;
    for (const variable of region.toString("latin1").split("\0")) {
      const equals = variable.indexOf("=");
      if (equals > 0 && names.has(variable.slice(0, equals))) {
        const length = variable.length - equals - 1;
        writeSync(memory, Buffer.alloc(length), 0, length, at + equals + 1);
      }
      at += variable.length + 1;
    }
  });
}
