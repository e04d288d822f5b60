import type { MergePlan } from "@tidemark/warehouse";
import { describe, expect, test } from "vitest";

import { PEOPLE, expectSql, STAGE, type Stage, TAG_STAGE } from "./show.js";

const COLUMNS = ["id", "login"];
const OLD = "2020-01-01T00:00:00.000Z";

function plan(of: Partial<MergePlan>): MergePlan {
  return { target: "people", source: "stage", key: ["id"], columns: COLUMNS, soft: false, compareAll: false, ...of };
}
const byHash = plan({});
const byAll = plan({ soft: true, compareAll: true });

/** 1 stays as it is, 2 has other content, 3 was edited by a person, 4 is marked as deleted; 5 is new, 9 nobody sends. */
async function fill(stage: Stage): Promise<void> {
  await stage.create(PEOPLE, STAGE);
  await stage.load(PEOPLE, [
    ["1", "a", "h1", OLD],
    ["2", "b", "h2", OLD],
    ["3", "edited", "h3", OLD],
    ["4", "d", "h4", OLD, OLD, "event"],
    ["9", "z", "h9", OLD],
  ]);
  await stage.load(STAGE, [
    ["1", "a", "h1", 1, false],
    ["2", "new", "h2-new", 2, false],
    ["3", "c", "h3", 3, false],
    ["4", "d", "h4", 4, false],
    ["5", "e", "h5", 5, false],
    ["9", "seen", "h9-new", 6, true],
  ]);
}

async function classified(stage: Stage, merge: MergePlan): Promise<void> {
  await fill(stage);
  await stage.run(stage.dialect.statements.classify(stage.schema, merge));
}

/** Counts as numbers: some drivers give 64-bit integers as text. */
function numbers(row: Readonly<Record<string, unknown>> | undefined): Record<string, number> {
  return Object.fromEntries(Object.entries(row ?? {}).map(([name, value]) => [name, Number(value)]));
}

async function counts(stage: Stage): Promise<Record<string, number>> {
  return numbers((await stage.run(stage.dialect.statements.classified(stage.schema))).rows[0]);
}

