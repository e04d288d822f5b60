import { Socket } from "node:net";
import type { ConnectionOptions } from "node:tls";

import type { Knex } from "knex";
import type { ClientBase, ClientConfig } from "pg";

import type { WarehouseConfig } from "../../config.js";
import type { Connection, Result, ServerInfo, Statement } from "../../dialect.js";
import { connectTimeoutOf, poolSettings, QUIET, rawConnection, readPem, tagConnectErrors } from "../../driver.js";
import { type Endpoint, endpointOf, type UrlForm } from "../../endpoint.js";
import { createDatabase } from "./create-database.js";
import { isUnknownDatabase, NoTlsError } from "./errors.js";

/** 14 is the oldest PostgreSQL that this is tested with. */
const OLDEST_VERSION_NUMBER = 140_000;

/**
 * What the driver can read, whatever role and database have as their default: it takes dates in ISO style alone for
 * dates, and doubles in fewer digits lose theirs (PostgreSQL documentation, client connection defaults).
 */
const READABLE = "set datestyle = 'ISO'; set extra_float_digits = 1";

const URLS: UrlForm = {
  schemes: ["postgres", "postgresql"],
  example: "postgres://user:password@host:5432/database",
};

/** Settings of TLS in the driver's words; the URL may name a client certificate as libpq has it. */
async function tlsOf(config: WarehouseConfig, { tls, params }: Endpoint): Promise<ConnectionOptions | false> {
  if (tls === "off") return false;
  const pem = async (key: string, file: string | null | undefined): Promise<string | undefined> =>
    file ? readPem(key, file) : undefined;
  const ca = await pem("caFile", config.caFile ?? params.get("sslrootcert"));
  const cert = await pem("sslcert", params.get("sslcert"));
  const key = await pem("sslkey", params.get("sslkey"));
  return {
    rejectUnauthorized: tls === "verify",
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** What the URL's own words for what is settled here are called. */
const SETTLED = new Set(["host", "socket", "ssl", "sslmode", "sslcert", "sslkey", "sslrootcert"]);

/** The driver's settings; parameters of the URL that are not about place or TLS go on to the driver. */
async function settingsOf(config: WarehouseConfig, endpoint: Endpoint): Promise<ClientConfig> {
  const { host, socket, port, user, password, database, params } = endpoint;
  const others = Object.fromEntries([...params].filter(([name]) => !SETTLED.has(name)));
  return {
    application_name: "tidemark",
    ...others,
    host: host ?? socket ?? "localhost",
    ...(port === null ? {} : { port }),
    ...(user === null ? {} : { user }),
    ...(password === null ? {} : { password }),
    ...(database === null ? {} : { database }),
    ssl: await tlsOf(config, endpoint),
    connectionTimeoutMillis: connectTimeoutOf(config),
    keepAlive: true,
  };
}

/**
 * Sees how the server answers the request for TLS: `N` is no (PostgreSQL documentation, message flow, SSL session
 * encryption). The driver tells it by an error without a code.
 */
function watchTls(settings: ClientConfig): { settings: ClientConfig; explain: (error: unknown) => unknown } {
  if (settings.ssl === false) return { settings, explain: (error) => error };
  let refused = false;
  const stream = (): Socket => {
    refused = false;
    const socket = new Socket();
    socket.once("connect", () => socket.once("data", (answer: Buffer) => (refused = answer.toString() === "N")));
    return socket;
  };
  const explain = (error: unknown): unknown =>
    refused && error instanceof Error && !("code" in error) ? new NoTlsError(error.message, { cause: error }) : error;
  return { settings: { ...settings, stream }, explain };
}

async function run(db: Knex, statement: Statement): Promise<Result> {
  const bindings = statement.bindings as readonly Knex.RawBinding[];
  const answer: unknown = await db.raw(statement.sql, bindings);
  const { rows, rowCount } = answer as { rows: Record<string, unknown>[]; rowCount: number | null };
  return { rows, count: rowCount ?? 0 };
}

/** Names of `roles` that are no role of the server. */
async function unknownRoles(db: Knex, roles: readonly string[]): Promise<string[]> {
  const answer = await run(db, {
    sql: `select r as role from unnest(?::text[]) as r
      where r <> 'public' and not exists (select 1 from pg_roles where rolname = r)`,
    bindings: [roles],
  });
  return answer.rows.map((row) => String(row["role"]));
}

/**
 * Begins with the settings it needs. SET LOCAL, because a pooler in transaction mode keeps no session. Batches look
 * their keys up by index; with the default cost of random pages the planner reads the whole table instead (measured:
 * 529 ms against 38 ms for 5,000 keys in 100,000 rows of 40 columns).
 */
async function begin(knex: Knex, config: WarehouseConfig): Promise<Knex.Transaction> {
  const trx = await knex.transaction();
  const settings = [
    // Whatever role and database have as their default; why, is in the README.
    "set transaction isolation level read committed",
    READABLE.replaceAll("set ", "set local "),
    "set local random_page_cost = 1.1",
  ];
  if (config.statementTimeoutMs)
    settings.push(`set local statement_timeout = ${Math.trunc(config.statementTimeoutMs)}`);
  try {
    await trx.raw(settings.join("; "));
    return trx;
  } catch (error) {
    await trx.rollback().catch(() => undefined);
    throw error;
  }
}

/** A statement outside of a transaction gets one of its own where it has a time limit, for the same reason. */
async function runAlone(knex: Knex, config: WarehouseConfig, statement: Statement): Promise<Result> {
  if (!config.statementTimeoutMs) return run(knex, statement);
  const trx = await begin(knex, config);
  try {
    return await run(trx, statement);
  } finally {
    // It only read.
    await trx.rollback().catch(() => undefined);
  }
}

async function serverInfo(db: Knex, schema: string): Promise<ServerInfo> {
  const answer = await run(db, {
    sql: `select version() as version, current_setting('server_version_num')::int as number, current_user as "user",
      current_database() as database, current_setting('transaction_read_only') = 'on' as read_only,
      pg_is_in_recovery() as standby, exists (select 1 from pg_namespace where nspname = ?) as schema_exists,
      has_database_privilege(current_database(), 'create') as may_create_schema,
      coalesce((select has_schema_privilege(oid, 'create') and has_schema_privilege(oid, 'usage')
        from pg_namespace where nspname = ?), false) as may_create_in_schema`,
    bindings: [schema, schema],
  });
  const row = answer.rows[0] ?? {};
  const exists = row["schema_exists"] === true;
  return {
    version: String(row["version"]).split(" on ")[0] ?? "",
    tooOld: Number(row["number"]) < OLDEST_VERSION_NUMBER,
    user: String(row["user"]),
    database: String(row["database"]),
    readOnly: row["read_only"] === true || row["standby"] === true,
    standby: row["standby"] === true,
    schemaExists: exists,
    mayCreateSchema: row["may_create_schema"] === true,
    mayCreateTables: exists ? row["may_create_in_schema"] === true : row["may_create_schema"] === true,
  };
}

/** Opens a pool; the first statement connects. */
export async function connect(config: WarehouseConfig): Promise<Connection> {
  const endpoint = endpointOf(config, URLS);
  const { settings, explain } = watchTls(await settingsOf(config, endpoint));
  const { default: createKnex } = await import("knex");
  const knex = createKnex({
    client: "pg",
    connection: settings as Knex.PgConnectionConfig,
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    ...poolSettings(config),
  });
  const makeReadable = async (raw: unknown): Promise<void> => {
    await (raw as ClientBase).query(READABLE);
  };
  tagConnectErrors(knex, makeReadable, explain);
  const ensureDatabase = async (): Promise<void> => {
    try {
      await knex.raw("select 1");
    } catch (error) {
      if (!isUnknownDatabase(error) || endpoint.database === null) throw error;
      await createDatabase(settings, endpoint.database);
    }
  };
  return {
    knex,
    run: (db, statement) => (db === knex ? runAlone(knex, config, statement) : run(db, statement)),
    async bulk(trx, target, rows) {
      const { copyRows } = await import("./bulk.js");
      return copyRows((await rawConnection(trx)) as ClientBase, target, rows);
    },
    begin: async () => ({ trx: await begin(knex, config), end: async () => undefined }),
    serverInfo: async (schema) => ({ ...(await serverInfo(knex, schema)), tls: endpoint.tls }),
    ...(config.createDatabase ? { createDatabase: ensureDatabase } : {}),
    unknownRoles: (_schema, roles) => unknownRoles(knex, roles),
    close: () => knex.destroy(),
  };
}
