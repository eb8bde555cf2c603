import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

const PREFIXES = {
  GITHUB_ENV: "set_env_",
  GITHUB_OUTPUT: "set_output_",
  GITHUB_PATH: "add_path_",
  GITHUB_STATE: "save_state_",
  GITHUB_STEP_SUMMARY: "step_summary_",
} as const;

type FileVariable = keyof typeof PREFIXES;

/** What a phase left in its files. `problems` fail the step, as at GitHub. */
export interface FileCommandResults {
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  readonly summary: string;
  readonly problems: readonly string[];
}

/** The files through which one phase speaks to the runner. [src actions/runner Worker/FileCommandManager.cs] */
export class FileCommands {
  /** `GITHUB_ENV` and its siblings, for the environment of the phase. */
  readonly environment: Readonly<Record<FileVariable, string>>;

  private constructor(directory: string) {
    const suffix = randomUUID();
    const paths = Object.entries(PREFIXES).map(([name, prefix]) => [name, join(directory, prefix + suffix)]);
    this.environment = Object.fromEntries(paths) as Record<FileVariable, string>;
  }

  static async create(temp: string): Promise<FileCommands> {
    const directory = join(temp, "_runner_file_commands");
    await mkdir(directory, { recursive: true });
    const files = new FileCommands(directory);
    for (const path of Object.values(files.environment)) await writeFile(path, "");
    return files;
  }

  /** Reads what is there, also after a process that was killed, and removes the files. */
  async collect(): Promise<FileCommandResults> {
    const problems: string[] = [];
    const pairs = async (name: FileVariable, context: string): Promise<Record<string, string>> => {
      const found: Record<string, string> = {};
      try {
        for (const [key, value] of parseFileCommands(await this.#read(name))) found[key] = value;
      } catch (error) {
        problems.push(`Unable to process file command '${context}' successfully.`, (error as Error).message);
      }
      return found;
    };
    const results = {
      env: await pairs("GITHUB_ENV", "env"),
      outputs: await pairs("GITHUB_OUTPUT", "output"),
      state: await pairs("GITHUB_STATE", "state"),
      paths: (await this.#read("GITHUB_PATH")).split("\n").filter((line) => line !== ""),
      summary: await this.#read("GITHUB_STEP_SUMMARY"),
      problems,
    };
    for (const path of Object.values(this.environment)) await rm(path, { force: true });
    return results;
  }

  async #read(name: FileVariable): Promise<string> {
    return readFile(this.environment[name], "utf8").catch(() => "");
  }
}

/**
 * Reads `NAME=VALUE` lines and
 * ```text
 * NAME<<DELIMITER
 * any lines
 * DELIMITER
 * ```
 *
 * @throws on a line that is neither, and on a delimiter that never comes; what stood before it has been given out.
 */
export function* parseFileCommands(text: string): Generator<[name: string, value: string]> {
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`Invalid format '${line}'. Name must not be empty`);
      yield [line.slice(0, equals), line.slice(equals + 1)];
    } else if (heredoc >= 0) {
      const name = line.slice(0, heredoc);
      const delimiter = line.slice(heredoc + 2);
      if (name === "" || delimiter === "") {
        throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
      }
      const end = lines.indexOf(delimiter, index + 1);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
      yield [name, lines.slice(index + 1, end).join("\n")];
      index = end;
    } else {
      throw new Error(`Invalid format '${line}'`);
    }
  }
}
