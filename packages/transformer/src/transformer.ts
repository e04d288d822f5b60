import {
  type ChildTableDefinition,
  type ColumnSpec,
  type KeyValues,
  type ObjectDefinition,
  type Row,
  SOURCE,
  type SqlValue,
  type TableSpec,
} from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";

import { type Continuation, continuationsOf, cut, wideTable } from "./continuations.js";
import { isObject, type Met, TableWriter } from "./writer.js";

/** An item that cannot become a row; nothing of it is stored. */
export interface Reject {
  /** Its place among the items. */
  readonly index: number;
  /** What is wrong with it; never a value. */
  readonly reason: string;
}

/**
 * Rows of a child table, or of a table that continues the main one; `table` is the very object that the transformer was
 * made with.
 */
export interface TransformedChildren {
  readonly table: TableSpec;
  readonly rows: readonly Row[];
}

/** What a page of items becomes. */
export interface Transformed {
  /** In the items' order. */
  readonly rows: readonly Row[];
  /**
   * One entry a table besides the main one, also when it has no rows: those of `rows` that have none lose the ones they
   * had. A table that continues the main one has a row for each of `rows`.
   */
  readonly children: readonly TransformedChildren[];
  readonly rejects: readonly Reject[];
}

/** Makes rows of items. Pure: the same items give the same rows, in any process. */
export interface Transformer {
  /** The object's own table first, then those that continue it and its child tables. */
  readonly tables: readonly TableSpec[];
  /** `parent` holds the parent columns' values (`{ group_id }`); `{}` for objects without a parent. */
  transform(items: readonly unknown[], parent: KeyValues): Transformed;
  /** The keys of the items' rows; items without a key are left out. */
  keysOf(items: readonly unknown[], parent: KeyValues): KeyValues[];
}

export interface TransformerOptions {
  /** Dotted paths that are not stored anywhere, `_extra` included: the pipeline's `columns.exclude`. */
  readonly exclude?: readonly string[];
}

/**
 * Prepares the transformation of an object's items into the rows of its tables (from `resolveTable`). Every value of an
 * item ends in its column, or in a child row, or as JSON under its own path in `_extra`: what does not fit its column's
 * type as well as what nobody declared. Left out are null, secrets, links, and what the definition or a person excludes.
 */
export function compileTransformer(
  definition: ObjectDefinition,
  tables: readonly TableSpec[],
  options: TransformerOptions = {},
): Transformer {
  const main = tables.find((table) => table.name === definition.name);
  if (!main) throw new TerminalError("INTERNAL", `No table for ${definition.name}`);
  const excluded = (options.exclude ?? []).map((path) => path.split("."));
  const children = childWriters(definition, { main, tables }, excluded);
  const writer = new TableWriter({
    table: wideTable(main, tables),
    columns: definition.columns,
    secrets: definition.secrets ?? [],
    sets: definition.sets ?? [],
    leftOut: [...(definition.leftOut ?? []), ...excluded],
    collections: children.map(({ definition: child }) => child.path),
    onlyDeclared: definition.onlyDeclared === true,
  });
  const continuations = continuationsOf(main, tables, writer);
  const constant = definition.constant?.value ?? null;
  return new ObjectTransformer(tables, { writer, constant, mainColumns: main.columns.length, continuations, children });
}

interface Writers {
  /** Writes the main table's row with those of its continuations behind it. */
  readonly writer: TableWriter;
  /** What stands in the column that no item has. */
  readonly constant: string | null;
  readonly mainColumns: number;
  readonly continuations: readonly Continuation[];
  readonly children: readonly ChildWriter[];
}

interface ChildWriter {
  readonly definition: ChildTableDefinition;
  readonly writer: TableWriter;
  /** A child row before its element: the constant is there, the parent's key is not yet. */
  readonly template: readonly SqlValue[];
  /** Slots of the parent's values: in the child row, in the parent's. */
  readonly fromParent: readonly (readonly [number, number])[];
  readonly keySlot: number;
  readonly positionSlot: number;
}

