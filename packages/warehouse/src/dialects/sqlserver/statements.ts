import { createHash } from "node:crypto";

import {
  BOOKKEEPING,
  type MergePlan,
  type RowsMatching,
  type SelectMatching,
  type Statement,
  type Statements,
} from "../../dialect.js";
import { addColumn, createTable, NOW, renameColumn, widenColumn } from "./ddl.js";
import { closeVersions, openVersions } from "./history.js";
import { keyRows, list, matches, onKey, plain, q, ref, SORTED, temporary, whereMatching } from "./sql.js";

const B = BOOKKEEPING;
/** Longer than any step that holds a lock by name. */
const LOCK_MS = 3_600_000;

function nameOfLock(schema: string, name: string): string {
  // At most 255 characters; names are the database's (Transact-SQL reference, "sp_getapplock").
  return `tidemark/${createHash("sha256").update(`${schema}/${name}`).digest("hex").slice(0, 40)}`;
}

/** Null equals null; as many bytes tell texts apart that differ in blanks at the end, which a comparison leaves out. */
function equal(column: string): string {
  const [s, t] = [`s.${q(column)}`, `t.${q(column)}`];
  return `(${s} = ${t} and datalength(${s}) = datalength(${t}) or ${s} is null and ${t} is null)`;
}

/** True for rows that differ: a comparison that is neither true nor false, of a value with null, is not "equal" either. */
function differs(plan: MergePlan): string {
  const compared = plan.compareAll ? plan.columns.filter((column) => !plan.key.includes(column)) : [];
  const tests = [`s.${q(B.hash)} = t.${q(B.hash)}`, ...compared.map(equal)];
  if (plan.soft) tests.push(`t.${q(B.deletedAt)} is null`);
  return `case when ${tests.join(" and ")} then 0 else 1 end = 1`;
}

function assignments(plan: MergePlan): string {
  const columns = plan.columns.filter((column) => !plan.key.includes(column));
  const sets = [...columns, B.hash].map((column) => `${q(column)} = s.${q(column)}`);
  sets.push(`${q(B.syncedAt)} = ${NOW}`);
  if (plan.soft) sets.push(`${q(B.deletedAt)} = null`, `${q(B.deleteReason)} = null`);
  return sets.join(", ");
}

function selectMatching(schema: string, plan: SelectMatching): Statement {
  const where = whereMatching(schema, plan);
  const top = plan.limit === undefined ? "" : `top (${Math.trunc(plan.limit)}) `;
  const order = plan.limit === undefined ? "" : ` order by ${list(plan.columns, "t.")}`;
  return {
    sql: `select ${top}${list(plan.columns, "t.")} from ${ref(schema, plan.table)} as t${where.sql}${order}`,
    bindings: where.bindings,
  };
}

function updateMatching(schema: string, plan: RowsMatching, sets: Statement): Statement {
  const where = whereMatching(schema, plan);
  return {
    sql: `update t set ${sets.sql} from ${ref(schema, plan.table)} as t${where.sql}`,
    bindings: [...sets.bindings, ...where.bindings],
  };
}

