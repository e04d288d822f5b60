import type { ColumnSpec, ColumnType, TableSpec } from "@tidemark/catalog";
import {
  BOOKKEEPING,
  type ColumnPlan,
  forgetColumn,
  type Lease,
  NO_CHECKPOINT,
  readCheckpoint,
  readRegistry,
  registerColumn,
  type RegisteredColumn,
  type RegisteredTable,
  registerNewTable,
  registerTable,
  type Statement,
  type TablePlan,
  type Warehouse,
  type WarehouseTransaction,
  writeCheckpoint,
  writeMeta,
} from "@tidemark/warehouse";

import { fillContinuation } from "./fill-continuation.js";
import { absentName, stageName } from "./names.js";
import type { DeletePolicy } from "./types.js";
import { versionedMark } from "./versions.js";

/** Making tables, in one transaction. */
export interface Work {
  readonly warehouse: Warehouse;
  readonly tx: WarehouseTransaction;
  readonly deletes: DeletePolicy;
  readonly lease: Lease | undefined;
  readonly present: ReadonlySet<string>;
  readonly registry: ReadonlyMap<string, RegisteredTable>;
}

export interface Widening {
  readonly column: ColumnSpec;
  readonly from: ColumnType;
  readonly to: ColumnType;
}

/** A column that goes by another name, as the registry has it then. */
export interface Renaming {
  readonly from: string;
  readonly column: RegisteredColumn;
}

/** What has to be done to a table. */
export interface TableChange {
  readonly spec: TableSpec;
  readonly kind: "main" | "child" | "history";
  readonly create: boolean;
  readonly rename: readonly Renaming[];
  /** Names that the registry has and the table no longer. */
  readonly forgotten: readonly string[];
  readonly add: readonly ColumnSpec[];
  readonly widen: readonly Widening[];
  /** Columns of soft deletes to add. */
  readonly soft: readonly ColumnPlan[];
  /** Rows marked as deleted leave. */
  readonly purge: boolean;
  /** Staging is missing, or no longer fits. */
  readonly restage: boolean;
}

export const SOFT_COLUMNS: readonly ColumnPlan[] = [
  { name: BOOKKEEPING.deletedAt, type: "instant" },
  { name: BOOKKEEPING.deleteReason, type: "text" },
];

/**
 * Does it. Where DDL commits what came before it, each step leaves a state that the next call finishes: staging goes
 * first and comes last, so that its absence tells of a change that was cut off; a watermark is forgotten before its table
 * is made anew; the registry knows a column before the table has it, and a wider type after.
 */
export async function applyChange(all: Work, change: TableChange): Promise<void> {
  const { spec } = change;
  const work = change.kind === "history" ? forHistory(all) : all;
  if (change.restage) await dropStaging(work, spec);
  if (work.warehouse.store.shadows) await changeShadow(work, change);
  else if (change.create) await createTable(work, change);
  else await alterTable(work, change);
  if (change.purge) {
    await work.tx.run(work.warehouse.store.dialect.statements.purgeDeleted(work.warehouse.schema, spec.name));
  }
  if (change.restage) {
    await fillContinuation(work, change);
    await createStaging(work, spec);
  }
}

/** Versions are never marked as deleted: they end. */
export function forHistory(work: Work): Work {
  return { ...work, deletes: "ignore" };
}

async function runAll(work: Work, statements: readonly Statement[]): Promise<void> {
  for (const statement of statements) await work.tx.run(statement);
}

function planColumn(spec: TableSpec, column: Pick<ColumnSpec, "name" | "type">): ColumnPlan {
  return {
    name: column.name,
    type: column.type,
    indexed: spec.key.includes(column.name) || spec.indexes.some((index) => index.includes(column.name)),
    notNull: spec.key.includes(column.name),
  };
}

function tablePlan(spec: TableSpec, columns: readonly ColumnPlan[]): TablePlan {
  return {
    name: spec.name,
    primaryKey: spec.key,
    indexes: spec.indexes,
    columns: [
      ...columns,
      // A row that fill-continuation.ts makes has no content, and therefore an empty hash.
      {
        name: BOOKKEEPING.hash,
        type: "hash",
        notNull: true,
        ...(spec.continues === undefined ? {} : { byDefault: "" }),
      },
      { name: BOOKKEEPING.syncedAt, type: "instant", notNull: true, byDefault: "now" },
    ],
  };
}

async function register(work: Work, { spec, kind }: TableChange): Promise<void> {
  const { name, object, key, columns } = spec;
  await registerNewTable(work.tx, { name, object, kind, key, columns });
}

function newTable(change: TableChange): TablePlan {
  const { spec } = change;
  const plan = tablePlan(
    spec,
    spec.columns.map((column) => planColumn(spec, column)),
  );
  return { ...plan, columns: [...plan.columns, ...change.soft] };
}

async function createTable(work: Work, change: TableChange): Promise<void> {
  const { warehouse } = work;
  await restart(work, change);
  await register(work, change);
  await runAll(work, warehouse.store.dialect.statements.createTable(warehouse.schema, newTable(change)));
}

