import type { KeyValues, Row, TableSpec } from "@tidemark/catalog";
import { type Checkpoint, type Pass, RetryableError, TerminalError } from "@tidemark/kernel";
import {
  checkLease,
  type Lease,
  putObjectStatus,
  settle,
  type Store,
  type StoredCheckpoint,
  type WarehouseTransaction,
  writeCheckpoint,
} from "@tidemark/warehouse";

import { dropSeen, forgetAbsent, keepSeen, outside, recordAbsent, rememberScopes, takeScopes } from "./absent.js";
import { insertRows, type MergeContext, mergeChildren, type MergeCounts, mergeRows, staged } from "./merge-batch.js";
import { mergeStaged } from "./merge-stage.js";
import { type Family, removeRows } from "./remove.js";
import { byKey, joinKey, keySet, keySetsOf, type LoadedTable, stageTarget, valuesAt } from "./table.js";
import type { Batch, Finish, LoadCounts, ObjectLoader } from "./types.js";

export interface LoaderParts {
  readonly store: Store;
  readonly object: string;
  readonly family: Family;
  readonly lease: Lease;
  readonly compareAll: boolean;
  /** Rows of the object never leave, so nobody needs to know which were seen. */
  readonly appendOnly: boolean;
  readonly runId: string;
  readonly state: LoaderState;
  readonly end: () => Promise<void>;
}

/** What is in the database beside the rows; replaced as a whole after each transaction that succeeded. */
export interface LoaderState {
  readonly checkpoint: StoredCheckpoint;
  readonly rowsBefore: number;
  /** Rows of the main table's staging that are not merged. */
  readonly waiting: number;
  readonly absent: number;
}

const NOTHING: LoadCounts = { inserted: 0, updated: 0, unchanged: 0, deleted: 0 };

function plus(a: LoadCounts, b: Partial<LoadCounts>): LoadCounts {
  return {
    inserted: a.inserted + (b.inserted ?? 0),
    updated: a.updated + (b.updated ?? 0),
    unchanged: a.unchanged + (b.unchanged ?? 0),
    deleted: a.deleted + (b.deleted ?? 0),
  };
}

