import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { CodexEvents } from "../../../src/core/codex/events.ts";

/** The log of these lines, each given to it whole. */
function shown(...lines: readonly string[]): string {
  return logOf(new CodexEvents("readable"), lines);
}

function logOf(events: CodexEvents, lines: readonly string[]): string {
  const parts = lines.map((line) => events.read(Buffer.from(`${line}\n`)));
  return Buffer.concat([...parts, events.end()]).toString("utf8");
}

function failureOf(...lines: readonly string[]): string | null {
  const events = new CodexEvents("readable");
  logOf(events, lines);
  return events.failure;
}

const REFUSED = "Your access token could not be refreshed. Please log out and sign in again.";
const FAILED = JSON.stringify({ type: "turn.failed", error: { message: REFUSED } });
const COMPLETED =
  '{"type":"turn.completed","usage":{"input_tokens":20,"cached_input_tokens":3,"cache_write_input_tokens":0,"output_tokens":4,"reasoning_output_tokens":0}}';

// As `codex exec --json` 0.169.0 prints them, on loopback.
describe("an event", () => {
  test.each([
    ["the start", '{"type":"thread.started","thread_id":"01a2-4f"}', "session id: 01a2-4f\n"],
    ["a turn", '{"type":"turn.started"}', ""],
    [
      "the model's message",
      '{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"Done.\\nTwo lines."}}',
      "codex\nDone.\nTwo lines.\n",
    ],
    [
      "reasoning",
      '{"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"**Thinking hard**\\n\\nabout it"}}',
      "**Thinking hard**\n\nabout it\n",
    ],
    [
      "the model's message, begun",
      '{"type":"item.started","item":{"id":"item_1","type":"agent_message","text":""}}',
      "",
    ],
    ["reasoning, begun", '{"type":"item.started","item":{"id":"item_0","type":"reasoning","text":""}}', ""],
    [
      "a command",
      '{"type":"item.started","item":{"id":"item_0","type":"command_execution","command":"/bin/bash -lc true","aggregated_output":"","exit_code":null,"status":"in_progress"}}',
      "exec\n/bin/bash -lc true\n",
    ],
    [
      "changed files, begun",
      '{"type":"item.started","item":{"id":"item_0","type":"file_change","changes":[{"path":"/w/made.txt","kind":"add"}],"status":"in_progress"}}',
      "",
    ],
    [
      "changed files",
      '{"type":"item.completed","item":{"id":"item_0","type":"file_change","changes":[{"path":"/w/gone.txt","kind":"delete"},{"path":"/w/made.txt","kind":"add"}],"status":"completed"}}',
      "patch: completed\ndelete /w/gone.txt\nadd /w/made.txt\n",
    ],
    [
      "a tool call, begun",
      '{"type":"item.started","item":{"id":"item_0","type":"mcp_tool_call","server":"lab","tool":"hello","arguments":{"who":"x"},"result":null,"error":null,"status":"in_progress"}}',
      "mcp: lab/hello started\n",
    ],
    [
      "a tool call",
      '{"type":"item.completed","item":{"id":"item_0","type":"mcp_tool_call","server":"lab","tool":"hello","arguments":{"who":"x"},"result":{"content":[{"type":"text","text":"hi"}],"structured_content":null},"error":null,"status":"completed"}}',
      "mcp: lab/hello (completed)\n",
    ],
    [
      "a tool call that failed",
      '{"type":"item.completed","item":{"id":"item_0","type":"mcp_tool_call","server":"lab","tool":"hello","arguments":{},"result":null,"error":{"message":"no such tool"},"status":"failed"}}',
      "mcp: lab/hello (failed): no such tool\n",
    ],
    [
      "a search, begun",
      '{"type":"item.started","item":{"id":"item_0","type":"web_search","id":"ws","query":"weather","action":{"type":"search","query":"weather"}}}',
      "",
    ],
    [
      "a search",
      '{"type":"item.completed","item":{"id":"item_0","type":"web_search","id":"ws","query":"weather","action":{"type":"search","query":"weather"}}}',
      "web search: weather\n",
    ],
    [
      "a plan",
      '{"type":"item.updated","item":{"id":"item_0","type":"todo_list","items":[{"text":"one","completed":true},{"text":"two","completed":false}]}}',
      "plan\n[x] one\n[ ] two\n",
    ],
    [
      "a plan that is done",
      '{"type":"item.completed","item":{"id":"item_0","type":"todo_list","items":[{"text":"one","completed":true}]}}',
      "plan\n[x] one\n",
    ],
    [
      "a warning",
      '{"type":"item.completed","item":{"id":"item_0","type":"error","message":"Codex is ignoring 1 unrecognized configuration setting."}}',
      "warning: Codex is ignoring 1 unrecognized configuration setting.\n",
    ],
    [
      "a new try",
      '{"type":"error","message":"Reconnecting... 1/1 (stream disconnected before completion)"}',
      "ERROR: Reconnecting... 1/1 (stream disconnected before completion)\n",
    ],
    ["the end of a turn", COMPLETED, "tokens used: 20 in (3 cached), 4 out\n"],
    [
      "the end of a turn of which nothing was cached",
      '{"type":"turn.completed","usage":{"input_tokens":20,"output_tokens":4}}',
      "tokens used: 20 in, 4 out\n",
    ],
    ["the end of a turn that failed", FAILED, `ERROR: ${REFUSED}\n`],
  ])("is readable: %s", (_what, line, log) => {
    expect(shown(line)).toBe(log);
  });

  test.each([
    [3, "failed", " exited 3:"],
    [0, "completed", " succeeded:"],
    [null, "declined", " declined:"],
  ])("of a command that ended with %j (%s) follows what was begun, with the output", (exit, status, end) => {
    const item = { id: "item_0", type: "command_execution", command: "make", aggregated_output: "" };
    const ended = { ...item, aggregated_output: "hello\n::error::x\n", exit_code: exit, status };

    const log = shown(
      JSON.stringify({ type: "item.started", item: { ...item, exit_code: null, status: "in_progress" } }),
      JSON.stringify({ type: "item.updated", item: { ...item, exit_code: null, status: "in_progress" } }),
      JSON.stringify({ type: "item.completed", item: ended }),
    );

    expect(log).toBe(`exec\nmake\n${end}\nhello\n::error::x\n`);
  });

  test("of a command names it again where another was begun meanwhile", () => {
    const event = (type: string, id: string, command: string): string =>
      JSON.stringify({
        type,
        item: {
          id,
          type: "command_execution",
          command,
          aggregated_output: "",
          exit_code: 0,
          status: "completed",
        },
      });

    const log = shown(
      event("item.started", "1", "one"),
      event("item.started", "2", "two"),
      event("item.completed", "1", "one"),
      event("item.completed", "2", "two"),
    );

    expect(log).toBe("exec\none\nexec\ntwo\nexec\none\n succeeded:\nexec\ntwo\n succeeded:\n");
  });

  test("of an error is shown once, though it comes twice", () => {
    const error = JSON.stringify({ type: "error", message: REFUSED });

    expect(shown(error, FAILED)).toBe(`ERROR: ${REFUSED}\n`);
  });
});

