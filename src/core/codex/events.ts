import { isObject } from "../text/json.ts";
import {
  type Fields,
  isText,
  renderChanges,
  renderPlan,
  renderToolCall,
  renderUsage,
} from "./event-sentences.ts";

const LINE_FEED = 0x0a;
/** No event of Codex's is longer (its commands' output is cut at 1 MiB): what is longer is passed on unread. */
const LONGEST_LINE = 16 * 1024 * 1024;

/**
 * What `codex exec --json` prints, one event a line:
 *
 * ```text
 * {"type":"thread.started","thread_id":…}
 * {"type":"turn.started"}
 * {"type":"item.started" | "item.updated" | "item.completed","item":{"id":…,"type":…,…}}
 * {"type":"error","message":…}
 * {"type":"turn.completed","usage":{…}} or {"type":"turn.failed","error":{"message":…}}
 * ```
 *
 * A line that is no event we know is shown as it is. What a command or the model says stands inside a string of an
 * event, so it never is an event itself. (docs/facts.md §1, "Events".)
 */
export class CodexEvents {
  readonly #form: "readable" | "json";
  #unfinished: Uint8Array[] = [];
  #unfinishedLength = 0;
  #isTooLong = false;
  #failure: string | null = null;
  #threadId: string | null = null;
  #finalMessage: string | null = null;
  #isOver = false;
  #shownError: string | null = null;
  #shownCommand: unknown = null;

  /** @param form what the log shows: sentences, or the events as they are */
  constructor(form: "readable" | "json") {
    this.#form = form;
  }

  /** Why the turn failed, as Codex says it; `null` where it did not fail or did not say. */
  get failure(): string | null {
    return this.#failure;
  }

  /** By which Codex names its session file; `null` before it has said so. */
  get threadId(): string | null {
    return this.#threadId;
  }

  /** What the model said last; `null` where it has said nothing. */
  get finalMessage(): string | null {
    return this.#finalMessage;
  }

  /** Whether the last turn that began has ended, well or not: all that Codex has left to do is to exit. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** @param bytes the next of them, cut anywhere @returns what the log shows of them */
  read(bytes: Uint8Array): Uint8Array {
    const shown: Uint8Array[] = [];
    let rest = bytes;
    for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED)) {
      this.#keep(rest.subarray(0, end + 1), shown);
      this.#finishLine(shown);
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest, shown);
    return Buffer.concat(shown);
  }

  /** The process has ended. @returns what the log shows of a last line without an end */
  end(): Uint8Array {
    const shown: Uint8Array[] = [];
    this.#finishLine(shown);
    return Buffer.concat(shown);
  }

  #keep(part: Uint8Array, shown: Uint8Array[]): void {
    if (this.#isTooLong) {
      shown.push(part);
      return;
    }
    this.#unfinished.push(part);
    this.#unfinishedLength += part.length;
    if (this.#unfinishedLength <= LONGEST_LINE) return;
    this.#isTooLong = true;
    shown.push(...this.#takeUnfinished());
  }

  #finishLine(shown: Uint8Array[]): void {
    this.#isTooLong = false;
    const line = Buffer.concat(this.#takeUnfinished());
    shown.push(this.#show(line));
  }

  #takeUnfinished(): Uint8Array[] {
    const parts = this.#unfinished;
    this.#unfinished = [];
    this.#unfinishedLength = 0;
    return parts;
  }

  #show(line: Uint8Array): Uint8Array {
    const event = parse(line);
    const text = event && this.#render(event);
    if (text === null || this.#form === "json") return line;
    return new TextEncoder().encode(text === "" || text.endsWith("\n") ? text : `${text}\n`);
  }

  /** @returns `null` for what we do not know, the empty text for what says nothing to a person */
  #render(event: Fields): string | null {
    switch (event.type) {
      case "thread.started":
        if (!isText(event.thread_id)) return null;
        this.#threadId = event.thread_id;
        return `session id: ${event.thread_id}`;
      case "turn.started":
        this.#isOver = false;
        return "";
      case "turn.completed":
        this.#failure = null;
        this.#isOver = true;
        return renderUsage(event.usage);
      case "turn.failed":
        this.#isOver = true;
        return isObject(event.error) ? this.#fail(event.error.message) : null;
      case "error":
        return this.#fail(event.message);
      case "item.started":
      case "item.updated":
        return isObject(event.item) ? this.#renderBegun(event.item) : null;
      case "item.completed":
        return isObject(event.item) ? this.#renderCompleted(event.item) : null;
      default:
        return null;
    }
  }

  /** Codex says an error twice: as such, and as the end of the turn. */
  #fail(message: unknown): string | null {
    if (!isText(message)) return null;
    this.#failure = message;
    if (this.#shownError === message) return "";
    this.#shownError = message;
    return `ERROR: ${message}`;
  }

  #renderBegun(item: Fields): string | null {
    switch (item.type) {
      case "command_execution":
        if (!isText(item.command)) return null;
        // An update of one that is shown already.
        if (this.#shownCommand === item.id) return "";
        this.#shownCommand = item.id;
        return `exec\n${item.command}`;
      case "mcp_tool_call":
        return isText(item.server) && isText(item.tool) ? `mcp: ${item.server}/${item.tool} started` : null;
      case "todo_list":
        return renderPlan(item.items);
      case "agent_message":
      case "reasoning":
      case "file_change":
      case "web_search":
        // Shown when it is complete.
        return "";
      default:
        return null;
    }
  }

  #renderCompleted(item: Fields): string | null {
    switch (item.type) {
      case "agent_message":
        if (!isText(item.text)) return null;
        this.#finalMessage = item.text;
        return `codex\n${item.text}`;
      case "reasoning":
        return isText(item.text) ? item.text : null;
      case "command_execution":
        return this.#renderCommandEnd(item);
      case "file_change":
        return renderChanges(item);
      case "mcp_tool_call":
        return renderToolCall(item);
      case "web_search":
        return isText(item.query) ? `web search: ${item.query}` : null;
      case "todo_list":
        return renderPlan(item.items);
      case "error":
        return isText(item.message) ? `warning: ${item.message}` : null;
      default:
        return null;
    }
  }

  #renderCommandEnd(item: Fields): string | null {
    const { id, command, aggregated_output: output, exit_code: exitCode, status } = item;
    if (!isText(command) || !isText(output) || !isText(status)) return null;
    // Commands may run side by side.
    const begin = this.#shownCommand === id ? "" : `exec\n${command}\n`;
    this.#shownCommand = null;
    const end = exitCode === 0 ? "succeeded" : typeof exitCode === "number" ? `exited ${exitCode}` : status;
    return `${begin} ${end}:\n${output}`;
  }
}

function parse(line: Uint8Array): Fields | null {
  try {
    const event: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line));
    return isObject(event) ? event : null;
  } catch {
    return null;
  }
}
