import { dirname, join } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import type { Files } from "../../ports/action.ts";
import type { Example } from "../../ports/cli.ts";
import { type Fit, fitWorkflow } from "./fit-workflow.ts";

export interface WorkflowCollaborators {
  readonly files: Files;
  readonly examples: readonly Example[];
  /** With its missing parents; fails where there is a file. */
  readonly createFile: (path: string, content: string) => Promise<void>;
}

/** Below the checkout's root. */
export interface WrittenWorkflows {
  readonly root: string;
  readonly written: readonly string[];
  /** They were there already, and stay as they are. */
  readonly kept: readonly string[];
}

/**
 * The checkout that holds a directory.
 *
 * @throws {Failure} `workflows-outside-checkout`
 */
export async function findCheckout(files: Files, directory: string): Promise<string> {
  for (let at = directory; ; at = dirname(at)) {
    if (await isCheckout(files, at)) return at;
    if (dirname(at) === at) break;
  }
  throw new Failure(
    "workflows-outside-checkout",
    `${directory} lies in no git checkout, so there is no place for workflows.`,
    "Run the command inside a checkout of the repository, or leave `--write-workflows` out.",
  );
}

/** Puts the examples, made to fit the login, into a checkout; never over a file that is there. */
export async function writeWorkflows(
  { files, examples, createFile }: WorkflowCollaborators,
  { root, fit, dryRun }: { root: string; fit: Fit; dryRun: boolean },
): Promise<WrittenWorkflows> {
  const written: string[] = [];
  const kept: string[] = [];
  for (const { name, text } of examples) {
    const path = join(".github", "workflows", name);
    if ((await files.stamp(join(root, path))) !== null) {
      kept.push(path);
      continue;
    }
    if (!dryRun) await createFile(join(root, path), fitWorkflow(text, fit));
    written.push(path);
  }
  return { root, written, kept };
}

async function isCheckout(files: Files, directory: string): Promise<boolean> {
  const git = join(directory, ".git");
  if ((await files.stamp(join(git, "HEAD"))) !== null) return true;
  // A worktree has a file there, and an empty directory is no checkout.
  return files.read(git).then(
    (text) => text?.startsWith("gitdir:") ?? false,
    () => false,
  );
}
