import type { KeySet, Match, Source, Statement } from "../../dialect.js";
import { columnType } from "./types.js";

/** Work table of {@link Statements.classify}. */
export const SORTED = "_tidemark_sorted";

/** Quotes an identifier; `?` is escaped because knex reads it as a placeholder. */
export function q(name: string): string {
  return `"${name.replaceAll('"', '""').replaceAll("?", "\\?")}"`;
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

/** A key set as a from-item: arrays that unnest side by side, so that one statement text serves any number of rows. */
export function keyRows(keys: KeySet, alias: string): Statement {
  const arrays = keys.columns.map((_, index) => keys.rows.map((row) => row[index] ?? ""));
  const casts = keys.columns.map((_, index) => `?::${columnType({ type: keys.types?.[index] ?? "text" })}[]`);
  return { sql: `unnest(${casts.join(", ")}) as ${alias}(${list(keys.columns)})`, bindings: arrays };
}

export function fromItem(schema: string, source: Source, alias: string): Statement {
  if ("keys" in source) return keyRows(source.keys, alias);
  if ("classified" in source) return plain(`pg_temp.${q(SORTED)} as ${alias}`);
  return plain(`${ref(schema, source.table)} as ${alias}`);
}

export function matches(match: Match, target: string, source: string): string {
  if (match.length === 0) return "true";
  return match.map(([left, right]) => `${target}.${q(left)} = ${source}.${q(right)}`).join(" and ");
}
