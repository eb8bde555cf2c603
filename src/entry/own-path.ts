import { isBelow } from "../core/codex-config.ts";

const { realpathSync } = process.getBuiltinModule("node:fs");
const { delimiter, isAbsolute, resolve } = process.getBuiltinModule("node:path");

let ofJob = process.env.PATH ?? "";
let own = ofJob;
let replaceable: readonly string[] = [];

/**
 * From now on this process, and Codex as it is started by us, find programs only outside the workspace and the working
 * directory: what lies there, a model that ran earlier in this job may have written, and it would be run beside the login
 * and outside every sandbox (`git`, `bash` by Codex, `tar`, `npm`, `sudo` by us). Entries that are relative go as well.
 */
export function leaveWorkspaceOut({ workingDirectory }: { readonly workingDirectory: string | null }): void {
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  replaceable = [workspace, resolve(workspace, workingDirectory ?? "")].map(real);
  ofJob = process.env.PATH ?? "";
  own = outsideWorkspace(ofJob);
  if (own !== ofJob) process.env.PATH = own;
}

/** What of a PATH no model of this job can have written. */
export function outsideWorkspace(path: string): string {
  const entries = path.split(delimiter).filter(isAbsolute);
  return entries.filter((entry) => !replaceable.some((root) => isBelow(root, real(entry)))).join(delimiter);
}

/** The PATH as the job has it, for the job's commands, with what has come to ours since. */
export function pathOfJob(): string {
  const now = process.env.PATH ?? "";
  return now.endsWith(own) ? now.slice(0, now.length - own.length) + ofJob : ofJob;
}

function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
