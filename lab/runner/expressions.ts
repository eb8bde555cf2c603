import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { ExpressionData } from "@actions/expressions/data/expressiondata";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";

/** What `success()`, `failure()` and `cancelled()` go by; `skipped` answers to none of them. */
export type JobStatus = "success" | "failure" | "cancelled" | "skipped";

/** Plain values under the names that are known at this place: `github`, `env`, `steps`… Any other name is an error. */
export type Contexts = Readonly<Record<string, unknown>>;

const STATUS_FUNCTION = /\b(always|success|failure|cancelled)\s*\(/i;

/** @returns the text with every `${{ }}` replaced by its value as a string. */
export function interpolate(template: string, contexts: Contexts): string {
  const parts = split(template);
  return parts.map((part) => (part.expression ? text(evaluate(part.text, contexts)) : part.text)).join("");
}

/** Evaluates an `if:`, with or without `${{ }}`; without a status function it also asks for `success()`. */
export function condition(expression: string | undefined, contexts: Contexts, status: JobStatus): boolean {
  const parts = split((expression ?? "").trim());
  const [first] = parts;
  if (!first || first.text.trim() === "") return status === "success";
  const whole = parts.length === 1 ? first.text : undefined;
  if (whole === undefined) return status === "success" && interpolate(expression ?? "", contexts) !== "";
  if (!STATUS_FUNCTION.test(whole) && status !== "success") return false;
  return truthy(evaluate(whole, contexts, status));
}

/** @returns whether a `continue-on-error` or `cancel-in-progress` template says true. */
export function isTrue(template: string, contexts: Contexts): boolean {
  return interpolate(template, contexts).toLowerCase() === "true";
}

function evaluate(expression: string, contexts: Contexts, status?: JobStatus): ExpressionData {
  const functions = status === undefined ? [] : statusFunctions(status);
  const { tokens } = new Lexer(expression).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const dictionary = new data.Dictionary(
    ...Object.entries(contexts).map(([key, value]) => ({ key, value: toExpressionData(value ?? {}) })),
  );
  return new Evaluator(tree, dictionary, new Map(functions.map((named) => [named.name, named]))).evaluate();
}

function statusFunctions(status: JobStatus): FunctionDefinition[] {
  const answers: Record<string, boolean> = {
    always: true,
    success: status === "success",
    failure: status === "failure",
    cancelled: status === "cancelled",
  };
  return Object.entries(answers).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
}

function toExpressionData(value: unknown): ExpressionData {
  return JSON.parse(JSON.stringify(value ?? null), data.reviver) as ExpressionData;
}

function truthy(value: ExpressionData): boolean {
  switch (value.kind) {
    case data.Kind.Null:
      return false;
    case data.Kind.Boolean:
    case data.Kind.Number:
    case data.Kind.String: {
      const { value: plain } = value as data.StringData | data.NumberData | data.BooleanData;
      return Boolean(plain);
    }
    default:
      return true;
  }
}

function text(value: ExpressionData): string {
  return value.coerceString();
}

interface Part {
  readonly expression: boolean;
  readonly text: string;
}

function split(template: string): Part[] {
  const parts: Part[] = [];
  let rest = template;
  for (let open = rest.indexOf("${{"); open >= 0; open = rest.indexOf("${{")) {
    const close = closing(rest, open + 3);
    if (close < 0) throw new Error(`expression is not closed: ${template}`);
    if (open > 0) parts.push({ expression: false, text: rest.slice(0, open) });
    parts.push({ expression: true, text: rest.slice(open + 3, close) });
    rest = rest.slice(close + 2);
  }
  if (rest !== "") parts.push({ expression: false, text: rest });
  return parts;
}

/** Where `}}` is that does not stand in a '…' literal. */
function closing(template: string, from: number): number {
  let quoted = false;
  for (let at = from; at < template.length; at += 1) {
    if (template[at] === "'") quoted = !quoted;
    else if (!quoted && template.startsWith("}}", at)) return at;
  }
  return -1;
}
