const { closeSync, openSync, readFileSync, readSync, writeSync } = process.getBuiltinModule("node:fs");

/** Positions after the command's name in `/proc/self/stat` (proc(5): env_start is field 50, env_end field 51). */
const ENV_START = 47;
const ENV_END = 48;

/**
 * Takes variables out of this process's environment, and out of what `/proc/PID/environ` shows of it, which is the
 * memory that the process was started with: whatever runs as the same user could read it there as long as we live.
 * Where there is no `/proc`, only the first happens.
 */
export function forgetVariables(isToBeForgotten: (name: string, value: string) => boolean): void {
  const names = Object.keys(process.env).filter((name) => isToBeForgotten(name, process.env[name] ?? ""));
  try {
    overwrite(names);
  } catch {
    // No /proc, or one that does not let us: docs/threat-model.md says what that means.
  }
  for (const name of names) delete process.env[name];
}

function overwrite(names: readonly string[]): void {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = Number(fields[ENV_START]);
  const region = Buffer.alloc(Number(fields[ENV_END]) - start);
  const memory = openSync("/proc/self/mem", "r+");
  try {
    readSync(memory, region, 0, region.length, start);
    for (let at = 0; at < region.length; ) {
      const stop = region.indexOf(0, at);
      const end = stop < 0 ? region.length : stop;
      const equals = region.indexOf("=", at);
      if (equals > at && equals < end && names.includes(region.toString("utf8", at, equals))) {
        const length = end - equals - 1;
        writeSync(memory, Buffer.alloc(length), 0, length, start + equals + 1);
      }
      at = end + 1;
    }
  } finally {
    closeSync(memory);
  }
}
