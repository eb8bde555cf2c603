import type { Check } from "../check.ts";
import { cacheChecks } from "./cache.ts";
import { permissionChecks } from "./permissions.ts";
import { refChecks } from "./refs.ts";
import { repositoryChecks } from "./repository.ts";
import { runChecks } from "./runs.ts";
import { secretChecks } from "./secrets.ts";
import { unaskedChecks } from "./unasked.ts";
import { variableChecks } from "./variables.ts";

/** In the order in which they are asked. Numbers never change: results name them. */
export const CHECKS: readonly Check[] = [
  ...secretChecks,
  ...variableChecks,
  ...permissionChecks,
  ...repositoryChecks,
  ...refChecks,
  ...runChecks,
  ...cacheChecks,
  ...unaskedChecks,
];
