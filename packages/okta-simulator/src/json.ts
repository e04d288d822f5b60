/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object; undefined stands for an absent property. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at `value[key]`, or an empty one. */
export function objectAt(value: unknown, key: string): JsonObject {
  const inner = isObject(value) ? value[key] : undefined;
  return isObject(inner) ? inner : {};
}

/** The string at `value[key]`, if it is one. */
export function stringAt(value: unknown, key: string): string | undefined {
  const inner = isObject(value) ? value[key] : undefined;
  return typeof inner === "string" ? inner : undefined;
}

/** The value under a dotted path; undefined when any step is missing. */
export function valueAt(value: unknown, path: string): unknown {
  let inner: unknown = value;
  for (const step of path.split(".")) {
    if (!isObject(inner)) return undefined;
    inner = inner[step];
  }
  return inner;
}

/** Okta's form of an instant (recorded traffic: UTC, always with milliseconds); null stays null. */
export function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
