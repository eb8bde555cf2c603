/** A line that speaks to the runner: `::name key=value,key=value::data`. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** @returns `undefined` for a line that is not a command. [src actions/runner Runner.Common/ActionCommand.cs] */
export function parseWorkflowCommand(line: string): WorkflowCommand | undefined {
  const match = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line);
  if (!match) return undefined;
  const [, name = "", properties = "", data = ""] = match;
  return {
    name: name.toLowerCase(),
    properties: Object.fromEntries(
      properties
        .split(",")
        .map((pair) => pair.trim().split("="))
        .filter(([key]) => key)
        .map(([key = "", ...value]) => [key, unescapeProperty(value.join("="))]),
    ),
    data: unescapeData(data),
  };
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));
}