async function alterTable(work: Work, change: TableChange): Promise<void> {
  const { warehouse, tx } = work;
  const { statements } = warehouse.store.dialect;
  const { spec } = change;
  for (const name of change.forgotten) await forgetColumn(tx, spec.name, name);
  for (const { from, column } of change.rename) {
    await registerColumn(tx, spec.name, column);
    await tx.run(statements.renameColumn(warehouse.schema, spec.name, { from, to: column.name }));
    await forgetColumn(tx, spec.name, from);
  }
  for (const column of change.add) {
    await registerColumn(tx, spec.name, column);
    await tx.run(statements.addColumn(warehouse.schema, spec.name, planColumn(spec, column)));
  }
  for (const { column, from, to } of change.widen) {
    await runAll(work, statements.widenColumn(warehouse.schema, spec.name, { column: column.name, from, to }));
    await registerColumn(tx, spec.name, { ...column, type: to });
  }
  for (const column of change.soft) await tx.run(statements.addColumn(warehouse.schema, spec.name, column));
}

/** The change as only this rehearsal sees it: another table in the place of the one that has to change. */
async function changeShadow(work: Work, change: TableChange): Promise<void> {
  const { warehouse, tx, registry, deletes } = work;
  const { schema, store } = warehouse;
  const shadowing = store.dialect.statements.shadows;
  const { spec } = change;
  if (!shadowing || !store.shadows) return;
  if (change.create) {
    await restart(work, change);
    await register(work, change);
    const plan = newTable(change);
    await runAll(work, shadowing.create(schema, plan));
    store.shadows.set(
      spec.name,
      plan.columns.map((column) => column.name),
    );
    return;
  }
  if (change.rename.length + change.add.length + change.widen.length + change.soft.length === 0) return;
  const widened = new Map(change.widen.map((one) => [one.column.name, one.to]));
  const known = new Map(registry.get(spec.name)?.columns.map((column) => [column.name, column.type]));
  for (const { column } of change.rename) known.set(column.name, column.type);
  const typeOf = (column: ColumnSpec): ColumnType => widened.get(column.name) ?? known.get(column.name) ?? column.type;
  const base = tablePlan(
    spec,
    spec.columns.map((column) => planColumn(spec, { name: column.name, type: typeOf(column) })),
  );
  const wasSoft = deletes === "soft" && change.soft.length === 0;
  const plan = { ...base, columns: [...base.columns, ...(deletes === "soft" ? SOFT_COLUMNS : [])] };
  const missing = new Set([...change.add, ...(wasSoft ? [] : SOFT_COLUMNS)].map((column) => column.name));
  const columns = plan.columns.map((column) => column.name).filter((name) => !missing.has(name));
  const renamed = new Map(change.rename.map((one) => [one.column.name, one.from]));
  const from = change.widen.map((one) => ({ column: one.column.name, from: one.from, to: one.to }));
  await runAll(work, shadowing.copy(schema, plan, { columns, renamed, widened: from }));
  for (const column of spec.columns) await registerColumn(tx, spec.name, { ...column, type: typeOf(column) });
  store.shadows.set(
    spec.name,
    plan.columns.map((column) => column.name),
  );
}

function stagingNames(work: Work, spec: TableSpec): { stage: string; absent: string | null } {
  const { capabilities } = work.warehouse.store.dialect;
  const isMain = spec.name === spec.object;
  return { stage: stageName(spec.name, capabilities), absent: isMain ? absentName(spec.name, capabilities) : null };
}

/** A pass whose staged rows no longer fit the table starts over. */
async function dropStaging(work: Work, spec: TableSpec): Promise<void> {
  const { warehouse, tx } = work;
  const { store, schema } = warehouse;
  const { statements } = store.dialect;
  await restartPass(work, spec.object);
  const { stage, absent } = stagingNames(work, spec);
  for (const name of absent === null ? [stage] : [stage, absent]) {
    if (!store.shadows) await tx.run(statements.dropTable(schema, name));
    else if (store.shadows.delete(name) && statements.shadows) await tx.run(statements.shadows.drop(schema, name));
  }
}

async function createStaging(work: Work, spec: TableSpec): Promise<void> {
  const { warehouse, tx } = work;
  const { store, schema } = warehouse;
  const { statements, capabilities } = store.dialect;
  const { stage, absent } = stagingNames(work, spec);
  const registered = (await readRegistry(tx, spec.object)).find((table) => table.name === spec.name);
  const plans: TablePlan[] = [
    {
      name: stage,
      primaryKey: capabilities.indexStaging ? [...spec.key, BOOKKEEPING.sequence] : [],
      columns: [
        ...(registered?.columns ?? spec.columns).map(({ name, type }) => ({
          name,
          type,
          indexed: spec.key.includes(name),
        })),
        { name: BOOKKEEPING.hash, type: "hash" },
        { name: BOOKKEEPING.sequence, type: "integer" },
        { name: BOOKKEEPING.merged, type: "boolean", notNull: true },
      ],
    },
  ];
  if (absent !== null) {
    const key = spec.key.map((name): ColumnPlan => ({ name, type: "text", indexed: true, notNull: true }));
    plans.push({ name: absent, primaryKey: spec.key, columns: key });
  }
  for (const plan of plans) {
    await registerTable(tx, { name: plan.name, object: spec.object, kind: "staging", key: [] });
    if (store.shadows && statements.shadows) {
      await runAll(work, statements.shadows.create(schema, plan));
      store.shadows.set(
        plan.name,
        plan.columns.map((column) => column.name),
      );
    } else {
      await runAll(work, statements.createTable(schema, plan));
    }
  }
}

/** What is not kept in a table that is made anew is read again; a history is filled from its table. */
async function restart(work: Work, { spec, kind }: TableChange): Promise<void> {
  if (kind === "history") await writeMeta(work.tx, versionedMark(spec.object), null);
  // A table that continues another and is new never had anything that would be missing now.
  else if (spec.continues === undefined || work.registry.has(spec.name)) await restartObject(work, spec.object);
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
