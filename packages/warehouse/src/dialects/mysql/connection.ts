import { createConnection, isIP, type Socket } from "node:net";

import type { Knex } from "knex";

import type { WarehouseConfig } from "../../config.js";
import type { Binding, Connection, OpenTransaction, Result, Statement } from "../../dialect.js";
import {
  connectTimeoutOf,
  poolSettings,
  QUIET,
  rawConnection,
  readCa,
  releaseConnection,
  tagConnectErrors,
} from "../../driver.js";
import { type Endpoint, endpointOf, type UrlForm } from "../../endpoint.js";
import { loadRows } from "./bulk.js";
import { type DriverConnection, query } from "./driver.js";
import { isDenied, isUnknownDatabase, isUnknownGrantee } from "./errors.js";
import { grantee } from "./grants.js";
import { serverInfo } from "./server-info.js";
import { q } from "./sql.js";

interface Field {
  readonly type: string;
  readonly length: number;
  /** MariaDB's JSON is text with a format (MariaDB manual, extended metadata). */
  readonly extendedFormat?: string;
  string(encoding?: BufferEncoding): string | null;
}

/** `tinyint(1)` is what both servers make of boolean. The driver takes the years 1 to 99 for others. */
function typeCast(field: Field, next: () => unknown): unknown {
  if (field.type === "DATETIME") {
    const text = field.string();
    return text === null ? null : new Date(`${text.replace(" ", "T")}Z`);
  }
  // As it stands: what the driver parses from a JSON string could not be told from JSON text.
  if (field.type === "JSON" || field.extendedFormat === "json") return field.string("utf8");
  if (field.type !== "TINY" || field.length !== 1) return next();
  const text = field.string();
  return text === null ? null : text !== "0";
}

const URLS: UrlForm = { schemes: ["mysql", "mariadb"], example: "mysql://user:password@host:3306" };

/**
 * What the driver does not do by itself: it holds a certificate against the host's name, but for an address it leaves
 * the check to Node, which takes the name from the socket and else checks for "localhost".
 */
function socketTo(host: string, port: number): Socket {
  const socket = createConnection({ host, port, keepAlive: true, noDelay: true });
  return Object.assign(socket, { _host: host });
}

/** The driver's settings. No database is chosen: the schema is the database, and may have to be made. */
async function settingsOf(config: WarehouseConfig, endpoint: Endpoint): Promise<Record<string, unknown>> {
  const { host, socket, port, user, password, tls } = endpoint;
  const ca = config.caFile === undefined ? {} : { ca: await readCa(config.caFile) };
  const verify = tls === "verify";
  const address = { host: host ?? "localhost", port: port ?? 3306 };
  return {
    ...(socket === null ? address : { socketPath: socket }),
    ...(verify && host !== null && isIP(host) ? { stream: () => socketTo(host, address.port) } : {}),
    user: user ?? "",
    password: password ?? "",
    ...(tls === "off" ? {} : { ssl: { ...ca, rejectUnauthorized: verify, verifyIdentity: verify } }),
    charset: "utf8mb4",
    timezone: "Z",
    supportBigNumbers: true,
    typeCast,
    connectTimeout: connectTimeoutOf(config),
    enableKeepAlive: true,
    connectAttributes: { program_name: "tidemark" },
  };
}

/** Connections that hold locks by name, or may. */
const locking = new WeakSet<DriverConnection>();

/** Below knex, which leaves `\\?` in the text it hands to this driver, and the driver takes `?` inside names for placeholders. */
async function run(db: Knex, statement: Statement): Promise<Result> {
  const connection = (await rawConnection(db)) as DriverConnection;
  try {
    if (statement.sql.includes("get_lock(")) locking.add(connection);
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

const MODES = "STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/**
 * What each new connection is set to. READ COMMITTED: statements see what the transactions before them committed, also
 * after a wait for the lease's row, and neither merge nor delete locks gaps between keys, so that objects that are
 * loaded side by side do not get in each other's way. Strict, so that a value that does not fit is refused, not cut.
 */
function sessionSettings(config: WarehouseConfig): readonly string[] {
  const settings = [
    "set session transaction isolation level read committed",
    // MariaDB, which reads comments that begin with M!, would otherwise make a user without a password of a mistyped
    // name in grantSelect (MariaDB documentation, SQL_MODE, NO_AUTO_CREATE_USER). MySQL 8 has no such mode.
    `set session time_zone = '+00:00', session sql_mode = '${MODES}' /*M!100000 , session sql_mode = '${MODES},NO_AUTO_CREATE_USER' */`,
    // What a server may have as its default, and what would refuse, cut or hold back statements of ours.
    "set session autocommit = 1, session sql_safe_updates = 0, session sql_big_selects = 1, session group_concat_max_len = 1048576",
  ];
  const limit = Math.trunc(config.statementTimeoutMs ?? 0);
  // MariaDB counts seconds, MySQL milliseconds and only for SELECT.
  if (limit > 0) {
    settings.push(
      `set session sql_safe_updates = 0 /*M!100000 , session max_statement_time = ${limit / 1000} */
       /*!80000 , session max_execution_time = ${limit} */`,
    );
  }
  return settings;
}

/** The names that the server does not know. GRANT USAGE gives nothing; without the right to grant nobody can tell. */
async function unknownRoles(knex: Knex, schema: string, roles: readonly string[]): Promise<string[]> {
  const unknown: string[] = [];
  for (const role of roles) {
    try {
      await run(knex, { sql: `grant usage on ${q(schema)}.* to ${grantee(role)}`, bindings: [] });
    } catch (error) {
      if (isUnknownGrantee(error)) unknown.push(role);
      else if (!isDenied(error)) throw error;
    }
  }
  return unknown;
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
      if (locking.delete(connection)) await query(connection, "do release_all_locks()");
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
  const endpoint = endpointOf(config, URLS);
  const connection = await settingsOf(config, endpoint);
  const { default: createKnex } = await import("knex");
  const settings = sessionSettings(config);
  const knex = createKnex({
    client: "mysql2",
    connection,
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    ...poolSettings(config),
  });
  tagConnectErrors(knex, (created) => prepareConnection(created as DriverConnection, settings));
  const chosen = new WeakSet<DriverConnection>();
  return {
    knex,
    run,
    bulk: async (trx, target, rows) => loadRows((await rawConnection(trx)) as DriverConnection, target, rows),
    begin: () => begin(knex, (raw) => choose(raw, chosen, config.schema)),
    serverInfo: async (schema) => ({
      ...(await serverInfo((statement) => run(knex, statement), schema)),
      tls: endpoint.tls,
    }),
    unknownRoles: (schema, roles) => unknownRoles(knex, schema, roles),
    close: () => knex.destroy(),
  };
}