/** SQL of SQL Server 2019 and later, and of Azure SQL. */
export const statements: Statements = {
  lock: (schema, name) =>
    plain(
      `declare @status int;
       exec @status = sp_getapplock @Resource = ?, @LockMode = 'Exclusive', @LockOwner = 'Transaction',
         @LockTimeout = ${LOCK_MS};
       select case when @status >= 0 then 1 else 0 end as locked`,
      nameOfLock(schema, name),
    ),
  createSchema: (schema) => plain(`create schema ${q(schema)}`),
  schemaExists: (schema) => plain("select 1 as found from sys.schemas where name = ?", schema),
  listTables: (schema) =>
    plain("select TABLE_NAME as table_name from INFORMATION_SCHEMA.TABLES where TABLE_SCHEMA = ?", schema),
  listColumns: (schema, table) =>
    plain(
      `select COLUMN_NAME as column_name, case when lower(COLLATION_NAME) not like '%[_]bin2' then 1 else 0 end as loose
       from INFORMATION_SCHEMA.COLUMNS
       where TABLE_SCHEMA = ? and TABLE_NAME = ? order by ORDINAL_POSITION`,
      schema,
      table,
    ),
  createTable,
  addColumn,
  renameColumn,
  widenColumn,
  integersFitDouble: (schema, table, column) =>
    plain(
      `select case when exists (select 1 from ${ref(schema, table)}
         where ${q(column)} not between -9007199254740992 and 9007199254740992) then 0 else 1 end as fits`,
    ),
  dropTable: (schema, table) => plain(`drop table if exists ${ref(schema, table)}`),
  quote: q,
  createView: (schema, name, select) => plain(`create view ${ref(schema, name)} as ${select}`),
  dropView: (schema, name) => plain(`drop view if exists ${ref(schema, name)}`),
  missingGrants: (schema, table, roles) =>
    plain(
      `select r.role from openjson(?) with (role nvarchar(128) '$') as r
       where not exists (select 1 from sys.database_permissions as p
         join sys.database_principals as u on u.principal_id = p.grantee_principal_id
         where u.name = r.role collate database_default and p.permission_name = 'SELECT' and p.state in ('G', 'W')
         and ((p.class = 1 and p.minor_id = 0 and p.major_id = object_id(?)) or (p.class = 3 and p.major_id = schema_id(?))))`,
      JSON.stringify(roles),
      ref(schema, table).replaceAll("\\?", "?"),
      schema,
    ),
  grantSelect: (schema, table, role) => [plain(`grant select on ${ref(schema, table)} to ${q(role)}`)],
  // Statistics are kept by the server.
  analyze: () => [],
  tuneMerge: () => [],
  empty: (schema, table) => plain(`truncate table ${ref(schema, table)}`),
  now: () => plain("select datediff_big(millisecond, '1970-01-01', sysutcdatetime()) as now_ms"),

  probe(schema, plan) {
    const from = keyRows(plan.keys, "k");
    const live = plan.soft ? `case when t.${q(B.deletedAt)} is null then 1 else 0 end` : "1";
    return {
      sql: `select ${list(plan.columns, "t.")}, t.${q(B.hash)} as hash, ${live} as live
        from ${from.sql} join ${ref(schema, plan.target)} as t on ${matches(plan.match, "t", "k")}`,
      bindings: from.bindings,
    };
  },
  // Connections are used again, and what a session made it may still have.
  createWork: (schema, plan) => [
    plain(`drop table if exists ${temporary(plan.work)}`),
    plain(
      `select top (0) ${list([...plan.columns, B.hash])} into ${temporary(plan.work)} from ${ref(schema, plan.target)}`,
    ),
  ],
  dropWork: (_schema, work) => plain(`drop table ${temporary(work)}`),
  dropStaleChildren: (schema, stage, parent) =>
    plain(
      `delete s from ${ref(schema, stage)} as s join ${ref(schema, parent.stage)} as p on ${matches(parent.match, "s", "p")}
       where s.${q(B.sequence)} <> p.${q(B.sequence)} and s.${q(B.merged)} = 0 and p.${q(B.merged)} = 0`,
    ),
  dropDuplicates: (schema, stage, key) =>
    plain(
      `delete s from ${ref(schema, stage)} as s join (
         select ${list(key)}, max(${q(B.sequence)}) as last from ${ref(schema, stage)}
         where ${q(B.merged)} = 0 group by ${list(key)} having count(*) > 1) as d on ${onKey(key, "s", "d")}
       where s.${q(B.sequence)} < d.last and s.${q(B.merged)} = 0`,
    ),
  classify(schema, plan) {
    const fresh = `t.${q(plan.key[0] ?? "")} is null`;
    const revived = plan.soft ? `case when t.${q(B.deletedAt)} is not null then 1 else 0 end` : "0";
    return [
      plain(`drop table if exists ${SORTED}`),
      plain(
        `select ${list(plan.key, "s.")}, case when ${fresh} then 1 else 0 end as fresh, ${revived} as revived into ${SORTED}
         from ${ref(schema, plan.source)} as s left join ${ref(schema, plan.target)} as t on ${onKey(plan.key, "t", "s")}
         where s.${q(B.merged)} < 1 and (${fresh} or ${differs(plan)})`,
      ),
    ];
  },
  classified: () =>
    plain(
      `select coalesce(sum(fresh), 0) as fresh, coalesce(sum(case when fresh = 0 and revived = 0 then 1 else 0 end), 0) as changed,
       coalesce(sum(revived), 0) as revived from ${SORTED}`,
    ),
  insertNew: (schema, plan) =>
    plain(
      `insert into ${ref(schema, plan.target)} (${list([...plan.columns, B.hash])})
       select ${list([...plan.columns, B.hash], "s.")} from ${ref(schema, plan.source)} as s
       join ${SORTED} as c on ${onKey(plan.key, "c", "s")} where c.fresh > 0 and s.${q(B.merged)} < 1`,
    ),
  // Inequalities: a planner without statistics takes them for a third of the rows, an equality for next to none, for
  // which it would read staging once for each changed row.
  updateChanged: (schema, plan) =>
    plain(
      `update t set ${assignments(plan)} from ${ref(schema, plan.target)} as t
       join ${SORTED} as c on ${onKey(plan.key, "c", "t")}
       join ${ref(schema, plan.source)} as s on ${onKey(plan.key, "c", "s")}
       where c.fresh < 1 and s.${q(B.merged)} < 1`,
    ),
  endClassify: () => [plain(`drop table ${SORTED}`)],
  updateFromWork: (schema, plan) =>
    plain(
      `update t set ${assignments(plan)} from ${ref(schema, plan.target)} as t
       join ${temporary(plan.source)} as s on ${onKey(plan.key, "t", "s")}${plan.compareAll ? ` where ${differs(plan)}` : ""}`,
    ),

  selectMatching,
  insertMatching(schema, into, plan) {
    const select = selectMatching(schema, plan);
    return { sql: `insert into ${ref(schema, into)} (${list(plan.columns)}) ${select.sql}`, bindings: select.bindings };
  },
  deleteMatching(schema, plan) {
    const where = whereMatching(schema, plan);
    return { sql: `delete t from ${ref(schema, plan.table)} as t${where.sql}`, bindings: where.bindings };
  },
  softDeleteMatching: (schema, plan, reason) =>
    updateMatching(
      schema,
      { ...plan, live: true },
      { sql: `${q(B.deletedAt)} = ${NOW}, ${q(B.deleteReason)} = ?`, bindings: [reason] },
    ),
  markMerged: (schema, stage, only) =>
    updateMatching(
      schema,
      { table: stage, unmerged: true, ...(only ? { within: only } : {}) },
      plain(`${q(B.merged)} = 1`),
    ),
  closeVersions,
  openVersions,
  purgeDeleted: (schema, table) => plain(`delete from ${ref(schema, table)} where ${q(B.deletedAt)} is not null`),
  count: (schema, table, live) =>
    plain(`select count_big(*) as n from ${ref(schema, table)}${live ? ` where ${q(B.deletedAt)} is null` : ""}`),
};
