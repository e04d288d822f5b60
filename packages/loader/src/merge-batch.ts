import type { Row } from "@tidemark/catalog";
import { BOOKKEEPING, type BulkRow, type KeySet } from "@tidemark/warehouse";

import type { MergeContext } from "./merge-context.js";
import { bulkTarget, byKey, joinKey, keySet, type LoadedTable, mergePlan, same } from "./table.js";
import { endVersions, keepVersions, type Touched } from "./versions.js";

/** What merging a batch into one table did. */
export interface MergeCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
}

/** Changed rows of a batch on their way into the table. */
const WORK = "_tidemark_work";

interface Stored {
  readonly hash: string;
  readonly live: boolean;
}

/** What the table has of some rows, by key. */
export type StoredRows = ReadonlyMap<string, Stored>;

async function probe(
  context: MergeContext,
  table: LoadedTable,
  by: { keys: KeySet; match: readonly (readonly [string, string])[] },
): Promise<StoredRows> {
  const { store, tx } = context;
  const plan = { target: table.name, soft: table.soft, columns: table.key, ...by };
  const answer = await tx.run(store.dialect.statements.probe(store.schema, plan));
  const stored = new Map<string, Stored>();
  for (const row of answer.rows) {
    const key = joinKey(table.key.map((column) => String(row[column])));
    stored.set(key, { hash: String(row["hash"]), live: row["live"] === true || row["live"] === 1 });
  }
  return stored;
}

function* withHash(rows: Iterable<Row>): Generator<BulkRow> {
  for (const row of rows) yield { values: row.values, extra: [row.hash] };
}

/**
 * Merges rows that are at hand: asks the table for keys and hashes, sends the new ones straight into it and the changed
 * ones through a work table, and nothing of the rest. A row that was marked as deleted and is back counts as inserted.
 */
export async function mergeRows(
  context: MergeContext,
  table: LoadedTable,
  rows: ReadonlyMap<string, Row>,
  stored?: StoredRows,
): Promise<MergeCounts> {
  if (rows.size === 0) return { inserted: 0, updated: 0, unchanged: 0 };
  const { store, tx, compareAll } = context;
  const there = stored ?? (await probe(context, table, { keys: keySet(table, rows.keys()), match: same(table.key) }));
  const fresh: Row[] = [];
  const candidates: Row[] = [];
  const touched: string[] = [];
  let revived = 0;
  for (const [key, row] of rows) {
    const old = there.get(key);
    if (!old) fresh.push(row);
    else if (compareAll || !old.live || old.hash !== row.hash) {
      candidates.push(row);
      if (!old.live) revived++;
    } else continue;
    touched.push(key);
  }
  if (fresh.length > 0) {
    await tx.bulk(bulkTarget(table, { schema: store.schema, table: table.name }), withHash(fresh));
  }
  const changed = candidates.length > 0 ? await updateRows(context, table, candidates) : 0;
  if (touched.length > 0) await keepVersions(context, table, ownKeys(table, touched));
  return {
    inserted: fresh.length + revived,
    updated: changed - revived,
    unchanged: rows.size - fresh.length - changed,
  };
}

function ownKeys(table: LoadedTable, keys: Iterable<string>): Touched {
  return { source: { keys: keySet(table, keys) }, match: same(table.key) };
}

/**
 * Sends rows and child rows straight into their tables, in the hope that none is there: true for all but a row that
 * moved between two pages of a first load. False when one was, and then nothing was done. Saves the question for keys, which
 * takes about half as long as the COPY itself (measured: 40 to 55 ms against 100 ms for 5,000 rows of 40 columns).
 */
export async function insertRows(
  context: MergeContext,
  batch: {
    main: LoadedTable;
    rows: ReadonlyMap<string, Row>;
    children: readonly { child: LoadedTable; rows: readonly Row[] }[];
  },
): Promise<boolean> {
  const { store, tx } = context;
  if (!store.dialect.capabilities.bulkRefusesDuplicates) return false;
  return tx.unlessDuplicate(async (inner) => {
    const insert = async (table: LoadedTable, rows: ReadonlyMap<string, Row>): Promise<void> => {
      await inner.bulk(bulkTarget(table, { schema: store.schema, table: table.name }), withHash(rows.values()));
      await keepVersions({ ...context, tx: inner }, table, ownKeys(table, rows.keys()));
    };
    await insert(batch.main, batch.rows);
    for (const { child, rows } of batch.children) {
      if (rows.length > 0) await insert(child, byKey(store, child, rows));
    }
  });
}

async function updateRows(context: MergeContext, table: LoadedTable, rows: readonly Row[]): Promise<number> {
  const { store, tx, compareAll } = context;
  const { statements } = store.dialect;
  const plan = { target: table.name, work: WORK, columns: table.columns };
  for (const statement of statements.createWork(store.schema, plan)) await tx.run(statement);
  await tx.bulk(bulkTarget(table, { schema: store.schema, table: WORK, work: true }), withHash(rows));
  const updated = await tx.run(statements.updateFromWork(store.schema, mergePlan(table, WORK, compareAll)));
  await tx.run(statements.dropWork(store.schema, WORK));
  return updated.count;
}

/**
 * Replaces the child rows of the given parents: what the batch has is merged, what it no longer has is removed.
 * `parents` are whole keys of the parent table.
 */
export async function mergeChildren(
  context: MergeContext,
  child: LoadedTable,
  batch: { parents: KeySet; rows: readonly Row[]; soft: boolean },
): Promise<void> {
  const { store, tx } = context;
  const rows = byKey(store, child, batch.rows);
  const stored = await probe(context, child, { keys: batch.parents, match: child.toParent });
  const left = [...stored].filter(([key, old]) => old.live && !rows.has(key)).map(([key]) => key);
  if (left.length > 0) {
    const { statements } = store.dialect;
    const plan = { table: child.name, within: { source: { keys: keySet(child, left) }, match: same(child.key) } };
    const marks = batch.soft && child.soft;
    await tx.run(
      marks
        ? statements.softDeleteMatching(store.schema, plan, "absent")
        : statements.deleteMatching(store.schema, plan),
    );
    await endVersions(context, child, plan.within);
  }
  await mergeRows(context, child, rows, stored);
}

/** Staged rows of a table: content, hash, order of arrival, and not merged yet. */
export function* staged(rows: Iterable<readonly [Row, number]>): Generator<BulkRow> {
  for (const [row, sequence] of rows) yield { values: row.values, extra: [row.hash, sequence, false] };
}

/** Seen keys: rows that are in the table already and of which only the key is kept. */
export function seenTarget(table: LoadedTable, schema: string) {
  return {
    schema,
    table: table.stage,
    columns: [
      ...table.key.map((name, index) => ({ name, type: table.keyTypes[index] ?? ("text" as const) })),
      { name: BOOKKEEPING.sequence, type: "integer" as const },
      { name: BOOKKEEPING.merged, type: "boolean" as const },
    ],
  };
}