describe("a line is shown as it is", () => {
  test.each([
    ["no JSON", "::error::x ##[error]y"],
    ["no object", "[1]"],
    ["null", "null"],
    ["a number", "7"],
    ["broken JSON", '{"type":"turn.failed"'],
    ["an unknown event", '{"type":"thread.forked","thread_id":"x"}'],
    ["no type", "{}"],
    ["an unknown item", '{"type":"item.completed","item":{"id":"x","type":"collab_tool_call"}}'],
    ["an unknown item, begun", '{"type":"item.started","item":{"id":"x","type":"hologram"}}'],
    ["no item", '{"type":"item.completed"}'],
    ["no item, begun", '{"type":"item.started","item":null}'],
    ["a message that is no text", '{"type":"item.completed","item":{"type":"agent_message","text":{}}}'],
    ["reasoning that is no text", '{"type":"item.completed","item":{"type":"reasoning"}}'],
    ["a command without one", '{"type":"item.started","item":{"type":"command_execution"}}'],
    [
      "a command's end without output",
      '{"type":"item.completed","item":{"type":"command_execution","command":"x","status":"x"}}',
    ],
    [
      "changes that are none",
      '{"type":"item.completed","item":{"type":"file_change","changes":[1],"status":"x"}}',
    ],
    [
      "changes without a kind",
      '{"type":"item.completed","item":{"type":"file_change","changes":[{"path":"/x"}],"status":"x"}}',
    ],
    [
      "changes without a path",
      '{"type":"item.completed","item":{"type":"file_change","changes":[{"kind":"add"}],"status":"x"}}',
    ],
    ["no changes", '{"type":"item.completed","item":{"type":"file_change","status":"x"}}'],
    ["a tool without a name", '{"type":"item.started","item":{"type":"mcp_tool_call","server":"x"}}'],
    ["a tool's end without a name", '{"type":"item.completed","item":{"type":"mcp_tool_call","server":"x"}}'],
    [
      "a tool's end without a server",
      '{"type":"item.completed","item":{"type":"mcp_tool_call","tool":"x","status":"x"}}',
    ],
    [
      "a tool's end without a tool",
      '{"type":"item.completed","item":{"type":"mcp_tool_call","server":"x","status":"x"}}',
    ],
    [
      "a tool's end without a status",
      '{"type":"item.completed","item":{"type":"mcp_tool_call","server":"x","tool":"x"}}',
    ],
    ["a search for nothing", '{"type":"item.completed","item":{"type":"web_search"}}'],
    ["a plan of nothing", '{"type":"item.completed","item":{"type":"todo_list","items":[{}]}}'],
    ["no plan", '{"type":"item.started","item":{"type":"todo_list"}}'],
    ["a warning of nothing", '{"type":"item.completed","item":{"type":"error"}}'],
    ["a thread without a name", '{"type":"thread.started"}'],
    ["a turn without usage", '{"type":"turn.completed"}'],
    ["a turn with other usage", '{"type":"turn.completed","usage":{"tokens":1}}'],
    ["a turn with half its usage", '{"type":"turn.completed","usage":{"input_tokens":1}}'],
    ["a turn with the other half", '{"type":"turn.completed","usage":{"output_tokens":1}}'],
    ["a failed turn without an error", '{"type":"turn.failed"}'],
    ["an error without a message", '{"type":"error","message":["x"]}'],
  ])("that is %s", (_what, line) => {
    expect(shown(line)).toBe(`${line}\n`);
    expect(failureOf(line)).toBeNull();
  });

  test("where the user asked for events, and the failure is read all the same", () => {
    const events = new CodexEvents("json");

    expect(logOf(events, [FAILED, "noise"])).toBe(`${FAILED}\nnoise\n`);
    expect(events.failure).toBe(REFUSED);
  });

  test("byte by byte, valid UTF-8 or not", () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).filter((line) => !line.includes(0x7b));

    fc.assert(
      fc.property(bytes, fc.array(fc.nat(200), { maxLength: 5 }), (line, cuts) => {
        const events = new CodexEvents("readable");
        const parts = cutAt(line, cuts).map((part) => events.read(part));

        expect(Buffer.concat([...parts, events.end()])).toEqual(Buffer.from(line));
        expect(events.failure).toBeNull();
      }),
    );
  });

  test("where an event holds what is no UTF-8", () => {
    const line = Buffer.from('{"type":"thread.started","thread_id":"\xff"}\n', "latin1");

    expect(new CodexEvents("readable").read(line)).toEqual(line);
  });

  test("if it is longer than any event, with the next one read again", () => {
    const events = new CodexEvents("readable");
    const long = Buffer.alloc(17 * 1024 * 1024, "{");

    const log = [long, Buffer.from(`{\n${FAILED}`), Buffer.from("\n")].map((part) => events.read(part));

    expect(Buffer.concat(log).equals(Buffer.from(`${long.toString()}{\nERROR: ${REFUSED}\n`))).toBe(true);
    expect(events.failure).toBe(REFUSED);
  });
});

