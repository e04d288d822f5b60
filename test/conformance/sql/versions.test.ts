import { BOOKKEEPING, type ColumnPlan, type HistoryPlan, type TablePlan } from "@tidemark/warehouse";
import { describe, expect, test } from "vitest";

import { expectSql, replicated, type Stage } from "./show.js";

const B = BOOKKEEPING;
const at = (day: number): string => `2026-01-0${day}T00:00:00.000Z`;

const PERSON: readonly ColumnPlan[] = [
  { name: "id", type: "text", indexed: true, notNull: true },
  { name: "login", type: "text" },
  { name: "changed", type: "instant" },
];
const PEOPLE = replicated("people", PERSON, ["id"]);
const HISTORY: TablePlan = {
  name: "past",
  primaryKey: ["id", B.validFrom],
  columns: [
    ...PERSON,
    { name: B.hash, type: "hash", notNull: true },
    { name: B.validFrom, type: "instant", notNull: true },
    { name: B.validFromBy, type: "text" },
    { name: B.validTo, type: "instant" },
    { name: B.validToBy, type: "text" },
    { name: B.current, type: "boolean", notNull: true },
  ],
};
/** Whom the log named, and when. */
const TOLD: TablePlan = {
  name: "told",
  primaryKey: ["id"],
  columns: [
    { name: "id", type: "text", indexed: true, notNull: true },
    { name: "happened", type: "instant" },
  ],
};

/** Every row, as a whole pass looks at them. */
const plan: HistoryPlan = {
  target: "people",
  history: "past",
  key: ["id"],
  columns: ["id", "login", "changed"],
  soft: true,
  changedAt: ["changed"],
  observedAt: at(9),
};
/** Only whom the log named. */
const named: HistoryPlan = {
  ...plan,
  within: { source: { table: "told" }, match: [["id", "id"]], eventAt: "happened" },
};

/** 1 is as it was, 2 has changed, 3 is marked as deleted, 4 is gone, 5 is new, 6 has changed at the time of its version. */
async function fill(stage: Stage): Promise<void> {
  await stage.create(PEOPLE, HISTORY, TOLD);
  await stage.load(PEOPLE, [
    ["1", "a", at(1), "h1", at(1)],
    ["2", "new", at(5), "h2-new", at(1)],
    ["3", "c", at(1), "h3", at(1), at(6), "event"],
    ["5", "e", at(3), "h5", at(1)],
    ["6", "new", at(1), "h6-new", at(1)],
  ]);
  for (const id of ["1", "2", "3", "4", "6"])
    await stage.load(HISTORY, [[id, "was", at(1), `h${id}`, at(1), "last_updated", null, null, true]]);
  await stage.load(TOLD, [
    ["2", at(4)],
    ["3", at(6)],
    ["4", at(7)],
    ["5", at(2)],
  ]);
}

const versions = async (stage: Stage): Promise<string[]> => {
  const rows = await stage.rows("past", ["id", B.validFrom, B.validFromBy, B.validTo, B.validToBy]);
  return rows.map((row) =>
    row.map((cell) => cell?.replace("2026-01-0", "").replace("T00:00:00.000Z", "") ?? "-").join(" "),
  );
};

