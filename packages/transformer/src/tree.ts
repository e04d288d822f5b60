import type { ColumnType } from "@tidemark/catalog";

/** Keys that hold links and other resources; left out at any depth unless a declared column is below them. */
const LINK_KEYS: ReadonlySet<string> = new Set(["_links", "_embedded"]);

/** Any key, in paths of secrets and sets. */
const ANY = "*";

/** What happens to the value at a place of the item. */
export interface Place {
  /** Index of the column that takes the value; -1: none. */
  slot: number;
  type: ColumnType;
  /** The column takes the text after the last `/`. */
  lastSegment: boolean;
  /** The column takes it only when it has no value yet. */
  spare: boolean;
  /** Secret, excluded or left out on purpose: neither stored nor kept in `_extra`. */
  drop: boolean;
  /** An array whose order means nothing. */
  set: boolean;
  /** A set is somewhere at or below. */
  holdsSet: boolean;
  /** Somewhere below is a column or a collection: a JSON column's value is then read further. */
  deeper: boolean;
  /** Below a link: what is not declared there is left out, not kept in `_extra`. */
  quiet: boolean;
  /** Indexes of the child collections that are filled from here; null: none. */
  children: number[] | null;
  readonly steps: Map<string, Place>;
  /** Place of every key that `steps` has not. */
  any: Place | null;
}

/** A place where nothing happens yet. */
export function emptyPlace(quiet = false): Place {
  return {
    slot: -1,
    type: "json",
    lastSegment: false,
    spare: false,
    drop: false,
    set: false,
    holdsSet: false,
    deeper: false,
    quiet,
    children: null,
    steps: new Map(),
    any: null,
  };
}

/** The place at a path, made on the way where it is missing. */
export function placeAt(root: Place, path: readonly string[]): Place {
  let place = root;
  for (const step of path) {
    const quiet = place.quiet || isLinkKey(step);
    let next = step === ANY ? place.any : place.steps.get(step);
    if (!next) {
      next = emptyPlace(quiet);
      if (step === ANY) place.any = next;
      else place.steps.set(step, next);
    }
    place = next;
  }
  return place;
}

/** Marks the places on the way to `path`. */
export function markAbove(root: Place, path: readonly string[], mark: "deeper" | "holdsSet"): void {
  let place: Place | null | undefined = root;
  for (const step of path) {
    if (!place) return;
    place[mark] = true;
    place = step === ANY ? place.any : place.steps.get(step);
  }
}

export function isLinkKey(key: string): boolean {
  return LINK_KEYS.has(key);
}

/** The place of a key, or undefined when nothing is declared about it. */
function stepInto(place: Place | undefined, key: string): Place | undefined {
  return place === undefined ? undefined : (place.steps.get(key) ?? place.any ?? undefined);
}

/**
 * JSON text of a value as it is stored: keys sorted, without secrets and links. With `sorted`, the declared sets are in
 * one fixed order, for the hash.
 */
export function toJson(value: unknown, place: Place | undefined, sorted = false): string {
  if (value === null || typeof value !== "object") return scalarJson(value);
  if (Array.isArray(value)) {
    if (!(sorted && place?.set === true) && value.every(isScalar)) return JSON.stringify(value);
    const parts = value.map((element) => toJson(element, place, sorted));
    if (sorted && place?.set === true) parts.sort();
    return `[${parts.join(",")}]`;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return "{}";
  let text = "";
  for (const key of keys.sort()) {
    const next = stepInto(place, key);
    if (next?.drop === true || (isLinkKey(key) && next === undefined && place?.quiet !== true)) continue;
    text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${toJson((value as Record<string, unknown>)[key], next, sorted)}`;
  }
  return `{${text}}`;
}

/** A value that JSON.stringify writes as toJson would. */
function isScalar(value: unknown): boolean {
  return value === null || (typeof value !== "object" && typeof value !== "bigint");
}

function scalarJson(value: unknown): string {
  return typeof value === "bigint" ? String(value) : (JSON.stringify(value) ?? "null");
}

/** A copy of the value without what its places drop; the value itself where nothing is declared below. */
export function withoutDropped(value: unknown, place: Place | undefined): unknown {
  if (place === undefined || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((element) => withoutDropped(element, place));
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, element] of Object.entries(value)) {
    const next = stepInto(place, key);
    if (next?.drop !== true) copy[key] = withoutDropped(element, next);
  }
  return copy;
}