test("a line is held until it is longer than any event, and passed on from then on", () => {
  const events = new CodexEvents("readable");

  expect(events.read(Buffer.alloc(16 * 1024 * 1024, "x"))).toHaveLength(0);
  expect(events.read(Buffer.from("x"))).toHaveLength(16 * 1024 * 1024 + 1);
  expect(events.read(Buffer.from("x"))).toHaveLength(1);
  expect(events.read(Buffer.from("x\nx"))).toHaveLength(2);
  expect(events.end()).toHaveLength(1);
});

describe("what the events tell beside the log", () => {
  const started = '{"type":"turn.started"}';
  const said = (text: string): string =>
    JSON.stringify({ type: "item.completed", item: { id: "1", type: "agent_message", text } });
  function eventsOf(...lines: readonly string[]): CodexEvents {
    const events = new CodexEvents("json");
    logOf(events, lines);
    return events;
  }

  test("is nothing before the first", () => {
    expect(eventsOf()).toMatchObject({ failure: null, threadId: null, finalMessage: null, isOver: false });
  });

  test("is the session, and what the model said last", () => {
    const events = eventsOf('{"type":"thread.started","thread_id":"01a2"}', said("one"), said("two"));

    expect(events).toMatchObject({ threadId: "01a2", finalMessage: "two" });
  });

  test.each([
    [[started], false],
    [[started, COMPLETED], true],
    [[started, FAILED], true],
    [[started, COMPLETED, started], false],
    [[started, FAILED, started], false],
    [[started, '{"type":"error","message":"x"}'], false],
  ])("is whether the last turn has ended: %j, %j", (lines, isOver) => {
    expect(eventsOf(...lines).isOver).toBe(isOver);
  });
});

