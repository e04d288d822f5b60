import type { Warehouse } from "@tidemark/warehouse";

/** True when the schema has Tidemark's bookkeeping tables: some run got as far as preparing it. */
export async function holdsTidemark(warehouse: Warehouse): Promise<boolean> {
  const { store } = warehouse;
  const { statements } = store.dialect;
  const tables = await store.guard("list the schema's tables", () => store.read(statements.listTables(store.schema)));
  return tables.rows.some((row) => row["table_name"] === "_tidemark_runs");
}
