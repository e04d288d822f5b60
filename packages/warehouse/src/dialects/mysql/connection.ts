import { TerminalError } from "@tidemark/kernel";
import type { Knex } from "knex";

import type { WarehouseConfig } from "../../config.js";
import type { Binding, Connection, OpenTransaction, Result, Statement } from "../../dialect.js";
import { QUIET, rawConnection, readCa, releaseConnection, tagConnectErrors } from "../../driver.js";
import { loadRows } from "./bulk.js";
import { type DriverConnection, query } from "./driver.js";
import { isUnknownDatabase } from "./errors.js";
import { serverInfo } from "./server-info.js";
import { q } from "./sql.js";

interface Field {
  readonly type: string;
  readonly length: number;
  string(): string | null;
}

/** `tinyint(1)` is what both servers make of boolean. The driver takes the years 1 to 99 for others. */
function typeCast(field: Field, next: () => unknown): unknown {
  if (field.type === "DATETIME") {
    const text = field.string();
    return text === null ? null : new Date(`${text.replace(" ", "T")}Z`);
  }
  if (field.type !== "TINY" || field.length !== 1) return next();
  const text = field.string();
  return text === null ? null : text !== "0";
}

/**
 * The driver's settings. Certificates are verified unless the URL says `sslmode=no-verify`. No database is chosen: the
 * schema is the database, and may have to be made.
 */
async function connectionOf(config: WarehouseConfig): Promise<Record<string, unknown>> {
  let url: URL;
  try {
    url = new URL(config.url);
  } catch {
    throw new TerminalError("CONFIG_INVALID", "The warehouse's url is not a URL", {
      remedy: "Write mysql://user:password@host:3306; characters like @ and / in a password as %40 and %2F.",
    });
  }
  if (url.protocol !== "mysql:" && url.protocol !== "mariadb:") {
    throw new TerminalError("CONFIG_INVALID", `The warehouse's url begins with ${url.protocol}//`, {
      remedy: "A warehouse of type mysql has a url that begins with mysql:// or mariadb://",
    });
  }
  const mode = url.searchParams.get("sslmode") ?? (config.caFile ? "verify-full" : "disable");
  const socketPath = url.searchParams.get("socket");
  const ca = config.caFile ? { ca: await readCa(config.caFile) } : {};
  return {
    ...(socketPath === null ? { host: url.hostname, port: Number(url.port || 3306) } : { socketPath }),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(mode === "disable" ? {} : { ssl: { ...ca, rejectUnauthorized: mode !== "no-verify" } }),
    charset: "utf8mb4",
    timezone: "Z",
    supportBigNumbers: true,
    typeCast,
    connectTimeout: config.connectTimeoutMs ?? 10_000,
    enableKeepAlive: true,
    connectAttributes: { program_name: "tidemark" },
  };
}

/** Below knex, which leaves `\\?` in the text it hands to this driver, and the driver takes `?` inside names for placeholders. */
async function run(db: Knex, statement: Statement): Promise<Result> {
  const connection = (await rawConnection(db)) as DriverConnection;
  try {
    let next = 0;
    const sql = statement.sql.replaceAll(/\\?\?/g, (found) =>
      found === "?" ? connection.escape(bound(statement.bindings[next++])) : "?",
    );
    const result = (await query(connection, sql)) as Record<string, unknown>[] | { affectedRows: number };
    return Array.isArray(result) ? { rows: result, count: result.length } : { rows: [], count: result.affectedRows };
  } finally {
    await releaseConnection(db, connection);
  }
}

function bound(binding: Binding | undefined): unknown {
  return typeof binding === "bigint" ? String(binding) : binding;
}

/**
 * What each new connection is set to. READ COMMITTED: statements see what the transactions before them committed, also
 * after a wait for the lease's row, and neither merge nor delete locks gaps between keys, so that objects that are
 * loaded side by side do not get in each other's way. Strict, so that a value that does not fit is refused, not cut.
 */
function sessionSettings(config: WarehouseConfig): readonly string[] {
  const settings = [
    "set session transaction isolation level read committed",
    `set session time_zone = '+00:00', session sql_mode =
     'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'`,
    // What a server may have as its default, and what would refuse, cut or hold back statements of ours.
    "set session autocommit = 1, session sql_safe_updates = 0, session sql_big_selects = 1, session group_concat_max_len = 1048576",
  ];
  const limit = Math.trunc(config.statementTimeoutMs ?? 0);
  // Each product reads its own kind of comment: MariaDB counts seconds, MySQL milliseconds and only for SELECT.
  if (limit > 0) {
    settings.push(
      `set session sql_safe_updates = 0 /*M!100000 , session max_statement_time = ${limit / 1000} */
       /*!80000 , session max_execution_time = ${limit} */`,
    );
  }
  return settings;
}

async function prepareConnection(connection: DriverConnection, settings: readonly string[]): Promise<void> {
  for (const setting of settings) await query(connection, setting);
}

/**
 * Chooses the schema once a connection has it: DELETE with an alias wants a database to be chosen, whichever its tables
 * name (error 1046).
 */
async function choose(connection: DriverConnection, chosen: WeakSet<DriverConnection>, schema: string): Promise<void> {
  if (chosen.has(connection)) return;
  try {
    await query(connection, `use ${q(schema).replaceAll("\\?", "?")}`);
    chosen.add(connection);
  } catch (error) {
    // It is about to be made.
    if (!isUnknownDatabase(error)) throw error;
  }
}

/** Begins on a connection of its own, because locks by name belong to the connection and are given back after the end. */
async function begin(knex: Knex, use: (connection: DriverConnection) => Promise<void>): Promise<OpenTransaction> {
  const connection = (await rawConnection(knex)) as DriverConnection;
  const end = async (): Promise<void> => {
    try {
      await query(connection, "do release_all_locks()");
    } catch {
      // The server gives locks back with their connection, and the pool throws away what is closed.
      connection.destroy();
    }
    await releaseConnection(knex, connection);
  };
  try {
    await use(connection);
    return { trx: await knex.transaction({ connection } as Knex.TransactionConfig), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Opens a pool; the first statement connects. */
export async function connect(config: WarehouseConfig): Promise<Connection> {
  const connection = await connectionOf(config);
  const { default: createKnex } = await import("knex");
  const settings = sessionSettings(config);
  const knex = createKnex({
    client: "mysql2",
    connection,
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    pool: { min: 0, max: config.poolSize ?? 10 },
    acquireConnectionTimeout: (config.connectTimeoutMs ?? 10_000) + 20_000,
  });
  tagConnectErrors(knex, (created) => prepareConnection(created as DriverConnection, settings));
  const chosen = new WeakSet<DriverConnection>();
  return {
    knex,
    run,
    bulk: async (trx, target, rows) => loadRows((await rawConnection(trx)) as DriverConnection, target, rows),
    begin: () => begin(knex, (raw) => choose(raw, chosen, config.schema)),
    serverInfo: (schema) => serverInfo((statement) => run(knex, statement), schema),
    close: () => knex.destroy(),
  };
}
