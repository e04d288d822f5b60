import { hash } from "node:crypto";

import {
  type ColumnDefinition,
  type ColumnSpec,
  EXTRA_COLUMN,
  pathKey,
  SOURCE,
  type SqlValue,
  type TableSpec,
} from "@tidemark/catalog";

import { convert } from "./convert.js";
import { emptyPlace, isLinkKey, markAbove, type Place, placeAt, toJson, withoutDropped } from "./tree.js";

type Json = Readonly<Record<string, unknown>>;

/** A child collection that was met in an item: which one, and its value. */
export interface Met {
  readonly child: number;
  readonly value: unknown;
}

/** What makes a writer. Paths are from the item (of a child table: from the element). */
export interface WriterOptions {
  readonly table: TableSpec;
  readonly columns: readonly ColumnDefinition[];
  readonly secrets: readonly (readonly string[])[];
  readonly sets: readonly (readonly string[])[];
  /** Not stored, not kept. */
  readonly leftOut: readonly (readonly string[])[];
  /** Collections that fill child tables. */
  readonly collections: readonly (readonly string[])[];
  readonly onlyDeclared: boolean;
}

/** Hash of 128 bits as text. */
const HASH_CHARACTERS = 22;

/** Writes items into rows of one table. Everything that can be decided before the first item is decided here. */
export class TableWriter {
  readonly table: TableSpec;
  readonly #root = emptyPlace();
  readonly #extra: number;
  readonly #keySlots: readonly number[];
  readonly #onlyDeclared: boolean;
  /** Slots in an order that their paths decide, so that the hash knows paths and not places. */
  readonly #hashOrder: readonly number[];
  readonly #prefixes: readonly string[];
  readonly #hasSets: boolean;
  /** Sorted JSON of the row's columns that hold sets. */
  readonly #sorted = new Map<number, string>();

