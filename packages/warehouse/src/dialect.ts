import type { ColumnSpec, ColumnType, SqlValue } from "@tidemark/catalog";
import type { TidemarkError, TlsMode } from "@tidemark/kernel";
import type { Knex } from "knex";

import type { WarehouseConfig } from "./config.js";

/** A value that is bound to a placeholder; arrays only where the dialect's own statements bind them. */
export type Binding = SqlValue | readonly SqlValue[];

/** SQL text with `?` placeholders. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly Binding[];
}

/** What a statement answered; `count` is the number of rows it changed or returned. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly count: number;
}

/** Differences between databases as data. Shared code asks for one of these, never for a database's name. */
export interface Capabilities {
  /** DDL takes part in transactions and is rolled back with them. */
  readonly transactionalDdl: boolean;
  /** Longest identifier, in bytes of UTF-8. */
  readonly identifierBytes: number;
  /** Most placeholders of one statement. */
  readonly bindings: number;
  /**
   * Most columns of one table of which every row fits, whatever types they have, or are widened to, and whatever they
   * hold: often fewer than the database lets a table have, because a row must fit into a page. Long values move out of
   * it and leave a reference, short ones do not. Of these, {@link contentColumns} are for Okta's data.
   */
  readonly columns: number;
  /** Two columns of a table may not differ in case alone. */
  readonly columnNamesIgnoreCase: boolean;
  /**
   * Staging has a primary key of key and order of arrival, by which merges find and sort its rows; otherwise an index would
   * only slow the bulk path down.
   */
  readonly indexStaging: boolean;
  /** The bulk path fails on a key that is there already (and does not skip or replace the row in silence). */
  readonly bulkRefusesDuplicates: boolean;
  /** Oldest server version, as people write it. */
  readonly oldestVersion: string;
}

/** A column of a table that Tidemark makes. Keys and indexed columns may need another type than free text. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: ColumnType | "hash";
  readonly indexed?: boolean;
  readonly notNull?: boolean;
  /** Text that names something of Tidemark's own, 200 characters at most: every database can index it. */
  readonly isName?: boolean;
  /** `now`: the database's clock when the row is written. */
  readonly byDefault?: "now" | 0 | "";
}

export interface TablePlan {
  readonly name: string;
  readonly columns: readonly ColumnPlan[];
  readonly primaryKey: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
}

/** A table of the schema, or rows that a statement carries along as bindings ({@link Statements.keySet}). */
export type Source =
  | {
      readonly table: string;
      /** Of a staging table only the rows that are not in the target yet. */
      readonly unmerged?: boolean;
    }
  | { readonly keys: KeySet }
  /** What {@link Statements.classify} sorted: the keys of rows that are new or changed. */
  | { readonly classified: true };

/** Rows that travel with a statement, each value as text. */
export interface KeySet {
  readonly columns: readonly string[];
  /** Types of the columns they are compared with; text where left out. */
  readonly types?: readonly ColumnType[];
  readonly rows: readonly (readonly string[])[];
}

/** Which columns of two tables are equal: `[column of the target, column of the source]`. */
export type Match = readonly (readonly [string, string])[];

/** Names of the loader's own columns in replicated tables. */
export const BOOKKEEPING = {
  syncedAt: "_tidemark_synced_at",
  hash: "_tidemark_hash",
  deletedAt: "_tidemark_deleted_at",
  deleteReason: "_tidemark_delete_reason",
  /** Histories only: from when on a version was so, until when, and what told the time ({@link VersionTime}). */
  validFrom: "_tidemark_valid_from",
  validFromBy: "_tidemark_valid_from_by",
  validTo: "_tidemark_valid_to",
  validToBy: "_tidemark_valid_to_by",
  /** Histories only: the version that holds now. */
  current: "_tidemark_current",
  /** Staging only: order of arrival, so that the last of two rows with one key wins. */
  sequence: "_tidemark_seq",
  /** Staging only: the row is in the table already and stands here as a seen key alone. */
  merged: "_tidemark_merged",
} as const;

/** What a merge works on. */
export interface MergePlan {
  readonly target: string;
  readonly source: string;
  readonly key: readonly string[];
  /** All columns but the bookkeeping ones. */
  readonly columns: readonly string[];
  /** The target has the columns of soft deletes. */
  readonly soft: boolean;
  /** Every row that differs in any column is changed, not only one whose hash differs. */
  readonly compareAll: boolean;
}

/**
 * What told when a version began or ended: Okta's `lastUpdated` of the row, the time of the log event about it, or, where
 * there is neither, the run that saw it.
 */
export type VersionTime = "last_updated" | "event" | "observed";

