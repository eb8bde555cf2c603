import { spawn } from "node:child_process";

export interface Ended {
  readonly milliseconds: number;
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs a program to its end, as a runner runs a phase. @param input its standard input */
export function timed(
  file: string,
  args: readonly string[],
  { environment, input }: { environment: Readonly<Record<string, string>>; input?: string },
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(file, args, { env: environment, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    let milliseconds = 0;
    child.once("error", reject);
    // A stream that something left behind holds open is not the program's time.
    child.once("exit", () => {
      milliseconds = performance.now() - began;
    });
    child.once("close", (exitCode) => resolve({ milliseconds, exitCode, output }));
    child.stdin.on("error", () => {});
    child.stdin.end(input ?? "");
  });
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
