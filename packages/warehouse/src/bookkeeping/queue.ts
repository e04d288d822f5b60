import { createHash } from "node:crypto";

import type { EventEffect, KeyValues } from "@tidemark/catalog";

import type { Store, WarehouseTransaction } from "../store.js";
import { checkLease, type Lease } from "./leases.js";
import { readMeta, writeMeta } from "./meta.js";

const QUEUE = "_tidemark_queue";
const FEED_KEY = "feed";

/** Something that the change feed says must be read again. */
export interface WorkItem {
  readonly object: string;
  readonly effect: EventEffect;
  /** Which row, scope or reference; `{}` is the whole object. */
  readonly key: KeyValues;
  /** When it happened, ms, Okta's clock. */
  readonly eventAt: number;
  /** Not before this, ms. */
  readonly dueAt: number;
  /** The event's place in the feed, growing. */
  readonly seq: number;
}

/** A stored work item; `id` stands for this version of it, so that settling it leaves a newer event alone. */
export interface WorkEntry extends WorkItem {
  readonly id: string;
}

/** Where the change feed stands: JSON, opaque to everyone but the feed's reader. */
export type FeedCursor = Readonly<Record<string, unknown>>;

interface QueueRow {
  readonly id: string;
  readonly version: string | number;
  readonly object: string;
  readonly effect: EventEffect;
  readonly key_values: string;
  readonly event_ms: string | number;
  readonly due_ms: string | number;
  readonly seq: string | number;
}

/** Entries settled by one statement; below the fewest bindings that a database allows. */
const SETTLED_AT_ONCE = 500;

function canonicalKey(key: KeyValues): string {
  return JSON.stringify(Object.fromEntries(Object.entries(key).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** `add` and `remove` of a pair answer the same question (does it exist?), so they share an entry. */
function entryId(item: Pick<WorkItem, "object" | "effect" | "key">): string {
  const question = item.effect === "add" || item.effect === "remove" ? "pair" : item.effect;
  return createHash("sha256")
    .update(`${item.object}\n${question}\n${canonicalKey(item.key)}`)
    .digest("hex")
    .slice(0, 40);
}

function toRow(item: WorkItem, version: number): QueueRow {
  return {
    id: entryId(item),
    version,
    object: item.object,
    effect: item.effect,
    key_values: canonicalKey(item.key),
    event_ms: item.eventAt,
    due_ms: item.dueAt,
    seq: item.seq,
  };
}

function merge(old: QueueRow, fresh: QueueRow): QueueRow {
  const latest = Number(fresh.seq) >= Number(old.seq) ? fresh : old;
  return {
    ...latest,
    version: Number(old.version) + 1,
    event_ms: Math.max(Number(old.event_ms), Number(fresh.event_ms)),
    due_ms: Math.min(Number(old.due_ms), Number(fresh.due_ms)),
    seq: Math.max(Number(old.seq), Number(fresh.seq)),
  };
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}

async function storeRows(tx: WarehouseTransaction, rows: readonly QueueRow[]): Promise<void> {
  const ids = rows.map((row) => row.id);
  const present = (await tx.table(QUEUE).whereIn("id", ids).select()) as QueueRow[];
  const before = new Map(present.map((row) => [row.id, row]));
  const merged = rows.map((row) => {
    const old = before.get(row.id);
    return old ? merge(old, row) : row;
  });
  // Deleted and written anew: an entry settled in between, by another transaction, must come back with the newer event.
  if (present.length > 0) await tx.table(QUEUE).whereIn("id", ids).delete();
  await tx.table(QUEUE).insert(merged);
}

/**
 * Takes work items in, and the feed's new place, in one transaction. One entry per (object, effect, key): the greatest
 * event time stays, the earliest due time, and of add/remove of one pair the later by `seq`.
 */
export async function enqueue(
  store: Store,
  items: readonly WorkItem[],
  feed: { cursor: FeedCursor | null; lease?: Lease },
): Promise<void> {
  const rows = new Map<string, QueueRow>();
  for (const item of items) {
    const row = toRow(item, 1);
    const old = rows.get(row.id);
    rows.set(row.id, old ? { ...merge(old, row), version: 1 } : row);
  }
  const columns = 8;
  const size = Math.min(1_000, Math.floor(store.dialect.capabilities.bindings / columns) - 1);
  await store.transaction("store the change feed's work list", async (tx) => {
    await tx.lock("queue");
    if (feed.lease) await checkLease(tx, store, feed.lease);
    for (const part of chunks([...rows.values()], size)) await storeRows(tx, part);
    if (feed.cursor) await writeMeta(tx, FEED_KEY, JSON.stringify(feed.cursor));
  });
}

/** Where the change feed stands; null before its first page. */
export async function readFeed(store: Store): Promise<FeedCursor | null> {
  const text = await store.guard("read the change feed's place", () => readMeta(store, FEED_KEY));
  return text === null ? null : (JSON.parse(text) as FeedCursor);
}

function toEntry(row: QueueRow): WorkEntry {
  return {
    id: `${row.id}.${row.version}`,
    object: row.object,
    effect: row.effect,
    key: JSON.parse(row.key_values) as KeyValues,
    eventAt: Number(row.event_ms),
    dueAt: Number(row.due_ms),
    seq: Number(row.seq),
  };
}

/** Entries of an object that are due at `now`, the longest due first. */
export async function dueEntries(
  store: Store,
  object: string,
  due: { now: number; limit: number },
): Promise<WorkEntry[]> {
  return store.guard(`read the work list of ${object}`, async () => {
    const rows = (await store
      .table(QUEUE)
      .where({ object })
      .where("due_ms", "<=", due.now)
      .orderBy(["due_ms", "seq", "id"])
      .limit(due.limit)
      .select()) as QueueRow[];
    return rows.map(toEntry);
  });
}

/** Objects that have entries which are due. */
export async function objectsDue(store: Store, now: number): Promise<ReadonlySet<string>> {
  return store.guard("look at the work list", async () => {
    const rows = (await store.table(QUEUE).where("due_ms", "<=", now).distinct("object")) as { object: string }[];
    return new Set(rows.map(({ object }) => object));
  });
}

/** Entries of an object, due or not. */
export async function pendingEntries(store: Store, object: string): Promise<number> {
  return store.guard(`count the work list of ${object}`, async () => {
    const row = (await store.table(QUEUE).where({ object }).count({ n: "*" }).first()) as { n?: unknown } | undefined;
    return Number(row?.n ?? 0);
  });
}

/** Removes entries, or postpones them; an entry that a newer event has changed meanwhile stays as it is. */
export async function settle(
  tx: WarehouseTransaction,
  entries: readonly { readonly id: string; readonly againAt: number | null }[],
): Promise<void> {
  const groups = new Map<string, { version: number; againAt: number | null; ids: string[] }>();
  for (const { id: text, againAt } of entries) {
    const [id = "", version = ""] = text.split(".");
    const same = `${version} ${againAt}`;
    const group = groups.get(same) ?? { version: Number(version), againAt, ids: [] };
    groups.set(same, group);
    group.ids.push(id);
  }
  for (const { version, againAt, ids } of groups.values()) {
    for (const part of chunks(ids, SETTLED_AT_ONCE)) {
      const own = tx.table(QUEUE).where({ version }).whereIn("id", part);
      await (againAt === null ? own.delete() : own.update({ due_ms: againAt }));
    }
  }
}
