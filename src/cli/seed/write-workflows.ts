import { join } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import type { Files } from "../../ports/files.ts";
import { findCheckoutRoot } from "../checkout-root.ts";
import { fitWorkflow } from "./fit-workflow.ts";
import type { Seeding } from "./seed-request.ts";

/** Below the checkout's root. */
export interface WrittenWorkflows {
  readonly written: readonly string[];
  /** They existed already, and are left as they are. */
  readonly kept: readonly string[];
}

/** @throws {Failure} `workflows-outside-checkout` */
export async function findCheckout(files: Files, directory: string): Promise<string> {
  const root = await findCheckoutRoot(files, directory);
  if (root !== null) return root;
  throw new Failure(
    "workflows-outside-checkout",
    `${directory} is not inside a git checkout, so there is no place for workflows.`,
    "Run the command inside a checkout of the repository, or leave `--write-workflows` out.",
  );
}

/** Puts the examples, made to fit the login, into a checkout; never over a file that is there. */
export async function writeWorkflows(
  { services: { files, examples, createFile }, request: { dryRun }, place, tell }: Seeding,
  root: string,
  credential: "token" | "app",
): Promise<WrittenWorkflows> {
  const { environment, secretName } = place;
  const written: string[] = [];
  const kept: string[] = [];
  for (const { name, text } of examples) {
    const path = join(".github", "workflows", name);
    if ((await files.stamp(join(root, path))) !== null) {
      kept.push(path);
      tell(`${path} exists already, and is left as it is.`);
      continue;
    }
    written.push(path);
    if (dryRun) continue;
    await createFile(join(root, path), fitWorkflow(text, { environment, secretName, credential }));
    tell(`Wrote ${path}.`);
  }
  return { written, kept };
}
