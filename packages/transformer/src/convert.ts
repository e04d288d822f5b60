import type { SqlValue } from "@tidemark/catalog";

import { toInstant } from "./instants.js";
import { type Place, toJson } from "./tree.js";

const INT64_MAX = 9_223_372_036_854_775_807n;
/** An integer that JavaScript's numbers cannot hold comes from the parser as its digits. */
const LONG_INTEGER = /^-?\d{16,19}$/;

/** The cell for a value in its column; null when it does not fit, so that it is kept elsewhere instead. */
export function convert(value: unknown, place: Place): SqlValue {
  switch (place.type) {
    case "text":
      return toText(value, place.lastSegment);
    case "instant":
      return toInstant(value);
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "integer":
      return toInteger(value);
    case "double":
      return toDouble(value);
    case "json":
      return toJson(value, place);
    default:
      return place.type satisfies never;
  }
}

function toText(value: unknown, lastSegment: boolean): string | null {
  if (typeof value === "string") return lastSegment ? lastSegmentOf(value) : value;
  if (lastSegment || (typeof value === "object" && value !== null)) return null;
  return String(value);
}

/** The id at the end of a link, without query. */
function lastSegmentOf(link: string): string | null {
  const path = link.replace(/[?#].*$/, "").replace(/\/+$/, "");
  const segment = path.slice(path.lastIndexOf("/") + 1);
  return segment === "" ? null : segment;
}

function toInteger(value: unknown): number | bigint | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : null;
  if (typeof value === "bigint") return inInt64(value) ? value : null;
  if (typeof value !== "string" || !LONG_INTEGER.test(value) || Number.isSafeInteger(Number(value))) return null;
  const long = BigInt(value);
  return inInt64(long) ? long : null;
}

function inInt64(value: bigint): boolean {
  return value <= INT64_MAX && value >= -INT64_MAX - 1n;
}

function toDouble(value: unknown): number | null {
  if (typeof value === "bigint") return BigInt(Number(value)) === value ? Number(value) : null;
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
