import { basename, join } from "node:path";
import { type Guarded, protectionFlags } from "../../core/codex/config.ts";
import { sandboxFailure } from "../../core/codex/sandbox-verdict.ts";
import { realpathOfNearest } from "../../login/home.ts";
import { AUTH_FILE } from "../../login/home-layout.ts";
import type { CodexProgram } from "../../ports/codex.ts";
import type { Files } from "../../ports/files.ts";
import type { Inputs } from "../inputs.ts";

/**
 * Before the model is asked: a command in Codex's sandbox, under our profile, tries to read a file where the login is, and
 * must fail. In a home without the login: nearly every sub-command of Codex may refresh one (docs/facts.md §1).
 *
 * @throws {Failure} `sandbox-unavailable`, `codex-outdated`
 */
export async function demandSandbox(
  {
    inputs,
    files,
    program,
  }: {
    readonly inputs: Pick<Inputs, "sandbox" | "protectAuth" | "codexApps" | "codexEnvironment">;
    readonly files: Files;
    readonly program: CodexProgram;
  },
  probe: {
    readonly codex: { readonly command: string; readonly version: string };
    readonly home: string;
    readonly directory: string;
    readonly guarded: Guarded;
    readonly environment: Readonly<Record<string, string>>;
  },
): Promise<void> {
  if (inputs.protectAuth === "off" || inputs.sandbox === "danger-full-access") return;
  const { codex, directory, guarded, environment } = probe;
  // Inside the home: Codex refuses to put its helpers below a temporary directory, and then no sandbox works.
  const home = join(probe.home, ".sandbox-probe");
  await files.makePrivateDirectory(home);
  const canary = await placeCanary(files, guarded.loginDirectory);
  try {
    const flags = protectionFlags(inputs, guarded);
    const denied = canary ?? guarded.loginDirectory;
    const trial = await program.trySandbox(codex.command, { home, directory, flags, environment, denied });
    const failure = sandboxFailure(trial, codex, process.platform);
    if (failure) throw failure;
  } finally {
    await files.remove(home);
    if (canary !== null) await files.remove(canary);
  }
}

/** @returns `null` where the login's file itself is what is denied: on a host without links */
async function placeCanary(files: Files, denied: string): Promise<string | null> {
  if (basename(denied) === AUTH_FILE) return null;
  const canary = join(await realpathOfNearest(files, denied), "canary");
  await files.write(canary, "A command in the sandbox must not read this.\n", 0o600);
  return canary;
}
