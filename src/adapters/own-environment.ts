const { closeSync, openSync, readFileSync, readSync, writeSync } = process.getBuiltinModule("node:fs");

/** Positions after the command's name in `/proc/self/stat` (proc(5): env_start is field 50, env_end field 51). */
const ENV_START = 47;
const ENV_END = 48;

/**
 * Takes variables out of this process's environment, and out of what `/proc/PID/environ` shows of it, which is the
 * memory that the process was started with: whatever runs as the same user could read it there as long as we live.
 * Where there is no `/proc`, only the first happens.
 */
export function forgetVariables(names: readonly string[]): void {
  try {
    overwrite(new Set(names.map((name) => Buffer.from(name).toString("latin1"))));
  } catch {
    // No /proc, or one that does not let us: docs/threat-model.md says what that means.
  }
  for (const name of names) delete process.env[name];
}

function overwrite(names: ReadonlySet<string>): void {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = Number(fields[ENV_START]);
  const region = Buffer.alloc(Number(fields[ENV_END]) - start);
  const memory = openSync("/proc/self/mem", "r+");
  try {
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
  } finally {
    closeSync(memory);
  }
}
