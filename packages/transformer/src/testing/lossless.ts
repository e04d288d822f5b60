import { type ObjectDefinition, type Row, SOURCE, type SqlValue, type TableSpec } from "@tidemark/catalog";
import { coverageOf } from "@tidemark/catalog/testing";

import { toInstant } from "../instants.js";
import type { Transformed } from "../transformer.js";

/** A leaf that no row holds, or that only `_extra` holds. */
export interface Found {
  readonly path: readonly string[];
  readonly where: "column" | "extra" | "lost";
}

/** An item's single row with its children, and how to read them. */
export interface Written {
  readonly definition: ObjectDefinition;
  readonly tables: readonly TableSpec[];
  readonly transformed: Transformed;
}

/** Looks every leaf of the item up in the rows it became. Secrets, links and null are not looked for. */
export function findLeaves(item: unknown, { definition, tables, transformed }: Written): Found[] {
  const main = tables[0];
  const row = transformed.rows[0];
  if (!main || !row) return [{ path: [], where: "lost" }];
  return leavesOf(withoutHidden(definition, item))
    .filter(({ path, value }) => value !== null && path.length > 0)
    .map(({ path, value }) => {
      const leaf = { path, value };
      if (isIn(main, row, leaf) || isInContinuation(transformed, leaf) || isInChild(definition, transformed, leaf))
        return { path, where: "column" };
      const extra = parsedCells(main, row)[main.columns.findIndex((column) => column.name === "_extra")];
      return { path, where: isSame(dig(extra, path), value) ? "extra" : "lost" };
    });
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Scalars, empty containers and whole arrays of the item, by path. */
function leavesOf(value: unknown, path: readonly string[] = []): Leaf[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [{ path, value }];
  const entries = Object.entries(value);
  // Of some items links are all that there is.
  if (entries.length === 0 && path.length === 0) return [];
  return entries.length === 0 ? [{ path, value }] : entries.flatMap(([key, below]) => leavesOf(below, [...path, key]));
}

function isLeftOut(definition: ObjectDefinition, path: readonly string[]): boolean {
  const coverage = coverageOf(definition, path);
  if (coverage?.in === "secret" || coverage?.in === "left out") return true;
  if (path.includes("_embedded")) return !definition.columns.some((column) => isAlong(column.path, path));
  return path.includes("_links");
}

/** Whether one of the paths leads to the other. */
function isAlong(left: readonly string[], right: readonly string[]): boolean {
  return left.slice(0, right.length).every((step, index) => step === right[index]);
}

function isIn(table: TableSpec, row: Row, { path, value }: Leaf): boolean {
  const cells = parsedCells(table, row);
  return table.columns.some((column, slot) => {
    if (column.path.some((step, index) => step !== path[index]) || column.path.length > path.length) return false;
    const cell = row.values[slot];
    if (column.type === "json") return isSame(dig(cells[slot], path.slice(column.path.length)), value);
    return column.path.length === path.length && isCellOf(cell, value, column.type);
  });
}

function isCellOf(cell: SqlValue | undefined, value: unknown, type: string): boolean {
  if (type === "instant") return cell !== null && cell === toInstant(value);
  return type === "text" && typeof value !== "object" ? cell === String(value) : cell === value;
}

function isInContinuation({ children }: Transformed, leaf: Leaf): boolean {
  return children.some(
    ({ table, rows: [row] }) => table.continues !== undefined && row !== undefined && isIn(table, row, leaf),
  );
}

function isInChild(definition: ObjectDefinition, { children }: Transformed, leaf: Leaf): boolean {
  for (const child of definition.children ?? []) {
    if (child.path.some((step, index) => step !== leaf.path[index])) continue;
    const made = children.find(({ table }) => table.name === child.name);
    if (!made) return false;
    const inside = leaf.path.slice(child.path.length);
    const source = child.keyedBy === undefined ? SOURCE.position : SOURCE.key;
    const slot = made.table.columns.findIndex((column) => column.path[0] === source);
    const elements =
      inside.length === 0 && Array.isArray(leaf.value)
        ? leaf.value.map((element, at) => [at, element] as const)
        : [[inside[0], undefined] as const];
    return elements.every(([key, element]) => {
      // Without a column for the place it may be any of the rows.
      const rows = slot < 0 ? made.rows : made.rows.filter(({ values }) => values[slot] === key);
      const leaves = element === undefined ? [{ path: inside.slice(1), value: leaf.value }] : leavesOf(element);
      return rows.some((row) =>
        leaves.every(
          (one) =>
            one.value === null ||
            isIn(made.table, row, one) ||
            isSame(dig(parsedCells(made.table, row).at(-1), one.path), one.value),
        ),
      );
    });
  }
  return false;
}

function dig(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined),
    value,
  );
}

/** The row's cells, those of JSON columns as values; parsed once a row. */
function parsedCells(table: TableSpec, row: Row): readonly unknown[] {
  const before = PARSED.get(row);
  if (before) return before;
  const cells = row.values.map((cell, slot) =>
    typeof cell === "string" && table.columns[slot]?.type === "json" ? (JSON.parse(cell) as unknown) : cell,
  );
  PARSED.set(row, cells);
  return cells;
}

const PARSED = new WeakMap<Row, readonly unknown[]>();

/** The item without what may not be found: links and secrets. */
export function withoutHidden(definition: ObjectDefinition, value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((element) => withoutHidden(definition, element, path));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !isLeftOut(definition, [...path, key]));
  return Object.fromEntries(kept.map(([key, below]) => [key, withoutHidden(definition, below, [...path, key])]));
}

/** Deep equality that does not mind the order of keys. */
function isSame(left: unknown, right: unknown): boolean {
  return sortedJson(left) === sortedJson(right);
}

function sortedJson(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === "object" && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([left], [right]) => (left < right ? -1 : 1)))
        : one,
    ) ?? "undefined"
  );
}
