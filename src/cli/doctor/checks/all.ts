import { byHandChecks } from "./by-hand.ts";
import { type Check, type Result, runAll } from "./check.ts";
import { concurrencyChecks } from "./concurrency.ts";
import { copyChecks } from "./copies.ts";
import { eventChecks } from "./events.ts";
import { fileChecks } from "./files.ts";
import { inputChecks } from "./inputs.ts";
import { loginChecks } from "./login.ts";
import { maintenanceChecks } from "./maintenance.ts";
import { permissionChecks } from "./permissions.ts";
import { reusableChecks } from "./reusable.ts";
import { sandboxChecks } from "./sandbox.ts";
import { stepChecks } from "./step.ts";
import type { Subject } from "./subject.ts";
import { variableChecks } from "./variables.ts";

/** In the order of their telling: what the others rest on comes first. */
const usageChecks: readonly Check<Subject>[] = [
  ...inputChecks,
  ...concurrencyChecks,
  ...loginChecks,
  ...variableChecks,
  ...byHandChecks,
  ...reusableChecks,
  ...permissionChecks,
  ...stepChecks,
  ...sandboxChecks,
  ...eventChecks,
  ...maintenanceChecks,
  ...copyChecks,
];

/** Everything that the files tell. Where nobody uses the action, only what is done to a login without it. */
export function examineWorkflows(subject: Subject): readonly Result[] {
  const others = subject.uses.length === 0 ? byHandChecks : usageChecks;
  return runAll([...fileChecks, ...others], subject);
}
