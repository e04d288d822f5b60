import type { ColumnType } from "@tidemark/catalog";

import type { Statement } from "../../dialect.js";
import { plain, q, ref } from "./sql.js";
import { columnType, TEXT_PREFIX } from "./types.js";

/** Text of a boolean or an instant, from what a plain change of type makes of it; does nothing the second time. */
export const REWRITES: Readonly<Record<string, (column: string) => string>> = {
  boolean: (c) => `set ${c} = if(${c} = '1', 'true', 'false') where ${c} in ('0', '1')`,
  instant: (c) => `set ${c} = concat(replace(${c}, ' ', 'T'), 'Z') where ${c} like '____-__-__ __:__:__.___'`,
};

/**
 * A default as DDL: MariaDB's catalog has it as such, MySQL's has plain values and, marked, expressions whose quotes are
 * escaped (manuals of both, INFORMATION_SCHEMA.COLUMNS). Of a boolean that turns into text, its text.
 */
const DEFAULT = `/*M!100000 c.column_default */ /*!80000 if(c.extra like '%DEFAULT_GENERATED%',
  replace(c.column_default, '\\\\''', ''''), quote(c.column_default)) */`;
const BOOLEAN_DEFAULT = `if(c.column_default in ('0', '1'),
  if(c.column_default = '1', '''true''', '''false'''), ${DEFAULT})`;

/** Indexes of the column, made anew: text is indexed by its beginning alone (error 1170 without a length). */
const INDEXES = `coalesce((select group_concat(
    ', drop index \`', replace(x.index_name, '\`', '\`\`'), '\`, add ', if(x.non_unique, '', 'unique '),
    'index \`', replace(x.index_name, '\`', '\`\`'), '\` (', x.parts, ')' separator '')
  from (select s.index_name, min(s.non_unique) as non_unique, group_concat(
      '\`', replace(s.column_name, '\`', '\`\`'), '\`',
      if(s.column_name = ?, '(${TEXT_PREFIX})', coalesce(concat('(', s.sub_part, ')'), '')),
      if(s.collation = 'D', ' desc', '') order by s.seq_in_index separator ', ') as parts
    from information_schema.statistics as s
    where s.table_schema = ? and s.table_name = ? and s.index_name <> 'PRIMARY'
    group by s.index_name
    having max(s.column_name = ?) = 1 and count(*) = count(s.column_name)) as x), '')`;

/**
 * Changes a column's type. MODIFY forgets what it is not told, so the statement is put together on the server from what
 * people gave the column: default, NOT NULL, comment, and indexes, which keep their names.
 */
export function widenColumn(
  schema: string,
  table: string,
  change: { column: string; from: ColumnType; to: ColumnType },
): Statement[] {
  const { column, from, to } = change;
  const modify = `alter table ${ref(schema, table)} modify column ${q(column)} ${columnType({ type: to })}`;
  const toText = to === "text";
  const kept = [
    "?",
    "if(c.is_nullable = 'NO', ' not null', '')",
    `coalesce(concat(' default (', ${from === "boolean" && toText ? BOOLEAN_DEFAULT : DEFAULT}, ')'), '')`,
    "if(c.column_comment = '', '', concat(' comment ', quote(c.column_comment)))",
    ...(toText ? [INDEXES] : []),
  ];
  const rewrite = toText ? REWRITES[from]?.(q(column)) : undefined;
  return [
    plain(
      `set @tidemark_widen = (select concat(${kept.join(",\n  ")})
       from information_schema.columns as c
       where c.table_schema = ? and c.table_name = ? and c.column_name = ?)`,
      // A value, in which nothing takes `?` for a placeholder.
      modify.replaceAll("\\?", "?"),
      ...(toText ? [column, schema, table, column] : []),
      schema,
      table,
      column,
    ),
    plain("prepare tidemark_widen from @tidemark_widen"),
    plain("execute tidemark_widen"),
    plain("deallocate prepare tidemark_widen"),
    ...(rewrite === undefined ? [] : [plain(`update ${ref(schema, table)} ${rewrite}`)]),
  ];
}
