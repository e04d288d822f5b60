import type { Row } from "@tidemark/catalog";

import {
  dropSeen,
  forgetAbsent,
  isWhole,
  keepSeen,
  outside,
  recordAbsent,
  rememberScopes,
  takeScopes,
} from "./absent.js";
import { type LoaderContext, NOTHING, plus, type Step, tracksAbsence } from "./loader-state.js";
import { insertRows, mergeChildren, type MergeCounts, mergeRows, staged } from "./merge-batch.js";
import { removeRows, removeStaged } from "./remove.js";
import { clearStaging, keepAsSeen, mergeWaiting } from "./staging.js";
import { byKey, joinKey, keySet, keySetsOf, type LoadedTable, same, stageTarget, valuesAt } from "./table.js";
import type { Batch } from "./types.js";

/** A batch with its rows by key. */
interface Work {
  readonly batch: Batch;
  readonly rows: ReadonlyMap<string, Row>;
}

/** Stores a batch: rows first, then what they say about absence, then what is gone, which therefore wins. */
export async function storeBatch(context: LoaderContext, batch: Batch): Promise<Step & { readonly rows: number }> {
  const { main } = context.parts.family;
  const rows = byKey(context.store, main, batch.rows);
  const work = { batch, rows };
  const stored = batch.merge ? await mergeBatch(context, work) : await stageBatch(context, work);
  let { absent } = stored;
  // A row that turns up after its scope was complete is no absentee.
  if (absent > 0 && rows.size > 0) absent -= await forgetAbsent(context, main, { keys: keySet(main, rows.keys()) });
  const step = await removeGone(context, batch, { ...stored, absent });
  return { ...step, rows: rows.size };
}

async function mergeBatch(context: LoaderContext, work: Work): Promise<Step> {
  const { parts, state, began } = context;
  const { checkpoint, absent } = state;
  if (!began) return mergeBeside(context, work);
  const waited = state.waiting > 0;
  const merged = waited ? await mergeWaiting(context) : { counts: NOTHING, dropped: 0 };
  const counts = plus(plus(NOTHING, merged.counts), await mergeWithChildren(context, work, checkpoint.fromEmpty));
  if (tracksAbsence(parts, state)) {
    const seen = await trackSeen(context, work, checkpoint.staged - merged.dropped);
    return { counts, ...seen, waiting: 0 };
  }
  if (waited) await clearStaging(context);
  return { counts, staged: 0, absent, waiting: 0 };
}

/** Merges rows that were read beside an interrupted pass: what it staged of them is older and must not be merged again. */
async function mergeBeside(context: LoaderContext, work: Work): Promise<Step> {
  const { store, tx, parts, state } = context;
  const { main } = parts.family;
  const counts = plus(NOTHING, await mergeWithChildren(context, work, false));
  let { waiting } = state;
  if (waiting > 0 && work.rows.size > 0) {
    const only = { source: { keys: keySet(main, work.rows.keys()) }, match: same(main.key) };
    waiting -= (await tx.run(store.dialect.statements.markMerged(store.schema, main.stage, only))).count;
    for (const child of parts.family.children) {
      const within = { source: only.source, match: child.toParent };
      await tx.run(store.dialect.statements.deleteMatching(store.schema, { table: child.stage, within }));
    }
  }
  return { counts, staged: state.checkpoint.staged, absent: state.absent, waiting };
}

/** Records what complete scopes did not show, and keeps the keys of what belongs to open ones. */
async function trackSeen(
  context: LoaderContext,
  work: Work,
  before: number,
): Promise<{ staged: number; absent: number }> {
  const { parts, state } = context;
  const { main, children } = parts.family;
  const { batch, rows } = work;
  // Scopes that ended while their rows were only staged are judged now, while staging still has what they showed.
  const scopes = [...batch.scopes, ...(await takeScopes(context, parts.object))];
  const after = state.checkpoint.sequence;
  let count = before;
  let { absent } = state;
  if (count > 0 && scopes.some(isWhole)) {
    // All that was seen stands in one table then, which is compared with the whole of another.
    if (rows.size > 0) await keepSeen(context, main, { rows: rows.values(), after });
    absent += await recordAbsent(context, main, { scopes, batch: [], staged: true });
    return { staged: await dropSeen(context, { main, children, staged: count }, scopes), absent };
  }
  if (scopes.length > 0) {
    absent += await recordAbsent(context, main, { scopes, batch: rows.keys(), staged: count > 0 });
    if (count > 0) count = await dropSeen(context, { main, children, staged: count }, scopes);
  }
  if (state.waiting > 0) await keepAsSeen(context, count);
  const open = [...rows.values()].filter(outside(context, main, scopes));
  if (open.length > 0) count += await keepSeen(context, main, { rows: open, after });
  return { staged: count, absent };
}

