import { RetryableError, TerminalError } from "@tidemark/kernel";

import type { Store, WarehouseTransaction } from "../store.js";

const LEASES = "_tidemark_leases";

export interface LeaseOptions {
  /** Who asks, as people may read it in LEASE_HELD: run, host, process. */
  readonly holder: string;
  /** The lease ends this long after the last renewal, by the database's clock. */
  readonly ttlMs: number;
  /** True when that holder is known to be dead (the same host's process that is no more): no need to wait it out. */
  readonly isDead?: (holder: string) => boolean;
}

/** The right to write one object's rows. Renewed by a timer while it is held, and by every commit. */
export interface Lease {
  readonly object: string;
  /** Grows with every holder: who comes with an older one is refused. */
  readonly token: number;
  readonly ttlMs: number;
  /** Aborted, with LEASE_LOST as reason, when a renewal finds that another holder took over. */
  readonly lost: AbortSignal;
  /** LEASE_LOST when another holder took over. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

interface LeaseRow {
  readonly holder: string | null;
  readonly token: string | number;
  readonly expires_ms: string | number;
}

export async function databaseNow(tx: Pick<WarehouseTransaction, "run">, store: Store): Promise<number> {
  const answer = await tx.run(store.dialect.statements.now());
  return Number(answer.rows[0]?.["now_ms"]);
}

function leaseLost(object: string): TerminalError {
  return new TerminalError("LEASE_LOST", `Another run took over ${object}; this one stopped before writing`, {
    where: object,
    remedy: "Nothing is lost: the other run carries on from the last committed batch.",
  });
}

/**
 * The fencing check: inside the transaction that writes, so that nobody can take over between check and commit.
 * Renews on the way. A rehearsal only looks, because a lock held until its end would stop the timer's renewals.
 *
 * It is an UPDATE and no read, so that it holds at READ COMMITTED in every database, also where readers see versions
 * (PostgreSQL, InnoDB, SQL Server with READ_COMMITTED_SNAPSHOT): an UPDATE waits for whoever writes the row, looks at the
 * row as it was committed then, with the token that it has then, and keeps it locked to the transaction's end. Who takes
 * over must update the same row, and waits (PostgreSQL documentation, "Transaction Isolation"; MySQL manual, "Consistent
 * Nonlocking Reads"; Microsoft Learn, "Transaction locking and row versioning guide").
 */
export async function checkLease(
  tx: WarehouseTransaction,
  store: Store,
  lease: Pick<Lease, "object" | "token" | "ttlMs">,
): Promise<void> {
  const own = tx.table(LEASES).where({ object: lease.object, token: lease.token });
  if (store.rehearsal) {
    if ((await own.first("token")) === undefined) throw leaseLost(lease.object);
    return;
  }
  // In one statement, because every commit begins with it.
  const now = store.dialect.statements.now();
  const expires = tx.trx.raw(`(${now.sql}) + ?`, [...(now.bindings as readonly number[]), lease.ttlMs]);
  const touched: unknown = await own.update({ expires_ms: expires });
  if (touched === 0) throw leaseLost(lease.object);
}

function heldBy(object: string, row: LeaseRow, now: number): RetryableError {
  const left = Number(row.expires_ms) - now;
  const until = new Date(Number(row.expires_ms)).toISOString();
  return new RetryableError(
    "LEASE_HELD",
    `${object} is being worked on by ${row.holder ?? "another run"}, until ${until} at least`,
    {
      where: object,
      remedy: "Wait for that run to end. If it died, its lease ends by itself at that time.",
      retryAfterMs: left,
    },
  );
}

/**
 * The locking read (FOR UPDATE; on SQL Server UPDLOCK, which locks instead of reading a version, whatever
 * READ_COMMITTED_SNAPSHOT says) only makes the others wait early. What decides is the UPDATE below, which names what was
 * read, and where there is no row yet the primary key: of two inserts one is a duplicate, and its transaction is done again.
 */
async function take(tx: WarehouseTransaction, store: Store, claim: { object: string } & LeaseOptions): Promise<number> {
  const { object, holder } = claim;
  const row = (await tx.table(LEASES).where({ object }).forUpdate().first("holder", "token", "expires_ms")) as
    | LeaseRow
    | undefined;
  // The clock is read after the row's lock is there: waiting for it may have taken a while.
  const now = await databaseNow(tx, store);
  const expires = now + claim.ttlMs;
  if (!row) {
    await tx.table(LEASES).insert({ object, holder, token: 1, expires_ms: expires });
    return 1;
  }
  const dead = row.holder !== null && claim.isDead?.(row.holder) === true;
  if (row.holder !== null && Number(row.expires_ms) > now && !dead) throw heldBy(object, row, now);
  const token = Number(row.token) + 1;
  const taken: unknown = await tx
    .table(LEASES)
    .where({ object, token: Number(row.token), expires_ms: Number(row.expires_ms) })
    .update({ holder, token, expires_ms: expires });
  // Not every server that speaks SQL Server's language heeds its lock hints.
  if (taken === 0) throw new RetryableError("WAREHOUSE_CONFLICT", `Another run took ${object} at the same moment`);
  return token;
}

/** Objects whose lease has a holder, alive or not. */
export async function objectsLeased(store: Store): Promise<ReadonlySet<string>> {
  return store.guard("look at the leases", async () => {
    const rows = (await store.table(LEASES).whereNotNull("holder").select("object")) as { object: string }[];
    return new Set(rows.map(({ object }) => object));
  });
}

/** Takes the lease of an object, or fails with LEASE_HELD. `live` is where renewals go, also in a rehearsal. */
export async function acquireLease(store: Store, object: string, options: LeaseOptions): Promise<Lease> {
  const token = await store.transaction(`take the lease of ${object}`, (tx) => take(tx, store, { object, ...options }));
  const abort = new AbortController();
  const fence = { object, token, ttlMs: options.ttlMs };
  const renew = async (): Promise<void> => {
    try {
      await store.transaction(`renew the lease of ${object}`, (tx) => checkLease(tx, store, fence));
    } catch (error) {
      if (error instanceof TerminalError && error.code === "LEASE_LOST") abort.abort(error);
      throw error;
    }
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => store.logger.warn("lease not renewed", { object, error: String(error) }));
  }, options.ttlMs / 3);
  timer.unref();
  return {
    ...fence,
    lost: abort.signal,
    renew,
    async release() {
      clearInterval(timer);
      await store.guard(`release the lease of ${object}`, () =>
        store.table(LEASES).where({ object, token }).update({ holder: null, expires_ms: 0 }),
      );
    },
  };
}

/** LEASE_HELD when another than the owner of `own` is at work on the object. */
export async function refuseIfHeld(
  tx: WarehouseTransaction,
  store: Store,
  claim: { readonly object: string; readonly own: Pick<Lease, "token"> | undefined },
): Promise<void> {
  const { object, own } = claim;
  const row = (await tx.table(LEASES).where({ object }).first("holder", "token", "expires_ms")) as LeaseRow | undefined;
  if (!row || row.holder === null || Number(row.token) === own?.token) return;
  const now = await databaseNow(tx, store);
  if (Number(row.expires_ms) > now) throw heldBy(object, row, now);
}

/** Objects with a live lease and who holds it. */
export async function liveLeases(
  tx: WarehouseTransaction,
  store: Store,
): Promise<{ object: string; holder: string }[]> {
  const now = await databaseNow(tx, store);
  const rows: unknown = await tx
    .table(LEASES)
    .whereNotNull("holder")
    .where("expires_ms", ">", now)
    .select("object", "holder");
  return rows as { object: string; holder: string }[];
}
