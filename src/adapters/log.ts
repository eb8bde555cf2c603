import type { Log } from "../ports.ts";

const { writeSync } = process.getBuiltinModule("node:fs");
const STANDARD_OUTPUT = 1;

/**
 * The step's log, in the runner's workflow commands. Written here and not with `@actions/core`, because `process.stdout`
 * loads Node's streams, a sixth of a bare start, in every phase of a quiet job.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export const stepLog: Log = {
  info: print,
  warning: (sentence) => command("warning", sentence),
  error: (sentence) => command("error", sentence),
  debug: (sentence) => command("debug", sentence),
  group: (title) => command("group", title),
  endGroup: () => command("endgroup", ""),
  mask: (...secrets) => {
    // An empty mask would hide everything.
    const lines = secrets
      .filter((secret) => !secret.isEmpty)
      .map((secret) => line("add-mask", secret.reveal()));
    // In one write: each costs a quiet job as much as everything else about it.
    if (lines.length > 0) print(lines.join("\n"));
  },
};

function command(name: string, message: string): void {
  print(line(name, message));
}

function line(name: string, message: string): string {
  return `::${name}::${message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")}`;
}

function print(text: string): void {
  let rest = Buffer.from(`${text}\n`);
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
}

/** A process that shares the pipe may have made it non-blocking; a full one is then waited for. */
function writeSome(bytes: Buffer): number {
  try {
    return writeSync(STANDARD_OUTPUT, bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}
