/**
 * Types of warehouse columns, the same for every dialect.
 * `instant` is UTC with milliseconds; `integer` is 64-bit; `json` holds JSON text; `text` has no length limit.
 */
export type ColumnType = "text" | "boolean" | "integer" | "double" | "instant" | "json";

/**
 * A cell on its way to the warehouse. Instants are `YYYY-MM-DDTHH:mm:ss.SSSZ` strings, JSON is its text,
 * integers beyond 2^53 are bigint.
 */
export type SqlValue = string | number | boolean | bigint | null;

/** A row aligned with {@link TableSpec.columns}, and the hash of its content (see the transformer). */
export interface Row {
  readonly values: readonly SqlValue[];
  readonly hash: string;
}

/**
 * First steps of column paths that lead outside the item: a value of the parent's row (`["{parent}", "group_id"]`), what
 * no declaration knows, and for child rows the key or place in the collection and a constant.
 */
export const SOURCE = {
  parent: "{parent}",
  extra: "{extra}",
  key: "{key}",
  position: "{position}",
  constant: "{constant}",
} as const;

/** The column of a replicated table that keeps, as JSON, what neither the declaration nor the org's schema names. */
export const EXTRA_COLUMN = "_extra";

/** One column of a replicated table. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  /**
   * Where the value comes from: the keys from the item's root (`["profile", "firstName"]`; in a child table from the
   * element), or a {@link SOURCE}; in the key of a table that continues another, that table's row.
   */
  readonly path: readonly string[];
}

/** A replicated table as the loader makes and fills it. Bookkeeping columns are the loader's own and not listed. */
export interface TableSpec {
  readonly name: string;
  /** The catalog object whose rows these are (a child table names its parent's object). */
  readonly object: string;
  /** Key columns in primary-key order: `text`, save the place of a child row in its array, which is `integer`. */
  readonly key: readonly string[];
  readonly columns: readonly ColumnSpec[];
  /** Further indexes, each a list of columns: pair tables are indexed from both sides. */
  readonly indexes: readonly (readonly string[])[];
  /**
   * Name of the main table that this one continues: it holds attributes which found no room there, in one row for each
   * row of it, under the same key columns.
   */
  readonly continues?: string;
}

/** Key values by column name, e.g. `{ group_id: "00g…", user_id: "00u…" }`, or part of a key (a scope). */
export type KeyValues = Readonly<Record<string, string>>;
