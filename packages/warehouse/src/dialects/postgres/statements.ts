import {
  BOOKKEEPING,
  type ColumnPlan,
  type Match,
  type MergePlan,
  type RowsMatching,
  type SelectMatching,
  type Source,
  type Statement,
  type Statements,
} from "../../dialect.js";
import { closeVersions, openVersions } from "./history.js";
import { fromItem, keyRows, list, matches, onKey, plain, q, ref, SORTED } from "./sql.js";
import { columnType } from "./types.js";

function columnDdl(column: ColumnPlan): string {
  const parts = [q(column.name), columnType(column)];
  if (column.byDefault === "now") parts.push("default now()");
  else if (column.byDefault !== undefined) parts.push(`default ${column.byDefault === 0 ? "0" : "''"}`);
  if (column.notNull) parts.push("not null");
  return parts.join(" ");
}

const B = BOOKKEEPING;

function differs(plan: MergePlan): string {
  const tests = [`t.${q(B.hash)} is distinct from s.${q(B.hash)}`];
  if (plan.compareAll && plan.columns.length > 0) {
    tests.push(`(${list(plan.columns, "t.")}) is distinct from (${list(plan.columns, "s.")})`);
  }
  if (plan.soft) tests.push(`t.${q(B.deletedAt)} is not null`);
  return `(${tests.join(" or ")})`;
}

function assignments(plan: MergePlan): string {
  const columns = plan.columns.filter((column) => !plan.key.includes(column));
  const sets = [...columns, B.hash].map((column) => `${q(column)} = s.${q(column)}`);
  sets.push(`${q(B.syncedAt)} = now()`);
  if (plan.soft) sets.push(`${q(B.deletedAt)} = null`, `${q(B.deleteReason)} = null`);
  return sets.join(", ");
}

/** The `where` of rows that match; the table's alias is `t`. */
function whereMatching(schema: string, plan: RowsMatching): Statement {
  const conditions: string[] = [];
  const bindings: Statement["bindings"][number][] = [];
  const add = (word: string, side: { source: Source; match: Match }): void => {
    const from = fromItem(schema, side.source, "k");
    const unmerged = "table" in side.source && side.source.unmerged ? ` and not k.${q(B.merged)}` : "";
    conditions.push(`${word} (select 1 from ${from.sql} where ${matches(side.match, "t", "k")}${unmerged})`);
    bindings.push(...from.bindings);
  };
  if (plan.live) conditions.push(`t.${q(B.deletedAt)} is null`);
  if (plan.unmerged) conditions.push(`not t.${q(B.merged)}`);
  if (plan.within) add("exists", plan.within);
  for (const side of plan.without ?? []) add("not exists", side);
  return { sql: conditions.length > 0 ? ` where ${conditions.join(" and ")}` : "", bindings };
}

function selectMatching(schema: string, plan: SelectMatching): Statement {
  const where = whereMatching(schema, plan);
  const limit = plan.limit === undefined ? "" : ` order by ${list(plan.columns, "t.")} limit ${Math.trunc(plan.limit)}`;
  return {
    sql: `select ${list(plan.columns, "t.")} from ${ref(schema, plan.table)} t${where.sql}${limit}`,
    bindings: where.bindings,
  };
}