describe("versions", () => {
  test("closeVersions: all that are over", () =>
    expectSql({
      statement: (statements, schema) => statements.closeVersions(schema, plan),
      sql: {
        postgres: `
          update "okta"."past" v set "_tidemark_valid_to" = o.at, "_tidemark_valid_to_by" = o.by,
          "_tidemark_current" = false from (select h."id", h."_tidemark_valid_from", case when t."changed" >
          h."_tidemark_valid_from" then t."changed" when ?::timestamptz > h."_tidemark_valid_from" then
          ?::timestamptz else h."_tidemark_valid_from" + interval '1 millisecond' end as at, case when t."changed"
          > h."_tidemark_valid_from" then 'last_updated' else 'observed' end as by from "okta"."past" as h left
          join "okta"."people" as t on t."id" = h."id" and t."_tidemark_deleted_at" is null where
          h."_tidemark_current" and (t."id" is null or t."_tidemark_hash" <> h."_tidemark_hash")) o where v."id" =
          o."id" and v."_tidemark_valid_from" = o."_tidemark_valid_from" <-
          ["2026-01-09T00:00:00.000Z","2026-01-09T00:00:00.000Z"];`,
        mysql: `
          update "okta"."past" as h left join "okta"."people" as t on t."id" = h."id" and t."_tidemark_deleted_at"
          is null set h."_tidemark_valid_to_by" = case when t."changed" > h."_tidemark_valid_from" then
          'last_updated' else 'observed' end, h."_tidemark_valid_to" = case when t."changed" >
          h."_tidemark_valid_from" then t."changed" when cast(? as datetime(3)) > h."_tidemark_valid_from" then
          cast(? as datetime(3)) else h."_tidemark_valid_from" + interval 1000 microsecond end,
          h."_tidemark_current" = false where h."_tidemark_current" and (t."id" is null or t."_tidemark_hash" <>
          h."_tidemark_hash") <- ["2026-01-09 00:00:00.000","2026-01-09 00:00:00.000"];`,
        sqlserver: `
          update h set [_tidemark_valid_to] = case when t.[changed] > h.[_tidemark_valid_from] then t.[changed]
          when cast(? as datetime2(3)) > h.[_tidemark_valid_from] then cast(? as datetime2(3)) else
          dateadd(millisecond, 1, h.[_tidemark_valid_from]) end, [_tidemark_valid_to_by] = case when t.[changed] >
          h.[_tidemark_valid_from] then 'last_updated' else 'observed' end, [_tidemark_current] = 0 from
          [okta].[past] as h left join [okta].[people] as t on t.[id] = h.[id] and t.[_tidemark_deleted_at] is
          null where h.[_tidemark_current] = 1 and (t.[id] is null or t.[_tidemark_hash] <> h.[_tidemark_hash]) <-
          ["2026-01-09T00:00:00.000","2026-01-09T00:00:00.000"];`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(4);
        expect(await versions(stage)).toEqual([
          "1 1 last_updated - -",
          "2 1 last_updated 5 last_updated",
          "3 1 last_updated 9 observed",
          "4 1 last_updated 9 observed",
          "6 1 last_updated 9 observed",
        ]);
      },
    }));

  test("closeVersions: those that the log named", () =>
    expectSql({
      statement: (statements, schema) => statements.closeVersions(schema, named),
      sql: {
        postgres: `
          update "okta"."past" v set "_tidemark_valid_to" = o.at, "_tidemark_valid_to_by" = o.by,
          "_tidemark_current" = false from (select h."id", h."_tidemark_valid_from", case when t."changed" >
          h."_tidemark_valid_from" then t."changed" when k."happened" > h."_tidemark_valid_from" then k."happened"
          when ?::timestamptz > h."_tidemark_valid_from" then ?::timestamptz else h."_tidemark_valid_from" +
          interval '1 millisecond' end as at, case when t."changed" > h."_tidemark_valid_from" then 'last_updated'
          when k."happened" > h."_tidemark_valid_from" then 'event' else 'observed' end as by from "okta"."past"
          as h join "okta"."told" as k on h."id" = k."id" left join "okta"."people" as t on t."id" = h."id" and
          t."_tidemark_deleted_at" is null where h."_tidemark_current" and (t."id" is null or t."_tidemark_hash"
          <> h."_tidemark_hash")) o where v."id" = o."id" and v."_tidemark_valid_from" = o."_tidemark_valid_from"
          <- ["2026-01-09T00:00:00.000Z","2026-01-09T00:00:00.000Z"];`,
        mysql: `
          update "okta"."past" as h join "okta"."told" as k on h."id" = k."id" left join "okta"."people" as t on
          t."id" = h."id" and t."_tidemark_deleted_at" is null set h."_tidemark_valid_to_by" = case when
          t."changed" > h."_tidemark_valid_from" then 'last_updated' when k."happened" > h."_tidemark_valid_from"
          then 'event' else 'observed' end, h."_tidemark_valid_to" = case when t."changed" >
          h."_tidemark_valid_from" then t."changed" when k."happened" > h."_tidemark_valid_from" then k."happened"
          when cast(? as datetime(3)) > h."_tidemark_valid_from" then cast(? as datetime(3)) else
          h."_tidemark_valid_from" + interval 1000 microsecond end, h."_tidemark_current" = false where
          h."_tidemark_current" and (t."id" is null or t."_tidemark_hash" <> h."_tidemark_hash") <- ["2026-01-09
          00:00:00.000","2026-01-09 00:00:00.000"];`,
        sqlserver: `
          update h set [_tidemark_valid_to] = case when t.[changed] > h.[_tidemark_valid_from] then t.[changed]
          when k.[happened] > h.[_tidemark_valid_from] then k.[happened] when cast(? as datetime2(3)) >
          h.[_tidemark_valid_from] then cast(? as datetime2(3)) else dateadd(millisecond, 1,
          h.[_tidemark_valid_from]) end, [_tidemark_valid_to_by] = case when t.[changed] >
          h.[_tidemark_valid_from] then 'last_updated' when k.[happened] > h.[_tidemark_valid_from] then 'event'
          else 'observed' end, [_tidemark_current] = 0 from [okta].[past] as h join [okta].[told] as k on h.[id] =
          k.[id] left join [okta].[people] as t on t.[id] = h.[id] and t.[_tidemark_deleted_at] is null where
          h.[_tidemark_current] = 1 and (t.[id] is null or t.[_tidemark_hash] <> h.[_tidemark_hash]) <-
          ["2026-01-09T00:00:00.000","2026-01-09T00:00:00.000"];`,
      },
      before: fill,
      async after(result, stage) {
        expect(result.count).toBe(3);
        expect(await versions(stage)).toEqual([
          "1 1 last_updated - -",
          "2 1 last_updated 5 last_updated",
          "3 1 last_updated 6 event",
          "4 1 last_updated 7 event",
          "6 1 last_updated - -",
        ]);
      },
    }));

  const closed = async (stage: Stage): Promise<void> => {
    await fill(stage);
    await stage.run(stage.dialect.statements.closeVersions(stage.schema, plan));
  };

  test("openVersions: of all live rows without one", () =>
    expectSql({
      statement: (statements, schema) => statements.openVersions(schema, plan),
      sql: {
        postgres: `
          insert into "okta"."past" ("id", "login", "changed", "_tidemark_hash", "_tidemark_valid_from",
          "_tidemark_valid_from_by", "_tidemark_current") select x."id", x."login", x."changed",
          x."_tidemark_hash", case when x."_tidemark_changed" >= coalesce(x."_tidemark_last",
          x."_tidemark_changed") then x."_tidemark_changed" when x."_tidemark_now" >= coalesce(x."_tidemark_last",
          x."_tidemark_now") then x."_tidemark_now" else x."_tidemark_last" end, case when x."_tidemark_changed"
          >= coalesce(x."_tidemark_last", x."_tidemark_changed") then 'last_updated' when x."_tidemark_now" >=
          coalesce(x."_tidemark_last", x."_tidemark_now") then 'observed' else 'observed' end, true from ( select
          t."id", t."login", t."changed", t."_tidemark_hash", (select max(p."_tidemark_valid_to") from
          "okta"."past" as p where p."id" = t."id") as "_tidemark_last", ?::timestamptz as "_tidemark_now",
          t."changed" as "_tidemark_changed" from "okta"."people" as t left join "okta"."past" as h on h."id" =
          t."id" and h."_tidemark_current" where h."id" is null and t."_tidemark_deleted_at" is null) as x <-
          ["2026-01-09T00:00:00.000Z"];`,
        mysql: `
          insert into "okta"."past" ("id", "login", "changed", "_tidemark_hash", "_tidemark_valid_from",
          "_tidemark_valid_from_by", "_tidemark_current") select x."id", x."login", x."changed",
          x."_tidemark_hash", case when x."_tidemark_changed" >= coalesce(x."_tidemark_last",
          x."_tidemark_changed") then x."_tidemark_changed" when x."_tidemark_now" >= coalesce(x."_tidemark_last",
          x."_tidemark_now") then x."_tidemark_now" else x."_tidemark_last" end, case when x."_tidemark_changed"
          >= coalesce(x."_tidemark_last", x."_tidemark_changed") then 'last_updated' when x."_tidemark_now" >=
          coalesce(x."_tidemark_last", x."_tidemark_now") then 'observed' else 'observed' end, true from ( select
          t."id", t."login", t."changed", t."_tidemark_hash", (select max(p."_tidemark_valid_to") from
          "okta"."past" as p where p."id" = t."id") as "_tidemark_last", cast(? as datetime(3)) as
          "_tidemark_now", t."changed" as "_tidemark_changed" from "okta"."people" as t left join "okta"."past" as
          h on h."id" = t."id" and h."_tidemark_current" where h."id" is null and t."_tidemark_deleted_at" is
          null) as x <- ["2026-01-09 00:00:00.000"];`,
        sqlserver: `
          insert into [okta].[past] ([id], [login], [changed], [_tidemark_hash], [_tidemark_valid_from],
          [_tidemark_valid_from_by], [_tidemark_current]) select x.[id], x.[login], x.[changed],
          x.[_tidemark_hash], case when x.[_tidemark_changed] >= coalesce(x.[_tidemark_last],
          x.[_tidemark_changed]) then x.[_tidemark_changed] when x.[_tidemark_now] >= coalesce(x.[_tidemark_last],
          x.[_tidemark_now]) then x.[_tidemark_now] else x.[_tidemark_last] end, case when x.[_tidemark_changed]
          >= coalesce(x.[_tidemark_last], x.[_tidemark_changed]) then 'last_updated' when x.[_tidemark_now] >=
          coalesce(x.[_tidemark_last], x.[_tidemark_now]) then 'observed' else 'observed' end, 1 from ( select
          t.[id], t.[login], t.[changed], t.[_tidemark_hash], (select max(p.[_tidemark_valid_to]) from
          [okta].[past] as p where p.[id] = t.[id]) as [_tidemark_last], cast(? as datetime2(3)) as
          [_tidemark_now], t.[changed] as [_tidemark_changed] from [okta].[people] as t left join [okta].[past] as
          h on h.[id] = t.[id] and h.[_tidemark_current] = 1 where h.[id] is null and t.[_tidemark_deleted_at] is
          null) as x <- ["2026-01-09T00:00:00.000"];`,
      },
      before: closed,
      async after(result, stage) {
        expect(result.count).toBe(3);
        expect(await versions(stage)).toEqual(
          expect.arrayContaining(["2 5 last_updated - -", "5 3 last_updated - -", "6 9 observed - -"]),
        );
      },
    }));

  test("openVersions: of those that the log named", () =>
    expectSql({
      statement: (statements, schema) => statements.openVersions(schema, named),
      sql: {
        postgres: `
          insert into "okta"."past" ("id", "login", "changed", "_tidemark_hash", "_tidemark_valid_from",
          "_tidemark_valid_from_by", "_tidemark_current") select x."id", x."login", x."changed",
          x."_tidemark_hash", case when x."_tidemark_changed" >= coalesce(x."_tidemark_last",
          x."_tidemark_changed") then x."_tidemark_changed" when x."_tidemark_event" >=
          coalesce(x."_tidemark_last", x."_tidemark_event") then x."_tidemark_event" when x."_tidemark_now" >=
          coalesce(x."_tidemark_last", x."_tidemark_now") then x."_tidemark_now" else x."_tidemark_last" end, case
          when x."_tidemark_changed" >= coalesce(x."_tidemark_last", x."_tidemark_changed") then 'last_updated'
          when x."_tidemark_event" >= coalesce(x."_tidemark_last", x."_tidemark_event") then 'event' when
          x."_tidemark_now" >= coalesce(x."_tidemark_last", x."_tidemark_now") then 'observed' else 'observed'
          end, true from ( select t."id", t."login", t."changed", t."_tidemark_hash", (select
          max(p."_tidemark_valid_to") from "okta"."past" as p where p."id" = t."id") as "_tidemark_last",
          ?::timestamptz as "_tidemark_now", t."changed" as "_tidemark_changed", k."happened" as "_tidemark_event"
          from "okta"."people" as t join "okta"."told" as k on t."id" = k."id" left join "okta"."past" as h on
          h."id" = t."id" and h."_tidemark_current" where h."id" is null and t."_tidemark_deleted_at" is null) as
          x <- ["2026-01-09T00:00:00.000Z"];`,
        mysql: `
          insert into "okta"."past" ("id", "login", "changed", "_tidemark_hash", "_tidemark_valid_from",
          "_tidemark_valid_from_by", "_tidemark_current") select x."id", x."login", x."changed",
          x."_tidemark_hash", case when x."_tidemark_changed" >= coalesce(x."_tidemark_last",
          x."_tidemark_changed") then x."_tidemark_changed" when x."_tidemark_event" >=
          coalesce(x."_tidemark_last", x."_tidemark_event") then x."_tidemark_event" when x."_tidemark_now" >=
          coalesce(x."_tidemark_last", x."_tidemark_now") then x."_tidemark_now" else x."_tidemark_last" end, case
          when x."_tidemark_changed" >= coalesce(x."_tidemark_last", x."_tidemark_changed") then 'last_updated'
          when x."_tidemark_event" >= coalesce(x."_tidemark_last", x."_tidemark_event") then 'event' when
          x."_tidemark_now" >= coalesce(x."_tidemark_last", x."_tidemark_now") then 'observed' else 'observed'
          end, true from ( select t."id", t."login", t."changed", t."_tidemark_hash", (select
          max(p."_tidemark_valid_to") from "okta"."past" as p where p."id" = t."id") as "_tidemark_last", cast(?
          as datetime(3)) as "_tidemark_now", t."changed" as "_tidemark_changed", k."happened" as
          "_tidemark_event" from "okta"."people" as t join "okta"."told" as k on t."id" = k."id" left join
          "okta"."past" as h on h."id" = t."id" and h."_tidemark_current" where h."id" is null and
          t."_tidemark_deleted_at" is null) as x <- ["2026-01-09 00:00:00.000"];`,
        sqlserver: `
          insert into [okta].[past] ([id], [login], [changed], [_tidemark_hash], [_tidemark_valid_from],
          [_tidemark_valid_from_by], [_tidemark_current]) select x.[id], x.[login], x.[changed],
          x.[_tidemark_hash], case when x.[_tidemark_changed] >= coalesce(x.[_tidemark_last],
          x.[_tidemark_changed]) then x.[_tidemark_changed] when x.[_tidemark_event] >=
          coalesce(x.[_tidemark_last], x.[_tidemark_event]) then x.[_tidemark_event] when x.[_tidemark_now] >=
          coalesce(x.[_tidemark_last], x.[_tidemark_now]) then x.[_tidemark_now] else x.[_tidemark_last] end, case
          when x.[_tidemark_changed] >= coalesce(x.[_tidemark_last], x.[_tidemark_changed]) then 'last_updated'
          when x.[_tidemark_event] >= coalesce(x.[_tidemark_last], x.[_tidemark_event]) then 'event' when
          x.[_tidemark_now] >= coalesce(x.[_tidemark_last], x.[_tidemark_now]) then 'observed' else 'observed'
          end, 1 from ( select t.[id], t.[login], t.[changed], t.[_tidemark_hash], (select
          max(p.[_tidemark_valid_to]) from [okta].[past] as p where p.[id] = t.[id]) as [_tidemark_last], cast(?
          as datetime2(3)) as [_tidemark_now], t.[changed] as [_tidemark_changed], k.[happened] as
          [_tidemark_event] from [okta].[people] as t join [okta].[told] as k on t.[id] = k.[id] left join
          [okta].[past] as h on h.[id] = t.[id] and h.[_tidemark_current] = 1 where h.[id] is null and
          t.[_tidemark_deleted_at] is null) as x <- ["2026-01-09T00:00:00.000"];`,
      },
      before: closed,
      async after(result, stage) {
        expect(result.count).toBe(2);
        expect(await versions(stage)).toEqual(expect.arrayContaining(["2 5 last_updated - -", "5 3 last_updated - -"]));
      },
    }));
});
