import type { Checkout } from "../workflow/checkout.ts";
import type { Use } from "../workflow/use.ts";

/** What the checks of a checkout look at. */
export interface Subject {
  readonly checkout: Checkout;
  readonly uses: readonly Use[];
}
