import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { blocksOf } from "./markdown.ts";

const pages = [
  "README.md",
  "SECURITY.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => join("docs", name)),
];
const workflows = readdirSync(".github/workflows")
  .map((name) => readFileSync(join(".github/workflows", name), "utf8"))
  .join("\n");
const scripts = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> })
  .scripts;

/** What a block of commands needs that no test has. */
const MARK = /^# (needs (an account|a machine of your own|a network)|takes long)(: |\n)/;
/** A whole line that a test here runs. */
const RUN_HERE: Readonly<Record<string, string>> = { "npx codex-auth-roundtrip doctor": "migrate.test.ts" };

const blocks = pages.flatMap((page) =>
  blocksOf(readFileSync(page, "utf8"), "sh").map((block) => ({ page, block: block.replaceAll(/^ +/gm, "") })),
);
const commandsIn = (block: string): string[] =>
  block
    .replaceAll(/ \\\n\s*/g, " ")
    .split("\n")
    .map((line) => line.replace(/(^| +)# .*$/, ""))
    .flatMap((line) => line.split(" && "))
    .filter((line) => line.trim() !== "");

describe("each block of commands", () => {
  test.each(blocks)("of $page runs in CI or in a test, or says what it needs: $block", ({ block }) => {
    if (MARK.test(block)) return;

    expect(commandsIn(block).filter((command) => !isRun(command))).toEqual([]);
  });

  test("names only scripts that exist", () => {
    const named = blocks
      .flatMap(({ block }) => commandsIn(block))
      .flatMap((command) => /^npm run (?:--silent )?([\w:]+)/.exec(command)?.[1] ?? []);

    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
  });
});

describe("the command line, wherever the pages show it,", () => {
  const shown = pages.flatMap((page) => {
    const text = readFileSync(page, "utf8");
    const whole = [...blocksOf(text, "sh").flatMap(commandsIn), ...inlineCode(text)];
    return whole.flatMap((command) => {
      const [, line] = /^(?:npx |… |node \S*)?((?:codex-auth-roundtrip |\/cli\.js )?.*)$/.exec(command) ?? [];
      const words = (line ?? "").replace(/^(codex-auth-roundtrip|\/cli\.js) /, "").split(/\s+/);
      const depth = words[0] === "host" ? 2 : 1;
      const isOurs = /^(seed|status|doctor|host|completion)$/.test(words[0] ?? "");
      const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split("=")[0] ?? "");
      return isOurs && options.length > 0 ? [{ page, name: words.slice(0, depth).join(" "), options }] : [];
    });
  });
  const helps = new Map<string, string>();
  const helpOf = (name: string): string => {
    const known = helps.get(name);
    if (known !== undefined) return known;
    const help = execFileSync(process.execPath, ["dist/cli.js", ...name.split(" "), "--help"], {
      encoding: "utf8",
    });
    helps.set(name, help);
    return help;
  };

  test("is shown", () => {
    expect(shown.length).toBeGreaterThanOrEqual(8);
  });

  test.each(shown)("has the options of `$name` that $page uses: $options", ({ name, options }) => {
    expect(options.filter((option) => !new RegExp(`${option}\\b`).test(helpOf(name)))).toEqual([]);
  });
});

function isRun(command: string): boolean {
  if (command in RUN_HERE || command === "npm ci") return true;
  const [script = ""] = /^npm (?:run [\w:]+|test)\b/.exec(command) ?? [];
  return script !== "" && workflows.includes(script);
}

function inlineCode(markdown: string): string[] {
  return [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}
