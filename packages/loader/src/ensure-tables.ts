import { type ColumnSpec, type ColumnType, pathKey, type TableSpec } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";
import {
  BOOKKEEPING,
  type ColumnPlan,
  grantTo,
  type Lease,
  readRegistry,
  refuseIfHeld,
  type RegisteredTable,
  tableColumns,
  tableNames,
  type Warehouse,
} from "@tidemark/warehouse";

import {
  applyChange,
  forHistory,
  type Renaming,
  SOFT_COLUMNS,
  type TableChange,
  type Widening,
  type Work,
} from "./change-tables.js";
import { absentName, stageName } from "./names.js";
import type { DeletePolicy } from "./types.js";
import { historySpec } from "./versions.js";

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
  /** Each table gets a history beside it. */
  readonly history?: boolean;
}

/**
 * Makes the tables of these specs as they should be, with their staging tables: creates, adds columns and indexes of new
 * tables, widens types; never drops or narrows, and leaves alone what people added. Lets the roles of `grantSelect` read
 * them. An object whose table had to be made anew starts over (its watermark is forgotten). All that can be refused is
 * refused before anything is changed; a change that was cut off is finished by the next call.
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
    await tx.lock("prepare");
    const present = await tableNames(tx, store);
    const registry = new Map((await readRegistry(tx)).map((table) => [table.name, table]));
    const work: Work = { warehouse, tx, deletes: options.deletes, lease: options.lease, present, registry };
    const changes: TableChange[] = [];
    for (const spec of specs) {
      changes.push(await planTable(work, spec, spec.name === spec.object ? "main" : "child"));
      if (options.history)
        changes.push(await planTable(work, historySpec(spec, store.dialect.capabilities), "history"));
    }
    for (const change of changes) await applyChange(work, change);
    for (const { name } of changes.map((change) => change.spec))
      await grantTo(tx, store, { table: name, roles: warehouse.grantSelect });
    return {
      created: changes.filter((change) => change.create).map((change) => change.spec.name),
      added: changes.flatMap(({ spec, add }) => add.map((column) => ({ table: spec.name, column: column.name }))),
      widened: changes.flatMap(({ spec, widen }) =>
        widen.map(({ column, to }) => ({ table: spec.name, column: column.name, to })),
      ),
    };
  });
}

/** What has to be done to a table; refuses what must not be done. */
async function planTable(work: Work, spec: TableSpec, kind: TableChange["kind"]): Promise<TableChange> {
  const { warehouse, tx, present, registry } = work;
  const registered = registry.get(spec.name);
  if (present.has(spec.name) && !registered) {
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
  const own = kind === "history" ? forHistory(work) : work;
  const change = present.has(spec.name) && registered ? await planAlter(own, spec, registered) : planCreate(own, spec);
  if (kind === "history") return { ...change, kind, restage: false };
  const restage =
    change.create || change.rename.length + change.add.length + change.widen.length > 0 || !hasStaging(work, spec);
  // A run at work would take the emptied staging for a listing that showed nothing.
  if (restage) await refuseIfHeld(tx, warehouse.store, { object: spec.object, own: work.lease });
  return { ...change, kind, restage };
}

function hasStaging(work: Work, spec: TableSpec): boolean {
  const { capabilities } = work.warehouse.store.dialect;
  const isMain = spec.name === spec.object;
  return (
    work.present.has(stageName(spec.name, capabilities)) &&
    (!isMain || work.present.has(absentName(spec.name, capabilities)))
  );
}

type Plan = Omit<TableChange, "restage" | "kind">;

function planCreate(work: Work, spec: TableSpec): Plan {
  const soft = work.deletes === "soft" ? SOFT_COLUMNS : [];
  return { spec, create: true, rename: [], forgotten: [], add: [], widen: [], soft, purge: false };
}

/** Columns to add and to widen in a table that is there. */
async function planAlter(work: Work, spec: TableSpec, registered: RegisteredTable): Promise<Plan> {
  const { warehouse, tx, deletes } = work;
  const { columnNamesIgnoreCase } = warehouse.store.dialect.capabilities;
  const fold = (name: string): string => (columnNamesIgnoreCase ? name.toLowerCase() : name);
  const columns = await tableColumns(tx, warehouse.store, spec.name);
  refuseLooseKey(warehouse, spec, (name) => columns.get(name)?.loose === true);
  const present = new Set(Array.from(columns.keys(), fold));
  const known = new Map(registered.columns.map((column) => [column.name, column]));
  const rename = renamings(spec, registered, (name) => present.has(fold(name)));
  for (const { from, column } of rename) {
    known.set(column.name, column);
    present.delete(fold(from));
    present.add(fold(column.name));
  }
  const add: ColumnSpec[] = [];
  const widen: Widening[] = [];
  for (const column of spec.columns) {
    const before = known.get(column.name);
    if (!present.has(fold(column.name))) add.push(column);
    else if (!before) throw occupiedColumn(warehouse.schema, spec.name, column.name);
    else {
      const to = await widerFor(work, spec.name, { column, from: before.type });
      if (to !== before.type) widen.push({ column, from: before.type, to });
    }
  }
  const soft = deletes === "soft" ? SOFT_COLUMNS.filter((column: ColumnPlan) => !present.has(column.name)) : [];
  const paths = new Map(spec.columns.map((column) => [pathKey(column.path), column.name]));
  // What an earlier renaming, cut off, left in the registry.
  const forgotten = registered.columns
    .filter(({ name, path }) => !present.has(fold(name)) && (paths.get(pathKey(path)) ?? name) !== name)
    .map((column) => column.name)
    .filter((name) => rename.every(({ from }) => from !== name));
  return {
    spec,
    create: false,
    rename,
    forgotten,
    add,
    widen,
    soft,
    purge: deletes === "hard" && present.has(BOOKKEEPING.deletedAt),
  };
}

/** A key that somebody gave another collation would put one row in the place of another. */
function refuseLooseKey({ schema, store }: Warehouse, spec: TableSpec, isLoose: (name: string) => boolean): void {
  const column = spec.key.find(isLoose);
  if (column === undefined) return;
  throw new TerminalError(
    "WAREHOUSE_COLLATION",
    `The collation of the key column ${column} of ${spec.name} takes ids that differ, as in case alone, for one: rows would be lost. Nothing was changed`,
    {
      where: `${schema}.${spec.name}.${column}`,
      remedy:
        store.dialect.remedies.collation?.(schema, spec.name, column) ??
        "Give the column a collation that compares byte by byte, then run again.",
    },
  );
}

/** Columns that a person gave another name: they keep their values, their indexes and what was built upon them. */
function renamings(spec: TableSpec, registered: RegisteredTable, isThere: (name: string) => boolean): Renaming[] {
  const wanted = new Set(spec.columns.map((column) => column.name));
  return spec.columns.flatMap((column) => {
    if (isThere(column.name)) return [];
    const before = registered.columns.find(
      ({ name, path }) => pathKey(path) === pathKey(column.path) && isThere(name) && !wanted.has(name),
    );
    return before ? [{ from: before.name, column: { ...before, name: column.name } }] : [];
  });
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

/** The narrowest type that holds values of both without loss; text holds all. */
function widerType(from: ColumnType, to: ColumnType): ColumnType {
  if (from === to) return from;
  const numbers: readonly ColumnType[] = ["integer", "double"];
  return numbers.includes(from) && numbers.includes(to) ? "double" : "text";
}

/** The type that a column needs; integers that would lose digits as doubles become text. */
async function widerFor(
  work: Work,
  table: string,
  change: { column: ColumnSpec; from: ColumnType },
): Promise<ColumnType> {
  const { warehouse, tx } = work;
  const { column, from } = change;
  const to = widerType(from, column.type);
  if (from !== "integer" || to !== "double") return to;
  const answer = await tx.run(
    warehouse.store.dialect.statements.integersFitDouble(warehouse.schema, table, column.name),
  );
  const fits = answer.rows[0]?.["fits"];
  return fits === true || fits === 1 ? "double" : "text";
}
