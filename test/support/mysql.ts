import { randomBytes } from "node:crypto";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { openWarehouse, type Warehouse, type WarehouseConfig } from "@tidemark/warehouse";
import { createPool, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";

import type { FreshSchema } from "./postgres.js";

/** The test run's MySQL or MariaDB, or null when there is none. */
export function mysqlUrl(): string | null {
  return process.env["TIDEMARK_TEST_MYSQL_URL"] || null;
}

/** A database of the test's own on the test run's server; made by `prepare()` or a statement of the test. */
export async function freshDatabase(url = mysqlUrl()): Promise<FreshSchema> {
  if (url === null) throw new Error("TIDEMARK_TEST_MYSQL_URL is not set");
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const pool = createPool({
    uri: url,
    connectionLimit: 3,
    supportBigNumbers: true,
    timezone: "Z",
    typeCast(field, next) {
      // As it stands: what the driver parses from a JSON string could not be told from JSON text.
      if (field.type === "JSON" || field.extendedFormat === "json") return field.string("utf8");
      if (field.type !== "TINY" || field.length !== 1) return next();
      const text = field.string();
      return text === null ? null : text !== "0";
    },
  });
  const opened: Warehouse[] = [];
  return {
    url,
    schema,
    async query<T extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) {
      const connection = await pool.getConnection();
      try {
        // Making what is there already would wait for whoever works in it.
        await connection.query(`use \`${schema}\``).catch(async () => {
          await connection.query(`create database if not exists \`${schema}\``);
          await connection.query(`use \`${schema}\``);
        });
        // Another person's session.
        await connection.query("set time_zone = '-05:00', autocommit = 1");
        const [rows] = await connection.query<RowDataPacket[] | ResultSetHeader>({ sql, values: [...values] });
        return (Array.isArray(rows) ? rows.map((row) => ({ ...row })) : []) as unknown as T[];
      } finally {
        connection.release();
      }
    },
    async open(config = {}) {
      const settings: WarehouseConfig = { type: "mysql", url, schema, ...config };
      const warehouse = await openWarehouse(settings, { clock: systemClock, logger: silentLogger });
      opened.push(warehouse);
      return warehouse;
    },
    async drop() {
      await Promise.all(opened.map((warehouse) => warehouse.close()));
      await pool.query(`drop database if exists \`${schema}\``);
      await pool.end();
    },
  };
}
