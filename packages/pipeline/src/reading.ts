import { type KeyValues, type ObjectDefinition, valueAt } from "@tidemark/catalog";
import {
  cutSlices,
  fetchRows,
  readList,
  readScopes,
  readSlices,
  sameKey,
  scopeAfter,
  slicesOf,
} from "@tidemark/extractor";
import type { Cursor } from "@tidemark/kernel";
import type { OktaClient } from "@tidemark/okta-client";

import type { Reading } from "./batches.js";
import { declaredPart } from "./declared-part.js";
import type { KnownRows } from "./known-rows.js";
import type { RowFilter } from "./row-filter.js";
import type { WorkEntry } from "./work-list.js";

/** Parents whose first pages are under way at once; the ledger decides how fast they go. */
export const SCOPES_AHEAD = 8;
/** When the first so many parents are all refused, the object is. */
export const MOST_REFUSED = 20;
/** Single GETs under way at once. */
const FETCHES_AHEAD = 8;
/** Above this many single rows, one listing of all is the cheaper question. */
const MOST_SINGLE_ROWS = 50;

/** More rows that refer to one thing (a deleted group's assignments) are read by listing everything. */
const MOST_REFERENCES = 10_000;

/** What a reading is made from. */
export interface ReadingOptions {
  readonly client: OktaClient;
  readonly definition: ObjectDefinition;
  readonly known: KnownRows;
  readonly cursor: Cursor | null;
  readonly rowFilter: RowFilter | null;
  /** Added to the query of a complete listing, e.g. counts that spare requests for children. */
  readonly listQuery?: Readonly<Record<string, string>>;
}

/** Everything: the whole list, or the lists of all parents. `scoped` when absence from it shall count. */
export async function* readAll(options: ReadingOptions, scoped: boolean): AsyncGenerator<Reading> {
  const { client, definition, known, cursor, rowFilter } = options;
  if (definition.parent) {
    const scopes = known.parents(definition, { after: scopeAfter(cursor) });
    const pick = declaredPart(definition);
    const { list } = definition;
    const mostRefused = MOST_REFUSED;
    yield* readings(readScopes({ client, list, scopes, concurrency: SCOPES_AHEAD, cursor, pick, mostRefused }));
    yield* readOrphans(options);
    return;
  }
  const query = { ...definition.list.fullQuery, ...options.listQuery, ...rowFilter?.query(definition) };
  yield* readings(readList({ client, list: definition.list, query, cursor, scoped }));
}

/** Rows whose parent left its table: nobody lists them any more. */
export async function* readOrphans({ definition, known }: ReadingOptions): AsyncGenerator<Reading> {
  for (const key of await known.orphans(definition)) yield { emission: { kind: "removed", key, because: "parent" } };
}

/** Where an append-only feed is read from. */
export interface AppendedFrom {
  /** Start of a chain that has no link to go on from (ms, Okta's clock). */
  readonly since: number;
  /** Nothing was read yet: everything up to now, in slices side by side. */
  readonly backfillUntil: number | null;
}

/** Events reach the log late and out of order (Okta docs): the chain that follows the slices begins this far back. */
const CHAIN_OVERLAP_MS = 60 * 60_000;

/**
 * An append-only feed from where the last pass stopped; the first time its past in slices, then the chain that is polled
 * from there on. Its rows are keyed, so what comes twice only finds what is there already.
 */
export async function* readAppended(options: ReadingOptions, from: AppendedFrom): AsyncGenerator<Reading> {
  const { client, definition, cursor } = options;
  const { list } = definition;
  const begun = slicesOf(cursor);
  const fresh = cursor === null && from.backfillUntil !== null ? cutSlices(from.since, from.backfillUntil) : null;
  const slices = begun ?? fresh;
  if (slices) yield* readings(readSlices({ client, list, slices }));
  const end = slices?.at(-1)?.until;
  const since = end === undefined ? from.since : Math.max(from.since, Date.parse(end) - CHAIN_OVERLAP_MS);
  const query = { since: new Date(since).toISOString() };
  const resumed = slices ? null : cursor;
  yield* readings(readList({ client, list, query, cursor: resumed, scoped: false, polling: true }));
}

/** What changed since the watermark, by the list's own time filter. */
export async function* readChanged(options: ReadingOptions, since: number): AsyncGenerator<Reading> {
  const { client, definition, cursor } = options;
  if (definition.incremental.how !== "filter") return;
  const expression = definition.incremental.expression.replaceAll("{since}", new Date(since).toISOString());
  const query = { [definition.incremental.parameter]: expression };
  yield* readings(readList({ client, list: definition.list, query, cursor, scoped: false }));
}