/** Versions of rows beside their table: the history's current versions are what the table's live rows are. */
export interface HistoryPlan {
  readonly target: string;
  readonly history: string;
  readonly key: readonly string[];
  /** All columns but the bookkeeping ones; the history has them as well. */
  readonly columns: readonly string[];
  /** The target has the columns of soft deletes. */
  readonly soft: boolean;
  /** Columns of the target that say when Okta changed the row; the latest of them counts. */
  readonly changedAt: readonly string[];
  /** The table that has these columns instead: one whose row has the same key, for a target that continues it. */
  readonly changedIn?: string | null;
  /** When the run sees this: `YYYY-MM-DDTHH:mm:ss.SSSZ`. */
  readonly observedAt: string;
  /** Only rows with a match here, one at most; `eventAt` is the source's column with the time of the event about the row. */
  readonly within?: { readonly source: Source; readonly match: Match; readonly eventAt?: string };
}

/** Tables that only this connection sees, in the place of the schema's own of the same name; making them commits nothing. */
export interface ShadowStatements {
  create(schema: string, plan: TablePlan): readonly Statement[];
  /**
   * Like {@link create}, with the rows of the table that it hides; `widened` columns had another type there, `renamed`
   * ones (name here → name there) another name.
   */
  copy(
    schema: string,
    plan: TablePlan,
    from: {
      columns: readonly string[];
      renamed: ReadonlyMap<string, string>;
      widened: readonly { column: string; from: ColumnType; to: ColumnType }[];
    },
  ): readonly Statement[];
  drop(schema: string, table: string): Statement;
  /**
   * {@link Statements.dropDuplicates} of a table that a statement can name only once; the last statement deletes, and its
   * count is that of the rows.
   */
  dropDuplicates(schema: string, stage: string, key: readonly string[]): readonly Statement[];
}

/** The SQL of a dialect: pure functions from names to text. Tables are named without schema. */
export interface Statements {
  /**
   * Waits for a lock of that name in the schema, which is held until the transaction is over, also across DDL that
   * commits. A row `{ locked }` of 0 says that it was not to be had.
   */
  lock(schema: string, name: string): Statement;
  createSchema(schema: string): Statement;
  schemaExists(schema: string): Statement;
  /** Rows `{ table_name }` of the schema's tables and views. */
  listTables(schema: string): Statement;
  /** Rows `{ column_name, loose }` in the table's order; `loose`: the column's collation takes different texts for one. */
  listColumns(schema: string, table: string): Statement;
  /** Makes a table with its indexes; in one statement where DDL is not transactional. */
  createTable(schema: string, plan: TablePlan): readonly Statement[];
  /** For rehearsals where DDL is not transactional; absent where it is. */
  readonly shadows?: ShadowStatements;
  addColumn(schema: string, table: string, column: ColumnPlan): Statement;
  renameColumn(schema: string, table: string, change: { from: string; to: string }): Statement;
  /** Changes a column's type and keeps every value. May be run again after a crash between two of the statements. */
  widenColumn(
    schema: string,
    table: string,
    change: { column: ColumnSpec["name"]; from: ColumnType; to: ColumnType },
  ): readonly Statement[];
  /** One row `{ fits }`: false when a stored integer would lose digits as a double. */
  integersFitDouble(schema: string, table: string, column: string): Statement;
  dropTable(schema: string, table: string): Statement;
  /** An identifier as the database quotes it. */
  quote(name: string): string;
  createView(schema: string, name: string, select: string): Statement;
  dropView(schema: string, name: string): Statement;
  /** Rows `{ role }` of `roles` that lack the right to read the table. */
  missingGrants(schema: string, table: string, roles: readonly string[]): Statement;
  grantSelect(schema: string, table: string, role: string): readonly Statement[];
  /** Refreshes what the planner knows of the table and these columns. */
  analyze(schema: string, table: string, columns: readonly string[]): readonly Statement[];
  /** Settings for the rest of the transaction that make large merges fast. */
  tuneMerge(): readonly Statement[];
  /** Removes all rows inside the transaction. */
  empty(schema: string, table: string): Statement;
  /** One row `{ now_ms }`: the database's clock in ms since the epoch. */
  now(): Statement;

  /** Rows `{ …columns, hash, live }` of the target's rows that match. */
  probe(schema: string, plan: ProbePlan): Statement;
  /** A table like the target's columns (and hash) that lives until the transaction ends; for changed rows of a batch. */
  createWork(schema: string, plan: { target: string; work: string; columns: readonly string[] }): readonly Statement[];
  dropWork(schema: string, work: string): Statement;
  /** Deletes staged child rows that belong to an older version of their parent than the staged one. */
  dropStaleChildren(schema: string, stage: string, parent: { stage: string; match: Match }): Statement;
  /** Deletes from a staging table all but the last row of each key. */
  dropDuplicates(schema: string, stage: string, key: readonly string[]): Statement;
  /** Sorts a staging table into new and changed rows: narrow work tables that `insertNew` and `updateChanged` read. */
  classify(schema: string, plan: MergePlan): readonly Statement[];
  /** One row `{ fresh, changed, revived }` of counts. */
  classified(schema: string): Statement;
  insertNew(schema: string, plan: MergePlan): Statement;
  updateChanged(schema: string, plan: MergePlan): Statement;
  endClassify(schema: string): readonly Statement[];
  /** Updates target rows from the work table; with `compareAll` only rows that differ in a column. */
  updateFromWork(schema: string, plan: MergePlan): Statement;