  constructor(options: WriterOptions) {
    const { table } = options;
    this.table = table;
    this.#onlyDeclared = options.onlyDeclared;
    this.#extra = table.columns.findIndex((column) => column.name === EXTRA_COLUMN);
    this.#keySlots = table.key.map((name) => table.columns.findIndex((column) => column.name === name));
    buildPlaces(this.#root, options);
    this.#prefixes = table.columns.map((column) => hashPrefix(column.path));
    this.#hashOrder = this.hashOrder(table.columns.map((_, slot) => slot));
    this.#hasSets = options.sets.length > 0;
  }

  /** A row with only the values from outside the item (parent, constant): what {@link write} starts from. */
  template(outside: (column: ColumnSpec) => SqlValue): SqlValue[] {
    return this.table.columns.map((column) => (isOutside(column) ? outside(column) : null));
  }

  /** These slots in the order in which {@link hash} takes them. */
  hashOrder(slots: readonly number[]): readonly number[] {
    return slots.toSorted((left, right) => compare(this.#prefixes[left], this.#prefixes[right]));
  }

  /** Slot of the column from outside with that first step. */
  slotOf(source: string): number {
    return this.table.columns.findIndex((column) => column.path[0] === source);
  }

  /** Fills `values` (a copy of the template) from the item and adds the child collections to `met`. */
  write(item: Json, values: SqlValue[], met: Met[]): void {
    if (this.#hasSets) this.#sorted.clear();
    if (this.#onlyDeclared) {
      this.#walkDeclared(this.#root, item, values, met);
      return;
    }
    const extra = this.#walk(this.#root, item, values, met);
    if (extra !== undefined) this.addExtra(values, extra);
  }

  /** Keeps in `_extra` what fits nowhere else. */
  addExtra(values: SqlValue[], extra: Json): void {
    if (this.#extra >= 0) values[this.#extra] = toJson(extra, undefined);
  }

  /** Why the row cannot be stored; null when it can. */
  keyFault(values: readonly SqlValue[]): string | null {
    for (const slot of this.#keySlots) {
      const value = values[slot];
      if (value !== null && value !== undefined && value !== "") continue;
      const column = this.table.columns[slot];
      return `no value for the key column ${column?.name ?? "?"} (${column?.path.join(".") ?? "not in the table"})`;
    }
    return null;
  }

  /**
   * Hash of the row just written: of its non-null values with their paths, so that neither a new empty column nor a new
   * name changes it. `more` is what belongs to the row but is in other tables. `only`: a part of the row, from
   * {@link hashOrder}.
   */
  hash(values: readonly SqlValue[], more: string, only = this.#hashOrder): string {
    let content = more;
    for (const slot of only) {
      const value = values[slot];
      if (value === null || value === undefined) continue;
      const text = this.#sorted.size > 0 ? (this.#sorted.get(slot) ?? value) : value;
      content += (this.#prefixes[slot] ?? "") + String(text);
    }
    return hash("sha256", content, "base64url").slice(0, HASH_CHARACTERS);
  }

  /** Reads all keys of the item; returns what no column takes. */
  #walk(place: Place, item: Json, values: SqlValue[], met: Met[]): Record<string, unknown> | undefined {
    let extra: Record<string, unknown> | undefined;
    for (const key in item) {
      const value = item[key];
      const next = place.steps.get(key) ?? place.any;
      if (next) {
        const rest = this.#put(next, value, values, met);
        if (rest !== undefined) (extra ??= emptyObject())[key] = rest;
      } else if (!place.quiet && !isLinkKey(key)) (extra ??= emptyObject())[key] = value;
    }
    return extra;
  }

  /** Stores a value where its place says; returns what is left of it for `_extra`. */
  #put(place: Place, value: unknown, values: SqlValue[], met: Met[]): unknown {
    if (place.drop || value === null) return undefined;
    if (place.children !== null) for (const child of place.children) met.push({ child, value });
    if (place.slot >= 0) {
      if (place.spare && values[place.slot] !== null) return undefined;
      const cell = convert(value, place);
      if (cell === null) return place.quiet ? undefined : withoutDropped(value, place);
      values[place.slot] = cell;
      if (place.holdsSet && place.type === "json") this.#sorted.set(place.slot, toJson(value, place, true));
      if (place.deeper && isObject(value)) this.#walk(place, value, values, met);
      return undefined;
    }
    if (place.children !== null) return undefined;
    if (!isObject(value)) return place.quiet ? undefined : withoutDropped(value, place);
    const rest = this.#walk(place, value, values, met);
    return rest === undefined && !place.quiet && isEmpty(value) ? value : rest;
  }

  /** Reads only what is declared: most of the item is somebody else's. */
  #walkDeclared(place: Place, item: Json, values: SqlValue[], met: Met[]): void {
    for (const [key, next] of place.steps) {
      const value = item[key];
      if (value === undefined || value === null) continue;
      if (next.slot >= 0) this.#put(next, value, values, met);
      else if (isObject(value)) this.#walkDeclared(next, value, values, met);
    }
  }
}

function buildPlaces(root: Place, options: WriterOptions): void {
  const declared = new Map(options.columns.map((column) => [pathKey(column.path), column]));
  options.table.columns.forEach((column, slot) => {
    if (isOutside(column)) return;
    const definition = declared.get(pathKey(column.path));
    addColumn(root, column.path, { slot, column, lastSegment: definition?.lastSegment === true, spare: false });
    if (definition?.orLink) addColumn(root, definition.orLink, { slot, column, lastSegment: true, spare: true });
  });
  options.collections.forEach((path, child) => {
    const place = placeAt(root, path);
    place.children = [...(place.children ?? []), child];
    markAbove(root, path, "deeper");
  });
  for (const path of [...options.secrets, ...options.leftOut]) if (path.length > 0) placeAt(root, path).drop = true;
  for (const path of options.sets) {
    const place = placeAt(root, path);
    place.set = true;
    place.holdsSet = true;
    markAbove(root, path, "holdsSet");
  }
}

interface Cell {
  readonly slot: number;
  readonly column: ColumnSpec;
  readonly lastSegment: boolean;
  readonly spare: boolean;
}

function addColumn(root: Place, path: readonly string[], { slot, column, lastSegment, spare }: Cell): void {
  const place = placeAt(root, path);
  place.slot = slot;
  place.type = column.type;
  place.lastSegment = lastSegment;
  place.spare = spare;
  markAbove(root, path, "deeper");
}

const OUTSIDE: ReadonlySet<string> = new Set(Object.values(SOURCE));

/** True for columns whose value is not in the item. */
function isOutside(column: ColumnSpec): boolean {
  return OUTSIDE.has(column.path[0] ?? "");
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: Json): boolean {
  for (const _ in value) return false;
  return true;
}

/** Without a prototype: an item may have a key `__proto__`. */
function emptyObject(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}

/**
 * What stands before a column's value in the hashed text: short, because hashing takes time by the byte, and from the
 * path alone. No value holds such a mark by accident.
 */
function hashPrefix(path: readonly string[]): string {
  return `\n${hash("sha256", pathKey(path), "base64url").slice(0, 8)}`;
}

function compare(left = "", right = ""): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