/**
 * What the change feed's work list names: rows one by one, scopes listed again, or the whole object, whichever takes
 * the fewest requests. Every reading says which entries it settles.
 */
export async function* readWorkList(options: ReadingOptions, entries: readonly WorkEntry[]): AsyncGenerator<Reading> {
  const plan = await planWork(options, entries);
  if (plan.whole) {
    for await (const { emission } of readAll({ ...options, cursor: null }, true)) {
      // A pass resumed at this listing's page would take it for its own.
      yield { emission: withoutCursor(emission) };
    }
    yield settled(entries);
    return;
  }
  for (const key of plan.orphans) yield { emission: { kind: "removed", key, because: "parent" } };
  yield* readEntryScopes(options, plan.scopes);
  yield* readEntryRows(options, plan.rows);
  for (const entry of plan.by) yield* readBy(options, entry);
  yield settled(plan.last);
}

interface WorkPlan {
  readonly whole: boolean;
  /** Scope (as JSON) → entries that its listing settles. */
  readonly scopes: Map<string, WorkEntry[]>;
  readonly rows: Map<string, WorkEntry[]>;
  readonly by: WorkEntry[];
  /** Parts of scopes whose parents left their table. */
  readonly orphans: KeyValues[];
  /** Entries that stand for several readings (or none): settled when all are done. */
  readonly last: WorkEntry[];
}

async function planWork(options: ReadingOptions, entries: readonly WorkEntry[]): Promise<WorkPlan> {
  const { definition, known } = options;
  const plan: WorkPlan = {
    whole: entries.some((entry) => entry.effect === "whole"),
    scopes: new Map(),
    rows: new Map(),
    by: [],
    orphans: [],
    last: [],
  };
  if (plan.whole) return plan;
  for (const entry of entries) {
    switch (entry.effect) {
      case "row":
        // What cannot be read alone (a parent whose list was not there) is listed.
        if (!definition.get) return { ...plan, whole: true };
        addTo(plan.rows, entry.key, entry);
        break;
      case "scope": {
        const scopes = await known.scopesWith(definition, entry.key);
        for (const scope of scopes) addTo(plan.scopes, scope, scopes.length === 1 ? entry : null);
        // Of several parents: settled when all is read. What is left under those that are not there ended with them.
        if (scopes.length === 0) plan.orphans.push(entry.key);
        else if (scopes.some((scope) => !sameKey(scope, entry.key)))
          plan.orphans.push(...(await known.orphans(definition, entry.key)));
        if (scopes.length !== 1) plan.last.push(entry);
        break;
      }
      case "by":
        plan.by.push(entry);
        break;
      case "reference": {
        const keys = await known.keys(definition, entry.key, MOST_REFERENCES);
        if (keys.length === MOST_REFERENCES) return { ...plan, whole: true };
        for (const key of keys) addTo(plan.rows, key, null);
        plan.last.push(entry);
        break;
      }
      default:
        plan.last.push(entry);
    }
  }
  return mergeIntoScopes(options, plan);
}

/** Rows of one parent that are more than its list has pages are read by listing that parent. */
async function mergeIntoScopes(options: ReadingOptions, plan: WorkPlan): Promise<WorkPlan> {
  const { definition, known } = options;
  if (!definition.parent) {
    return definition.list.pageSize > 0 && plan.rows.size > MOST_SINGLE_ROWS ? { ...plan, whole: true } : plan;
  }
  const columns = Object.keys(definition.parent.columns);
  const byScope = new Map<string, string[]>();
  for (const row of plan.rows.keys()) {
    const key = JSON.parse(row) as KeyValues;
    const scope = JSON.stringify(Object.fromEntries(columns.map((column) => [column, key[column] ?? ""])));
    byScope.set(scope, [...(byScope.get(scope) ?? []), row]);
  }
  for (const [scope, rows] of byScope) {
    const stored = await known.count(definition, JSON.parse(scope) as KeyValues);
    const pages = Math.max(1, Math.ceil(stored / Math.max(1, definition.list.pageSize)));
    if (!plan.scopes.has(scope) && rows.length <= pages) continue;
    const entries = rows.flatMap((row) => plan.rows.get(row) ?? []);
    plan.scopes.set(scope, [...(plan.scopes.get(scope) ?? []), ...entries]);
    for (const row of rows) plan.rows.delete(row);
  }
  return plan;
}

