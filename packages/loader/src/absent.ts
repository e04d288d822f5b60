import type { KeyValues, Row } from "@tidemark/catalog";
import type { RowsMatching, Source } from "@tidemark/warehouse";

import { seenTarget } from "./merge-batch.js";
import type { MergeContext } from "./merge-context.js";
import { joinKey, keySet, keySetsOf, type LoadedTable, same, valuesAt } from "./table.js";

const SCOPES = "_tidemark_scopes";

/** Scopes that were read to their end, by the columns that name them; `whole` when the whole object was. */
interface ReadScopes {
  readonly whole: boolean;
  readonly sources: readonly { readonly source: Source; readonly columns: readonly string[] }[];
}

/** The scope is the whole object. */
export function isWhole(scope: KeyValues): boolean {
  return Object.keys(scope).length === 0;
}

function readScopes(context: MergeContext, scopes: readonly KeyValues[]): ReadScopes {
  const whole = scopes.some(isWhole);
  const sources = whole
    ? []
    : keySetsOf(scopes, context.store).map((keys) => ({ source: { keys }, columns: keys.columns }));
  return { whole, sources };
}

/**
 * Records as absentees the live rows of these scopes that neither the batch nor staging has; returns how many are new.
 * Staging holds every key that the pass has shown so far in scopes that were not complete.
 */
export async function recordAbsent(
  context: MergeContext,
  main: LoadedTable,
  seen: { scopes: readonly KeyValues[]; batch: Iterable<string>; staged: boolean },
): Promise<number> {
  const { store, tx } = context;
  const { whole, sources } = readScopes(context, seen.scopes);
  const match = same(main.key);
  const without = [{ source: { table: main.absent }, match }];
  const batch = keySet(main, seen.batch);
  if (batch.rows.length > 0) without.push({ source: { keys: batch } as never, match });
  if (seen.staged) without.push({ source: { table: main.stage }, match });
  const plan: RowsMatching = { table: main.name, without, live: main.soft };
  const within: RowsMatching["within"][] = whole
    ? [undefined]
    : sources.map(({ source, columns }) => ({ source, match: same(columns) }));
  let count = 0;
  for (const scope of within) {
    const select = { ...plan, columns: main.key, ...(scope ? { within: scope } : {}) };
    count += (await tx.run(store.dialect.statements.insertMatching(store.schema, main.absent, select))).count;
  }
  return count;
}

/** Rows that turned up after all, or whose end is known, are no absentees. The keys may be parts of keys. */
export async function forgetAbsent(context: MergeContext, main: LoadedTable, keys: Source): Promise<number> {
  const { store, tx } = context;
  const columns = "keys" in keys ? keys.keys.columns : main.key;
  const plan = { table: main.absent, within: { source: keys, match: same(columns) } };
  return (await tx.run(store.dialect.statements.deleteMatching(store.schema, plan))).count;
}

/** True for a row that lies in none of the scopes: its key must be kept until its own scope is complete. */
export function outside(context: MergeContext, main: LoadedTable, scopes: readonly KeyValues[]): (row: Row) => boolean {
  const { whole, sources } = readScopes(context, scopes);
  if (whole) return () => false;
  const tests = sources.map(({ source, columns }) => {
    const rows = "keys" in source ? source.keys.rows : [];
    const values = new Set(rows.map((row) => joinKey(row)));
    const at = columns.map((column) => main.columns.indexOf(column));
    return (row: Row): boolean => values.has(joinKey(valuesAt(context.store, row, at)));
  });
  return (row) => !tests.some((test) => test(row));
}

/** Keeps the keys of merged rows until their scope is complete; they are numbered in staging as those that wait there. */
export async function keepSeen(
  context: MergeContext,
  main: LoadedTable,
  seen: { rows: Iterable<Row>; after: number },
): Promise<number> {
  const { store, tx } = context;
  const lines = function* (): Generator<{ values: Row["values"]; extra: readonly [number, true] }> {
    let sequence = seen.after;
    for (const row of seen.rows) {
      sequence += 1;
      yield { values: main.keyAt.map((at) => row.values[at] ?? null), extra: [sequence, true] };
    }
  };
  return tx.bulk(seenTarget(main, store.schema), lines());
}

/** Drops staged rows of complete scopes, which have served; returns how many of `staged` in the main table are left. */
export async function dropSeen(
  context: MergeContext,
  tables: { main: LoadedTable; children: readonly LoadedTable[]; staged: number },
  scopes: readonly KeyValues[],
): Promise<number> {
  const { store, tx } = context;
  const { statements } = store.dialect;
  const { whole, sources } = readScopes(context, scopes);
  if (whole) {
    for (const table of [tables.main, ...tables.children]) await tx.run(statements.empty(store.schema, table.stage));
    return 0;
  }
  let left = tables.staged;
  for (const { source, columns } of sources) {
    const within = { source, match: same(columns) };
    left -= (await tx.run(statements.deleteMatching(store.schema, { table: tables.main.stage, within }))).count;
  }
  return left;
}

function scopeText(scope: KeyValues): string {
  return JSON.stringify(Object.fromEntries(Object.entries(scope).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** Remembers scopes whose rows are staged but not merged; {@link takeScopes} gives them back. */
export async function rememberScopes(
  context: MergeContext,
  object: string,
  scopes: readonly KeyValues[],
): Promise<void> {
  const { tx } = context;
  const texts = [...new Set(scopes.map(scopeText))];
  for (let at = 0; at < texts.length; at += 500) {
    const part = texts.slice(at, at + 500);
    await tx.table(SCOPES).where({ object }).whereIn("scope", part).delete();
    await tx.table(SCOPES).insert(part.map((scope) => ({ object, scope })));
  }
}

/** The remembered scopes, which are forgotten with this call. */
export async function takeScopes(context: MergeContext, object: string): Promise<KeyValues[]> {
  const rows = (await context.tx.table(SCOPES).where({ object }).select("scope")) as { scope: string }[];
  if (rows.length > 0) await context.tx.table(SCOPES).where({ object }).delete();
  return rows.map((row) => JSON.parse(row.scope) as KeyValues);
}
