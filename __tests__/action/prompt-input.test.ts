import { describe, expect, test } from "@jest/globals";
import { refusalOf, stepInputs } from "./step-inputs.ts";

describe("a prompt", () => {
  test("is the text that is given, with what Codex is told besides", () => {
    const { prompt } = stepInputs({
      prompt: "Say hello.",
      model: "gpt-lab",
      effort: "high",
      "prompt-timeout": "45m",
      "codex-args": "--json",
      "output-file": "answer.md",
      "output-schema": '{"type":"object"}',
    });

    expect(prompt).toEqual({
      source: { kind: "text", text: "Say hello." },
      model: "gpt-lab",
      effort: "high",
      timeoutMs: 2_700_000,
      codexArgs: "--json",
      outputFile: "answer.md",
      outputSchema: { kind: "text", text: '{"type":"object"}' },
    });
  });

  test("may come from a file, and its schema from another", () => {
    const { prompt } = stepInputs({ "prompt-file": "ask.md", "output-schema-file": "schema.json" });

    expect(prompt).toMatchObject({
      source: { kind: "file", path: "ask.md" },
      outputSchema: { kind: "file", path: "schema.json" },
    });
  });

  test("alone leaves everything else to Codex", () => {
    expect(stepInputs({ prompt: "Say hello." }).prompt).toEqual({
      source: { kind: "text", text: "Say hello." },
      model: null,
      effort: null,
      timeoutMs: null,
      codexArgs: null,
      outputFile: null,
      outputSchema: null,
    });
  });

  test("is not made of a model, or of a command, alone", () => {
    expect(stepInputs({ model: "gpt-lab", run: "codex exec hello" }).prompt).toBeNull();
  });

  test.each([
    [["run", "prompt"]],
    [["run", "prompt-file"]],
    [["prompt", "prompt-file"]],
    [["run", "prompt", "prompt-file"]],
  ])("is refused where two jobs are asked for: %j", (names) => {
    const refusal = refusalOf(Object.fromEntries(names.map((name) => [name, "CANARY"])));

    expect(refusal).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining(names.map((name) => `\`${name}\``).join(" and ")),
      hint: expect.stringContaining("Keep one of `run`, `prompt` and `prompt-file`"),
    });
  });

  test("is refused with two schemas", () => {
    const two = { prompt: "Say hello.", "output-schema": "{}", "output-schema-file": "schema.json" };

    expect(refusalOf(two)).toMatchObject({
      code: "input-invalid",
      message: expect.stringContaining("Both `output-schema` and `output-schema-file`"),
      hint: expect.stringContaining("Keep one"),
    });
  });

  test("may not take a time that is none", () => {
    expect(refusalOf({ prompt: "Say hello.", "prompt-timeout": "soon" })).toMatchObject({
      code: "input-invalid",
      message: "The input `prompt-timeout` is not a duration.",
    });
  });
});