  selectMatching(schema: string, plan: SelectMatching): Statement;
  /** Copies keys of such rows into `into`. */
  insertMatching(schema: string, into: string, plan: SelectMatching): Statement;
  deleteMatching(schema: string, plan: RowsMatching): Statement;
  /** Marks live matching rows as deleted. */
  softDeleteMatching(schema: string, plan: RowsMatching, reason: string): Statement;
  /** Marks rows of a staging table as merged: all, or those that match. */
  markMerged(schema: string, stage: string, only?: { source: Source; match: Match }): Statement;
  /** Ends the current versions of rows that are gone or have another content by now. */
  closeVersions(schema: string, plan: HistoryPlan): Statement;
  /** Adds a version for each live row without a current one. */
  openVersions(schema: string, plan: HistoryPlan): Statement;
  /** Deletes marked rows. */
  purgeDeleted(schema: string, table: string): Statement;
  /** Whole table: rows `{ n }`. */
  count(schema: string, table: string, live: boolean): Statement;
}

/** Rows of `table` that have a match in `within` (all when absent), and none in any of `without`. */
export interface RowsMatching {
  readonly table: string;
  readonly within?: { readonly source: Source; readonly match: Match };
  readonly without?: readonly { readonly source: Source; readonly match: Match }[];
  /** Only rows that are not marked as deleted. */
  readonly live?: boolean;
  /** Of a staging table: only rows that are not in the target yet. */
  readonly unmerged?: boolean;
}

export interface SelectMatching extends RowsMatching {
  readonly columns: readonly string[];
  /** At most so many, in the order of `columns`. */
  readonly limit?: number;
}

export interface ProbePlan {
  readonly target: string;
  readonly soft: boolean;
  readonly columns: readonly string[];
  readonly keys: KeySet;
  readonly match: Match;
}

/** A row for the bulk path: `values` then `extra`, aligned with the columns of {@link BulkTarget}. */
export interface BulkRow {
  readonly values: readonly SqlValue[];
  readonly extra: readonly SqlValue[];
}

export interface BulkTarget {
  readonly schema: string;
  /** It is a work table ({@link Statements.createWork}), not one of the schema. */
  readonly work?: boolean;
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType | "hash" }[];
}

/** What `check` and `prepare` ask a server. */
export interface ServerInfo {
  /** Product and version as the server says. */
  readonly version: string;
  readonly tooOld: boolean;
  readonly user: string;
  readonly database: string;
  readonly readOnly: boolean;
  /** It follows another server and can never be written to. */
  readonly standby: boolean;
  readonly schemaExists: boolean;
  readonly mayCreateSchema: boolean;
  /** True also when the schema is missing but may be made. */
  readonly mayCreateTables: boolean;
  /** How the connection is encrypted. */
  readonly tls?: TlsMode;
  /** What is slower or lesser on this server than it could be, for people. */
  readonly notes?: readonly string[];
}

/** A transaction that was begun. */
export interface OpenTransaction {
  readonly trx: Knex.Transaction;
  /** Gives back what the transaction held beyond its end; called once it has committed or was rolled back. */
  end(): Promise<void>;
}

/** Open connections to one database. */
export interface Connection {
  readonly knex: Knex;
  run(db: Knex, statement: Statement): Promise<Result>;
  /** Writes rows by the driver's bulk path, on the transaction's own connection; returns their number. */
  bulk(trx: Knex.Transaction, target: BulkTarget, rows: Iterable<BulkRow>): Promise<number>;
  /** Begins a transaction with the settings it needs; works behind poolers. */
  begin(): Promise<OpenTransaction>;
  serverInfo(schema: string): Promise<ServerInfo>;
  /** Makes the database of the URL when it is missing; there only where `createDatabase` allows it. */
  createDatabase?(): Promise<void>;
  /** Which of these names of `grantSelect` the server does not know, as far as it tells; makes and grants nothing. */
  unknownRoles(schema: string, roles: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** One database product. Its folder holds `dialect`, `connection`, `statements`, `bulk`, `errors`. */
export interface Dialect {
  readonly type: WarehouseConfig["type"];
  readonly capabilities: Capabilities;
  readonly statements: Statements;
  /** What an administrator has to do, in the database's own words. */
  readonly remedies: {
    createSchema(schema: string, user: string): string;
    createTables(schema: string, user: string): string;
    readonly readOnly: string;
    /** For a key column whose collation takes different texts for one. */
    collation?(schema: string, table: string, column: string): string;
  };
  /** The type's name in DDL. */
  columnType(plan: Pick<ColumnPlan, "type" | "indexed">): string;
  /** Text as this database can store it; the same function for cells and for keys that are compared with them. */
  cleanText(text: string): string;
  /** The same for JSON text. */
  cleanJson(json: string): string;
  /** Loads the driver and opens a pool; does not connect yet. */
  connect(config: WarehouseConfig): Promise<Connection>;
  /** True for the violation of a primary key or unique index. */
  isDuplicate(error: unknown): boolean;
  /** Translates what a driver threw; `doing` says what was tried, without data. */
  mapError(error: unknown, doing: string): TidemarkError;
}
