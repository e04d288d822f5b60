import { type ColumnSpec, type ColumnType, pathKey, type TableSpec } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";
import {
  BOOKKEEPING,
  type ColumnPlan,
  forgetColumn,
  grantTo,
  type Lease,
  NO_CHECKPOINT,
  readCheckpoint,
  readRegistry,
  refuseIfHeld,
  registerColumn,
  type RegisteredTable,
  registerTable,
  tableNames,
  type TablePlan,
  type Warehouse,
  type WarehouseTransaction,
  writeCheckpoint,
} from "@tidemark/warehouse";

import { absentName, stageName } from "./names.js";
import type { DeletePolicy } from "./types.js";

/** What {@link ensureTables} had to change. */
export interface EnsureReport {
  readonly created: readonly string[];
  readonly added: readonly { readonly table: string; readonly column: string }[];
  readonly widened: readonly { readonly table: string; readonly column: string; readonly to: ColumnType }[];
}

export interface EnsureOptions {
  /** With `soft` the tables get the columns that mark deleted rows; with `hard` rows marked before are removed. */
  readonly deletes: DeletePolicy;
  /** The caller's own lease of the object, when it has it already. */
  readonly lease?: Lease;
}

interface Work {
  readonly warehouse: Warehouse;
  readonly tx: WarehouseTransaction;
  readonly deletes: DeletePolicy;
  readonly lease: Lease | undefined;
  readonly present: ReadonlySet<string>;
  readonly registry: ReadonlyMap<string, RegisteredTable>;
  readonly report: {
    readonly created: string[];
    readonly added: { table: string; column: string }[];
    readonly widened: { table: string; column: string; to: ColumnType }[];
  };
}

/**
 * Makes the tables of these specs as they should be, with their staging tables: creates, adds columns and indexes of new
 * tables, widens types; never drops or narrows, and leaves alone what people added. Lets the roles of `grantSelect` read
 * them. An object whose table had to be made anew starts over (its watermark is forgotten).
 * @throws TerminalError WAREHOUSE_OCCUPIED when a table or column of that name is not Tidemark's.
 * @throws RetryableError LEASE_HELD when staging must be made anew while another run works on the object.
 */
export async function ensureTables(
  warehouse: Warehouse,
  specs: readonly TableSpec[],
  options: EnsureOptions,
): Promise<EnsureReport> {
  const { store } = warehouse;
  return store.transaction("make the tables", async (tx) => {
    await tx.run(store.dialect.statements.lock(store.schema, "prepare"));
    const present = await tableNames(tx, store);
    const registry = new Map((await readRegistry(tx)).map((table) => [table.name, table]));
    const report = { created: [], added: [], widened: [] };
    const work: Work = { warehouse, tx, deletes: options.deletes, lease: options.lease, present, registry, report };
    for (const spec of specs) await ensureTable(work, spec);
    return report;
  });
}

async function ensureTable(work: Work, spec: TableSpec): Promise<void> {
  const { warehouse, tx, present, registry } = work;
  const registered = registry.get(spec.name);
  let changed = false;
  if (!present.has(spec.name)) {
    await createTable(work, spec);
    await restartObject(work, spec.object);
    changed = true;
  } else if (registered) {
    changed = await alterTable(work, spec, registered);
  } else {
    throw new TerminalError(
      "WAREHOUSE_OCCUPIED",
      `Table ${spec.name} in schema ${warehouse.schema} was not made by Tidemark; nothing was changed in it`,
      {
        where: `${warehouse.schema}.${spec.name}`,
        remedy:
          "Use another schema for this pipeline, or rename that table (after an uninstall that kept it: drop it).",
      },
    );
  }
  await ensureStaging(work, spec, changed);
  await grantTo(tx, warehouse.store, { table: spec.name, roles: warehouse.grantSelect });
}

function isIndexed(spec: TableSpec, column: string): boolean {
  return spec.key.includes(column) || spec.indexes.some((index) => index.includes(column));
}

function planColumn(spec: TableSpec, column: ColumnSpec): ColumnPlan {
  return {
    name: column.name,
    type: column.type,
    indexed: isIndexed(spec, column.name),
    notNull: spec.key.includes(column.name),
  };
}

