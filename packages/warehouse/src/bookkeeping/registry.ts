import type { ColumnType } from "@tidemark/catalog";

import type { Store, WarehouseTransaction } from "../store.js";

const TABLES = "_tidemark_tables";
const COLUMNS = "_tidemark_columns";

/** `main` and `child` hold Okta's data, `history` their versions; `staging` is the loader's own; `view` reads the others. */
export type TableKind = "main" | "child" | "history" | "staging" | "view";

/** A column that Tidemark made, and the path that it was made for. */
export interface RegisteredColumn {
  readonly name: string;
  readonly path: readonly string[];
  /** As it is in the database, after widening. */
  readonly type: ColumnType;
}

/** A table that Tidemark made. */
export interface RegisteredTable {
  readonly name: string;
  readonly object: string;
  readonly kind: TableKind;
  readonly key: readonly string[];
  readonly columns: readonly RegisteredColumn[];
}

/** Tables that Tidemark made, of one object or all; what is in it keeps its column names whatever attributes come later. */
export async function readRegistry(
  tx: Pick<WarehouseTransaction, "table">,
  object?: string,
): Promise<RegisteredTable[]> {
  const tables = (await tx
    .table(TABLES)
    .modify((query) => (object === undefined ? undefined : query.where({ object })))
    .orderBy("table_name")
    .select("table_name", "object", "kind", "key_columns")) as {
    table_name: string;
    object: string;
    kind: TableKind;
    key_columns: string;
  }[];
  const columns = (await tx
    .table(COLUMNS)
    .whereIn(
      "table_name",
      tables.map((table) => table.table_name),
    )
    .orderBy(["table_name", "added_at", "column_name"])
    .select("table_name", "column_name", "path", "type")) as {
    table_name: string;
    column_name: string;
    path: string;
    type: ColumnType;
  }[];
  const byTable = new Map<string, typeof columns>();
  for (const column of columns) {
    const own = byTable.get(column.table_name);
    if (own) own.push(column);
    else byTable.set(column.table_name, [column]);
  }
  return tables.map((table) => ({
    name: table.table_name,
    object: table.object,
    kind: table.kind,
    key: JSON.parse(table.key_columns) as string[],
    columns: (byTable.get(table.table_name) ?? []).map((column) => ({
      name: column.column_name,
      path: JSON.parse(column.path) as string[],
      type: column.type,
    })),
  }));
}

/** Columns of one INSERT: at four values each well below the fewest bindings that a database takes. */
const INSERT_COLUMNS = 400;

/** Registers a table that is about to be made, with all its columns. */
export async function registerNewTable(tx: Pick<WarehouseTransaction, "table">, table: RegisteredTable): Promise<void> {
  const { name, columns } = table;
  await registerTable(tx, table);
  await tx.table(COLUMNS).where({ table_name: name }).delete();
  for (let at = 0; at < columns.length; at += INSERT_COLUMNS) {
    const part = columns.slice(at, at + INSERT_COLUMNS).map((column) => ({
      table_name: name,
      column_name: column.name,
      path: JSON.stringify(column.path),
      type: column.type,
    }));
    await tx.table(COLUMNS).insert(part);
  }
}

export async function registerTable(
  tx: Pick<WarehouseTransaction, "table">,
  table: Omit<RegisteredTable, "columns">,
): Promise<void> {
  await tx.table(TABLES).where({ table_name: table.name }).delete();
  await tx.table(TABLES).insert({
    table_name: table.name,
    object: table.object,
    kind: table.kind,
    key_columns: JSON.stringify(table.key),
  });
}

export async function registerColumn(
  tx: Pick<WarehouseTransaction, "table">,
  table: string,
  column: RegisteredColumn,
): Promise<void> {
  const where = { table_name: table, column_name: column.name };
  const changed: unknown = await tx.table(COLUMNS).where(where).update({ type: column.type });
  if (changed === 0) {
    await tx.table(COLUMNS).insert({ ...where, path: JSON.stringify(column.path), type: column.type });
  }
}

export async function forgetColumn(
  tx: Pick<WarehouseTransaction, "table">,
  table: string,
  column: string,
): Promise<void> {
  await tx.table(COLUMNS).where({ table_name: table, column_name: column }).delete();
}

export async function forgetTable(tx: Pick<WarehouseTransaction, "table">, table: string): Promise<void> {
  await tx.table(COLUMNS).where({ table_name: table }).delete();
  await tx.table(TABLES).where({ table_name: table }).delete();
}

/** Reads the registry outside of a transaction. */
export function storedRegistry(store: Store, object?: string): Promise<RegisteredTable[]> {
  return store.guard("read the registry of tables", () => readRegistry(store, object));
}
