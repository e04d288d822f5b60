import type { ColumnSpec, ColumnType, KeyValues, ObjectDefinition, Row, SqlValue, TableSpec } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";
import {
  BOOKKEEPING,
  type BulkTarget,
  type KeySet,
  type Match,
  type MergePlan,
  type RegisteredTable,
  type Store,
} from "@tidemark/warehouse";

import { absentName, historyName, stageName } from "./names.js";

/** A replicated table as the loader handles it. */
export interface LoadedTable {
  readonly spec: TableSpec;
  readonly name: string;
  readonly stage: string;
  readonly absent: string;
  /** Where its versions are kept; null when they are not. */
  readonly history: string | null;
  /** Columns that say when Okta changed the row. */
  readonly changedAt: readonly string[];
  /** The table that has these columns instead, when this one continues it. */
  readonly changedIn: string | null;
  readonly key: readonly string[];
  readonly keyTypes: readonly ColumnType[];
  readonly columns: readonly string[];
  /** The table has the columns of soft deletes, so rows may be there without being live. */
  readonly soft: boolean;
  /** Of a child table, or one that continues the main table: its columns that hold the parent's key → the parent's column. */
  readonly toParent: Match;
  readonly keyAt: readonly number[];
  /** Types as they are in the database, where an earlier attribute may have widened a column. */
  readonly types: readonly ColumnType[];
}

/** Separates the values of a key in a map's key; no id of Okta's has it. */
const SEPARATOR = "\u0001";

function parentMatch(definition: ObjectDefinition, spec: TableSpec): Match {
  if (spec.continues !== undefined) return same(spec.key);
  const child = definition.children?.find((candidate) => candidate.name === spec.name);
  if (child) return Object.entries(child.parentColumns);
  if (spec.name === spec.object) return [];
  throw new TerminalError("INTERNAL", `No definition says how ${spec.name} belongs to ${spec.object}`);
}

/** Attributes by which Okta says when it changed what a row holds. */
const CHANGE_TIMES: ReadonlySet<string> = new Set(["lastUpdated", "lastMembershipUpdated"]);

export interface LoadTableOptions {
  readonly definition: ObjectDefinition;
  readonly history: boolean;
  /** The object's main table, when this is another. */
  readonly main: LoadedTable | undefined;
  readonly registered: RegisteredTable | undefined;
  /** Names of the columns that are in the database. */
  readonly present: ReadonlySet<string>;
}

export function loadTable(store: Store, spec: TableSpec, options: LoadTableOptions): LoadedTable {
  const limits = store.dialect.capabilities;
  const stored = new Map(options.registered?.columns.map((column) => [column.name, column.type]));
  const typeOf = (column: ColumnSpec): ColumnType => stored.get(column.name) ?? column.type;
  const at = (name: string): number => spec.columns.findIndex((column) => column.name === name);
  const keyAt = spec.key.map(at);
  if (keyAt.includes(-1)) throw new TerminalError("INTERNAL", `A key column of ${spec.name} is not among its columns`);
  const types = spec.columns.map(typeOf);
  const isChangeTime = ({ path }: ColumnSpec): boolean => path.length === 1 && CHANGE_TIMES.has(path[0] ?? "");
  return {
    spec,
    name: spec.name,
    stage: stageName(spec.name, limits),
    absent: absentName(spec.name, limits),
    history: options.history ? historyName(spec.name, limits) : null,
    changedAt:
      spec.continues === undefined
        ? spec.columns.filter((column, index) => isChangeTime(column) && types[index] === "instant").map(named)
        : (options.main?.changedAt ?? []),
    changedIn: spec.continues ?? null,
    key: spec.key,
    keyTypes: keyAt.map((index) => types[index] ?? "text"),
    columns: spec.columns.map(named),
    soft: options.present.has(BOOKKEEPING.deletedAt),
    toParent: parentMatch(options.definition, spec),
    keyAt,
    types,
  };
}

function named({ name }: ColumnSpec): string {
  return name;
}

function textOf(store: Store, value: SqlValue | undefined): string {
  if (typeof value === "string") return store.dialect.cleanText(value);
  return value === null || value === undefined ? "" : String(value);
}

/** The values of some columns of a row, as the database has them. */
export function valuesAt(store: Store, row: Row, at: readonly number[]): string[] {
  return at.map((index) => textOf(store, row.values[index]));
}

export function joinKey(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? "") : values.join(SEPARATOR);
}

export function splitKey(key: string, columns: number): string[] {
  return columns === 1 ? [key] : key.split(SEPARATOR);
}

/** Rows by key; of two with one key the later wins. */
export function byKey(store: Store, table: LoadedTable, rows: readonly Row[]): Map<string, Row> {
  const map = new Map<string, Row>();
  for (const row of rows) map.set(joinKey(valuesAt(store, row, table.keyAt)), row);
  return map;
}

export function keySet(table: LoadedTable, keys: Iterable<string>): KeySet {
  const rows = Array.from(keys, (key) => splitKey(key, table.key.length));
  return { columns: table.key, types: table.keyTypes, rows };
}

/** Key sets of partial or whole keys, one for each set of columns that occurs. `{}` is left out. */
export function keySetsOf(keys: readonly KeyValues[], store: Store): KeySet[] {
  const sets = new Map<string, { columns: string[]; rows: string[][] }>();
  for (const key of keys) {
    const columns = Object.keys(key).toSorted();
    if (columns.length === 0) continue;
    const name = columns.join(SEPARATOR);
    const set = sets.get(name) ?? { columns, rows: [] };
    sets.set(name, set);
    set.rows.push(columns.map((column) => textOf(store, key[column])));
  }
  return [...sets.values()];
}

export function same(columns: readonly string[]): Match {
  return columns.map((column) => [column, column] as const);
}

export function mergePlan(table: LoadedTable, source: string, compareAll: boolean): MergePlan {
  const { name: target, key, columns, soft } = table;
  return { target, source, key, columns, soft, compareAll };
}

/** Where rows with their hash go by the bulk path, straight into the table or into a work table. */
export function bulkTarget(table: LoadedTable, into: Omit<BulkTarget, "columns">): BulkTarget {
  return { ...into, columns: [...contentColumns(table), { name: BOOKKEEPING.hash, type: "hash" }] };
}

export function stageTarget(table: LoadedTable, schema: string): BulkTarget {
  return {
    schema,
    table: table.stage,
    columns: [
      ...contentColumns(table),
      { name: BOOKKEEPING.hash, type: "hash" },
      { name: BOOKKEEPING.sequence, type: "integer" },
      { name: BOOKKEEPING.merged, type: "boolean" },
    ],
  };
}

function contentColumns(table: LoadedTable): { name: string; type: ColumnType }[] {
  return table.columns.map((name, index) => ({ name, type: table.types[index] ?? "text" }));
}
