import type { Checkout } from "./checkout.ts";
import type { Use } from "./use.ts";

/** What the checks of a checkout look at. */
export interface Subject {
  readonly checkout: Checkout;
  readonly uses: readonly Use[];
}
