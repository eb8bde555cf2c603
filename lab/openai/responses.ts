import { randomUUID } from "node:crypto";
import type { LabResponse } from "../loopback-server.ts";

/** What the model is asked in one request. */
export interface ModelTurn {
  /** The newest message of the user. */
  readonly prompt: string;
  /** What the commands and tools of this conversation gave, oldest first. */
  readonly outputs: readonly string[];
  /** Whose subscription pays. */
  readonly account: string;
  readonly model: string;
}

/** What the model says, or has done; Codex asks again with the output. */
export type ModelItem =
  | { readonly message: string }
  | { readonly exec: string }
  /** JavaScript in which the model may use every tool it has, `tools.NAME(…)`; `text(…)` is what comes back. */
  | { readonly script: string }
  /** A tool of a connected app, called directly; `namespace` as Codex announces it. */
  | { readonly tool: string; readonly namespace: string; readonly arguments: object };

/** A model that answers every prompt with "OK". */
export function sayOk(): ModelItem[] {
  return [{ message: "OK" }];
}

/** The longest that Codex waits for a command before it tells what there is so far; a busy machine takes its time. */
const YIELD_MS = 30_000;

const OUTPUTS: ReadonlySet<string> = new Set(["function_call_output", "custom_tool_call_output"]);

/** Reads the body of `POST …/responses`. */
export function modelTurn(body: Buffer, account: string): ModelTurn {
  const { input, model } = JSON.parse(body.toString("utf8")) as { input: InputItem[]; model: string };
  const prompts = input.filter((item) => item.type === "message" && item.role === "user");
  const outputs = input.filter(({ type }) => OUTPUTS.has(type));
  return {
    prompt: text(prompts.at(-1)?.content),
    outputs: outputs.map((item) => text(item.output)),
    account,
    model,
  };
}

/** The answer as server-sent events: the fewest that Codex accepts as a whole turn. */
export function eventStream(items: readonly ModelItem[]): LabResponse {
  const id = `resp_${randomUUID()}`;
  const events = [
    { type: "response.created", response: { id } },
    ...items.map((item, index) => ({
      type: "response.output_item.done",
      output_index: index,
      item: outputItem(item),
    })),
    {
      type: "response.completed",
      response: { id, usage: { input_tokens: 10, output_tokens: 2, total_tokens: 12 } },
    },
  ];
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  return { status: 200, headers: { "content-type": "text/event-stream" }, body };
}

interface InputItem {
  readonly type: string;
  readonly role?: string;
  readonly content?: Content;
  readonly output?: Content;
}

type Content = string | { readonly text?: string }[];

function text(content: Content | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}

function outputItem(item: ModelItem): object {
  if ("message" in item) {
    return {
      type: "message",
      id: `msg_${randomUUID()}`,
      role: "assistant",
      content: [{ type: "output_text", text: item.message }],
    };
  }
  const call_id = `call_${randomUUID()}`;
  if ("script" in item) {
    return { type: "custom_tool_call", id: `ctc_${randomUUID()}`, call_id, name: "exec", input: item.script };
  }
  const id = `fc_${randomUUID()}`;
  if ("tool" in item) {
    const { tool: name, namespace } = item;
    return { type: "function_call", id, call_id, namespace, name, arguments: JSON.stringify(item.arguments) };
  }
  return {
    type: "function_call",
    id,
    call_id,
    name: "exec_command",
    arguments: JSON.stringify({ cmd: item.exec, yield_time_ms: YIELD_MS }),
  };
}