/** SQL of PostgreSQL 14 and later. */
export const statements: Statements = {
  lock: (schema, name) => plain("select pg_advisory_xact_lock(hashtextextended(?, 0))", `tidemark/${schema}/${name}`),
  createSchema: (schema) => plain(`create schema if not exists ${q(schema)}`),
  schemaExists: (schema) => plain("select 1 as found from pg_namespace where nspname = ?", schema),
  listTables: (schema) =>
    plain(
      `select c.relname as table_name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
      schema,
    ),
  listColumns: (schema, table) =>
    plain(
      `select a.attname as column_name, not coalesce(o.collisdeterministic, true) as loose
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
       left join pg_collation o on o.oid = a.attcollation
       where n.nspname = ? and c.relname = ? and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      schema,
      table,
    ),
  createTable(schema, plan) {
    const columns = plan.columns.map(columnDdl).join(",\n  ");
    const key = plan.primaryKey.length > 0 ? `,\n  primary key (${list(plan.primaryKey)})` : "";
    return [
      plain(`create table ${ref(schema, plan.name)} (\n  ${columns}${key}\n)`),
      ...(plan.indexes ?? []).map((index) => plain(`create index on ${ref(schema, plan.name)} (${list(index)})`)),
    ];
  },
  addColumn: (schema, table, column) =>
    plain(`alter table ${ref(schema, table)} add column if not exists ${columnDdl(column)}`),
  renameColumn: (schema, table, change) =>
    plain(`alter table ${ref(schema, table)} rename column ${q(change.from)} to ${q(change.to)}`),
  widenColumn(schema, table, change) {
    const column = q(change.column);
    let value = `${column}::${columnType({ type: change.to })}`;
    if (change.from === "instant" && change.to === "text") {
      value = `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    }
    const type = columnType({ type: change.to });
    return [plain(`alter table ${ref(schema, table)} alter column ${column} type ${type} using ${value}`)];
  },
  integersFitDouble: (schema, table, column) =>
    plain(
      `select not exists (select 1 from ${ref(schema, table)}
       where ${q(column)} not between -9007199254740992 and 9007199254740992) as fits`,
    ),
  quote: q,
  createView: (schema, name, select) => plain(`create view ${ref(schema, name)} as ${select}`),
  dropView: (schema, name) => plain(`drop view if exists ${ref(schema, name)}`),
  dropTable: (schema, table) => plain(`drop table if exists ${ref(schema, table)}`),
  missingGrants: (schema, table, roles) =>
    plain(
      `select r as role from unnest(?::text[]) as r
       where not (has_table_privilege(r, ?, 'select') and has_schema_privilege(r, ?, 'usage'))`,
      roles,
      `${q(schema)}.${q(table)}`,
      schema,
    ),
  grantSelect: (schema, table, role) => [
    plain(`grant usage on schema ${q(schema)} to ${q(role)}`),
    plain(`grant select on ${ref(schema, table)} to ${q(role)}`),
  ],
  analyze: (schema, table, columns) => [plain(`analyze ${ref(schema, table)} (${list(columns)})`)],
  tuneMerge: () => [plain("set local work_mem = '64MB'")],
  empty: (schema, table) => plain(`truncate ${ref(schema, table)}`),
  now: () => plain("select (extract(epoch from clock_timestamp()) * 1000)::bigint as now_ms"),

  probe(schema, plan) {
    const from = keyRows(plan.keys, "k");
    const live = plan.soft ? `t.${q(B.deletedAt)} is null` : "true";
    return {
      sql: `select ${list(plan.columns, "t.")}, t.${q(B.hash)} as hash, ${live} as live
        from ${from.sql} join ${ref(schema, plan.target)} t on ${matches(plan.match, "t", "k")}`,
      bindings: from.bindings,
    };
  },
  createWork: (schema, plan) => [
    plain(
      `create temp table ${q(plan.work)} on commit drop as
       select ${list([...plan.columns, B.hash])} from ${ref(schema, plan.target)} with no data`,
    ),
  ],
  dropWork: (_schema, work) => plain(`drop table pg_temp.${q(work)}`),
  dropStaleChildren: (schema, stage, parent) =>
    plain(
      `delete from ${ref(schema, stage)} s using ${ref(schema, parent.stage)} p
       where ${matches(parent.match, "s", "p")} and s.${q(B.sequence)} <> p.${q(B.sequence)}
         and not s.${q(B.merged)} and not p.${q(B.merged)}`,
    ),
  dropDuplicates: (schema, stage, key) =>
    plain(
      `delete from ${ref(schema, stage)} s using (
         select ${list(key)}, max(${q(B.sequence)}) as last from ${ref(schema, stage)}
         where not ${q(B.merged)} group by ${list(key)} having count(*) > 1) d
       where ${onKey(key, "s", "d")} and s.${q(B.sequence)} < d.last and not s.${q(B.merged)}`,
    ),
  classify(schema, plan) {
    const revived = plan.soft ? `(t.${q(B.deletedAt)} is not null)` : "false";
    return [
      plain(
        `create temp table ${q(SORTED)} on commit drop as
         select ${list(plan.key, "s.")}, (t.${q(plan.key[0] ?? "")} is null) as fresh, ${revived} as revived
         from ${ref(schema, plan.source)} s left join ${ref(schema, plan.target)} t on ${onKey(plan.key, "t", "s")}
         where not s.${q(B.merged)} and (t.${q(plan.key[0] ?? "")} is null or ${differs(plan)})`,
      ),
      plain(`analyze pg_temp.${q(SORTED)}`),
    ];
  },
  classified: () =>
    plain(
      `select count(*) filter (where fresh)::int as fresh, count(*) filter (where not fresh and not revived)::int as changed,
       count(*) filter (where revived)::int as revived from pg_temp.${q(SORTED)}`,
    ),
  insertNew: (schema, plan) =>
    plain(
      `insert into ${ref(schema, plan.target)} (${list([...plan.columns, B.hash])})
       select ${list([...plan.columns, B.hash], "s.")} from ${ref(schema, plan.source)} s
       join pg_temp.${q(SORTED)} c on ${onKey(plan.key, "c", "s")} where c.fresh and not s.${q(B.merged)}`,
    ),
  updateChanged: (schema, plan) =>
    plain(
      `update ${ref(schema, plan.target)} t set ${assignments(plan)} from ${ref(schema, plan.source)} s
       join pg_temp.${q(SORTED)} c on ${onKey(plan.key, "c", "s")}
       where ${onKey(plan.key, "t", "s")} and not c.fresh and not s.${q(B.merged)}`,
    ),
  endClassify: () => [plain(`drop table pg_temp.${q(SORTED)}`)],
  updateFromWork: (schema, plan) =>
    plain(
      `update ${ref(schema, plan.target)} t set ${assignments(plan)} from pg_temp.${q(plan.source)} s
       where ${onKey(plan.key, "t", "s")}${plan.compareAll ? ` and ${differs(plan)}` : ""}`,
    ),

  selectMatching,
  insertMatching(schema, into, plan) {
    const select = selectMatching(schema, plan);
    return { sql: `insert into ${ref(schema, into)} (${list(plan.columns)}) ${select.sql}`, bindings: select.bindings };
  },
  deleteMatching(schema, plan) {
    const where = whereMatching(schema, plan);
    return { sql: `delete from ${ref(schema, plan.table)} t${where.sql}`, bindings: where.bindings };
  },
  softDeleteMatching(schema, plan, reason) {
    const where = whereMatching(schema, { ...plan, live: true });
    return {
      sql: `update ${ref(schema, plan.table)} t set ${q(B.deletedAt)} = now(), ${q(B.deleteReason)} = ?${where.sql}`,
      bindings: [reason, ...where.bindings],
    };
  },
  markMerged(schema, stage, only) {
    const where = whereMatching(schema, { table: stage, unmerged: true, ...(only ? { within: only } : {}) });
    return { sql: `update ${ref(schema, stage)} t set ${q(B.merged)} = true${where.sql}`, bindings: where.bindings };
  },
  closeVersions,
  openVersions,
  purgeDeleted: (schema, table) => plain(`delete from ${ref(schema, table)} where ${q(B.deletedAt)} is not null`),
  count: (schema, table, live) =>
    plain(`select count(*)::bigint as n from ${ref(schema, table)}${live ? ` where ${q(B.deletedAt)} is null` : ""}`),
};