function childWriters(
  definition: ObjectDefinition,
  { main, tables }: { main: TableSpec; tables: readonly TableSpec[] },
  excluded: readonly (readonly string[])[],
): ChildWriter[] {
  return (definition.children ?? []).flatMap((child) => {
    const table = tables.find((one) => one.name === child.name);
    if (!table) return [];
    const below = (paths: readonly (readonly string[])[]): (readonly string[])[] =>
      paths.flatMap((path) => pathBelow(path, child));
    const writer = new TableWriter({
      table,
      columns: child.columns,
      secrets: below(definition.secrets ?? []),
      sets: below(definition.sets ?? []),
      leftOut: below(excluded),
      collections: [],
      onlyDeclared: false,
    });
    const slotIn = (one: TableSpec, name: string): number => one.columns.findIndex((column) => column.name === name);
    const template = writer.template(({ path }) =>
      path[0] === SOURCE.constant && child.constant?.name === path[1] ? (child.constant?.value ?? null) : null,
    );
    const fromParent = Object.entries(child.parentColumns).map(
      ([name, parentName]) => [slotOfParent(table, name), slotIn(main, parentName)] as const,
    );
    const keySlot = writer.slotOf(SOURCE.key);
    return [{ definition: child, writer, template, fromParent, keySlot, positionSlot: writer.slotOf(SOURCE.position) }];
  });
}

/** What is left of a path inside an element of the child's collection; arrays need no step, the keys of a map do. */
function pathBelow(path: readonly string[], child: ChildTableDefinition): (readonly string[])[] {
  const depth = child.path.length + (child.keyedBy === undefined ? 0 : 1);
  const inside = child.path.every((step, index) => path[index] === step || path[index] === "*");
  return inside && path.length > depth ? [path.slice(depth)] : [];
}

class ObjectTransformer implements Transformer {
  readonly tables: readonly TableSpec[];
  readonly #writer: TableWriter;
  readonly #constant: string | null;
  readonly #mainColumns: number;
  readonly #continuations: readonly Continuation[];
  readonly #children: readonly ChildWriter[];

  constructor(tables: readonly TableSpec[], { writer, constant, mainColumns, continuations, children }: Writers) {
    this.tables = tables;
    this.#writer = writer;
    this.#constant = constant;
    this.#mainColumns = mainColumns;
    this.#continuations = continuations;
    this.#children = children;
  }

  transform(items: readonly unknown[], parent: KeyValues): Transformed {
    const template = this.#writer.template((column) =>
      column.path[0] === SOURCE.constant ? this.#constant : parentValue(column, parent),
    );
    const rows: Row[] = [];
    const rejects: Reject[] = [];
    const others = [...this.#continuations, ...this.#children.map(({ writer }) => writer)];
    const children = new Map<TableSpec, Row[]>(others.map(({ table }) => [table, []]));
    for (const [index, item] of items.entries()) {
      const made = this.#rowOf(item, template);
      if (typeof made === "string") {
        rejects.push({ index, reason: `${this.#writer.table.object}: ${made}` });
        continue;
      }
      rows.push(made.row);
      for (const { table, rows: more } of made.children) for (const row of more) children.get(table)?.push(row);
    }
    return { rows, children: [...children].map(([table, childRows]) => ({ table, rows: childRows })), rejects };
  }

  keysOf(items: readonly unknown[], parent: KeyValues): KeyValues[] {
    const { key, columns } = this.#writer.table;
    const slots = key.map((name) => columns.findIndex((column) => column.name === name));
    return this.transform(items, parent).rows.map(({ values }) =>
      Object.fromEntries(key.map((name, at) => [name, String(values[slots[at] ?? -1])])),
    );
  }

