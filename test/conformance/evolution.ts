import type { ColumnType, SqlValue, TableSpec } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  liveRows,
  PEOPLE,
  people,
  PEOPLE_LOADER,
  peopleTags,
  person,
  runPass,
  type SchemaFactory,
  type TestSchema,
} from "./fixture.js";
import { indexesOf, personOf, tableIn } from "./person.js";
import { anyInstant, anyInteger, anyJson, anyNumber, readJson } from "./values.js";

const HARD = { deletes: "hard" } as const;

/** The table with these columns of other types, or beside its own. */
function peopleWith(columns: Readonly<Record<string, ColumnType>>): TableSpec {
  const kept = people.columns.filter((column) => !(column.name in columns));
  const others = Object.entries(columns).map(([name, type]) => ({ name, type, path: ["profile", name] }));
  return { ...people, columns: [...kept, ...others] };
}

interface Widening {
  readonly from: ColumnType;
  /** What the attribute turns into, and the type that the column then has. */
  readonly to: ColumnType;
  readonly becomes: (values: readonly SqlValue[]) => ColumnType;
  readonly values: fc.Arbitrary<SqlValue>;
  /** The stored value is still the one that was there. */
  readonly isKept: (stored: unknown, value: SqlValue) => boolean;
}

const sameText = (stored: unknown, value: SqlValue): boolean => stored === String(value);
const sameNumber = (stored: unknown, value: SqlValue): boolean => Object.is(Number(stored) + 0, Number(value) + 0);
const text = (): ColumnType => "text";
const WIDENINGS: readonly Widening[] = [
  {
    from: "integer",
    to: "double",
    // All of them when none is beyond the integers that doubles hold without a gap.
    becomes: (values) => (values.every((value) => BigInt(value as bigint) ** 2n <= 2n ** 106n) ? "double" : "text"),
    values: fc.oneof(anyInteger, fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n })),
    isKept: (stored, value) =>
      typeof stored === "string" ? stored === String(value) : BigInt(stored as number) === BigInt(value as bigint),
  },
  { from: "integer", to: "text", becomes: text, values: anyInteger, isKept: sameText },
  { from: "double", to: "text", becomes: text, values: anyNumber, isKept: sameNumber },
  { from: "double", to: "integer", becomes: () => "double", values: anyNumber, isKept: sameNumber },
  { from: "boolean", to: "text", becomes: text, values: fc.boolean(), isKept: sameText },
  { from: "boolean", to: "integer", becomes: text, values: fc.boolean(), isKept: sameText },
  { from: "instant", to: "text", becomes: text, values: anyInstant, isKept: sameText },
  { from: "instant", to: "integer", becomes: text, values: anyInstant, isKept: sameText },
  {
    from: "json",
    to: "text",
    becomes: text,
    values: anyJson,
    isKept: (stored, value) =>
      typeof stored === "string" && JSON.stringify(readJson(stored)) === JSON.stringify(readJson(String(value))),
  },
];

