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

/** The strings among an array's elements; none where it is no array. */
export function stringsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
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

const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
const DAYS = new Map<number, string>();

function day(n: number): string {
  let text = DAYS.get(n);
  if (text === undefined) {
    if (DAYS.size > 20_000) DAYS.clear();
    DAYS.set(n, (text = new Date(n * 86_400_000).toISOString().slice(0, 11)));
  }
  return text;
}

/** Okta's form of an instant (recorded traffic: UTC, always with milliseconds); five times as fast as Date's own. */
export function instantText(ms: number): string {
  const n = Math.floor(ms / 86_400_000);
  const rest = ms - n * 86_400_000;
  const seconds = Math.floor(rest / 1000);
  const minutes = Math.floor(seconds / 60);
  const time = `${TWO[Math.floor(minutes / 60)] ?? ""}:${TWO[minutes % 60] ?? ""}:${TWO[seconds % 60] ?? ""}`;
  return `${day(n)}${time}.${String(Math.floor(rest % 1000)).padStart(3, "0")}Z`;
}

export function instant(ms: number): string;
export function instant(ms: number | null): string | null;
/** {@link instantText}; null stays null. */
export function instant(ms: number | null): string | null {
  return ms === null ? null : instantText(ms);
}
