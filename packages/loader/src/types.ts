import type { KeyValues, Row, TableSpec } from "@tidemark/catalog";
import type { Checkpoint, Cursor, Pass } from "@tidemark/kernel";

/** What becomes of a row whose end in Okta is proved. */
export type DeletePolicy = "hard" | "soft" | "ignore";

/**
 * Why a row left, stored in `_tidemark_delete_reason` under soft deletes: a delete event, a 404 on refetch, absence from
 * a complete listing, its parent's end, or a row filter that it no longer meets.
 */
export type DeleteReason = "event" | "not_found" | "absent" | "parent" | "filtered";

/** Rows proved gone. `key` is a whole key, or some of its columns: every row that has these values. */
export interface GoneRows {
  readonly key: KeyValues;
  readonly reason: DeleteReason;
}

/** Rows of a child table, with the parent keys whose child rows they replace (also those left with none). */
export interface ChildRows {
  readonly table: TableSpec;
  readonly rows: readonly Row[];
}

/** What one commit stores: all of it in one transaction, or nothing. */
export interface Batch {
  /** May hold a key twice (paging is no snapshot): the later one wins. */
  readonly rows: readonly Row[];
  /** Child rows of exactly the parents in `rows`. */
  readonly children?: readonly ChildRows[];
  /**
   * True: everything staged so far is merged into the table now. False: rows are only staged, durably, for a pass that
   * changes the table in one step at its end.
   */
  readonly merge: boolean;
  /**
   * Scopes whose listing was read to its end with this batch; `{}` is the whole object. Rows of the table in such a
   * scope that were not staged since the scope began become *absentees*: candidates for deletion, judged later.
   */
  readonly scopes: readonly KeyValues[];
  /** Deleted now, their dependants (catalog `references`) with them. `filtered` rows leave alone. */
  readonly gone: readonly GoneRows[];
  /** Where the listing goes on from after this batch. */
  readonly cursor: Cursor | null;
  /** Work-list entries that this batch settles, or postpones to be read once more. */
  readonly settled?: readonly { readonly id: string; readonly againAt: number | null }[];
}

/** Rows that a commit changed. unchanged = rows read whose content was there already. */
export interface LoadCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly deleted: number;
}

/** How a pass ends. */
export interface Finish {
  /** New watermark (ms, Okta's clock), or null to keep the old one (a pass that proved too little). */
  readonly watermark: number | null;
  /** Delete the recorded absentees (the judge found the evidence good) or drop the candidates. */
  readonly deleteAbsent: boolean;
  /** Candidates that turned out to be alive, or merely filtered, when they were fetched singly. */
  readonly spared?: readonly KeyValues[];
  readonly filtered?: readonly KeyValues[];
  /** This pass listed the object completely: remembered as the last reconcile. */
  readonly complete: boolean;
  /** Replaces {@link Checkpoint.memory}; stored as JSON in the same transaction. */
  readonly memory: Checkpoint["memory"];
  /** Where the next pass goes on, for an append-only feed whose link outlives its pass; null for all others. */
  readonly cursor: Cursor | null;
}

/**
 * Loads one object's rows under a lease. Every call is one transaction that first checks the lease's fencing token
 * (LEASE_LOST otherwise), and stores rows, cursor and watermark together.
 */
export interface ObjectLoader {
  readonly tables: readonly TableSpec[];
  readonly checkpoint: Checkpoint;
  /** Rows in the table when the pass began (live ones, under soft deletes). */
  readonly rowsBefore: number;
  /** Starts a pass: remembered with its start, so that a resumed one keeps both. Clears staging of an older pass. */
  begin(pass: Pass): Promise<void>;
  commit(batch: Batch): Promise<LoadCounts>;
  /** Computes the absentees of scopes staged but not merged (see {@link Batch.merge}); returns the number of all recorded. */
  findAbsent(): Promise<number>;
  /** Recorded absentees, at most `limit`, in key order. */
  absentees(limit: number): Promise<KeyValues[]>;
  /** Merges what is still staged, deletes, writes the watermark, ends the pass: one transaction. */
  finish(finish: Finish): Promise<LoadCounts>;
  /** Releases the lease and, in a dry run, rolls everything back. */
  close(): Promise<void>;
}
