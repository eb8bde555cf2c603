import type { CheckoutFiles } from "../../../ports/doctor.ts";
import { readCheckout } from "../workflow/checkout.ts";
import { findUses } from "../workflow/use.ts";
import { type Check, type Result, runAll } from "./check.ts";
import { concurrencyChecks } from "./concurrency.ts";
import { eventChecks } from "./events.ts";
import { fileChecks } from "./files.ts";
import { loginChecks } from "./login.ts";
import { permissionChecks } from "./permissions.ts";
import { stepChecks } from "./step.ts";
import type { Subject } from "./subject.ts";

/** In the order of their telling: what the others rest on comes first. */
const usageChecks: readonly Check<Subject>[] = [
  ...concurrencyChecks,
  ...loginChecks,
  ...permissionChecks,
  ...stepChecks,
  ...eventChecks,
];

export async function readSubject(files: CheckoutFiles): Promise<Subject> {
  const checkout = await readCheckout(files);
  return { checkout, uses: findUses(checkout) };
}

/** Everything that the files tell. Where nobody uses the action there is nothing more to say. */
export function examineWorkflows(subject: Subject): readonly Result[] {
  return runAll(subject.uses.length === 0 ? fileChecks : [...fileChecks, ...usageChecks], subject);
}
