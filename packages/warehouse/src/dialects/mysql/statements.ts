import { createHash } from "node:crypto";

import {
  BOOKKEEPING,
  type ColumnPlan,
  type MergePlan,
  type RowsMatching,
  type SelectMatching,
  type ShadowStatements,
  type Statement,
  type Statements,
  type TablePlan,
} from "../../dialect.js";
import { grantee, granteesInCatalog } from "./grants.js";
import { closeVersions, openVersions } from "./history.js";
import { joinMatches, keyRows, list, matches, onKey, plain, q, ref, SORTED } from "./sql.js";
import { columnType, indexCharacters, keyType, TEXT_PREFIX } from "./types.js";
import { REWRITES, widenColumn } from "./widen.js";

const B = BOOKKEEPING;
const COPY = "_tidemark_copy";
/** UTC whatever the session's time zone is, also for a row that a person inserts. */
const NOW = "utc_timestamp(3)";
/** Every collation but those that compare byte by byte and without padding. */
const LOOSE =
  "(collation_name is not null and collation_name not like '%nopad\\_bin' and collation_name <> 'utf8mb4_0900_bin')";
/** Longer than any step that holds a lock by name. */
const LOCK_SECONDS = 3_600;

function nameOfLock(schema: string, name: string): string {
  // At most 64 characters (MySQL manual, GET_LOCK); names of locks are the whole server's.
  return `tidemark/${createHash("sha256").update(`${schema}/${name}`).digest("hex").slice(0, 40)}`;
}

/** Text columns that are found by an index as a whole: the primary key's, or those of a table without one. */
function keyColumns(plan: TablePlan): readonly string[] {
  const text = plan.columns.filter((column) => column.type === "text");
  const inKey = (column: ColumnPlan): boolean =>
    plan.primaryKey.length > 0 ? plan.primaryKey.includes(column.name) : column.indexed === true;
  return text.filter(inKey).map((column) => column.name);
}

function typeOf(column: ColumnPlan, keys: readonly string[]): string {
  return keys.includes(column.name) ? keyType(keys.length) : columnType(column);
}

function columnDdl(column: ColumnPlan, keys: readonly string[] = []): string {
  const parts = [q(column.name), typeOf(column, keys)];
  if (column.notNull) parts.push("not null");
  if (column.byDefault === "now") parts.push(`default (${NOW})`);
  else if (column.byDefault !== undefined) parts.push(`default (${column.byDefault === 0 ? "0" : "''"})`);
  return parts.join(" ");
}

/** An index; of text only as many characters as fit. */
function indexDdl(plan: TablePlan, index: readonly string[], keys: readonly string[]): string {
  const text = new Set(plan.columns.filter((column) => column.type === "text").map((column) => column.name));
  const fits = indexCharacters(index.filter((column) => text.has(column)).length);
  const parts = index.map((column) => {
    const whole = !text.has(column) || (keys.includes(column) && indexCharacters(keys.length) <= fits);
    return whole ? q(column) : `${q(column)}(${Math.min(fits, TEXT_PREFIX)})`;
  });
  return `key (${parts.join(", ")})`;
}

/** Without a key of its own a table gets a number: servers may refuse tables without primary key. */
const ROW_NUMBER = "`_tidemark_row` bigint not null auto_increment primary key";

function tableDdl(kind: "table" | "temporary table", schema: string, plan: TablePlan): Statement {
  const keys = keyColumns(plan);
  const lines = plan.columns.map((column) => columnDdl(column, keys));
  if (plan.primaryKey.length > 0) lines.push(`primary key (${list(plan.primaryKey)})`);
  else lines.unshift(ROW_NUMBER);
  for (const index of plan.indexes ?? []) lines.push(indexDdl(plan, index, keys));
  const options = `engine = InnoDB row_format = dynamic default character set utf8mb4`;
  return plain(`create ${kind} ${ref(schema, plan.name)} (\n  ${lines.join(",\n  ")}\n) ${options}`);
}