const SOFT_COLUMNS: readonly ColumnPlan[] = [
  { name: BOOKKEEPING.deletedAt, type: "instant" },
  { name: BOOKKEEPING.deleteReason, type: "text" },
];

async function createTable(work: Work, spec: TableSpec): Promise<void> {
  const { warehouse, tx, report } = work;
  const { schema, store } = warehouse;
  const plan: TablePlan = {
    name: spec.name,
    primaryKey: spec.key,
    indexes: spec.indexes,
    columns: [
      ...spec.columns.map((column) => planColumn(spec, column)),
      { name: BOOKKEEPING.hash, type: "hash", notNull: true },
      { name: BOOKKEEPING.syncedAt, type: "instant", notNull: true, byDefault: "now" },
      ...(work.deletes === "soft" ? SOFT_COLUMNS : []),
    ],
  };
  const limit = store.dialect.capabilities.columns;
  if (plan.columns.length > limit) {
    throw new TerminalError(
      "WAREHOUSE_VALUE",
      `${spec.name} would have ${plan.columns.length} columns, more than the ${limit} that the database allows`,
      { remedy: "Leave columns out with `columns: { exclude: […] }`." },
    );
  }
  const kind = spec.name === spec.object ? "main" : "child";
  await registerTable(tx, { name: spec.name, object: spec.object, kind, key: spec.key });
  for (const statement of store.dialect.statements.createTable(schema, plan)) await tx.run(statement);
  for (const column of spec.columns) await registerColumn(tx, spec.name, column);
  report.created.push(spec.name);
}

/** Adds and widens columns of a table that is there; true when its staging no longer fits. */
async function alterTable(work: Work, spec: TableSpec, registered: RegisteredTable): Promise<boolean> {
  const { warehouse, tx, report } = work;
  const { statements } = warehouse.store.dialect;
  const found = await tx.run(statements.listColumns(warehouse.schema, spec.name));
  const present = new Set(found.rows.map((row) => String(row["column_name"])));
  const known = new Map(registered.columns.map((column) => [column.name, column]));
  let changed = await renameColumns(work, spec, { known, present });
  for (const column of spec.columns) {
    const before = known.get(column.name);
    if (!present.has(column.name)) {
      await tx.run(statements.addColumn(warehouse.schema, spec.name, planColumn(spec, column)));
      await registerColumn(tx, spec.name, column);
      report.added.push({ table: spec.name, column: column.name });
      changed = true;
    } else if (!before) {
      throw occupiedColumn(warehouse.schema, spec.name, column.name);
    } else if (before.type !== column.type) {
      changed = (await widen(work, spec.name, { column, from: before.type })) || changed;
    }
  }
  await ensureSoftColumns(work, spec.name, present);
  return changed;
}

/** A column that a person gave another name keeps its values, its indexes and what was built upon it. */
async function renameColumns(
  work: Work,
  spec: TableSpec,
  table: { known: Map<string, RegisteredTable["columns"][number]>; present: Set<string> },
): Promise<boolean> {
  const { warehouse, tx } = work;
  const wanted = new Set(spec.columns.map((column) => column.name));
  let changed = false;
  for (const column of spec.columns) {
    if (table.present.has(column.name)) continue;
    const before = [...table.known.values()].find(
      ({ name, path }) => pathKey(path) === pathKey(column.path) && table.present.has(name) && !wanted.has(name),
    );
    if (!before) continue;
    const change = { from: before.name, to: column.name };
    await tx.run(warehouse.store.dialect.statements.renameColumn(warehouse.schema, spec.name, change));
    await forgetColumn(tx, spec.name, before.name);
    await registerColumn(tx, spec.name, { ...before, name: column.name });
    table.known.set(column.name, { ...before, name: column.name });
    table.present.delete(before.name);
    table.present.add(column.name);
    changed = true;
  }
  return changed;
}

function occupiedColumn(schema: string, table: string, column: string): TerminalError {
  return new TerminalError(
    "WAREHOUSE_OCCUPIED",
    `Column ${column} of ${table} was not made by Tidemark, and Okta now has an attribute that needs this name`,
    {
      where: `${schema}.${table}.${column}`,
      remedy: `Rename that column, or give the attribute another name with \`columns: { rename: … }\`. Nothing was changed.`,
    },
  );
}