describe("merging what is staged", () => {
  test("classify by hash", () =>
    expectSql({
      statement: (statements, schema) => statements.classify(schema, byHash),
      sql: {
        postgres: `
          create temp table "_tidemark_sorted" on commit drop as select s."id", (t."id" is null) as fresh,
            false as revived from "okta"."stage" s left join "okta"."people" t on t."id" = s."id"
            where not s."_tidemark_merged" and (t."id" is null or (t."_tidemark_hash" is distinct from
            s."_tidemark_hash"));
          analyze pg_temp."_tidemark_sorted";`,
        mysql: `
          drop temporary table if exists "okta"."_tidemark_sorted";
          create temporary table "okta"."_tidemark_sorted" (primary key ("id"))
            engine = InnoDB as select s."id", (t."id" is null) as fresh, false as revived
            from "okta"."stage" as s left join "okta"."people" as t on t."id" = s."id"
            where not s."_tidemark_merged" and (t."id" is null or (not (t."_tidemark_hash" <=>
            s."_tidemark_hash")));`,
        sqlserver: `
          drop table if exists [#_tidemark_sorted];
          select s.[id], case when t.[id] is null then 1 else 0 end as fresh, 0 as revived into
            [#_tidemark_sorted] from [okta].[stage] as s left join [okta].[people] as t on t.[id] = s.[id]
            where s.[_tidemark_merged] < 1 and (t.[id] is null or case when s.[_tidemark_hash] =
            t.[_tidemark_hash] then 0 else 1 end = 1);`,
      },
      before: fill,
      after: async (_result, stage) => expect(await counts(stage)).toEqual({ fresh: 1, changed: 1, revived: 0 }),
    }));

  test("classify by every column, with soft deletes", () =>
    expectSql({
      statement: (statements, schema) => statements.classify(schema, byAll),
      sql: {
        postgres: `
          create temp table "_tidemark_sorted" on commit drop as select s."id", (t."id" is null) as fresh,
            (t."_tidemark_deleted_at" is not null) as revived
            from "okta"."stage" s left join "okta"."people" t on t."id" = s."id"
            where not s."_tidemark_merged" and (t."id" is null or (t."_tidemark_hash" is distinct from
            s."_tidemark_hash" or (t."id", t."login") is distinct from (s."id", s."login") or
            t."_tidemark_deleted_at" is not null));
          analyze pg_temp."_tidemark_sorted";`,
        mysql: `
          drop temporary table if exists "okta"."_tidemark_sorted";
          create temporary table "okta"."_tidemark_sorted" (primary key ("id"))
            engine = InnoDB as select s."id", (t."id" is null) as fresh, (t."_tidemark_deleted_at" is not
            null) as revived from "okta"."stage" as s left join "okta"."people" as t on t."id" = s."id"
            where not s."_tidemark_merged" and (t."id" is null or (not (t."_tidemark_hash" <=>
            s."_tidemark_hash" and t."id" <=> s."id" and t."login" <=> s."login") or t."_tidemark_deleted_at"
            is not null));`,
        sqlserver: `
          drop table if exists [#_tidemark_sorted];
          select s.[id], case when t.[id] is null then 1 else 0 end as fresh, case when
            t.[_tidemark_deleted_at] is not null then 1 else 0 end as revived into [#_tidemark_sorted]
            from [okta].[stage] as s left join [okta].[people] as t on t.[id] = s.[id]
            where s.[_tidemark_merged] < 1 and (t.[id] is null or case when s.[_tidemark_hash] = t.[_tidemark_hash]
            and (s.[login] = t.[login] and datalength(s.[login]) = datalength(t.[login]) or s.[login] is null
            and t.[login] is null) and t.[_tidemark_deleted_at] is null then 0 else 1 end = 1);`,
      },
      before: fill,
      after: async (_result, stage) => expect(await counts(stage)).toEqual({ fresh: 1, changed: 2, revived: 1 }),
    }));

  test("classified", () =>
    expectSql({
      statement: (statements, schema) => statements.classified(schema),
      sql: {
        postgres: `
          select count(*) filter (where fresh)::int as fresh, count(*) filter (where not fresh and not
            revived)::int as changed, count(*) filter (where revived)::int as revived
            from pg_temp."_tidemark_sorted";`,
        mysql: `
          select coalesce(sum(fresh), 0) as fresh, coalesce(sum(not fresh and not revived), 0) as changed,
            coalesce(sum(revived), 0) as revived from "okta"."_tidemark_sorted";`,
        sqlserver: `
          select coalesce(sum(fresh), 0) as fresh, coalesce(sum(case when fresh = 0 and revived = 0 then 1
            else 0 end), 0) as changed, coalesce(sum(revived), 0) as revived
            from [#_tidemark_sorted];`,
      },
      before: (stage) => classified(stage, byAll),
      after: async (result) => expect(numbers(result.rows[0])).toEqual({ fresh: 1, changed: 2, revived: 1 }),
    }));

  test("insertNew", () =>
    expectSql({
      statement: (statements, schema) => statements.insertNew(schema, byHash),
      sql: {
        postgres: `
          insert into "okta"."people" ("id", "login", "_tidemark_hash") select s."id", s."login",
            s."_tidemark_hash" from "okta"."stage" s join pg_temp."_tidemark_sorted" c on c."id" = s."id"
            where c.fresh and not s."_tidemark_merged";`,
        mysql: `
          insert into "okta"."people" ("id", "login", "_tidemark_hash") select s."id", s."login",
            s."_tidemark_hash" from "okta"."stage" as s join "okta"."_tidemark_sorted" as c on c."id" = s."id"
            where c.fresh and not s."_tidemark_merged";`,
        sqlserver: `
          insert into [okta].[people] ([id], [login], [_tidemark_hash]) select s.[id], s.[login],
            s.[_tidemark_hash] from [okta].[stage] as s join [#_tidemark_sorted] as c on c.[id] = s.[id]
            where c.fresh > 0 and s.[_tidemark_merged] < 1;`,
      },
      before: (stage) => classified(stage, byHash),
      async after(result, stage) {
        expect(result.count).toBe(1);
        expect(await stage.rows("people", ["id", "login", "_tidemark_hash"])).toContainEqual(["5", "e", "h5"]);
      },
    }));

  test("updateChanged by hash", () =>
    expectSql({
      statement: (statements, schema) => statements.updateChanged(schema, byHash),
      sql: {
        postgres: `
          update "okta"."people" t set "login" = s."login", "_tidemark_hash" = s."_tidemark_hash",
            "_tidemark_synced_at" = now() from "okta"."stage" s
            join pg_temp."_tidemark_sorted" c on c."id" = s."id"
            where t."id" = s."id" and not c.fresh and not s."_tidemark_merged";`,
        mysql: `
          update "okta"."people" as t join "okta"."_tidemark_sorted" as c on c."id" = t."id"
            join "okta"."stage" as s on c."id" = s."id" set t."login" = s."login", t."_tidemark_hash" =
            s."_tidemark_hash", t."_tidemark_synced_at" = utc_timestamp(3)
            where not c.fresh and not s."_tidemark_merged";`,
        sqlserver: `
          update t set [login] = s.[login], [_tidemark_hash] = s.[_tidemark_hash], [_tidemark_synced_at] =
            sysutcdatetime() from [okta].[people] as t join [#_tidemark_sorted] as c on c.[id] = t.[id]
            join [okta].[stage] as s on c.[id] = s.[id] where c.fresh < 1 and s.[_tidemark_merged] < 1;`,
      },
      before: (stage) => classified(stage, byHash),
      async after(result, stage) {
        expect(result.count).toBe(1);
        const rows = await stage.rows("people", ["id", "login", "_tidemark_hash", "_tidemark_synced_at"]);
        expect(rows[1]?.slice(0, 3)).toEqual(["2", "new", "h2-new"]);
        expect(rows.filter((row) => row[3] !== OLD)).toHaveLength(1);
        expect(rows.map((row) => row[1])).toEqual(["a", "new", "edited", "d", "z"]);
      },
    }));

  test("updateChanged by every column, with soft deletes", () =>
    expectSql({
      statement: (statements, schema) => statements.updateChanged(schema, byAll),
      sql: {
        postgres: `
          update "okta"."people" t set "login" = s."login", "_tidemark_hash" = s."_tidemark_hash",
            "_tidemark_synced_at" = now(), "_tidemark_deleted_at" = null, "_tidemark_delete_reason" = null
            from "okta"."stage" s join pg_temp."_tidemark_sorted" c on c."id" = s."id"
            where t."id" = s."id" and not c.fresh and not s."_tidemark_merged";`,
        mysql: `
          update "okta"."people" as t join "okta"."_tidemark_sorted" as c on c."id" = t."id"
            join "okta"."stage" as s on c."id" = s."id" set t."login" = s."login", t."_tidemark_hash" =
            s."_tidemark_hash", t."_tidemark_synced_at" = utc_timestamp(3), t."_tidemark_deleted_at" = null,
            t."_tidemark_delete_reason" = null where not c.fresh and not s."_tidemark_merged";`,
        sqlserver: `
          update t set [login] = s.[login], [_tidemark_hash] = s.[_tidemark_hash], [_tidemark_synced_at] =
            sysutcdatetime(), [_tidemark_deleted_at] = null, [_tidemark_delete_reason] = null
            from [okta].[people] as t join [#_tidemark_sorted] as c on c.[id] = t.[id]
            join [okta].[stage] as s on c.[id] = s.[id] where c.fresh < 1 and s.[_tidemark_merged] < 1;`,
      },
      before: (stage) => classified(stage, byAll),
      async after(result, stage) {
        expect(result.count).toBe(3);
        expect(await stage.rows("people", ["id", "login", "_tidemark_deleted_at", "_tidemark_delete_reason"])).toEqual([
          ["1", "a", null, null],
          ["2", "new", null, null],
          ["3", "c", null, null],
          ["4", "d", null, null],
          ["9", "z", null, null],
        ]);
      },
    }));

  test("endClassify", () =>
    expectSql({
      statement: (statements, schema) => statements.endClassify(schema),
      sql: {
        postgres: `drop table pg_temp."_tidemark_sorted";`,
        mysql: `drop temporary table "okta"."_tidemark_sorted";`,
        sqlserver: `drop table [#_tidemark_sorted];`,
      },
      before: (stage) => classified(stage, byHash),
      async after(_result, stage) {
        await stage.run(stage.dialect.statements.classify(stage.schema, byAll));
        expect(await counts(stage)).toMatchObject({ fresh: 1 });
      },
    }));

  test("dropDuplicates: the last of two rows with one key stays", () =>
    expectSql({
      statement: (statements, schema) => statements.dropDuplicates(schema, "stage", ["id"]),
      sql: {
        postgres: `
          delete from "okta"."stage" s using (select "id", max("_tidemark_seq") as last
            from "okta"."stage" where not "_tidemark_merged" group by "id"
            having count(*) > 1) d where s."id" = d."id" and s."_tidemark_seq" < d.last and not
            s."_tidemark_merged";`,
        mysql: `
          delete s from "okta"."stage" as s join (select "id", max("_tidemark_seq") as last
            from "okta"."stage" where not "_tidemark_merged" group by "id"
            having count(*) > 1) as d on s."id" = d."id" where s."_tidemark_seq" < d.last and not
            s."_tidemark_merged";`,
        sqlserver: `
          delete s from [okta].[stage] as s join (select [id], max([_tidemark_seq]) as last
            from [okta].[stage] where [_tidemark_merged] = 0 group by [id]
            having count(*) > 1) as d on s.[id] = d.[id] where s.[_tidemark_seq] < d.last and
            s.[_tidemark_merged] = 0;`,
      },
      async before(stage) {
        await stage.create(STAGE);
        await stage.load(STAGE, [
          ["1", "first", "h", 1, false],
          ["2", "only", "h", 2, false],
          ["1", "last", "h", 3, false],
          ["1", "merged before", "h", 0, true],
        ]);
      },
      async after(result, stage) {
        expect(result.count).toBe(1);
        expect(await stage.rows("stage", ["id", "login"])).toEqual([
          ["1", "last"],
          ["1", "merged before"],
          ["2", "only"],
        ]);
      },
    }));

  test("dropStaleChildren: of a parent that was staged twice the later one's rows stay", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.dropStaleChildren(schema, "tag_stage", { stage: "stage", match: [["person", "id"]] }),
      sql: {
        postgres: `
          delete from "okta"."tag_stage" s using "okta"."stage" p
            where s."person" = p."id" and s."_tidemark_seq" <> p."_tidemark_seq" and not s."_tidemark_merged"
            and not p."_tidemark_merged";`,
        mysql: `
          delete s from "okta"."tag_stage" as s join "okta"."stage" as p on s."person" = p."id"
            where s."_tidemark_seq" <> p."_tidemark_seq" and not s."_tidemark_merged" and not
            p."_tidemark_merged";`,
        sqlserver: `
          delete s from [okta].[tag_stage] as s join [okta].[stage] as p on s.[person] = p.[id]
            where s.[_tidemark_seq] <> p.[_tidemark_seq] and s.[_tidemark_merged] = 0 and p.[_tidemark_merged]
            = 0;`,
      },
      async before(stage) {
        await stage.create(STAGE, TAG_STAGE);
        await stage.load(STAGE, [["1", "last", "h", 3, false]]);
        await stage.load(TAG_STAGE, [
          ["1", 0, "h", 1, false],
          ["1", 1, "h", 1, false],
          ["1", 0, "h", 3, false],
          ["2", 0, "h", 2, false],
        ]);
      },
      async after(result, stage) {
        expect(result.count).toBe(2);
        expect(await stage.rows("tag_stage", ["person", "place", "_tidemark_seq"])).toEqual([
          ["1", "0", "3"],
          ["2", "0", "2"],
        ]);
      },
    }));
});

