import { freshDatabase, mysqlUrl } from "./mysql.js";
import { freshSchema, type FreshSchema } from "./postgres.js";
import { freshSqlServerSchema, sqlServerUrl } from "./sqlserver.js";

/** Where a test that holds for every warehouse makes its tables; null where there is no such server. */
export const WAREHOUSES: readonly { readonly name: string; readonly place: (() => Promise<FreshSchema>) | null }[] = [
  { name: "PostgreSQL", place: () => freshSchema() },
  { name: "MySQL/MariaDB", place: mysqlUrl() === null ? null : () => freshDatabase() },
  { name: "SQL Server", place: sqlServerUrl() === null ? null : () => freshSqlServerSchema() },
];
