import type { ColumnPlan } from "../../dialect.js";

/**
 * Compares byte by byte and without padding: `a`, `A` and `a ` are three keys. The two products have the same collation
 * under two names, and each reads only its own kind of comment (MySQL and MariaDB manuals, comment syntax).
 */
export const COLLATE = "collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */";
const TEXT = `character set utf8mb4 ${COLLATE}`;

/**
 * InnoDB indexes 3,072 bytes at most with 16 kB pages and DYNAMIC rows (MySQL manual, InnoDB limits); a character of
 * utf8mb4 takes up to 4, and columns of other types need room beside.
 */
const INDEX_CHARACTERS = 750;

/** Characters of an index on free text: enough to find it by, few enough for several such columns in one index. */
export const TEXT_PREFIX = 191;

/** What each of `columns` text columns of an index may take. */
export function indexCharacters(columns: number): number {
  return Math.floor(INDEX_CHARACTERS / Math.max(columns, 1));
}

/** Text that is a key, or part of one of so many text columns; longer values are refused, never cut. */
export function keyType(columns: number): string {
  return `varchar(${indexCharacters(columns)}) ${TEXT}`;
}

/** Text of a work table that is found by its value: no longer than what is in it, so that it can be indexed. */
export function shortText(characters: number): string {
  return `varchar(${characters}) ${TEXT}`;
}

/** Column types as MySQL names them. Text has no length limit; InnoDB keeps long values outside of the row. */
const TYPES: Readonly<Record<ColumnPlan["type"], string>> = {
  text: `longtext ${TEXT}`,
  boolean: "boolean",
  integer: "bigint",
  double: "double",
  instant: "datetime(3)",
  // MariaDB makes it longtext with a check (MariaDB manual, JSON data type).
  json: "json",
  hash: "varchar(64) character set ascii collate ascii_bin",
};

export function columnType(plan: Pick<ColumnPlan, "type" | "indexed">): string {
  return TYPES[plan.type];
}
