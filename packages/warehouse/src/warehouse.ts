import type { KeyValues } from "@tidemark/catalog";

import { acquireLease, type Lease, type LeaseOptions, objectsLeased } from "./bookkeeping/leases.js";
import { moveWatermark, readCheckpoint, readCheckpoints, type StoredCheckpoint } from "./bookkeeping/checkpoints.js";
import { bindOrg, boundOrg, type OrgIdentity, readMeta, writeMeta } from "./bookkeeping/meta.js";
import { prepare } from "./bookkeeping/prepare.js";
import { type AgingTable, dropOlder } from "./drop-older.js";
import {
  dueEntries,
  enqueue,
  type FeedCursor,
  objectsDue,
  pendingEntries,
  readFeed,
  type WorkEntry,
  type WorkItem,
} from "./bookkeeping/queue.js";
import { type RegisteredTable, storedRegistry } from "./bookkeeping/registry.js";
import {
  finishRun,
  type ObjectStatus,
  type ObjectStatusChange,
  putObjectStatus,
  readObjectStatuses,
  recentRuns,
  type RunEnd,
  type RunRecord,
  startRun,
} from "./bookkeeping/runs.js";
import type { WarehouseConfig } from "./config.js";
import type { ServerInfo } from "./dialect.js";
import {
  type Condition,
  countRows,
  distinctKeys,
  distinctValues,
  selectKeys,
  type SelectKeysOptions,
  selectRows,
} from "./select.js";
import { openRehearsal, type Store } from "./store.js";
import { uninstall } from "./uninstall.js";

/** One schema of one database: its bookkeeping, and what the loader builds on. Errors are kernel errors WAREHOUSE_…. */
export interface Warehouse {
  readonly type: WarehouseConfig["type"];
  readonly schema: string;
  /** For the loader: dialect, transactions, bulk path. */
  readonly store: Store;
  readonly grantSelect: readonly string[];

  /** Makes schema and bookkeeping tables; idempotent, also when two processes start at once. */
  prepare(): Promise<void>;
  /** Server, rights and state, for `check`; needs no bookkeeping. */
  info(): Promise<ServerInfo>;
  bindOrg(org: OrgIdentity): Promise<void>;
  boundOrg(): Promise<OrgIdentity | null>;
  /** Small facts by name, e.g. the fingerprint of a role; null when there is none. */
  readFact(name: string): Promise<string | null>;
  writeFact(name: string, value: string | null): Promise<void>;

  /** Returns the new run's id. */
  startRun(run: { readonly pipeline: string; readonly startedAt: number; readonly version?: string }): Promise<string>;
  finishRun(run: RunEnd): Promise<void>;
  recentRuns(which: { pipeline?: string; limit: number }): Promise<RunRecord[]>;
  objectStatuses(): Promise<ObjectStatus[]>;
  /** Records public statuses, and moves the watermarks (ms) of objects of which nothing was to be read. */
  putObjectStatuses(
    changes: readonly ObjectStatusChange[],
    moved?: readonly { readonly object: string; readonly watermark: number }[],
  ): Promise<void>;
  readRegistry(object?: string): Promise<RegisteredTable[]>;
  readCheckpoint(object: string): Promise<StoredCheckpoint>;
  /** Objects whose lease somebody holds, or left behind. */
  objectsLeased(): Promise<ReadonlySet<string>>;
  /** The right to write an object; LEASE_HELD when another has it. */
  acquireLease(object: string, options: LeaseOptions): Promise<Lease>;

  /** Stores work items together with the feed's new place (null: it stays). */
  enqueue(items: readonly WorkItem[], cursor: FeedCursor | null, lease?: Lease): Promise<void>;
  dueEntries(object: string, now: number, limit: number): Promise<WorkEntry[]>;
  pendingEntries(object: string): Promise<number>;
  /** Objects that have entries due at `now` (ms). */
  objectsDue(now: number): Promise<ReadonlySet<string>>;
  /** Every object's checkpoint; those without one have never been read. */
  readCheckpoints(): Promise<ReadonlyMap<string, StoredCheckpoint>>;
  readFeed(): Promise<FeedCursor | null>;

