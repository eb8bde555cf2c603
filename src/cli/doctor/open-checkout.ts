import { relative, resolve, sep } from "node:path";
import { Failure } from "../../core/failure/failure.ts";
import type { CheckoutFiles } from "../../ports/doctor.ts";
import { findCheckoutRoot } from "../checkout-root.ts";
import type { CliServices } from "../services.ts";
import { WORKFLOWS } from "./workflow/checkout.ts";

export interface OpenCheckout {
  readonly files: CheckoutFiles;
  readonly root: string;
  /** What leads from the working directory to the root, for positions: `""`, or such as `../`. */
  readonly base: string;
}

/**
 * The checkout: the directory itself where it has workflows, else the root of the git checkout around it.
 *
 * @throws {Failure} `input-invalid` where there is no such directory
 */
export async function openCheckout(
  directory: string,
  { checkout, directory: here, files }: Pick<CliServices, "checkout" | "directory" | "files">,
): Promise<OpenCheckout> {
  const path = resolve(here, directory);
  const named = await checkout(path);
  if (!named) {
    throw new Failure(
      "input-invalid",
      `There is no directory ${directory}.`,
      "Name the directory of a checkout.",
    );
  }
  const isRoot = (await named.list(WORKFLOWS)).length > 0;
  const root = (isRoot ? null : await findCheckoutRoot(files, path)) ?? path;
  const way = relative(here, root).replaceAll(sep, "/");
  return { files: (await checkout(root)) ?? named, root, base: way === "" ? "" : `${way}/` };
}
