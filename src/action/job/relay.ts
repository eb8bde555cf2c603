import { RelayedLines, type Source } from "../../core/text/relayed-lines.ts";
import type { Randomness } from "../../ports/machine.ts";
import type { StepLog } from "../../ports/runner.ts";

/** Everything that is not ours goes to the log through here. */
export interface Relay {
  /** Bytes that a child printed. */
  write(stream: "stdout" | "stderr", bytes: Uint8Array): void;
  /** Foreign text as whole lines: the model's final message, say. */
  say(text: string): void;
}

/**
 * Lets foreign text into the log, between markers that stop the runner from obeying them. What is ours is said before or
 * after: between the markers an annotation is plain text, too.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
 */
export async function withRelay<Result>(
  { log, randomness }: { readonly log: Pick<StepLog, "relay">; readonly randomness: Randomness },
  act: (relay: Relay) => Promise<Result>,
): Promise<Result> {
  const outlet = log.relay;
  const lines = new RelayedLines(outlet.hidden);
  let isOpen = true;
  const write = (source: Source, bytes: Uint8Array): void => {
    // A process that the child left behind may still hold its pipes.
    if (isOpen) outlet.write(lines.write(source, bytes));
  };
  outlet.open(Buffer.from(randomness.bytes(16)).toString("hex"));
  try {
    return await act({
      write,
      say: (text) => write("said", Buffer.from(text.endsWith("\n") ? text : `${text}\n`)),
    });
  } finally {
    isOpen = false;
    outlet.write(lines.end());
    outlet.close();
  }
}
