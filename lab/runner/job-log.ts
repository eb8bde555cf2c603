import { Masker } from "./masking.ts";
import { parseWorkflowCommand } from "./workflow-commands.ts";

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

/** What commands on stdout may set for the step that prints them. */
export interface CommandTarget {
  setOutput(name: string, value: string): void;
  saveState(name: string, value: string): void;
}

/** Reads what one phase prints; `::stop-commands::` holds for this phase only. */
export class PhaseOutput {
  readonly #log: JobLog;
  readonly #place: LogPlace;
  readonly #target: CommandTarget;
  #stopToken: string | undefined;
  /** A command that GitHub has disabled was used, which fails the step. */
  failed = false;

  constructor(log: JobLog, place: LogPlace, target: CommandTarget) {
    this.#log = log;
    this.#place = place;
    this.#target = target;
  }

  line(line: string): void {
    this.#log.keepRaw(line);
    if (!this.#command(line)) this.#log.write(line, this.#place);
  }

  /** @returns whether the line is used up. */
  #command(line: string): boolean {
    const command = parseWorkflowCommand(line);
    if (!command) return false;
    if (this.#stopToken !== undefined) {
      if (command.name !== this.#stopToken.toLowerCase()) return false;
      this.#stopToken = undefined;
      this.#log.write(line, this.#place);
      return true;
    }
    const { name, data, properties } = command;
    switch (name) {
      case "stop-commands":
        this.#stopToken = data;
        this.#log.write(line, this.#place);
        return true;
      case "add-mask":
        if (data.trim() === "") {
          this.#log.annotate(
            "warning",
            "Can't add secret mask for empty string in ##[add-mask] command.",
            this.#place,
          );
        } else this.#log.masker.add(data);
        return true;
      case "error":
      case "warning":
      case "notice":
        this.#log.annotate(name, data, this.#place, properties.title);
        return true;
      case "group":
        this.#log.write(`##[group]${data}`, this.#place);
        return true;
      case "endgroup":
        this.#log.write("##[endgroup]", this.#place);
        return true;
      case "set-output":
        this.#target.setOutput(properties.name ?? "", data);
        return true;
      case "save-state":
        this.#target.saveState(properties.name ?? "", data);
        return true;
      case "set-env":
      case "add-path":
        this.#log.annotate("error", `Unable to process command '${line}' successfully.`, this.#place);
        this.#log.annotate("error", `The \`${name}\` command is disabled.`, this.#place);
        this.failed = true;
        return true;
      case "debug":
      case "echo":
      case "add-matcher":
      case "remove-matcher":
        return true;
      default:
        return false;
    }
  }
}
