/** Whether a value of somebody else's JSON is an object, and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of a value of somebody else's JSON; none where it has none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** Whether a value of somebody else's JSON is a number that can be reckoned with. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}
