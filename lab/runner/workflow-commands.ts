/** A line that speaks to the runner. */
export interface WorkflowCommand {
  /** As it was written; names disregard case. */
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/**
 * What the runner knows, and nothing else is a command.
 * [src actions/runner Runner.Common/ExtensionManager.cs, Runner.Worker/ActionCommandManager.cs]
 */
export const COMMAND_NAMES: ReadonlySet<string> = new Set([
  "stop-commands",
  "set-env",
  "set-output",
  "save-state",
  "add-path",
  "add-mask",
  "add-matcher",
  "remove-matcher",
  "warning",
  "error",
  "notice",
  "debug",
  "group",
  "endgroup",
  "echo",
]);

/**
 * Reads one line as the runner does, which tries the newer form first:
 * ```text
 * ::name key=value,key=value::data       after any blanks
 * ##[name key=value;key=value]data       anywhere in the line
 * ```
 *
 * @param isKnown told the name in lower case
 * @returns `undefined` for a line that is not a command. [src actions/runner Runner.Common/ActionCommand.cs]
 */
export function parseWorkflowCommand(
  line: string,
  isKnown: (name: string) => boolean = (name) => COMMAND_NAMES.has(name),
): WorkflowCommand | undefined {
  return parseNewer(line, isKnown) ?? parseOlder(line, isKnown);
}

/** White space to .NET, for which a byte order mark is none. */
const LEADING_BLANKS = /^(?:(?!\uFEFF)[\s\u0085])+/u;
/**
 * .NET looks for the second `::` by the rules of a language, which ignore characters without weight between the two
 * colons. [src; doc .NET, "String comparisons": `IndexOf(string)` is culture-sensitive; not run]
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is ignored
const SEPARATOR = /:[\0-\x08\x0E-\x1F\x7F-\x84\x86-\x9F\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]*:/u;

function parseNewer(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const message = line.replace(LEADING_BLANKS, "");
  if (!message.startsWith("::")) return undefined;
  const separator = SEPARATOR.exec(message.slice(2));
  if (!separator) return undefined;
  const end = separator.index + 2;
  const found = nameAndProperties(message.slice(2, end), isKnown);
  if (!found) return undefined;
  return {
    name: found.name,
    properties: propertiesOf(found.properties.trim(), ",", unescapeProperty),
    data: unescapeData(message.slice(end + 2)),
  };
}

function parseOlder(line: string, isKnown: (name: string) => boolean): WorkflowCommand | undefined {
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  const found = end < 0 ? undefined : nameAndProperties(line.slice(start + 3, end), isKnown);
  if (!found) return undefined;
  return {
    name: found.name,
    properties: propertiesOf(found.properties, ";", unescapeOlder),
    data: unescapeOlder(line.slice(end + 1)),
  };
}

function nameAndProperties(
  info: string,
  isKnown: (name: string) => boolean,
): { name: string; properties: string } | undefined {
  const space = info.indexOf(" ");
  const name = space < 0 ? info : info.slice(0, space);
  if (!isKnown(name.toLowerCase())) return undefined;
  return { name, properties: space > 0 ? info.slice(space + 1) : "" };
}

/** Names disregard case; the last of one name counts. */
function propertiesOf(
  text: string,
  divider: string,
  decode: (text: string) => string,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const property of text.split(divider)) {
    // .NET leaves empty parts out before it counts them: `=a=b` is a pair, `a=` is none.
    const [, name, value] = /^=*([^=]+)=(.+)$/s.exec(property) ?? [];
    if (name !== undefined && value !== undefined) found[name.toLowerCase()] = decode(value);
  }
  return found;
}

function unescapeData(text: string): string {
  return text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}

function unescapeProperty(text: string): string {
  return text
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%3A", ":")
    .replaceAll("%2C", ",")
    .replaceAll("%25", "%");
}

function unescapeOlder(text: string): string {
  return text
    .replaceAll("%3B", ";")
    .replaceAll("%0D", "\r")
    .replaceAll("%0A", "\n")
    .replaceAll("%5D", "]")
    .replaceAll("%25", "%");
}