async function ensureSoftColumns(work: Work, table: string, present: ReadonlySet<string>): Promise<void> {
  const { warehouse, tx, deletes } = work;
  const { statements } = warehouse.store.dialect;
  if (deletes === "soft") {
    for (const column of SOFT_COLUMNS) {
      if (!present.has(column.name)) await tx.run(statements.addColumn(warehouse.schema, table, column));
    }
  } else if (deletes === "hard" && present.has(BOOKKEEPING.deletedAt)) {
    await tx.run(statements.purgeDeleted(warehouse.schema, table));
  }
}

/** The narrowest type that holds values of both without loss; text holds all. */
function widerType(from: ColumnType, to: ColumnType): ColumnType {
  if (from === to) return from;
  const numbers: readonly ColumnType[] = ["integer", "double"];
  return numbers.includes(from) && numbers.includes(to) ? "double" : "text";
}

async function widen(work: Work, table: string, change: { column: ColumnSpec; from: ColumnType }): Promise<boolean> {
  const { warehouse, tx, report } = work;
  const { statements } = warehouse.store.dialect;
  const { column, from } = change;
  let to = widerType(from, column.type);
  if (to === from) return false;
  if (from === "integer" && to === "double") {
    const answer = await tx.run(statements.integersFitDouble(warehouse.schema, table, column.name));
    if (answer.rows[0]?.["fits"] !== true) to = "text";
  }
  await tx.run(statements.widenColumn(warehouse.schema, table, { column: column.name, from, to }));
  await registerColumn(tx, table, { ...column, type: to });
  report.widened.push({ table, column: column.name, to });
  return true;
}

/** Staging follows its table. A pass whose staged rows no longer fit it starts over. */
async function ensureStaging(work: Work, spec: TableSpec, changed: boolean): Promise<void> {
  const { warehouse, tx, present } = work;
  const { statements, capabilities } = warehouse.store.dialect;
  const stage = stageName(spec.name, capabilities);
  const absent = absentName(spec.name, capabilities);
  const isMain = spec.name === spec.object;
  if (present.has(stage) && !changed && (!isMain || present.has(absent))) return;
  // A run at work would take the emptied staging for a listing that showed nothing.
  await refuseIfHeld(tx, warehouse.store, { object: spec.object, own: work.lease });
  const registered = (await readRegistry(tx, spec.object)).find((table) => table.name === spec.name);
  const plans: TablePlan[] = [
    {
      name: stage,
      primaryKey: [],
      columns: [
        ...(registered?.columns ?? spec.columns).map(({ name, type }) => ({ name, type })),
        { name: BOOKKEEPING.hash, type: "hash" },
        { name: BOOKKEEPING.sequence, type: "integer" },
        { name: BOOKKEEPING.merged, type: "boolean", notNull: true },
      ],
    },
  ];
  if (isMain) {
    const key = spec.key.map((name): ColumnPlan => ({ name, type: "text", indexed: true, notNull: true }));
    plans.push({ name: absent, primaryKey: spec.key, columns: key });
  }
  for (const plan of plans) {
    await tx.run(statements.dropTable(warehouse.schema, plan.name));
    for (const statement of statements.createTable(warehouse.schema, plan)) await tx.run(statement);
    await registerTable(tx, { name: plan.name, object: spec.object, kind: "staging", key: [] });
  }
  await restartPass(work, spec.object);
}

/** Without its rows, the table is not what the watermark says. */
async function restartObject(work: Work, object: string): Promise<void> {
  const before = await readCheckpoint(work.tx, object);
  if (before.watermark === null && before.pass === null) return;
  await writeCheckpoint(work.tx, object, { ...NO_CHECKPOINT, memory: before.memory });
}

async function restartPass(work: Work, object: string): Promise<void> {
  const before = await readCheckpoint(work.tx, object);
  if (before.staged === 0) return;
  await writeCheckpoint(work.tx, object, { ...NO_CHECKPOINT, watermark: before.watermark, memory: before.memory });
}
