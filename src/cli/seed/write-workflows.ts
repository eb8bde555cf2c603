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

/**
 * Asked before a login is stored: after that, whoever wants the workflows would have to log in again.
 *
 * @throws {Failure} `workflows-unwritable`
 */
export async function demandWritable(
  { services: { examples, files, tryDirectory } }: Pick<Seeding, "services">,
  root: string,
): Promise<void> {
  const directory = join(root, ".github", "workflows");
  try {
    const there = await Promise.all(examples.map(({ name }) => files.stamp(join(directory, name))));
    if (there.includes(null)) await tryDirectory(directory);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : "";
    throw new Failure(
      "workflows-unwritable",
      `No workflow can be written into ${directory}${code}. Nothing was changed.`,
      "Make it writable, or leave `--write-workflows` out and copy the workflows from the project's directory `examples`.",
      { cause },
    );
  }
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
