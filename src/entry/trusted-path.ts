import { realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { isBelow } from "../core/codex/config.ts";

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
  replaceable = (
    workingDirectory === null ? [workspace] : [workspace, resolve(workspace, workingDirectory)]
  ).map(real);
  ofJob = process.env.PATH ?? "";
  own = outsideWorkspace(ofJob);
  if (own !== ofJob) process.env.PATH = own;
}

/** What of a PATH no model of this job can have written. */
export function outsideWorkspace(path: string): string {
  const known = new Map<string, string>();
  const entries = path.split(delimiter).filter(isAbsolute);
  return entries.filter((entry) => isOutsideWorkspace(entry, known)).join(delimiter);
}

/** Neither there nor, by way of a link that lies there, anywhere else. */
export function isOutsideWorkspace(path: string, known = new Map<string, string>()): boolean {
  const realOf = (place: string): string => {
    const found = known.get(place) ?? real(place);
    known.set(place, found);
    return found;
  };
  /** What a path leads through, with the links before each resolved. */
  const steps = (place: string): readonly string[] => {
    const parent = dirname(place);
    return parent === place ? [place] : [...steps(parent), join(realOf(parent), basename(place))];
  };
  const leadsIn = (place: string): boolean => replaceable.some((root) => isBelow(root, place));
  const place = resolve(path);
  // Where no link is on the way, that is all of it: what is above a place outside is outside.
  return realOf(place) === place ? !leadsIn(place) : ![...steps(place), realOf(place)].some(leadsIn);
}

/** The PATH as the job has it, for the job's commands, with what has come to ours since. */
export function pathOfJob(): string {
  const now = process.env.PATH ?? "";
  return now.endsWith(own) ? now.slice(0, now.length - own.length) + ofJob : ofJob;
}

/** What is not there yet may come, behind links that are. */
function real(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), basename(path));
  }
}
