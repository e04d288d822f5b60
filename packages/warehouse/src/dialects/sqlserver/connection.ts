import type { Knex } from "knex";

import type { WarehouseConfig } from "../../config.js";
import type { Connection, OpenTransaction, Result, Statement } from "../../dialect.js";
import { QUIET, rawConnection, releaseConnection, tagConnectErrors } from "../../driver.js";
import { loadRows } from "./bulk.js";
import { clientClass } from "./client.js";
import { closeConnection, type DriverConnection, execute, idle, openConnection, positioned } from "./driver.js";
import { serverInfo } from "./server-info.js";
import { settingsOf } from "./settings.js";

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

/** Opens a pool; the first statement connects. */
export async function connect(config: WarehouseConfig): Promise<Connection> {
  const { configuration, requireTls } = await settingsOf(config);
  const { default: createKnex } = await import("knex");
  const knex = createKnex({
    client: await clientClass(() => openConnection(configuration, { requireTls })),
    // How to connect is no business of knex; it makes a pool when there is something here.
    connection: {},
    // Bound values stay out of error messages.
    compileSqlOnError: false,
    log: QUIET,
    pool: { min: 0, max: config.poolSize ?? 10 },
    acquireConnectionTimeout: (config.connectTimeoutMs ?? 10_000) + 20_000,
  });
  tagConnectErrors(knex);
  return {
    knex,
    run,
    bulk: async (trx, target, rows) => loadRows((await rawConnection(trx)) as DriverConnection, target, rows),
    begin: () => begin(knex),
    serverInfo: (schema) => serverInfo((statement) => run(knex, statement), schema),
    close: () => knex.destroy(),
  };
}
