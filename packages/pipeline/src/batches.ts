import type { KeyValues, Row, TableSpec } from "@tidemark/catalog";
import type { Emission } from "@tidemark/extractor";
import type { Clock, Cursor } from "@tidemark/kernel";
import type { Batch, GoneRows } from "@tidemark/loader";
import type { Transformer } from "@tidemark/transformer";

import type { WorkEntry } from "./work-list.js";

/** An emission with the work-list entries that it settles. */
export interface Reading {
  readonly emission: Emission;
  readonly settles?: readonly WorkEntry[];
}

/** Rows a commit holds, or the time it waits, at most: commits of 5,000 rows cost 4 % over none at all (measured). */
export const BATCH_ROWS = 5_000;
export const BATCH_MS = 2_000;

/** When staged rows are merged: as they come, once their scope is read to its end, or all in one step at the end of the pass. */
export type MergeAt = "batch" | "scope" | "end";

export interface BatcherOptions {
  readonly transformer: Transformer;
  readonly clock: Clock;
  readonly mergeAt: MergeAt;
  /** True: the row belongs to the selection. Others leave the table. */
  readonly keep: ((item: unknown) => boolean) | null;
  /** What to do about a 404, decided with Okta at hand; resolves to the rows that are proved gone. */
  readonly judgeMissing: (keys: readonly KeyValues[]) => Promise<readonly GoneRows[]>;
  readonly onMissed: (scope: Extract<Emission, { kind: "missed" }>) => void;
  readonly onScope: (scope: Extract<Emission, { kind: "scope" }>) => void;
  /** Sees every item before it becomes a row. */
  readonly onItems: (items: readonly unknown[], cursor: Cursor | null) => void;
  readonly onRejected: (reasons: readonly string[]) => void;
  /** When an entry read now must be read once more; null = settled. */
  readonly againAt: (entry: WorkEntry) => number | null;
}

/** A batch and how many items it was made of. */
export interface FilledBatch {
  readonly batch: Batch;
  readonly read: number;
}

/**
 * Gathers emissions into commits of about {@link BATCH_ROWS} rows or {@link BATCH_MS}. A commit's cursor is that of its
 * last emission, so rows and cursor always stand for each other.
 */
export async function* intoBatches(
  readings: AsyncIterable<Reading>,
  options: BatcherOptions,
): AsyncGenerator<FilledBatch> {
  let filling = new Filling();
  let openScope = false;
  let since = options.clock.now();
  for await (const { emission, settles } of readings) {
    if (settles) filling.settled.push(...settles.map((entry) => ({ id: entry.id, againAt: options.againAt(entry) })));
    switch (emission.kind) {
      case "items":
        options.onItems(emission.items, emission.cursor);
        filling.add(emission, options);
        openScope = emission.scoped;
        break;
      case "scope":
        options.onScope(emission);
        filling.scopes.push(emission.scope);
        openScope = false;
        break;
      case "not-found":
        filling.missing.push(emission.key);
        break;
      case "removed":
        filling.gone.push({ key: emission.key, reason: emission.because });
        break;
      case "missed":
        options.onMissed(emission);
        openScope = false;
        break;
      default:
        emission satisfies never;
    }
    if ("cursor" in emission) filling.cursor = emission.cursor ?? filling.cursor;
    if (filling.size < BATCH_ROWS && options.clock.now() - since < BATCH_MS) continue;
    yield await filling.close(options, openScope);
    filling = new Filling(filling.cursor);
    since = options.clock.now();
  }
  if (!filling.isEmpty) yield await filling.close(options, false);
}

class Filling {
  readonly rows: Row[] = [];
  readonly children = new Map<TableSpec, Row[]>();
  readonly gone: GoneRows[] = [];
  readonly missing: KeyValues[] = [];
  readonly scopes: KeyValues[] = [];
  readonly settled: { id: string; againAt: number | null }[] = [];
  cursor: Cursor | null;
  read = 0;

  constructor(cursor: Cursor | null = null) {
    this.cursor = cursor;
  }

  get size(): number {
    return this.rows.length + this.missing.length + this.gone.length + this.scopes.length;
  }

  get isEmpty(): boolean {
    return this.size === 0 && this.settled.length === 0;
  }

  add(emission: Extract<Emission, { kind: "items" }>, options: BatcherOptions): void {
    const { keep, transformer } = options;
    if (emission.items.length === 0) return;
    this.read += emission.items.length;
    const kept = keep === null ? emission.items : emission.items.filter(keep);
    const page = transformer.transform(kept, emission.parent);
    for (const row of page.rows) this.rows.push(row);
    for (const child of page.children) {
      const rows = this.children.get(child.table);
      if (rows) rows.push(...child.rows);
      else this.children.set(child.table, [...child.rows]);
    }
    if (page.rejects.length > 0) options.onRejected(page.rejects.map((reject) => reject.reason));
    if (keep !== null && kept.length < emission.items.length) {
      const left = transformer.keysOf(
        emission.items.filter((item) => !keep(item)),
        emission.parent,
      );
      for (const key of left) this.gone.push({ key, reason: "filtered" });
    }
  }

  async close(options: BatcherOptions, openScope: boolean): Promise<FilledBatch> {
    if (this.missing.length > 0) this.gone.push(...(await options.judgeMissing(this.missing)));
    const merge = options.mergeAt === "batch" || (options.mergeAt === "scope" && !openScope);
    const batch: Batch = {
      rows: this.rows,
      children: [...this.children].map(([table, rows]) => ({ table, rows })),
      merge,
      scopes: this.scopes,
      gone: this.gone,
      cursor: this.cursor,
      settled: this.settled,
    };
    return { batch, read: this.read };
  }
}
