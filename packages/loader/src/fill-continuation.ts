import { BOOKKEEPING, columnNames, type Source } from "@tidemark/warehouse";

import type { TableChange, Work } from "./change-tables.js";
import { same } from "./table.js";

/**
 * Gives a table that continues another the rows that it lacks: one, with the key alone, for each of the main table's live
 * rows. An attribute that finds no room there then needs no new reading of all rows, and every row has its counterpart.
 */
export async function fillContinuation(work: Work, { spec, create }: TableChange): Promise<void> {
  const { warehouse, tx } = work;
  const { store, schema } = warehouse;
  if (spec.continues === undefined) return;
  // In the place of one that is there, a rehearsal has a copy of all its rows; some databases read that only once a statement.
  if (store.shadows && !create) return;
  const main = await columnNames(tx, store, spec.continues);
  const match = same(spec.key);
  const source: Source = { table: spec.name };
  const plan = {
    table: spec.continues,
    columns: spec.key,
    live: main.has(BOOKKEEPING.deletedAt),
    ...(create ? {} : { without: [{ source, match }] }),
  };
  await tx.run(store.dialect.statements.insertMatching(schema, spec.name, plan));
}
