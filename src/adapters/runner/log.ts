import { writeSync } from "node:fs";
import { oneLine } from "../../core/text/escape.ts";
import type { StepLog } from "../../ports/runner.ts";

const STANDARD_OUTPUT = 1;
const LF = 0x0a;
const QUOTED = /`[^`]*`|"(?:[^"\\]|\\.)*"/g;
/** Whoever hides an `e` would make our own sentences unreadable. */
const SHORTEST_HIDDEN = 6;

/**
 * The step's log, in the runner's workflow commands. Written here and not with `@actions/core`, because `process.stdout`
 * loads Node's streams, a sixth of a bare start, in every phase of a quiet job.
 *
 * @param writeOut takes bytes for the runner
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
export function runnerLog(writeOut: (bytes: Uint8Array) => void): StepLog {
  const hidden = new Set<string>();
  /** Ends the relay that is open. */
  let endMarker: string | null = null;
  let hasRelayed = false;
  let lastByte: number | undefined;

  const write = (bytes: Uint8Array): void => {
    lastByte = bytes.at(-1) ?? lastByte;
    writeOut(bytes);
  };
  const print = (text: string): void => write(Buffer.from(`${text}\n`));
  const hide = (quoted: string): string => {
    let shown = quoted;
    for (const value of hidden) if (value.length >= SHORTEST_HIDDEN) shown = shown.replaceAll(value, "***");
    return shown;
  };
  /**
   * A sentence of ours may quote what a child has asked to hide, or words that look like a command. What it does not
   * quote is ours, and stays: else a child could hide our verdict.
   */
  const ours = (sentence: string): string =>
    oneLine(hidden.size === 0 ? sentence : sentence.replace(QUOTED, hide));
  const command = (name: string, message: string): void => print(line(name, ours(message)));

  return {
    info: (sentence) => print(ours(sentence)),
    notice: (sentence) => command("notice", sentence),
    warning: (sentence) => command("warning", sentence),
    error: (sentence) => command("error", sentence),
    debug: (sentence) => {
      // While a relay is open the runner would show it, as no command.
      if (endMarker === null) command("debug", sentence);
    },
    group: (title) => command("group", title),
    endGroup: () => command("endgroup", ""),
    mask: (...secrets) => {
      // What a child prints may have switched the runner's masking off, and then this line is shown to everybody.
      if (hasRelayed) throw new TypeError("Nothing is masked after foreign words were let into the log.");
      // An empty mask would hide everything.
      const lines = secrets
        .filter((secret) => !secret.isEmpty)
        .map((secret) => line("add-mask", secret.reveal()));
      // In one write: each costs a quiet job as much as everything else about it.
      if (lines.length > 0) print(lines.join("\n"));
    },
    relay: {
      hidden,
      open: (token) => {
        hasRelayed = true;
        print(`::stop-commands::${token}`);
        endMarker = `::${token}::`;
      },
      write,
      close: () => {
        if (endMarker === null) return;
        // The marker is one only at the beginning of a line.
        if (lastByte !== LF) print("");
        print(endMarker);
        endMarker = null;
      },
    },
  };
}

export const stepLog: StepLog = runnerLog((bytes) => {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(writeSome(rest));
});

function line(name: string, message: string): string {
  // A quiet job has a hundred masks, and nearly none has any of these.
  const escaped = /[%\r\n]/.test(message)
    ? message.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A")
    : message;
  return `::${name}::${escaped}`;
}

/** A process that shares the pipe may have made it non-blocking; a full one is then waited for. */
function writeSome(bytes: Uint8Array): number {
  try {
    return writeSync(STANDARD_OUTPUT, bytes);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    return 0;
  }
}
