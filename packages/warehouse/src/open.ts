import type { WarehouseConfig, WarehouseDependencies } from "./config.js";
import type { Dialect } from "./dialect.js";
import { openStore } from "./store.js";
import { createWarehouse, type Warehouse } from "./warehouse.js";

/** Dialects load when they are asked for: a command that needs no database pays for none. */
const DIALECTS: Readonly<Record<WarehouseConfig["type"], () => Promise<Dialect>>> = {
  postgres: async () => (await import("./dialects/postgres/dialect.js")).postgres,
  mysql: async () => (await import("./dialects/mysql/dialect.js")).mysql,
  sqlserver: async () => (await import("./dialects/sqlserver/dialect.js")).sqlserver,
};

/** True for a type of database that there is a dialect for. */
export function isWarehouseType(type: string): type is WarehouseConfig["type"] {
  return Object.hasOwn(DIALECTS, type);
}

/** Opens a warehouse. Connects with the first statement; close it to let the process end. */
export async function openWarehouse(config: WarehouseConfig, deps: WarehouseDependencies): Promise<Warehouse> {
  const dialect = await DIALECTS[config.type]();
  const connection = await dialect.connect(config);
  const store = openStore({ ...deps, dialect, connection, schema: config.schema });
  return createWarehouse(store, { grantSelect: config.grantSelect ?? [], close: () => connection.close() });
}