/** {@link ObjectLoader} on a warehouse. */
export class TableLoader implements ObjectLoader {
  readonly #parts: LoaderParts;
  #state: LoaderState;
  /** A pass was begun here, so commits stand for its place. */
  #began = false;
  #closed = false;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
    this.#state = parts.state;
  }

  get tables(): readonly TableSpec[] {
    return [this.#main, ...this.#children].map((table) => table.spec);
  }

  get checkpoint(): Checkpoint {
    const { pass, cursor, watermark, memory } = this.#state.checkpoint;
    return { pass, cursor, watermark, memory };
  }

  get rowsBefore(): number {
    return this.#state.rowsBefore;
  }

  get #main(): LoadedTable {
    return this.#parts.family.main;
  }

  get #children(): readonly LoadedTable[] {
    return this.#parts.family.children;
  }

  /** Nothing in the table can be absent from this pass's listing. */
  get #tracksAbsence(): boolean {
    return this.#parts.family.deletes !== "ignore" && !this.#parts.appendOnly && !this.#state.checkpoint.fromEmpty;
  }

  async begin(pass: Pass): Promise<void> {
    const before = this.#state.checkpoint;
    if (before.pass?.id === pass.id) {
      this.#began = true;
      return;
    }
    await this.#write("begin a pass", async (context) => {
      const { store, tx } = context;
      const { statements } = store.dialect;
      await this.#clearStaging(context);
      const live = await tx.run(statements.count(store.schema, this.#main.name, this.#main.soft));
      const all = await tx.run(statements.count(store.schema, this.#main.name, false));
      const rowsBefore = Number(live.rows[0]?.["n"]);
      const checkpoint: StoredCheckpoint = {
        ...before,
        pass,
        cursor: before.pass === null ? before.cursor : null,
        staged: 0,
        sequence: 0,
        rowsBefore,
        fromEmpty: Number(all.rows[0]?.["n"]) === 0,
      };
      await writeCheckpoint(tx, this.#parts.object, checkpoint);
      return { state: { checkpoint, rowsBefore, waiting: 0, absent: 0 }, result: undefined };
    });
    this.#began = true;
  }

  async commit(batch: Batch): Promise<LoadCounts> {
    if (!this.#began && (batch.cursor !== null || batch.scopes.length > 0 || !batch.merge)) {
      throw new TerminalError("INTERNAL", `A batch of ${this.#parts.object} belongs to a pass that was not begun`);
    }
    return this.#write(`store a batch of ${this.#parts.object}`, async (context) => {
      const rows = byKey(context.store, this.#main, batch.rows);
      const step = batch.merge
        ? await this.#mergeBatch(context, batch, rows)
        : await this.#stageBatch(context, batch, rows);
      let absent = step.absent;
      if (absent > 0 && rows.size > 0) {
        absent -= await forgetAbsent(context, this.#main, { keys: keySet(this.#main, rows.keys()) });
      }
      const deleted = await this.#removeGone(context, batch);
      if (batch.settled) await settle(context.tx, batch.settled);
      const before = this.#state.checkpoint;
      const checkpoint: StoredCheckpoint = {
        ...before,
        cursor: this.#began ? batch.cursor : before.cursor,
        staged: step.staged,
        sequence: before.sequence + rows.size,
      };
      await writeCheckpoint(context.tx, this.#parts.object, checkpoint);
      const state = { ...this.#state, checkpoint, absent, waiting: step.waiting };
      return { state, result: plus(step.counts, { deleted }) };
    });
  }

  async findAbsent(): Promise<number> {
    if (!this.#tracksAbsence || !this.#began) return this.#state.absent;
    return this.#write(`look for absent rows of ${this.#parts.object}`, async (context) => {
      await this.#checkStaging(context);
      const scopes = await takeScopes(context, this.#parts.object);
      const seen = { scopes, batch: [], staged: true };
      const absent = this.#state.absent + (scopes.length > 0 ? await recordAbsent(context, this.#main, seen) : 0);
      return { state: { ...this.#state, absent }, result: absent };
    });
  }

  async absentees(limit: number): Promise<KeyValues[]> {
    if (this.#state.absent === 0) return [];
    const { store } = this.#parts;
    return store.guard(`read absent rows of ${this.#parts.object}`, async () => {
      const plan = { table: this.#main.absent, columns: this.#main.key, limit, live: false };
      const answer = await store.read(store.dialect.statements.selectMatching(store.schema, plan));
      return answer.rows as KeyValues[];
    });
  }

  async finish(finish: Finish): Promise<LoadCounts> {
    return this.#write(`end the pass of ${this.#parts.object}`, async (context) => {
      let counts = NOTHING;
      if (this.#began) {
        if (this.#state.waiting > 0) counts = plus(counts, (await this.#mergeWaiting(context)).counts);
        counts = plus(counts, { deleted: await this.#removeAbsent(context, finish) });
      }
      const checkpoint = await this.#endPass(context, finish);
      const state = this.#began
        ? { ...this.#state, checkpoint, waiting: 0, absent: 0 }
        : { ...this.#state, checkpoint };
      return { state, result: counts };
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#parts.end();
    } finally {
      await this.#parts.lease.release();
    }
  }

  /** One fenced transaction; the state it leads to holds once it has committed. */
  async #write<T>(
    doing: string,
    work: (context: MergeContext) => Promise<{ state: LoaderState; result: T }>,
  ): Promise<T> {
    const { store, lease, compareAll } = this.#parts;
    const { state, result } = await store.transaction(doing, async (tx: WarehouseTransaction) => {
      await checkLease(tx, store, lease);
      return work({ store, tx, compareAll });
    });
    this.#state = state;
    return result;
  }

  async #mergeBatch(context: MergeContext, batch: Batch, rows: ReadonlyMap<string, Row>): Promise<Step> {
    const { checkpoint } = this.#state;
    // Without a pass of our own, what an interrupted one staged is not ours to merge.
    const waiting = this.#began ? this.#state.waiting : 0;
    const merged = waiting > 0 ? await this.#mergeWaiting(context) : { counts: NOTHING, dropped: 0 };
    const fromEmpty = this.#began && checkpoint.fromEmpty;
    const counts = plus(plus(NOTHING, merged.counts), await this.#mergeRows(context, { batch, rows, fromEmpty }));
    const step = { counts, staged: checkpoint.staged - merged.dropped, absent: this.#state.absent };
    if (!this.#began) return { ...step, waiting: this.#state.waiting };
    if (this.#tracksAbsence)
      return { ...step, ...(await this.#track(context, { batch, rows, staged: step.staged })), waiting: 0 };
    if (waiting > 0) await this.#clearStaging(context);
    return { ...step, staged: 0, waiting: 0 };
  }

  /** Records what complete scopes did not show, and keeps the keys of what belongs to open ones. */
  async #track(
    context: MergeContext,
    seen: { batch: Batch; rows: ReadonlyMap<string, Row>; staged: number },
  ): Promise<{ staged: number; absent: number }> {
    const { main, children } = this.#parts.family;
    const { batch, rows } = seen;
    const waited = this.#state.waiting > 0;
    // Scopes that ended while their rows were only staged are judged now, while staging still has what they showed.
    const scopes = [...batch.scopes, ...(await takeScopes(context, this.#parts.object))];
    let { staged } = seen;
    let { absent } = this.#state;
    if (scopes.length > 0) {
      absent += await recordAbsent(context, main, { scopes, batch: rows.keys(), staged: staged > 0 });
      if (staged > 0) staged = await dropSeen(context, { main, children, staged }, scopes);
    }
    if (waited) await this.#keepAsSeen(context);
    const open = [...rows.values()].filter(outside(context, main, scopes));
    if (open.length > 0) staged += await keepSeen(context, main, open);
    return { staged, absent };
  }

  async #stageBatch(context: MergeContext, batch: Batch, rows: ReadonlyMap<string, Row>): Promise<Step> {
    const { store, tx } = context;
    const main = this.#main;
    const { checkpoint } = this.#state;
    const sequences = new Map([...rows.keys()].map((key, index) => [key, checkpoint.sequence + index + 1]));
    const place = (key: string): number => sequences.get(key) ?? 0;
    await tx.bulk(stageTarget(main, store.schema), staged([...rows].map(([key, row]) => [row, place(key)])));
    for (const child of this.#children) {
      const children = batch.children?.find((entry) => entry.table.name === child.name)?.rows ?? [];
      const parentAt = this.#parentColumnsAt(child);
      // A child row has its parent's number: of a parent staged twice only the later one's rows count.
      const numbered = [...byKey(store, child, children).values()].map(
        (row) => [row, place(joinKey(valuesAt(store, row, parentAt)))] as const,
      );
      if (numbered.length > 0) await tx.bulk(stageTarget(child, store.schema), staged(numbered));
    }
    if (this.#tracksAbsence && batch.scopes.length > 0) await rememberScopes(context, this.#parts.object, batch.scopes);
    return {
      counts: NOTHING,
      staged: checkpoint.staged + rows.size,
      absent: this.#state.absent,
      waiting: this.#state.waiting + rows.size,
    };
  }

  /** Where a child row has its parent's key, in the order of that key. */
  #parentColumnsAt(child: LoadedTable): number[] {
    return this.#main.key.map((column) => {
      const own = child.toParent.find(([, parentColumn]) => parentColumn === column)?.[0] ?? "";
      return child.columns.indexOf(own);
    });
  }

  /** Merges a batch's rows and child rows. */
  async #mergeRows(
    context: MergeContext,
    work: { batch: Batch; rows: ReadonlyMap<string, Row>; fromEmpty: boolean },
  ): Promise<MergeCounts> {
    const { batch, rows } = work;
    const children = this.#children.map((child) => ({
      child,
      rows: batch.children?.find((entry) => entry.table.name === child.name)?.rows ?? [],
    }));
    if (work.fromEmpty && rows.size > 0 && (await insertRows(context, { main: this.#main, rows, children }))) {
      return { inserted: rows.size, updated: 0, unchanged: 0 };
    }
    const counts = await mergeRows(context, this.#main, rows);
    if (rows.size === 0) return counts;
    const parents = keySet(this.#main, rows.keys());
    const soft = this.#parts.family.deletes === "soft";
    for (const entry of children) await mergeChildren(context, entry.child, { parents, rows: entry.rows, soft });
    return counts;
  }

  /** What is staged is evidence of what exists: nothing is concluded from staging that somebody else has touched. */
  async #checkStaging(context: MergeContext): Promise<void> {
    const { store, tx } = context;
    const { staged } = this.#state.checkpoint;
    const answer = await tx.run(store.dialect.statements.count(store.schema, this.#main.stage, false));
    const found = Number(answer.rows[0]?.["n"]);
    if (found === staged) return;
    throw new RetryableError(
      "WAREHOUSE_CONFLICT",
      `Staging of ${this.#parts.object} holds ${found} rows instead of ${staged}: somebody else changed it. Nothing was merged or deleted`,
      { where: this.#main.stage, remedy: "Run again: the pass starts over." },
    );
  }

  async #mergeWaiting(context: MergeContext): ReturnType<typeof mergeStaged> {
    await this.#checkStaging(context);
    const { family } = this.#parts;
    const { main, children } = family;
    return mergeStaged(context, { main, children, waiting: this.#state.waiting, soft: family.deletes === "soft" });
  }

  /** Rows just merged whose scope is still open stay as seen keys. */
  async #keepAsSeen(context: MergeContext): Promise<void> {
    const { store, tx } = context;
    const { statements } = store.dialect;
    await tx.run(statements.markMerged(store.schema, this.#main.stage));
    for (const child of this.#children) await tx.run(statements.empty(store.schema, child.stage));
  }

  async #removeGone(context: MergeContext, batch: Batch): Promise<number> {
    let deleted = 0;
    for (const reason of new Set(batch.gone.map((gone) => gone.reason))) {
      const keys = batch.gone.filter((gone) => gone.reason === reason).map((gone) => gone.key);
      for (const set of keySetsOf(keys, context.store)) {
        const removal = { source: { keys: set }, columns: set.columns, reason };
        deleted += await removeRows(context, this.#parts.family, removal);
      }
    }
    return deleted;
  }

  async #removeAbsent(context: MergeContext, finish: Finish): Promise<number> {
    const main = this.#main;
    let deleted = 0;
    for (const set of keySetsOf(finish.spared ?? [], context.store)) await forgetAbsent(context, main, { keys: set });
    for (const set of keySetsOf(finish.filtered ?? [], context.store)) {
      await forgetAbsent(context, main, { keys: set });
      const removal = { source: { keys: set }, columns: set.columns, reason: "filtered" as const };
      deleted += await removeRows(context, this.#parts.family, removal);
    }
    if (finish.deleteAbsent && this.#state.absent > 0) {
      const removal = { source: { table: main.absent }, columns: main.key, reason: "absent" as const };
      deleted += await removeRows(context, this.#parts.family, removal);
    }
    return deleted;
  }

  async #endPass(context: MergeContext, finish: Finish): Promise<StoredCheckpoint> {
    const { store, tx } = context;
    const { object, runId } = this.#parts;
    const before = this.#state.checkpoint;
    const kept = { ...before, watermark: finish.watermark ?? before.watermark, memory: finish.memory };
    let checkpoint: StoredCheckpoint = kept;
    if (this.#began) {
      await this.#clearStaging(context);
      checkpoint = {
        ...kept,
        pass: null,
        cursor: finish.cursor,
        staged: 0,
        sequence: 0,
        rowsBefore: null,
        fromEmpty: false,
      };
    }
    await writeCheckpoint(tx, object, checkpoint);
    const live = await tx.run(store.dialect.statements.count(store.schema, this.#main.name, this.#main.soft));
    await putObjectStatus(tx, store, {
      object,
      tableName: this.#main.name,
      watermark: checkpoint.watermark,
      rows: Number(live.rows[0]?.["n"]),
      lastRunId: runId,
      ...(this.#began && before.pass ? { mode: before.pass.mode } : {}),
      ...(finish.complete && before.pass ? { lastReconcileAt: before.pass.startedAt } : {}),
    });
    return checkpoint;
  }

  async #clearStaging(context: MergeContext): Promise<void> {
    const { store, tx } = context;
    const { statements } = store.dialect;
    const { checkpoint, absent } = this.#state;
    if (checkpoint.staged > 0 || this.#state.waiting > 0) {
      for (const table of [this.#main, ...this.#children]) await tx.run(statements.empty(store.schema, table.stage));
    }
    if (absent > 0) await tx.run(statements.empty(store.schema, this.#main.absent));
    await takeScopes(context, this.#parts.object);
  }
}

interface Step {
  readonly counts: LoadCounts;
  readonly staged: number;
  readonly absent: number;
  readonly waiting: number;
}
