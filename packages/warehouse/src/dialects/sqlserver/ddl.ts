import type { ColumnType } from "@tidemark/catalog";

import type { ColumnPlan, Statement, Statements, TablePlan } from "../../dialect.js";
import { list, plain, q, ref } from "./sql.js";
import { columnType, keyType } from "./types.js";

/** UTC whatever the server's time zone is, also for a row that a person inserts. */
export const NOW = "sysutcdatetime()";

/** Text columns that an index holds whole: the primary key's, those of a table without one, and short ones. */
function keyColumns(plan: TablePlan): readonly string[] {
  const inKey = (column: ColumnPlan): boolean =>
    plan.primaryKey.length > 0 ? plan.primaryKey.includes(column.name) : column.indexed === true;
  return plan.columns.filter((column) => column.type === "text" && inKey(column)).map((column) => column.name);
}

function columnDdl(column: ColumnPlan, keys: readonly string[] = []): string {
  const type = keys.includes(column.name)
    ? keyType(keys.length)
    : column.type === "text" && column.isName
      ? keyType(2)
      : columnType(column);
  const parts = [q(column.name), type, column.notNull ? "not null" : "null"];
  if (column.byDefault === "now") parts.push(`default ${NOW}`);
  else if (column.byDefault !== undefined) parts.push(`default ${column.byDefault === 0 ? "0" : "N''"}`);
  return parts.join(" ");
}

/** Columns that no index takes as a key: text without a limit (Transact-SQL reference, "CREATE INDEX"). */
function unindexable(plan: TablePlan): ReadonlySet<string> {
  const keys = keyColumns(plan);
  const unlimited = plan.columns.filter(
    ({ name, type, isName }) => type === "json" || (type === "text" && !isName && !keys.includes(name)),
  );
  return new Set(unlimited.map((column) => column.name));
}

export function createTable(schema: string, plan: TablePlan): readonly Statement[] {
  const keys = keyColumns(plan);
  const lines = plan.columns.map((column) => columnDdl(column, keys));
  if (plan.primaryKey.length > 0) lines.push(`primary key (${list(plan.primaryKey)})`);
  const table = ref(schema, plan.name);
  const without = unindexable(plan);
  const indexes = (plan.indexes ?? [])
    .filter((index) => !index.some((column) => without.has(column)))
    .map((index, at) =>
      plain(`create index ${q(`ix_${at + 1}_${index.join("_")}`.slice(0, 60))} on ${table} (${list(index)})`),
    );
  return [plain(`create table ${table} (\n  ${lines.join(",\n  ")}\n)`), ...indexes];
}

export function addColumn(schema: string, table: string, column: ColumnPlan): Statement {
  return plain(`alter table ${ref(schema, table)} add ${columnDdl(column)}`);
}

export function renameColumn(schema: string, table: string, change: { from: string; to: string }): Statement {
  const from = `${ref(schema, table)}.${q(change.from)}`.replaceAll("\\?", "?");
  return plain("exec sp_rename ?, ?, 'COLUMN'", from, change.to);
}

/** A fraction's digits without the zeros at their end. There are no blanks among them that could stand for zeros before. */
function withoutZeros(text: string): string {
  return `replace(rtrim(replace(${text}, '0', ' ')), ' ', '0')`;
}

/**
 * A double as text from which the same double is read: whole numbers as digits, others with up to 15 digits where these
 * are enough, else with 17 (style 3 of CONVERT, which is lossless; the default style has six digits: Transact-SQL
 * reference, "CAST and CONVERT").
 */
function doubleText(c: string): string {
  const places = `case when abs(${c}) >= 1 then 14 - cast(floor(log10(abs(${c}))) as int) else 15 end`;
  const digits = withoutZeros(`ltrim(str(${c}, 40, ${places}))`);
  const isShort = `abs(${c}) < 1e15 and abs(${c}) >= 1e-4 and try_convert(float, ltrim(str(${c}, 40, ${places}))) = ${c}`;
  return `case when ${c} is null then null
    when abs(${c}) < 1e15 and ${c} = floor(${c}) then convert(nvarchar(40), cast(${c} as bigint))
    when ${isShort} then ${digits}
    else convert(nvarchar(40), ${c}, 3) end`;
}

/** A value's text as Okta writes it. */
const TEXT_OF: Readonly<Partial<Record<ColumnType, (column: string) => string>>> = {
  integer: (c) => `convert(nvarchar(20), ${c})`,
  double: doubleText,
  boolean: (c) => `case ${c} when 1 then N'true' when 0 then N'false' end`,
  // Style 126 leaves out milliseconds of 0 (Transact-SQL reference, "CAST and CONVERT"); 120 has none.
  instant: (c) =>
    `replace(convert(nvarchar(19), ${c}, 120), N' ', N'T') + N'.' + right(N'00' + convert(nvarchar(3), datepart(millisecond, ${c})), 3) + N'Z'`,
};

/** Where a column's values stand as text until they take its place. */
const WIDE = "_tidemark_wide";

/**
 * ALTER COLUMN makes doubles of integers. Text comes by way of a new column: as text, ALTER COLUMN writes a double with
 * six digits, a bit as 0 and 1, and an instant with a blank in it.
 */
export const widenColumn: Statements["widenColumn"] = (schema, table, change) => {
  const target = ref(schema, table);
  const column = q(change.column);
  if (change.to !== "text") {
    return [plain(`alter table ${target} alter column ${column} ${columnType({ type: change.to })}`)];
  }
  const textOf = TEXT_OF[change.from];
  // JSON is text already.
  if (!textOf) return [];
  return [
    plain(`alter table ${target} add ${q(WIDE)} ${columnType({ type: "text" })} null`),
    plain(`update ${target} set ${q(WIDE)} = ${textOf(column)}`),
    plain(`alter table ${target} drop column ${column}`),
    renameColumn(schema, table, { from: WIDE, to: change.column }),
  ];
};