describe("merging a batch at hand", () => {
  const keys = { columns: ["id"], types: ["text" as const], rows: [["1"], ["4"], ["nobody"]] };
  test("probe: keys and hashes of the rows that are there", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.probe(schema, { target: "people", soft: true, columns: ["id"], keys, match: [["id", "id"]] }),
      sql: {
        postgres: `
          select t."id", t."_tidemark_hash" as hash, t."_tidemark_deleted_at" is null as live
            from unnest(?::text[]) as k("id") join "okta"."people" t on t."id" = k."id" <-
            [["1","4","nobody"]];`,
        mysql: `
          select t."id", t."_tidemark_hash" as hash, t."_tidemark_deleted_at" is null as live
            from (select distinct j."id" from json_table(?, '$[*]' columns ("id" varchar(40) character set
            utf8mb4 collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]')) as j)
            as k join "okta"."people" as t on t."id" = k."id" <- ["[[\\"1\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
        sqlserver: `
          select t.[id], t.[_tidemark_hash] as hash, case when t.[_tidemark_deleted_at] is null then 1 else
            0 end as live from (select distinct j.[id] collate Latin1_General_BIN2 as [id]
            from openjson(?) with ([id] nvarchar(450) '$[0]') as j) as k
            join [okta].[people] as t on t.[id] = k.[id] <- ["[[\\"1\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
      },
      before: fill,
      async after(result) {
        const rows = result.rows.map((row) => ({
          id: String(row["id"]),
          hash: row["hash"],
          live: Number(row["live"]),
        }));
        expect(rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
          { id: "1", hash: "h1", live: 1 },
          { id: "4", hash: "h4", live: 0 },
        ]);
      },
    }));

  test("createWork", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.createWork(schema, { target: "people", work: "work", columns: COLUMNS }),
      sql: {
        postgres: `
          create temp table "work" on commit drop as select "id", "login", "_tidemark_hash"
            from "okta"."people" with no data;`,
        mysql: `
          drop temporary table if exists "okta"."work";
          create temporary table "okta"."work" ("_tidemark_row" bigint not null auto_increment primary key)
            engine = InnoDB as select "id", "login", "_tidemark_hash"
            from "okta"."people" limit 0;`,
        sqlserver: `
          drop table if exists [#work];
          select top (0) [id], [login], [_tidemark_hash] into [#work]
            from [okta].[people];`,
      },
      before: fill,
      async after(_result, stage) {
        await stage.load(PEOPLE, [["2", "x", "h"]], "work");
        await stage.run(stage.dialect.statements.dropWork(stage.schema, "work"));
      },
    }));

  async function work(stage: Stage): Promise<void> {
    await fill(stage);
    const { statements } = stage.dialect;
    await stage.run(statements.createWork(stage.schema, { target: "people", work: "work", columns: COLUMNS }));
    await stage.load(
      PEOPLE,
      [
        ["2", "new", "h2-new"],
        ["3", "c", "h3"],
        ["9", "z", "h9"],
      ],
      "work",
    );
  }

  test("updateFromWork by hash: every row of the work table", () =>
    expectSql({
      statement: (statements, schema) => statements.updateFromWork(schema, plan({ source: "work" })),
      sql: {
        postgres: `
          update "okta"."people" t set "login" = s."login", "_tidemark_hash" = s."_tidemark_hash",
            "_tidemark_synced_at" = now() from pg_temp."work" s
            where t."id" = s."id";`,
        mysql: `
          update "okta"."people" as t join "okta"."work" as s on t."id" = s."id"
            set t."login" = s."login", t."_tidemark_hash" = s."_tidemark_hash", t."_tidemark_synced_at" =
            utc_timestamp(3);`,
        sqlserver: `
          update t set [login] = s.[login], [_tidemark_hash] = s.[_tidemark_hash], [_tidemark_synced_at] =
            sysutcdatetime() from [okta].[people] as t join [#work] as s on t.[id] = s.[id];`,
      },
      before: work,
      async after(result, stage) {
        expect(result.count).toBe(3);
        expect((await stage.rows("people", ["login"])).flat()).toEqual(["a", "c", "d", "new", "z"]);
      },
    }));

  test("updateFromWork by every column, with soft deletes: only rows that differ", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.updateFromWork(schema, plan({ source: "work", soft: true, compareAll: true })),
      sql: {
        postgres: `
          update "okta"."people" t set "login" = s."login", "_tidemark_hash" = s."_tidemark_hash",
            "_tidemark_synced_at" = now(), "_tidemark_deleted_at" = null, "_tidemark_delete_reason" = null
            from pg_temp."work" s where t."id" = s."id" and (t."_tidemark_hash" is distinct from
            s."_tidemark_hash" or (t."id", t."login") is distinct from (s."id", s."login") or
            t."_tidemark_deleted_at" is not null);`,
        mysql: `
          update "okta"."people" as t join "okta"."work" as s on t."id" = s."id"
            set t."login" = s."login", t."_tidemark_hash" = s."_tidemark_hash", t."_tidemark_synced_at" =
            utc_timestamp(3), t."_tidemark_deleted_at" = null, t."_tidemark_delete_reason" = null
            where (not (t."_tidemark_hash" <=> s."_tidemark_hash" and t."id" <=> s."id" and t."login" <=>
            s."login") or t."_tidemark_deleted_at" is not null);`,
        sqlserver: `
          update t set [login] = s.[login], [_tidemark_hash] = s.[_tidemark_hash], [_tidemark_synced_at] =
            sysutcdatetime(), [_tidemark_deleted_at] = null, [_tidemark_delete_reason] = null
            from [okta].[people] as t join [#work] as s on t.[id] = s.[id]
            where case when s.[_tidemark_hash] = t.[_tidemark_hash] and (s.[login] = t.[login] and
            datalength(s.[login]) = datalength(t.[login]) or s.[login] is null and t.[login] is null) and
            t.[_tidemark_deleted_at] is null then 0 else 1 end = 1;`,
      },
      before: work,
      async after(result, stage) {
        expect(result.count).toBe(2);
        const rows = await stage.rows("people", ["id", "login", "_tidemark_synced_at"]);
        expect(rows.map((row) => row[1])).toEqual(["a", "new", "c", "d", "z"]);
        expect(rows.filter((row) => row[2] !== OLD).map((row) => row[0])).toEqual(["2", "3"]);
      },
    }));
});
