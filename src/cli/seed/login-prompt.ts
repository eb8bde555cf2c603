import type { LoginMethod } from "../../ports/cli.ts";
import { redact } from "../redact.ts";

/** What Codex asks a person to do, read from what it prints. */
export interface LoginPrompt {
  readonly title: string;
  readonly lines: readonly string[];
}

/** @returns `null` until the output holds all of it */
export function readLoginPrompt(method: LoginMethod, output: string): LoginPrompt | null {
  const link = /https?:\/\/[^\s"]+(?=\s)/.exec(withoutOwnServer(output))?.[0];
  if (link === undefined) return null;
  if (method === "browser")
    return { title: "Log in to ChatGPT", lines: ["If no browser has opened, open:", link] };
  const code = /^[ \t]*([A-Z0-9]{4}-[A-Z0-9]{4,8})[ \t]*\r?\n/m.exec(output)?.[1];
  if (code === undefined) return null;
  return {
    title: "Log in to ChatGPT",
    lines: [
      `1. Open    ${link}`,
      `2. Enter   ${code}`,
      "",
      "The code is good for 15 minutes. If the page says that device codes",
      "are off: ChatGPT → Settings → Security switches them on. Or press",
      "Ctrl-C here and add --browser.",
      "Never enter a code that somebody else has sent you.",
    ],
  };
}

/** The last line that Codex printed, for a login that failed. */
export function lastLine(output: string): string {
  const lines = redact(output)
    .split("\n")
    .map((line) => line.trim())
    // Codex warns so about every temporary home; it concerns nothing that we use.
    .filter((line) => line !== "" && !line.startsWith("WARNING: proceeding, even though"));
  return lines.at(-1) ?? "nothing";
}

/** `Starting local login server on http://localhost:1455.` */
function withoutOwnServer(output: string): string {
  return output.replace(/http:\/\/localhost:\s*\d*\.?/g, "");
}
