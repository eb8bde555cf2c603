import type { LabResponse } from "../loopback-server.ts";
import type { Call, Route } from "./router.ts";
import { apiError, invalidRequest, jsonObject, notFound, page, timestamp, wholeSecond } from "./wire.ts";

/** An Actions variable, readable by whoever may read variables. Both dates are whole seconds and may be moved by a story. */
export interface StoredVariable {
  readonly name: string;
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

const limitBytes = 48 * 1024;
const limitPerPage = 30;
const perPageDefault = 10;

/** The variables of a repository, or of one environment: own limit, names without regard to case. */
export class VariableScope {
  readonly limit: number;
  readonly #variables = new Map<string, StoredVariable>();

  constructor(limit: number) {
    this.limit = limit;
  }

  get all(): StoredVariable[] {
    return [...this.#variables.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  get(name: string): StoredVariable | undefined {
    return this.#variables.get(name.toUpperCase());
  }

  /** As `gh variable set` does: creates it, or changes its value. */
  set(name: string, value: string, now: Date): void {
    const existing = this.get(name);
    const at = wholeSecond(now);
    if (existing) Object.assign(existing, { value, updatedAt: at });
    else
      this.#variables.set(name.toUpperCase(), {
        name: name.toUpperCase(),
        value,
        createdAt: at,
        updatedAt: at,
      });
  }

  /** @returns whether there was no such variable; there is one now, and nobody else can be told so. */
  create(name: string, value: string, now: Date): boolean {
    if (this.get(name)) return false;
    this.set(name, value, now);
    return true;
  }

  /** A PATCH may give it another name; it keeps its date of creation. */
  rename(variable: StoredVariable, name: string): void {
    this.#variables.delete(variable.name);
    this.#variables.set(name.toUpperCase(), { ...variable, name: name.toUpperCase() });
  }

  delete(name: string): boolean {
    return this.#variables.delete(name.toUpperCase());
  }

  get full(): boolean {
    return this.#variables.size >= this.limit;
  }
}

function describe(variable: StoredVariable): object {
  return {
    name: variable.name,
    value: variable.value,
    created_at: timestamp(variable.createdAt),
    updated_at: timestamp(variable.updatedAt),
  };
}

function list(call: Call, scope: VariableScope): LabResponse {
  const { items, headers } = page(call.request, scope.all, call.url, {
    otherwise: perPageDefault,
    most: limitPerPage,
  });
  return { status: 200, headers, body: { total_count: scope.all.length, variables: items.map(describe) } };
}

/** The rules are documented, the wording of their 422 is [open]. */
function refusedName(name: string): LabResponse | undefined {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !/^github_/i.test(name)) return undefined;
  return apiError(
    422,
    "Variable names can only contain alphanumeric characters and underscores, must not start with a number or GITHUB_.",
  );
}

function refusedValue(value: string): LabResponse | undefined {
  if (Buffer.byteLength(value) <= limitBytes) return undefined;
  return apiError(422, "Variable value is too large (maximum is 48 KB)");
}

function post(call: Call, scope: VariableScope): LabResponse {
  const body = jsonObject(call.request);
  if (!body) return apiError(400, "Problems parsing JSON");
  const { name, value } = body;
  if (typeof name !== "string") return invalidRequest(`"name" wasn't supplied.`);
  if (typeof value !== "string") return invalidRequest(`"value" wasn't supplied.`);
  const refused = refusedName(name) ?? refusedValue(value);
  if (refused) return refused;
  if (scope.get(name)) return apiError(409, "Already exists - Variable already exists");
  if (scope.full) return apiError(422, `Maximum of ${scope.limit} variables reached`);
  scope.create(name, value, call.now);
  return { status: 201, body: {} };
}

function patch(call: Call, scope: VariableScope, name: string): LabResponse {
  const body = jsonObject(call.request);
  if (!body) return apiError(400, "Problems parsing JSON");
  const variable = scope.get(name);
  if (!variable) return notFound();
  const { name: renamed = name, value = variable.value } = body;
  if (typeof renamed !== "string" || typeof value !== "string") {
    return invalidRequest("name and value must be strings.");
  }
  const refused = refusedName(renamed) ?? refusedValue(value);
  if (refused) return refused;
  if (renamed.toUpperCase() !== variable.name) {
    if (scope.get(renamed)) return apiError(409, "Already exists - Variable already exists");
    scope.rename(variable, renamed);
  }
  scope.set(renamed, value, call.now);
  return { status: 204 };
}

function routesFor(
  prefix: string,
  permission: "variables" | "environments",
  scopeOf: (call: Call) => VariableScope | undefined,
): Route[] {
  const inScope =
    (answer: (call: Call, scope: VariableScope, name: string) => LabResponse) => (call: Call) => {
      const scope = scopeOf(call);
      return scope ? answer(call, scope, call.parameters.name ?? "") : notFound();
    };
  const one = `${prefix}/{name}`;
  return [
    { method: "GET", pattern: prefix, permission, level: "read", answer: inScope(list) },
    { method: "POST", pattern: prefix, permission, level: "write", answer: inScope(post) },
    {
      method: "GET",
      pattern: one,
      permission,
      level: "read",
      answer: inScope((_call, scope, name) => {
        const variable = scope.get(name);
        return variable ? { status: 200, body: describe(variable) } : notFound();
      }),
    },
    { method: "PATCH", pattern: one, permission, level: "write", answer: inScope(patch) },
    {
      method: "DELETE",
      pattern: one,
      permission,
      level: "write",
      answer: inScope((_call, scope, name) => (scope.delete(name) ? { status: 204 } : notFound())),
    },
  ];
}

/** Repository variables ask for the permission Variables, environment variables for Environments. */
export const variableRoutes: Route[] = [
  ...routesFor("/actions/variables", "variables", (call) => call.repository.variables),
  ...routesFor("/environments/{environment}/variables", "environments", (call) =>
    call.repository.environmentVariables(call.parameters.environment ?? ""),
  ),
];
