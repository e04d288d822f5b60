import { continuationName, type ObjectDefinition, type TableSpec } from "@tidemark/catalog";
import { TerminalError } from "@tidemark/kernel";
import {
  BOOKKEEPING,
  columnNames,
  type Lease,
  NO_CHECKPOINT,
  readCheckpoint,
  readRegistry,
  type RegisteredTable,
  type Store,
  type StoredCheckpoint,
  type Warehouse,
} from "@tidemark/warehouse";

import type { LoaderState } from "./loader-state.js";
import { TableLoader } from "./object-loader.js";
import type { Dependant } from "./remove.js";
import { type LoadedTable, loadTable } from "./table.js";
import type { DeletePolicy, ObjectLoader } from "./types.js";

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
  readonly runId: string;
}

/** Opens an object's tables for loading, under a lease. */
export async function openObjectLoader(options: OpenLoaderOptions): Promise<ObjectLoader> {
  const { warehouse, definition, lease } = options;
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
        dependants: await dependants(store, registry, options.references ?? []),
        deletes: options.deletes,
      },
      lease,
      // A --full pass that was cut off goes on as what it was.
      compareAll: options.compareAll === true || isFullAgain(state.checkpoint),
      appendOnly: definition.incremental.how === "append",
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
    loaded.push(loadTable(store, spec, { definition, registered: registry.get(spec.name), present }));
  }
  return loaded;
}

async function dependants(
  store: Store,
  registry: Registry,
  references: readonly Dependant[],
): Promise<(Dependant & { soft: boolean })[]> {
  const found: (Dependant & { soft: boolean })[] = [];
  for (const { table, column } of references.flatMap((reference) => withContinuations(registry, reference))) {
    const present = await columnsOf(store, table);
    if (present.has(column)) found.push({ table, column, soft: present.has(BOOKKEEPING.deletedAt) });
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
      rowsBefore: checkpoint.rowsBefore ?? (await countOf(store, main.name, main.soft)),
      waiting: Number(unmerged?.n ?? 0),
      absent: await countOf(store, main.absent, false),
    };
  });
}
