import type { ActionInput, CheckoutFiles } from "../../../ports/doctor.ts";
import { type Checkout, readCheckout } from "../workflow/checkout.ts";
import { COPY_SECRET } from "../workflow/destination.ts";
import { findUses, type Use } from "../workflow/use.ts";

/** What the checks of a checkout look at. */
export interface Subject {
  readonly checkout: Checkout;
  readonly uses: readonly Use[];
  /** What the action takes. */
  readonly inputs: readonly ActionInput[];
}

export async function readSubject(files: CheckoutFiles, inputs: readonly ActionInput[]): Promise<Subject> {
  const checkout = await readCheckout(files);
  return { checkout, uses: findUses(checkout), inputs };
}

/** Whether a secret holds an access copy and no login, as far as the workflows tell. */
export function isCopy(name: string, uses: readonly Use[]): boolean {
  return name === COPY_SECRET || uses.some(({ copies }) => copies.some((copy) => copy.name === name));
}

/** The secrets that hold logins: what our steps read or write, without access copies. */
export function loginSecretsOf(uses: readonly Use[]): readonly string[] {
  const named = uses.flatMap(({ reads, secretName }) => (reads.length > 0 ? reads : (secretName ?? [])));
  return [...new Set(named)].filter((name) => !isCopy(name, uses));
}
