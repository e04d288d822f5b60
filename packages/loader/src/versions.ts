import type { ColumnSpec, TableSpec } from "@tidemark/catalog";
import {
  BOOKKEEPING,
  type Capabilities,
  type HistoryPlan,
  type KeySet,
  type Match,
  type Source,
} from "@tidemark/warehouse";

import { EVENT_AT, type VersionTimes } from "./event-times.js";
import type { MergeContext } from "./merge-context.js";
import { historyName } from "./names.js";
import type { LoadedTable } from "./table.js";

/** Name of the fact that an object's histories are kept, and hold what the tables held when they were begun. */
export function versionedMark(object: string): string {
  return `history:${object}`;
}

const VERSION_COLUMNS: readonly ColumnSpec[] = [
  { name: BOOKKEEPING.validFrom, type: "instant", path: ["{history}", "valid_from"] },
  { name: BOOKKEEPING.validFromBy, type: "text", path: ["{history}", "valid_from_by"] },
  { name: BOOKKEEPING.validTo, type: "instant", path: ["{history}", "valid_to"] },
  { name: BOOKKEEPING.validToBy, type: "text", path: ["{history}", "valid_to_by"] },
  { name: BOOKKEEPING.current, type: "boolean", path: ["{history}", "current"] },
];

/** The table that keeps the versions of a table: its columns, and from when to when they held. */
export function historySpec(spec: TableSpec, limits: Pick<Capabilities, "identifierBytes">): TableSpec {
  return {
    name: historyName(spec.name, limits),
    object: spec.object,
    key: [...spec.key, BOOKKEEPING.validFrom],
    columns: [...spec.columns, ...VERSION_COLUMNS],
    indexes: spec.indexes,
  };
}

/** Rows that were written, with what they are found by in the table whose versions are kept. */
export interface Touched {
  readonly source: Source;
  readonly match: Match;
}

/**
 * Brings a table's history up to what its rows are now: versions that are over end, and live rows without a current one
 * get it. Only rows that match `touched`; all when it is left out. Does nothing where no history is kept. Two statements,
 * however many rows; running it again changes nothing.
 */
export async function keepVersions(context: MergeContext, table: LoadedTable, touched?: Touched): Promise<void> {
  await change(context, table, { touched, opens: true });
}

/** The same for rows that left: versions end, none begins. */
export async function endVersions(context: MergeContext, table: Versioned, touched: Touched): Promise<void> {
  await change(context, table, { touched, opens: false });
}

/** What of a table is needed to keep its history. */
export type Versioned = Pick<LoadedTable, "name" | "history" | "key" | "columns" | "soft" | "changedAt" | "changedIn">;

async function change(
  context: MergeContext,
  table: Versioned,
  what: { touched: Touched | undefined; opens: boolean },
): Promise<void> {
  const { store, tx, versions } = context;
  if (table.history === null || versions === null) return;
  const { statements } = store.dialect;
  const base: HistoryPlan = {
    target: table.name,
    history: table.history,
    key: table.key,
    columns: table.columns,
    soft: table.soft,
    changedAt: table.changedAt,
    changedIn: table.changedIn,
    observedAt: new Date(versions.now()).toISOString(),
  };
  const parts = what.touched === undefined ? [undefined] : withEventTimes(what.touched, versions);
  for (const within of parts) {
    const plan: HistoryPlan = within ? { ...base, within } : base;
    await tx.run(statements.closeVersions(store.schema, plan));
    if (what.opens) await tx.run(statements.openVersions(store.schema, plan));
  }
}

/** First what events tell the time of, then the rest. */
function withEventTimes({ source, match }: Touched, { events }: VersionTimes): NonNullable<HistoryPlan["within"]>[] {
  if (events.none) return [{ source, match }];
  if (!("keys" in source)) {
    // Which rows a table holds is not known here; looking at more rows than were touched changes nothing.
    const told = events.among(match.map(([, column]) => column)).map((keys) => ({
      source: { keys },
      match: match.filter(([, column]) => keys.columns.includes(column)),
      eventAt: EVENT_AT,
    }));
    return [...told, { source, match }];
  }
  const { keys } = source;
  const timed: string[][] = [];
  const others: (readonly string[])[] = [];
  for (const row of keys.rows) {
    const at = events.about(keys.columns, row);
    if (at === undefined) others.push(row);
    else timed.push([...row, new Date(at).toISOString()]);
  }
  const types = keys.columns.map((_, index) => keys.types?.[index] ?? ("text" as const));
  const told: KeySet = { columns: [...keys.columns, EVENT_AT], types: [...types, "instant"], rows: timed };
  return [
    ...(timed.length > 0 ? [{ source: { keys: told }, match, eventAt: EVENT_AT }] : []),
    ...(others.length > 0 ? [{ source: { keys: { ...keys, rows: others } }, match }] : []),
  ];
}
