/** What must be true of a value that comes from the runner's state. */
export type Check = (value: unknown) => boolean;

export const isText: Check = (value) => typeof value === "string";
export const isTruth: Check = (value) => typeof value === "boolean";
export const isNumber: Check = Number.isFinite;
export const isTime: Check = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));
export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]));

/** @returns `null` for anything that is not JSON of that shape; what else an object holds is not looked at */
export function parseChecked<Value>(text: string, check: Check): Value | null {
  try {
    const value: unknown = JSON.parse(text);
    return check(value) ? (value as Value) : null;
  } catch {
    return null;
  }
}
