import type { ActionInputs, CheckoutFiles } from "../../../ports/doctor.ts";
import { type Checkout, readCheckout } from "../workflow/checkout.ts";
import { COPY_SECRET } from "../workflow/destination.ts";
import { type Site, sitesOf } from "../workflow/site.ts";
import { findUses, type Use } from "../workflow/use.ts";

/** What the checks of a checkout look at. */
export interface Subject {
  readonly checkout: Checkout;
  readonly uses: readonly Use[];
  /** Every step, ours or not. */
  readonly sites: readonly Site[];
  /** The secrets that hold logins, by what our steps read and write; access copies are none. */
  readonly logins: readonly string[];
  /** What the action takes. */
  readonly inputs: ActionInputs;
}

export async function readSubject(files: CheckoutFiles, inputs: ActionInputs): Promise<Subject> {
  const checkout = await readCheckout(files);
  const uses = findUses(checkout);
  return { checkout, uses, sites: sitesOf(checkout), logins: loginSecretsOf(uses), inputs };
}

/** The secrets that hold access copies and no login, as far as the workflows tell. */
export function copySecretsOf(uses: readonly Use[]): ReadonlySet<string> {
  return new Set([COPY_SECRET, ...uses.flatMap(({ copies }) => copies.map(({ name }) => name))]);
}

/** Whether anything here may use the copy that the examples use; where a file could not be read, it may. */
export function mayUseCopy({ workflows, composites, unread }: Checkout): boolean {
  // Whoever inherits secrets gets that one, too.
  const use = new RegExp(`\\b${COPY_SECRET}\\b|\\binherit\\b|\\btoJSON\\s*\\(\\s*secrets\\b`, "gi");
  const steps = [...composites.values()].flatMap((composite) => composite.steps);
  const all = [...workflows.map(({ root }) => root), ...steps.map(({ value }) => value)];
  return unread.length > 0 || all.some((value) => value.linesMatching(use, []).length > 0);
}

/** The secrets that hold logins: what our steps read or write, without access copies. */
export function loginSecretsOf(uses: readonly Use[]): readonly string[] {
  const named = uses.flatMap(({ reads, secretName }) => (reads.length > 0 ? reads : (secretName ?? [])));
  const copies = copySecretsOf(uses);
  return [...new Set(named)].filter((name) => !copies.has(name));
}