export async function* readEntryScopes(
  options: ReadingOptions,
  scopes: ReadonlyMap<string, readonly WorkEntry[]>,
): AsyncGenerator<Reading> {
  const { client, definition } = options;
  const listed = [...scopes.keys()].map((scope) => ({ values: JSON.parse(scope) as KeyValues }));
  const { list } = definition;
  const pick = declaredPart(definition);
  for await (const emission of readScopes({ client, list, scopes: listed, concurrency: SCOPES_AHEAD, pick })) {
    const ended = emission.kind === "scope" || emission.kind === "missed" ? emission.scope : null;
    const settles = ended === null ? [] : (scopes.get(JSON.stringify(ended)) ?? []);
    yield { emission: withoutCursor(emission), settles };
  }
}

/** Parents whose rows are missing though none is without: nobody tells of them. */
export async function* readForgotten(options: ReadingOptions): AsyncGenerator<Reading> {
  const { definition, known } = options;
  if (definition.parent?.neverEmpty !== true) return;
  const scopes = await known.withoutRows(definition);
  yield* readEntryScopes(options, new Map(scopes.map((scope) => [JSON.stringify(scope), []])));
}

async function* readEntryRows(
  options: ReadingOptions,
  rows: ReadonlyMap<string, readonly WorkEntry[]>,
): AsyncGenerator<Reading> {
  const { client, definition } = options;
  if (!definition.get || rows.size === 0) return;
  const keys = [...rows.keys()].map((row) => JSON.parse(row) as KeyValues);
  const parentColumns = Object.keys(definition.parent?.columns ?? {});
  for await (const emission of fetchRows({
    client,
    get: definition.get,
    keys,
    parentColumns,
    concurrency: FETCHES_AHEAD,
  })) {
    yield { emission, settles: rows.get(JSON.stringify(emission.of)) ?? [] };
  }
}

/** Lists the rows by another column (a user's groups), which is a complete scope of that column. */
export async function* readBy(options: ReadingOptions, entry: WorkEntry): AsyncGenerator<Reading> {
  const { client, definition } = options;
  const by = definition.listBy;
  if (!by) return;
  for await (const emission of readScopes({ client, list: by.list, scopes: [{ values: entry.key }], concurrency: 1 })) {
    if (emission.kind !== "items") {
      yield { emission: withoutCursor(emission), settles: [entry] };
      continue;
    }
    for (const item of emission.items) yield { emission: asListed(definition, entry.key, item) };
  }
}

/** An item of the second list in the shape of the first: as if it had been listed under its own parent. */
function asListed(definition: ObjectDefinition, key: KeyValues, item: unknown): Reading["emission"] {
  const parent = Object.fromEntries(
    Object.entries(definition.listBy?.columns ?? {}).map(([column, path]) => [column, String(valueAt(item, path))]),
  );
  return { kind: "items", items: [itemOf(definition, key)], parent, scoped: true, cursor: null };
}

/** The smallest item from which the declared columns yield these values. */
export function itemOf(definition: ObjectDefinition, values: KeyValues): unknown {
  const item: Record<string, unknown> = {};
  for (const column of definition.columns) {
    const value = values[column.name ?? ""];
    if (value === undefined) continue;
    let target = item;
    for (const step of column.path.slice(0, -1)) target = (target[step] ??= {}) as Record<string, unknown>;
    target[column.path.at(-1) ?? ""] = value;
  }
  return item;
}

async function* readings(emissions: AsyncIterable<Reading["emission"]>): AsyncGenerator<Reading> {
  for await (const emission of emissions) yield { emission };
}

/** Work-list readings need no cursor: what is not settled is still on the list. */
function withoutCursor(emission: Reading["emission"]): Reading["emission"] {
  return "cursor" in emission ? { ...emission, cursor: null } : emission;
}

function settled(entries: readonly WorkEntry[]): Reading {
  return { emission: { kind: "items", items: [], parent: {}, scoped: false, cursor: null }, settles: entries };
}

function addTo(map: Map<string, WorkEntry[]>, key: KeyValues, entry: WorkEntry | null): void {
  const text = JSON.stringify(key);
  const list = map.get(text) ?? [];
  map.set(text, list);
  if (entry) list.push(entry);
}
