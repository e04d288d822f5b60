import { BOOKKEEPING, type Result } from "@tidemark/warehouse";

import type { MergeCounts } from "./merge-batch.js";
import type { MergeContext } from "./merge-context.js";
import { type LoadedTable, mergePlan, same } from "./table.js";
import { endVersions, keepVersions } from "./versions.js";

function numberAt(result: Result, column: string): number {
  return Number(result.rows[0]?.[column] ?? 0);
}

/** Sorts staged rows into new, changed and unchanged by one pass over narrow columns, then writes the first two. */
async function mergeTable(context: MergeContext, table: LoadedTable): Promise<Omit<MergeCounts, "unchanged">> {
  const { store, tx, compareAll } = context;
  const { statements } = store.dialect;
  const plan = mergePlan(table, table.stage, compareAll);
  for (const statement of statements.classify(store.schema, plan)) await tx.run(statement);
  const counts = await tx.run(statements.classified(store.schema));
  const fresh = numberAt(counts, "fresh");
  const changed = numberAt(counts, "changed");
  const revived = numberAt(counts, "revived");
  if (fresh > 0) await tx.run(statements.insertNew(store.schema, plan));
  if (changed + revived > 0) await tx.run(statements.updateChanged(store.schema, plan));
  if (fresh + changed + revived > 0) {
    await keepVersions(context, table, { source: { classified: true }, match: same(table.key) });
  }
  for (const statement of statements.endClassify(store.schema)) await tx.run(statement);
  return { inserted: fresh + revived, updated: changed };
}

/** Of rows that were staged twice only the last one stays; how many went. */
async function dropDuplicates({ store, tx }: MergeContext, table: LoadedTable): Promise<number> {
  const { statements } = store.dialect;
  const shadowing = store.shadows === null ? undefined : statements.shadows;
  const steps = shadowing
    ? shadowing.dropDuplicates(store.schema, table.stage, table.key)
    : [statements.dropDuplicates(store.schema, table.stage, table.key)];
  let count = 0;
  for (const step of steps) ({ count } = await tx.run(step));
  return count;
}

/**
 * Lets the planner know what waits in staging before the first statement over it. With statistics from another moment
 * (the last pass, or none merged yet) it took a million unmerged rows for one, and read the table once for each of them.
 */
async function learnStatistics({ store, tx }: MergeContext, table: LoadedTable): Promise<void> {
  const columns = [...table.key, BOOKKEEPING.merged, BOOKKEEPING.sequence];
  for (const one of store.dialect.statements.analyze(store.schema, table.stage, columns)) await tx.run(one);
}

export interface StagedTables {
  readonly main: LoadedTable;
  readonly children: readonly LoadedTable[];
  /** Rows of `main` that wait in staging. */
  readonly waiting: number;
  readonly soft: boolean;
}

/** Merges everything that waits in staging into the tables. Staged rows stay, as yet marked unmerged; `dropped` are the doubles. */
export async function mergeStaged(
  context: MergeContext,
  tables: StagedTables,
): Promise<{ counts: MergeCounts; dropped: number }> {
  const { store, tx } = context;
  const { statements } = store.dialect;
  const { main } = tables;
  for (const statement of statements.tuneMerge()) await tx.run(statement);
  await learnStatistics(context, main);
  // Paging is no snapshot: a row that moved between pages is staged twice.
  const dropped = await dropDuplicates(context, main);
  const counts = await mergeTable(context, main);
  for (const child of tables.children) await mergeStagedChildren(context, child, tables);
  const rows = tables.waiting - dropped;
  return { counts: { ...counts, unchanged: rows - counts.inserted - counts.updated }, dropped };
}

async function mergeStagedChildren(context: MergeContext, child: LoadedTable, tables: StagedTables): Promise<void> {
  const { store, tx } = context;
  const { statements } = store.dialect;
  await learnStatistics(context, child);
  const parentStage = { stage: tables.main.stage, match: child.toParent };
  await tx.run(statements.dropStaleChildren(store.schema, child.stage, parentStage));
  await dropDuplicates(context, child);
  const left = {
    table: child.name,
    within: { source: { table: tables.main.stage, unmerged: true }, match: child.toParent },
    without: [{ source: { table: child.stage, unmerged: true }, match: same(child.key) }],
  };
  await tx.run(
    tables.soft && child.soft
      ? statements.softDeleteMatching(store.schema, left, "absent")
      : statements.deleteMatching(store.schema, left),
  );
  await endVersions(context, child, left.within);
  await mergeTable(context, child);
}
