import { randomBytes } from "node:crypto";

import { silentLogger, systemClock } from "@tidemark/kernel";
import { openWarehouse, type Warehouse, type WarehouseConfig } from "@tidemark/warehouse";
import pg from "pg";
import { inject } from "vitest";

/** The test run's PostgreSQL; hand it to child processes through their environment. */
export function postgresUrl(): string {
  return process.env["TIDEMARK_TEST_POSTGRES_URL"] ?? inject("postgresUrl");
}

/** A schema of the test's own, with a plain client to look at it and to play other people's part. */
export interface FreshSchema {
  readonly url: string;
  readonly schema: string;
  /** Rows of a plain statement; the schema is first in the search path. */
  query<T extends Record<string, unknown>>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** A warehouse on the schema; closed by `drop`. */
  open(config?: Partial<WarehouseConfig>): Promise<Warehouse>;
  drop(): Promise<void>;
}

/** Makes a name that no other test has; the schema itself comes with `prepare()` or a statement of the test. */
export async function freshSchema(url = postgresUrl()): Promise<FreshSchema> {
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const pool = new pg.Pool({ connectionString: url, max: 3, options: `-c search_path=${schema},public` });
  // Tests that crash the server cut its idle connections; the next query opens another.
  pool.on("error", () => undefined);
  const opened: Warehouse[] = [];
  return {
    url,
    schema,
    async query<T extends Record<string, unknown>>(sql: string, values: readonly unknown[] = []) {
      const answer = await pool.query<T>(sql, [...values]);
      return answer.rows;
    },
    async open(config = {}) {
      const settings: WarehouseConfig = { type: "postgres", url, schema, ...config };
      const warehouse = await openWarehouse(settings, { clock: systemClock, logger: silentLogger });
      opened.push(warehouse);
      return warehouse;
    },
    async drop() {
      await Promise.all(opened.map((warehouse) => warehouse.close()));
      await pool.query(`drop schema if exists "${schema}" cascade`);
      await pool.end();
    },
  };
}
