import type { Secret } from "../../../src/core/secret.ts";
import type { Log } from "../../../src/ports.ts";

/** Everything that was said, in order, and every value that is hidden. */
export class MemoryLog implements Log {
  readonly lines: string[] = [];
  readonly masked: string[] = [];

  info = (sentence: string): void => void this.lines.push(sentence);
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