function differs(plan: MergePlan): string {
  const same = (column: string): string => `t.${q(column)} <=> s.${q(column)}`;
  const compared = plan.compareAll ? [B.hash, ...plan.columns] : [B.hash];
  const tests = [`not (${compared.map(same).join(" and ")})`];
  if (plan.soft) tests.push(`t.${q(B.deletedAt)} is not null`);
  return `(${tests.join(" or ")})`;
}

function assignments(plan: MergePlan): string {
  const columns = plan.columns.filter((column) => !plan.key.includes(column));
  const sets = [...columns, B.hash].map((column) => `t.${q(column)} = s.${q(column)}`);
  sets.push(`t.${q(B.syncedAt)} = ${NOW}`);
  if (plan.soft) sets.push(`t.${q(B.deletedAt)} = null`, `t.${q(B.deleteReason)} = null`);
  return sets.join(", ");
}

function selectMatching(schema: string, plan: SelectMatching): Statement {
  const { joins, where, bindings } = joinMatches(schema, plan);
  const limit = plan.limit === undefined ? "" : ` order by ${list(plan.columns, "t.")} limit ${Math.trunc(plan.limit)}`;
  return {
    sql: `select ${list(plan.columns, "t.")} from ${ref(schema, plan.table)} as t${joins}${where}${limit}`,
    bindings,
  };
}

function updateMatching(schema: string, plan: RowsMatching, sets: Statement): Statement {
  const { joins, where, bindings } = joinMatches(schema, plan);
  return {
    sql: `update ${ref(schema, plan.table)} as t${joins} set ${sets.sql}${where}`,
    bindings: [...bindings, ...sets.bindings],
  };
}

/** Temporary tables: making and dropping them commits nothing (MySQL manual, statements that cause an implicit commit). */
const shadows: ShadowStatements = {
  create: (schema, plan) => [shadows.drop(schema, plan.name), tableDdl("temporary table", schema, plan)],
  copy(schema, plan, from) {
    const copied = q(COPY);
    const there = from.columns.map((name) => `${q(from.renamed.get(name) ?? name)} as ${q(name)}`);
    const rewrite = from.widened.flatMap((one) => {
      const set = one.to === "text" ? REWRITES[one.from]?.(q(one.column)) : undefined;
      return set === undefined ? [] : [plain(`update ${ref(schema, plan.name)} ${set}`)];
    });
    return [
      plain(`drop temporary table if exists ${q(schema)}.${copied}`),
      plain(
        `create temporary table ${q(schema)}.${copied} (${ROW_NUMBER}) as
         select ${there.join(", ")} from ${ref(schema, plan.name)}`,
      ),
      tableDdl("temporary table", schema, plan),
      plain(
        `insert into ${ref(schema, plan.name)} (${list(from.columns)})
         select ${list(from.columns)} from ${q(schema)}.${copied}`,
      ),
      plain(`drop temporary table ${q(schema)}.${copied}`),
      ...rewrite,
    ];
  },
  drop: (schema, table) => plain(`drop temporary table if exists ${ref(schema, table)}`),
  dropDuplicates: (schema, stage, key) => [
    plain(`drop temporary table if exists ${ref(schema, COPY)}`),
    plain(
      `create temporary table ${ref(schema, COPY)} (primary key (${list(key)})) engine = InnoDB as
       select ${list(key)}, max(${q(B.sequence)}) as last from ${ref(schema, stage)}
       where not ${q(B.merged)} group by ${list(key)} having count(*) > 1`,
    ),
    plain(
      `delete s from ${ref(schema, stage)} as s join ${ref(schema, COPY)} as d on ${onKey(key, "s", "d")}
       where s.${q(B.sequence)} < d.last and not s.${q(B.merged)}`,
    ),
  ],
};

