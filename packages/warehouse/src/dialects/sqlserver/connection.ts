import type { Knex } from "knex";

import type { WarehouseConfig } from "../../config.js";
import type { Connection, OpenTransaction, Result, Statement } from "../../dialect.js";
import { poolSettings, QUIET, rawConnection, releaseConnection, tagConnectErrors } from "../../driver.js";
import { loadRows } from "./bulk.js";
import { clientClass } from "./client.js";
import { createDatabase } from "./create-database.js";
import { closeConnection, type DriverConnection, execute, idle, openConnection, positioned } from "./driver.js";
import { isUnknownDatabase } from "./errors.js";
import { serverInfo } from "./server-info.js";
import { settingsOf } from "./settings.js";
import { plain } from "./sql.js";

/** Statements of which somebody wants to know how many rows they changed. */
const CHANGES = /^\s*(?:insert|update|delete)\b/i;

/**
 * Below knex. The number of changed rows is asked for: what the protocol tells also counts rows that people's triggers
 * change.
 */
async function run(db: Knex, statement: Statement): Promise<Result> {
  const connection = (await rawConnection(db)) as DriverConnection;
  try {
    const changes = CHANGES.test(statement.sql);
    const sql = positioned(statement.sql) + (changes ? ";\nselect @@rowcount as changed" : "");
    const { rows } = await execute(connection, { sql, bindings: statement.bindings, transacting: isTransaction(db) });
    return changes ? { rows: [], count: Number(rows[0]?.["changed"]) } : { rows, count: rows.length };
  } finally {
    await releaseConnection(db, connection);
  }
}

function isTransaction(db: Knex): boolean {
  return (db as { isTransaction?: boolean }).isTransaction === true;
}

/** Begins on a connection of its own, which goes back to the pool only without a transaction. */
async function begin(knex: Knex): Promise<OpenTransaction> {
  const connection = (await rawConnection(knex)) as DriverConnection;
  const end = async (): Promise<void> => {
    await idle(connection);
    if (connection.inTransaction) await closeConnection(connection);
    await releaseConnection(knex, connection);
  };
  try {
    return { trx: await knex.transaction({ connection } as Knex.TransactionConfig), end };
  } catch (error) {
    await end();
    throw error;
  }
}

/**
 * Names of `roles` that are no user or role of the database. Who may not look at all of them cannot tell (Microsoft Learn,
 * "sys.database_principals", permissions), and gets none.
 */
async function unknownRoles(knex: Knex, roles: readonly string[]): Promise<string[]> {
  const answer = await run(
    knex,
    plain(
      `select r.role from openjson(?) with (role nvarchar(128) '$') as r
       where (user_name() = 'dbo' or has_perms_by_name(db_name(), 'DATABASE', 'VIEW DEFINITION') = 1)
         and not exists (select 1 from sys.database_principals as u where u.name = r.role collate database_default)`,
      JSON.stringify(roles),
    ),
  );
  return answer.rows.map((row) => String(row["role"]));
}

/** Opens a pool; the first statement connects. */
export async function connect(config: WarehouseConfig): Promise<Connection> {
  const { configuration, endpoint } = await settingsOf(config);
  const requireTls = endpoint.tls !== "off";
  const { default: createKnex } = await import("knex");
  const knex = createKnex({
    client: await clientClass(() => openConnection(configuration, { requireTls })),
    // How to connect is no business of knex; it makes a pool when there is something here.
    connection: {},
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    ...poolSettings(config),
  });
  tagConnectErrors(knex);
  const ensureDatabase = async (): Promise<void> => {
    try {
      await run(knex, plain("select 1 as one"));
    } catch (error) {
      if (!isUnknownDatabase(error)) throw error;
      await createDatabase(configuration, { name: endpoint.database, requireTls });
    }
  };
  return {
    knex,
    run,
    bulk: async (trx, target, rows) => loadRows((await rawConnection(trx)) as DriverConnection, target, rows),
    begin: () => begin(knex),
    serverInfo: async (schema) => ({
      ...(await serverInfo((statement) => run(knex, statement), schema)),
      tls: endpoint.tls,
    }),
    ...(config.createDatabase ? { createDatabase: ensureDatabase } : {}),
    unknownRoles: (_schema, roles) => unknownRoles(knex, roles),
    close: () => knex.destroy(),
  };
}
