import { Masker } from "./masking.ts";
import { COMMAND_NAMES, parseWorkflowCommand, type WorkflowCommand } from "./workflow-commands.ts";

export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly message: string;
  readonly title?: string;
}

/** Where in a job a line was written. */
export interface LogPlace {
  readonly job: string;
  /** The step's id, else its display name; empty outside the steps. */
  readonly step: string;
  readonly phase: PhaseName | "";
}

export type PhaseName = "pre" | "main" | "post" | "run";

/** A job's log as GitHub shows it, and beside it what the processes really printed. */
export class JobLog {
  readonly masker = new Masker();
  readonly annotations: Annotation[] = [];
  /** Everything the runner was told to do by a printed line, and did; oldest first, names in lower case. */
  readonly commands: ExecutedCommand[] = [];
  readonly #shown: string[] = [];
  readonly #raw: string[] = [];
  readonly #onLine: (line: string, place: LogPlace) => void;
  #summary = "";

  constructor(onLine: (line: string, place: LogPlace) => void) {
    this.#onLine = onLine;
  }

  /** Masked. */
  get shown(): string {
    return this.#shown.map((line) => `${line}\n`).join("");
  }

  /** Not masked; only what the processes of the steps printed. */
  get raw(): string {
    return this.#raw.map((line) => `${line}\n`).join("");
  }

  /** Masked. */
  get summary(): string {
    return this.#summary;
  }

  /** Masks the text as a whole, so that a secret of several lines is found, and writes its lines. */
  write(text: string, place: LogPlace): void {
    for (const line of this.masker.mask(text).split("\n")) {
      this.#shown.push(line);
      this.#onLine(line, place);
    }
  }

  annotate(level: Annotation["level"], message: string, place: LogPlace, title?: string): void {
    this.annotations.push({ level, message: this.masker.mask(message), ...(title ? { title } : {}) });
    this.write(`##[${level}]${message}`, place);
  }

  keepRaw(line: string): void {
    this.#raw.push(line);
  }

  /** Line by line, as the runner scrubs the file before it uploads it. */
  appendSummary(text: string): void {
    if (text === "") return;
    for (const line of text.replace(/\n$/, "").split("\n")) this.#summary += `${this.masker.mask(line)}\n`;
  }
}

/** What commands on stdout or stderr may set for the step that prints them. */
export interface CommandTarget {
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
  setEnv(name: string, value: string): void;
  addPath(path: string): void;
}

/** What a workflow has opted into, by variables of its environment. */
export interface CommandRules {
  /** ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS. */
  readonly anyStopToken: boolean;
  /** ACTIONS_ALLOW_UNSECURE_COMMANDS. */
  readonly setEnv: boolean;
}

/** A command that the runner acted upon. */
export interface ExecutedCommand extends WorkflowCommand {
  readonly place: LogPlace;
}

const MESSAGES = {
  deprecated: (name: string) =>
    `The \`${name}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For more information see: https://github.blog/changelog/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`,
  disabled: (name: string) =>
    `The \`${name}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command execution by setting the \`ACTIONS_ALLOW_UNSECURE_COMMANDS\` environment variable to \`true\`. For more information see: https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`,
  stopToken:
    "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command. For more information see: https://docs.github.com/actions/learn-github-actions/workflow-commands-for-github-actions#example-stopping-and-starting-workflow-commands or opt into insecure command execution by setting the `ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS` environment variable to `true`.",
};

/** These print themselves again after `::echo::on`. */
const ECHOED: ReadonlySet<string> = new Set([
  "set-env",
  "set-output",
  "save-state",
  "add-path",
  "add-matcher",
  "remove-matcher",
  "group",
  "endgroup",
  "echo",
]);
/** A longer stop token is masked from then on. */
const SHORT_TOKEN = 6;

/**
 * Reads what one phase prints, both its streams: there is one stop token for the two, and it ends with the phase.
 * [src actions/runner Worker/ActionCommandManager.cs, Worker/Handlers/OutputManager.cs]
 */
export class PhaseOutput {
  readonly #log: JobLog;
  readonly #place: LogPlace;
  readonly #target: CommandTarget;
  readonly #rules: CommandRules;
  #stopToken: string | undefined;
  #echo = false;
  /** A command could not be processed, which fails the step. */
  failed = false;