test("what is shown and read does not depend on where the bytes are cut", () => {
  const lines = [
    '{"type":"item.completed","item":{"id":"1","type":"agent_message","text":"ünï — 🙂\\r\\n##[error]x"}}',
    "noise é",
    FAILED,
  ].join("\n");
  const whole = logOf(new CodexEvents("readable"), [lines]);

  fc.assert(
    fc.property(fc.array(fc.nat(300)), (cuts) => {
      const events = new CodexEvents("readable");
      const parts = cutAt(Buffer.from(`${lines}\n`), cuts).map((part) => events.read(part));

      expect(Buffer.concat(parts).toString("utf8")).toBe(whole);
      expect(events.failure).toBe(REFUSED);
    }),
  );
});

test("a line is shown as soon as it is whole, and the last one at the end", () => {
  const events = new CodexEvents("readable");

  expect(Buffer.from(events.read(Buffer.from('{"type":"thread.st'))).toString()).toBe("");
  expect(Buffer.from(events.read(Buffer.from('arted","thread_id":"x"}\nrest'))).toString()).toBe(
    "session id: x\n",
  );
  expect(Buffer.from(events.end()).toString()).toBe("rest");
  expect(Buffer.from(events.end()).toString()).toBe("");
});

describe("the failure", () => {
  test("is that of the last turn, and of none that succeeded", () => {
    expect(failureOf('{"type":"error","message":"Reconnecting"}', FAILED)).toBe(REFUSED);
    expect(failureOf('{"type":"error","message":"killed after this"}')).toBe("killed after this");
    expect(failureOf('{"type":"error","message":"Reconnecting"}', COMPLETED)).toBeNull();
    expect(failureOf(FAILED, '{"type":"turn.failed","error":{"message":"other"}}')).toBe("other");
    expect(failureOf(FAILED, COMPLETED)).toBeNull();
  });

  /** Whoever only gives text to Codex writes into one of these strings. */
  const strings: readonly [string, (text: string) => object][] = [
    ["a message", (text) => ({ type: "item.completed", item: { id: "1", type: "agent_message", text } })],
    ["reasoning", (text) => ({ type: "item.completed", item: { id: "1", type: "reasoning", text } })],
    [
      "a command and its output",
      (text) => ({
        type: "item.completed",
        item: {
          ...{ id: "1", type: "command_execution", command: text, aggregated_output: text },
          ...{ exit_code: 1, status: "failed" },
        },
      }),
    ],
    [
      "a path",
      (text) => ({
        type: "item.completed",
        item: { id: "1", type: "file_change", changes: [{ path: text, kind: "add" }], status: "completed" },
      }),
    ],
    ["a search", (text) => ({ type: "item.completed", item: { id: "1", type: "web_search", query: text } })],
    [
      "a tool's answer",
      (text) => ({
        type: "item.completed",
        item: {
          ...{ id: "1", type: "mcp_tool_call", server: "s", tool: "t", arguments: { text } },
          ...{ result: { content: [{ type: "text", text }] }, error: { message: text }, status: "failed" },
        },
      }),
    ],
    ["a plan", (text) => ({ type: "item.updated", item: { type: "todo_list", items: [{ text }] } })],
    ["a warning", (text) => ({ type: "item.completed", item: { id: "1", type: "error", message: text } })],
    ["an event to come", (text) => ({ type: "future", error: { message: text }, message: text })],
  ];

  test.each(strings)("is never read from %s, whatever stands there", (_what, event) => {
    const hostile = fc.oneof(
      fc.string(),
      fc.constantFrom(REFUSED, FAILED, `\n${FAILED}\n`, `"}}\n${FAILED}`),
    );

    fc.assert(
      fc.property(hostile, (text) => {
        expect(failureOf(JSON.stringify(event(text)))).toBeNull();
      }),
    );
    expect(shown(JSON.stringify(event(FAILED)))).not.toMatch(/^ERROR/m);
  });
});

test("any JSON at all is shown", () => {
  fc.assert(
    fc.property(fc.json(), (line) => {
      expect(shown(line)).not.toBe("");
    }),
  );
});

function cutAt(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}
