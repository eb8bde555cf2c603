import type { Secret } from "../../../src/core/login/secret.ts";
import type { StepLog } from "../../../src/ports/runner.ts";

/** Everything that was said, in order, and every value that is hidden. */
export class MemoryLog implements StepLog {
  readonly lines: string[] = [];
  readonly masked: string[] = [];
  /** What is let in stands among the lines, between its markers. */
  readonly relay: StepLog["relay"] = {
    hidden: new Set<string>(),
    open: (token) => {
      this.#token = token;
      this.lines.push(`::stop-commands::${token}`);
    },
    write: (bytes) => {
      const text = Buffer.from(bytes).toString("utf8").replace(/\n$/, "");
      if (text !== "") this.lines.push(...text.split("\n"));
    },
    close: () => void this.lines.push(`::${this.#token}::`),
  };
  #token = "";

  info = (sentence: string): void => void this.lines.push(sentence);
  notice = (sentence: string): void => void this.lines.push(`notice: ${sentence}`);
  warning = (sentence: string): void => void this.lines.push(`warning: ${sentence}`);
  error = (sentence: string): void => void this.lines.push(`error: ${sentence}`);
  /** What step debug logging shows; apart, so that tests of what people see do not meet it. */
  readonly debugged: string[] = [];
  debug = (sentence: string): void => void this.debugged.push(sentence);
  group = (title: string): void => void this.lines.push(`group: ${title}`);
  endGroup = (): void => void this.lines.push("end of group");
  mask = (...secrets: readonly Secret[]): void => {
    this.masked.push(...secrets.map((secret) => secret.reveal()));
  };
}
