import { backoffMs, RetryableError } from "@tidemark/kernel";
import type { Knex } from "knex";

import type { WarehouseDependencies } from "./config.js";
import type { BulkRow, BulkTarget, Connection, Dialect, OpenTransaction, Result, Statement } from "./dialect.js";

/** Work inside one transaction. Tables are those of the warehouse's schema. */
export interface WarehouseTransaction {
  readonly trx: Knex.Transaction;
  /** A knex query on a table of the schema. */
  table(name: string): Knex.QueryBuilder;
  run(statement: Statement): Promise<Result>;
  /** Waits for a lock of that name in the schema; held until the transaction is over. */
  lock(name: string): Promise<void>;
  /**
   * Runs `work` behind a savepoint. False when it met a key that is there already: then nothing of it was done, and the
   * transaction goes on.
   */
  unlessDuplicate(work: (tx: WarehouseTransaction) => Promise<void>): Promise<boolean>;
  /** Rows by the bulk path into a table of the schema, or into a work table. */
  bulk(target: BulkTarget, rows: Iterable<BulkRow>): Promise<number>;
}

/** What the warehouse's parts share. */
export interface Store extends WarehouseDependencies {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly schema: string;
  /** A knex query on a table of the schema, outside of any transaction of ours. */
  table(name: string): Knex.QueryBuilder;
  read(statement: Statement): Promise<Result>;
  /**
   * Runs `work` in one transaction: all of it or nothing. Run again after a deadlock or a serialization failure, so
   * `work` must keep nothing outside of the transaction until it returned. Errors come out translated, with `doing`.
   */
  transaction<T>(doing: string, work: (tx: WarehouseTransaction) => Promise<T>): Promise<T>;
  /** Translates what a query outside of {@link transaction} threw. */
  guard<T>(doing: string, work: () => PromiseLike<T>): Promise<T>;
  /** Everything happens inside a transaction that is rolled back in the end. */
  readonly rehearsal: boolean;
  /**
   * Of a rehearsal where DDL would commit: tables that it made for itself alone, with their columns. Null elsewhere.
   */
  readonly shadows: Map<string, readonly string[]> | null;
}

const CONFLICT_RETRIES = 4;

function transactionOn(parts: StoreParts, trx: Knex.Transaction): WarehouseTransaction {
  const { connection, dialect, schema } = parts;
  return {
    trx,
    table: (name) => trx.withSchema(schema).table(name),
    run: (statement) => connection.run(trx, statement),
    async lock(name) {
      const answer = await connection.run(trx, dialect.statements.lock(schema, name));
      if (answer.rows[0]?.["locked"] !== 0) return;
      throw new RetryableError("WAREHOUSE_CONFLICT", `Another run holds the lock ${name} of ${schema} for too long`, {
        remedy: "Wait for that run to end, or end its connection to the database.",
      });
    },
    bulk: (target, rows) => connection.bulk(trx, target, rows),
    async unlessDuplicate(work) {
      try {
        await trx.transaction((inner) => work(transactionOn(parts, inner)));
        return true;
      } catch (error) {
        if (dialect.isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}

interface StoreParts extends WarehouseDependencies {
  readonly dialect: Dialect;
  readonly connection: Connection;
  readonly schema: string;
}

/** knex hands out a transaction also when its BEGIN failed, and tells why by this promise alone. */
async function begin(connection: Connection): Promise<OpenTransaction> {
  const open = await connection.begin();
  if (!open.trx.isCompleted()) return open;
  try {
    await open.trx.executionPromise;
    return open;
  } catch (error) {
    await open.end();
    throw error;
  }
}

/** Commits what `work` did, or rolls it back and throws what it threw. */
async function inTransaction<T>(parts: StoreParts, work: (tx: WarehouseTransaction) => Promise<T>): Promise<T> {
  const { trx, end } = await begin(parts.connection);
  try {
    const result = await work(transactionOn(parts, trx));
    await trx.commit();
    // A COMMIT that fails is told by this promise alone (knex 3, execution/transaction.js).
    await trx.executionPromise;
    return result;
  } catch (error) {
    // A rollback that fails (the connection is gone, the server rolled back by itself) says less than the error does.
    if (!trx.isCompleted()) await trx.rollback().catch(() => undefined);
    throw error;
  } finally {
    await end();
  }
}

/** A store on a pool. */
export function openStore(parts: StoreParts): Store {
  const { dialect, connection, schema, clock, logger } = parts;
  const guard = async <T>(doing: string, work: () => PromiseLike<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw dialect.mapError(error, doing);
    }
  };
  return {
    ...parts,
    rehearsal: false,
    shadows: null,
    table: (name) => connection.knex.withSchema(schema).table(name),
    read: (statement) => connection.run(connection.knex, statement),
    guard,
    async transaction(doing, work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await guard(doing, () => inTransaction(parts, work));
        } catch (error) {
          const conflict = error instanceof RetryableError && error.code === "WAREHOUSE_CONFLICT";
          if (!conflict || attempt > CONFLICT_RETRIES) throw error;
          logger.warn("transaction conflict, trying again", { doing, attempt });
          await clock.sleep(backoffMs(attempt, { baseMs: 50, maxMs: 2_000 }));
        }
      }
    },
  };
}

/**
 * A store whose every transaction is a savepoint of one outer transaction, which `end` rolls back. What it counts and
 * reads is what a real run would; nobody else sees it.
 */
export async function openRehearsal(store: Store): Promise<{ store: Store; end(): Promise<void> }> {
  const { connection, schema } = store;
  const { trx: outer, end: endOuter } = await store.guard("begin a dry run", () => begin(connection));
  const { shadows: shadowing } = store.dialect.statements;
  const shadows = shadowing ? new Map<string, readonly string[]>() : null;
  // One connection does one thing at a time: transactions of objects that run side by side take turns.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => PromiseLike<T>): Promise<T> => {
    const next = turn.then(work);
    turn = next.catch(() => undefined);
    return next;
  };
  const rehearsed: Store = {
    ...store,
    rehearsal: true,
    shadows,
    table: (name) => outer.withSchema(schema).table(name),
    read: (statement) => inTurn(() => connection.run(outer, statement)),
    transaction: (doing, work) =>
      store.guard(doing, () => inTurn(() => outer.transaction((trx) => work(transactionOn(store, trx))))),
  };
  return {
    store: rehearsed,
    async end() {
      await turn;
      if (!outer.isCompleted()) {
        // They belong to the connection, which goes back to the pool.
        for (const table of shadows?.keys() ?? [])
          if (shadowing) await connection.run(outer, shadowing.drop(schema, table));
        await outer.rollback();
      }
      await endOuter();
    },
  };
}
