import { BOOKKEEPING, type KeySet, type Match, type RowsMatching, type Source, type Statement } from "../../dialect.js";
import { columnType, shortText } from "./types.js";

const B = BOOKKEEPING;
/** Work table of {@link Statements.classify}. */
export const SORTED = "_tidemark_sorted";

/** Quotes an identifier; `?` is escaped because knex reads it as a placeholder. */
export function q(name: string): string {
  return `\`${name.replaceAll("`", "``").replaceAll("?", "\\?")}\``;
}

export function ref(schema: string, table: string): string {
  return `${q(schema)}.${q(table)}`;
}

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
  if (match.length === 0) return "true";
  return match.map(([left, right]) => `${target}.${q(left)} = ${source}.${q(right)}`).join(" and ");
}

/** Lengths that a text of a key set may be declared with; short ones make short indexes. */
const LENGTHS = [40, 80, 255, 768];

function textType(keys: KeySet, index: number): string {
  const longest = keys.rows.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), 0);
  return shortText(LENGTHS.find((length) => length >= longest) ?? longest);
}

function storableKey(value: string, keys: KeySet, index: number): string {
  return keys.types?.[index] === "instant" ? value.replace("T", " ").replace(/Z$/, "") : value;
}

/**
 * A key set as a from-item: one JSON text, so that one statement serves any number of rows; read once, into a table of
 * its own that the server indexes as the join needs it. Each row stands there once.
 */
export function keyRows(keys: KeySet, alias: string): Statement {
  const columns = keys.columns.map((name, index) => {
    const type = keys.types?.[index] ?? "text";
    return `${q(name)} ${type === "text" ? textType(keys, index) : columnType({ type })} path '$[${index}]'`;
  });
  const rows = `json_table(?, '$[*]' columns (${columns.join(", ")})) as j`;
  return {
    sql: `(select distinct ${list(keys.columns, "j.")} from ${rows}) as ${alias}`,
    bindings: [JSON.stringify(keys.rows.map((row) => row.map((value, index) => storableKey(value, keys, index))))],
  };
}

export function fromItem(schema: string, source: Source, alias: string): Statement {
  if ("keys" in source) return keyRows(source.keys, alias);
  if ("classified" in source) return plain(`${ref(schema, SORTED)} as ${alias}`);
  return plain(`${ref(schema, source.table)} as ${alias}`);
}

/** Rows that match as joins, whose sides the server reads by index; subqueries of DELETE it would run row by row. */
export interface Joined {
  readonly joins: string;
  readonly where: string;
  readonly bindings: Statement["bindings"];
}

/** Joins of `t`, the table's alias, with what it must and must not have a match in. */
export function joinMatches(schema: string, plan: RowsMatching): Joined {
  const joins: string[] = [];
  const conditions: string[] = [];
  const bindings: Statement["bindings"][number][] = [];
  const add = (word: string, side: { source: Source; match: Match }, alias: string): void => {
    const from = fromItem(schema, side.source, alias);
    const unmerged = "table" in side.source && side.source.unmerged ? ` and not ${alias}.${q(B.merged)}` : "";
    joins.push(` ${word} ${from.sql} on ${matches(side.match, "t", alias)}${unmerged}`);
    bindings.push(...from.bindings);
  };
  if (plan.within) add("join", plan.within, "k");
  (plan.without ?? []).forEach((side, index) => {
    const alias = `n${index}`;
    add("left join", side, alias);
    conditions.push(`${alias}.${q(side.match[0]?.[1] ?? "")} is null`);
  });
  if (plan.live) conditions.push(`t.${q(B.deletedAt)} is null`);
  if (plan.unmerged) conditions.push(`not t.${q(B.merged)}`);
  return { joins: joins.join(""), where: conditions.length > 0 ? ` where ${conditions.join(" and ")}` : "", bindings };
}
