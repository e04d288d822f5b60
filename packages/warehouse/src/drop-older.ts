import type { Knex } from "knex";

import type { Store } from "./store.js";

/** Rows that age out, and the tables whose rows go with theirs. */
export interface AgingTable {
  readonly table: string;
  /** The only key column. */
  readonly key: string;
  /** Instant that tells a row's age. */
  readonly column: string;
  /** Tables with a column that holds the key. */
  readonly children: readonly { readonly table: string; readonly column: string }[];
}

/** Rows of one transaction: a key is a parameter of the statement, and SQL Server takes 2,100 (Maximum capacity specifications). */
const STEP = 1_000;

/**
 * Deletes rows whose instant lies before `before`, children first, in short transactions, and tells how many rows went.
 * Marked rows go as well. What a crash leaves is deleted by the next call.
 */
export async function dropOlder(store: Store, aging: AgingTable, before: Date): Promise<number> {
  let dropped = 0;
  for (;;) {
    const count = await store.transaction(`drop old rows of ${aging.table}`, async (tx) => {
      const rows = (await tx
        .table(aging.table)
        .where(aging.column, "<", before as Knex.Value)
        .orderBy(aging.column)
        .limit(STEP)
        .select({ key: aging.key })) as { key: string }[];
      const keys = rows.map(({ key }) => key);
      if (keys.length === 0) return 0;
      for (const child of aging.children) await tx.table(child.table).whereIn(child.column, keys).delete();
      await tx.table(aging.table).whereIn(aging.key, keys).delete();
      return keys.length;
    });
    dropped += count;
    if (count < STEP) return dropped;
  }
}
