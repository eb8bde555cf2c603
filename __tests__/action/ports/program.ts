import { Failure } from "../../../src/core/failure/failure.ts";
import type { CodexProgram } from "../../../src/ports/action.ts";

type Probe = Parameters<CodexProgram["canSandbox"]>[1];

/** The Codexes of a machine: one on the PATH or none, and those that npm has for us. */
export class MemoryProgram implements CodexProgram {
  /** Where the PATH leads. */
  onPath: string | null = null;
  /** What each command says its version is; a command that is not there does not run. */
  readonly versions = new Map<string, string>();
  /** Versions that npm does not have. */
  readonly unknownVersions = new Set<string>();
  /** Whether a sandbox works in such context. */
  sandbox: (command: string, probe: Probe) => Promise<boolean> = async () => true;

  async locate(): Promise<string | null> {
    return this.onPath;
  }

  async install(version: string): Promise<string> {
    if (this.unknownVersions.has(version))
      throw new Failure("codex-install-failed", "npm has no such version.", "Write another.");
    const command = `/tools/codex/${version}/bin/codex`;
    this.versions.set(command, version);
    return command;
  }

  async version(command: string): Promise<string | null> {
    return this.versions.get(command) ?? null;
  }

  async canSandbox(command: string, probe: Probe): Promise<boolean> {
    return this.sandbox(command, probe);
  }
}
