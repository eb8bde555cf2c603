/** What must be true of a value that comes from the runner's state, or from anybody's JSON. */
export type Check<Value> = (value: unknown) => value is Value;
/** What a check lets pass. */
export type Checked<Checker> = Checker extends Check<infer Value> ? Value : never;

export const isText: Check<string> = (value) => typeof value === "string";
export const isTruth: Check<boolean> = (value) => typeof value === "boolean";
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value);
export const isTime: Check<string> = (value): value is string =>
  typeof value === "string" && !Number.isNaN(Date.parse(value));
export const textThat =
  (holds: (text: string) => boolean): Check<string> =>
  (value): value is string =>
    typeof value === "string" && holds(value);
export const orNull =
  <Value>(check: Check<Value>): Check<Value | null> =>
  (value): value is Value | null =>
    value === null || check(value);
export const oneOf =
  <const Value>(...values: readonly Value[]): Check<Value> =>
  (value): value is Value =>
    (values as readonly unknown[]).includes(value);
export const fields =
  <Checks extends Readonly<Record<string, Check<unknown>>>>(
    checks: Checks,
  ): Check<{ readonly [Name in keyof Checks]: Checked<Checks[Name]> }> =>
  (value): value is { readonly [Name in keyof Checks]: Checked<Checks[Name]> } =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]));

/** @returns `null` for anything that is not JSON of that shape; what else an object holds is not looked at */
export function parseChecked<Value>(text: string, check: Check<unknown>): Value | null {
  try {
    const value: unknown = JSON.parse(text);
    return check(value) ? (value as Value) : null;
  } catch {
    return null;
  }
}