/** A column becomes wider, and what is in it stays. */
export function describeEvolution(newSchema: SchemaFactory): void {
  describe("schema evolution", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    async function load(spec: TableSpec, rows: readonly (readonly SqlValue[])[]): Promise<void> {
      const settings = { definition: PEOPLE, tables: [spec, peopleTags] };
      const all = rows.map((values, index) => ({
        hash: `${spec.columns.at(-1)?.name}-${index}`,
        values: [...person({ id: String(index) }).values, ...values],
      }));
      await runPass(warehouse, settings, { batches: [batch({ rows: all, scopes: [{}] })] });
    }

    for (const { from, to, becomes, values, isKept } of WIDENINGS) {
      test(`any ${from} stays what it was when its attribute turns ${to}`, async () => {
        let run = 0;
        await fc.assert(
          fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 40 }), async (sample) => {
            const name = `thing_${(run += 1)}`;
            await load(peopleWith({ [name]: from }), [...sample.map((value) => [value]), [null]]);
            await ensureTables(warehouse, [peopleWith({ [name]: to })], HARD);
            const registry = (await warehouse.readRegistry("people")).find((table) => table.name === "people");
            expect(registry?.columns.find((column) => column.name === name)?.type).toBe(becomes(sample));
            const stored = new Map(
              (await liveRows(warehouse, "people", ["id", name])).map((row) => [row["id"], row[name]]),
            );
            expect(stored.get(String(sample.length))).toBeNull();
            const lost = sample.filter((value, index) => !isKept(stored.get(String(index)), value));
            expect(lost).toEqual([]);
          }),
          { numRuns: 4, endOnFailure: true },
        );
      });
    }

    test("an attribute that is gone keeps its column and its values", async () => {
      const wide = peopleWith({ nickname: "text" });
      await load(wide, [["Bee"], ["Cee"]]);
      const settings = { definition: PEOPLE, tables: [people, peopleTags] };
      const rows = ["0", "9"].map((id) => person({ id, login: "new" }));
      await runPass(warehouse, settings, { batches: [batch({ rows })], end: { deleteAbsent: false } });
      expect(await liveRows(warehouse, "people", ["id", "login", "nickname"])).toEqual([
        { id: "0", login: "new", nickname: "Bee" },
        { id: "1", login: null, nickname: "Cee" },
        { id: "9", login: "new", nickname: null },
      ]);
      expect(await ensureTables(warehouse, [wide], HARD)).toEqual({ created: [], added: [], widened: [] });
    });

    test("what a person added stays through new and wider columns: column, indexes, trigger, check, default, comment", async () => {
      const mine = personOf(warehouse);
      const rows = ["1", "2"].map((id) => person({ id, login: `u${id}`, badge: Number(id), active: id === "1" }));
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, scopes: [{}] })] });
      await schema.query("create table changes (id varchar(9))");
      await schema.query("alter table people add note varchar(20)");
      await schema.query("update people set note = 'mine'");
      const table = tableIn(schema, warehouse, "people");
      await schema.query(`create index by_note on ${table} (note)`);
      await schema.query("alter table people add constraint has_note check (note <> 'never')");
      if (mine.indexesWiden) {
        await schema.query(`create index by_both on ${table} (note, badge)`);
        await schema.query(`create unique index by_badge on ${table} (badge)`);
        await schema.query(`create index by_active on ${table} (active)`);
      }
      const comments = async (): Promise<unknown[]> =>
        mine.comment ? schema.query(mine.comment.get(schema.schema)) : [];
      if (mine.comment) await schema.query(mine.comment.set);
      if (mine.setDefault) await schema.query(mine.setDefault);
      for (const sql of mine.auditTrigger(schema.schema)) await schema.query(sql);
      const indexes = await indexesOf(schema, warehouse, "people");

      const wider = peopleWith({ badge: "text", active: "text", nickname: "text" });
      const report = await ensureTables(warehouse, [wider], HARD);
      expect(report.widened.map((one) => one.column).toSorted()).toEqual(["active", "badge"]);
      expect(await indexesOf(schema, warehouse, "people")).toEqual(indexes);
      expect(await comments()).toEqual(mine.comment ? [{ comment: "mine" }] : []);
      await schema.query("insert into people (id, note, _tidemark_hash) values ('9', 'x', '')");
      expect(await liveRows(warehouse, "people", ["id", "badge", "active"])).toEqual([
        { id: "1", badge: "1", active: "true" },
        { id: "2", badge: "2", active: "false" },
        { id: "9", badge: mine.setDefault ? "5" : null, active: null },
      ]);
      expect(await schema.query("select note from people where id in ('1', '2')")).toEqual([
        { note: "mine" },
        { note: "mine" },
      ]);
      const never = schema.query("update people set note = 'never' where id = '1'");
      await expect(never).rejects.toThrow("has_note");
      const again = await schema.query("update people set badge = '1' where id = '2'").then(
        () => "taken",
        () => "refused",
      );
      expect(again).toBe(mine.indexesWiden ? "refused" : "taken");
      await schema.query("delete from changes");
      await schema.query("update people set login = 'x' where id = '2'");
      const lost = mine.standIn !== undefined && (await schema.query(mine.standIn)).length > 0;
      expect(await schema.query("select id from changes")).toEqual(lost ? [] : [{ id: "2" }]);
    });

    test("an index of Tidemark's own on a column that must widen is still there", async (context) => {
      if (!personOf(warehouse).indexesWiden) return context.skip("text has no indexes here");
      const indexed: TableSpec = { ...people, indexes: [["last_updated"], ["active", "badge"]] };
      await runPass(warehouse, { definition: PEOPLE, tables: [indexed, peopleTags] }, { batches: [] });
      const indexes = await indexesOf(schema, warehouse, "people");
      const wider = peopleWith({ last_updated: "text", active: "text", badge: "text" });
      expect((await ensureTables(warehouse, [wider], HARD)).widened).toHaveLength(3);
      expect(await indexesOf(schema, warehouse, "people")).toEqual(indexes);
      expect(indexes.size).toBe(3);
    });

    test("a view on a column that must widen goes on working, or is named and nothing has changed", async () => {
      const rows = [person({ id: "1", badge: 7 })];
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, scopes: [{}] })], end: { watermark: 77 } });
      const view = "create view badges as select id, badge from people";
      await schema.query(view);
      const before = await liveRows(warehouse, "people", ["id", "badge"]);
      const widen = () => ensureTables(warehouse, [peopleWith({ badge: "text" })], HARD);
      const refused: unknown = await widen().then(
        () => null,
        (error: unknown) => error,
      );
      const holds = personOf(warehouse).viewsHoldTypes;
      const named = {
        code: "WAREHOUSE_STATEMENT",
        message: expect.stringContaining("badges"),
        remedy: expect.stringContaining("Drop the view"),
      };
      expect(refused ?? {}).toMatchObject(holds === true ? named : {});
      expect(refused === null).toBe(holds === null ? refused === null : !holds);
      if (refused !== null) await schema.query("drop view badges");
      const between = await liveRows(warehouse, "people", ["id", "badge"]);
      expect(between).toEqual(refused === null ? [{ id: "1", badge: "7" }] : before);
      expect((await warehouse.readCheckpoint("people")).watermark).toBe(77);
      await widen();
      if (refused !== null) await schema.query(view);
      expect(await schema.query("select id, badge from badges")).toEqual([{ id: "1", badge: "7" }]);
    });
  });
}