/** SQL of MySQL 8 and MariaDB 10.6 and later. */
export const statements: Statements = {
  lock: (schema, name) => plain("select get_lock(?, ?) as locked", nameOfLock(schema, name), LOCK_SECONDS),
  createSchema: (schema) => plain(`create database if not exists ${q(schema)} character set utf8mb4`),
  schemaExists: (schema) => plain("select 1 as found from information_schema.schemata where schema_name = ?", schema),
  listTables: (schema) =>
    plain("select table_name as table_name from information_schema.tables where table_schema = ?", schema),
  listColumns: (schema, table) =>
    plain(
      `select column_name as column_name, ${LOOSE} as loose from information_schema.columns
       where table_schema = ? and table_name = ? order by ordinal_position`,
      schema,
      table,
    ),
  createTable: (schema, plan) => [tableDdl("table", schema, plan)],
  shadows,
  addColumn: (schema, table, column) => plain(`alter table ${ref(schema, table)} add column ${columnDdl(column)}`),
  renameColumn: (schema, table, change) =>
    plain(`alter table ${ref(schema, table)} rename column ${q(change.from)} to ${q(change.to)}`),
  widenColumn,
  integersFitDouble: (schema, table, column) =>
    plain(
      `select not exists (select 1 from ${ref(schema, table)}
       where ${q(column)} not between -9007199254740992 and 9007199254740992) as fits`,
    ),
  dropTable: (schema, table) => plain(`drop table if exists ${ref(schema, table)}`),
  quote: q,
  createView: (schema, name, select) => plain(`create view ${ref(schema, name)} as ${select}`),
  dropView: (schema, name) => plain(`drop view if exists ${ref(schema, name)}`),
  missingGrants: (schema, table, roles) =>
    plain(
      `select r.role as role from json_table(?, '$[*]' columns (role varchar(300) path '$.role',
         a varchar(300) path '$.grantees[0]', b varchar(300) path '$.grantees[1]')) as r
       where not exists (select 1 from information_schema.table_privileges p
         where p.table_schema = ? and p.table_name = ? and p.privilege_type = 'SELECT'
         and binary p.grantee in (binary r.a, binary r.b))`,
      JSON.stringify(roles.map((role) => ({ role, grantees: granteesInCatalog(role) }))),
      schema,
      table,
    ),
  grantSelect: (schema, table, role) => [plain(`grant select on ${ref(schema, table)} to ${grantee(role)}`)],
  // ANALYZE would commit; InnoDB keeps statistics by itself.
  analyze: () => [],
  tuneMerge: () => [],
  // TRUNCATE would commit.
  empty: (schema, table) => plain(`delete from ${ref(schema, table)}`),
  now: () => plain("select cast(unix_timestamp(now(3)) * 1000 as signed) as now_ms"),

  probe(schema, plan) {
    const from = keyRows(plan.keys, "k");
    const live = plan.soft ? `t.${q(B.deletedAt)} is null` : "1";
    return {
      sql: `select ${list(plan.columns, "t.")}, t.${q(B.hash)} as hash, ${live} as live
        from ${from.sql} join ${ref(schema, plan.target)} as t on ${matches(plan.match, "t", "k")}`,
      bindings: from.bindings,
    };
  },
  // Temporary tables outlive a rollback: what an earlier transaction left is dropped first.
  createWork: (schema, plan) => [
    plain(`drop temporary table if exists ${ref(schema, plan.work)}`),
    plain(
      `create temporary table ${ref(schema, plan.work)} (${ROW_NUMBER}) engine = InnoDB as
       select ${list([...plan.columns, B.hash])} from ${ref(schema, plan.target)} limit 0`,
    ),
  ],
  dropWork: (schema, work) => plain(`drop temporary table ${ref(schema, work)}`),
  dropStaleChildren: (schema, stage, parent) =>
    plain(
      `delete s from ${ref(schema, stage)} as s join ${ref(schema, parent.stage)} as p on ${matches(parent.match, "s", "p")}
       where s.${q(B.sequence)} <> p.${q(B.sequence)} and not s.${q(B.merged)} and not p.${q(B.merged)}`,
    ),
  dropDuplicates: (schema, stage, key) =>
    plain(
      `delete s from ${ref(schema, stage)} as s join (
         select ${list(key)}, max(${q(B.sequence)}) as last from ${ref(schema, stage)}
         where not ${q(B.merged)} group by ${list(key)} having count(*) > 1) as d on ${onKey(key, "s", "d")}
       where s.${q(B.sequence)} < d.last and not s.${q(B.merged)}`,
    ),
  classify(schema, plan) {
    const revived = plan.soft ? `(t.${q(B.deletedAt)} is not null)` : "false";
    const fresh = `t.${q(plan.key[0] ?? "")} is null`;
    return [
      plain(`drop temporary table if exists ${ref(schema, SORTED)}`),
      plain(
        `create temporary table ${ref(schema, SORTED)} (primary key (${list(plan.key)})) engine = InnoDB as
         select ${list(plan.key, "s.")}, (${fresh}) as fresh, ${revived} as revived
         from ${ref(schema, plan.source)} as s left join ${ref(schema, plan.target)} as t on ${onKey(plan.key, "t", "s")}
         where not s.${q(B.merged)} and (${fresh} or ${differs(plan)})`,
      ),
    ];
  },
  classified: (schema) =>
    plain(
      `select coalesce(sum(fresh), 0) as fresh, coalesce(sum(not fresh and not revived), 0) as changed,
       coalesce(sum(revived), 0) as revived from ${ref(schema, SORTED)}`,
    ),
  insertNew: (schema, plan) =>
    plain(
      `insert into ${ref(schema, plan.target)} (${list([...plan.columns, B.hash])})
       select ${list([...plan.columns, B.hash], "s.")} from ${ref(schema, plan.source)} as s
       join ${ref(schema, SORTED)} as c on ${onKey(plan.key, "c", "s")} where c.fresh and not s.${q(B.merged)}`,
    ),
  updateChanged: (schema, plan) =>
    plain(
      `update ${ref(schema, plan.target)} as t join ${ref(schema, SORTED)} as c on ${onKey(plan.key, "c", "t")}
       join ${ref(schema, plan.source)} as s on ${onKey(plan.key, "c", "s")}
       set ${assignments(plan)} where not c.fresh and not s.${q(B.merged)}`,
    ),
  endClassify: (schema) => [plain(`drop temporary table ${ref(schema, SORTED)}`)],
  updateFromWork: (schema, plan) =>
    plain(
      `update ${ref(schema, plan.target)} as t join ${ref(schema, plan.source)} as s on ${onKey(plan.key, "t", "s")}
       set ${assignments(plan)}${plan.compareAll ? ` where ${differs(plan)}` : ""}`,
    ),

  selectMatching,
  insertMatching(schema, into, plan) {
    const select = selectMatching(schema, plan);
    return { sql: `insert into ${ref(schema, into)} (${list(plan.columns)}) ${select.sql}`, bindings: select.bindings };
  },
  deleteMatching(schema, plan) {
    const { joins, where, bindings } = joinMatches(schema, plan);
    return { sql: `delete t from ${ref(schema, plan.table)} as t${joins}${where}`, bindings };
  },
  softDeleteMatching: (schema, plan, reason) =>
    updateMatching(
      schema,
      { ...plan, live: true },
      { sql: `t.${q(B.deletedAt)} = ${NOW}, t.${q(B.deleteReason)} = ?`, bindings: [reason] },
    ),
  markMerged: (schema, stage, only) =>
    updateMatching(
      schema,
      { table: stage, unmerged: true, ...(only ? { within: only } : {}) },
      plain(`t.${q(B.merged)} = true`),
    ),
  closeVersions,
  openVersions,
  purgeDeleted: (schema, table) => plain(`delete from ${ref(schema, table)} where ${q(B.deletedAt)} is not null`),
  count: (schema, table, live) =>
    plain(`select count(*) as n from ${ref(schema, table)}${live ? ` where ${q(B.deletedAt)} is null` : ""}`),
};
