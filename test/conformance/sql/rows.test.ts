import type { RowsMatching, TablePlan } from "@tidemark/warehouse";
import { describe, expect, test } from "vitest";

import { PEOPLE, expectSql, STAGE, type Stage } from "./show.js";

const KEYS: TablePlan = {
  name: "absent",
  primaryKey: ["id"],
  columns: [{ name: "id", type: "text", indexed: true, notNull: true }],
};
const MARKED = "2020-01-01T00:00:00.000Z";

/** People 1 to 4, of whom 4 is marked as deleted; 2 is staged, 3 a seen key. */
async function fill(stage: Stage): Promise<void> {
  await stage.create(PEOPLE, STAGE, KEYS);
  await stage.load(PEOPLE, [
    ["1", "a", "h", MARKED],
    ["2", "b", "h", MARKED],
    ["3", "c", "h", MARKED],
    ["4", "d", "h", MARKED, MARKED, "event"],
  ]);
  await stage.load(STAGE, [
    ["2", "b", "h", 1, false],
    ["3", "c", "h", 2, true],
  ]);
}

const same = [["id", "id"]] as const;
const carried = { keys: { columns: ["id"], rows: [["1"], ["3"], ["4"], ["nobody"]] } };
const inStage = { source: { table: "stage", unmerged: true }, match: same };
/** Live people among those that travel along who are not waiting in staging. */
const missing: RowsMatching = {
  table: "people",
  within: { source: carried, match: same },
  without: [inStage],
  live: true,
};
const ids = async (stage: Stage, table = "people"): Promise<unknown[]> => (await stage.rows(table, ["id"])).flat();