  constructor(log: JobLog, place: LogPlace, target: CommandTarget, rules: CommandRules) {
    this.#log = log;
    this.#place = place;
    this.#target = target;
    this.#rules = rules;
  }

  /** @throws for a stop token that the runner refuses: the step has failed, whatever its process does. */
  line(line: string): void {
    this.#log.keepRaw(line);
    if (this.#command(line)) return;
    // Its own markers are the runner's alone.
    this.#write(
      line.replaceAll("##[start-action", "##[\\start-action").replaceAll("##[end-action", "##[\\end-action"),
    );
  }

  /** @returns whether the line is used up. */
  #command(line: string): boolean {
    const resume = this.#stopToken?.toLowerCase();
    const command = parseWorkflowCommand(line, (name) => COMMAND_NAMES.has(name) || name === resume);
    if (!command) return false;
    const name = command.name.toLowerCase();
    if (resume !== undefined) {
      if (resume === "" || name !== resume) return false;
      this.#stopToken = undefined;
      this.#write(line);
      return true;
    }
    if (name === "stop-commands") this.#checkStopToken(command.data);
    this.#log.commands.push({ ...command, name, place: this.#place });
    if (name === "stop-commands") {
      this.#stopToken = command.data;
      if (command.data.length > SHORT_TOKEN) this.#log.masker.add(command.data);
      this.#write(line);
      return true;
    }
    if (this.#echo && ECHOED.has(name)) this.#write(line);
    const problem = this.#execute(name, command);
    if (problem === undefined) return true;
    this.#annotate("error", `Unable to process command '${line}' successfully.`);
    this.#annotate("error", problem);
    this.failed = true;
    return true;
  }

  /** @returns what is wrong with it */
  #execute(name: string, { data, properties }: WorkflowCommand): string | undefined {
    switch (name) {
      case "add-mask":
        if (data.trim() === "") {
          this.#annotate("warning", "Can't add secret mask for empty string in ##[add-mask] command.");
        } else {
          if (this.#echo) this.#write("::add-mask::***");
          this.#log.masker.add(data);
        }
        return;
      case "error":
      case "warning":
      case "notice":
        this.#annotate(name, data, properties.title);
        return;
      case "group":
        this.#write(`##[group]${data}`);
        return;
      case "endgroup":
        this.#write("##[endgroup]");
        return;
      case "set-output":
      case "save-state":
        this.#annotate("warning", MESSAGES.deprecated(name));
        if (!properties.name) return `Required field 'name' is missing in ##[${name}] command.`;
        if (name === "set-output") this.#target.setOutput(properties.name, data);
        else this.#target.saveState(properties.name, data);
        return;
      case "set-env":
        if (!this.#rules.setEnv) return MESSAGES.disabled(name);
        if (!properties.name) return "Required field 'name' is missing in ##[set-env] command.";
        if (properties.name.toUpperCase() === "NODE_OPTIONS") {
          const refusal = "Can't update NODE_OPTIONS environment variable using ::set-env:: command.";
          this.#annotate("error", refusal);
        } else this.#target.setEnv(properties.name, data);
        return;
      case "add-path":
        if (!this.#rules.setEnv) return MESSAGES.disabled(name);
        this.#target.addPath(data);
        return;
      case "add-matcher":
        if (data === "") this.#annotate("warning", "File path must be specified.");
        return;
      case "echo": {
        const wanted = data.trim().toUpperCase();
        if (wanted !== "ON" && wanted !== "OFF") {
          return `Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${data}'.`;
        }
        this.#echo = wanted === "ON";
        return;
      }
    }
  }

  #checkStopToken(token: string): void {
    const refused =
      token === "" || token.toLowerCase() === "pause-logging" || COMMAND_NAMES.has(token.toLowerCase());
    if (refused && !this.#rules.anyStopToken) throw new Error(MESSAGES.stopToken);
  }

  #write(text: string): void {
    this.#log.write(text, this.#place);
  }

  #annotate(level: Annotation["level"], message: string, title?: string): void {
    this.#log.annotate(level, message, this.#place, title);
  }
}
