import type { ColumnPlan } from "../../dialect.js";

/**
 * Compares by code point, so that `a` and `A` are two keys. Blanks at the end do not count in comparisons under any
 * collation (Transact-SQL reference, "= (Equals)" and "Collation and Unicode support").
 */
export const COLLATE = "collate Latin1_General_BIN2";

/**
 * A clustered index holds keys of 900 bytes at most (Microsoft Learn, "Maximum capacity specifications for SQL Server"); a
 * character takes 2, and columns of other types need room beside.
 */
const KEY_CHARACTERS = 440;

/** Text that is a key, or part of one of so many text columns; longer values are refused, never cut. */
export function keyType(columns: number): string {
  return textType(Math.floor(KEY_CHARACTERS / Math.max(columns, 1)));
}

/** Text of so many characters at most; above 4,000 without a limit. */
export function textType(characters: number): string {
  return `nvarchar(${characters <= 4_000 ? characters : "max"}) ${COLLATE}`;
}

/** Column types as SQL Server names them. */
const TYPES: Readonly<Record<ColumnPlan["type"], string>> = {
  text: `nvarchar(max) ${COLLATE}`,
  boolean: "bit",
  integer: "bigint",
  double: "float(53)",
  instant: "datetime2(3)",
  json: `nvarchar(max) ${COLLATE}`,
  hash: `varchar(64) ${COLLATE}`,
};

export function columnType(plan: Pick<ColumnPlan, "type" | "indexed">): string {
  return TYPES[plan.type];
}
