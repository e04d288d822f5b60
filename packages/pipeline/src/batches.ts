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
const BATCH_ROWS = 5_000;
const BATCH_MS = 2_000;

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
  const memory = { undecided: false };
  let filling = new Filling(memory);
  let openScope = false;
  let since = options.clock.now();
  for await (const { emission, settles } of readings) {
    if (settles && emission.kind !== "not-found") filling.settles.push(...settles);
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
        filling.missing.push({ key: emission.key, settles: settles ?? [] });
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
    filling = new Filling(memory, filling.cursor);
    since = options.clock.now();
  }
  if (!filling.isEmpty) yield await filling.close(options, false);
}

class Filling {
  readonly rows: Row[] = [];
  readonly children = new Map<TableSpec, Row[]>();
  readonly gone: GoneRows[] = [];
  readonly missing: { readonly key: KeyValues; readonly settles: readonly WorkEntry[] }[] = [];
  readonly scopes: KeyValues[] = [];
  readonly settles: WorkEntry[] = [];
  cursor: Cursor | null;
  read = 0;
  readonly #memory: { undecided: boolean };

  /** `memory` is that of the whole pass: whether a 404 could not be judged. */
  constructor(memory: { undecided: boolean }, cursor: Cursor | null = null) {
    this.#memory = memory;
    this.cursor = cursor;
  }

  get size(): number {
    return this.rows.length + this.missing.length + this.gone.length + this.scopes.length;
  }

  get isEmpty(): boolean {
    return this.size === 0 && this.settles.length === 0;
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
    await this.#judge(options);
    const merge = options.mergeAt === "batch" || (options.mergeAt === "scope" && !openScope);
    const batch: Batch = {
      rows: this.rows,
      children: [...this.children].map(([table, rows]) => ({ table, rows })),
      merge,
      scopes: this.scopes,
      gone: this.gone,
      cursor: this.cursor,
      settled: this.#settled().map((entry) => ({ id: entry.id, againAt: options.againAt(entry) })),
    };
    return { batch, read: this.read };
  }

  /** A 404 that proves nothing now settles nothing: its entries stay on the work list. */
  async #judge(options: BatcherOptions): Promise<void> {
    if (this.missing.length === 0) return;
    const gone = await options.judgeMissing(this.missing.map(({ key }) => key));
    this.gone.push(...gone);
    const proved = new Set(gone.map(({ key }) => JSON.stringify(key)));
    for (const { key, settles } of this.missing) {
      if (proved.has(JSON.stringify(key))) this.settles.push(...settles);
      else this.#memory.undecided = true;
    }
  }

  /** An entry that stands for several rows is settled only when all of them could be judged. */
  #settled(): readonly WorkEntry[] {
    return this.#memory.undecided ? this.settles.filter(({ effect }) => effect !== "reference") : this.settles;
  }
}