describe("rows that match", () => {
  test("selectMatching: keys that travel along", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.selectMatching(schema, { ...missing, columns: ["id", "login"], limit: 10 }),
      sql: {
        postgres: `
          select t."id", t."login" from "okta"."people" t
            where t."_tidemark_deleted_at" is null and exists (select 1
            from unnest(?::text[]) as k("id") where t."id" = k."id") and not exists (select 1
            from "okta"."stage" as k where t."id" = k."id" and not k."_tidemark_merged") order by t."id",
            t."login" limit 10 <- [["1","3","4","nobody"]];`,
        mysql: `
          select t."id", t."login" from "okta"."people" as t
            join (select distinct j."id" from json_table(?, '$[*]' columns ("id" varchar(40) character set
            utf8mb4 collate /*!80000 utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]')) as j)
            as k on t."id" = k."id" left join "okta"."stage" as n0 on t."id" = n0."id" and not
            n0."_tidemark_merged" where n0."id" is null and t."_tidemark_deleted_at" is null order by t."id",
            t."login" limit 10 <- ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
        sqlserver: `
          select top (10) t.[id], t.[login] from [okta].[people] as t
            where exists (select 1 from (select distinct j.[id] collate Latin1_General_BIN2 as [id]
            from openjson(?) with ([id] nvarchar(450) '$[0]') as j) as k
            where t.[id] = k.[id]) and not exists (select 1
            from [okta].[stage] as n0 where t.[id] = n0.[id] and n0.[_tidemark_merged] = 0) and
            t.[_tidemark_deleted_at] is null order by t.[id], t.[login] <-
            ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
      },
      before: fill,
      async after(result) {
        expect(result.rows.map((row) => ({ ...row }))).toEqual([
          { id: "1", login: "a" },
          { id: "3", login: "c" },
        ]);
      },
    }));

  test("selectMatching: a key set of two columns with types", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.selectMatching(schema, {
          table: "stage",
          columns: ["id"],
          within: {
            source: {
              keys: {
                columns: ["id", "seq"],
                types: ["text", "integer"],
                rows: [
                  ["2", "1"],
                  ["3", "1"],
                ],
              },
            },
            match: [
              ["id", "id"],
              ["_tidemark_seq", "seq"],
            ],
          },
        }),
      sql: {
        postgres: `
          select t."id" from "okta"."stage" t where exists (select 1
            from unnest(?::text[], ?::bigint[]) as k("id", "seq")
            where t."id" = k."id" and t."_tidemark_seq" = k."seq") <- [["2","3"],["1","1"]];`,
        mysql: `
          select t."id" from "okta"."stage" as t join (select distinct j."id", j."seq"
            from json_table(?, '$[*]' columns ("id" varchar(40) character set utf8mb4 collate /*!80000
            utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]', "seq" bigint path '$[1]')) as j)
            as k on t."id" = k."id" and t."_tidemark_seq" = k."seq" <-
            ["[[\\"2\\",\\"1\\"],[\\"3\\",\\"1\\"]]"];`,
        sqlserver: `
          select t.[id] from [okta].[stage] as t where exists (select 1
            from (select distinct j.[id] collate Latin1_General_BIN2 as [id], j.[seq]
            from openjson(?) with ([id] nvarchar(450) '$[0]', [seq] bigint '$[1]') as j) as k
            where t.[id] = k.[id] and t.[_tidemark_seq] = k.[seq]) <-
            ["[[\\"2\\",\\"1\\"],[\\"3\\",\\"1\\"]]"];`,
      },
      before: fill,
      after: async (result) => expect(result.rows.map((row) => row["id"])).toEqual(["2"]),
    }));

  test("insertMatching: live rows that no listing has shown", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.insertMatching(schema, "absent", {
          table: "people",
          columns: ["id"],
          without: [
            { source: { table: "absent" }, match: same },
            { source: { table: "stage" }, match: same },
          ],
          live: true,
        }),
      sql: {
        postgres: `
          insert into "okta"."absent" ("id") select t."id"
            from "okta"."people" t where t."_tidemark_deleted_at" is null and not exists (select 1
            from "okta"."absent" as k where t."id" = k."id") and not exists (select 1
            from "okta"."stage" as k where t."id" = k."id");`,
        mysql: `
          insert into "okta"."absent" ("id") select t."id"
            from "okta"."people" as t left join "okta"."absent" as n0 on t."id" = n0."id"
            left join "okta"."stage" as n1 on t."id" = n1."id"
            where n0."id" is null and n1."id" is null and t."_tidemark_deleted_at" is null;`,
        sqlserver: `
          insert into [okta].[absent] ([id]) select t.[id]
            from [okta].[people] as t where not exists (select 1
            from [okta].[absent] as n0 where t.[id] = n0.[id]) and not exists (select 1
            from [okta].[stage] as n1 where t.[id] = n1.[id]) and t.[_tidemark_deleted_at] is null;`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(1);
        expect(await ids(stage, "absent")).toEqual(["1"]);
      },
    }));

  test("deleteMatching: rows of a table", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.deleteMatching(schema, { table: "people", within: { source: { table: "stage" }, match: same } }),
      sql: {
        postgres: `
          delete from "okta"."people" t where exists (select 1
            from "okta"."stage" as k where t."id" = k."id");`,
        mysql: `delete t from "okta"."people" as t join "okta"."stage" as k on t."id" = k."id";`,
        sqlserver: `
          delete t from [okta].[people] as t where exists (select 1
            from [okta].[stage] as k where t.[id] = k.[id]);`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(2);
        expect(await ids(stage)).toEqual(["1", "4"]);
      },
    }));

  test("deleteMatching: keys that travel along, and none in another table", () =>
    expectSql({
      statement: (statements, schema) => statements.deleteMatching(schema, missing),
      sql: {
        postgres: `
          delete from "okta"."people" t where t."_tidemark_deleted_at" is null and exists (select 1
            from unnest(?::text[]) as k("id") where t."id" = k."id") and not exists (select 1
            from "okta"."stage" as k where t."id" = k."id" and not k."_tidemark_merged") <-
            [["1","3","4","nobody"]];`,
        mysql: `
          delete t from "okta"."people" as t join (select distinct j."id"
            from json_table(?, '$[*]' columns ("id" varchar(40) character set utf8mb4 collate /*!80000
            utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]')) as j) as k on t."id" = k."id"
            left join "okta"."stage" as n0 on t."id" = n0."id" and not n0."_tidemark_merged"
            where n0."id" is null and t."_tidemark_deleted_at" is null <-
            ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
        sqlserver: `
          delete t from [okta].[people] as t where exists (select 1
            from (select distinct j.[id] collate Latin1_General_BIN2 as [id]
            from openjson(?) with ([id] nvarchar(450) '$[0]') as j) as k
            where t.[id] = k.[id]) and not exists (select 1
            from [okta].[stage] as n0 where t.[id] = n0.[id] and n0.[_tidemark_merged] = 0) and
            t.[_tidemark_deleted_at] is null <- ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(2);
        expect(await ids(stage)).toEqual(["2", "4"]);
      },
    }));

  test("softDeleteMatching: marks live rows alone", () =>
    expectSql({
      statement: (statements, schema) =>
        statements.softDeleteMatching(
          schema,
          { table: "people", within: { source: carried, match: same } },
          "not_found",
        ),
      sql: {
        postgres: `
          update "okta"."people" t set "_tidemark_deleted_at" = now(), "_tidemark_delete_reason" = ?
            where t."_tidemark_deleted_at" is null and exists (select 1
            from unnest(?::text[]) as k("id") where t."id" = k."id") <- ["not_found",["1","3","4","nobody"]];`,
        mysql: `
          update "okta"."people" as t join (select distinct j."id"
            from json_table(?, '$[*]' columns ("id" varchar(40) character set utf8mb4 collate /*!80000
            utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]')) as j) as k on t."id" = k."id"
            set t."_tidemark_deleted_at" = utc_timestamp(3), t."_tidemark_delete_reason" = ?
            where t."_tidemark_deleted_at" is null <-
            ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]","not_found"];`,
        sqlserver: `
          update t set [_tidemark_deleted_at] = sysutcdatetime(), [_tidemark_delete_reason] = ?
            from [okta].[people] as t where exists (select 1
            from (select distinct j.[id] collate Latin1_General_BIN2 as [id]
            from openjson(?) with ([id] nvarchar(450) '$[0]') as j) as k
            where t.[id] = k.[id]) and t.[_tidemark_deleted_at] is null <-
            ["not_found","[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(2);
        expect(await stage.rows("people", ["id", "_tidemark_delete_reason"])).toEqual([
          ["1", "not_found"],
          ["2", null],
          ["3", "not_found"],
          ["4", "event"],
        ]);
      },
    }));

  test("purgeDeleted", () =>
    expectSql({
      statement: (statements, schema) => statements.purgeDeleted(schema, "people"),
      sql: {
        postgres: `delete from "okta"."people" where "_tidemark_deleted_at" is not null;`,
        mysql: `delete from "okta"."people" where "_tidemark_deleted_at" is not null;`,
        sqlserver: `delete from [okta].[people] where [_tidemark_deleted_at] is not null;`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(1);
        expect(await ids(stage)).toEqual(["1", "2", "3"]);
      },
    }));

  test("markMerged: all, and those that travel along", () =>
    expectSql({
      statement: (statements, schema) => [
        statements.markMerged(schema, "stage", { source: carried, match: same }),
        statements.markMerged(schema, "stage"),
      ],
      sql: {
        postgres: `
          update "okta"."stage" t set "_tidemark_merged" = true
            where not t."_tidemark_merged" and exists (select 1
            from unnest(?::text[]) as k("id") where t."id" = k."id") <- [["1","3","4","nobody"]];
          update "okta"."stage" t set "_tidemark_merged" = true
            where not t."_tidemark_merged";`,
        mysql: `
          update "okta"."stage" as t join (select distinct j."id"
            from json_table(?, '$[*]' columns ("id" varchar(40) character set utf8mb4 collate /*!80000
            utf8mb4_0900_bin */ /*M!100000 utf8mb4_nopad_bin */ path '$[0]')) as j) as k on t."id" = k."id"
            set t."_tidemark_merged" = true where not t."_tidemark_merged" <-
            ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];
          update "okta"."stage" as t set t."_tidemark_merged" = true
            where not t."_tidemark_merged";`,
        sqlserver: `
          update t set [_tidemark_merged] = 1 from [okta].[stage] as t
            where exists (select 1 from (select distinct j.[id] collate Latin1_General_BIN2 as [id]
            from openjson(?) with ([id] nvarchar(450) '$[0]') as j) as k
            where t.[id] = k.[id]) and t.[_tidemark_merged] = 0 <-
            ["[[\\"1\\"],[\\"3\\"],[\\"4\\"],[\\"nobody\\"]]"];
          update t set [_tidemark_merged] = 1 from [okta].[stage] as t
            where t.[_tidemark_merged] = 0;`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(1);
        expect(await stage.rows("stage", ["id", "_tidemark_merged"])).toEqual([
          ["2", "true"],
          ["3", "true"],
        ]);
      },
    }));

  test("count and empty", () =>
    expectSql({
      statement: (statements, schema) => [
        statements.empty(schema, "stage"),
        statements.count(schema, "people", false),
        statements.count(schema, "people", true),
      ],
      sql: {
        postgres: `
          truncate "okta"."stage";
          select count(*)::bigint as n from "okta"."people";
          select count(*)::bigint as n from "okta"."people"
            where "_tidemark_deleted_at" is null;`,
        mysql: `
          delete from "okta"."stage";
          select count(*) as n from "okta"."people";
          select count(*) as n from "okta"."people" where "_tidemark_deleted_at" is null;`,
        sqlserver: `
          truncate table [okta].[stage];
          select count_big(*) as n from [okta].[people];
          select count_big(*) as n from [okta].[people]
            where [_tidemark_deleted_at] is null;`,
      },
      before: fill,
      async after(result, stage) {
        expect(Number(result.rows[0]?.["n"])).toBe(3);
        expect(await ids(stage, "stage")).toEqual([]);
      },
    }));
});