  selectKeys(table: string, columns: readonly string[], options: SelectKeysOptions): Promise<KeyValues[]>;
  selectRows(
    from: { table: string; columns: readonly string[] },
    options: { where?: readonly Condition[]; limit: number },
  ): Promise<Readonly<Record<string, unknown>>[]>;
  countRows(table: string, where?: KeyValues): Promise<number>;
  distinctKeys(table: string, columns: readonly string[], among?: SelectKeysOptions["among"]): Promise<KeyValues[]>;
  distinctValues(table: string, column: string, where?: readonly Condition[]): Promise<string[]>;

  /** Deletes rows older than that, with what belongs to them; resolves to their number. */
  dropOlder(aging: AgingTable, before: Date): Promise<number>;

  /**
   * This warehouse as a dry run sees it: all it does happens in one transaction that `end` rolls back. Leases alone
   * are real. Holds one connection and the locks of what it writes until then.
   */
  rehearse(): Promise<{ readonly warehouse: Warehouse; end(): Promise<void> }>;
  uninstall(options: { dropTables: boolean }): Promise<string[]>;
  close(): Promise<void>;
}

export function createWarehouse(
  store: Store,
  options: { grantSelect: readonly string[]; live?: Store; close: () => Promise<void> },
): Warehouse {
  // Leases of a rehearsal are taken for real: the others must know, and a lock held to the end would block renewals.
  const live = options.live ?? store;
  return {
    type: store.dialect.type,
    schema: store.schema,
    store,
    grantSelect: options.grantSelect,
    prepare: () => prepare(store, options.grantSelect),
    info: () => store.guard("look at the server", () => store.connection.serverInfo(store.schema)),
    bindOrg: (org) => bindOrg(store, org),
    boundOrg: () => boundOrg(store),
    readFact: (name) => store.guard("read a fact", () => readMeta(store, `fact:${name}`)),
    writeFact: (name, value) => store.transaction("write a fact", (tx) => writeMeta(tx, `fact:${name}`, value)),
    startRun: (run) => startRun(store, run),
    finishRun: (run) => finishRun(store, run),
    recentRuns: (which) => recentRuns(store, which),
    objectStatuses: () => readObjectStatuses(store),
    putObjectStatuses: (changes, moved = []) =>
      store.transaction("record the objects' status", async (tx) => {
        for (const { object, watermark } of moved) await moveWatermark(tx, object, watermark);
        for (const change of changes) await putObjectStatus(tx, store, change);
      }),
    readRegistry: (object) => storedRegistry(store, object),
    readCheckpoint: (object) => store.guard(`read the checkpoint of ${object}`, () => readCheckpoint(store, object)),
    objectsLeased: () => objectsLeased(live),
    acquireLease: (object, lease) => acquireLease(live, object, lease),
    enqueue: (items, cursor, lease) => enqueue(store, items, { cursor, ...(lease ? { lease } : {}) }),
    dueEntries: (object, now, limit) => dueEntries(store, object, { now, limit }),
    pendingEntries: (object) => pendingEntries(store, object),
    objectsDue: (now) => objectsDue(store, now),
    readCheckpoints: () => store.guard("read the checkpoints", () => readCheckpoints(store)),
    readFeed: () => readFeed(store),
    selectKeys: (table, columns, select) => selectKeys(store, { table, columns }, select),
    selectRows: (from, select) => selectRows(store, from, select),
    countRows: (table, where) => countRows(store, table, where),
    distinctKeys: (table, columns, among) => distinctKeys(store, { table, columns }, among),
    distinctValues: (table, column, where) => distinctValues(store, { table, column }, where),
    dropOlder: (aging, before) => dropOlder(store, aging, before),
    async rehearse() {
      const rehearsal = await openRehearsal(store);
      const end = (): Promise<void> => rehearsal.end();
      return {
        warehouse: createWarehouse(rehearsal.store, { grantSelect: options.grantSelect, live, close: end }),
        end,
      };
    },
    uninstall: (how) => uninstall(store, how),
    close: options.close,
  };
}
