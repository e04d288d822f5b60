import type { ColumnType, TableSpec } from "@tidemark/catalog";
import { ensureTables } from "@tidemark/loader";
import type { Warehouse } from "@tidemark/warehouse";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  batch,
  finish,
  liveRows,
  newPass,
  openLoader,
  PEOPLE,
  people,
  peopleTags,
  PEOPLE_LOADER,
  person,
  runPass,
  type SchemaFactory,
  type TestSchema,
} from "./fixture.js";

function withColumn(name: string, type: ColumnType): TableSpec {
  return {
    ...people,
    columns: [...people.columns.filter((column) => column.name !== name), { name, type, path: ["profile", name] }],
  };
}

/** Tables made, grown and widened. */
export function describeTables(newSchema: SchemaFactory): void {
  describe("tables", () => {
    let schema: TestSchema;
    let warehouse: Warehouse;
    beforeEach(async () => {
      schema = await newSchema();
      warehouse = await schema.open();
      await warehouse.prepare();
    });
    afterEach(() => schema.drop());

    test("are made once, also by two processes at once", async () => {
      const other = await schema.open();
      const both = [warehouse, other].map((one) => ensureTables(one, [people, peopleTags], { deletes: "hard" }));
      const reports = await Promise.all(both);
      expect(reports.flatMap((report) => report.created).toSorted()).toEqual(["people", "people_tags"]);
      expect(await ensureTables(warehouse, [people, peopleTags], { deletes: "hard" })).toEqual({
        created: [],
        added: [],
        widened: [],
      });
    });

    test("somebody else's table is refused and left as it was", async () => {
      await schema.query("create table people (id int)");
      await schema.query("insert into people values (7)");
      const refused = ensureTables(warehouse, [peopleTags, people], { deletes: "hard" });
      await expect(refused).rejects.toMatchObject({
        code: "WAREHOUSE_OCCUPIED",
        message: expect.stringContaining("people"),
      });
      expect(await schema.query("select id from people")).toEqual([{ id: 7 }]);
      expect(await warehouse.readRegistry()).toEqual([]);
    });

    test("a new attribute gets its column; one that a person added keeps its values, and its name", async () => {
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: [person({ id: "1" })] })] });
      await schema.query("alter table people add note varchar(20)");
      await schema.query("update people set note = 'mine'");
      const report = await ensureTables(warehouse, [withColumn("nickname", "text")], { deletes: "hard" });
      expect(report).toEqual({ created: [], added: [{ table: "people", column: "nickname" }], widened: [] });
      const clash = ensureTables(warehouse, [withColumn("note", "text")], { deletes: "hard" });
      await expect(clash).rejects.toMatchObject({ code: "WAREHOUSE_OCCUPIED", where: expect.stringContaining("note") });
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows: [person({ id: "1", login: "new" })] })] });
      expect(await schema.query("select id, login, note from people")).toEqual([
        { id: "1", login: "new", note: "mine" },
      ]);
    });

    test("the registry keeps column names, paths and types", async () => {
      await ensureTables(warehouse, [people, peopleTags], { deletes: "hard" });
      await ensureTables(warehouse, [withColumn("nickname", "text")], { deletes: "hard" });
      const registry = await warehouse.readRegistry("people");
      const main = registry.find((table) => table.name === "people");
      expect(main).toMatchObject({ object: "people", kind: "main", key: ["id"] });
      expect(main?.columns).toContainEqual({ name: "nickname", path: ["profile", "nickname"], type: "text" });
      expect(registry.find((table) => table.name === "people_tags")).toMatchObject({ kind: "child" });
    });

    const widenings: readonly {
      from: ColumnType;
      to: ColumnType;
      becomes: ColumnType;
      values: readonly [string, unknown][];
    }[] = [
      {
        from: "integer",
        to: "double",
        becomes: "double",
        values: [
          ["5", 5],
          ["-3", -3],
        ],
      },
      { from: "integer", to: "double", becomes: "text", values: [["9007199254740993", "9007199254740993"]] },
      { from: "integer", to: "text", becomes: "text", values: [["9223372036854775807", "9223372036854775807"]] },
      { from: "double", to: "text", becomes: "text", values: [["1.5", "1.5"]] },
      {
        from: "boolean",
        to: "text",
        becomes: "text",
        values: [
          ["true", "true"],
          ["false", "false"],
        ],
      },
      {
        from: "instant",
        to: "text",
        becomes: "text",
        values: [["2026-01-02T03:04:05.006Z", "2026-01-02T03:04:05.006Z"]],
      },
      { from: "text", to: "integer", becomes: "text", values: [["abc", "abc"]] },
      { from: "boolean", to: "integer", becomes: "text", values: [["true", "true"]] },
    ];
    for (const { from, to, becomes, values } of widenings) {
      test(`${from} becomes ${becomes} when the attribute turns ${to}, and ${values.map(([text]) => text).join(", ")} stays`, async () => {
        const before = withColumn("thing", from);
        await ensureTables(warehouse, [before, peopleTags], { deletes: "hard" });
        const loader = await openLoader(warehouse, { definition: PEOPLE, tables: [before, peopleTags] });
        const rows = values.map(([text], index) => {
          const row = person({ id: String(index) });
          return { hash: row.hash, values: [...row.values, text] };
        });
        await loader.commit(batch({ rows }));
        await loader.close();
        const after = withColumn("thing", to);
        await ensureTables(warehouse, [after], { deletes: "hard" });
        const stored = (await warehouse.readRegistry("people")).find((table) => table.name === "people");
        expect(stored?.columns.find((column) => column.name === "thing")?.type).toBe(becomes);
        const now = await liveRows(warehouse, "people", ["id", "thing"]);
        expect(now.map((row) => row["thing"])).toEqual(values.map(([, value]) => value));
        // What Okta now sends goes into the column as it is.
        expect(await ensureTables(warehouse, [after], { deletes: "hard" })).toEqual({
          created: [],
          added: [],
          widened: [],
        });
      });
    }

    test("values of the new type load into a widened column", async () => {
      const before = withColumn("thing", "boolean");
      await ensureTables(warehouse, [before, peopleTags], { deletes: "hard" });
      const after = withColumn("thing", "integer");
      const settings = { definition: PEOPLE, tables: [after, peopleTags] };
      const row = person({ id: "1" });
      await runPass(warehouse, settings, {
        batches: [batch({ rows: [{ hash: row.hash, values: [...row.values, 17] }], merge: false, scopes: [{}] })],
      });
      expect(await liveRows(warehouse, "people", ["id", "thing"])).toEqual([{ id: "1", thing: "17" }]);
    });

    test("a table that somebody dropped is made again and its object read from the start", async () => {
      await runPass(warehouse, PEOPLE_LOADER, {
        batches: [batch({ rows: [person({ id: "1" })] })],
        end: { watermark: 77 },
      });
      expect((await warehouse.readCheckpoint("people")).watermark).toBe(77);
      await schema.query("drop table people_tags");
      expect((await ensureTables(warehouse, [people, peopleTags], { deletes: "hard" })).created).toEqual([
        "people_tags",
      ]);
      expect((await warehouse.readCheckpoint("people")).watermark).toBeNull();
    });

    test("a column that comes while rows are staged makes the pass start over", async () => {
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass());
      await loader.commit(batch({ rows: [person({ id: "1" })], merge: false, cursor: { page: 2 } }));
      await loader.close();
      await ensureTables(warehouse, [withColumn("nickname", "text"), peopleTags], { deletes: "hard" });
      const next = await openLoader(warehouse, PEOPLE_LOADER);
      expect(next.checkpoint).toMatchObject({ pass: null, cursor: null });
      await next.close();
    });

    test("staging is not made anew under a run that works on the object", async () => {
      const rows = [person({ id: "1" }), person({ id: "2" })];
      await runPass(warehouse, PEOPLE_LOADER, { batches: [batch({ rows, scopes: [{}] })] });
      const loader = await openLoader(warehouse, PEOPLE_LOADER);
      await loader.begin(newPass("reconcile"));
      await loader.commit(batch({ rows: [person({ id: "1" })], merge: false, cursor: { page: 2 } }));
      const other = ensureTables(warehouse, [withColumn("nickname", "text"), peopleTags], { deletes: "hard" });
      await expect(other).rejects.toMatchObject({ code: "LEASE_HELD" });

      await schema.query("delete from _tidemark_stage_people");
      await loader.commit(batch({ rows: [person({ id: "2" })], merge: false, scopes: [{}] }));
      await expect(loader.findAbsent()).rejects.toMatchObject({ code: "WAREHOUSE_CONFLICT", retryable: true });
      await expect(loader.finish(finish())).rejects.toMatchObject({ code: "WAREHOUSE_CONFLICT" });
      await loader.close();
      expect(await warehouse.countRows("people")).toBe(2);
    });

    test("identifiers keep quotes, dots, question marks and case", async () => {
      // Names that differ in case alone never come from the catalog; here one does, where the database can tell them apart.
      const upper = warehouse.store.dialect.capabilities.columnNamesIgnoreCase ? "Upper" : "Login";
      const odd = {
        ...people,
        columns: [
          ...people.columns,
          ...['a"b', "a.b", "wh?t", upper, "order"].map((name) => ({ name, type: "text" as const, path: [name] })),
        ],
      };
      const row = person({ id: "1" });
      const rows = [{ hash: "1", values: [...row.values, "1", "2", "3", "4", "5"] }];
      await runPass(warehouse, { definition: PEOPLE, tables: [odd, peopleTags] }, { batches: [batch({ rows })] });
      const changed = [{ hash: "2", values: [...row.values, "6", "7", "8", "9", "0"] }];
      await runPass(
        warehouse,
        { definition: PEOPLE, tables: [odd, peopleTags] },
        { batches: [batch({ rows: changed })] },
      );
      expect(await liveRows(warehouse, "people", ['a"b', upper, "order"])).toEqual([
        { 'a"b': "6", [upper]: "9", order: "0" },
      ]);
    });
  });
}
