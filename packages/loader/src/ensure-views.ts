import { pathKey, type ViewDefinition, type ViewNames } from "@tidemark/catalog";
import {
  BOOKKEEPING,
  columnNames,
  grantTo,
  readRegistry,
  type RegisteredTable,
  registerTable,
  tableNames,
  type Warehouse,
} from "@tidemark/warehouse";

/**
 * Makes the views whose tables are all there, and makes them anew when their text has changed. A view or table of that
 * name which Tidemark did not make is left alone. Returns the names of views made.
 */
export async function ensureViews(warehouse: Warehouse, views: readonly ViewDefinition[]): Promise<string[]> {
  const { store } = warehouse;
  // A view cannot be had for one connection alone.
  if (store.shadows) return [];
  return store.transaction("make the views", async (tx) => {
    const present = await tableNames(tx, store);
    const registry = new Map((await readRegistry(tx)).map((table) => [table.name, table]));
    const made: string[] = [];
    const soft = new Set<string>();
    for (const table of new Set(views.flatMap((view) => Object.values(view.tables)))) {
      if ((await columnNames(tx, store, table)).has(BOOKKEEPING.deletedAt)) soft.add(table);
    }
    for (const view of views) {
      const select = selectOf(warehouse, view, { registry, soft });
      const registered = registry.get(view.name);
      if (select === null || (present.has(view.name) && registered?.kind !== "view")) continue;
      // The text that it was made from stands where tables have their key columns.
      if (present.has(view.name) && registered?.key[0] === select) continue;
      const { statements } = store.dialect;
      if (present.has(view.name)) await tx.run(statements.dropView(store.schema, view.name));
      // Registered first: where DDL commits, a view that is made and not registered would be taken for somebody else's.
      await registerTable(tx, { name: view.name, object: view.name, kind: "view", key: [select] });
      await tx.run(statements.createView(store.schema, view.name, select));
      await grantTo(tx, store, { table: view.name, roles: warehouse.grantSelect });
      made.push(view.name);
    }
    return made;
  });
}

/** The view's text with the names that its columns have here, or null while a table or column of it is missing. */
function selectOf(
  warehouse: Warehouse,
  view: ViewDefinition,
  known: { registry: ReadonlyMap<string, RegisteredTable>; soft: ReadonlySet<string> },
): string | null {
  const { dialect, schema } = warehouse.store;
  const { quote } = dialect.statements;
  let complete = true;
  const tableOf = (alias: string): RegisteredTable | undefined => known.registry.get(view.tables[alias] ?? "");
  const names: ViewNames = {
    from: (alias) => `${quote(schema)}.${quote(view.tables[alias] ?? "")} ${alias}`,
    column(alias, path) {
      const columns = tableOf(alias)?.columns ?? [];
      const column = columns.find(({ path: steps, name }) => pathKey(steps) === path || name === path);
      if (!column) complete = false;
      return `${alias}.${quote(column?.name ?? path)}`;
    },
    live: (alias) =>
      known.soft.has(view.tables[alias] ?? "") ? `${alias}.${quote(BOOKKEEPING.deletedAt)} is null` : "1 = 1",
  };
  const select = view.select(names);
  return complete ? select : null;
}
