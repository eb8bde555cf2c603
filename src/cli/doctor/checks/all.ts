import type { CheckoutFiles } from "../../../ports/doctor.ts";
import { type Checkout, readCheckout } from "../workflow/checkout.ts";
import { findUses } from "../workflow/use.ts";
import type { Check, Verdict } from "./check.ts";
import { concurrencyChecks } from "./concurrency.ts";
import { eventChecks } from "./events.ts";
import { fileChecks } from "./files.ts";
import { loginChecks } from "./login.ts";
import { permissionChecks } from "./permissions.ts";
import { stepChecks } from "./step.ts";
import type { Subject } from "./subject.ts";

/** The answer to one check. */
export interface Result {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
}

/** In the order of their telling: what the others rest on comes first. */
const usageChecks: readonly Check<Subject>[] = [
  ...concurrencyChecks,
  ...loginChecks,
  ...permissionChecks,
  ...stepChecks,
  ...eventChecks,
];

export async function readSubject(files: CheckoutFiles): Promise<Subject> {
  const checkout: Checkout = await readCheckout(files);
  return { checkout, uses: findUses(checkout) };
}

/** Everything that the files tell. Where nobody uses the action there is nothing more to say. */
export function examineWorkflows(subject: Subject): readonly Result[] {
  const files = runAll(fileChecks, subject);
  return subject.uses.length === 0 ? files : [...files, ...runAll(usageChecks, subject)];
}

export function runAll<Of>(checks: readonly Check<Of>[], subject: Of): readonly Result[] {
  return checks.flatMap(({ id, title, run }) => {
    const verdict = run(subject);
    return verdict ? [{ id, title, verdict }] : [];
  });
}
