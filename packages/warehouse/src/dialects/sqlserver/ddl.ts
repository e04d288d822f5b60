import { createHash } from "node:crypto";

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

const LONGEST_NAME = 128;

/** Name of the check on a column of JSON. A schema has each name once, and neither part has a dot. */
function checkName(table: string, column: string): string {
  const name = `ck_${table}.${column}`;
  if (name.length <= LONGEST_NAME) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.slice(0, LONGEST_NAME - digest.length - 1)}.${digest}`;
}

/**
 * Text that is no JSON is refused. ISJSON takes objects and arrays alone before SQL Server 2022 (Transact-SQL reference,
 * "ISJSON"), and other values are JSON as well: so the value is looked at inside of an object, not of an array, in which
 * nothing and a list would pass. A null is unknown, which a check lets pass. The text is as long as the column: `max` and
 * a literal make `max` ("+ (String concatenation)").
 */
function jsonCheck(column: string): string {
  return `check (isjson(N'{"v":' + ${q(column)} + N'}') = 1)`;
}

interface Place {
  readonly table: string;
  /** Text columns of its key. */
  readonly keys: readonly string[];
  /** Staged rows are held against checks when they are merged, and not twice. */
  readonly unchecked?: boolean;
}

function columnDdl(column: ColumnPlan, { table, keys, unchecked }: Place): string {
  const type = keys.includes(column.name)
    ? keyType(keys.length)
    : column.type === "text" && column.isName
      ? keyType(2)
      : columnType(column);
  const parts = [q(column.name), type, column.notNull ? "not null" : "null"];
  if (column.byDefault === "now") parts.push(`default ${NOW}`);
  else if (column.byDefault !== undefined) parts.push(`default ${column.byDefault === 0 ? "0" : "N''"}`);
  if (column.type === "json" && unchecked !== true) {
    parts.push(`constraint ${q(checkName(table, column.name))} ${jsonCheck(column.name)}`);
  }
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
  const place = { table: plan.name, keys, unchecked: plan.primaryKey.length === 0 };
  const lines = plan.columns.map((column) => columnDdl(column, place));
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
  return plain(`alter table ${ref(schema, table)} add ${columnDdl(column, { table, keys: [] })}`);
}

/** Text as it stands in a statement; `\\?` is a question mark that is no placeholder. */
function literal(text: string): string {
  return `N'${text.replaceAll("'", "''").replaceAll("?", "\\?")}'`;
}

function rename(schema: string, table: string, { from, to }: { from: string; to: string }): string {
  const column = `${ref(schema, table)}.${q(from)}`.replaceAll("\\?", "?");
  return `exec sp_rename ${literal(column)}, ${literal(to)}, 'COLUMN'`;
}

/** No column that a check names is renamed (error 15336; "sp_rename"), so the check goes before and comes after. */
export function renameColumn(schema: string, table: string, change: { from: string; to: string }): Statement {
  const target = ref(schema, table);
  const [before, after] = [change.from, change.to].map((column) => checkName(table, column));
  const name = `${q(schema)}.${q(before ?? "")}`.replaceAll("\\?", "?");
  const add = `alter table ${target} add constraint ${q(after ?? "")} ${jsonCheck(change.to)}`.replaceAll("\\?", "?");
  return plain(
    `if object_id(${literal(name)}, 'C') is null ${rename(schema, table, change)}
     else begin
       alter table ${target} drop constraint ${q(before ?? "")};
       ${rename(schema, table, change)};
       exec (${literal(add)});
     end`,
  );
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
  // JSON is text already, but for its check.
  if (!textOf) return [plain(`alter table ${target} drop constraint if exists ${q(checkName(table, change.column))}`)];
  return [
    plain(`alter table ${target} add ${q(WIDE)} ${columnType({ type: "text" })} null`),
    plain(`update ${target} set ${q(WIDE)} = ${textOf(column)}`),
    plain(`alter table ${target} drop column ${column}`),
    plain(rename(schema, table, { from: WIDE, to: change.column })),
  ];
};
