import { backoffMs, RetryableError } from "@tidemark/kernel";
import type { Knex } from "knex";

import type { WarehouseDependencies } from "./config.js";
import type { BulkRow, BulkTarget, Connection, Dialect, Result, Statement } from "./dialect.js";

/** Work inside one transaction. Tables are those of the warehouse's schema. */
export interface WarehouseTransaction {
  readonly trx: Knex.Transaction;
  /** A knex query on a table of the schema. */
  table(name: string): Knex.QueryBuilder;
  run(statement: Statement): Promise<Result>;
  /**
   * Runs `work` behind a savepoint. False when it met a key that is there already: then nothing of it was done, and the
   * transaction goes on.
   */
  unlessDuplicate(work: (tx: WarehouseTransaction) => Promise<void>): Promise<boolean>;
  /** Rows by the bulk path into a table of the schema, or into a work table (`schema: null`). */
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
}

const CONFLICT_RETRIES = 4;

function transactionOn(parts: StoreParts, trx: Knex.Transaction): WarehouseTransaction {
  const { connection, dialect, schema } = parts;
  return {
    trx,
    table: (name) => trx.withSchema(schema).table(name),
    run: (statement) => connection.run(trx, statement),
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
    table: (name) => connection.knex.withSchema(schema).table(name),
    read: (statement) => connection.run(connection.knex, statement),
    guard,
    async transaction(doing, work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await guard(doing, () =>
            connection.knex.transaction(async (trx) => {
              await connection.begin(trx);
              return work(transactionOn(parts, trx));
            }),
          );
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
  const outer = await store.guard("begin a dry run", () => connection.knex.transaction());
  await connection.begin(outer);
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
    table: (name) => outer.withSchema(schema).table(name),
    read: (statement) => inTurn(() => connection.run(outer, statement)),
    transaction: (doing, work) =>
      store.guard(doing, () => inTurn(() => outer.transaction((trx) => work(transactionOn(store, trx))))),
  };
  return {
    store: rehearsed,
    async end() {
      await turn;
      if (!outer.isCompleted()) await outer.rollback();
    },
  };
}
