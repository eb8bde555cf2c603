import type { SandboxTrial } from "../../../src/core/codex/sandbox-verdict.ts";
import { Failure } from "../../../src/core/failure/failure.ts";
import type { CodexProgram, SandboxProbe } from "../../../src/ports/codex.ts";

/** The Codexes of a machine: one on the PATH or none, and those that npm has for us. */
export class MemoryProgram implements CodexProgram {
  /** Where the PATH leads. */
  onPath: string | null = null;
  /** What each command says its version is; a command that is not there does not run. */
  readonly versions = new Map<string, string>();
  /** Versions that npm does not have. */
  readonly unknownVersions = new Set<string>();
  /** How a command fares in a sandbox there that tries to read what is denied. */
  sandbox: (command: string, probe: SandboxProbe) => Promise<SandboxTrial> = async () => ({
    kind: "protects",
  });
  /** The ends of session files, by their threads. */
  readonly sessions = new Map<string, string>();

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

  async trySandbox(command: string, probe: SandboxProbe): Promise<SandboxTrial> {
    return this.sandbox(command, probe);
  }

  async sessionTail(_home: string, threadId: string): Promise<string | null> {
    return this.sessions.get(threadId) ?? null;
  }
}
