import type { KeyValues, SqlValue } from "@tidemark/catalog";
import type { Knex } from "knex";

import { columnNames } from "./bookkeeping/prepare.js";
import { BOOKKEEPING } from "./dialect.js";
import type { Store } from "./store.js";

/** A test on one column. Rows marked as deleted never match. Instants are a `Date`. */
export type Condition =
  | { readonly column: string; readonly is: "=" | "<>" | "<" | "<=" | ">" | ">="; readonly value: SqlValue | Date }
  | { readonly column: string; readonly is: "in"; readonly value: readonly SqlValue[] }
  | { readonly column: string; readonly is: "null" | "not null" };

type RawValue = Knex.Value | null;

function restrict(query: Knex.QueryBuilder, where: readonly Condition[]): void {
  for (const condition of where) {
    switch (condition.is) {
      case "null":
        query.whereNull(condition.column);
        break;
      case "not null":
        query.whereNotNull(condition.column);
        break;
      case "in":
        query.whereIn(condition.column, condition.value as readonly Knex.Value[]);
        break;
      default:
        query.where(condition.column, condition.is, condition.value as RawValue);
    }
  }
}

/** Rows after `after` in the order of `columns`, spelt out because not every database compares rows. */
function restrictAfter(query: Knex.QueryBuilder, columns: readonly string[], after: KeyValues): void {
  query.where((any) => {
    columns.forEach((column, depth) => {
      any.orWhere((one) => {
        for (const equal of columns.slice(0, depth)) one.where(equal, after[equal] ?? "");
        one.where(column, ">", after[column] ?? "");
      });
    });
  });
}

async function isSoft(store: Store, table: string): Promise<boolean> {
  const columns = await columnNames({ run: store.read }, store, table);
  return columns.has(BOOKKEEPING.deletedAt);
}

async function liveRows(store: Store, table: string, where: readonly Condition[]): Promise<() => Knex.QueryBuilder> {
  const soft = await isSoft(store, table);
  return () => {
    const query = store.table(table);
    if (soft) query.whereNull(BOOKKEEPING.deletedAt);
    restrict(query, where);
    return query;
  };
}

export interface SelectKeysOptions {
  /** Columns that must have these values. */
  readonly where?: KeyValues;
  /** Columns that must have one of these values. */
  readonly among?: Readonly<Record<string, readonly string[]>>;
  /** Only rows whose instant in `column` is `at` or later. */
  readonly since?: { readonly column: string; readonly at: string };
  /** Starts behind this row: what the page before, or an interrupted walk, had last. */
  readonly after?: KeyValues | null;
  readonly limit: number;
}

function conditions(options: Pick<SelectKeysOptions, "where" | "among" | "since">): Condition[] {
  const equal = [
    ...Object.entries(options.where ?? {}).map(([column, value]): Condition => ({ column, is: "=", value })),
    ...Object.entries(options.among ?? {}).map(([column, value]): Condition => ({ column, is: "in", value })),
  ];
  return options.since
    ? [...equal, { column: options.since.column, is: ">=", value: new Date(options.since.at) }]
    : equal;
}

/**
 * A page of rows of text columns in their order. Each page is a query of its own, because a walk over them may last
 * hours and goes on after a crash from any row (`after`). `columns` must be unique together, and best indexed.
 */
export async function selectKeys(
  store: Store,
  from: { table: string; columns: readonly string[] },
  options: SelectKeysOptions,
): Promise<KeyValues[]> {
  return store.guard(`read keys of ${from.table}`, async () => {
    const query = await liveRows(store, from.table, conditions(options));
    const rows = query()
      .select(...from.columns)
      .orderBy([...from.columns])
      .limit(options.limit);
    if (options.after) restrictAfter(rows, from.columns, options.after);
    return (await rows) as Record<string, string>[];
  });
}

/** Number of live rows with these values. */
export async function countRows(store: Store, table: string, where: KeyValues = {}): Promise<number> {
  return store.guard(`count rows of ${table}`, async () => {
    const query = await liveRows(store, table, conditions({ where }));
    const row = (await query().count({ n: "*" }).first()) as { n?: unknown } | undefined;
    return Number(row?.n ?? 0);
  });
}

/** Different values of a text column among live rows that meet all conditions, in order; null is left out. */
export async function distinctValues(
  store: Store,
  from: { table: string; column: string },
  where: readonly Condition[] = [],
): Promise<string[]> {
  return store.guard(`read values of ${from.table}.${from.column}`, async () => {
    const query = await liveRows(store, from.table, where);
    const rows = (await query().whereNotNull(from.column).distinct({ value: from.column }).orderBy("value")) as {
      value: unknown;
    }[];
    return rows.map((row) => String(row.value));
  });
}

/** Different combinations of text columns among live rows; rows with a null among them are left out. */
export async function distinctKeys(
  store: Store,
  from: { table: string; columns: readonly string[] },
  among: SelectKeysOptions["among"] = {},
): Promise<KeyValues[]> {
  return store.guard(`read values of ${from.table}`, async () => {
    const query = (await liveRows(store, from.table, conditions({ among })))();
    for (const column of from.columns) query.whereNotNull(column);
    return (await query.distinct(...from.columns).orderBy([...from.columns])) as Record<string, string>[];
  });
}

/** Rows of live data that meet all conditions; for small, bounded questions. */
export async function selectRows(
  store: Store,
  from: { table: string; columns: readonly string[] },
  options: { where?: readonly Condition[]; limit: number },
): Promise<Readonly<Record<string, unknown>>[]> {
  return store.guard(`read rows of ${from.table}`, async () => {
    const query = await liveRows(store, from.table, options.where ?? []);
    return (await query()
      .select(...from.columns)
      .limit(options.limit)) as Record<string, unknown>[];
  });
}
