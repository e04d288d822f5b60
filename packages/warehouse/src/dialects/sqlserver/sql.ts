import { BOOKKEEPING, type KeySet, type Match, type RowsMatching, type Source, type Statement } from "../../dialect.js";
import { COLLATE, columnType, textType } from "./types.js";

const B = BOOKKEEPING;

/** Quotes an identifier; `?` is escaped because it would be read as a placeholder. */
export function q(name: string): string {
  return `[${name.replaceAll("]", "]]").replaceAll("?", "\\?")}]`;
}

export function ref(schema: string, table: string): string {
  return `${q(schema)}.${q(table)}`;
}

/** A temporary table: it belongs to the session, whatever schema is in use. */
export function temporary(name: string): string {
  return q(`#${name}`);
}

/** Work table of {@link Statements.classify}. */
export const SORTED = temporary("_tidemark_sorted");

export function list(names: readonly string[], alias = ""): string {
  return names.map((name) => alias + q(name)).join(", ");
}

export function plain(sql: string, ...bindings: Statement["bindings"][number][]): Statement {
  return { sql, bindings };
}

export function onKey(key: readonly string[], left: string, right: string): string {
  return key.map((column) => `${left}.${q(column)} = ${right}.${q(column)}`).join(" and ");
}

export function matches(match: Match, target: string, source: string): string {
  if (match.length === 0) return "1 = 1";
  return match.map(([left, right]) => `${target}.${q(left)} = ${source}.${q(right)}`).join(" and ");
}

/** Characters that a key's text may be declared with without turning into a type that no index takes. */
const SHORT_TEXT = 450;

function longest(keys: KeySet, index: number): number {
  return keys.rows.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0);
}

/** Columns hold UTC and no offset. */
function storableKey(value: string, keys: KeySet, index: number): string {
  return keys.types?.[index] === "instant" ? value.replace(/Z$/, "") : value;
}

/**
 * A key set as a from-item: one JSON text, so that one parameter serves any number of rows. OPENJSON's columns have the
 * database's collation, and two collations must not meet in a comparison. Each row stands there once.
 */
export function keyRows(keys: KeySet, alias: string): Statement {
  const declared: string[] = [];
  const selected: string[] = [];
  keys.columns.forEach((name, index) => {
    const type = keys.types?.[index] ?? "text";
    const isText = type === "text" || type === "json";
    const declaredType = isText
      ? textType(longest(keys, index) <= SHORT_TEXT ? SHORT_TEXT : Infinity)
      : columnType({ type });
    declared.push(`${q(name)} ${declaredType.replace(` ${COLLATE}`, "")} '$[${index}]'`);
    selected.push(isText ? `j.${q(name)} ${COLLATE} as ${q(name)}` : `j.${q(name)}`);
  });
  return {
    sql: `(select distinct ${selected.join(", ")} from openjson(?) with (${declared.join(", ")}) as j) as ${alias}`,
    bindings: [JSON.stringify(keys.rows.map((row) => row.map((value, index) => storableKey(value, keys, index))))],
  };
}

export function fromItem(schema: string, source: Source, alias: string): Statement {
  if ("keys" in source) return keyRows(source.keys, alias);
  if ("classified" in source) return plain(`${SORTED} as ${alias}`);
  return plain(`${ref(schema, source.table)} as ${alias}`);
}

function hasMatch(schema: string, side: { source: Source; match: Match }, alias: string): Statement {
  const from = fromItem(schema, side.source, alias);
  const unmerged = "table" in side.source && side.source.unmerged ? ` and ${alias}.${q(B.merged)} = 0` : "";
  return {
    sql: `exists (select 1 from ${from.sql} where ${matches(side.match, "t", alias)}${unmerged})`,
    bindings: from.bindings,
  };
}

/** The WHERE clause of rows that match; `t` is the table's alias. Empty when all rows do. */
export function whereMatching(schema: string, plan: RowsMatching): Statement {
  const conditions: Statement[] = [];
  if (plan.within) conditions.push(hasMatch(schema, plan.within, "k"));
  (plan.without ?? []).forEach((side, index) => {
    const found = hasMatch(schema, side, `n${index}`);
    conditions.push({ ...found, sql: `not ${found.sql}` });
  });
  if (plan.live) conditions.push(plain(`t.${q(B.deletedAt)} is null`));
  if (plan.unmerged) conditions.push(plain(`t.${q(B.merged)} = 0`));
  return {
    sql: conditions.length > 0 ? ` where ${conditions.map((one) => one.sql).join(" and ")}` : "",
    bindings: conditions.flatMap((one) => one.bindings),
  };
}
