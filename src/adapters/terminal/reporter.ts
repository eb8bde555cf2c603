import { type CANCEL_SYMBOL, confirm, intro, isCancel, log, note, outro, password } from "@clack/prompts";
import { Secret } from "../../core/login/secret.ts";
import type { Reporter, Result } from "../../ports/cli.ts";
import { cancelled } from "./interruption.ts";

/** A person at a terminal is asked and shown; anything else gets plain lines, or one JSON object. */
export function reporterFor({ json, signal }: { json?: boolean; signal: AbortSignal }): Reporter {
  if (json) return plain((result) => `${JSON.stringify(result.json, null, 2)}\n`);
  if (process.stdin.isTTY && process.stdout.isTTY) return person(signal);
  return plain((result) => [result.title, ...result.lines].map((line) => `${line}\n`).join(""));
}

/** Progress on stderr, the result on stdout. */
function plain(write: (result: Result) => string): Reporter {
  const print = (line: string): void => void process.stderr.write(`${line}\n`);
  const nobody = (): never => {
    throw new TypeError("There is nobody to ask.");
  };
  return {
    asks: false,
    begin: () => {},
    say: print,
    warn: (sentence) => print(`Warning: ${sentence}`),
    show: (title, lines) => {
      print(title);
      for (const line of lines) print(`  ${line}`);
    },
    confirm: nobody,
    askSecret: nobody,
    result: (result) => void process.stdout.write(write(result)),
  };
}

function person(signal: AbortSignal): Reporter {
  return {
    asks: true,
    begin: (title) => intro(title),
    say: (sentence) => log.step(fold(sentence)),
    warn: (sentence) => log.warn(fold(sentence)),
    show: (title, lines) => {
      // A box would break a long link over lines, and nobody could click or copy it.
      if (lines.every((line) => line.length <= widthOfText())) note(lines.join("\n"), title);
      else {
        log.step(title);
        process.stdout.write(lines.map((line) => `\n${line}\n`).join(""));
      }
    },
    confirm: async (question, enter = "yes") =>
      answered(await confirm({ message: fold(question), initialValue: enter === "yes", signal })),
    askSecret: async (question) =>
      new Secret(answered(await password({ message: fold(question), signal })).trim()),
    result: ({ title, lines }) => {
      if (lines.length > 0) log.message(lines.map(fold).join("\n"));
      outro(title);
    },
  };
}

function answered<Answer>(answer: Answer | typeof CANCEL_SYMBOL): Answer {
  if (isCancel(answer)) throw cancelled();
  return answer;
}

/**
 * Long sentences are folded between words, with room for the guide at the left; long words, like links, stay whole, and so
 * do indented lines, which hold columns, or commands to be copied.
 */
function fold(sentence: string): string {
  if (/^\s|\s{2}/.test(sentence)) return sentence;
  const width = widthOfText();
  const lines: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}

function widthOfText(): number {
  return Math.min(process.stdout.columns || 80, 110) - 6;
}