function childRows(batch: Batch, child: LoadedTable): readonly Row[] {
  return batch.children?.find((entry) => entry.table.name === child.name)?.rows ?? [];
}

async function mergeWithChildren(context: LoaderContext, work: Work, fromEmpty: boolean): Promise<MergeCounts> {
  const { main, children, deletes } = context.parts.family;
  const { batch, rows } = work;
  const withRows = children.map((child) => ({ child, rows: childRows(batch, child) }));
  if (fromEmpty && rows.size > 0 && (await insertRows(context, { main, rows, children: withRows }))) {
    return { inserted: rows.size, updated: 0, unchanged: 0 };
  }
  const counts = await mergeRows(context, main, rows);
  if (rows.size === 0) return counts;
  const parents = keySet(main, rows.keys());
  const soft = deletes === "soft";
  for (const entry of withRows) await mergeChildren(context, entry.child, { parents, rows: entry.rows, soft });
  return counts;
}

async function stageBatch(context: LoaderContext, work: Work): Promise<Step> {
  const { store, tx, parts, state } = context;
  const { main, children } = parts.family;
  const { batch, rows } = work;
  const { checkpoint } = state;
  const sequences = new Map([...rows.keys()].map((key, index) => [key, checkpoint.sequence + index + 1]));
  const place = (key: string): number => sequences.get(key) ?? 0;
  await tx.bulk(stageTarget(main, store.schema), staged([...rows].map(([key, row]) => [row, place(key)])));
  for (const child of children) {
    const parentAt = parentColumnsAt(main, child);
    // A child row has its parent's number: of a parent staged twice only the later one's rows count.
    const numbered = [...byKey(store, child, childRows(batch, child)).values()].map(
      (row) => [row, place(joinKey(valuesAt(store, row, parentAt)))] as const,
    );
    if (numbered.length > 0) await tx.bulk(stageTarget(child, store.schema), staged(numbered));
  }
  if (tracksAbsence(parts, state) && batch.scopes.length > 0) {
    await rememberScopes(context, parts.object, batch.scopes);
  }
  return {
    counts: NOTHING,
    staged: checkpoint.staged + rows.size,
    absent: state.absent,
    waiting: state.waiting + rows.size,
  };
}

/** Where a child row has its parent's key, in the order of that key. */
function parentColumnsAt(main: LoadedTable, child: LoadedTable): number[] {
  return main.key.map((column) => {
    const own = child.toParent.find(([, parentColumn]) => parentColumn === column)?.[0] ?? "";
    return child.columns.indexOf(own);
  });
}

/** Removes what is gone from the tables, and from staging, where it would come back from. */
async function removeGone(context: LoaderContext, batch: Batch, before: Step): Promise<Step> {
  const { family } = context.parts;
  let step = before;
  for (const reason of new Set(batch.gone.map((gone) => gone.reason))) {
    const keys = batch.gone.filter((gone) => gone.reason === reason).map((gone) => gone.key);
    for (const set of keySetsOf(keys, context.store)) {
      const removal = { source: { keys: set }, columns: set.columns, reason };
      const deleted = await removeRows(context, family, removal);
      const unstaged = step.waiting > 0 ? await removeStaged(context, family, removal) : 0;
      // What is proved gone, or left out on purpose, is no absentee that somebody has to judge.
      const known = step.absent > 0 ? await forgetAbsent(context, family.main, { keys: set }) : 0;
      step = {
        counts: plus(step.counts, { deleted }),
        staged: step.staged - unstaged,
        waiting: step.waiting - unstaged,
        absent: step.absent - known,
      };
    }
  }
  return step;
}