  /** The item's rows, or what is wrong with it. */
  #rowOf(item: unknown, template: readonly SqlValue[]): { row: Row; children: TransformedChildren[] } | string {
    if (!isObject(item)) return `an item is not an object but ${kindOf(item)}`;
    const values = template.slice();
    const met: Met[] = [];
    try {
      this.#writer.write(item, values, met);
      const fault = this.#writer.keyFault(values);
      if (fault !== null) return `an item has ${fault}`;
      const children = met.length === 0 ? [] : this.#childrenOf(met, values);
      // A changed child row changes its parent's hash: who skips unchanged parents must not skip their children.
      const more =
        children.length === 0
          ? ""
          : children
              .flatMap(({ rows }) => rows.map((row) => row.hash))
              .sort()
              .join("");
      return this.#divide({ values, hash: this.#writer.hash(values, more) }, children);
    } catch (error) {
      // The stack ends before the nesting does: one absurd item must not stop its page.
      if (error instanceof RangeError) return "an item is nested too deeply";
      throw error;
    }
  }

  /** The row as the tables have it. Its hash stays that of all its values, however many tables they are spread over. */
  #divide(row: Row, children: TransformedChildren[]): { row: Row; children: TransformedChildren[] } {
    if (this.#continuations.length === 0) return { row, children };
    for (const one of this.#continuations) {
      children.push({ table: one.table, rows: [cut(one, row.values, this.#writer)] });
    }
    return { row: { values: row.values.slice(0, this.#mainColumns), hash: row.hash }, children };
  }

  #childrenOf(met: readonly Met[], parentRow: SqlValue[]): TransformedChildren[] {
    const made: TransformedChildren[] = [];
    const unfit: Met[] = [];
    for (const { child, value } of met) {
      const plan = this.#children[child];
      if (!plan) continue;
      const rows = childRows(plan, value, parentRow);
      if (rows === null) unfit.push({ child, value });
      else made.push({ table: plan.writer.table, rows });
    }
    if (unfit.length > 0) this.#keepUnfit(unfit, parentRow);
    return made;
  }

  /** A collection that is none, or holds an element that is no object, stays whole in the parent's `_extra`. */
  #keepUnfit(unfit: readonly Met[], parentRow: SqlValue[]): void {
    const slot = this.#writer.slotOf(SOURCE.extra);
    const before = slot >= 0 ? parentRow[slot] : null;
    const extra = (typeof before === "string" ? JSON.parse(before) : {}) as Record<string, unknown>;
    for (const { child, value } of unfit) {
      const path = this.#children[child]?.definition.path ?? [];
      let at = extra;
      for (const step of path.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>;
      at[path.at(-1) ?? ""] = value;
    }
    this.#writer.addExtra(parentRow, extra);
  }
}

/** The rows of a collection; null when it or one of its elements does not fit. */
function childRows(plan: ChildWriter, collection: unknown, parentRow: readonly SqlValue[]): Row[] | null {
  const { definition, writer } = plan;
  const elements = elementsOf(definition, collection);
  if (elements === null || !elements.every(([, element]) => isObject(element))) return null;
  const template = plan.template.slice();
  for (const [slot, parentSlot] of plan.fromParent) template[slot] = parentRow[parentSlot] ?? null;
  const rows: Row[] = [];
  for (const [index, [key, element]] of elements.entries()) {
    const values = template.slice();
    if (plan.keySlot >= 0) values[plan.keySlot] = key;
    if (plan.positionSlot >= 0) values[plan.positionSlot] = index;
    if (isObject(element)) writer.write(element, values, []);
    if (writer.keyFault(values) !== null) return null;
    rows.push({ values, hash: writer.hash(values, "") });
  }
  return rows;
}

/** Where a child table has that value of its parent. */
function slotOfParent(table: TableSpec, name: string): number {
  return table.columns.findIndex(({ path }) => path[0] === SOURCE.parent && path[1] === name);
}

function elementsOf(definition: ChildTableDefinition, collection: unknown): [string, unknown][] | null {
  if (definition.keyedBy !== undefined) return isObject(collection) ? Object.entries(collection) : null;
  return Array.isArray(collection) ? collection.map((element) => ["", element]) : null;
}

function parentValue(column: ColumnSpec, parent: KeyValues): SqlValue {
  if (column.path[0] !== SOURCE.parent) return null;
  const value = parent[column.path[1] ?? ""];
  if (value === undefined) throw new TerminalError("INTERNAL", `No value for the parent column ${column.name}`);
  return value;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
