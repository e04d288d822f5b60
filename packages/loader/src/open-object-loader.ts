import { continuationName, type ObjectDefinition, type TableSpec } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";
import {
  BOOKKEEPING,
  columnNames,
  type Lease,
  NO_CHECKPOINT,
  readCheckpoint,
  readMeta,
  readRegistry,
  type RegisteredTable,
  type Store,
  type StoredCheckpoint,
  type Warehouse,
} from "@tidemark/warehouse";

import type { LoaderState } from "./loader-state.js";
import { TableLoader } from "./object-loader.js";
import { historyName } from "./names.js";
import type { Dependant, StoredDependant } from "./remove.js";
import { type LoadedTable, loadTable } from "./table.js";
import type { DeletePolicy, ObjectLoader } from "./types.js";
import { type EventTime, EventTimes } from "./event-times.js";
import { versionedMark } from "./versions.js";

export interface OpenLoaderOptions {
  readonly warehouse: Warehouse;
  readonly definition: ObjectDefinition;
  /** The object's table, then its child tables; made by `ensureTables` before. */
  readonly tables: readonly TableSpec[];
  /** Released by the loader's `close`. */
  readonly lease: Lease;
  readonly deletes: DeletePolicy;
  /** Rows of other tables that go with a row of this object; tables that are not there are left out. */
  readonly references?: readonly Dependant[];
  /** Does everything in one transaction that `close` rolls back. Not needed on a warehouse that is a rehearsal already. */
  readonly dryRun?: boolean;
  /** Compares rows by all their columns instead of their hash, so that a person's edit is undone. */
  readonly compareAll?: boolean;
  /** Keeps the versions of rows in the histories that `ensureTables` made. Needs `times`. */
  readonly history?: boolean;
  /** What tells the times of versions, also of dependants whose history another object's run keeps: Okta's clock (ms), and events. */
  readonly times?: { now(): number; readonly events?: readonly EventTime[] };
  readonly runId: string;
}

/** Opens an object's tables for loading, under a lease. */
export async function openObjectLoader(options: OpenLoaderOptions): Promise<ObjectLoader> {
  const { warehouse, definition, lease, history, times } = options;
  const rehearsal = options.dryRun && !warehouse.store.rehearsal ? await warehouse.rehearse() : null;
  const { store } = rehearsal?.warehouse ?? warehouse;
  try {
    const registry = await registryOf(store);
    const [main, ...children] = await loadTables(store, registry, options);
    if (!main) throw new TerminalError("INTERNAL", `${definition.name} has no table`);
    const state = await readState(store, definition.name, main);
    return new TableLoader({
      store,
      object: definition.name,
      family: {
        main,
        children,
        dependants: await dependants(store, registry, options),
        deletes: options.deletes,
      },
      lease,
      // A --full pass that was cut off goes on as what it was.
      compareAll: options.compareAll === true || isFullAgain(state.checkpoint),
      appendOnly: definition.incremental.how === "append",
      history: history === true,
      versions: times ? { now: () => times.now(), events: new EventTimes(times.events ?? []) } : null,
      runId: options.runId,
      state,
      end: async () => rehearsal?.end(),
    });
  } catch (error) {
    await rehearsal?.end();
    throw error;
  }
}

function isFullAgain({ pass, watermark }: StoredCheckpoint): boolean {
  return pass?.mode === "full" && watermark !== null;
}

function columnsOf(store: Store, table: string): Promise<Set<string>> {
  return store.guard(`look at the columns of ${table}`, () => columnNames({ run: store.read }, store, table));
}

type Registry = ReadonlyMap<string, RegisteredTable>;

async function registryOf(store: Store): Promise<Registry> {
  const tables = await store.guard("read the registry of tables", () => readRegistry(store));
  return new Map(tables.map((table) => [table.name, table]));
}

async function loadTables(store: Store, registry: Registry, options: OpenLoaderOptions): Promise<LoadedTable[]> {
  const loaded: LoadedTable[] = [];
  for (const spec of options.tables) {
    const present = await columnsOf(store, spec.name);
    if (present.size === 0) throw new TerminalError("INTERNAL", `Table ${spec.name} was not made before it is loaded`);
    const { definition } = options;
    const history = options.history === true;
    const registered = registry.get(spec.name);
    loaded.push(loadTable(store, spec, { definition, history, main: loaded[0], registered, present }));
  }
  return loaded;
}

/** Dependants that are there; their histories end with their rows, whether this run keeps them or not. */
async function dependants(
  store: Store,
  registry: Registry,
  { references = [], times }: OpenLoaderOptions,
): Promise<StoredDependant[]> {
  const found: StoredDependant[] = [];
  const limits = store.dialect.capabilities;
  for (const reference of references.flatMap((one) => withContinuations(registry, one))) {
    const present = await columnsOf(store, reference.table);
    if (!present.has(reference.column)) continue;
    const kept = times && registry.get(historyName(reference.table, limits));
    const stored = {
      name: reference.table,
      history: kept?.kind === "history" ? kept.name : null,
      key: registry.get(reference.table)?.key ?? [],
      columns: [],
      changedAt: [],
      changedIn: null,
      soft: present.has(BOOKKEEPING.deletedAt),
    };
    found.push({ ...reference, stored });
  }
  return found;
}

/** A reference is part of a key, so tables that continue the one named have it as well; they come first. */
function withContinuations(registry: Registry, { table, column }: Dependant): Dependant[] {
  const all = [{ table, column }];
  for (let n = 2; registry.has(continuationName(table, n)); n++) {
    all.unshift({ table: continuationName(table, n), column });
  }
  return all;
}

async function countOf(store: Store, table: string, live: boolean): Promise<number> {
  const answer = await store.read(store.dialect.statements.count(store.schema, table, live));
  return Number(answer.rows[0]?.["n"]);
}

/** What an earlier process left; staging that is not what the checkpoint says makes the pass start over. */
async function readState(store: Store, object: string, main: LoadedTable): Promise<LoaderState> {
  return store.guard(`read the checkpoint of ${object}`, async () => {
    const stored = await readCheckpoint(store, object);
    const stagedRows = await countOf(store, main.stage, false);
    const checkpoint: StoredCheckpoint =
      stagedRows === stored.staged
        ? stored
        : { ...NO_CHECKPOINT, watermark: stored.watermark, memory: stored.memory, staged: stagedRows };
    if (checkpoint !== stored) {
      store.logger.warn("staging is not what the checkpoint says: the pass starts over", {
        object,
        stagedRows,
        expected: stored.staged,
      });
    }
    const unmerged = (await store
      .table(main.stage)
      .where({ [BOOKKEEPING.merged]: false })
      .count({ n: "*" })
      .first()) as { n?: unknown } | undefined;
    return {
      checkpoint,
      rowsBefore: checkpoint.rowsBefore ?? 0,
      waiting: Number(unmerged?.n ?? 0),
      absent: await countOf(store, main.absent, false),
      versioned: (await readMeta(store, versionedMark(object))) !== null,
    };
  });
}
