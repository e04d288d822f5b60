import { TerminalError } from "@tidemark/kernel";

import type { TablePlan } from "../dialect.js";
import type { Store, WarehouseTransaction } from "../store.js";
import { readMeta, writeMeta } from "./meta.js";
import { BOOKKEEPING_TABLES, BOOKKEEPING_VERSION, PUBLIC_TABLES } from "./tables.js";

const VERSION_KEY = "bookkeeping_version";

async function checkServer(store: Store): Promise<void> {
  const { connection, dialect, schema } = store;
  const info = await store.guard("look at the server", () => connection.serverInfo(schema));
  if (info.tooOld) {
    throw new TerminalError("WAREHOUSE_TOO_OLD", `The server is ${info.version}, too old for Tidemark`, {
      remedy: `Use version ${dialect.capabilities.oldestVersion} or later.`,
    });
  }
  if (info.readOnly) {
    const why = info.standby
      ? "it is a standby of another server"
      : "transactions are read-only for this user or database";
    throw new TerminalError("WAREHOUSE_READ_ONLY", `The database ${info.database} accepts no writes: ${why}`, {
      remedy: info.standby ? "Use the primary server's address." : dialect.remedies.readOnly,
    });
  }
  if (!info.schemaExists && !info.mayCreateSchema) {
    throw new TerminalError(
      "WAREHOUSE_DENIED",
      `Schema ${schema} does not exist and user ${info.user} may not create it`,
      {
        where: `${info.database}.${schema}`,
        remedy: dialect.remedies.createSchema(schema, info.user),
      },
    );
  }
  if (!info.mayCreateTables) {
    throw new TerminalError("WAREHOUSE_DENIED", `User ${info.user} may not create tables in schema ${schema}`, {
      where: `${info.database}.${schema}`,
      remedy: dialect.remedies.createTables(schema, info.user),
    });
  }
  for (const note of info.notes ?? []) store.logger.warn(note);
}

/** Names of the schema's tables and views. */
export async function tableNames(tx: Pick<WarehouseTransaction, "run">, store: Store): Promise<Set<string>> {
  const answer = await tx.run(store.dialect.statements.listTables(store.schema));
  return new Set([...answer.rows.map((row) => String(row["table_name"])), ...(store.shadows?.keys() ?? [])]);
}

/** A table's columns, each with whether its collation takes different texts for one; empty when there is no such table. */
export async function tableColumns(
  tx: Pick<WarehouseTransaction, "run">,
  store: Store,
  table: string,
): Promise<Map<string, { readonly loose: boolean }>> {
  const shadow = store.shadows?.get(table);
  if (shadow) return new Map(shadow.map((name) => [name, { loose: false }]));
  const answer = await tx.run(store.dialect.statements.listColumns(store.schema, table));
  return new Map(
    answer.rows.map((row) => [
      String(row["column_name"]),
      { loose: row["loose"] === true || Number(row["loose"]) === 1 },
    ]),
  );
}

/** Names of a table's columns; empty when there is no such table. */
export async function columnNames(
  tx: Pick<WarehouseTransaction, "run">,
  store: Store,
  table: string,
): Promise<Set<string>> {
  return new Set((await tableColumns(tx, store, table)).keys());
}

/** Lets the configured roles read a table; asks first, so that a run without changes takes no lock. */
export async function grantTo(
  tx: WarehouseTransaction,
  store: Store,
  on: { table: string; roles: readonly string[] },
): Promise<void> {
  // Nobody else sees a rehearsal's own tables.
  if (on.roles.length === 0 || store.shadows) return;
  const { statements } = store.dialect;
  const missing = await tx.run(statements.missingGrants(store.schema, on.table, on.roles));
  for (const row of missing.rows) {
    for (const statement of statements.grantSelect(store.schema, on.table, String(row["role"])))
      await tx.run(statement);
  }
}

/** A mistyped name is told before anything is made. */
async function checkRoles(store: Store, roles: readonly string[]): Promise<void> {
  const { connection, schema } = store;
  if (roles.length === 0) return;
  const unknown = await store.guard("look for the roles of grantSelect", () => connection.unknownRoles(schema, roles));
  if (unknown.length === 0) return;
  const names = unknown.map((role) => `"${role}"`).join(", ");
  throw new TerminalError("CONFIG_INVALID", `The database knows no user or role ${names}`, {
    where: "grantSelect",
    remedy: "Correct the name, or make the role first: CREATE ROLE …. Nothing was changed.",
  });
}

/**
 * Makes the database and the schema (when allowed) and the bookkeeping tables, or what an older version's lack.
 * Idempotent; safe when two processes start at once: they take turns under a lock of the schema's name.
 */
export async function prepare(store: Store, grantSelect: readonly string[]): Promise<void> {
  const { createDatabase } = store.connection;
  if (createDatabase) await store.guard("make the database", createDatabase);
  await checkServer(store);
  await checkRoles(store, grantSelect);
  const { statements } = store.dialect;
  await store.transaction("prepare the bookkeeping tables", async (tx) => {
    await tx.lock("prepare");
    const exists = (await tx.run(statements.schemaExists(store.schema))).rows.length > 0;
    if (!exists) await tx.run(statements.createSchema(store.schema));
    const present = await tableNames(tx, store);
    const version = present.has("_tidemark_meta") ? await storedVersion(tx) : 0;
    for (const plan of BOOKKEEPING_TABLES) {
      if (!present.has(plan.name)) {
        for (const statement of statements.createTable(store.schema, plan)) await tx.run(statement);
      } else if (version < BOOKKEEPING_VERSION) await addMissingColumns(tx, store, plan);
    }
    // Last, so that where DDL commits a run that is cut off leaves the rest to the next one.
    if (version < BOOKKEEPING_VERSION) await writeMeta(tx, VERSION_KEY, String(BOOKKEEPING_VERSION));
    for (const table of PUBLIC_TABLES) await grantTo(tx, store, { table, roles: grantSelect });
  });
}

/** Brings a table of an older version up to date; its rows stay. */
async function addMissingColumns(tx: WarehouseTransaction, store: Store, plan: TablePlan): Promise<void> {
  const present = await columnNames(tx, store, plan.name);
  for (const column of plan.columns) {
    if (!present.has(column.name)) await tx.run(store.dialect.statements.addColumn(store.schema, plan.name, column));
  }
}

/** 0 where none is written: tables were begun to be made, or are older than the versions are. */
async function storedVersion(tx: WarehouseTransaction): Promise<number> {
  const version = Number((await readMeta(tx, VERSION_KEY)) ?? "0");
  if (version <= BOOKKEEPING_VERSION) return version;
  throw new TerminalError(
    "WAREHOUSE_SCHEMA_NEWER",
    `The bookkeeping tables have version ${version}; this Tidemark knows ${BOOKKEEPING_VERSION}`,
    { remedy: "Upgrade this Tidemark to the version that the newest run in _tidemark_runs names." },
  );
}
