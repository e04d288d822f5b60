import type { Row, SqlValue, TableSpec } from "@tidemark/catalog";

import type { TableWriter } from "./writer.js";

/** A table that continues the main one, and where in the wide row its columns are. */
export interface Continuation {
  readonly table: TableSpec;
  readonly slots: readonly number[];
  /** The slots that are not part of the key. */
  readonly own: readonly number[];
  /** The same slots as the hash takes them. */
  readonly hashOrder: readonly number[];
}

function tablesAfter(main: TableSpec, tables: readonly TableSpec[]): TableSpec[] {
  return tables.filter((table) => table.continues === main.name);
}

/** The main table as if it had room for all: its own columns, then those of the tables that continue it, without their keys. */
export function wideTable(main: TableSpec, tables: readonly TableSpec[]): TableSpec {
  const more = tablesAfter(main, tables).flatMap(({ columns, key }) =>
    columns.filter(({ name }) => !key.includes(name)),
  );
  return { ...main, columns: [...main.columns, ...more] };
}

/** The parts of the {@link wideTable} that `writer` writes. */
export function continuationsOf(main: TableSpec, tables: readonly TableSpec[], writer: TableWriter): Continuation[] {
  const slotOf = new Map(writer.table.columns.map(({ name }, slot) => [name, slot]));
  return tablesAfter(main, tables).map((table) => {
    const slots = table.columns.map(({ name }) => slotOf.get(name) ?? -1);
    const own = slots.filter((_, at) => !table.key.includes(table.columns[at]?.name ?? ""));
    return { table, slots, own, hashOrder: writer.hashOrder(slots) };
  });
}

/**
 * The continuation's row, from the wide one that was just written. One with the key alone has an empty hash, as the rows
 * have that the loader makes of keys when such a table is new.
 */
export function cut({ slots, own, hashOrder }: Continuation, values: readonly SqlValue[], writer: TableWriter): Row {
  const isEmpty = own.every((slot) => (values[slot] ?? null) === null);
  return { values: slots.map((slot) => values[slot] ?? null), hash: isEmpty ? "" : writer.hash(values, "", hashOrder) };
}
