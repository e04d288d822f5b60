import { randomBytes } from "node:crypto";

import { isLoopback, silentLogger, systemClock } from "@tidemark/kernel";
import { openWarehouse, type Warehouse, type WarehouseConfig } from "@tidemark/warehouse";
import { Connection, Request, TYPES } from "tedious";

import type { FreshSchema } from "./postgres.js";

/** The test run's SQL Server, or null when there is none. */
export function sqlServerUrl(): string | null {
  return process.env["TIDEMARK_TEST_SQLSERVER_URL"] || null;
}

/** A plain connection, as another person has it. */
async function connect(address: string): Promise<Connection> {
  const url = new URL(address);
  const connection = new Connection({
    server: url.hostname,
    authentication: {
      type: "default",
      options: { userName: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    },
    options: {
      port: Number(url.port || 1433),
      database: url.pathname.slice(1),
      trustServerCertificate: true,
      encrypt: !isLoopback(url.hostname),
      // Node warns of addresses as server names.
      serverName: "unverified",
      requestTimeout: 60_000,
    },
  });
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
  return connection;
}

function query<T>(connection: Connection, sql: string, values: readonly unknown[]): Promise<T[]> {
  return new Promise((resolve, reject) => {
    const rows: T[] = [];
    const request = new Request(sql, (error) => (error ? reject(error) : resolve(rows)));
    request.on("row", (cells: { value: unknown; metadata: { colName: string } }[]) => {
      rows.push(Object.fromEntries(cells.map((cell) => [cell.metadata.colName, cell.value])) as T);
    });
    values.forEach((value, index) => request.addParameter(`p${index}`, TYPES.NVarChar, value));
    if (values.length === 0) connection.execSqlBatch(request);
    else connection.execSql(request);
  });
}

/** There is no search path: plain names of tables get the schema in front, where a statement does not name it itself. */
function qualified(sql: string, schema: string): string {
  if (sql.includes(`[${schema}]`)) return sql;
  const place = /\b(from|join|into|update|table|view)\s+(?=[a-z_]\w*(?![\w.]))(?!statistics|set\b|as\b)/gi;
  return sql.replaceAll(place, `$1 [${schema}].`);
}

/** One session that plays the other person's part. */
interface Session {
  ask<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
}

/**
 * Sessions by address, for as long as the file's process runs: logging in and the first look at the catalog take a second
 * on a server that stands in for SQL Server, which is more than most tests take.
 */
const sessions = new Map<string, Session>();

function sessionAt(url: string): Session {
  let connection: Promise<Connection> | undefined;
  // One connection does one thing at a time.
  let turn: Promise<unknown> = Promise.resolve();
  const session: Session = sessions.get(url) ?? {
    ask<T>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
      const next = turn.then(async () => {
        connection ??= connect(url);
        try {
          return await query<T>(await connection, sql, values);
        } catch (error) {
          // One that is cut is not used again; an error of the server leaves it as it was.
          if ((error as { code?: unknown }).code !== "EREQUEST") connection = undefined;
          throw error;
        }
      });
      turn = next.catch(() => undefined);
      return next;
    },
  };
  sessions.set(url, session);
  return session;
}

/** A schema of the test's own on the test run's server; made by `prepare()` or a statement of the test. */
export async function freshSqlServerSchema(address = sqlServerUrl()): Promise<FreshSchema> {
  if (address === null) throw new Error("TIDEMARK_TEST_SQLSERVER_URL is not set");
  const url = address;
  const schema = `test_${randomBytes(6).toString("hex")}`;
  const opened: Warehouse[] = [];
  const { ask } = sessionAt(url);
  return {
    url,
    schema,
    query: (sql, values = []) => ask(qualified(sql, schema), values),
    async open(config = {}) {
      const settings: WarehouseConfig = { type: "sqlserver", url, schema, ...config };
      const warehouse = await openWarehouse(settings, { clock: systemClock, logger: silentLogger });
      opened.push(warehouse);
      return warehouse;
    },
    async drop() {
      await Promise.all(opened.map((warehouse) => warehouse.close()));
      await ask("if @@trancount > 0 rollback");
      const things = await ask<{ name: string; kind: string }>(
        `select TABLE_NAME as name, TABLE_TYPE as kind from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = '${schema}'
         order by TABLE_TYPE desc`,
      );
      const drops = things.map(
        ({ name, kind }) => `drop ${kind === "VIEW" ? "view" : "table"} [${schema}].[${name.replaceAll("]", "]]")}]`,
      );
      await ask([...drops, `drop schema if exists [${schema}]`].join(";\n"));
    },
  };
}
