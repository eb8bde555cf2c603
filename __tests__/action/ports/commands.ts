import type { CommandRunner } from "../../../src/ports/machine.ts";
import { systemError } from "./files.ts";

export type Command = Parameters<CommandRunner["run"]>[0];
export type Ending = Awaited<ReturnType<CommandRunner["run"]>>;

/** What a program does with what it is given. */
export type Program = (command: Command) => Promise<Ending>;

export const succeeded: Ending = { exitCode: 0, signal: null };

/** A machine with the programs that a story puts on it, by the name they are started under. */
export class MemoryCommands implements CommandRunner {
  readonly programs = new Map<string, Program>();

  /** Puts a program there that ends like that. @returns everything it is started with from now on */
  watch(file: string, ending: Ending = succeeded): readonly Command[] {
    const started: Command[] = [];
    this.programs.set(file, async (command) => {
      started.push(command);
      return ending;
    });
    return started;
  }

  async run(command: Command): Promise<Ending> {
    const program = this.programs.get(command.file);
    if (!program) throw systemError("ENOENT");
    return program(command);
  }
}
